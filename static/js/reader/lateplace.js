// @ts-check
/** "1 of 400,000": what would have held up the transcript is counted behind it, and again when a mark changed it. */

import { asked } from "../lib/poll.js";

export const OUTSIDE = "Not in this list";
const PLACE = /, [\d,]+ of [\d,]+(?=$| · Readback$)/;

/** What left the list or came back by one's own mark did not arrive. @param {Element} reader @param {number} change */
export function countOwn(reader, change) {
  const arrivals = reader.querySelector("[data-arrivals]");
  if (arrivals instanceof HTMLElement && arrivals.dataset.count)
    arrivals.dataset.count = String(Number(arrivals.dataset.count) + change);
}

/**
 * @param {Element} reader
 * @param {{place?: string, count?: number | null, is_outside?: boolean}} found without a place where it is not known
 */
export function putPlace(reader, { place, count, is_outside: isOutside = false }) {
  /** @param {string} name @param {string} text */
  const each = (name, text) => reader.querySelectorAll(`[data-late-${name}]`).forEach((one) => (one.textContent = text));
  if (typeof count === "number") each("count", `${count.toLocaleString("en")} conversation${count === 1 ? "" : "s"}`);
  if (place === undefined || (!place && !isOutside)) return;
  const last = place ? `, ${place}` : "";
  each("place", place || OUTSIDE);
  const title = reader.querySelector("[data-late-title]")?.textContent ?? "";
  each("title", title.replace(PLACE, "") + last);
  document.title = document.title.replace(PLACE, "").replace(/(?= · Readback$)/, last);
}

/** @param {HTMLElement} reader */
export async function connectPlace(reader) {
  const url = reader.dataset.placeUrl;
  /** @type {{place: string, count: number | null} | undefined} */
  const found = url ? await asked(url).catch(() => undefined) : undefined;
  if (!found || !reader.isConnected) return;
  putPlace(reader, found);
  const arrivals = reader.querySelector("[data-arrivals]");
  // What was counted first is what arrivals are told by.
  if (arrivals instanceof HTMLElement && found.count !== null) arrivals.dataset.count ||= String(found.count);
}
