// @ts-check
/** Counts beside the names of views: asked for one after the other, once somebody looks at them. */

/** @param {ParentNode} place holds elements with `data-count-url`, each filled once */
async function fill(place) {
  const waiting = /** @type {HTMLElement[]} */ ([...place.querySelectorAll("[data-count-url]")]);
  for (const each of waiting) {
    const url = each.dataset.countUrl;
    if (!url) continue;
    each.removeAttribute("data-count-url");
    try {
      const answer = await fetch(url, { headers: { "X-Readback-Poll": "1" } });
      if (answer.redirected || !answer.ok) continue;
      const { count } = await answer.json();
      if (typeof count === "number") each.replaceChildren(count.toLocaleString("en"), unseen(count));
    } catch {
      return; // no connection: the names lead where they lead without counts too
    }
  }
}

/** @param {number} count */
function unseen(count) {
  const word = document.createElement("span");
  word.className = "unseen";
  word.textContent = count === 1 ? " conversation" : " conversations";
  return word;
}

/** Menus count when they open, a page that lists views at once; asked of the page, since parts of it are replaced. */
export function connectViewCounts() {
  document.querySelectorAll('[data-view-counts="now"]').forEach((place) => void fill(place));
  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (menu instanceof HTMLDetailsElement && menu.open && menu.matches("[data-view-counts]")) void fill(menu);
    },
    true, // toggling does not bubble
  );
}
