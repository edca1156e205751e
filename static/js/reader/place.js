// @ts-check
/** Where a transcript opens: at the message that the address names, the first match, the largest fall, or its start. */

import { boxOf, edge, firstBelow } from "./seen.js";

/** @typedef {{top: number, turn?: string, at?: number}} Place of the window, and of the message at its head */

/** What is inside folded parts is only seen once they are open. @param {Element} element */
export function unfold(element) {
  element.closest(".context")?.parentElement?.setAttribute("data-context", "open");
  const fold = element.parentElement?.closest("details");
  if (!fold) return;
  fold.open = true;
  unfold(fold);
}

/** @param {Element} element */
function goTo(element) {
  unfold(element);
  element.scrollIntoView({ block: "center" });
  // Once more: messages that were never drawn had an estimated height.
  requestAnimationFrame(() => element.scrollIntoView({ block: "center" }));
}

/** @returns {HTMLElement | null} what the address names, a message as a rule */
const named = () => document.getElementById(location.hash.slice(1));

/** Another address of the same conversation: the browser goes there, but not into what is folded. */
export function followHash() {
  const target = named();
  if (target?.closest("details:not([open])")) goTo(target);
}

/** @param {HTMLElement} reader @param {boolean} isNew swapped in: the window still stands where the one before was left */
export function open(reader, isNew) {
  const target = named();
  if (target && !isNew) return followHash();
  const wanted = target ?? document.getElementById(reader.dataset.opensAt ?? "");
  if (wanted) goTo(wanted);
  else if (isNew) window.scrollTo({ top: 0, behavior: "instant" });
}

/** @returns {Place} */
export function standing() {
  const turns = [...document.querySelectorAll(".transcript .turn")];
  const turn = turns[firstBelow(turns, edge())];
  return { top: window.scrollY, turn: turn?.id, at: turn && boxOf(turn).top };
}

/** In long transcripts what was not drawn yet has an estimated height: the message is followed until it stands. @param {Place} place */
export function standAt({ top, turn = "", at = 0 }) {
  window.scrollTo({ top, behavior: "instant" });
  const message = document.getElementById(turn);
  let frames = 4;
  const settle = () => {
    if (message) window.scrollBy({ top: boxOf(message).top - at, behavior: "instant" });
    if (message && (frames -= 1)) requestAnimationFrame(settle);
  };
  settle();
}
