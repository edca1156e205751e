// @ts-check
/** From one conversation to the next without a new page: what is beside and in the middle is put in place of the old. */

import { whileLoading } from "../lib/loading.js";
import { prefetch, take } from "./pages.js";
import { placeOf, tick } from "./rows.js";

/** @typedef {{place: number | null, isSame: boolean, top: number | null}} Arrival how a conversation came to be shown */

/** @type {(reader: HTMLElement, arrival: Arrival) => void} */
let connect = () => {};
let number = 0;
// Somebody goes through the list from its end.
let isBackwards = false;
// The address whose conversation is on screen, without its anchor.
let here = "";

/** @param {string} url */
const bare = (url) => new URL(url, location.origin).href.split("#")[0];
/** @param {string} url */
const pathOf = (url) => new URL(url, location.origin).pathname;
/** The address that a link with this attribute leads to. @param {string} name @returns {string | undefined} */
const leadsTo = (name) => /** @type {HTMLAnchorElement | null} */ (current().querySelector(`[data-key-${name}]`))?.href;

/** @returns {HTMLElement} */
const current = () => /** @type {HTMLElement} */ (document.querySelector("[data-reader]"));

/** @param {Document} page */
function put(page) {
  const old = current();
  const fresh = document.importNode(/** @type {HTMLElement} */ (page.querySelector("[data-reader]")), true);
  // A pane that was closed since the page was fetched is closed.
  fresh.dataset.list = fresh.dataset.list === "none" ? "none" : old.dataset.list;
  fresh.dataset.context = old.dataset.context;
  old.replaceWith(fresh);
  document.title = page.title;
  return fresh;
}

/** What will probably be read next is fetched when there is nothing else to do. */
export function lookAhead() {
  if (document.hidden) return;
  const ask = () => {
    for (const name of isBackwards ? ["previous", "next"] : ["next"]) {
      const url = leadsTo(name);
      if (url) prefetch(bare(url));
    }
  };
  if ("requestIdleCallback" in window) requestIdleCallback(ask, { timeout: 1000 });
  else setTimeout(ask, 200); // Safari
}

/**
 * Show the conversation at `url`; an older wish still under way is given up.
 * @param {string} url
 * @param {{push?: boolean, top?: number | null, isReviewed?: boolean}} [how] `push` adds it to the history, `top` is where to
 *   scroll to, `isReviewed` says that the one before was just marked
 */
export async function show(url, { push = true, top = null, isReviewed = false } = {}) {
  const mine = (number += 1);
  const kept = take(bare(url));
  try {
    const page = await whileLoading(kept.page);
    if (mine !== number) return;
    isBackwards = bare(url) === bare(leadsTo("previous") ?? "#");
    const place = placeOf(current(), url);
    const isSame = pathOf(url) === pathOf(here);
    window.clearTimeout(saving);
    if (push) {
      history.replaceState({ ...history.state, top: window.scrollY }, "");
      history.pushState({ top: null }, "", url);
    }
    const before = here;
    here = bare(location.href);
    const fresh = put(page);
    if (isReviewed) tick(fresh, before);
    connect(fresh, { place, isSame, top });
    // Whoever keeps the record of what was read hears of pages that were fetched ahead.
    document.dispatchEvent(new CustomEvent("readback:shown", { detail: { isAhead: kept.isAhead, url: here } }));
    lookAhead();
  } catch {
    // Signed out, gone, or no connection: the browser shows it as what it is.
    if (mine === number) location.assign(url);
  }
}

let saving = 0;

/** Keeps where the window stands with the entry in the history, for a reload or a step back. */
function keepPlace() {
  window.clearTimeout(saving);
  saving = window.setTimeout(() => history.replaceState({ ...history.state, top: window.scrollY }, ""), 150);
}

/** A plain press on a link that leads to a conversation of this list. @param {MouseEvent} event */
function follow(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a[data-move], a[data-rows]") : null;
  if (!(link instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  void show(link.href);
}

/** @param {PopStateEvent} event */
function back(event) {
  // A step between two messages of one conversation is the browser's own.
  if (bare(location.href) === here) return;
  void show(location.href, { push: false, top: event.state?.top ?? null });
}

/** @param {(reader: HTMLElement, arrival: Arrival) => void} connectReader called for every conversation that is put in place */
export function connectMoves(connectReader) {
  connect = connectReader;
  here = bare(location.href);
  document.addEventListener("click", follow);
  window.addEventListener("scroll", keepPlace, { passive: true });
  window.addEventListener("popstate", back);
  // A page that has waited too long is fetched anew while somebody reads, not when the key is pressed.
  let looked = Date.now();
  const again = () => {
    if (Date.now() - looked < 20_000) return;
    looked = Date.now();
    lookAhead();
  };
  for (const name of ["keydown", "pointerdown", "scroll"]) window.addEventListener(name, again, { passive: true });
}
