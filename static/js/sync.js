// @ts-check
/** Sync: the state follows what happens; only a change of state, and what came of a press, is spoken. */

import { freshen } from "./lib/freshen.js";
import { whileLoading } from "./lib/loading.js";
import { poll } from "./lib/poll.js";

const BUSY = 3000;
const QUIET = 15000;
// After a press something is about to happen.
const HURRY = 30000;

/** @param {HTMLElement} place @param {HTMLElement} status */
function connect(place, status) {
  const shown = /** @type {HTMLElement} */ (place.querySelector("[data-sync-state]"));
  let hurried = 0;

  /** @param {string} text @returns {{page: Document, state: HTMLElement} | null} */
  const read = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const state = page.querySelector("[data-sync-state]");
    return state instanceof HTMLElement ? { page, state } : null;
  };

  /** @param {AbortSignal} signal */
  async function refresh(signal) {
    const answer = await fetch(place.dataset.sync ?? "", { signal, headers: { "X-Readback-Poll": "1" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = read(await answer.text());
    if (!fresh) return;
    const isOther = fresh.state.dataset.syncState !== shown.dataset.syncState;
    freshen(shown, fresh.state);
    if (isOther) status.textContent = shown.querySelector("[data-sync-said]")?.textContent ?? "";
  }

  const isHurried = () => Date.now() - hurried < HURRY;
  const again = poll(refresh, () => (shown.dataset.syncBusy === "yes" || isHurried() ? BUSY : QUIET));

  /** Presses a button without leaving the page. @param {HTMLFormElement} form @param {HTMLButtonElement} button */
  async function press(form, button) {
    const body = new FormData(form, button);
    const answer = await whileLoading(fetch(button.formAction, { method: "POST", body }));
    const fresh = answer.ok ? read(await answer.text()) : null;
    // Signed out, or no operator any more: shown as what it is.
    if (!fresh) return window.location.assign(answer.ok ? answer.url : window.location.href);
    freshen(shown, fresh.state);
    const notice = document.querySelector("[data-sync-notice]");
    if (notice) notice.textContent = fresh.page.querySelector("main > .notice:not([data-sync-notice])")?.textContent ?? "";
    hurried = Date.now();
    again();
  }

  const form = document.querySelector("[data-sync-act]");
  if (form instanceof HTMLFormElement) {
    form.addEventListener("submit", (event) => {
      if (!(event.submitter instanceof HTMLButtonElement)) return;
      event.preventDefault();
      press(form, event.submitter).catch(() => window.location.reload());
    });
  }
}

const place = document.querySelector("[data-sync]");
const status = document.querySelector("[data-sync-status]");
if (place instanceof HTMLElement && status instanceof HTMLElement) connect(place, status);
