// @ts-check
/** The list has no further conversation, which is said where somebody asks for one. */

/** Beside what was said, whose Undo stays. @param {"First" | "Last"} which */
export function sayEnd(which) {
  const said = document.querySelector("[data-mark-said]");
  if (!said || !document.querySelector("[data-list-pane]")) return;
  const words = said.querySelector("[data-end]") ?? said.appendChild(document.createElement("span"));
  words.setAttribute("data-end", "");
  words.textContent = `${which} conversation of this list.`;
}
