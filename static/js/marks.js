// @ts-check
/** Marks in the reader: forms, keys, drafts. The page swaps its conversation: everything is asked of the document. */

import { draftOf, keepDraft, names } from "./lib/drafts.js";
import { onKeys } from "./lib/keys.js";
import { bar, fieldOf, focusField, isField, isLost, place, restore, say, tell } from "./lib/markbar.js";
import { closeNote, openNote } from "./lib/noteform.js";
import { post } from "./lib/posting.js";
import { waiting } from "./lib/waiting.js";
import { show } from "./reader/moves.js";

/** @typedef {import("./lib/waiting.js").Mark} Mark */
/** @typedef {import("./lib/posting.js").Outcome} Outcome */

const OFFLINE = "Not saved: no connection. Kept here, trying again.";
const STALE = "This page could not be brought up to date. Reload it to see what was saved.";

/** @type {Set<string>} forms on their way: a second press sends nothing more */
const sending = new Set();

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
async function send(form, submitter) {
  const kind = form.dataset.mark ?? "";
  /** @type {[string, string][]} */
  const fields = [];
  for (const [field, value] of new FormData(form, submitter))
    if (field !== "csrfmiddlewaretoken") fields.push([field, String(value).replaceAll("\r\n", "\n")]);
  const name = `${kind} ${form.action} ${new URLSearchParams(fields)}`;
  if (sending.has(name)) return;
  sending.add(name);
  const mark = { kind, conversation: bar()?.dataset.conversation ?? "", url: form.action, fields };
  const field = submitter?.hasAttribute("name") ? null : fieldOf(form);
  const words = field?.value;
  try {
    const outcome = await post(mark);
    const { applyGoing, applyMarks, forgetSaved, letGo } = await answered(outcome);
    if (!isHere(mark) || !("answer" in outcome)) return await missed(mark, outcome, form);
    forgetSaved(mark);
    if (field) letGo(field.id, words);
    const { go } = outcome.answer;
    if (!go) return applyMarks(outcome.answer);
    // Late: nothing is taken from under somebody's words.
    if (isField(document.activeElement)) {
      say("Reviewed.");
      return void refresh();
    }
    if (await show(go, { prepare: applyGoing(outcome.answer) })) tellMark();
  } finally {
    sending.delete(name);
  }
}

/** One for all, so that answers are put in place in their order. @type {Promise<import("./reader/answered.js")> | null} */
let arriving = null;

/** Fails, which is said, where the connection ends between an answer and the script; or the page is being left.
 * @param {Outcome} outcome */
const answered = (outcome) =>
  (arriving ??= import("./reader/answered.js").catch((problem) => {
    arriving = null;
    say("error" in outcome ? outcome.error : STALE, true);
    throw problem;
  }));

/** What the bar says. */
const said = () => bar()?.querySelector("[data-mark-said]")?.textContent?.trim() ?? "";

/** What a page begins with is not heard. */
const tellMark = () => tell(said());

/** @param {Mark} mark */
const isHere = (mark) => mark.conversation === bar()?.dataset.conversation;

/** @param {Mark} mark @param {Outcome} outcome @param {HTMLFormElement} [form] */
const missed = async (mark, outcome, form) => (await answered(outcome)).missed(mark, outcome, refresh, form);

/** Said while it lasts, heard once. */
function sayLost() {
  const marks = waiting().filter(([, { kind }]) => kind !== "shown");
  const kept = marks.length > 0 ? " What you marked is kept here." : "";
  say(marks.some(([, mark]) => isHere(mark)) ? OFFLINE : `No connection, trying again.${kept}`, true);
}

/** On the message in focus, else on the conversation. */
function note() {
  const turn = document.activeElement?.closest(".turn");
  const spot = turn?.querySelector(".message-notes");
  if (spot instanceof HTMLElement) openNote(spot, draftOf(...place(spot.dataset.message ?? "")));
  else focusField("note");
}

/** A transcript fetched ahead is on the screen: that is put on record, and its marks are brought up to date. */
async function shown() {
  const { shownUrl, conversation } = bar()?.dataset ?? {};
  if (!shownUrl || !conversation) return;
  const outcome = await post({ kind: "shown", conversation, url: shownUrl, fields: [] });
  if (bar()?.dataset.conversation !== conversation) return;
  if ("answer" in outcome) (await answered(outcome)).applyMarks(outcome.answer);
  else if (!("elsewhere" in outcome)) window.location.reload();
}

/** Brings the bar up to date, which then knows the last mark. */
const refresh = () => (showing = Promise.allSettled([shown()]));

/** @param {string} key */
function press(key) {
  const button = document.querySelector(`[data-marks] [data-key="${key}"]`);
  if (!(button instanceof HTMLElement)) return false;
  button.click();
  return true;
}

/** Over once the bar knows the last mark. @type {Promise<unknown>} */
let showing = Promise.resolve();
/** All that was marked. @type {Promise<unknown>} */
let sent = showing;

const NOTHING = "Nothing to take back.";

/** `z` straight after a mark or moving on waits for its bar, which alone knows the last. Not for a connection. */
async function undo() {
  if (isLost()) return;
  await sent;
  await showing;
  if (isLost() || press("undo")) return;
  // What leads on, at the end of a list, stays.
  if (bar()?.querySelector("[data-mark-said] a")) tell(NOTHING);
  else say(NOTHING);
}

if (bar()) {
  if (names().length > 0) void import("./lib/olddrafts.js").then(({ forgetOldDrafts }) => forgetOldDrafts());
  restore();
  document.addEventListener("readback:shown", (event) => {
    if (event instanceof CustomEvent && event.detail?.isAhead) void refresh();
    restore();
  });
  document.addEventListener("readback:lost", sayLost);
  document.addEventListener("readback:sent", (event) => {
    event.preventDefault();
    if (event instanceof CustomEvent) void Promise.allSettled([missed(event.detail.mark, event.detail.outcome)]);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.mark) return;
    event.preventDefault();
    sent = Promise.allSettled([sent, send(form, event.submitter)]);
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
  onKeys({ r: (event) => event.repeat || press("review"), f: () => press("flag"), z: () => void undo(), t: () => focusField("tag"), c: note });
}
