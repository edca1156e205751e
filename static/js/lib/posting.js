// @ts-check
/** Sends a mark and goes on trying while there is no connection; a mark that arrives twice is left once. */

const PAUSES = [1000, 2000, 5000, 10000];

/**
 * @typedef {{ go?: string, bar?: string, section?: string, row?: string, progress?: string, end?: string, message?: string, notes?: string }} Answer
 * @typedef {{ answer: Answer } | { error: string } | { signedOut: true } | { gone: true }} Outcome
 */

/**
 * @param {string} url
 * @param {FormData} fields
 * @param {() => void} whenOffline called before each new try
 * @returns {Promise<Outcome>}
 */
export async function post(url, fields, whenOffline) {
  fields.delete("csrfmiddlewaretoken");
  for (let tries = 0; ; tries += 1) {
    try {
      return await once(url, fields);
    } catch {
      whenOffline();
      const pause = PAUSES[Math.min(tries, PAUSES.length - 1)];
      await new Promise((resolve) => {
        window.setTimeout(resolve, pause);
        window.addEventListener("online", resolve, { once: true });
      });
    }
  }
}

/** Fails where another try may help. @param {string} url @param {FormData} body @returns {Promise<Outcome>} */
export async function once(url, body) {
  // The token of this moment: a sign-in in another tab makes a new one.
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
  const headers = { "X-Readback-Marks": "1", "X-CSRFToken": token };
  // What is on its way arrives although the page is left.
  const answer = await fetch(url, { method: "POST", body, headers, keepalive: true });
  // To the sign-in; or the session is another one by now, whose token this page does not have.
  if (answer.redirected || answer.status === 403) return { signedOut: true };
  if (answer.status === 404) return { gone: true };
  if (answer.status >= 500) throw new Error("try again");
  const found = await answer.json();
  return answer.ok ? { answer: found } : { error: String(found.error) };
}
