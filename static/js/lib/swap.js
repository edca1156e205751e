// @ts-check
/** Fetches another state of the same page and puts its results in place of the old ones. */

import { connectLate } from "./late.js";
import { whileLoading } from "./loading.js";

/** @type {AbortController | undefined} */
let running;

/**
 * Put the results at `url` in place of those on the page; an older request still under way is given up.
 * @param {string} url
 * @param {HTMLElement} results the element with `data-results`
 * @returns {Promise<Document | undefined>} the fetched page, nothing when a newer request took over
 */
export async function swapResults(url, results) {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  try {
    const answer = await whileLoading(fetch(url, { signal: mine.signal, credentials: "same-origin" }));
    // A page about something else (signed out, server failed) is shown as what it is.
    if (answer.redirected || ![200, 400].includes(answer.status)) throw new Error("not a list");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-results]");
    if (!fresh) throw new Error("not a list");
    if (mine.signal.aborted) return undefined;
    results.replaceChildren(...Array.from(fresh.childNodes, (node) => document.importNode(node, true)));
    results.dataset.said = fresh.getAttribute("data-said") ?? "";
    results.dataset.sizeUrl = fresh.getAttribute("data-size-url") ?? "";
    results.dataset.address = fresh.getAttribute("data-address") ?? "";
    void connectLate(results);
    document.title = page.title;
    return page;
  } catch (problem) {
    if (!mine.signal.aborted) window.location.assign(url);
    return undefined;
  }
}
