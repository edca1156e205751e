// @ts-check
/** The bar of marks and what belongs to it elsewhere on the page: found, filled anew, spoken through. */

import { draftOf, draftedMessages } from "./drafts.js";

/** @returns {HTMLElement | null} */
export function bar() {
  return document.querySelector("[data-marks]");
}

/** @param {string} text @param {boolean} isBad @param {string} [url] */
export function say(text, isBad = false, url = "") {
  const said = bar()?.querySelector("[data-mark-said]");
  if (!said || said.textContent === text) return;
  said.classList.toggle("is-bad", isBad);
  said.textContent = text;
  if (!url) return;
  const link = document.createElement("a");
  link.href = url;
  link.textContent = "Sign in";
  said.append(" ", link);
}

/** To whoever hears the page and does not see it. @param {string} text */
export function tell(text) {
  const said = document.querySelector("[data-said]");
  if (said) said.textContent = text;
}

/** The bar says that something was not saved, or waits. */
export const isLost = () => bar()?.querySelector("[data-mark-said]")?.matches(".is-bad") ?? false;

/** @param {unknown} field @returns {field is HTMLInputElement | HTMLTextAreaElement} one that is typed into */
export const isField = (field) => field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;

/** @param {Element | null | undefined} within a form */
export function fieldOf(within) {
  const field = within?.querySelector("[data-field]");
  return isField(field) ? field : null;
}

/** @param {string} message @returns {[string, string, string]} */
export function place(message) {
  const here = bar();
  return [here?.dataset.user ?? "", here?.dataset.conversation ?? "", message];
}

/** @param {string} name */
export const foldOf = (name) => bar()?.querySelector(`[data-fold="${name}"]`);

/** @param {string} name of a fold, which is opened for it */
export function focusField(name) {
  const field = fieldOf(foldOf(name));
  if (!field) return;
  foldOf(name)?.setAttribute("open", "");
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

/** Bring back the note that was begun; whatever has a draft says so. */
export function restore() {
  const [user, conversation] = place("");
  const drafted = draftedMessages(user, conversation);
  for (const link of document.querySelectorAll("[data-note-open]")) {
    link.classList.toggle("has-draft", drafted.includes(link.parentElement?.dataset.message ?? ""));
  }
  const fold = foldOf("note");
  const field = fieldOf(fold);
  const draft = draftOf(...place(""));
  if (!fold || !field?.form || !draft) return;
  if (field.value === "") field.value = draft.text;
  if (draft.nonce) setValue(field.form, "nonce", draft.nonce);
  fold.setAttribute("data-draft", "");
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
export function setValue(form, name, value) {
  const field = form.elements.namedItem(name);
  if (isField(field)) field.value = value;
}
