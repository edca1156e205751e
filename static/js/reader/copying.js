// @ts-check
/** Copies a link, the transcript as text, or the conversation's id, and says so. */

import { whileLoading } from "../lib/loading.js";

/** @param {string} text */
function say(text) {
  const said = document.querySelector("[data-said]");
  if (said) said.textContent = text;
}

/** @param {HTMLElement} button @param {string} word for a moment, instead of what it says */
function answer(button, word) {
  const before = button.dataset.before ?? button.textContent ?? "";
  button.dataset.before = before;
  button.textContent = word;
  window.setTimeout(() => (button.textContent = before), 2000);
}

/** Copies the address of the message in focus, else of the conversation. */
export function copyLink() {
  const reader = document.querySelector("[data-reader]");
  if (!(reader instanceof HTMLElement) || !navigator.clipboard) return false;
  const message = document.activeElement?.closest(".turn");
  const url = new URL(reader.dataset.link ?? location.href, location.origin);
  url.hash = message ? message.id : "";
  void navigator.clipboard.writeText(url.href).then(() => {
    say(message ? "Link to this message copied." : "Link to this conversation copied.");
    const button = reader.querySelector("[data-copy-link]");
    if (button instanceof HTMLElement) answer(button, message ? "Message link copied" : "Link copied");
  });
  return true;
}

/** @param {HTMLAnchorElement} link to the plain text */
async function copyText(link) {
  const menu = link.closest("details");
  try {
    const page = await whileLoading(fetch(link.href));
    if (!page.ok || page.redirected) throw new Error("no text");
    await navigator.clipboard.writeText(await page.text());
    say("The transcript is copied as text.");
    answer(link, "Copied");
    if (menu) window.setTimeout(() => (menu.open = false), 700);
  } catch {
    location.assign(link.href); // to be copied from there
  }
}

/** @param {HTMLElement} reader */
export function connectCopying(reader) {
  if (!navigator.clipboard) return;
  const button = reader.querySelector("[data-copy-link]");
  if (button instanceof HTMLButtonElement) {
    button.hidden = false;
    // The press must not take the focus from the message whose link is meant.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", copyLink);
  }
  for (const link of reader.querySelectorAll("[data-copy-text]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      if (link instanceof HTMLAnchorElement) void copyText(link);
    });
  }
  connectId(reader);
}

/** @param {HTMLElement} reader */
function connectId(reader) {
  const button = reader.querySelector("[data-copy-id]");
  const id = reader.querySelector("[data-conversation-id]")?.textContent ?? "";
  if (!(button instanceof HTMLButtonElement)) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(id);
    answer(button, "Copied");
    say("The conversation's id is copied.");
  });
}
