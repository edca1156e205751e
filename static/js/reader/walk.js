// @ts-check
/** Walking from match to match and from fall to fall. */

import { tell } from "../lib/markbar.js";
import { all, focus, placeAmong } from "./messages.js";

/** Also the survey's comment. */
const matches = () => all(".transcript .turn-match").concat(all(".context .turn-match"));

/** The match that was gone to last. @type {HTMLElement | null} */
let match = null;

/**
 * Next or previous of some messages in reading order, counted from the one in focus or else from what can be seen.
 * @param {HTMLElement[]} wanted
 * @param {number} step
 * @param {HTMLElement | null} before where to count from when no message has the focus
 * @returns {number} the place of the one there is in that direction, -1 where there is none
 */
function placeFrom(wanted, step, before = null) {
  const messages = all(".transcript .turn").concat(wanted);
  const { at, isIn } = placeAmong(messages, before);
  const order = wanted.map((message) => messages.indexOf(message));
  const ahead = order.findIndex((place) => (isIn ? place > at : place >= at));
  return step > 0 ? ahead : order.filter((place) => place < at).length - 1;
}

/** Next or previous message that holds what was searched for; behind the last comes the first. @param {number} step */
export function stepMatch(step) {
  const wanted = matches();
  const next = placeFrom(wanted, step, match);
  const place = next < 0 && step < 0 ? wanted.length - 1 : Math.max(next, 0);
  if (!wanted[place]) return;
  focus(wanted[place], "center");
  sayMatch(place);
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
  const wanted = all(".turn[data-fall]");
  const next = placeFrom(wanted, step);
  if (next >= 0) focus(wanted[next], "center");
  else if (wanted[0]) tell(`No ${step > 0 ? "further" : "earlier"} fall.`);
}

/** @param {string | undefined} id of the message at which it opens */
export function connectMatches(id) {
  match = null;
  const place = matches().findIndex((one) => one.id === id);
  if (place >= 0) sayMatch(place);
}
