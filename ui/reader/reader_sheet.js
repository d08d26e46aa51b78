/* The page of a PDF file as a picture, with the quotes boxed. */

import { facts, parsed } from "./fetching.js";

const SVG = "http://www.w3.org/2000/svg";
const SIZES = [1, 1.25, 1.5, 2, 2.5, 3, 4];
const STEP = 200; // pixels of width in which pictures are asked for

export function sheeting(reader) {
  const sheet = reader.article.querySelector(".sheet");
  if (!sheet) return null;
  const one = (selector) => sheet.querySelector(selector);
  const [frame, paper, drawing, told] = [".frame", ".paper", ".drawing", ".told"].map(one);
  const [field, overlay, count] = [one(".page-number"), one(".paper svg"), Number(sheet.dataset.pages)];
  let [page, size, asking, shown] = [0, 0, null, ""];

  const visible = () => sheet.offsetParent !== null;

  /* Shows a page; nothing is drawn while nobody sees it. */
  async function show(number) {
    page = Math.max(1, Math.min(count, number || 1));
    field.value = page;
    one(".previous-page").disabled = page === 1;
    one(".next-page").disabled = page === count;
    if (!visible()) return;
    const across = Math.max(300, frame.clientWidth) * SIZES[size] * Math.min(2, devicePixelRatio || 1);
    const width = Math.min(3_000, Math.ceil(across / STEP) * STEP);
    const wanted = `${reader.at}:${page}:${width}`;
    if (wanted === shown) return lay();
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const slow = setTimeout(() => (drawing.hidden = false), 150);
    try {
      const found = await facts(reader.address("/reader/sheet", { page, width }, { marks: true }), { signal });
      if (signal.aborted) return;
      told.replaceChildren();
      if (found.problem) {
        paper.hidden = true;
        told.replaceChildren(parsed(found.problem)); // markup of our own server
        shown = wanted;
        return;
      }
      const next = new Image();
      next.src = reader.address("/reader/page", { page, width });
      await next.decode();
      if (signal.aborted) return;
      next.alt = found.name;
      one("img").replaceWith(next);
      box(found.boxes, next.naturalWidth, next.naturalHeight);
      if (found.note) told.textContent = found.note;
      paper.hidden = false;
      shown = wanted;
      lay();
      centre();
    } catch (error) {
      // What the server says is told; a picture that it draws may still not arrive.
      if (error.name === "EncodingError" && !signal.aborted) told.textContent = sheet.dataset.noPicture;
    } finally {
      clearTimeout(slow);
      if (!signal.aborted) drawing.hidden = true;
    }
  }

  function lay() {
    paper.style.width = `${SIZES[size] * 100}%`;
    one(".smaller").disabled = size === 0;
    one(".larger").disabled = size === SIZES.length - 1;
  }

  function box(boxes, across, high) {
    overlay.setAttribute("viewBox", `0 0 ${across} ${high}`);
    overlay.replaceChildren();
    const room = across / 350;
    for (const { number, chosen, lines } of boxes) {
      const group = document.createElementNS(SVG, "g");
      group.setAttribute("class", chosen ? "chosen" : "other");
      for (const [x0, y0, x1, y1] of lines) {
        const rect = document.createElementNS(SVG, "rect");
        const edges = { x: x0 * across - room, y: y0 * high - room, width: (x1 - x0) * across + 2 * room };
        Object.assign(edges, { height: (y1 - y0) * high + 2 * room, rx: room });
        for (const [name, value] of Object.entries(edges)) rect.setAttribute(name, value.toFixed(1));
        group.append(rect);
      }
      const label = document.createElementNS(SVG, "text");
      // Above the corner, between the lines: beside it would stand what comes before the quote.
      const [x0, y0] = lines[0];
      label.setAttribute("x", (x0 * across - room).toFixed(1));
      label.setAttribute("y", (y0 * high - 1.7 * room).toFixed(1));
      label.setAttribute("font-size", (across / 80).toFixed(1));
      label.textContent = `[${number}]`;
      group.append(label);
      overlay.append(group);
    }
  }

  /* The quote in the middle of what is seen of the page. */
  function centre() {
    const first = overlay.querySelector(".chosen rect") ?? overlay.querySelector("rect");
    if (!first) {
      frame.scrollTop = 0;
      return;
    }
    const [at, within] = [first.getBoundingClientRect(), frame.getBoundingClientRect()];
    frame.scrollTop += at.top + at.height / 2 - within.top - within.height / 2;
    frame.scrollLeft += at.left + at.width / 2 - within.left - within.width / 2;
  }

  function resize(by) {
    size = by ? Math.max(0, Math.min(SIZES.length - 1, size + by)) : 0;
    lay();
    centre();
    show(page);
  }

  /* Goes to a page, and so does the text beside it, where it is there by now. */
  function turn(number) {
    show(number);
    const begun = reader.leaf.offsetParent && reader.body.querySelector(`[data-page="${page}"]`);
    if (begun) reader.show(Number(begun.dataset.start), Number(begun.dataset.start) + 1, { share: 0.05 });
  }

  one(".previous-page").addEventListener("click", () => turn(page - 1));
  one(".next-page").addEventListener("click", () => turn(page + 1));
  field.addEventListener("change", () => turn(Number(field.value) || page));
  one(".smaller").addEventListener("click", () => resize(-1));
  one(".fit").addEventListener("click", () => resize(0));
  one(".larger").addEventListener("click", () => resize(1));
  lay();
  return { show, again: () => show(page), page: () => page };
}
