// @ts-check
/** Tags to choose from while one is typed; fetched only where there are more of them than the page holds. */

import { asked } from "./poll.js";

let timer = 0;

/** @param {HTMLInputElement} field */
export function offer(field) {
  const { list, value } = field;
  if (!list) return;
  window.clearTimeout(timer);
  timer = window.setTimeout(async () => {
    const found = await asked(`${list.dataset.more}?${new URLSearchParams({ tag: value })}`).catch(() => null);
    if (found && field.value === value) list.replaceChildren(...found.tags.map((/** @type {string} */ name) => new Option(name, name)));
  }, 150);
}
