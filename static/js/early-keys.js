// @ts-check
/** Keys pressed while a page's scripts are still on their way are pressed again once they are here. */
(() => {
  /** @type {KeyboardEvent[]} */
  const early = [];
  const keep = (/** @type {KeyboardEvent} */ event) => void early.push(event);
  document.addEventListener("keydown", keep);
  window.addEventListener("load", () => {
    document.removeEventListener("keydown", keep);
    // Those that were heard after all are spent.
    for (const key of early) if (!key.defaultPrevented) key.target?.dispatchEvent(new KeyboardEvent("keydown", key));
  });
})();
