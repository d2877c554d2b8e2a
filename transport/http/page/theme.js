// Before anything is painted: the colours somebody chose last time. Without a choice, the system's.
"use strict";
{
  let choice = null;
  try {
    choice = localStorage.getItem("colours");
  } catch {
    // Storage may be forbidden; then nothing is remembered.
  }
  if (choice === "light" || choice === "dark") {
    document.documentElement.dataset.colours = choice;
  }
}
