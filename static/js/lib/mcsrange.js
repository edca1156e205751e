// @ts-check
/** Two sliders under the distribution of MCS, in step with its two fields. */

/** @param {HTMLInputElement} slider @param {HTMLInputElement} field @param {number} end which is no limit @param {string} none */
function follow(slider, field, end, none) {
  slider.value = field.value || String(end);
  slider.setAttribute("aria-valuetext", field.value || none);
}

/** @param {HTMLInputElement} field */
const tellChange = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} chart
 * @param {HTMLInputElement} from
 * @param {HTMLInputElement} to
 * @param {() => void} shade called when the range has become another
 */
export function connectSliders(form, chart, from, to, shade) {
  const [low, high] = /** @type {HTMLInputElement[]} */ ([...chart.querySelectorAll("[type=range]")]);
  const show = () => {
    follow(low, from, 0, "no lower limit");
    follow(high, to, 100, "no upper limit");
    // Where both stand at the far end, the one that can still go somewhere lies on top.
    low.classList.toggle("slider-above", Number(low.value) > 50);
    shade();
  };
  low.addEventListener("input", () => {
    const value = Math.min(Number(low.value), Number(high.value));
    from.value = value === 0 ? "" : String(value);
    show();
  });
  high.addEventListener("input", () => {
    const value = Math.max(Number(high.value), Number(low.value));
    to.value = value === 100 ? "" : String(value);
    show();
  });
  low.addEventListener("change", () => tellChange(from));
  high.addEventListener("change", () => tellChange(to));
  for (const field of [from, to]) for (const name of ["input", "change"]) field.addEventListener(name, show);
  form.addEventListener("restored", show);
  show();
}
