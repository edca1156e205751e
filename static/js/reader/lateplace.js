// @ts-check
/** "1 of 400,000": what would have held up the transcript is counted behind it. */

import { asked } from "../lib/poll.js";

/** @param {HTMLElement} reader */
export async function connectPlace(reader) {
  const url = reader.dataset.placeUrl;
  /** @type {{place: string, count: number | null} | undefined} */
  const found = url ? await asked(url).catch(() => undefined) : undefined;
  if (!found || !reader.isConnected) return;
  const { place, count } = found;
  /** @param {string} name @param {(element: Element) => void} put */
  const each = (name, put) => reader.querySelectorAll(`[data-late-${name}]`).forEach(put);
  if (count !== null) {
    const words = `${count.toLocaleString("en")} conversation${count === 1 ? "" : "s"}`;
    each("count", (element) => (element.textContent = words));
    const arrivals = reader.querySelector("[data-arrivals]");
    if (arrivals instanceof HTMLElement) arrivals.dataset.count = String(count);
  }
  if (!place) return;
  each("place", (element) => (element.textContent = place));
  each("title", (element) => (element.textContent = `${element.textContent}, ${place}`));
  document.title = document.title.replace(/ · Readback$/, `, ${place} · Readback`);
}
