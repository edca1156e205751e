// @ts-check
/** How many more match, in words, with the way to them. */

/** The same list from its beginning. */
function beginning() {
  const address = new URL(window.location.href);
  address.searchParams.delete("page");
  address.hash = "";
  return address.href;
}

/** @param {HTMLElement} place @param {number} more */
export function announce(place, more) {
  const isFirst = place.dataset.count === "0";
  const words = `${more.toLocaleString("en")} ${isFirst ? "" : "new "}conversation${more === 1 ? "" : "s"}`;
  const [one, many] = isFirst ? ["is here", "are here"] : ["matches", "match"];
  const said = `${words} ${more === 1 ? one : many}. `;
  // Whoever has reached the link keeps it, and nobody hears the same twice.
  const link = place.querySelector("a") ?? document.createElement("a");
  link.href = beginning();
  link.textContent ||= "Show them";
  if (!place.contains(link)) place.replaceChildren(said, link);
  else if (place.firstChild?.nodeValue !== said) place.firstChild?.replaceWith(said);
}
