// @ts-check
/** The conversation list: filters that apply at once, rows that are walked by key. */

import { connectAges } from "./lib/ages.js";
import { connectArrivals } from "./lib/arrivals.js";
import { connectColumns } from "./lib/columns.js";
import { connectFilters } from "./lib/filters.js";
import { keepFocus } from "./lib/kept.js";
import { connectLate } from "./lib/late.js";
import { connectRows, focusTarget } from "./lib/rows.js";
import { nameZone } from "./lib/steps.js";
import { connectViewCounts } from "./lib/viewcounts.js";

const results = document.querySelector("[data-results]");
const filters = document.querySelector("[data-filters]");
const status = document.querySelector("[data-status]");

if (results instanceof HTMLElement) {
  connectRows(results);
  keepFocus(results);
  focusTarget();
  connectArrivals(results);
  connectAges(results);
  nameZone(results);
  void connectLate(results);
  connectColumns();
  connectViewCounts();
  if (filters instanceof HTMLDetailsElement) {
    connectFilters(filters, results, status instanceof HTMLElement ? status : null);
  }
}
