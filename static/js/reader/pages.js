// @ts-check
/** Fetches conversations before they are asked for, and keeps at most two of them for about a minute. */

const FRESH = 60_000;
const MOST = 2;
// What a proxy says where Readback is not to be reached; without a proxy `fetch` fails with a TypeError.
const AWAY = [502, 504];

/**
 * @typedef {object} Kept a page on its way or here
 * @property {Promise<Document>} page fails where the address does not answer with a conversation, with a TypeError where it does not answer
 * @property {number} at when it was asked for
 * @property {boolean} isAhead fetched before somebody asked: the server is told when it is shown
 */

/** @type {Map<string, Kept>} */
const kept = new Map();

/** @param {Kept | undefined} found @returns {found is Kept} */
const isFresh = (found) => found !== undefined && Date.now() - found.at < FRESH;

/** @param {string} url @param {boolean} isAhead @returns {Kept} */
function ask(url, isAhead) {
  /** @type {Record<string, string>} */
  const headers = isAhead ? { "X-Readback-Prefetch": "1", "X-Readback-Poll": "1" } : {};
  const page = fetch(url, { headers, credentials: "same-origin" }).then(async (answer) => {
    if (AWAY.includes(answer.status)) throw new TypeError("no connection");
    if (!answer.ok || answer.redirected) throw new Error("not a conversation");
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!found.querySelector("[data-reader]")) throw new Error("not a conversation");
    return found;
  });
  page.catch(() => kept.delete(url));
  return { page, at: Date.now(), isAhead };
}

/** Fetch a page while there is nothing else to do. @param {string} url */
export function prefetch(url) {
  if (isFresh(kept.get(url))) return;
  kept.delete(url);
  kept.set(url, ask(url, true));
  for (const old of [...kept.keys()].slice(0, -MOST)) kept.delete(old);
}

/** The page at an address, at once where it is here and fresh; a page is given out once. @param {string} url @returns {Kept} */
export function take(url) {
  const found = kept.get(url);
  kept.delete(url);
  return isFresh(found) ? found : ask(url, false);
}
