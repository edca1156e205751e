// @ts-check
/** The page for paper: its choices apply at once, and a button prints it. */

const form = document.querySelector(".sheet-choices");
const button = document.querySelector("[data-print]");

if (form instanceof HTMLFormElement && button instanceof HTMLButtonElement) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  form.addEventListener("change", () => form.requestSubmit());
}
