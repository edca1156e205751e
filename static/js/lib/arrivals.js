// @ts-check
/** Says that more conversations match than are shown, and waits to be asked: nothing moves under the reader. */

import { poll } from "./poll.js";

const PAUSE = 30_000;
// An empty list waits for its first rows.
const PAUSE_EMPTY = 3_000;

/** @param {HTMLElement} place @param {number} more */
function announce(place, more) {
  const isFirst = place.dataset.count === "0";
  const amount = more.toLocaleString("en");
  const link = document.createElement("a");
  link.href = window.location.href.split("#")[0];
  link.textContent = "Show them";
  const text = isFirst
    ? `${amount} conversation${more === 1 ? " is" : "s are"} here. `
    : `${amount} new conversation${more === 1 ? " matches" : "s match"}. `;
  place.replaceChildren(text, link);
}

/** @param {HTMLElement} results whose content, and with it the place to say it, may be replaced meanwhile */
export function connectArrivals(results) {
  const find = () => /** @type {HTMLElement | null} */ (results.querySelector("[data-arrivals]"));
  poll(
    async (signal) => {
      const place = find();
      if (!place?.dataset.arrivals || !place.dataset.count) return;
      const answer = await fetch(place.dataset.arrivals, { signal, headers: { "X-Readback-Poll": "1" } });
      if (!answer.ok || answer.redirected) return;
      const more = (await answer.json()).count - Number(place.dataset.count);
      if (more > 0) announce(place, more);
    },
    () => (find()?.dataset.count === "0" ? PAUSE_EMPTY : PAUSE),
  );
}
