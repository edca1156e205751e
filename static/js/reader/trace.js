// @ts-check
/** The bracket of the trace: which part of the conversation is on screen. */

import { edge, firstBelow } from "./seen.js";

/** @param {HTMLElement} reader @returns {() => void} draws it anew */
function bracket(reader) {
  const seen = reader.querySelector("[data-trace-seen]");
  const messages = [...reader.querySelectorAll(".transcript .turn")];
  return () => {
    if (!seen || messages.length === 0) return;
    const from = firstBelow(messages, edge());
    const to = Math.min(firstBelow(messages, window.innerHeight) + 1, messages.length);
    seen.setAttribute("x", `${((from / messages.length) * 100).toFixed(2)}%`);
    seen.setAttribute("width", `${(Math.max(to - from, 0) / messages.length * 100).toFixed(2)}%`);
  };
}

let draw = () => {};
let isWaiting = false;

function soon() {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    draw();
  });
}

window.addEventListener("scroll", soon, { passive: true });
window.addEventListener("resize", soon, { passive: true });

/** @param {HTMLElement} reader */
export function connectTrace(reader) {
  draw = bracket(reader);
  const fold = reader.querySelector("[data-trace-fold]");
  // Beside the transcript it is always open, on a phone it folds.
  if (fold instanceof HTMLDetailsElement) fold.open = window.matchMedia("(width >= 900px)").matches;
  reader.querySelector(".transcript")?.addEventListener("toggle", soon, { capture: true });
  soon();
}
