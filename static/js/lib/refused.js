// @ts-check
/** What was marked and not taken: said where it was marked. Fetched with the answer that says so. */

import { bar, fieldOf, say } from "./markbar.js";
import { isKept } from "./waiting.js";

/**
 * @param {import("./waiting.js").Mark} mark
 * @param {Exclude<import("./posting.js").Outcome, { answer: any } | { elsewhere: true }>} outcome
 * @param {HTMLFormElement} [form] from which it was sent, on this page
 */
export function refuse({ kind, conversation }, outcome, form) {
  if ("signedOut" in outcome) {
    const next = encodeURIComponent(window.location.pathname + window.location.search);
    const what = `your ${kind === "note" ? "note" : "mark"} is ${isKept ? "kept" : "not kept: this browser stores nothing"}`;
    say(`You were signed out. Sign in again; ${what}.`, true, `/login/?next=${next}`);
  } else if (conversation !== bar()?.dataset.conversation) {
    if (kind !== "shown") say("A mark on another conversation was not saved.", true);
  } else if ("gone" in outcome) {
    say("Not saved: this conversation is not to be seen any more.", true);
  } else {
    // The bar may have been filled anew meanwhile.
    const live = form?.isConnected ? form : bar()?.querySelector(`form[data-mark="${kind}"]`);
    live?.closest("details")?.setAttribute("open", "");
    const place = live?.querySelector("[data-error]");
    const field = fieldOf(live);
    if (!(place instanceof HTMLElement) || !field) return say(outcome.error, true);
    place.hidden = false;
    place.textContent = outcome.error;
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}
