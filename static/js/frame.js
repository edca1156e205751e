// @ts-check
/** Every page: the list of keys, menus that close by themselves. */

import { onKeys } from "./lib/keys.js";

/** @param {HTMLDialogElement} dialog */
function connectDialog(dialog) {
  const open = () => dialog.showModal();
  onKeys({ "?": open });
  document.querySelectorAll("[data-keys-open]").forEach((link) =>
    link.addEventListener("click", (event) => {
      event.preventDefault();
      open();
    }),
  );
}

/** @param {HTMLDetailsElement} menu */
function connectMenu(menu) {
  const close = () => {
    menu.open = false;
  };
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) close();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    close();
    menu.querySelector("summary")?.focus();
  });
}

const dialog = document.querySelector("[data-keys-dialog]");
if (dialog instanceof HTMLDialogElement) connectDialog(dialog);
document.querySelectorAll("details[data-menu]").forEach((menu) => connectMenu(/** @type {HTMLDetailsElement} */ (menu)));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target instanceof HTMLInputElement) event.target.blur();
});
