// What strangers wrote, shown as what it is: text. Nothing here makes markup of a string, and
// characters that hide or reorder others are made visible.

// Line feed and tab are text; U+200D joins emoji.
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

function name_of(character) {
  const code = character.codePointAt(0);
  if (code < 0x20) {
    return String.fromCodePoint(0x2400 + code);
  }
  if (code === 0x7f) {
    return "\u2421";
  }
  return "U+" + code.toString(16).toUpperCase().padStart(4, "0");
}

// Pieces of a text, in order: `{text, is_hidden}`.
export function pieces(text) {
  const out = [];
  let from = 0;
  for (const match of String(text).matchAll(hidden)) {
    if (match.index > from) {
      out.push({text: text.slice(from, match.index), is_hidden: false});
    }
    out.push({text: name_of(match[0]), is_hidden: true});
    from = match.index + match[0].length;
  }
  if (from < text.length) {
    out.push({text: text.slice(from), is_hidden: false});
  }
  return out;
}

// The same as one string, for titles and announcements.
export function plain(text) {
  return pieces(String(text ?? "")).map((piece) => piece.text).join("");
}

// Writes a stranger's text into an element, only if it is another than before.
export function show(element, text) {
  const wanted = String(text ?? "");
  if (element.shown_text === wanted) {
    return;
  }
  element.shown_text = wanted;
  element.replaceChildren(
    ...pieces(wanted).map((piece) => {
      if (!piece.is_hidden) {
        return document.createTextNode(piece.text);
      }
      const mark = document.createElement("span");
      mark.className = "hidden-character";
      mark.textContent = piece.text;
      return mark;
    }),
  );
}
