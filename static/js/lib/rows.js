// @ts-check
/** Moving along the rows of a list by key: focus goes to each row's link, Enter then opens it by itself. */

import { onKeys } from "./keys.js";

/** @param {HTMLElement} results the element whose rows are walked; its rows may be replaced meanwhile */
export function connectRows(results) {
  const links = () => /** @type {HTMLAnchorElement[]} */ ([...results.querySelectorAll(".row-link")]);
  /** @param {number} step */
  const move = (step) => {
    const all = links();
    if (all.length === 0) return;
    const row = document.activeElement?.closest("tr");
    const here = all.findIndex((link) => link.closest("tr") === row);
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1);
    all[next].focus({ preventScroll: true });
    all[next].closest("tr")?.scrollIntoView({ block: "nearest" });
  };
  onKeys({ j: () => move(1), k: () => move(-1) });
}

/** Back from a conversation: the row named in the address takes the focus again. */
export function focusTarget() {
  const focus = () => {
    const row = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    /** @type {HTMLElement | null | undefined} */ (row?.querySelector(".row-link"))?.focus({ preventScroll: true });
  };
  // The browser clears the focus when it moves to the row, which it does once everything is loaded.
  if (document.readyState === "complete") focus();
  else window.addEventListener("load", () => window.setTimeout(focus), { once: true });
}
