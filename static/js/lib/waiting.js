// @ts-check
/** Marks on their way, in the order in which they were left. As drafts do they outlive the page and a lost connection,
 * belong to one person, and go after three days. */

const PREFIX = "readback-waiting:";
const LONGEST = 3 * 24 * 3600 * 1000;

/** @typedef {{ kind: string, conversation: string, url: string, fields: [string, string][], outcome?: any }} Mark also
 *   "shown": that what was fetched ahead is looked at; with its outcome it was refused, which its window has yet to say */

/** What storage refuses waits with the page, and goes with it. @type {Map<string, string>} */
const unkept = new Map();
export let isKept = true;
let count = 0;

/** Whose page this is. */
const start = () => `${PREFIX}${document.documentElement.dataset.person}:`;

/** Names are in the order of time, also of those that other windows keep. */
const named = () => `${start()}${Date.now()}:${String((count += 1)).padStart(6, "0")}:${Math.random()}`;

/** @param {Mark} mark @returns {string} its name, by which it is dropped */
export function keep(mark, name = named()) {
  try {
    localStorage.setItem(name, JSON.stringify(mark));
    isKept = true;
  } catch {
    isKept = false;
    unkept.set(name, JSON.stringify(mark));
  }
  return name;
}

/** @param {string} name */
export function drop(name) {
  unkept.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // It was never there.
  }
}

/** @returns {[string, Mark][]} the oldest first, each with its name */
export const waiting = () => all().filter(([, mark]) => !mark.outcome);
export const refused = () => all().filter(([, mark]) => mark.outcome);

/** @returns {[string, Mark][]} */
function all() {
  /** @type {Record<string, string>} */
  let kept = {};
  try {
    kept = { ...localStorage };
  } catch {
    // Refused.
  }
  /** @type {[string, Mark][]} */
  const own = [];
  for (const [name, text] of Object.entries({ ...kept, ...Object.fromEntries(unkept) }).sort()) {
    if (!name.startsWith(PREFIX)) continue;
    try {
      if (!(Date.now() - Number(name.split(":")[2]) < LONGEST)) drop(name);
      else if (name.startsWith(start())) own.push([name, JSON.parse(text)]);
    } catch {
      drop(name); // damaged
    }
  }
  return own;
}
