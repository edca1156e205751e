// @ts-check
/** An open conversation grows at its end: new messages are announced and wait to be asked in. */

import { asked, poll } from "../lib/poll.js";
import { unfold } from "./place.js";

const PAUSE = 15_000;
const TURNS = ".transcript .turn";

/**
 * @param {HTMLElement} reader
 * @param {() => Promise<unknown>} show puts the newer state in place of this one
 */
export function connectGrowth(reader, show) {
  const url = reader.dataset.newUrl;
  const place = reader.querySelector("[data-growth]");
  if (!url || !place) return;
  const shown = Number(reader.dataset.count);
  let said = 0;
  let isOpen = true;

  /** @param {AbortSignal} signal */
  async function look(signal) {
    /** @type {{count: number, is_open: boolean} | undefined} */
    const found = await asked(/** @type {string} */ (url), signal);
    if (!found) return;
    isOpen = found.is_open;
    const more = found.count - shown;
    if (more > 0 && more !== said) announce(more);
    said = more;
  }

  /** @param {number} more */
  function announce(more) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Show";
    button.addEventListener("click", () => void showNew());
    place?.replaceChildren(`${more.toLocaleString("en")} new message${more === 1 ? "" : "s"}. `, button);
  }

  /** The first of those that have come is where somebody reads on. */
  async function showNew() {
    const before = document.querySelectorAll(TURNS).length;
    await show();
    const first = document.querySelectorAll(TURNS)[before];
    if (!(first instanceof HTMLElement) || place?.isConnected) return;
    unfold(first);
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "nearest" });
  }

  // Another conversation has taken the place, or this one is over: nothing to ask any more.
  poll(look, () => (place.isConnected && isOpen ? PAUSE : Infinity));
}
