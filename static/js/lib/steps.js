// @ts-check
/** The address bar of a list: each filter that is set is a step that Back takes back. */

/** Where the browser is, without the row that it points to. */
const here = () => window.location.href.split("#")[0];
const TYPED = "[type=number], [type=date], [type=range]";

/** @param {HTMLElement} results which names its address where that says more than was asked for */
export function nameZone(results) {
  const { address } = results.dataset;
  if (address) window.history.replaceState(window.history.state, "", `${address}${window.location.hash}`);
}

/** @param {(url: string) => void} goBack shows another step of this page */
export function connectSteps(goBack) {
  let shown = here();
  // Each stay in a field has its number: whatever is typed during one is one step.
  let stay = 0;
  let stepped = -1;
  document.addEventListener("focusin", () => (stay += 1));
  window.addEventListener("popstate", () => {
    // The same page at another place of it.
    if (here() === shown) return;
    shown = here();
    stepped = -1;
    goBack(shown);
  });
  return {
    /** The number of this stay where somebody may go on typing, else none. @param {EventTarget | null} field */
    stayIn: (field) => {
      const group = field instanceof Element && field.matches(TYPED) ? field.closest("fieldset") : null;
      return group?.contains(document.activeElement) ? stay : NaN;
    },
    /** @param {string} url @param {number} during the stay that it comes from */
    step: (url, during) => {
      if (during === stepped) window.history.replaceState(null, "", url);
      else window.history.pushState(null, "", url);
      stepped = during;
      shown = here();
    },
    /** @param {HTMLElement} results */
    settle: (results) => {
      nameZone(results);
      shown = here();
    },
  };
}
