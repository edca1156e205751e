// @ts-check
/** Tells the style sheet how high the sticky head is, so that nothing is scrolled behind it. */

const watch = new ResizeObserver(([entry]) => {
  const height = entry.target instanceof HTMLElement ? entry.target.offsetHeight : 0;
  if (height) document.documentElement.style.setProperty("--reader-head", `${height}px`);
});

/** @param {HTMLElement} reader */
export function connectHead(reader) {
  const head = reader.querySelector(".reader-head");
  watch.disconnect();
  if (!(head instanceof HTMLElement)) return;
  document.documentElement.style.setProperty("--reader-head", `${head.offsetHeight}px`);
  watch.observe(head);
}
