// @ts-check
/** Says that more conversations match than are shown; nothing moves under the reader. */

import { asked, poll } from "./poll.js";

const PAUSE = 30_000;
// An empty list waits for its first rows.
const PAUSE_EMPTY = 3_000;

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
      if (more > 0) void import("./announce.js").then(({ announce }) => announce(place, more));
    },
    () => (find()?.dataset.count === "0" ? PAUSE_EMPTY : PAUSE),
  );
}
