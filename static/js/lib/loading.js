// @ts-check
/** The 2 px bar under the edge of the window, shown only when something takes longer than 300 ms. */

const WAIT = 300;
let running = 0;
/** @type {number | undefined} */
let timer;

function update() {
  const bar = /** @type {HTMLElement | null} */ (document.querySelector("[data-loading]"));
  window.clearTimeout(timer);
  const main = document.querySelector("main");
  if (running > 0) {
    timer = window.setTimeout(() => {
      if (bar) bar.hidden = false;
      main?.setAttribute("aria-busy", "true");
    }, WAIT);
  } else {
    if (bar) bar.hidden = true;
    main?.removeAttribute("aria-busy");
  }
}

/**
 * Show the bar while `work` runs.
 * @template T
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
export async function whileLoading(work) {
  running += 1;
  update();
  try {
    return await work;
  } finally {
    running -= 1;
    update();
  }
}
