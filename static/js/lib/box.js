// @ts-check
/** A long list of check boxes with a field to find one in. */

// Letters that Unicode does not take apart, as the search of transcripts has them.
/** @type {Record<string, string>} */
const LETTERS = { æ: "ae", ð: "d", đ: "d", ħ: "h", ı: "i", ł: "l", ŋ: "n", ø: "o", œ: "oe", þ: "th", ŧ: "t", ß: "ss" };

/** As one types it: without accents, in small letters. @param {string} text */
const plain = (text) =>
  text.toLocaleLowerCase("en").normalize("NFD").replace(/\p{M}/gu, "").replace(/[æðđħıłŋøœþŧß]/g, (each) => LETTERS[each]).trim();

/** @param {HTMLElement} choice @returns {string} its name alone, without the count beside it */
const nameOf = (choice) => plain(choice.querySelector("bdi")?.textContent ?? "");

/** @param {HTMLElement} said @param {string} typed @param {number} found */
function tell(said, typed, found) {
  const names = `${found} name${found === 1 ? "" : "s"}`;
  // What was found is seen; that nothing was, everyone is told.
  said.classList.toggle("unseen", !typed || found > 0);
  said.textContent = !typed ? "" : found ? `${names} with “${typed}”` : `No name with “${typed}”.`;
}

/** @param {HTMLElement} box */
export function connectBox(box) {
  const search = box.querySelector(".box-search");
  const said = box.querySelector(".box-said");
  if (!(search instanceof HTMLInputElement) || !(said instanceof HTMLElement)) return;
  const find = () => {
    const wanted = plain(search.value);
    let found = 0;
    for (const choice of /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll(".choice"))) {
      const matches = nameOf(choice).includes(wanted);
      found += Number(matches);
      // What is chosen stays where it can be let go.
      choice.hidden = !matches && !choice.querySelector("input")?.checked;
    }
    tell(said, search.value.trim(), found);
  };
  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  // Something may have been typed before the script was here.
  if (search.value) find();
}
