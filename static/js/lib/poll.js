// @ts-check
/** Asks again and again, only while the page is looked at and never twice at once. */

/**
 * @param {(signal: AbortSignal) => Promise<void>} ask
 * @param {() => number} pause milliseconds until the next question
 */
export function poll(ask, pause) {
  /** @type {AbortController | null} */
  let asking = null;
  let timer = 0;

  const again = () => {
    window.clearTimeout(timer);
    if (!document.hidden) timer = window.setTimeout(once, pause());
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
}
