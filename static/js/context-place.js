// @ts-check
/** Runs while the page is read, before it is drawn: in narrow windows the context stands folded under the head. */
(() => {
  const pane = document.querySelector("[data-aside]");
  const head = document.querySelector(".reader-head");
  if (pane && head && window.matchMedia("(width < 1280px)").matches) head.after(pane);
})();
