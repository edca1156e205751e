// @ts-check
/** The distribution of MCS over its two fields: ten bars, of which a press chooses one. */

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

/**
 * @param {HTMLFormElement} form
 * @returns {(counts: Record<string, number>) => void} draws them
 */
export function connectBars(form) {
  const bars = form.querySelector("[data-mcs-bars]");
  const from = form.querySelector("[name=mcs_min]");
  const to = form.querySelector("[name=mcs_max]");
  if (!bars || !(from instanceof HTMLInputElement) || !(to instanceof HTMLInputElement)) return () => {};

  // For the mouse; the two fields do the same from the keyboard.
  bars.addEventListener("click", (event) => {
    const bar = event.target instanceof Element ? event.target.closest("[data-low]") : null;
    if (!bar) return;
    const low = Number(bar.getAttribute("data-low"));
    const isChosen = from.value === String(low) && to.value === String(high(low));
    from.value = isChosen ? "" : String(low);
    to.value = isChosen ? "" : String(high(low));
    to.dispatchEvent(new Event("change", { bubbles: true }));
  });

  return (counts) => {
    const amounts = Array.from({ length: BIN }, (_, place) => counts[String(place * BIN)] ?? 0);
    const most = Math.max(...amounts, 1);
    const words = [];
    bars.querySelectorAll("g").forEach((old) => old.remove());
    for (const [place, amount] of amounts.entries()) {
      const low = place * BIN;
      const isInside = low >= Number(from.value || 0) && high(low) <= Number(to.value || 100);
      // Some is never drawn as none.
      const tall = amount ? Math.max(1, Math.round((amount / most) * HEIGHT)) : 0;
      const text = `${low} to ${high(low)}: ${amount.toLocaleString("en")}`;
      const bar = drawn("g", { "data-low": low, class: isInside ? "bin" : "bin bin-outside" });
      const title = drawn("title", {});
      title.textContent = text;
      const x = place * WIDTH + GAP / 2;
      bar.append(title, drawn("rect", { x, y: 0, width: WIDTH - GAP, height: HEIGHT, class: "bin-ground" }));
      bar.append(drawn("rect", { x, y: HEIGHT - tall, width: WIDTH - GAP, height: tall, class: "bin-bar" }));
      bars.append(bar);
      words.push(text);
    }
    bars.setAttribute("aria-label", `Distribution of MCS, conversations by MCS: ${words.join(", ")}`);
  };
}
