// @ts-check
/** Copies a link, the transcript as text, or the conversation's id, and says so. */

import { whileLoading } from "../lib/loading.js";
import { tell } from "../lib/markbar.js";
import { meant } from "./messages.js";

/** The button says so for a moment, as wide as it was, so that nothing beside it moves. @param {Element | null} button @param {string} said */
function answer(button, said) {
  tell(said);
  if (!(button instanceof HTMLElement)) return;
  const before = (button.dataset.before ??= button.textContent ?? "");
  button.style.minInlineSize = `${button.getBoundingClientRect().width}px`;
  button.textContent = "Copied";
  window.setTimeout(() => (button.textContent = before), 2000);
}

/** Copies the address of the message that is meant, else of the conversation. */
export async function copyLink() {
  const reader = document.querySelector("[data-reader]");
  if (!(reader instanceof HTMLElement) || !navigator.clipboard) return;
  const message = meant();
  const url = new URL(reader.dataset.link ?? location.href, location.origin);
  url.hash = message ? message.id : "";
  await navigator.clipboard.writeText(url.href);
  const said = `Link to this ${message ? "message" : "conversation"} copied.`;
  // One is in the bar, on phones in the menu.
  for (const button of reader.querySelectorAll("[data-copy-link]")) answer(button, said);
}

export async function copyId() {
  await navigator.clipboard.writeText(document.querySelector("[data-conversation-id]")?.textContent ?? "");
  answer(document.querySelector("[data-copy-id]"), "The conversation's id is copied.");
}

/** @param {HTMLAnchorElement} link to the plain text */
async function copyText(link) {
  const menu = link.closest("details");
  try {
    const page = await whileLoading(fetch(link.href));
    if (!page.ok || page.redirected) throw new Error("no text");
    await navigator.clipboard.writeText(await page.text());
    answer(link, "The transcript is copied as text.");
    if (menu) window.setTimeout(() => (menu.open = false), 700);
  } catch {
    location.assign(link.href); // to be copied from there
  }
}

/** @param {HTMLElement} reader */
export function connectCopying(reader) {
  for (const button of reader.querySelectorAll("[data-copy-link], [data-copy-id]")) {
    button.toggleAttribute("hidden", !navigator.clipboard);
    // The press must not take the focus from the message whose link is meant.
    button.addEventListener("mousedown", (event) => event.preventDefault());
  }
  for (const link of navigator.clipboard ? reader.querySelectorAll("[data-copy-text]") : []) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      void copyText(/** @type {HTMLAnchorElement} */ (link));
    });
  }
}
