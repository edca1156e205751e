// @ts-check
/** What of a transcript is on screen. */

/** The first line under the sticky head. */
export function edge() {
  const head = document.querySelector(".reader-head");
  return head && getComputedStyle(head).position === "sticky" ? head.getBoundingClientRect().bottom : 0;
}

/** A message in a folded run stands where the run stands. @param {Element} message */
export const boxOf = (message) => (message.closest("details:not([open])") ?? message).getBoundingClientRect();

/** The place of the first message whose box reaches below `y`. @param {Element[]} messages of the whole transcript @param {number} y */
export function firstBelow(messages, y) {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (boxOf(messages[middle]).bottom <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}
