// @ts-check
/** Counts beside the choices of the filter form; they come after the rows, only while the form is open. */

import { connectBars } from "./mcsbars.js";

/** @typedef {Record<string, Record<string, number>>} Counts by parameter and value */

// More digits would need more room than is kept free.
const LONGEST = 99_999;

/** @param {string} text @param {string} [className] */
function piece(text, className) {
  const span = document.createElement("span");
  span.textContent = text;
  if (className) span.className = className;
  else span.setAttribute("aria-hidden", "true");
  return span;
}

/** @param {HTMLInputElement} field @param {number} count */
function write(field, count) {
  const label = field.closest("label");
  if (!label) return;
  let tally = label.querySelector(".tally");
  if (!tally) {
    tally = document.createElement("span");
    tally.className = "tally";
    label.append(tally);
  }
  const whole = count.toLocaleString("en");
  const short = count > LONGEST ? `${Math.round(count / 1000).toLocaleString("en")}k` : whole;
  tally.replaceChildren(piece(short), piece(`, ${whole} conversation${count === 1 ? "" : "s"}`, "unseen"));
}

/** @param {HTMLElement} said where a failure is told @param {() => void} again */
function tellFailure(said, again) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Try again";
  button.addEventListener("click", again);
  said.replaceChildren("The counts could not be loaded. ", button, " The list itself is complete.");
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLDetailsElement} filters which holds the form
 * @param {() => string} tail the parameters that the form asks for
 * @returns {() => void} call it when the form asks for something else, once its rows are there
 */
export function connectFacets(form, filters, tail) {
  const address = form.dataset.facets;
  const said = form.querySelector("[data-facets-said]");
  if (!address || !(said instanceof HTMLElement)) return () => {};
  const drawBars = connectBars(form);
  /** @type {AbortController | undefined} */
  let asking;
  let isFresh = false;

  /** @param {Counts} counts */
  const show = (counts) => {
    form.querySelectorAll(".counted input").forEach((field) => {
      if (field instanceof HTMLInputElement && field.name in counts) write(field, counts[field.name][field.value] ?? 0);
    });
    drawBars(counts.mcs_min);
  };
  const clear = () => {
    form.querySelectorAll(".tally, [data-mcs-bars] .bin").forEach((count) => count.remove());
    form.removeAttribute("data-counting");
  };

  const load = async () => {
    if (!filters.open || isFresh) return;
    isFresh = true;
    asking?.abort();
    // What is wrong in the form is said above the rows; nothing is counted until it is put right.
    if (form.querySelector("[aria-invalid]")) return clear();
    asking = new AbortController();
    const { signal } = asking;
    form.toggleAttribute("data-counting", true);
    try {
      const answer = await fetch(`${address}?${tail()}`, { signal, credentials: "same-origin" });
      if (answer.redirected) throw new Error("signed out");
      if (!answer.ok) throw new Error("no counts");
      show((await answer.json()).counts);
      said.replaceChildren();
    } catch {
      if (signal.aborted) return;
      clear();
      tellFailure(said, renew);
    }
    if (!signal.aborted) form.removeAttribute("data-counting");
  };
  const renew = () => {
    isFresh = false;
    void load();
  };

  filters.addEventListener("toggle", () => void load());
  void load();
  return renew;
}
