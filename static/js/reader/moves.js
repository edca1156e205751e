// @ts-check
/** From one conversation to the next without a new page. */

import { whileLoading } from "../lib/loading.js";
import { pause } from "../lib/poll.js";
import { prefetch, take } from "./pages.js";
import { standAt, standing } from "./place.js";
import { placeOf } from "./rows.js";

/** @typedef {import("./place.js").Place} Place */
/** @typedef {{row: number | null, isSame: boolean, place: Place | null}} Arrival how a conversation came to be shown */

/** @type {(reader: HTMLElement, arrival: Arrival) => void} */
let connect = () => {};
let number = 0;
// Somebody goes through the list from its end.
let isBackwards = false;
// The address whose conversation is on screen, without its anchor.
let here = "";

/** @param {string} url */
const bare = (url) => new URL(url, location.origin).href.split("#")[0];
/** Where a link leads. @param {string} name @returns {string | undefined} */
const leadsTo = (name) => /** @type {HTMLAnchorElement | null} */ (current().querySelector(`[rel=${name}]`))?.href;

/** @returns {HTMLElement} */
const current = () => /** @type {HTMLElement} */ (document.querySelector("[data-reader]"));

/** @param {Document} page */
function put(page) {
  const old = current();
  const fresh = document.importNode(/** @type {HTMLElement} */ (page.querySelector("[data-reader]")), true);
  // A pane that was closed since the page was fetched is closed.
  fresh.dataset.list = fresh.dataset.list === "none" ? "none" : old.dataset.list;
  fresh.dataset.context = old.dataset.context;
  // What arrived in this list since it was opened goes on waiting.
  const [waits, other] = [old, fresh].map((each) => /** @type {HTMLElement | null} */ (each.querySelector("[data-arrivals]")));
  if (waits && other && waits.dataset.arrivals === other.dataset.arrivals) other.replaceWith(waits);
  old.replaceWith(fresh);
  document.title = page.title;
  return fresh;
}

/** What will probably be read next is fetched ahead. */
export function lookAhead() {
  if (document.hidden) return;
  const ask = () => {
    for (const name of isBackwards ? ["prev", "next"] : ["next"]) {
      const url = leadsTo(name);
      if (url) prefetch(bare(url));
    }
  };
  if ("requestIdleCallback" in window) requestIdleCallback(ask, { timeout: 1000 });
  else setTimeout(ask, 200); // Safari
}

/**
 * The page at an address as soon as there is a connection; nothing where it is not wanted any more.
 * @param {string} url
 * @param {() => boolean} isWanted
 */
async function arrived(url, isWanted) {
  for (let tries = 0; isWanted(); tries += 1) {
    const { page, isAhead } = take(bare(url));
    try {
      return { page: await whileLoading(page), isAhead };
    } catch (problem) {
      if (!(problem instanceof TypeError)) throw problem;
    }
    if (!isWanted()) break;
    document.dispatchEvent(new Event("readback:lost"));
    await pause(tries);
    if (document.activeElement?.matches("textarea, input")) break; // writes meanwhile, and is not torn away
  }
}

/**
 * Show the conversation at `url`; an older wish still under way is given up.
 * @param {string} url
 * @param {{push?: boolean, place?: Place | null, prepare?: (fresh: HTMLElement) => void}} [how] `push` adds it to the history,
 *   `place` is where it stood, `prepare` is called before anybody hears of it
 * @returns {Promise<boolean>} whether it came now, and brought what was said
 */
export async function show(url, { push = true, place = null, prepare = () => {} } = {}) {
  const mine = (number += 1);
  const isWanted = () => mine === number;
  try {
    const found = await arrived(url, isWanted);
    if (!found || !isWanted()) return false;
    isBackwards = bare(url) === bare(leadsTo("prev") ?? "#");
    const row = placeOf(current(), url);
    const isSame = bare(url).split("?")[0] === here.split("?")[0];
    window.clearTimeout(saving);
    if (push) {
      keepNow();
      history.pushState(null, "", url);
    }
    here = bare(location.href);
    const fresh = put(found.page);
    prepare(fresh);
    connect(fresh, { row, isSame, place });
    // Whoever keeps the record of what was read hears of pages that were fetched ahead.
    document.dispatchEvent(new CustomEvent("readback:shown", { detail: { isAhead: found.isAhead, url: here } }));
    lookAhead();
    return !found.isAhead;
  } catch {
    // Signed out, or gone: the browser shows it as what it is.
    if (isWanted()) location.assign(url);
    return false;
  }
}

let saving = 0;

/** Where the window stands is kept with the entry in the history, for a reload or a step back. */
const keepNow = () => history.replaceState({ ...history.state, place: standing() }, "");

function keepPlace() {
  window.clearTimeout(saving);
  saving = window.setTimeout(keepNow, 150);
}

/** A plain press on a link that leads to a conversation of this list. @param {MouseEvent} event */
function follow(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link?.getAttribute("href")?.startsWith("#")) keepNow(); // to a message of this one, by the browser itself
  if (!link?.matches("[data-move], [data-rows]")) return;
  event.preventDefault();
  if (!link.rel) void show(link.href);
  else if (steps?.url === link.href) steps.owed += 1;
  else void step(link.rel, link.href);
}

/** A step under way, and presses since: each counts. @type {{url: string, owed: number} | null} */
export let steps = null;

/** @param {string} name @param {string} url */
async function step(name, url, owed = 0) {
  const mine = (steps = { url, owed });
  await show(url);
  if (steps !== mine) return;
  steps = null;
  const next = mine.owed && here === bare(url) && leadsTo(name);
  if (next) void step(name, next, mine.owed - 1);
}

/** @param {PopStateEvent} event */
function back(event) {
  const place = event.state?.place ?? null;
  window.clearTimeout(saving);
  if (bare(location.href) !== here) return void show(location.href, { push: false, place });
  // Between two places of one transcript; a new one has no state yet, and the browser goes there by itself.
  if (place) standAt(place);
}

/** @param {(reader: HTMLElement, arrival: Arrival) => void} connectReader called for every conversation that is put in place */
export function connectMoves(connectReader) {
  connect = connectReader;
  here = bare(location.href);
  document.addEventListener("click", follow);
  window.addEventListener("scroll", keepPlace, { passive: true });
  window.addEventListener("popstate", back);
  // A page that has waited too long is fetched anew while somebody reads.
  let looked = Date.now();
  const again = () => {
    if (Date.now() - looked < 20_000) return;
    looked = Date.now();
    lookAhead();
  };
  for (const name of ["keydown", "pointerdown", "scroll"]) window.addEventListener(name, again, { passive: true });
}
