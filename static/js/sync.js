// @ts-check
/** Sync: the state follows what happens; only a change of state is spoken. */

import { poll } from "./lib/poll.js";

const BUSY = 3000;
const QUIET = 15000;

/** @param {HTMLElement} place @param {HTMLElement} status */
function connect(place, status) {
  const shown = () => /** @type {HTMLElement} */ (place.querySelector("[data-sync-state]"));

  /** @param {AbortSignal} signal */
  async function refresh(signal) {
    const answer = await fetch(place.dataset.sync ?? "", { signal, headers: { "X-Readback-Poll": "1" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-sync-state]");
    // Whoever is in the table with the keyboard keeps their place.
    if (!(fresh instanceof HTMLElement) || place.contains(document.activeElement)) return;
    if (fresh.dataset.syncState !== shown().dataset.syncState) {
      status.textContent = fresh.querySelector("[data-sync-said]")?.textContent ?? "";
    }
    shown().replaceWith(document.importNode(fresh, true));
  }

  poll(refresh, () => (shown().dataset.syncBusy === "yes" ? BUSY : QUIET));
}

const place = document.querySelector("[data-sync]");
const status = document.querySelector("[data-sync-status]");
if (place instanceof HTMLElement && status instanceof HTMLElement) connect(place, status);
