// @ts-check
/**
 * Words of a note that are not saved yet. They outlive the page, a lost connection and a new sign-in; they belong to
 * one person, and go when the note is saved or after three days.
 */

const PREFIX = "readback-draft:";

/** @typedef {{ text: string, nonce: string, at: number }} Draft */

/** @param {string} user @param {string} conversation @param {string} message LivePerson's id, "" for none */
function key(user, conversation, message) {
  return PREFIX + [user, conversation, message].map(encodeURIComponent).join(":");
}

/** @param {string} user @param {string} conversation @param {string} message @returns {Draft | null} */
export function draftOf(user, conversation, message) {
  try {
    const found = JSON.parse(localStorage.getItem(key(user, conversation, message)) ?? "null");
    return found && typeof found.text === "string" && found.text !== "" ? found : null;
  } catch {
    return null; // storage is refused, or somebody else's
  }
}

/** @param {string} user @param {string} conversation @param {string} message @param {string} text @param {string} nonce */
export function keepDraft(user, conversation, message, text, nonce) {
  try {
    if (text.trim() === "") localStorage.removeItem(key(user, conversation, message));
    else localStorage.setItem(key(user, conversation, message), JSON.stringify({ text, nonce, at: Date.now() }));
  } catch {
    // Full or refused: the words are still in the field.
  }
}

/** Messages of one conversation with a draft. @param {string} user @param {string} conversation @returns {string[]} */
export function draftedMessages(user, conversation) {
  const start = key(user, conversation, "");
  return names()
    .filter((name) => name.startsWith(start) && name !== start)
    .map((name) => decodeURIComponent(name.slice(start.length)));
}

/** Of all drafts here, whosever. @returns {string[]} */
export function names() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}
