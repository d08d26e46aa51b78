/* Searching within the document that is open: all places are marked, and gone through one by one. */

import { facts } from "./fetching.js";
import { composing } from "./keys.js";
import { blocksOf, loaded, rangeOf } from "./reader_text.js";

const canHighlight = () => typeof Highlight === "function" && CSS.highlights;
const WAIT = 250; // ms after the last key

/* `reader` is what reader.js makes: article, body, address(path, parameters), show(place, end, options), place(). */
export function finding(reader) {
  const area = reader.article.querySelector(".find");
  const field = area.querySelector("input");
  const count = area.querySelector(".count");
  let found = { query: "", total: 0, spans: [] };
  let now = -1; // of the spans
  let timer = 0;
  let asking = null;

  function clear() {
    clearTimeout(timer);
    asking?.abort();
    found = { query: "", total: 0, spans: [] };
    now = -1;
    draw();
  }

  /* Marks what is in the page, and says how many there are. */
  function draw() {
    const { total, spans, query } = found;
    area.classList.toggle("none", Boolean(query) && !total);
    const cut = total > spans.length ? ` (${reader.words.firstFound.replace("{n}", spans.length.toLocaleString())})` : "";
    count.textContent = !query ? "" : total ? `${now + 1} / ${total.toLocaleString()}${cut}` : reader.words.notFound;
    for (const button of area.querySelectorAll("button")) button.disabled = !total;
    if (!canHighlight()) return;
    CSS.highlights.delete("youju-found");
    CSS.highlights.delete("youju-found-now");
    if (!total) return;
    const blocks = blocksOf(reader.body);
    const [first, last] = loaded(reader.body);
    const ranges = spans
      .filter(([start, end], index) => index !== now && end > first && start < last)
      .map(([start, end]) => rangeOf(reader.body, blocks, start, end));
    CSS.highlights.set("youju-found", new Highlight(...ranges.filter(Boolean)));
    const here = now >= 0 ? rangeOf(reader.body, blocks, ...spans[now]) : null;
    if (here) {
      const highlight = new Highlight(here);
      highlight.priority = 1;
      CSS.highlights.set("youju-found-now", highlight);
    }
  }

  async function find({ go = true } = {}) {
    clearTimeout(timer);
    const query = field.value;
    if (!query.trim()) return clear();
    asking?.abort();
    asking = new AbortController();
    let answer;
    try {
      answer = await facts(reader.address("/reader/find", { query }), { signal: asking.signal });
    } catch {
      return; // told, or given up for the next letters
    }
    if (answer.renewed) return reader.renewed();
    found = { query, total: answer.total, spans: answer.spans };
    const from = reader.place();
    now = found.spans.findIndex(([start]) => start >= from);
    if (now < 0 && found.total) now = 0;
    draw();
    if (go && found.total) await visit();
  }

  async function visit() {
    const [start, end] = found.spans[now];
    await reader.show(start, end);
    draw();
    if (!canHighlight()) {
      const range = rangeOf(reader.body, blocksOf(reader.body), start, end);
      if (range) getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
    }
  }

  function step(by) {
    if (field.value !== found.query) return find();
    if (!found.spans.length) return undefined;
    now = (now + by + found.spans.length) % found.spans.length;
    return visit();
  }

  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!field.value.trim()) clear();
    else if (!event.isComposing) timer = setTimeout(find, WAIT);
  });
  field.addEventListener("compositionend", () => (timer = setTimeout(find, WAIT)));
  field.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      event.preventDefault(); // the pane stays open
      event.stopPropagation();
      if (field.value) {
        field.value = "";
        clear();
      } else reader.leaf.focus({ preventScroll: true });
    }
  });
  area.querySelector(".previous-found").addEventListener("click", () => step(-1));
  area.querySelector(".next-found").addEventListener("click", () => step(1));
  draw();
  return { draw, clear, focus: () => (field.focus(), field.select()), query: () => field.value };
}
