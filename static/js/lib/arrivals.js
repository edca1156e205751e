// @ts-check
/** Says that more conversations match than are shown; nothing moves under the reader. */

import { asked, poll } from "./poll.js";

const PAUSE = 30_000;
// An empty list waits for its first rows.
const PAUSE_EMPTY = 3_000;

/** The same list from its beginning. */
function beginning() {
  const address = new URL(window.location.href);
  address.searchParams.delete("page");
  address.hash = "";
  return address.href;
}

/** @param {HTMLElement} place @param {number} more */
function announce(place, more) {
  const isFirst = place.dataset.count === "0";
  const words = `${more.toLocaleString("en")} ${isFirst ? "" : "new "}conversation${more === 1 ? "" : "s"}`;
  const link = document.createElement("a");
  link.href = beginning();
  link.textContent = "Show them";
  const [one, many] = isFirst ? ["is here", "are here"] : ["matches", "match"];
  place.replaceChildren(`${words} ${more === 1 ? one : many}. `, link);
}

/** @param {HTMLElement} results whose content, and with it the place to say it, may be replaced meanwhile */
export function connectArrivals(results) {
  const find = () => /** @type {HTMLElement | null} */ (results.querySelector("[data-arrivals]"));
  poll(
    async (signal) => {
      const place = find();
      if (!place?.dataset.arrivals || !place.dataset.count) return;
      const { arrivals, count, since } = place.dataset;
      const found = await asked(`${arrivals}&since=${since}`, signal);
      // What came, also where as many left; and what matches by a change.
      const more = found ? Math.max(found.arrived, found.count - Number(count)) : 0;
      if (more > 0) announce(place, more);
    },
    () => (find()?.dataset.count === "0" ? PAUSE_EMPTY : PAUSE),
  );
}
