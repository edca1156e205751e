// @ts-check
/** Opens the filter panel again before the page is drawn; a module would come too late, and the rows would jump. */

(() => {
  const filters = document.querySelector("[data-filters]");
  // On a phone the panel is a page of its own. The name is written by lib/filters.js.
  if (!(filters instanceof HTMLDetailsElement) || !window.matchMedia("(width >= 900px)").matches) return;
  if (window.sessionStorage.getItem("readback-filters-open")) filters.open = true;
})();
