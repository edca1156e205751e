// @ts-check
/** The reader: three panes of which the next conversation takes the place without a new page. */

import { connectArrivals } from "./lib/arrivals.js";
import { connectHint } from "./lib/hint.js";
import { onKeys } from "./lib/keys.js";
import { connectAutomatic, toggleAutomatic } from "./reader/automatic.js";
import { connectCopying, copyId, copyLink } from "./reader/copying.js";
import { sayEnd } from "./reader/ends.js";
import { connectHead } from "./reader/head.js";
import { stepMessage } from "./reader/messages.js";
import { connectMoves, lookAhead, show, steps } from "./reader/moves.js";
import { connectPanes, toggleContext } from "./reader/panes.js";
import { followHash, open, standAt, standing } from "./reader/place.js";
import { connectRows } from "./reader/rows.js";
import { connectTrace } from "./reader/trace.js";
import { connectMatches, stepFall, stepMatch } from "./reader/walk.js";

/** @param {string} selector @param {KeyboardEvent} [event] of a key, which may be held down */
function press(selector, event) {
  if (event?.repeat && steps) return true;
  const link = document.querySelector(selector);
  if (!(link instanceof HTMLElement)) return false;
  link.click();
  return true;
}

/** By key, and by the buttons that name them in `data-press`. @type {Record<string, (event?: KeyboardEvent) => boolean | void>} */
const ACTIONS = {
  j: (event) => press("[data-key-next]", event) || sayEnd("Last"),
  k: (event) => press("[data-key-previous]", event) || sayEnd("First"),
  u: () => press("[data-key-back]"),
  J: () => stepMessage(1),
  K: () => stepMessage(-1),
  n: () => stepMatch(1),
  N: () => stepMatch(-1),
  "]": () => stepFall(1),
  "[": () => stepFall(-1),
  y: () => void copyLink(),
  id: () => void copyId(),
  a: toggleAutomatic,
  i: toggleContext,
};

/** Scripts that few conversations need are fetched for them alone. @param {HTMLElement} reader */
function connectRest(reader) {
  const { placeUrl, newUrl } = reader.dataset;
  if (placeUrl) void import("./reader/lateplace.js").then(({ connectPlace }) => connectPlace(reader));
  const grown = () => show(location.href, { push: false, place: standing() });
  if (newUrl) void import("./reader/growth.js").then(({ connectGrowth }) => connectGrowth(reader, grown));
  const form = reader.querySelector("[data-refresh]");
  if (!(form instanceof HTMLFormElement)) return;
  const ask = () => import("./lib/refreshed.js").then(({ connectRefresh }) => connectRefresh(form));
  if (reader.querySelector('[data-asked="open"]')) return void ask();
  const once = (/** @type {Event} */ event) => {
    event.preventDefault();
    ask().then(() => form.requestSubmit(), () => form.submit());
  };
  form.addEventListener("submit", once, { once: true });
}

/** What every conversation needs once it is in its place. @param {HTMLElement} reader @param {number | null} row where it stood */
function connect(reader, row) {
  connectPanes(reader);
  connectHead(reader);
  connectRows(reader, row);
  connectAutomatic();
  connectCopying(reader);
  connectTrace(reader);
  connectMatches(location.hash.slice(1) || reader.dataset.opensAt);
  connectRest(reader);
  const hint = reader.querySelector("[data-keys-hint]");
  if (hint instanceof HTMLElement) connectHint(hint);
}

const reader = document.querySelector("[data-reader]");
if (reader instanceof HTMLElement) {
  // Where a conversation was left is kept with its entry in the history.
  history.scrollRestoration = "manual";
  const top = performance.getEntriesByType("navigation")[0];
  const isAgain = top instanceof PerformanceNavigationTiming && top.type !== "navigate";
  connect(reader, null);
  if (isAgain && history.state?.place) standAt(history.state.place);
  else open(reader, false);
  window.addEventListener("hashchange", followHash);
  connectMoves((fresh, arrival) => {
    connect(fresh, arrival.row);
    if (arrival.place) standAt(arrival.place);
    else if (!arrival.isSame) open(fresh, true);
    if (!arrival.isSame) fresh.querySelector("h1")?.focus({ preventScroll: true });
  });
  connectArrivals(document.body);
  lookAhead();
  onKeys(ACTIONS);
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-press]") : null;
    ACTIONS[button?.getAttribute("data-press") ?? ""]?.();
  });
}
