// @ts-check
/** A figure's definition: press opens it anyway; with this also hover and focus do, and Esc closes it. */

const PAUSE = 150;

/** @param {HTMLDetailsElement} details */
export function connect(details) {
  const summary = details.querySelector("summary");
  let timer = 0;
  // Opened by hover it closes when the pointer leaves; pressed open it stays until pressed or left.
  let isPinned = false;

  const open = (/** @type {boolean} */ isOpen) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      details.open = isOpen;
    }, PAUSE);
  };
  const close = () => {
    window.clearTimeout(timer);
    isPinned = false;
    details.open = false;
  };

  details.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "mouse" && !isPinned) open(true);
  });
  details.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && !isPinned) open(false);
  });
  summary?.addEventListener("click", (event) => {
    event.preventDefault();
    window.clearTimeout(timer);
    isPinned = !isPinned;
    details.open = isPinned;
  });
  summary?.addEventListener("focus", () => {
    if (summary.matches(":focus-visible")) open(true);
  });
  details.addEventListener("focusout", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && details.open) close();
  });
}
