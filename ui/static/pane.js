/* The pane beside the room: the sources of an answer, and the original document in the reader.
 *
 * Where the window is narrow it is a sheet over the room, which opens when a source is asked for. */

import { composing } from "./keys.js";
import { closeReader, openReader } from "./reader.js";

const byId = (id) => document.getElementById(id);
const narrow = window.matchMedia("(max-width: 899px)");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
export const scrolling = () => (calm.matches ? "auto" : "smooth");

let cameFrom = null; // the link to which Escape and the close button lead back
let following = []; // addresses and numbers of the quotes that “next” and “previous” in the reader lead through

export function start() {
  byId("close-pane").addEventListener("click", () => close());
  for (const name of ["sources", "reader"]) byId(`tab-${name}`).addEventListener("click", () => choose(name));
  byId("pane").addEventListener("keydown", (event) => {
    if (event.target.matches('[role="tab"]') && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
      const other = event.target.id === "tab-sources" ? "reader" : "sources";
      choose(other);
      byId(`tab-${other}`).focus();
    }
  });
  byId("open-pane").addEventListener("click", () => {
    byId("pane").classList.add("open");
    cover();
    byId("close-pane").focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !composing(event) && !event.defaultPrevented && isOpen()) close();
  });
  document.addEventListener("click", opened);
  narrow.addEventListener("change", cover);
}

/* What a sheet covers cannot be reached behind it. */
function cover() {
  byId("main").inert = narrow.matches && !byId("pane").hidden && byId("pane").classList.contains("open");
}

const isOpen = () => !byId("pane").hidden && (!narrow.matches || byId("pane").classList.contains("open"));

/* A plain click on any link into the reader opens it here; with a modifier it opens in a tab of its own. */
function opened(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.('a[href^="/read?"]');
  if (!link || link.target === "_blank" || link.closest("#reader")) return;
  event.preventDefault();
  read(link.getAttribute("href"), { from: link, among: quotesBeside(link) });
}

/* The quotes of the answer that a link belongs to: their addresses and numbers, in order. */
function quotesBeside(link) {
  const sources = link.closest(".sources");
  const turn = sources?.matches(":not(.mentions)") && byId(sources.id.replace("sources-", "turn-"));
  const group = turn || link.closest(".turn, .found, .documents, .mentions");
  const numbers = new Map();
  const places = 'a.cite[href^="/read?"], :is(.found, .mentions) a.original[href^="/read?"]';
  for (const one of group?.querySelectorAll(places) ?? []) {
    numbers.set(one.getAttribute("href"), Number(/\[(\d+)\]/.exec(one.textContent)?.[1]) || null);
  }
  return [...numbers].map(([href, number]) => ({ href, number }));
}

const placeIn = (href) => {
  const address = new URL(href, location.href).searchParams;
  return `${address.get("at")} ${address.get("document")}`;
};

/* Opens a document at a place. `among` are the addresses and numbers of the quotes that next and previous lead through,
 * `from` is where to go back. */
export function read(href, { from = null, among = [] } = {}) {
  if (from) cameFrom = from;
  const index = () => following.findIndex((one) => placeIn(one.href) === placeIn(href));
  following = among;
  if (index() < 0) following = [{ href, number: null }];
  reveal("reader", { open: true });
  for (const chosen of document.querySelectorAll("a.cite.chosen")) chosen.classList.remove("chosen");
  if (from?.matches(".cite")) from.classList.add("chosen");
  return openReader(byId("reader"), href, {
    place: index() + 1,
    places: following.length,
    among: following,
    step: (by) => {
      const next = following[(index() + by + following.length) % following.length].href;
      const link = [...document.querySelectorAll("#turns a.cite")].find((one) => one.getAttribute("href") === next);
      return read(next, { from: link ?? null, among: following });
    },
  });
}

/* Shows one of the two sides of the pane; on a narrow screen only `open` brings it up. */
function reveal(name, { open = false } = {}) {
  byId("pane").hidden = false;
  byId("frame").classList.add("with-pane");
  byId("open-pane").hidden = false;
  choose(name);
  if (open) byId("pane").classList.add("open");
  cover();
}

function choose(name) {
  for (const one of ["sources", "reader"]) {
    byId(one).hidden = one !== name;
    byId(`tab-${one}`).setAttribute("aria-selected", String(one === name));
    byId(`tab-${one}`).tabIndex = one === name ? 0 : -1;
  }
}

export function close() {
  byId("pane").classList.remove("open");
  if (!narrow.matches) {
    byId("pane").hidden = true;
    byId("frame").classList.remove("with-pane");
  }
  cover();
  if (cameFrom?.isConnected) cameFrom.focus();
  cameFrom = null;
}

/* Nothing to show any more: another conversation is open. */
export function empty() {
  byId("sources").replaceChildren();
  closeReader(byId("reader"));
  byId("pane").hidden = true;
  byId("pane").classList.remove("open");
  byId("open-pane").hidden = true;
  byId("frame").classList.remove("with-pane");
  cover();
  cameFrom = null;
}

/* Makes one turn's sources the ones that are shown. */
export function sources(list, { from = null, open = false } = {}) {
  for (const other of byId("sources").children) other.classList.toggle("shown", other === list);
  if (!list) return;
  reveal("sources", { open });
  byId("sources").scrollTop = 0;
  if (from) {
    cameFrom = from;
    byId("sources").focus({ preventScroll: true });
  }
}
