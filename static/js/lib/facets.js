// @ts-check
/** Counts beside the choices of the filter form; they come after the rows, each facet by itself, while it is seen. */

import { connectBars } from "./mcsbars.js";

/** @typedef {Record<string, Record<string, number>>} Counts by parameter and value */

// More digits would need more room than is kept free.
const LONGEST = 99_999;
// Each keeps a worker of the server busy: the list itself and other people come in between.
const AT_ONCE = 2;

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

/** @param {HTMLElement} said where a failure is told @param {string[]} names what was not counted @param {() => void} again */
function tellFailure(said, names, again) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Try again";
  button.addEventListener("click", again);
  const which = names.length ? `The counts of ${new Intl.ListFormat("en").format(names)}` : "The counts";
  said.replaceChildren(`${which} could not be loaded. `, button, " The list itself is complete.");
}

/** Where the values of a facet stand. @param {HTMLFormElement} form @param {string} name @returns {HTMLElement | null} */
function placeOf(form, name) {
  const value = name === "mcs_min" ? "[data-mcs-bars]" : `.counted input[name="${name}"]`;
  return form.querySelector(value)?.closest("fieldset") ?? null;
}

/**
 * What is counted in one answer: those of one group that the form does not filter by count the same conversations,
 * each of the others counts by itself, without its own filter.
 * @param {string} together @param {URLSearchParams} asked @returns {string[][]}
 */
function answers(together, asked) {
  /** @param {string} name */
  const isSet = (name) => asked.has(name) || (name === "mcs_min" && asked.has("mcs_max"));
  return together.split(",").flatMap((group) => {
    const names = group.split(" ");
    return [names.filter((name) => !isSet(name)), ...names.filter(isSet).map((name) => [name])];
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLDetailsElement} filters which holds the form
 * @param {() => string} tail the parameters that the form asks for
 * @returns {() => void} call it when the form asks for something else, once its rows are there
 */
export function connectFacets(form, filters, tail) {
  const { facets: address, together = "" } = form.dataset;
  const said = form.querySelector("[data-facets-said]");
  if (!address || !(said instanceof HTMLElement)) return () => {};
  const drawBars = connectBars(form);
  let asking = new AbortController();
  let running = 0;
  /** @type {Set<string>} facets whose counts are there or asked for */
  const known = new Set();
  /** @type {Set<string>} and those whose counts did not come */
  const failed = new Set();

  /** @param {string} name whose counts are of a question before, or on their way */
  const wait = (name, isWaiting = true) => {
    form.querySelectorAll(`.counted input[name="${name}"]`).forEach((field) => {
      field.closest("label")?.toggleAttribute("data-counting", isWaiting);
    });
    if (name === "mcs_min") form.querySelector("[data-mcs-bars]")?.toggleAttribute("data-counting", isWaiting);
  };
  /** @param {string} name */
  const clear = (name) => {
    form.querySelectorAll(`.counted input[name="${name}"]`).forEach((field) => {
      field.closest("label")?.querySelector(".tally")?.remove();
    });
    if (name === "mcs_min") form.querySelectorAll("[data-mcs-bars] .bin").forEach((bin) => bin.remove());
    wait(name, false);
  };
  /** @param {string} name @param {Record<string, number>} counts */
  const show = (name, counts) => {
    form.querySelectorAll(`.counted input[name="${name}"]`).forEach((field) => {
      if (field instanceof HTMLInputElement) write(field, counts[field.value] ?? 0);
    });
    if (name === "mcs_min") drawBars(counts);
    wait(name, false);
  };
  /** @param {string} name whether somebody sees its values: it is in no fold that is closed */
  const isSeen = (name) => {
    const place = placeOf(form, name);
    return place !== null && place.closest("details:not([open])") === null;
  };
  const tell = () => {
    const labels = [...failed].map((name) => placeOf(form, name)?.querySelector("legend")?.textContent?.trim() ?? name);
    if (failed.size) tellFailure(said, failed.size === known.size ? [] : [...new Set(labels)], renew);
    else said.replaceChildren();
  };

  /** @param {string[]} names @param {AbortSignal} signal */
  const ask = async (names, signal) => {
    const asked = new URLSearchParams(tail());
    names.forEach((name) => asked.append("facet", name));
    try {
      const answer = await fetch(`${address}?${asked}`, { signal, credentials: "same-origin" });
      if (answer.redirected) throw new Error("signed out");
      if (!answer.ok) throw new Error("no counts");
      /** @type {Counts} */
      const counts = (await answer.json()).counts;
      names.forEach((name) => show(name, counts[name]));
    } catch {
      if (signal.aborted) return;
      names.forEach((name) => {
        clear(name);
        failed.add(name);
      });
    }
  };

  // The search field belongs to the form and stands outside of it.
  const isWrong = () => [...form.elements].some((field) => field.hasAttribute("aria-invalid"));

  /** The next answer in the order of the form; a few are under way at once. */
  const next = () => {
    if (!filters.open || running >= AT_ONCE) return;
    // What is wrong in the form is said above the rows; nothing is counted until it is put right.
    if (isWrong()) return;
    const wanted = answers(together, new URLSearchParams(tail()))
      .map((names) => names.filter((name) => !known.has(name) && isSeen(name)))
      .find((names) => names.length);
    if (!wanted) {
      if (!running) tell();
      return;
    }
    wanted.forEach((name) => {
      known.add(name);
      wait(name);
    });
    const { signal } = asking;
    running += 1;
    void ask(wanted, signal).then(() => {
      if (signal.aborted) return;
      running -= 1;
      next();
    });
    next();
  };
  const renew = () => {
    asking.abort();
    asking = new AbortController();
    running = 0;
    failed.clear();
    const before = [...known];
    known.clear();
    before.forEach((name) => (isWrong() ? clear(name) : wait(name)));
    next();
  };

  // A fold within it as well, of which the event does not bubble.
  filters.addEventListener("toggle", next, { capture: true });
  next();
  return renew;
}
