// @ts-check
/** Sign-in: a button that shows the password while it is being typed. */

/** @param {HTMLElement} element */
function connect(element) {
  const field = element.querySelector("input");
  const button = element.querySelector("button");
  if (!field || !button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shows = field.type === "password";
    field.type = shows ? "text" : "password";
    button.textContent = shows ? "hide" : "show";
    button.setAttribute("aria-pressed", String(shows));
    field.focus();
  });
}

document.querySelectorAll("[data-password]").forEach((element) => connect(/** @type {HTMLElement} */ (element)));
