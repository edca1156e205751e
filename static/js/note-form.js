// @ts-check
/** The page on which a note is written or changed: drafts, and saving that survives a lost connection or sign-in. */

import { draftOf, keepDraft } from "./lib/drafts.js";
import { forgetOldDrafts } from "./lib/olddrafts.js";
import { post } from "./lib/posting.js";

/** @param {HTMLFormElement} form */
function connect(form) {
  const field = form.querySelector("textarea");
  if (!field) return;
  const { user = "", conversation = "", note = "", saved = "", back = "" } = form.dataset;
  /** @param {string} name @returns {HTMLInputElement | null} */
  const hidden = (name) => form.querySelector(`input[name="${name}"]`);
  // Other words for a note are a draft apart from those of a note that is yet to be written.
  /** @type {[string, string, string]} */
  const place = note ? [`${user}/notes`, conversation, note] : [user, conversation, hidden("message")?.value ?? ""];

  const said = form.querySelector("[data-note-said]");
  /** @param {string} text @param {HTMLElement[]} more */
  const say = (text, ...more) => said?.replaceChildren(text, ...more.flatMap((each) => [" ", each]));

  const keep = () => keepDraft(...place, field.value === saved ? "" : field.value, hidden("nonce")?.value ?? "");

  function restore() {
    const draft = draftOf(...place);
    if (!field || !draft || draft.text === saved) return;
    field.value = draft.text;
    const nonce = hidden("nonce");
    if (nonce && draft.nonce) nonce.value = draft.nonce;
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "link";
    undo.textContent = saved ? "Back to the saved words" : "Begin anew";
    undo.addEventListener("click", () => {
      field.value = saved;
      keep();
      say("");
      field.focus();
    });
    say("These words are a draft that is not saved yet.", undo);
  }

  async function send() {
    if (!field || field.readOnly) return;
    field.readOnly = true; // what is on its way is what is saved
    /** @type {[string, string][]} */
    const fields = [];
    for (const [name, value] of new FormData(form))
      if (name !== "csrfmiddlewaretoken") fields.push([name, String(value).replaceAll("\r\n", "\n")]);
    const outcome = await post({ kind: "note", conversation, url: form.action, fields });
    field.readOnly = false;
    if ("answer" in outcome || "elsewhere" in outcome) {
      keepDraft(...place, "", "");
      window.location.assign(back);
    } else if ("signedOut" in outcome) {
      const link = document.createElement("a");
      link.href = `/login/?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
      link.textContent = "Sign in";
      say("You were signed out. Sign in again; your note is kept.", link);
    } else if ("gone" in outcome) {
      say("Not saved: this conversation is not to be seen any more.");
    } else form.submit(); // refused: the page that comes says why
  }

  forgetOldDrafts();
  if (field.value === saved) restore();
  else keep(); // what came back with the page was typed last
  field.setSelectionRange(field.value.length, field.value.length);
  field.addEventListener("input", keep);
  document.addEventListener("readback:lost", () => {
    if (field.readOnly) say("Not saved: no connection. Kept here, trying again.");
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep();
    void send();
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") window.location.assign(back);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}

const form = document.querySelector("[data-note-form]");
if (form instanceof HTMLFormElement) connect(form);
