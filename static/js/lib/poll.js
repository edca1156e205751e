// @ts-check
/** Asks again and again, only while the page is looked at and never twice at once. */

/** What an address answers with while nobody presses anything; nothing where that is a sign-in or an error.
 * @param {string} url @param {AbortSignal} [signal] @returns {Promise<any>} */
export async function asked(url, signal) {
  const answer = await fetch(url, { signal, headers: { "X-Readback-Poll": "1" } });
  return answer.ok && !answer.redirected ? answer.json() : undefined;
}

const PAUSES = [1000, 2000, 5000, 10000];

/** Until the connection may be back. @param {number} tries in vain before */
export const pause = (tries) =>
  new Promise((resolve) => {
    window.setTimeout(resolve, PAUSES[Math.min(tries, PAUSES.length - 1)]);
    window.addEventListener("online", resolve, { once: true });
  });

/**
 * @param {(signal: AbortSignal) => Promise<void>} ask
 * @param {() => number} pause milliseconds until the next question; Infinity to stop asking
 * @returns {() => void} looks at the pause anew, which may have become shorter
 */
export function poll(ask, pause) {
  /** @type {AbortController | null} */
  let asking = null;
  let timer = 0;

  const again = () => {
    window.clearTimeout(timer);
    const wait = pause();
    if (!document.hidden && Number.isFinite(wait)) timer = window.setTimeout(once, wait);
  };
  const once = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      await ask(asking.signal);
    } catch {
      // No connection, or cancelled: what is shown stays, and the next turn asks again.
    }
    again();
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) asking?.abort();
    again();
  });
  again();
  return again;
}
