// @ts-check
/** The distribution of MCS over its two fields: ten bars, chosen by a press, by drawing over them or by two sliders. */

import { connectSliders } from "./mcsrange.js";

const BIN = 10;
const [WIDTH, HEIGHT, GAP] = [11, 23, 1];

/** @param {number} low */
const high = (low) => (low === 90 ? 100 : low + BIN - 1);

/** @param {string} name @param {Record<string, string | number>} attributes */
function drawn(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** @param {Element} bars @param {number} first @param {number} last those whose conversations are chosen, in scores */
function shade(bars, first, last) {
  bars.querySelectorAll("[data-low]").forEach((bar) => {
    const low = Number(bar.getAttribute("data-low"));
    bar.classList.toggle("bin-outside", high(low) < first || low > last);
  });
}

/** By the mouse, the pen or a finger. @param {SVGElement} bars @param {(first: number, last: number, isDone: boolean) => void} choose @param {() => void} giveUp */
function connectDrawing(bars, choose, giveUp) {
  /** @type {number | null} */
  let start = null;
  /** @param {PointerEvent} event the score at which the bar under it begins */
  const under = (event) => {
    const { left, width } = bars.getBoundingClientRect();
    return Math.min(Math.max(Math.floor(((event.clientX - left) / width) * BIN), 0), BIN - 1) * BIN;
  };
  /** @param {PointerEvent} event @param {boolean} isDone */
  const reach = (event, isDone) => {
    if (start === null) return;
    const end = under(event);
    choose(Math.min(start, end), high(Math.max(start, end)), isDone);
  };
  bars.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    start = under(event);
    bars.setPointerCapture(event.pointerId);
    reach(event, false);
  });
  bars.addEventListener("pointermove", (event) => reach(event, false));
  bars.addEventListener("pointerup", (event) => {
    reach(event, true);
    start = null;
  });
  bars.addEventListener("pointercancel", () => {
    start = null;
    giveUp();
  });
}

/**
 * @param {HTMLFormElement} form
 * @returns {(counts: Record<string, number>) => void} draws them
 */
export function connectBars(form) {
  const chart = form.querySelector("[data-mcs-chart]");
  const bars = form.querySelector("[data-mcs-bars]");
  const from = form.querySelector("[name=mcs_min]");
  const to = form.querySelector("[name=mcs_max]");
  if (!(chart instanceof HTMLElement) || !(bars instanceof SVGElement)) return () => {};
  if (!(from instanceof HTMLInputElement) || !(to instanceof HTMLInputElement)) return () => {};

  const asChosen = () => shade(bars, Number(from.value || 0), Number(to.value || 100));
  connectSliders(form, chart, from, to, asChosen);
  connectDrawing(
    bars,
    (first, last, isDone) => {
      shade(bars, first, last);
      if (!isDone) return;
      // What is chosen already is let go, and all together are no limit.
      const isAny = (from.value === String(first) && to.value === String(last)) || (first === 0 && last === 100);
      from.value = isAny ? "" : String(first);
      to.value = isAny ? "" : String(last);
      from.dispatchEvent(new Event("input"));
      to.dispatchEvent(new Event("change", { bubbles: true }));
    },
    asChosen,
  );

  return (counts) => {
    const amounts = Array.from({ length: BIN }, (_, place) => counts[String(place * BIN)] ?? 0);
    const most = Math.max(...amounts, 1);
    const words = [];
    bars.querySelectorAll("g").forEach((old) => old.remove());
    for (const [place, amount] of amounts.entries()) {
      const low = place * BIN;
      // Some is never drawn as none.
      const tall = amount ? Math.max(1, Math.round((amount / most) * HEIGHT)) : 0;
      const text = `${low} to ${high(low)}: ${amount.toLocaleString("en")}`;
      const bar = drawn("g", { "data-low": low, class: "bin" });
      const title = drawn("title", {});
      title.textContent = text;
      const x = place * WIDTH + GAP / 2;
      bar.append(title, drawn("rect", { x, y: 0, width: WIDTH - GAP, height: HEIGHT, class: "bin-ground" }));
      bar.append(drawn("rect", { x, y: HEIGHT - tall, width: WIDTH - GAP, height: tall, class: "bin-bar" }));
      bars.append(bar);
      words.push(text);
    }
    asChosen();
    bars.setAttribute("aria-label", `Distribution of MCS, conversations by MCS: ${words.join(", ")}`);
  };
}
