// @ts-check
/** Ages of open conversations go on while they are looked at, once a minute and without a word. */

const MINUTE = 60_000;
/** Two units each: the larger one, its seconds, the smaller one, its seconds. @type {[string, number, string, number][]} */
const UNITS = [["d", 86_400, "h", 3_600], ["h", 3_600, "m", 60], ["m", 60, "s", 1]];

/** As the server writes it: "9 s", "3 m 09 s", "1 h 26 m". @param {number} seconds @returns {string} */
function span(seconds) {
  const found = UNITS.find(([, size]) => seconds >= size);
  if (!found) return `${seconds} s`;
  const [large, size, small, part] = found;
  const rest = Math.floor((seconds % size) / part);
  return `${Math.floor(seconds / size)} ${large} ${small === "s" ? String(rest).padStart(2, "0") : rest} ${small}`;
}

/** @param {HTMLElement} results whose rows may be replaced meanwhile */
export function connectAges(results) {
  /** When each was written, by this machine's clock: that it may be wrong does not matter. @type {WeakMap<Element, number>} */
  const written = new WeakMap();
  const ages = () => /** @type {NodeListOf<HTMLElement>} */ (results.querySelectorAll("[data-age]"));
  const note = () => ages().forEach((age) => written.has(age) || written.set(age, Date.now()));
  const grow = () => {
    if (document.hidden) return;
    ages().forEach((age) => {
      const since = Math.max(0, Date.now() - (written.get(age) ?? Date.now()));
      const text = span(Number(age.dataset.age) + Math.floor(since / 1000));
      if (age.textContent !== text) age.textContent = text;
    });
  };
  note();
  new MutationObserver(note).observe(results, { childList: true });
  window.setInterval(grow, MINUTE);
  document.addEventListener("visibilitychange", grow);
}
