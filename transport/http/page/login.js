// Hands the token over once; afterwards a cookie that scripts cannot read stands for it.
"use strict";

const form = document.getElementById("form");
const answer = document.getElementById("answer");

// Following a link from elsewhere the browser keeps the cookie back for the first request.
fetch("session").then((known) => {
  if (known.status === 204) {
    location.replace("./");
  }
}).catch(() => {});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  answer.textContent = "";
  try {
    const token = document.getElementById("token").value.trim();
    if (!/^[\x21-\x7e]+$/.test(token)) {
      answer.textContent = "A token has no blanks and no other letters than those of ASCII.";
      return;
    }
    const reply = await fetch("login", {
      method: "POST",
      headers: {Authorization: `Bearer ${token}`, "X-Nats-Mcp": "page"},
    });
    if (reply.status === 204) {
      location.replace("./");
      return;
    }
    answer.textContent = (await reply.text()).trim();
    document.getElementById("token").select();
  } catch {
    answer.textContent = "The coordinator does not answer.";
  } finally {
    button.disabled = false;
  }
});
