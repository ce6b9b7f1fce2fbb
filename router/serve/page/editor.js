// A text area with colours: the text area is transparent and lies on a coloured copy of its text.

import { highlight } from "./highlight.js";

export function editor(textarea, onChange = () => {}) {
  const frame = textarea.parentElement;
  const copy = frame.querySelector("pre");
  const draw = () => highlight(copy, `${textarea.value}\n`, frame.dataset.language);
  const follow = () => copy.scrollTo(textarea.scrollLeft, textarea.scrollTop);
  textarea.addEventListener("input", () => { draw(); onChange(textarea.value); });
  textarea.addEventListener("scroll", follow);
  textarea.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const line = textarea.value.slice(0, textarea.selectionStart).split("\n").pop();
      const deeper = /[{([]\s*$/.test(line) ? "  " : "";
      insert(`\n${line.match(/^\s*/)[0]}${deeper}`);
    }
  });
  function insert(text) {
    textarea.setRangeText(text, textarea.selectionStart, textarea.selectionEnd, "end");
    textarea.dispatchEvent(new Event("input"));
  }
  return {
    get text() { return textarea.value; },
    set text(value) { textarea.value = value; draw(); onChange(value); follow(); },
  };
}
