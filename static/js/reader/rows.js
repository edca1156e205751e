// @ts-check
/** The rows beside the transcript: one stop of the Tab key, walked by arrows; the open one stays where it was seen. */

/** @param {Element} reader @returns {HTMLElement | null} */
const paneOf = (reader) => reader.querySelector("[data-list-pane]");
/** @param {Element | null} pane @returns {HTMLAnchorElement | null} */
const currentOf = (pane) => pane?.querySelector(".pane-row[aria-current]") ?? null;

/** @param {HTMLElement} pane */
function connectArrows(pane) {
  const rows = /** @type {HTMLAnchorElement[]} */ ([...pane.querySelectorAll(".pane-row")]);
  const start = currentOf(pane) ?? rows[0];
  for (const row of rows) row.tabIndex = row === start ? 0 : -1;
  pane.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const here = rows.findIndex((row) => row === document.activeElement);
    if (!step || here < 0) return;
    event.preventDefault();
    const next = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
    for (const row of rows) row.tabIndex = row === next ? 0 : -1;
    next.focus();
  });
}

/** Where a row stands in the pane, from its top. @param {HTMLElement} pane @param {HTMLElement} row */
const offset = (pane, row) => row.getBoundingClientRect().top - pane.getBoundingClientRect().top;

/**
 * Where the row that becomes the open one stands now, for `connectRows` of what takes the place.
 * @param {HTMLElement} reader
 * @param {string} url of the conversation that comes
 * @returns {number | null}
 */
export function placeOf(reader, url) {
  const pane = paneOf(reader);
  const path = new URL(url, location.origin).pathname;
  const rows = /** @type {HTMLAnchorElement[]} */ ([...(pane?.querySelectorAll(".pane-row") ?? [])]);
  const row = rows.find((each) => new URL(each.href).pathname === path) ?? currentOf(pane);
  return pane && row ? offset(pane, row) : null;
}

/** A row that was reviewed since the pane was fetched says so. @param {HTMLElement} reader @param {string} url */
export function tick(reader, url) {
  const path = new URL(url, location.origin).pathname;
  const rows = /** @type {HTMLAnchorElement[]} */ ([...(paneOf(reader)?.querySelectorAll(".pane-row") ?? [])]);
  const when = rows.find((row) => new URL(row.href).pathname === path)?.querySelector(".pane-when");
  if (!when || when.querySelector(".pane-mark")) return;
  const mark = document.createElement("span");
  mark.className = "pane-mark";
  mark.textContent = "✓ ";
  when.prepend(mark);
}

/** @param {HTMLElement} reader @param {number | null} place where the open row is to stand; null in the middle */
export function connectRows(reader, place) {
  const pane = paneOf(reader);
  const current = currentOf(pane);
  if (!pane) return;
  connectArrows(pane);
  if (!current) return;
  const least = 48;
  const most = pane.clientHeight - 2 * current.offsetHeight;
  const wanted = Math.min(Math.max(place ?? pane.clientHeight / 3, least), Math.max(most, least));
  pane.scrollTop += offset(pane, current) - wanted;
}
