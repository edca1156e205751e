// @ts-check
/** The rows beside the transcript: one stop of the Tab key, walked by arrows; the open one stays where it was seen. */

/** @param {Element} reader @returns {HTMLElement | null} */
const paneOf = (reader) => reader.querySelector("[data-list-pane]");
/** @param {Element} reader */
const rowsOf = (reader) => /** @type {HTMLAnchorElement[]} */ ([...reader.querySelectorAll(".pane-row")]);
/** @param {HTMLAnchorElement[]} rows */
const currentOf = (rows) => rows.find((row) => row.hasAttribute("aria-current"));
/** @param {HTMLAnchorElement[]} rows @param {string} url of a conversation */
const rowOf = (rows, url) => rows.find((row) => row.pathname === new URL(url, location.origin).pathname);
/** Where a row stands in the pane, from its top. @param {HTMLElement} pane @param {HTMLElement} row */
const offset = (pane, row) => row.getBoundingClientRect().top - pane.getBoundingClientRect().top;

/** @param {HTMLElement} pane @param {HTMLAnchorElement[]} rows */
function connectArrows(pane, rows) {
  /** @param {HTMLAnchorElement} stop */
  const stopAt = (stop) => rows.forEach((row) => (row.tabIndex = row === stop ? 0 : -1));
  stopAt(currentOf(rows) ?? rows[0]);
  pane.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const here = rows.findIndex((row) => row === document.activeElement);
    if (!step || here < 0) return;
    event.preventDefault();
    const next = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
    stopAt(next);
    next.focus();
  });
}

/**
 * Where the row that becomes the open one stands now, for `connectRows` of what takes the place.
 * @param {HTMLElement} reader
 * @param {string} url of the conversation that comes
 * @returns {number | null}
 */
export function placeOf(reader, url) {
  const pane = paneOf(reader);
  const rows = rowsOf(reader);
  const row = rowOf(rows, url) ?? currentOf(rows);
  return pane && row ? offset(pane, row) : null;
}

/** @param {HTMLElement} reader @param {number | null} place where the open row is to stand; null in the middle */
export function connectRows(reader, place) {
  const pane = paneOf(reader);
  if (!pane) return;
  const rows = rowsOf(reader);
  connectArrows(pane, rows);
  const current = currentOf(rows);
  if (!current) return;
  const least = 48;
  const most = Math.max(pane.clientHeight - 2 * current.offsetHeight, least);
  pane.scrollTop += offset(pane, current) - Math.min(Math.max(place ?? pane.clientHeight / 3, least), most);
}
