// @ts-check
/** Lets go of drafts that nobody came back for; fetched where there are drafts. */

import { names } from "./drafts.js";

const LONGEST = 3 * 24 * 3600 * 1000;

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
