// @ts-check
/** Where a transcript opens: at the message that the address names, the first match, the largest fall, or its start. */

/** @returns {HTMLElement | null} the message that the address names */
export function named() {
  return location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
}

/** A message inside a folded run is only seen once the run is open. @param {HTMLElement} message */
export function unfold(message) {
  const fold = message.closest("details");
  if (fold && !fold.open) fold.open = true;
}

/** @param {HTMLElement} message */
function goTo(message) {
  unfold(message);
  message.scrollIntoView({ block: "center" });
  // Messages that were never drawn have an estimated height until they are: once more, when they have been.
  requestAnimationFrame(() => message.scrollIntoView({ block: "center" }));
}

/** @param {HTMLElement} reader @param {boolean} isNew swapped in: the window still stands where the one before was left */
export function open(reader, isNew) {
  const target = named();
  if (target) {
    if (isNew || target.closest("details:not([open])")) goTo(target);
    return;
  }
  const wanted = reader.dataset.opensAt ? document.getElementById(reader.dataset.opensAt) : null;
  if (wanted) goTo(wanted);
  else if (isNew) window.scrollTo({ top: 0, behavior: "instant" });
}
