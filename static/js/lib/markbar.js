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
  if (!said) return;
  said.classList.toggle("is-bad", isBad);
  said.textContent = text;
  if (!url) return;
  const link = document.createElement("a");
  link.href = url;
  link.textContent = "Sign in";
  said.append(" ", link);
}

/** @param {string} html @returns {Element | null} */
function parsed(html = "") {
  return new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
}

/** @param {Element | null | undefined} old @param {Element | null | undefined} fresh */
function refill(old, fresh) {
  if (old && fresh) old.replaceChildren(...Array.from(fresh.childNodes, (node) => document.importNode(node, true)));
}

/** @param {unknown} field @returns {field is HTMLInputElement | HTMLTextAreaElement} one that is typed into */
export const isField = (field) => field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;

/** @param {Element | null | undefined} within a form */
export function fieldOf(within) {
  const field = within?.querySelector("[data-field]");
  return isField(field) ? field : null;
}

/** Put fresh pieces in place of old ones; focus stays where it was, and so does what is being typed.
 * @param {import("./posting.js").Answer} answer */
export function applyMarks(answer) {
  const here = document.activeElement?.getAttribute("data-key");
  const fresh = parsed(answer.bar);
  const mine = bar();
  if (fresh && mine) {
    mine.dataset.shownUrl = fresh.getAttribute("data-shown-url") ?? "";
    const folds = [...mine.querySelectorAll("details")].map((fold) => {
      const field = fieldOf(fold);
      return { fold, words: field?.value, isTyping: field === document.activeElement };
    });
    refill(mine.querySelector("[data-mark-controls]"), fresh.querySelector("[data-mark-controls]"));
    const said = mine.querySelector("[data-mark-said]");
    said?.classList.remove("is-bad");
    refill(said, fresh.querySelector("[data-mark-said]"));
    for (const { fold, words, isTyping } of folds) {
      const name = fold.dataset.fold ?? "";
      const field = fieldOf(foldOf(name));
      if (field && words) field.value = words;
      if (fold.open) foldOf(name)?.setAttribute("open", "");
      if (isTyping) focusField(name);
    }
    restore();
  }
  refill(document.querySelector("[aria-current] .pane-marks"), parsed(answer.row));
  const end = document.querySelector("[data-end-words]");
  if (end && answer.end) end.textContent = answer.end;
  const progress = document.querySelector("[data-progress]");
  if (progress && answer.progress !== undefined) progress.textContent = answer.progress;
  refill(document.querySelector("[data-marks-section]"), parsed(answer.section));
  if (answer.message) {
    const place = document.querySelector(`[data-message="${CSS.escape(answer.message)}"] [data-notes]`);
    place?.replaceChildren(...(answer.notes ? [/** @type {Element} */ (parsed(answer.notes))] : []));
  }
  if (here && document.activeElement === document.body) {
    const control = document.querySelector(`[data-key="${here}"]`);
    if (control instanceof HTMLElement) control.focus({ preventScroll: true });
  }
}

/** @param {string} message @returns {[string, string, string]} */
export function place(message) {
  const here = bar();
  return [here?.dataset.user ?? "", here?.dataset.conversation ?? "", message];
}

/** @param {string} name */
const foldOf = (name) => bar()?.querySelector(`[data-fold="${name}"]`);

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
