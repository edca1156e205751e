// @ts-check
/** Marks in the reader: forms that are sent without leaving the transcript, keys, drafts. Works on a page that swaps
 * its conversation: everything is asked of the document. */

import { draftOf, forgetOldDrafts, keepDraft } from "./lib/drafts.js";
import { onKeys } from "./lib/keys.js";
import { applyMarks, bar, focusField, place, restore, say } from "./lib/markbar.js";
import { closeNote, openNote } from "./lib/noteform.js";
import { post } from "./lib/posting.js";

export { applyMarks };

const OFFLINE = "Not saved: no connection. Kept here, trying again.";

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
  const draft = place(String(fields.get("message") ?? ""));
  try {
    const outcome = await post(form.action, fields, () => say(OFFLINE, true));
    if ("answer" in outcome && kind === "note") keepDraft(...draft, "", "");
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
      took(kind, form, outcome.answer);
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

/** @param {string} kind @param {HTMLFormElement} form @param {import("./lib/posting.js").Answer} answer */
function took(kind, form, answer) {
  if (kind === "note") closeNote(form);
  if (answer.go) go(answer.go);
  else applyMarks(answer);
}

/** The note on the message in focus, else on the conversation. */
function note() {
  const turn = document.activeElement?.closest(".turn");
  const spot = turn?.querySelector(".message-notes");
  if (spot instanceof HTMLElement) openNote(spot, bar(), draftOf(...place(spot.dataset.message ?? "")));
  else focusField("note");
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

/** On its way: the answer brings the bar, and with it the mark that can be taken back. @type {Promise<unknown> | null} */
let showing = null;

/** `z` straight after moving on waits for the bar of what came: it alone knows which mark was the last. */
function undo() {
  if (showing) void showing.then(() => press("undo"));
  else press("undo");
}

if (bar()) {
  forgetOldDrafts();
  restore();
  document.addEventListener("readback:shown", (event) => {
    if (event instanceof CustomEvent && event.detail?.isAhead) {
      const mine = shown().finally(() => {
        if (showing === mine) showing = null;
      });
      showing = mine;
    }
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
      restore();
    }
  });
  onKeys({ r: (event) => event.repeat || press("review"), f: () => press("flag"), z: undo, t: () => focusField("tag"), c: note });
}
