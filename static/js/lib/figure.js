// @ts-check
/** One `figure data-chart`: fetches the chart's JSON after the page, draws it, says when it could not. */

import { draw, save } from "./chart.js";

/** @param {HTMLElement} figure */
export function connect(figure) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (figure.querySelector(`[${name}]`));
  const canvas = part("data-chart-canvas");
  const failed = part("data-chart-failed");
  const tools = part("data-chart-tools");
  /** @type {{data: any[], layout: any} | null} */
  let chart = null;

  const load = async () => {
    failed.hidden = true;
    canvas.hidden = false;
    figure.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(figure.dataset.chart ?? "", { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      chart = await answer.json();
      if (chart) await draw(canvas, chart);
      tools.hidden = false;
    } catch {
      canvas.hidden = true;
      failed.hidden = false;
    } finally {
      figure.removeAttribute("aria-busy");
    }
  };

  figure.querySelector("[data-chart-again]")?.addEventListener("click", load);
  figure.querySelectorAll("[data-chart-save]").forEach((button) =>
    button.addEventListener("click", () => {
      const format = /** @type {HTMLElement} */ (button).dataset.chartSave === "svg" ? "svg" : "png";
      if (chart) save(chart, format, "readback-trend");
    }),
  );
  load();
}
