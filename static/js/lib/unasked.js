// @ts-check
/** What became of marks that nobody on this page waits for: they are from an earlier page, or another window's. */

import { forgetSaved } from "./olddrafts.js";
import { drop, refused } from "./waiting.js";

/** @typedef {import("./waiting.js").Mark} Mark */

/** @param {Mark} mark @param {object} outcome @returns {boolean} whether a page heard of it */
const told = (mark, outcome) =>
  !document.dispatchEvent(new CustomEvent("readback:sent", { detail: { mark, outcome }, cancelable: true }));

/** @param {Mark} mark @param {object} outcome */
export function saved(mark, outcome) {
  forgetSaved(mark);
  told(mark, outcome);
}

/** A refusal is kept until a page has said it. */
export function tellRefused() {
  for (const [name, mark] of refused()) if (told(mark, mark.outcome)) drop(name);
}
