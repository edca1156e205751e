// @ts-check
/** The controls that copy; what they do is fetched when one is first pressed. */

/** @param {"copyLink" | "copyId"} what */
export const copy = (what) => void import("./clipboard.js").then((clipboard) => clipboard[what]());

/** @param {HTMLElement} reader */
export function connectCopying(reader) {
  for (const button of reader.querySelectorAll("[data-copy-link], [data-copy-id]")) {
    button.toggleAttribute("hidden", !navigator.clipboard);
    // The press must not take the focus from the message whose link is meant.
    button.addEventListener("mousedown", (event) => event.preventDefault());
  }
  for (const link of navigator.clipboard ? reader.querySelectorAll("[data-copy-text]") : []) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      void import("./clipboard.js").then(({ copyText }) => copyText(/** @type {HTMLAnchorElement} */ (link)));
    });
  }
}
