// @ts-check
/** The form of columns: rows go up and down at once, instead of by asking the server for the form anew. */

/** @param {HTMLElement} list */
function settle(list) {
  list.querySelectorAll("button[name=up]").forEach((button, index) => {
    /** @type {HTMLButtonElement} */ (button).disabled = index === 0;
  });
  const down = [...list.querySelectorAll("button[name=down]")];
  down.forEach((button, index) => {
    /** @type {HTMLButtonElement} */ (button).disabled = index === down.length - 1;
  });
}

/** @param {HTMLButtonElement} button "up" or "down" of a row */
function move(button) {
  const row = button.closest("li");
  const list = row?.parentElement;
  const beside = button.name === "up" ? row?.previousElementSibling : row?.nextElementSibling;
  if (!row || !list || !beside) return;
  if (button.name === "up") beside.before(row);
  else beside.after(row);
  settle(list);
  // At an end the pressed button sleeps; its neighbour keeps the focus in the row.
  const awake = button.disabled ? row.querySelector(`button:not([name=${button.name}])`) : button;
  /** @type {HTMLElement | null} */ (awake)?.focus();
  row.scrollIntoView({ block: "nearest" });
  const status = list.closest("form")?.querySelector("[data-columns-status]");
  const name = row.querySelector("label")?.textContent?.trim() ?? "";
  if (status) status.textContent = `${name} is number ${[...list.children].indexOf(row) + 1} of ${list.children.length}.`;
}

/** Asked of the page, since the form in the list's head is replaced with the list. */
export function connectColumns() {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-columns] button") : null;
    if (!(button instanceof HTMLButtonElement) || !["up", "down"].includes(button.name)) return;
    event.preventDefault();
    move(button);
  });
}
