// @ts-check
/** The overview: definitions on hover and focus, the chart after the page. */

import { connect as connectDefinition } from "./lib/definition.js";
import { connect as connectFigure } from "./lib/figure.js";

document
  .querySelectorAll("details[data-definition]")
  .forEach((details) => connectDefinition(/** @type {HTMLDetailsElement} */ (details)));
document.querySelectorAll("[data-chart]").forEach((figure) => connectFigure(/** @type {HTMLElement} */ (figure)));
