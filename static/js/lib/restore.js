// @ts-check
/** Puts the filter form into the state in which a fetched page has it. */

/** What tells one field from the others; of those to tick each value is one. @param {Element} field */
const keyOf = (field) => `${field.getAttribute("name")} ${isTicked(field) ? field.getAttribute("value") : ""}`;

/** @param {Element} field */
const isTicked = (field) => field.matches("[type=checkbox], [type=radio]");

/** @param {HTMLFormElement} form @param {ParentNode} page */
const fieldsOf = (form, page) => [...page.querySelectorAll(`#${form.id} [name], [name][form="${form.id}"]`)];

/** What the form has no control for, as the page has it. @param {HTMLFormElement} form @param {Element[]} wanted */
function restoreHidden(form, wanted) {
  form.querySelectorAll("input[type=hidden]").forEach((field) => field.remove());
  const hidden = wanted.filter((field) => field instanceof HTMLInputElement && field.type === "hidden");
  form.append(...hidden.map((field) => document.importNode(field, true)));
}

/**
 * @param {HTMLFormElement} form
 * @param {Document} page
 * @returns {boolean} false where the page has something chosen that the form does not offer
 */
export function restore(form, page) {
  const wanted = fieldsOf(form, page);
  restoreHidden(form, wanted);
  const here = new Map(fieldsOf(form, document).map((field) => [keyOf(field), field]));
  let isWhole = true;
  for (const fresh of wanted) {
    const field = here.get(keyOf(fresh));
    here.delete(keyOf(fresh));
    if (field instanceof HTMLInputElement && fresh instanceof HTMLInputElement) {
      if (isTicked(field)) field.checked = fresh.checked;
      else field.value = fresh.value;
    } else if (field instanceof HTMLSelectElement && fresh instanceof HTMLSelectElement) field.value = fresh.value;
    else if (fresh.matches("[checked]") || (fresh instanceof HTMLInputElement && !isTicked(fresh) && fresh.value)) isWhole = false;
  }
  // Offered only because they were chosen.
  here.forEach((field) => {
    if (field instanceof HTMLInputElement) field.checked = false;
  });
  form.dispatchEvent(new Event("restored"));
  return isWhole;
}
