// @ts-check
/** Where a transcript opens: at the message that the address names, the first match, the largest fall, or its start. */

/** What is inside folded parts is only seen once they are open. @param {Element} element */
export function unfold(element) {
  element.closest(".context")?.parentElement?.setAttribute("data-context", "open");
  const fold = element.parentElement?.closest("details");
  if (!fold) return;
  fold.open = true;
  unfold(fold);
}

/** @param {Element} element */
function goTo(element) {
  unfold(element);
  element.scrollIntoView({ block: "center" });
  // Once more: messages that were never drawn had an estimated height.
  requestAnimationFrame(() => element.scrollIntoView({ block: "center" }));
}

/** @returns {HTMLElement | null} what the address names, a message as a rule */
const named = () => document.getElementById(location.hash.slice(1));

/** Another address of the same conversation: the browser goes there, but not into what is folded. */
export function followHash() {
  const target = named();
  if (target?.closest("details:not([open])")) goTo(target);
}

/** @param {HTMLElement} reader @param {boolean} isNew swapped in: the window still stands where the one before was left */
export function open(reader, isNew) {
  const target = named();
  if (target && !isNew) return followHash();
  const wanted = target ?? document.getElementById(reader.dataset.opensAt ?? "");
  if (wanted) goTo(wanted);
  else if (isNew) window.scrollTo({ top: 0, behavior: "instant" });
}
