// @ts-check
/** Sends marks in their order and goes on trying while there is no connection; what arrives twice is left once. */

import { pause } from "./poll.js";
import { drop, keep, refused, waiting } from "./waiting.js";

/**
 * @typedef {{ go?: string, bar?: string, section?: string, row?: string, progress?: string, end?: string, message?: string, notes?: string,
 *   place?: string, count?: number | null, is_outside?: boolean, left?: boolean }} Answer
 * @typedef {{ answer: Answer } | { error: string } | { signedOut: true } | { gone: true } | { elsewhere: true }} Outcome
 * @typedef {import("./waiting.js").Mark} Mark
 */

const TIME = 30_000;
// Of all that a page has on its way browsers send no more than this once it is left.
const MOST = 60_000;
// So often Readback itself may fail before that is said.
const FAILURES = 4;

/** @type {Map<string, (outcome: Outcome) => void>} who waits to hear of a mark, by its name */
const asking = new Map();
let isSending = false;
let failures = 0;

/** @param {Mark} mark @returns {Promise<Outcome>} */
export function post(mark) {
  const name = keep(mark);
  const outcome = new Promise((/** @type {(outcome: Outcome) => void} */ resolve) => asking.set(name, resolve));
  void sendWaiting();
  return outcome;
}

/** Sends what waits, from earlier pages too: `readback:lost` tells each failure, `readback:sent` what nobody waits for.
 * A refusal is kept until it was heard. */
export async function sendWaiting() {
  if (isSending) return;
  isSending = true;
  for (let tries = 0; ; tries += 1) {
    try {
      // One window at a time, so that nothing overtakes; browsers know locks where the address is safe.
      await ("locks" in navigator ? navigator.locks.request("readback-waiting", sendAll) : sendAll());
      break;
    } catch {
      document.dispatchEvent(new Event("readback:lost"));
      await pause(tries);
    }
  }
  isSending = false;
  if (asking.size > 0) void sendWaiting(); // left just now
  // Another window's come first.
  if (refused().length > 0) window.setTimeout(async () => (await import("./unasked.js")).tellRefused(), 2000);
}

async function sendAll() {
  for (let next; (next = waiting()[0]); ) {
    const [name, mark] = next;
    const outcome = await once(mark);
    failures = 0;
    if ("signedOut" in outcome) {
      // Whoever asked keeps a note as a draft; all else waits here until this person is back.
      for (const [each, { kind }] of waiting()) if (kind === "note" && asking.has(each)) drop(each);
      for (const resolve of asking.values()) resolve(outcome);
      return asking.clear();
    }
    const resolve = asking.get(name);
    asking.delete(name);
    if (resolve || "answer" in outcome) drop(name);
    else keep({ ...mark, outcome }, name);
    if (resolve) resolve(outcome);
    else if ("answer" in outcome) (await import("./unasked.js")).saved(mark, outcome);
  }
  for (const [name, resolve] of asking) {
    const [, mark] = refused().find(([each]) => each === name) ?? [];
    drop(name);
    resolve(mark ? mark.outcome : { elsewhere: true }); // by another window
  }
  asking.clear();
}

/** Fails where another try may help. @param {Mark} mark @returns {Promise<Outcome>} */
async function once({ url, fields }) {
  const body = new URLSearchParams(fields);
  // The token of this moment: a sign-in in another tab makes a new one.
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
  const person = document.documentElement.dataset.person ?? "";
  const headers = { "X-Readback-Marks": "1", "X-Readback-Person": person, "X-CSRFToken": token };
  // What is on its way arrives although the page is left.
  const keepalive = String(body).length < MOST;
  const answer = await fetch(url, { method: "POST", body, headers, keepalive, signal: AbortSignal.timeout(TIME) });
  // To the sign-in; or the session is another one by now, or somebody else's.
  if (answer.redirected || answer.headers.has("X-Readback-Signed-Out")) return { signedOut: true };
  if (answer.status === 404) return { gone: true };
  const isAway = [502, 504].includes(answer.status); // as a proxy says it
  if (isAway || (answer.status >= 500 && (failures += 1) < FAILURES)) throw new Error("try again");
  if (answer.ok) return { answer: await answer.json() };
  const found = await answer.json().catch(() => null);
  return { error: found?.error ?? `Not saved: it was refused (${answer.status}).` };
}
