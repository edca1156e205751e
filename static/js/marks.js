// @ts-check
/** Marks in the reader: forms that are sent without leaving the transcript, keys, drafts. The page swaps its
 * conversation, so everything is asked of the document. */

import { draftOf, forgetOldDrafts, keepDraft } from "./lib/drafts.js";
import { onKeys } from "./lib/keys.js";
import { applyMarks, bar, fieldOf, focusField, isField, place, restore, say } from "./lib/markbar.js";
import { closeNote, openNote } from "./lib/noteform.js";
import { once, post } from "./lib/posting.js";
import { show } from "./reader/moves.js";

const OFFLINE = "Not saved: no connection. Kept here, trying again.";

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
  const draft = place(String(fields.get("message") ?? ""));
  const field = submitter?.hasAttribute("name") ? null : fieldOf(form);
  const words = field?.value;
  try {
    const outcome = await post(form.action, fields, () => say(OFFLINE, true));
    if ("answer" in outcome && kind === "note" && draftOf(...draft)?.text === words) keepDraft(...draft, "", "");
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
      if (field) letGo(field.id, words);
      if (outcome.answer.go) void show(outcome.answer.go, { isReviewed: kind === "review" });
      else applyMarks(outcome.answer);
    }
  } finally {
    sending.delete(name);
  }
}

/** @param {HTMLFormElement} form @param {string} error */
function refuse(form, error) {
  const place = form.querySelector("[data-error]");
  const field = fieldOf(form);
  if (!(place instanceof HTMLElement) || !field) return say(error, true);
  place.hidden = false;
  place.textContent = error;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

/** What was sent goes; what was typed since stays. @param {string} id of the field @param {string | undefined} words */
function letGo(id, words) {
  const field = document.getElementById(id); // the bar may have been filled anew meanwhile
  if (!isField(field) || field.value !== words) return;
  if (field instanceof HTMLTextAreaElement && field.form) closeNote(field.form);
  else field.value = "";
}

/** The note on the message in focus, else on the conversation. */
function note() {
  const turn = document.activeElement?.closest(".turn");
  const spot = turn?.querySelector(".message-notes");
  if (spot instanceof HTMLElement) openNote(spot, draftOf(...place(spot.dataset.message ?? "")));
  else focusField("note");
}

/** A transcript that was fetched ahead is on the screen: it is put on record, and its marks are brought up to date. */
async function shown() {
  const { shownUrl, conversation } = bar()?.dataset ?? {};
  if (!shownUrl) return;
  const outcome = await once(shownUrl, new FormData()).catch(() => null);
  if (bar()?.dataset.conversation !== conversation) return;
  if (outcome && "answer" in outcome) applyMarks(outcome.answer);
  else window.location.reload();
}

/** @param {string} key */
function press(key) {
  const button = document.querySelector(`[data-marks] [data-key="${key}"]`);
  if (!(button instanceof HTMLElement)) return false;
  button.click();
  return true;
}

/** Over once the bar knows the mark that can be taken back. */
let showing = Promise.resolve();

/** `z` straight after moving on waits for the bar of what came: it alone knows which mark was the last. */
function undo() {
  void showing.then(() => press("undo"));
}

if (bar()) {
  forgetOldDrafts();
  restore();
  document.addEventListener("readback:shown", (event) => {
    if (event instanceof CustomEvent && event.detail?.isAhead) showing = shown();
    restore();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.mark) return;
    event.preventDefault();
    void send(form, event.submitter);
  });
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field instanceof HTMLInputElement && field.list?.dataset.more)
      void import("./lib/tagoffers.js").then(({ offer }) => offer(field));
    if (!(field instanceof HTMLTextAreaElement) || field.form?.dataset.mark !== "note") return;
    const fields = new FormData(field.form);
    keepDraft(...place(String(fields.get("message") ?? "")), field.value, String(fields.get("nonce") ?? ""));
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-note-open]") : null;
    const spot = link?.closest(".message-notes");
    if (!(spot instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openNote(spot, draftOf(...place(spot.dataset.message ?? "")));
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
      restore();
    }
  });
  onKeys({ r: (event) => event.repeat || press("review"), f: () => press("flag"), z: undo, t: () => focusField("tag"), c: note });
}
