// @ts-check
/** Counts that would have held up the rows: asked for after them, and put where the page left room. */

/** @param {number} number @param {string} word */
const counted = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;

/** @param {HTMLElement} results whose content may be replaced meanwhile: then the answer is for nobody */
export async function connectLate(results) {
  const url = results.dataset.sizeUrl;
  if (!url) return;
  const answer = await fetch(url).catch(() => undefined);
  if (!answer?.ok || answer.redirected || results.dataset.sizeUrl !== url) return;
  /** @type {{count: number | null, messages: number | null}} */
  const { count, messages } = await answer.json();
  /** @param {string} name @param {string} text */
  const put = (name, text) => {
    const place = document.querySelector(`[data-late="${name}"]`);
    if (place) place.textContent = text;
  };
  if (count !== null) {
    put("conversations", counted(count, "conversation"));
    put("of", ` of ${count.toLocaleString("en")}`);
    put("rows", `Conversations, ${counted(count, "row")} (CSV)`);
    const arrivals = results.querySelector("[data-arrivals]");
    if (arrivals instanceof HTMLElement) arrivals.dataset.count = String(count);
  }
  if (messages !== null) put("messages", `Messages, ${counted(messages, "row")} (CSV)`);
}
