// @ts-check
/** The panes beside the transcript: closed ones stay closed, in narrow windows the context folds. */

import { tell } from "../lib/markbar.js";
import { standAt, standing } from "./place.js";
import { edge } from "./seen.js";

const narrow = window.matchMedia("(width < 1280px)");

/** Where a person was when they called for the context. @type {WeakMap<HTMLElement, ReturnType<typeof standing>>} */
const left = new WeakMap();

/** @returns {HTMLElement | null} */
const current = () => document.querySelector("[data-reader]");

/** Under the head in narrow windows, also in the order of focus. @param {HTMLElement} reader */
function settle(reader) {
  const pane = reader.querySelector("[data-aside]");
  const head = reader.querySelector(".reader-head");
  const main = reader.querySelector("main");
  const fold = pane?.querySelector("[data-context-fold]");
  if (!pane || !head || !main || !(fold instanceof HTMLDetailsElement)) return;
  const before = narrow.matches ? head : main;
  if (before.nextElementSibling !== pane) before.after(pane);
  fold.open = !narrow.matches;
  left.delete(fold);
}

/** @param {HTMLFormElement} form @param {HTMLButtonElement} button */
function keep(form, button) {
  const body = new FormData(form, button);
  body.delete("next");
  // If it fails the pane is as before on the next page.
  void fetch(form.action, { method: "POST", body, keepalive: true }).catch(() => undefined);
}

/** @param {SubmitEvent} event */
function press(event) {
  const form = event.target;
  const button = event.submitter;
  const reader = current();
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-pane-form]") || !reader) return;
  if (!(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  const name = String(new FormData(form).get("pane"));
  const isOpen = button.value === "1";
  reader.setAttribute(`data-${name}`, isOpen ? "open" : "closed");
  tell(`The ${name} is ${isOpen ? "shown" : "hidden"}.`);
  keep(form, button);
  // Focus stays with the pane's other button.
  const other = [...reader.querySelectorAll(`.pane-form-${name} button`)].find((each) => each !== button);
  if (other instanceof HTMLElement) other.focus({ preventScroll: true });
}

/** @param {HTMLDetailsElement} fold */
function turn(fold) {
  if (!fold.open) left.set(fold, standing());
  // Who has read on below it stays there.
  const place = fold.getBoundingClientRect().bottom > edge() ? left.get(fold) : standing();
  if (fold.open) left.delete(fold);
  fold.open = !fold.open;
  tell(`The context is ${fold.open ? "shown" : "hidden"}.`);
  // From its first line: it may be longer than the window.
  if (fold.open) fold.scrollIntoView({ block: "start" });
  else if (place) standAt(place);
}

/** `i`: the pane in wide windows, the fold in narrow ones. */
export function toggleContext() {
  const reader = current();
  const fold = reader?.querySelector("[data-context-fold]");
  if (!reader || !(fold instanceof HTMLDetailsElement)) return false;
  if (narrow.matches) {
    turn(fold);
    return true;
  }
  const wanted = reader.dataset.context === "open" ? "0" : "1";
  const button = reader.querySelector(`.pane-form-context button[value="${wanted}"]`);
  if (button instanceof HTMLButtonElement) button.form?.requestSubmit(button);
  return true;
}

const FOLDS = "readback-folds";

/** @returns {Record<string, boolean>} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(FOLDS) ?? "{}");
  } catch {
    return {};
  }
}

/** Blocks that this person folded stay folded. @param {HTMLElement} reader */
function connectFolds(reader) {
  const states = kept();
  for (const fold of reader.querySelectorAll(".context details[data-fold]")) {
    if (!(fold instanceof HTMLDetailsElement)) continue;
    const name = fold.dataset.fold ?? "";
    if (name in states) fold.open = states[name];
    fold.querySelector("summary")?.addEventListener("click", () => {
      localStorage.setItem(FOLDS, JSON.stringify({ ...kept(), [name]: !fold.open }));
    });
  }
}

/** @param {HTMLElement} reader */
export function connectPanes(reader) {
  settle(reader);
  connectFolds(reader);
}

document.addEventListener("submit", press);
document.addEventListener("click", ({ target }) => {
  // By hand, wherever they are by then.
  const fold = target instanceof Element && target.closest("summary")?.parentElement;
  if (fold) left.delete(fold);
});
narrow.addEventListener("change", () => {
  const reader = current();
  if (reader) settle(reader);
});
