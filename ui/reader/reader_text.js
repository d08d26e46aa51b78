/* Places in a document's text and where they are in the page.
 *
 * Places count code points, as the server does; scripts count halves of them (UTF-16). Every block tells where it
 * begins, and what is in it is the document's text, sign for sign. */

const PAIRED = /[\ud800-\udbff]/;
const LINE = 1.9; // of the text's height, as reader.css has it

/* How many code points the first `units` of a text are; and the reverse. */
const points = (text, units = text.length) =>
  PAIRED.test(text) ? [...text.slice(0, units)].length : Math.min(units, text.length);

function units(text, count) {
  if (!PAIRED.test(text)) return Math.min(count, text.length);
  let at = 0;
  for (; count > 0 && at < text.length; count--) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

export const blocksOf = (body) => [...body.querySelectorAll("[data-start].block")];

/* What of the text is in the page: where it begins and ends. */
export function loaded(body) {
  const [first, last] = [body.firstElementChild, body.lastElementChild];
  return first ? [Number(first.dataset.start), Number(last.dataset.end)] : [0, 0];
}

/* The block of a place, of blocks in order. */
export function blockAt(blocks, place) {
  let [low, high] = [0, blocks.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (Number(blocks[middle].dataset.start) <= place) low = middle;
    else high = middle;
  }
  return blocks[low];
}

/* The text node of a place and the index in it; of an end, the node that ends there rather than the next. */
function position(blocks, place, { end = false } = {}) {
  const block = blockAt(blocks, end ? Math.max(0, place - 1) : place);
  if (!block) return null;
  let left = place - Number(block.dataset.start);
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let node = null;
  while (walker.nextNode()) {
    node = walker.currentNode;
    const length = points(node.data);
    if (end ? left <= length : left < length) return [node, units(node.data, left)];
    left -= length;
  }
  return node && [node, node.data.length];
}

/* A part of the text as a range; null where it is not in the page. */
export function rangeOf(body, blocks, start, end) {
  const [first, last] = loaded(body);
  if (start >= last || end <= first) return null;
  const from = position(blocks, Math.max(start, first));
  const to = position(blocks, Math.min(end, last), { end: true });
  if (!from || !to) return null;
  const range = new Range();
  range.setStart(...from);
  range.setEnd(...to);
  return range;
}

/* The place in the text of a point in the page; null outside of it. */
function placeOf(node, index) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const block = element.closest?.(".block");
  if (!block) {
    const next = node.childNodes?.[index];
    const found = next?.querySelector?.(".block") ?? null;
    return found ? Number(found.dataset.start) : null;
  }
  const range = new Range();
  range.setStart(block, 0);
  range.setEnd(node, index);
  return Number(block.dataset.start) + points(range.toString());
}

/* The part of the text that is selected; null where none is, or more than the text. */
export function selected(body) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!body.contains(range.startContainer) || !body.contains(range.endContainer)) return null;
  const [start, end] = [placeOf(range.startContainer, range.startOffset), placeOf(range.endContainer, range.endOffset)];
  return start !== null && end !== null && end > start ? [start, end, range.toString()] : null;
}

/* Tells the browser about how high the parts are that it has not laid out yet. */
export function estimate(parts, body) {
  const style = getComputedStyle(body);
  const size = parseFloat(style.fontSize);
  const across = Math.max(8, Math.min(body.clientWidth || 400, size * 38) / size); // Chinese characters in a line
  for (const part of parts) {
    const height = Math.ceil(Number(part.dataset.lines) * Math.max(0.9, 34 / across) * size * LINE);
    part.style.containIntrinsicSize = `auto ${Math.max(20, height)}px`;
  }
}

/* How far a box is from having an element or range at a share of its height. */
export function away(box, target, share) {
  const [at, within] = [target.getBoundingClientRect(), box.getBoundingClientRect()];
  return at.top - within.top - Math.min(Math.max(0, within.height - at.height) * share, within.height * share);
}

const frame = () => new Promise((resolve) => setTimeout(resolve, 20));

/* Scrolls an element or range to a share of the height of its box, and stays at it until the text around it, which is
 * laid out only now, has found its height. Whoever scrolls meanwhile is left alone. */
export async function settle(box, target, share = 0.5) {
  let left = false;
  const leave = () => (left = true);
  const events = ["wheel", "touchmove", "pointerdown", "keydown"];
  for (const name of events) box.addEventListener(name, leave, { once: true, passive: true });
  for (let tries = 0, still = 0; tries < 40 && still < 4 && !left; tries++) {
    const [by, before] = [away(box, target, share), box.scrollTop];
    if (Math.abs(by) > 1) box.scrollTop += by;
    still = Math.abs(box.scrollTop - before) > 1 ? 0 : still + 1;
    await frame();
  }
  for (const name of events) box.removeEventListener(name, leave);
}
