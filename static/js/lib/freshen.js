// @ts-check
/** Puts a newer state of a page part by part in place of the shown one: what did not change stays as it is. */

/** @param {HTMLElement} place @returns {HTMLElement[]} */
const parts = (place) => [...place.querySelectorAll("[data-part]")].filter((part) => part instanceof HTMLElement);
/** @param {HTMLElement} part */
const nameOf = (part) => part.getAttribute("aria-labelledby") ?? "";
/** @param {HTMLElement} part */
const heading = (part) => /** @type {HTMLElement | null} */ (part.querySelector("h2[tabindex]"));

/** Somebody is marking text in it, to copy it. @param {HTMLElement} part */
function isBeingCopied(part) {
  const selection = window.getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(part, true);
}

/** Replaces a part; who was in it with the keyboard stays at the same control, else at its heading. @param {HTMLElement} old @param {HTMLElement} fresh */
function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const scrolled = [...old.querySelectorAll(".scroll[id]")].map((box) => /** @type {const} */ ([box.id, box.scrollLeft]));
  old.replaceWith(fresh);
  for (const [id, left] of scrolled) document.getElementById(id)?.scrollTo({ left });
  if (!focused) return;
  const same = focused.id ? document.getElementById(focused.id) : null;
  (same ?? heading(fresh))?.focus({ preventScroll: true });
}

/**
 * @param {HTMLElement} shown holds elements with `data-part`, each named by its heading
 * @param {HTMLElement} fresh the same, newer
 */
export function freshen(shown, fresh) {
  Object.assign(shown.dataset, fresh.dataset);
  const old = new Map(parts(shown).map((part) => [nameOf(part), part]));
  /** @type {HTMLElement | null} */
  let before = null;
  for (const part of parts(fresh)) {
    const here = old.get(nameOf(part));
    old.delete(nameOf(part));
    let place = here ?? document.importNode(part, true);
    if (!here && before) before.after(place);
    else if (!here) shown.prepend(place);
    else if (here.outerHTML !== part.outerHTML && !isBeingCopied(here)) {
      place = document.importNode(part, true);
      replace(here, place);
    }
    before = place;
  }
  for (const gone of old.values()) {
    const wasHere = gone.contains(document.activeElement);
    gone.remove();
    if (wasHere) heading(parts(shown)[0])?.focus();
  }
}
