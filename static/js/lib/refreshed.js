// @ts-check
/** Asks LivePerson for one conversation anew and says what became of it; the page itself waits to be asked. */

import { poll } from "./poll.js";

const PAUSE = 1500;

/** @param {HTMLFormElement} form followed by the element with `data-asked` */
export function connectRefresh(form) {
  const said = /** @type {HTMLElement} */ (document.querySelector("[data-asked]"));
  const isOpen = () => said.dataset.asked === "open";

  /** @param {AbortSignal} signal */
  async function look(signal) {
    const answer = await fetch(form.action, { signal, headers: { "X-Readback-Poll": "1" } });
    // Signed out, or not to be seen any more: the page itself says it better.
    if (answer.redirected || answer.status === 404) return window.location.reload();
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-asked]");
    if (!(fresh instanceof HTMLElement)) return;
    said.dataset.asked = fresh.dataset.asked;
    if (fresh.textContent === said.textContent) return; // said once is enough
    said.replaceChildren(...Array.from(fresh.childNodes, (node) => document.importNode(node, true)));
  }

  // Another conversation may have taken the place meanwhile.
  const again = poll(look, () => (isOpen() && form.isConnected ? PAUSE : Infinity));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isOpen()) return;
    said.dataset.asked = "open";
    said.textContent = "Asking LivePerson…";
    try {
      // The answer leads back to this page, which is here already.
      await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
      again();
    } catch {
      said.dataset.asked = "done";
      said.textContent = "LivePerson was not asked: no connection to Readback.";
    }
  });
}
