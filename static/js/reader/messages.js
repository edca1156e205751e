// @ts-check
/** The message that is meant, and walking from one to the next. */

import { unfold } from "./place.js";
import { edge } from "./seen.js";

export const all = (/** @type {string} */ selector) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);
/** The message that was gone to last. @type {HTMLElement | null} */
let last = null;

// Also by Tab. Who leaves the transcript for another pane means none of its messages any more.
document.addEventListener("focusin", ({ target }) => {
  if (!(target instanceof Element) || target.closest(".reader-head")) return;
  last = target.closest(".turn");
});

/** The message in focus, else the one that was left for a button. @returns {Element | null} */
export function meant() {
  if (!document.activeElement?.matches("[data-press]")) return document.activeElement?.closest(".turn") ?? null;
  return last?.isConnected ? last : null;
}

/**
 * The message in focus, else `before`, else the one at the top. Who scrolled away from the focus goes on from what is seen.
 * @param {HTMLElement[]} messages @param {HTMLElement | null} before
 */
export function placeAmong(messages, before = null) {
  // Pressed by a button, which has the focus now.
  const isPressed = document.activeElement?.matches("[data-press]");
  const focused = messages.find((message) => (isPressed ? message === last : message.contains(document.activeElement)));
  const top = edge();
  const isSeen = (/** @type {HTMLElement} */ one) =>
    one.getBoundingClientRect().bottom > top && one.getBoundingClientRect().top < window.innerHeight;
  const from = focused && (before || isSeen(focused)) ? focused : before;
  const here = from ? messages.indexOf(from) : -1;
  if (here >= 0) return { at: here, isIn: true };
  const seen = messages.findIndex((message) => message.getBoundingClientRect().bottom > top);
  return { at: seen < 0 ? messages.length : seen, isIn: false };
}

/** @param {HTMLElement} message @param {ScrollLogicalPosition} block */
export function focus(message, block) {
  last = message;
  unfold(message);
  message.focus({ preventScroll: true });
  // Of one that is longer than the window its beginning counts.
  const isLong = message.offsetHeight > window.innerHeight - edge();
  message.scrollIntoView({ block: isLong ? "start" : block });
}

/** Next or previous message; those of a folded run are passed over. @param {number} step */
export function stepMessage(step) {
  const messages = all(".transcript .turn").filter((message) => !message.closest("details:not([open])"));
  if (messages.length === 0) return false;
  const { at, isIn } = placeAmong(messages);
  const next = isIn || step < 0 ? at + step : at;
  focus(messages[Math.min(Math.max(next, 0), messages.length - 1)], "nearest");
  return true;
}
