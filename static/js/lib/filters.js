// @ts-check
/** The filter form: each choice applies at once, and focus stays where it was. */

import { connectBox } from "./box.js";
import { connectFacets } from "./facets.js";
import { restore } from "./restore.js";
import { connectSteps } from "./steps.js";
import { swapResults } from "./swap.js";

// A date being typed changes at every digit of its year.
const PAUSE = 350;
const SEED = String(Math.floor(Math.random() * 1_000_000));
// filters-open.js reads it.
const OPEN = "readback-filters-open";
// The form fills a phone: there its button says what it leads to, and closes it.
const PHONE = window.matchMedia("(width < 900px)");

/** @param {HTMLFormElement} form @returns {string} the parameters that the form asks for, without what it leaves empty or as it is anyway */
function tailOf(form) {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const field = form.elements.namedItem(name);
    const usual = name === "sort" ? "-started_at" : field instanceof HTMLElement ? (field.dataset.default ?? "") : "";
    if (typeof value === "string" && value !== "" && value !== usual) asked.append(name, value);
  }
  // With a seed of its own: the page that would give it one is another page, and takes the focus away.
  if (asked.get("sort")?.endsWith("shuffle") && !asked.has("seed")) asked.set("seed", SEED);
  return asked.toString();
}

/** @param {HTMLFormElement} form @returns {string} the address that the form asks for */
function address(form) {
  const tail = tailOf(form);
  return tail ? `${form.action}?${tail}` : form.action;
}

/** A period and dates exclude each other: the one chosen last stays. @param {HTMLFormElement} form @param {HTMLInputElement} field */
function settleDates(form, field) {
  if (field.name === "period" && field.value) {
    form.querySelectorAll("input[name^=started_]").forEach((date) => {
      /** @type {HTMLInputElement} */ (date).value = "";
    });
  }
  if (field.name.startsWith("started_") && field.value) {
    const any = form.querySelector('input[name=period][value=""]');
    if (any instanceof HTMLInputElement) any.checked = true;
  }
  nameAny(form);
}

/** No period is any time, unless there are dates. @param {HTMLFormElement} form */
function nameAny(form) {
  const dates = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[name^=started_]"));
  const words = form.querySelector('input[name=period][value=""] + span');
  if (words) words.textContent = [...dates].some((date) => date.value) ? "By date" : "Any time";
}

/** Which fields are wrong, as the fetched page says. @param {HTMLFormElement} form @param {Document} page */
function markWrong(form, page) {
  [...form.elements].forEach((field) => {
    const name = CSS.escape(field.getAttribute("name") ?? "");
    if (!name) return;
    const isWrong = page.querySelector(`[name="${name}"][aria-invalid]`) !== null;
    field.toggleAttribute("aria-invalid", isWrong);
    if (isWrong) field.setAttribute("aria-invalid", "true");
  });
}

/**
 * @param {HTMLDetailsElement} filters
 * @param {HTMLElement} results
 * @param {HTMLElement | null} status where the new count is spoken
 */
export function connectFilters(filters, results, status) {
  const form = filters.querySelector("form");
  const summary = filters.querySelector("summary");
  if (!form || !summary) return;
  const button = form.querySelector("button[type=submit]");

  const renewCounts = connectFacets(form, filters, () => tailOf(form));

  const name = () => {
    const said = results.dataset.said;
    if (button) button.textContent = said && PHONE.matches ? `Show ${said}` : "Apply";
  };

  /** @param {string} url @param {boolean} isBack to where the form was another */
  const show = async (url, isBack) => {
    const page = await swapResults(url, results);
    if (!page) return;
    if (isBack && !restore(form, page)) {
      window.location.reload();
      return;
    }
    asked = address(form);
    steps.settle(results);
    markWrong(form, page);
    const saidBy = document.querySelector("[data-said-by]");
    if (saidBy) saidBy.textContent = page.querySelector("[data-said-by]")?.textContent ?? "";
    // How many filters say something, in all and among the folded ones.
    for (const place of ["[data-filters] > summary", "[data-filters] .more > summary"]) {
      const fresh = page.querySelector(place)?.childNodes ?? [];
      document.querySelector(place)?.replaceChildren(...Array.from(fresh, (node) => document.importNode(node, true)));
    }
    name();
    if (status) status.textContent = results.dataset.said || "A filter is wrong.";
    renewCounts();
  };

  let timer = 0;
  let asked = address(form);
  const steps = connectSteps((url) => {
    window.clearTimeout(timer);
    void show(url, true);
  });
  /** @param {number} [stay] in the field that was changed */
  const apply = (stay = NaN) => {
    const url = address(form);
    const isElsewhere = new URLSearchParams(window.location.search).has("page");
    if (url !== asked || isElsewhere) steps.step(url, stay);
    asked = url;
    void show(url, false);
  };
  /** What cannot be read has no value, and would be taken for an empty field. @param {EventTarget | null} field */
  const isUnreadable = (field) => {
    if (!(field instanceof HTMLInputElement)) return false;
    if (!field.validity.badInput) {
      if (field.dataset.unreadable) field.removeAttribute("aria-invalid");
      delete field.dataset.unreadable;
      return false;
    }
    field.dataset.unreadable = "1";
    field.setAttribute("aria-invalid", "true");
    if (status) status.textContent = field.validationMessage;
    return true;
  };
  /** @param {Event} event */
  const changed = (event) => {
    if (!(event.target instanceof HTMLElement) || !event.target.hasAttribute("name")) return;
    window.clearTimeout(timer);
    if (isUnreadable(event.target)) return;
    if (event.target instanceof HTMLInputElement) settleDates(form, event.target);
    const stay = steps.stayIn(event.target);
    timer = window.setTimeout(() => apply(stay), event.target.matches("[type=date], [type=number]") ? PAUSE : 0);
  };
  form.addEventListener("change", changed);
  form.addEventListener("restored", () => nameAny(form));
  // A field that was empty before has not changed.
  form.addEventListener("focusout", (event) => void isUnreadable(event.target));
  // The search field stands above the form that it belongs to.
  for (const field of form.elements) if (!form.contains(field)) field.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    window.clearTimeout(timer);
    if (PHONE.matches) {
      filters.open = false;
      summary.focus();
    }
    apply();
  });
  name();
  // A press, not the toggle: what a page opened because something is wrong stays that page's.
  summary.addEventListener("click", () => window.sessionStorage.setItem(OPEN, filters.open ? "" : "1"));
  form.querySelectorAll("[data-box]").forEach((box) => connectBox(/** @type {HTMLElement} */ (box)));
}
