// @ts-check
/** What a mark was answered with, put where it belongs on the page; fetched with the first answer. */

import { bar, fieldOf, focusField, foldOf, isField, restore, say } from "../lib/markbar.js";
import { closeNote } from "../lib/noteform.js";
import { forgetSaved } from "../lib/olddrafts.js";
import { waiting } from "../lib/waiting.js";
import { OUTSIDE, countOwn, putPlace } from "./lateplace.js";

export { forgetSaved };

/** @param {string} html @returns {Element | null} */
function parsed(html = "") {
  return new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
}

/** @param {Element | null | undefined} old @param {Element | null | undefined} fresh */
function refill(old, fresh) {
  if (old && fresh) old.replaceChildren(...Array.from(fresh.childNodes, (node) => document.importNode(node, true)));
}

/** Where the keyboard goes on when what it stood on is no more: its like, else what was marked, else what is around it. */
function focusKeeper() {
  const old = document.activeElement;
  const token = old?.closest("form")?.querySelector('[name="mark"]')?.getAttribute("value") ?? "";
  const fold = old?.closest("[data-fold]")?.getAttribute("data-fold");
  const key = old?.getAttribute("data-key");
  const turn = old?.closest(".turn");
  return () => {
    const like = key && document.querySelector(`[data-key="${key}"]`);
    const marked = token && document.querySelector(`[data-key="${token.replace(/^un|:.*/g, "")}"]`);
    const around = turn ?? (fold && document.querySelector(`[data-fold="${fold}"] > summary`));
    const control = old === document.body ? null : like || marked || around || document.querySelector("[data-key=review]");
    if (control instanceof HTMLElement) control.focus({ preventScroll: true });
  };
}

/** Put fresh pieces in place of old ones; focus stays where it was, and so does what is being typed.
 * @param {import("../lib/posting.js").Answer} answer */
export function applyMarks(answer) {
  const goBack = focusKeeper();
  const fresh = parsed(answer.bar);
  const mine = bar();
  if (fresh && mine) {
    mine.dataset.shownUrl = fresh.getAttribute("data-shown-url") ?? "";
    const folds = [...mine.querySelectorAll("details")].map((fold) => {
      const field = fieldOf(fold);
      // A tag was taken off: its sheet, where keys would sleep, is done with.
      const isDone = fold.querySelector(".mark-tags")?.contains(document.activeElement);
      return { fold, words: field?.value, isTyping: field === document.activeElement, isOpen: fold.open && !isDone };
    });
    refill(mine.querySelector("[data-mark-controls]"), fresh.querySelector("[data-mark-controls]"));
    const said = mine.querySelector("[data-mark-said]");
    said?.classList.remove("is-bad");
    refill(said, fresh.querySelector("[data-mark-said]"));
    for (const { fold, words, isTyping, isOpen } of folds) {
      const name = fold.dataset.fold ?? "";
      const field = fieldOf(foldOf(name));
      if (field && words) field.value = words;
      if (isOpen) foldOf(name)?.setAttribute("open", "");
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
    const notes = document.querySelector(`[data-message="${CSS.escape(answer.message)}"] [data-notes]`);
    notes?.replaceChildren(...(answer.notes ? [/** @type {Element} */ (parsed(answer.notes))] : []));
  }
  const reader = document.querySelector("[data-reader]");
  if (reader) {
    const wasOutside = isOutside();
    putPlace(reader, answer);
    countOwn(reader, Number(wasOutside) - Number(isOutside()));
  }
  if (document.activeElement === document.body) goBack();
}

/** What left the list by one's own mark, by its address. @type {Set<string>} */
const gone = new Set();

const isOutside = () => document.querySelector("[data-late-place]")?.textContent === OUTSIDE;

/**
 * Called before the conversation in hand is left for another: gives what puts into the other what its page may have been
 * fetched too early to know. The row of the one that was marked shows it, and the other stands where it stands by now.
 * @param {import("../lib/posting.js").Answer} answer
 * @returns {(fresh: HTMLElement) => void}
 */
export function applyGoing(answer) {
  const { pathname } = window.location;
  const hasLeft = answer.left && !isOutside();
  return (fresh) => {
    const rows = /** @type {HTMLAnchorElement[]} */ ([...fresh.querySelectorAll(".pane-row")]);
    const marked = answer.left === undefined ? window.location.pathname : pathname;
    refill(rows.find((row) => row.pathname === marked)?.querySelector(".pane-marks"), parsed(answer.row));
    if (hasLeft && gone.add(pathname)) countOwn(fresh, -1);
    else if (answer.place && gone.delete(window.location.pathname)) countOwn(fresh, 1); // taken back
    putPlace(fresh, answer);
  };
}

/** What was sent goes; what was typed since stays. @param {string} id of the field @param {string | undefined} words */
export function letGo(id, words) {
  const field = document.getElementById(id); // the bar may have been filled anew meanwhile
  if (!isField(field) || field.value !== words) return;
  if (field instanceof HTMLTextAreaElement && field.form) closeNote(field.form);
  else field.value = "";
}

/** Of the row of the conversation that was marked. @param {string} url to which the mark was sent */
function marksOf(url) {
  const path = new URL(url, location.href).pathname.replace(/[^/]*$/, "");
  const rows = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll(".pane-row")]);
  return rows.find((row) => row.pathname === path)?.querySelector(".pane-marks");
}

/** Not taken, or heard of on another page than it was left on.
 * @param {import("../lib/waiting.js").Mark} mark @param {import("../lib/posting.js").Outcome} outcome
 * @param {() => Promise<unknown>} refresh brings the bar up to date @param {HTMLFormElement} [form] */
export async function missed(mark, outcome, refresh, form) {
  const isHere = mark.conversation === bar()?.dataset.conversation;
  if (!("answer" in outcome || "elsewhere" in outcome)) {
    const words = "error" in outcome ? outcome.error : "Not saved. Reload this page.";
    const parts = await import("../lib/refused.js").catch(() => null); // where the connection ends behind the answer
    return parts ? parts.refuse(mark, outcome, form) : say(words, true);
  }
  forgetSaved(mark);
  if (mark.kind === "note" && isHere) letGo("mark-note", Object.fromEntries(mark.fields).text);
  if ("answer" in outcome && mark.kind !== "undo") refill(marksOf(mark.url), parsed(outcome.answer.row));
  // The bar is older than the mark, which is the last by now; a newer one may be on its way already.
  const here = bar()?.dataset.conversation;
  const isComing = waiting().some(([, other]) => other.kind === "shown" && other.conversation === here);
  if (mark.kind !== "shown" && !isComing) void refresh();
  // Left before a sign-in, it tells of what was sent before it.
  if (mark.kind === "shown" && isHere && "answer" in outcome) applyMarks(outcome.answer);
}
