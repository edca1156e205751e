// @ts-check
/** Shows or hides the automatic lines of a transcript, all at once. */

const KEPT = "readback-automatic-open";

/** @returns {HTMLDetailsElement[]} */
const runs = () => [...document.querySelectorAll("details[data-automatic]")].filter((run) => run instanceof HTMLDetailsElement);

/** @param {boolean} isOpen */
function show(isOpen) {
  for (const run of runs()) run.open = isOpen;
  const box = document.querySelector("[data-show-automatic]");
  if (box instanceof HTMLInputElement) box.checked = isOpen;
}

/** `a`: as long as the tab is open, every conversation follows it. */
export function toggleAutomatic() {
  const isOpen = sessionStorage.getItem(KEPT) === null;
  if (isOpen) sessionStorage.setItem(KEPT, "1");
  else sessionStorage.removeItem(KEPT);
  show(isOpen);
  const said = document.querySelector("[data-said]");
  if (said) said.textContent = isOpen ? "Automatic lines are shown." : "Automatic lines are hidden.";
}

/** @param {HTMLElement} reader */
export function connectAutomatic(reader) {
  const box = reader.querySelector("[data-show-automatic]");
  const label = box?.closest("label");
  if (label) label.hidden = false;
  box?.addEventListener("change", toggleAutomatic);
  if (sessionStorage.getItem(KEPT) !== null) show(true);
}
