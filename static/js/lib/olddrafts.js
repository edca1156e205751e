// @ts-check
/** Lets go of drafts that are saved or that nobody came back for; fetched where there are drafts. */

import { draftOf, keepDraft, names } from "./drafts.js";

const LONGEST = 3 * 24 * 3600 * 1000;

/** The draft of a note that is saved. @param {import("./waiting.js").Mark} mark */
export function forgetSaved({ kind, conversation, fields }) {
  const { text, message = "" } = Object.fromEntries(fields);
  const user = document.documentElement.dataset.person ?? "";
  if (kind === "note" && draftOf(user, conversation, message)?.text === text) keepDraft(user, conversation, message, "", "");
}

export function forgetOldDrafts() {
  for (const name of names()) {
    try {
      const { at } = JSON.parse(localStorage.getItem(name) ?? "{}");
      if (!(Date.now() - at < LONGEST)) localStorage.removeItem(name);
    } catch {
      localStorage.removeItem(name);
    }
  }
}
