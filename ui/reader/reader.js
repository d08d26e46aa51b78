/* The reader: an original document with quotes marked in it, in the pane and as a page of its own.
 *
 * What is near the quote comes first; the rest follows by itself, or on demand where a text is very long. */

import { fragment, word } from "./fetching.js";
import { keep, kept } from "./keeping.js";
import { composing } from "./keys.js";
import { copying } from "./reader_copy.js";
import { finding } from "./reader_find.js";
import { loading } from "./reader_parts.js";
import { sheeting } from "./reader_sheet.js";
import { away, blockAt, blocksOf, estimate, loaded, rangeOf, settle } from "./reader_text.js";

const FIELDS = "input, textarea, select, [contenteditable]:not([contenteditable=false])";

const readers = new Map(); // by the element that holds it
const VIEW = "youju-reader-view";
let wish = 0; // the last that was asked for: whatever comes later of an earlier one is not shown

/* Shows a document in an element; `href` is its address (/read?…). `places` is how many quotes next and previous lead
 * through, `place` which of them this is, `step` what goes to another one; `among` are their addresses and numbers. */
export async function openReader(container, href, options = {}) {
  const asked = askedFor(href, options.among);
  const before = readers.get(container);
  const wished = ++wish;
  if (before?.article.isConnected && before.document === asked.document) {
    if ((await before.choose(asked, options)) || wished !== wish) return;
  }
  before?.close();
  const opening = new AbortController();
  readers.set(container, { article: container, close: () => opening.abort(), choose: async () => false });
  const slow = setTimeout(() => container.setAttribute("aria-busy", "true"), 150);
  try {
    const content = await fragment(`/reader/open?${parameters(asked)}`, { signal: opening.signal });
    if (opening.signal.aborted) return;
    container.replaceChildren(content);
    container.scrollTop = 0;
  } catch (error) {
    if (opening.signal.aborted) return; // given up for another document
    const problem = Object.assign(document.createElement("p"), { className: "problem" });
    problem.textContent = error.status ? error.message : word("unreachable");
    container.replaceChildren(error.problem?.querySelector(".problem") ?? problem);
    container.focus({ preventScroll: true });
    return;
  } finally {
    clearTimeout(slow);
    if (!opening.signal.aborted) container.removeAttribute("aria-busy");
  }
  await adopt(container, options);
}

/* Takes away what an element shows, or is about to show. */
export function closeReader(container) {
  wish += 1;
  readers.get(container)?.close();
  readers.delete(container);
  container.removeAttribute("aria-busy");
  container.replaceChildren();
}

/* Brings an article that is in the page to life. */
export async function adopt(container, options = {}) {
  const article = container.querySelector(".reader");
  if (!article) return;
  const reader = reading(container, article, options);
  readers.set(container, reader);
  await reader.start();
}

/* Addresses */

function askedFor(href, among = []) {
  const given = new URL(href, location.href).searchParams;
  const asked = { document: given.get("document") ?? "", at: given.get("at") ?? "", from: given.get("from") ?? "" };
  const spans = [asked.at, ...(given.get("also") ?? "").split(",")].filter(Boolean);
  const told = (given.get("numbers") ?? "").split(",").filter(Boolean).map(Number);
  const numbers = new Map(spans.map((span, index) => [span, told.length === spans.length ? told[index] : null]));
  for (const other of among) {
    const place = new URL(other.href, location.href).searchParams;
    if (place.get("document") === asked.document && place.get("at")) numbers.set(place.get("at"), other.number ?? null);
  }
  if ([...numbers.values()].includes(null)) {
    const order = [...numbers.keys()].sort((one, other) => parseInt(one, 10) - parseInt(other, 10));
    order.forEach((span, index) => numbers.set(span, index + 1));
  }
  return { ...asked, quote: given.get("quote") ?? "", numbers };
}

function parameters({ document, at, from, quote, numbers }) {
  const made = new URLSearchParams({ document });
  const others = [...numbers.keys()].filter((span) => span !== at);
  if (at) made.set("at", at);
  if (others.length) made.set("also", others.join(","));
  if (numbers.size) made.set("numbers", (at ? [at, ...others] : others).map((span) => numbers.get(span)).join(","));
  if (from) made.set("from", from);
  if (quote) made.set("quote", quote);
  return made;
}

/* One document that is open */

function reading(container, article, options) {
  const one = (selector) => article.querySelector(selector);
  const [leaf, body, done] = [one(".leaf"), one(".body"), one(".done")];
  const facts = article.dataset;
  const length = Number(facts.length);
  let asked = askedFor(facts.address);
  let closed = false;
  const gone = new AbortController();
  const until = { signal: gone.signal };

  const reader = {
    article,
    body,
    leaf,
    document: facts.document,
    words: { notFound: facts.notFound, firstFound: facts.firstFound, copied: facts.copied, notCopied: facts.notCopied, nothingChosen: facts.nothingChosen },
    get at() {
      return asked.at;
    },
    href: (at = asked.at) => `/read?${parameters({ ...asked, at, from: at ? "" : asked.from })}`,
    address(path, more, { marks = false } = {}) {
      const made = marks ? parameters(asked) : new URLSearchParams({ document: facts.document });
      for (const [name, value] of Object.entries({ version: facts.version, ...more })) made.set(name, value);
      return `${path}?${made}`;
    },
    say(text) {
      done.textContent = text;
      clearTimeout(reader.saying);
      reader.saying = setTimeout(() => (done.textContent = ""), 4_000);
    },
    place: top,
    show,
    choose,
    close,
    renewed: () => reader.text.renewed(),
    start,
  };

  const marksOf = (span) => [...body.querySelectorAll(`mark[data-span="${span}"]`)];

  /* The place in the text where what is seen begins. */
  function top() {
    const edge = leaf.getBoundingClientRect().top + 4;
    const below = (elements) => elements.find((element) => element.getBoundingClientRect().bottom > edge);
    const part = below([...body.children]);
    return Number((part && below([...part.children]))?.dataset.start ?? loaded(body)[1]);
  }

  async function start() {
    estimate(body.children, body);
    view(remembered() ?? (container.clientWidth < 480 ? "text" : "both"), { chosen: false });
    steps();
    const mark = asked.at ? marksOf(asked.at)[0] : null;
    if (mark) {
      if (!options.own) container.scrollTop = container.scrollHeight; // where the head has no room beside the text
      leaf.scrollTop += away(leaf, mark, 0.5); // only this: scrollIntoView would move what is around it as well
      mark.focus({ preventScroll: true });
    } else if (!options.own) leaf.focus({ preventScroll: true });
    const begin = Math.min(Number(asked.from) || 0, length);
    if (mark) await settle(leaf, mark);
    else if (begin && !asked.at) await show(begin, begin + 1, { share: 0 });
    if (closed) return;
    reader.sheet?.show(page());
    reader.whole = reader.text.start();
  }

  function close() {
    closed = true;
    gone.abort();
    reader.find.clear();
  }

  /* Going to a quote of this document without loading it again: false where it is not in the page. */
  async function choose(next, given) {
    const marks = next.at ? marksOf(next.at) : [];
    if (!marks.length) return false;
    for (const mark of body.querySelectorAll("mark.chosen")) mark.classList.remove("chosen");
    body.querySelector("#place")?.removeAttribute("id");
    for (const mark of marks) mark.classList.add("chosen");
    marks[0].id = "place";
    asked = { ...next, numbers: new Map([...asked.numbers, ...next.numbers]) };
    Object.assign(options, given);
    facts.address = reader.href();
    facts.at = asked.at;
    for (const link of article.querySelectorAll(".own-tab, .print")) {
      link.href = facts.address + (link.matches(".print") ? "#print" : "");
    }
    steps();
    const by = away(leaf, marks[0], 0.5);
    const still = Math.abs(by) > leaf.clientHeight * 2 || matchMedia("(prefers-reduced-motion: reduce)").matches;
    marks[0].focus({ preventScroll: true });
    const told = fragment(`/reader/where?${parameters(asked)}`, until).catch(() => null);
    leaf.scrollBy({ top: by, behavior: still ? "auto" : "smooth" });
    if (!still) await new Promise((resolve) => setTimeout(resolve, 450));
    const [where] = await Promise.all([told, settle(leaf, marks[0])]);
    if (closed || !where) return true;
    if (where.querySelector(".facts").dataset.version !== facts.version) return false;
    one(".where").replaceChildren(where);
    reader.sheet?.show(page());
    return true;
  }

  /* Goes to a place of the text, wherever it is. */
  async function show(from, to, { share = 0.5 } = {}) {
    const [first, last] = loaded(body);
    if (from < first || from >= last) await reader.text.jump(from);
    const blocks = blocksOf(body);
    const block = blockAt(blocks, from);
    if (!block || closed) return;
    leaf.scrollTop += away(leaf, block, share);
    await settle(leaf, rangeOf(body, blocks, from, Math.max(to, from + 1)) ?? block, share);
  }

  /* From quote to quote */

  function steps() {
    const many = options.step && options.places > 1;
    const order = [...asked.numbers].sort((one, other) => one[1] - other[1]).map(([span]) => span);
    const [now, count] = many ? [options.place, options.places] : [order.indexOf(asked.at) + 1, order.length];
    one(".quotes").hidden = count < 2;
    one(".step-of").textContent = `${now || "–"} / ${count}`;
  }

  async function step(by) {
    if (options.step && options.places > 1) return options.step(by);
    const order = [...asked.numbers].sort((one, other) => one[1] - other[1]).map(([span]) => span);
    if (!order.length) return undefined;
    const now = order.indexOf(asked.at);
    const next = order[now < 0 ? (by > 0 ? 0 : order.length - 1) : (now + by + order.length) % order.length];
    const changed = { ...asked, at: next, from: "", quote: "" };
    if (await choose(changed, {})) {
      if (options.own) history.replaceState(null, "", facts.address);
      return undefined;
    }
    return options.own ? location.assign(`/read?${parameters(changed)}`) : openReader(container, `/read?${parameters(changed)}`, options);
  }
  reader.step = step;

  /* The page that is gone to, or that is being read */
  function page() {
    const told = Number(one(".where .place")?.dataset.page);
    if (told) return told;
    const here = top();
    const begun = [...body.querySelectorAll("[data-page]")].filter((block) => Number(block.dataset.start) <= here);
    return Number(begun.at(-1)?.dataset.page) || 1;
  }

  function view(name, { chosen = true } = {}) {
    if (!one(".views")) return;
    article.dataset.view = name;
    for (const button of article.querySelectorAll(".views button")) {
      button.setAttribute("aria-pressed", String(button.value === name));
    }
    if (!chosen) return;
    keep(VIEW, name, { forGood: true });
    reader.sheet?.show(reader.sheet.page() || page());
    const mark = asked.at && marksOf(asked.at)[0];
    if (mark && name !== "page") settle(leaf, mark);
  }

  function remembered() {
    const name = kept(VIEW, { forGood: true });
    return ["text", "both", "page"].includes(name) ? name : null;
  }

  /* The table of contents, asked for when it is first opened */
  async function listContents(details) {
    const list = details.querySelector("nav");
    if (!list.childElementCount) {
      const content = await fragment(`/reader/contents?${new URLSearchParams({ document: facts.document })}`, until).catch(() => null);
      if (content) list.replaceChildren(content);
    }
    const here = top();
    const entries = [...list.querySelectorAll("a[data-start]")];
    const now = entries.filter((entry) => Number(entry.dataset.start) <= here).at(-1);
    for (const entry of entries) entry.removeAttribute("aria-current");
    now?.setAttribute("aria-current", "location");
    if (now) list.scrollTop += away(list, now, 0.4);
  }

  article.addEventListener("click", (event) => {
    const found = (selector) => event.target.closest(selector);
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (found(".previous-quote")) step(-1);
    else if (found(".next-quote")) step(1);
    else if (found(".views button")) view(found("button").value);
    else if (found(".more a") && plain) {
      event.preventDefault();
      reader.text.extend(found(".more").matches(".later") ? "later" : "earlier");
    } else if (found("nav a[data-start]") && plain) {
      event.preventDefault();
      const start = Number(found("a").dataset.start);
      found("details").open = false;
      leaf.focus({ preventScroll: true });
      show(start, start + 1, { share: 0.05 });
    } else if (found(".renewed .again") && plain) {
      event.preventDefault();
      close();
      if (options.own) location.reload();
      else openReader(container, reader.href(), options);
    } else if (found(".print") && options.own) {
      event.preventDefault();
      printed(reader);
    }
  });
  article.addEventListener("toggle", (event) => event.target.matches(".contents") && event.target.open && listContents(event.target), true);

  reader.text = loading(reader, until);
  reader.sheet = sheeting(reader);
  reader.find = finding(reader);
  copying(reader, until);
  return reader;
}

/* Prints when everything is there. */
export async function printed(reader) {
  await reader.whole;
  window.print();
}

export const readerIn = (container) => readers.get(container);

/* n and p, or j and k, go from quote to quote; “/” searches. Not while somebody types. */
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || composing(event)) return;
  if (event.target.closest?.(FIELDS)) return;
  const reader = [...readers.values()].find(
    ({ article, step }) =>
      step && article.isConnected && article.checkVisibility?.() !== false &&
      (document.activeElement === document.body || article.contains(document.activeElement)),
  );
  if (!reader) return;
  const by = { n: 1, j: 1, p: -1, k: -1 }[event.key];
  if (by) {
    event.preventDefault();
    reader.step(by);
  } else if (event.key === "/") {
    event.preventDefault();
    reader.find.focus();
  }
});
