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
function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
}

/** @param {Element | null | undefined} old @param {Element | null | undefined} fresh */
function refill(old, fresh) {
  if (old && fresh) old.replaceChildren(...Array.from(fresh.childNodes, (node) => document.importNode(node, true)));
}

/** Put fresh pieces in place of old ones; focus stays on the control that it was on. @param {import("./posting.js").Answer} answer */
export function applyMarks(answer) {
  const here = document.activeElement?.getAttribute("data-key");
  const isTyping = document.activeElement instanceof HTMLTextAreaElement || document.activeElement?.id === "mark-tag";
  const fresh = answer.bar ? parsed(answer.bar) : null;
  const mine = bar();
  if (fresh && mine) {
    mine.dataset.shownUrl = fresh.getAttribute("data-shown-url") ?? "";
    const open = mine.querySelector("details[open]")?.getAttribute("data-fold");
    refill(mine.querySelector("[data-mark-controls]"), fresh.querySelector("[data-mark-controls]"));
    const said = mine.querySelector("[data-mark-said]");
    said?.classList.remove("is-bad");
    refill(said, fresh.querySelector("[data-mark-said]"));
    connect();
    if (open) openFold(open);
    if (open && isTyping) focusField(open); // what was being typed is there again: every letter is kept as a draft
  }
  const end = document.querySelector("[data-end-words]");
  if (end && answer.end) end.textContent = answer.end;
  const progress = document.querySelector("[data-progress]");
  if (progress && answer.progress !== undefined) progress.textContent = answer.progress;
  refill(document.querySelector("[data-marks-section]"), answer.section ? parsed(answer.section) : null);
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

/** @param {string} fold */
function openFold(fold) {
  const details = bar()?.querySelector(`[data-fold="${fold}"]`);
  if (!(details instanceof HTMLDetailsElement)) return null;
  details.open = true;
  return details;
}

/** @param {string} fold */
export function focusField(fold) {
  const field = openFold(fold)?.querySelector("[data-field]");
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

/** What a fresh bar needs: the words about keys, and a draft that was begun. */
function connect() {
  bar()
    ?.querySelectorAll("[data-keys-words]")
    .forEach((words) => words.removeAttribute("hidden"));
  const form = bar()?.querySelector('form[data-mark="note"]');
  const draft = draftOf(...place(""));
  if (!(form instanceof HTMLFormElement) || !draft) return;
  const field = form.querySelector("textarea");
  if (field && field.value === "") field.value = draft.text;
  const nonce = form.elements.namedItem("nonce");
  if (nonce instanceof HTMLInputElement && draft.nonce) nonce.value = draft.nonce;
  form.closest("details")?.setAttribute("data-draft", "");
}

/** Bring back what was begun; messages with a draft say so. */
export function restore() {
  connect();
  const [user, conversation] = place("");
  for (const message of draftedMessages(user, conversation)) {
    const link = document.querySelector(`[data-message="${CSS.escape(message)}"] [data-note-open]`);
    link?.classList.add("has-draft");
  }
}
