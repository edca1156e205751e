// @ts-check
/** Every page: the list of keys, menus that close by themselves, marks that still wait to be sent. */

import { onKeys } from "./lib/keys.js";
import { refused, waiting } from "./lib/waiting.js";

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

/** Menus close by a press or focus elsewhere and by Esc; asked of the page, since parts of it are replaced. */
function connectMenus() {
  const open = () => /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details[data-menu][open]")]);
  const close = (/** @type {Event} */ event) => {
    for (const menu of open()) if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  };
  for (const name of ["click", "focusin"]) document.addEventListener(name, close);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
    }
    if (event.target instanceof HTMLInputElement) event.target.blur();
  });
}

/** The field that searches transcripts: the list's own, else that of the frame. */
function connectSearch() {
  onKeys({
    "/": () => {
      const field = document.querySelector("[data-search]");
      if (!(field instanceof HTMLInputElement) || field.offsetParent === null) return false;
      field.focus();
      field.select();
      return true;
    },
  });
}

const dialog = document.querySelector("[data-keys-dialog]");
if (dialog instanceof HTMLDialogElement) connectDialog(dialog);
connectMenus();
connectSearch();
if (document.documentElement.dataset.person && waiting().length + refused().length > 0)
  void import("./lib/posting.js").then(({ sendWaiting }) => sendWaiting());
