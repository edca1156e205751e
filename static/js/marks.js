// @ts-check
/** Marks in the reader: forms that are sent without leaving the transcript, keys, drafts. Works on a page that swaps
 * its conversation: everything is asked of the document. */

import { draftOf, draftedMessages, forgetOldDrafts, keepDraft } from "./lib/drafts.js";
import { onKeys } from "./lib/keys.js";
import { closeNote, openNote } from "./lib/noteform.js";
import { post } from "./lib/posting.js";

const OFFLINE = "Not saved: no connection. Kept here, trying again.";

/** @returns {HTMLElement | null} */
function bar() {
  return document.querySelector("[data-marks]");
}

/** @param {string} text @param {boolean} isBad @param {string} [url] */
function say(text, isBad = false, url = "") {
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

/** Put fresh pieces in place of old ones; focus stays on the control that it was on. @param {import("./lib/posting.js").Answer} answer */
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

/** On to another conversation, by the page itself where it can swap. @param {string} url */
function go(url) {
  const event = new CustomEvent("readback:go", { cancelable: true, detail: { url } });
  if (!document.dispatchEvent(event)) return;
  sessionStorage.setItem("readback-moved", "1");
  window.location.assign(url);
}

/** @type {Set<string>} forms that are on their way: a second press sends nothing more */
const sending = new Set();

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
async function send(form, submitter) {
  const kind = form.dataset.mark ?? "";
  const where = bar()?.dataset.conversation ?? "";
  const name = `${kind} ${form.action}`;
  if (sending.has(name)) return;
  sending.add(name);
  const fields = new FormData(form, submitter);
  try {
    const outcome = await post(form.action, fields, () => say(OFFLINE, true));
    if (bar()?.dataset.conversation !== where) return; // went on meanwhile; the mark is left
    if ("signedOut" in outcome) {
      const next = encodeURIComponent(window.location.pathname + window.location.search);
      const what = kind === "note" ? "your note is kept." : "this mark was not saved.";
      say(`You were signed out. Sign in again; ${what}`, true, `/login/?next=${next}`);
    } else if ("gone" in outcome) {
      say("Not saved: this conversation is not to be seen any more.", true);
    } else if ("error" in outcome) {
      refuse(form, outcome.error);
    } else {
      took(kind, form, fields, outcome.answer);
    }
  } finally {
    sending.delete(name);
  }
}

/** @param {HTMLFormElement} form @param {string} error */
function refuse(form, error) {
  const place = form.querySelector("[data-error]");
  const field = form.querySelector("[data-field]");
  if (!(place instanceof HTMLElement) || !(field instanceof HTMLElement)) return say(error, true);
  place.hidden = false;
  place.textContent = error;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

/** @param {string} kind @param {HTMLFormElement} form @param {FormData} fields @param {import("./lib/posting.js").Answer} answer */
function took(kind, form, fields, answer) {
  if (kind === "note") {
    keepDraft(...place(String(fields.get("message") ?? "")), "", "");
    closeNote(form);
  }
  if (answer.go) return go(answer.go);
  applyMarks(answer);
}

/** @param {string} message @returns {[string, string, string]} */
function place(message) {
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
function focusField(fold) {
  const field = openFold(fold)?.querySelector("[data-field]");
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

/** The note on the message in focus, else on the conversation. */
function note() {
  const turn = document.activeElement?.closest(".turn");
  const spot = turn?.querySelector(".message-notes");
  if (spot instanceof HTMLElement) openNote(spot, bar(), draftOf(...place(spot.dataset.message ?? "")));
  else focusField("note");
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

/** Messages with a draft say so. */
function markDrafts() {
  const [user, conversation] = place("");
  for (const message of draftedMessages(user, conversation)) {
    const link = document.querySelector(`[data-message="${CSS.escape(message)}"] [data-note-open]`);
    link?.classList.add("has-draft");
  }
}

/** On its way: the answer brings the bar, and with it the mark that can be taken back. @type {Promise<unknown> | null} */
let showing = null;

/** `z` straight after moving on waits for the bar of what came. */
function undo() {
  if (press("undo") || !showing) return;
  void showing.then(() => press("undo"));
}

/** A transcript that was fetched ahead is on the screen: it is put on record, and its marks are brought up to date. */
export async function shown() {
  const url = bar()?.dataset.shownUrl;
  if (!url) return false;
  const where = bar()?.dataset.conversation;
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "X-Readback-Marks": "1", "X-CSRFToken": document.cookie.match(/csrftoken=([^;]*)/)?.[1] ?? "" },
      credentials: "same-origin",
      keepalive: true,
    });
    if (answer.redirected || !answer.ok) throw new Error("not put on record");
    const marks = await answer.json();
    if (bar()?.dataset.conversation === where) applyMarks(marks);
    return true;
  } catch {
    if (bar()?.dataset.conversation === where) window.location.reload();
    return false;
  }
}

/** @param {string} key */
function press(key) {
  const button = document.querySelector(`[data-marks] [data-key="${key}"]`);
  if (!(button instanceof HTMLElement)) return false;
  button.click();
  return true;
}

if (bar()) {
  forgetOldDrafts();
  connect();
  markDrafts();
  document.addEventListener("readback:shown", (event) => {
    if (event instanceof CustomEvent && event.detail?.isAhead) {
      const mine = shown().finally(() => {
        if (showing === mine) showing = null;
      });
      showing = mine;
    }
    connect();
    markDrafts();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.mark) return;
    event.preventDefault();
    void send(form, event.submitter);
  });
  document.addEventListener("input", (event) => {
    const field = event.target;
    const form = field instanceof HTMLTextAreaElement ? field.closest('form[data-mark="note"]') : null;
    if (!(form instanceof HTMLFormElement) || !(field instanceof HTMLTextAreaElement)) return;
    const fields = new FormData(form);
    keepDraft(...place(String(fields.get("message") ?? "")), field.value, String(fields.get("nonce") ?? ""));
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-note-open]") : null;
    const spot = link?.closest(".message-notes");
    if (!(spot instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openNote(spot, bar(), draftOf(...place(spot.dataset.message ?? "")));
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target instanceof Element ? event.target.closest('form[data-mark="note"]') : null;
    if (!(form instanceof HTMLFormElement)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape" && form.classList.contains("note-form")) {
      event.preventDefault();
      closeNote(form);
      markDrafts();
    }
  });
  onKeys({ r: (event) => event.repeat || press("review"), f: () => press("flag"), z: undo, t: () => focusField("tag"), c: note });
}
