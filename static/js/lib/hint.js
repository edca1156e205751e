// @ts-check
/** A line that names the keys, until this person has put it away or switched keys off. */

const PUT_AWAY = "readback-hint-put-away";

/** @param {HTMLElement} hint */
export function connectHint(hint) {
  if (localStorage.getItem(PUT_AWAY) !== null || document.documentElement.dataset.keys === "off") return;
  hint.hidden = false;
  hint.querySelector("button")?.addEventListener("click", () => {
    localStorage.setItem(PUT_AWAY, "1");
    hint.hidden = true;
    document.querySelector("h1")?.focus({ preventScroll: true });
  });
}
