// @ts-check
/** Walking along a transcript: message by message, match by match, fall by fall. */

import { unfold } from "./place.js";

const all = (/** @type {string} */ selector) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);
/** Also the survey's comment. */
const matches = () => all(".transcript .turn-match").concat(all(".context .turn-match"));

/** The first line under the sticky head. */
export function edge() {
  const head = document.querySelector(".reader-head");
  return head && getComputedStyle(head).position === "sticky" ? head.getBoundingClientRect().bottom : 0;
}

/** The message that was gone to last, and the match. @type {(HTMLElement | null)[]} */
let [last, match] = [null, null];

// Also by Tab. Who leaves the transcript for another pane means none of its messages any more.
document.addEventListener("focusin", ({ target }) => {
  if (!(target instanceof Element) || target.closest(".reader-head")) return;
  last = target.closest(".turn");
});

/** The message in focus, else the one that was left for a button. @returns {Element | null} */
export const meant = () => (document.activeElement?.matches("[data-press]") ? last : (document.activeElement?.closest(".turn") ?? null));

/** The message in focus, else `before`, else the one at the top. @param {HTMLElement[]} messages @param {HTMLElement | null} before */
function placeAmong(messages, before = null) {
  const focused = messages.findIndex((message) => message.contains(document.activeElement));
  // Pressed by a button, which has the focus now.
  const from = document.activeElement?.matches("[data-press]") ? last : before;
  const here = focused < 0 && from ? messages.indexOf(from) : focused;
  if (here >= 0) return { at: here, isIn: true };
  const top = edge();
  const seen = messages.findIndex((message) => message.getBoundingClientRect().bottom > top);
  return { at: seen < 0 ? messages.length : seen, isIn: false };
}

/** @param {HTMLElement} message @param {ScrollLogicalPosition} block */
function focus(message, block) {
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

/**
 * Next or previous of some messages in reading order, counted from the one in focus or else from what can be seen.
 * @param {HTMLElement[]} wanted
 * @param {number} step
 * @param {boolean} isRing behind the last comes the first
 * @param {HTMLElement | null} before where to count from when no message has the focus
 */
function stepAmong(wanted, step, isRing, before = null) {
  if (wanted.length === 0) return -1;
  const messages = all(".transcript .turn").concat(wanted);
  const { at, isIn } = placeAmong(messages, before);
  const order = wanted.map((message) => messages.indexOf(message));
  const ahead = order.findIndex((place) => (isIn ? place > at : place >= at));
  const behind = order.filter((place) => place < at).length - 1;
  let next = step > 0 ? ahead : behind;
  if (next < 0) next = isRing === (step > 0) ? 0 : wanted.length - 1;
  focus(wanted[next], "center");
  return next;
}

/** Next or previous message that holds what was searched for. @param {number} step */
export function stepMatch(step) {
  const next = stepAmong(matches(), step, true, match);
  if (next >= 0) sayMatch(next);
  return next >= 0;
}

/** "2 of 3 matches" @param {number} place from 0 */
function sayMatch(place) {
  const words = document.querySelector("[data-match-words]");
  const found = matches();
  match = found[place];
  if (words) words.textContent = `${place + 1} of ${found.length} match${found[1] ? "es" : ""}`;
}

/** Next or previous fall of the running MCS by 10 or more. @param {number} step */
export function stepFall(step) {
  return stepAmong(all(".turn[data-fall]"), step, false) >= 0;
}

/** @param {HTMLElement} reader */
export function connectMessages(reader) {
  // It opens there.
  const opensAt = location.hash.slice(1) || reader.dataset.opensAt;
  last = match = null;
  const place = matches().findIndex(({ id }) => id === opensAt);
  if (place >= 0) sayMatch(place);
}
