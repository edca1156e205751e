// @ts-check
/** Counts that would have held up the rows: asked for after them, and put where the page left room. */

/** @typedef {{count: number | null, messages: number | null}} Size null where counting takes too long */

/** @param {number} number @param {string} word */
const counted = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;

/** @param {string} name @param {string} text */
function put(name, text) {
  document.querySelectorAll(`[data-late="${name}"]`).forEach((place) => {
    place.textContent = text;
  });
}

/** @param {HTMLElement} results @param {Size} size */
function show(results, { count, messages }) {
  if (messages !== null) put("messages", `, ${counted(messages, "row")}`);
  if (count === null) return;
  put("conversations", counted(count, "conversation"));
  put("of", ` of ${count.toLocaleString("en")}`);
  put("rows", `, ${counted(count, "row")}`);
  const arrivals = results.querySelector("[data-arrivals]");
  if (arrivals instanceof HTMLElement) arrivals.dataset.count = String(count);
  // What a choice changed was said without its number.
  const status = document.querySelector("[data-status]");
  if (status?.textContent) status.textContent = counted(count, "conversation");
}

/** @param {HTMLElement} results */
function tellFailure(results) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Try again";
  button.addEventListener("click", () => void connectLate(results));
  const said = results.querySelector("[data-late-said]");
  said?.replaceChildren("The count could not be loaded. ", button, " The list itself is complete.");
}

/** @param {HTMLElement} results whose content may be replaced meanwhile: then the answer is for nobody */
export async function connectLate(results) {
  const url = results.dataset.sizeUrl;
  if (!url) return;
  const answer = await fetch(url).catch(() => undefined);
  if (results.dataset.sizeUrl !== url) return;
  /** @type {Size | undefined} */
  const size = answer?.ok && !answer.redirected ? await answer.json().catch(() => undefined) : undefined;
  if (size) show(results, size);
  if (size?.count === undefined || size.count === null) tellFailure(results);
  else results.querySelector("[data-late-said]")?.replaceChildren();
}
