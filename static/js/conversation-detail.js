// @ts-check
/** The reader: keys for the conversations beside this one and for its messages; focus follows a move. */

import { connectHint } from "./lib/hint.js";
import { onKeys } from "./lib/keys.js";
import { connectRefresh } from "./lib/refreshed.js";

const MOVED = "readback-moved";

/** @param {string} selector */
function press(selector) {
  const link = document.querySelector(selector);
  if (!(link instanceof HTMLElement)) return false;
  link.click();
  return true;
}

/** @param {HTMLElement} reader */
function connectMoves(reader) {
  reader.querySelectorAll("[data-move]").forEach((link) =>
    link.addEventListener("click", () => sessionStorage.setItem(MOVED, "1")),
  );
  if (sessionStorage.getItem(MOVED) === null) return;
  sessionStorage.removeItem(MOVED);
  const heading = reader.querySelector("[data-heading]");
  if (heading instanceof HTMLElement && !location.hash) heading.focus({ preventScroll: true });
}

/** Messages that can be seen: those of a folded run are passed over. @param {HTMLElement} reader */
function messages(reader) {
  const all = /** @type {HTMLElement[]} */ ([...reader.querySelectorAll(".turn")]);
  return all.filter((message) => !message.closest("details:not([open])"));
}

/** @param {HTMLElement} reader @param {number} step */
function step(reader, step) {
  const all = messages(reader);
  const here = all.findIndex((message) => message.contains(document.activeElement));
  const edge = 160;
  const seen = all.findIndex((message) => message.getBoundingClientRect().top >= edge);
  const from = here >= 0 ? here : (seen < 0 ? all.length : seen) - (step > 0 ? 1 : 0);
  all[Math.min(Math.max(from + step, 0), all.length - 1)]?.focus();
}

/** @param {HTMLElement} reader */
function connectMessages(reader) {
  const controls = reader.querySelector("[data-message-steps]");
  if (controls instanceof HTMLElement) controls.hidden = false;
  reader.querySelector("[data-message-next]")?.addEventListener("click", () => step(reader, 1));
  reader.querySelector("[data-message-previous]")?.addEventListener("click", () => step(reader, -1));
}

let lastMatch = -1;

/** Messages that hold what was searched for. @param {HTMLElement} reader @param {number} step */
function stepMatch(reader, step) {
  const all = /** @type {HTMLElement[]} */ ([...reader.querySelectorAll(".turn-match")]);
  if (all.length === 0) return false;
  const named = decodeURIComponent(location.hash.slice(1)) || reader.dataset.opensAt;
  const here = lastMatch < 0 ? all.findIndex((message) => message.id === named) : lastMatch;
  // Behind the last one comes the first.
  lastMatch = here < 0 && step < 0 ? all.length - 1 : (here + step + all.length) % all.length;
  all[lastMatch].focus({ preventScroll: true });
  all[lastMatch].scrollIntoView({ block: "center" });
  return true;
}

/** @param {HTMLElement} reader */
function connectMatches(reader) {
  const controls = reader.querySelector("[data-match-steps]");
  if (controls instanceof HTMLElement) controls.hidden = false;
  reader.querySelector("[data-match-next]")?.addEventListener("click", () => stepMatch(reader, 1));
  reader.querySelector("[data-match-previous]")?.addEventListener("click", () => stepMatch(reader, -1));
}

/** A link to a message inside a folded run opens the run. */
function openTarget() {
  const target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  const folded = target?.closest("details");
  if (!folded || folded.open) return;
  folded.open = true;
  target?.scrollIntoView();
}

/** Where this person wants transcripts to open; an address that names a message wins. @param {HTMLElement} reader */
function openAt(reader) {
  const message = reader.dataset.opensAt ? document.getElementById(reader.dataset.opensAt) : null;
  if (message && !location.hash) message.scrollIntoView({ block: "center" });
}

function connectCopy() {
  const button = document.querySelector("[data-copy-id]");
  const id = document.querySelector("[data-conversation-id]")?.textContent ?? "";
  const said = document.querySelector("[data-said]");
  if (!(button instanceof HTMLButtonElement) || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(id);
    button.textContent = "Copied";
    if (said) said.textContent = "The conversation's id is copied.";
  });
}

/** Beside the transcript the pane is open; folded under the header where windows are narrow, also in the tab order. @param {HTMLElement} reader */
function connectContext(reader) {
  const pane = document.querySelector("[data-context]");
  const fold = pane?.querySelector("details");
  const head = reader.querySelector("header");
  if (!pane || !fold || !head) return;
  const narrow = window.matchMedia("(width < 1280px)");
  const settle = () => {
    fold.open = !narrow.matches;
    (narrow.matches ? head : reader).after(pane);
  };
  settle();
  narrow.addEventListener("change", settle);
}

const reader = document.querySelector("[data-reader]");
if (reader instanceof HTMLElement) {
  connectContext(reader);
  connectMoves(reader);
  connectMessages(reader);
  connectMatches(reader);
  connectCopy();
  const hint = reader.querySelector("[data-keys-hint]");
  if (hint instanceof HTMLElement) connectHint(hint);
  const refresh = document.querySelector("[data-refresh]");
  if (refresh instanceof HTMLFormElement) connectRefresh(refresh);
  openTarget();
  openAt(reader);
  window.addEventListener("hashchange", openTarget);
  onKeys({
    j: () => press("[data-key-next]"),
    k: () => press("[data-key-previous]"),
    u: () => press("[data-key-back]"),
    J: () => step(reader, 1),
    K: () => step(reader, -1),
    n: () => stepMatch(reader, 1),
    N: () => stepMatch(reader, -1),
  });
}
