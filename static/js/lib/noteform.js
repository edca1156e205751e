// @ts-check
/** The form of a note under its message, made from the one of the bar. */

import { bar, setValue } from "./markbar.js";

/**
 * @param {HTMLElement} spot the element with `data-message` under a message
 * @param {import("./drafts.js").Draft | null} draft
 */
export function openNote(spot, draft) {
  const open = spot.querySelector("form");
  if (open) {
    open.querySelector("textarea")?.focus();
    return;
  }
  const model = bar()?.querySelector('form[data-mark="note"]');
  if (!(model instanceof HTMLFormElement)) return;
  const form = /** @type {HTMLFormElement} */ (model.cloneNode(true));
  form.className = "note-form";
  setValue(form, "message", spot.dataset.message ?? "");
  if (draft?.nonce) setValue(form, "nonce", draft.nonce);
  const field = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
  const label = /** @type {HTMLLabelElement} */ (form.querySelector("[data-note-label]"));
  label.textContent = "Note on this message";
  label.htmlFor = field.id = `note-on-${spot.dataset.message}`;
  field.value = draft?.text ?? "";
  spot.append(form);
  field.focus();
}

/** Saved or put away: the focus goes back to the message. @param {HTMLFormElement} form */
export function closeNote(form) {
  const turn = form.closest(".turn");
  const fold = form.closest("details");
  if (form.classList.contains("note-form")) form.remove();
  else form.reset();
  if (turn instanceof HTMLElement) turn.focus({ preventScroll: true });
  else if (fold) {
    fold.open = false;
    fold.querySelector("summary")?.focus({ preventScroll: true });
  }
}
