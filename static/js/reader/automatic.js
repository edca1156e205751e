// @ts-check
/** Shows or hides the automatic lines of a transcript, all at once. */

import { tell } from "../lib/markbar.js";

const KEPT = "readback-automatic-open";

/** @param {boolean} isOpen */
function show(isOpen) {
  for (const run of document.querySelectorAll("details[data-automatic]")) run.toggleAttribute("open", isOpen);
  const box = document.querySelector("[data-show-automatic]");
  if (box instanceof HTMLInputElement) box.checked = isOpen;
}

/** `a`: as long as the tab is open, every conversation follows it. */
export function toggleAutomatic() {
  const isOpen = sessionStorage.getItem(KEPT) === null;
  if (isOpen) sessionStorage.setItem(KEPT, "1");
  else sessionStorage.removeItem(KEPT);
  show(isOpen);
  tell(isOpen ? "Automatic lines are shown." : "Automatic lines are hidden.");
}

export function connectAutomatic() {
  if (sessionStorage.getItem(KEPT) !== null) show(true);
}
