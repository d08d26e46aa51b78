/* The text that is in the page: what is near the place comes first, the rest by itself or on demand. */

import { fragment } from "./fetching.js";
import { estimate, loaded } from "./reader_text.js";

const WHOLE = 2_000_000; // characters of a text that is loaded to its end without being asked
const STEP = 100_000; // characters that are loaded at once
const AROUND = 20_000; // characters before a place that is jumped to
const NEAR = "1500px"; // to the end of what is loaded: more is loaded

/* `reader` is what reader.js makes; `until` ends what is under way. */
export function loading(reader, until) {
  const { article, body, leaf } = reader;
  const length = Number(article.dataset.length);
  const closed = () => until.signal.aborted || !article.isConnected;
  let adding = Promise.resolve();

  function part(start, end) {
    return fragment(reader.address("/reader/part", { from: start, end }, { marks: true }), until);
  }

  /* Puts what comes next, or what comes before, beside what is loaded. */
  function extend(side) {
    adding = adding.then(async () => {
      const [first, last] = loaded(body);
      const after = side === "later";
      if (closed() || (after ? last >= length : first <= 0)) return;
      const content = await part(after ? last : Math.max(0, first - STEP), after ? last + STEP : first).catch(() => null);
      if (!content || closed()) return;
      if (content.querySelector(".renewed")) return renewed(content);
      const parts = [...content.children];
      estimate(parts, body);
      if (after) body.append(...parts);
      else {
        // The browser keeps what is seen in its place by itself, but not at the very top.
        leaf.style.overflowAnchor = "none";
        const seen = body.firstElementChild;
        const before = seen.getBoundingClientRect().top;
        body.prepend(...parts);
        leaf.scrollTop += seen.getBoundingClientRect().top - before;
        leaf.style.overflowAnchor = "";
      }
      edges();
      reader.find.draw();
    });
    return adding;
  }

  async function loadWhole() {
    for (;;) {
      const [first, last] = loaded(body);
      if (closed() || (first <= 0 && last >= length)) return;
      await new Promise((resolve) => (window.requestIdleCallback ?? setTimeout)(resolve, { timeout: 200 }));
      await extend(last < length ? "later" : "earlier");
      const now = loaded(body);
      if (now[0] === first && now[1] === last) return; // nothing came: the server is away
    }
  }

  /* Shows another part of a very long text instead of this one. */
  function jump(place) {
    adding = adding.then(async () => {
      const content = await part(Math.max(0, place - AROUND), place + 2 * AROUND).catch(() => null);
      if (!content || closed()) return;
      if (content.querySelector(".renewed")) return renewed(content);
      estimate(content.children, body);
      body.replaceChildren(...content.children);
      edges();
      reader.find.draw();
    });
    return adding;
  }

  /* What the links before and after the text say. */
  function edges() {
    const [first, last] = loaded(body);
    for (const [name, left] of [["earlier", first], ["later", length - last]]) {
      const link = article.querySelector(`.more.${name} a`);
      link.parentElement.hidden = left <= 0;
      const [single, many] = link.dataset.label.split("|");
      link.textContent = (left === 1 ? single : (many ?? single)).replace("{n}", left.toLocaleString("en"));
      link.search = `?${new URLSearchParams({ document: reader.document, from: name === "later" ? last : Math.max(0, first - 1) })}`;
    }
  }

  /* An update has brought another text. */
  async function renewed(content) {
    content ??= await part(0, 1).catch(() => null);
    const notice = content?.querySelector(".renewed");
    if (notice && !article.querySelector(".renewed")) leaf.before(notice);
  }

  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) if (entry.isIntersecting) extend(entry.target.matches(".later") ? "later" : "earlier");
    },
    { root: leaf, rootMargin: NEAR },
  );

  function start() {
    for (const more of article.querySelectorAll(".more")) observer.observe(more);
    until.signal.addEventListener("abort", () => observer.disconnect());
    return length <= WHOLE ? loadWhole() : undefined;
  }

  return { extend, jump, renewed, start };
}
