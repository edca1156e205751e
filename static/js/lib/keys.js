// @ts-check
/** Single keys: they sleep in fields and open menus, never take Ctrl, Alt or Cmd, and can be switched off. */

// Boxes and buttons take no letters; a select does, to find an entry.
const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), select, textarea";

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(FIELDS));
}

/** @param {KeyboardEvent} event */
function isFree(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return false;
  if (document.documentElement.dataset.keys === "off" || isTyping(event.target)) return false;
  return !document.querySelector("dialog[open], [data-menu][open]");
}

/**
 * Listen for single keys.
 * @param {Record<string, (event: KeyboardEvent) => boolean | void>} actions from `event.key` to what it does;
 *   an action that returns false leaves the key to the browser.
 * @returns {() => void} stops listening
 */
export function onKeys(actions) {
  /** @param {KeyboardEvent} event */
  const handle = (event) => {
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    if (action && isFree(event) && action(event) !== false) event.preventDefault();
  };
  document.addEventListener("keydown", handle);
  return () => document.removeEventListener("keydown", handle);
}
