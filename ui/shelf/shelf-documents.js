/* The table of documents: filters that act at once, heads that sort, pages. The server does the work; what is wanted
 * stands in the address, so that a reload or a link finds it again. */

import { fragment } from "./fetching.js";
import { put } from "./library.js";

const byId = (id) => document.getElementById(id);
const NAMES = ["q", "kind", "state", "sort", "page"];
const TYPING = 120; // ms after a key before the table follows

let wanted = {};
let timer = 0;
let asking = null;

export function start() {
  const form = byId("shelf-filters");
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("shelf-find").addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => want({ q: event.target.value }), TYPING);
  });
  byId("shelf-kind").addEventListener("change", (event) => want({ kind: event.target.value }));
  byId("shelf-order").addEventListener("change", (event) => want({ sort: event.target.value }));
  form.querySelector(".choices").addEventListener("click", (event) => {
    const choice = event.target.closest("button.choice");
    if (choice) want({ state: choice.value });
  });
  byId("shelf-table").addEventListener("click", (event) => {
    const button = event.target.closest("button.sort, .pager button");
    if (!button) return;
    if (button.matches(".sort")) want({ sort: sorted(button.value) });
    else want({ page: button.value }).then(turned);
  });
}

/* The same column again is the other way round. */
const sorted = (column) => ((wanted.sort || "state") === column ? `${column}-` : column);

function turned() {
  byId("shelf-filters").scrollIntoView({ block: "start" });
  if (document.activeElement === document.body) byId("shelf-table").querySelector(".pager button:enabled")?.focus();
}

export function show(address) {
  const found = Object.fromEntries(NAMES.map((name) => [name, address.get(name) ?? ""]));
  if (byId("shelf-find").value.trim() !== found.q.trim()) byId("shelf-find").value = found.q;
  byId("shelf-order").value = found.sort || "state";
  wanted = found;
  return refresh();
}

/* Wants something else of the table; whatever it is, its first page. */
function want(change) {
  wanted = { ...wanted, page: "", ...change };
  byId("shelf-order").value = wanted.sort || "state";
  const address = new URLSearchParams({ show: "library" });
  for (const name of NAMES) if (wanted[name]) address.set(name, wanted[name]);
  history.replaceState(null, "", `/?${address}`);
  return refresh();
}

export async function refresh() {
  asking?.abort();
  const mine = (asking = new AbortController());
  const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
  let found;
  try {
    found = await fragment(`/library/documents?${query}`, { signal: mine.signal, quiet: true });
  } catch (error) {
    if (error.problem && asking === mine) put("table", error.problem.childNodes);
    return;
  }
  if (asking !== mine) return;
  for (const part of [...found.children]) put(part.dataset.part, part.childNodes);
  byId("shelf-kind").value = wanted.kind ?? "";
}
