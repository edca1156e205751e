// @ts-check
/** An open conversation grows at its end: new messages are announced and wait to be asked in. */

import { asked, poll } from "../lib/poll.js";

const PAUSE = 15_000;

/**
 * @param {HTMLElement} reader
 * @param {() => void} show puts the newer state in place of this one
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
    button.addEventListener("click", show);
    place?.replaceChildren(`${more.toLocaleString("en")} new message${more === 1 ? "" : "s"}. `, button);
  }

  // Another conversation has taken the place, or this one is over: nothing to ask any more.
  poll(look, () => (place.isConnected && isOpen ? PAUSE : Infinity));
}
