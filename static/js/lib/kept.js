// @ts-check
/** A link that was pressed by key leads to the same page in another state: there the focus stands where one goes on. */

const KEPT = "readback-pressed";

/** Kinds of links, and what takes the focus after one of them was pressed: see `find`. */
const KINDS = { header: "thead a", part: ".part", step: ".paging a", other: ".clear, tbody td a" };

/** @param {HTMLElement} results @param {string} kind @param {number} place among its like */
function find(results, kind, place) {
  const heading = results.querySelector("h1");
  const all = /** @type {HTMLElement[]} */ ([...results.querySelectorAll(KINDS[/** @type {keyof KINDS} */ (kind)])]);
  if (kind === "header") return all[place];
  // Pages turn: reading goes on at the first row.
  if (kind === "step") return results.querySelector(".row-link") ?? heading;
  // What was let go is no more: its neighbour is, or else the sentence.
  if (kind === "part") return all[Math.min(place, all.length - 1)] ?? heading;
  return heading;
}

/** @param {HTMLElement} results whose content may be replaced meanwhile */
export function keepFocus(results) {
  results.addEventListener("click", (event) => {
    // By mouse, or into another tab: where one looks is known.
    if (event.detail > 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const kind = Object.entries(KINDS).find(([, links]) => link?.matches(links))?.[0];
    if (!link || !kind || link.pathname !== window.location.pathname) return;
    const place = [...results.querySelectorAll(KINDS[/** @type {keyof KINDS} */ (kind)])].indexOf(link);
    window.sessionStorage.setItem(KEPT, JSON.stringify({ kind, place, url: link.href }));
  });
  const kept = window.sessionStorage.getItem(KEPT);
  window.sessionStorage.removeItem(KEPT);
  if (!kept) return;
  const { kind, place, url } = JSON.parse(kept);
  if (url !== window.location.href) return;
  const target = find(results, kind, place);
  if (!(target instanceof HTMLElement)) return;
  if (target.matches("h1")) target.tabIndex = -1;
  target.focus();
}
