/* The search room: passages and every mention, as the address says; every search is an address of its own. */

import { fragment, tell, word } from "./fetching.js";
import { composing } from "./keys.js";
import { go } from "./page.js";
import { choosePlaces, named } from "./places.js";

const byId = (id) => document.getElementById(id);
const PAUSE = 600; // ms without a key after which what is written is looked for
const PATIENCE = 700; // ms after which it is asked whether the model is still loading
const LONGEST = 2_000; // characters that an address holds: a longer question is too long to be looked for anyway

let shown = null; // the search that the list belongs to
let running = null; // the AbortController of the one under way
let typing = false; // the last address was made while typing, and may be replaced by the next
let within = []; // the places that are searched; [] is the whole library

export function start() {
  const form = byId("search-form");
  let timer = 0;
  const now = () => {
    clearTimeout(timer);
    look({ replace: typing, again: true });
    typing = false;
  };
  form.querySelector(".primary").addEventListener("click", now);
  byId("search-words").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !composing(event)) now();
  });
  byId("search-words").addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.isComposing) return;
    timer = setTimeout(paused, PAUSE);
  });
  byId("search-words").addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(paused, PAUSE);
  });
  form.addEventListener("change", (event) => {
    if (event.target.name !== "mode") return;
    hint();
    typing = false;
    if (words().trim()) look();
  });
  byId("search-scope").addEventListener("click", async () => {
    const places = await choosePlaces(within);
    if (places) keep(places);
  });
  byId("search-scope-clear").addEventListener("click", () => {
    keep([]);
    byId("search-scope").focus();
  });
  byId("search-found").addEventListener("click", clicked);
  byId("search-found").addEventListener("toggle", (event) => unfolded(event.target), true);
}

const words = () => byId("search-words").value;
const modes = () => [...document.querySelectorAll('#search-form [name="mode"]')];
const mode = () => modes().find((one) => one.checked).value;

function choose(how) {
  for (const one of modes()) one.checked = one.value === how;
  hint();
}

/* What is written now, as an address of this page. */
function address(query = words(), how = mode(), places = within) {
  const asked = new URLSearchParams({ show: "search" });
  if (query.trim()) {
    asked.set("mode", how);
    asked.set("q", query);
  }
  for (const place of places) asked.append("within", place);
  return `/?${asked}`;
}

function paused() {
  const query = words().trim();
  if (byId("room-search").hidden || query.length === 1 || query === (shown?.query ?? "").trim()) return;
  look({ replace: typing });
  typing = true;
}

function look({ replace = false, again = false } = {}) {
  const query = words();
  if (again) shown = null;
  if (query.length > LONGEST) run({ query, mode: mode(), within });
  else go(address(), { replace });
}

function keep(places) {
  scope(places);
  typing = false;
  go(address());
}

/* Puts the room in the state of an address. */
export async function show(asked) {
  const wanted = {
    query: asked.get("q") ?? "",
    mode: asked.get("mode") === "mentions" ? "mentions" : "passages",
    within: asked.getAll("within"),
  };
  if (words() !== wanted.query) byId("search-words").value = wanted.query;
  choose(wanted.mode);
  // The room is left and come back to by its link, and the last search is still there.
  document.querySelector('#side a[data-room="search"]').setAttribute("href", address(wanted.query, wanted.mode, wanted.within));
  if (JSON.stringify(within) !== JSON.stringify(wanted.within) || !shown) scope(wanted.within);
  if (shown && JSON.stringify(shown) === JSON.stringify(wanted)) return;
  const pointed = window.matchMedia("(hover: hover)").matches; // elsewhere a keyboard would cover half of the room
  if (pointed && !wanted.query && !document.querySelector("dialog[open]")) byId("search-words").focus();
  await run(wanted);
}

async function scope(places) {
  within = places;
  byId("search-scope").classList.toggle("set", places.length > 0);
  byId("search-scope-clear").hidden = !places.length;
  byId("search-scope-name").textContent = places.join("、") || byId("search-scope-clear").title;
  if (!places.length) return;
  const found = await named(places);
  if (within === places) {
    byId("search-scope-name").textContent = found.label;
    byId("search-scope").classList.toggle("gone", found.gone.length > 0);
  }
}

function hint() {
  for (const one of document.querySelectorAll("#room-search .hints .hint")) one.hidden = one.dataset.mode !== mode();
}

const piece = (id) => byId(id).content.cloneNode(true);

async function run(wanted) {
  running?.abort();
  const controller = (running = new AbortController());
  const list = byId("search-found");
  byId("search-told").textContent = "";
  document.querySelector("#room-search .hints").hidden = Boolean(wanted.query.trim());
  shown = wanted;
  if (!wanted.query.trim()) {
    list.replaceChildren();
    list.removeAttribute("aria-busy");
    return;
  }
  list.setAttribute("aria-busy", "true");
  const slow = setTimeout(() => list.replaceChildren(piece("search-waiting")), list.childElementCount ? 250 : 0);
  const patience = wanted.mode === "passages" ? setTimeout(() => loading(controller, slow), PATIENCE) : 0;
  try {
    const found = await ask(`/search/${wanted.mode}`, wanted, controller.signal);
    fill(list, found);
    byId("room-search").scrollTop = 0;
  } catch (error) {
    if (error.name === "AbortError") return;
    shown = null;
    const problem = error.problem?.querySelector(".problem") ?? failure(error);
    list.replaceChildren(problem);
    if (!problem.querySelector("a, button")) list.append(piece("search-again"));
  } finally {
    clearTimeout(slow);
    clearTimeout(patience);
    if (running === controller) list.removeAttribute("aria-busy");
  }
}

/* A part of the list, or an Error with the problem that is told in its place. */
async function ask(url, { query, within: places }, signal, more = {}) {
  const found = await fragment(url, { method: "POST", body: { query, within: places, ...more }, signal, quiet: true });
  if (!found.firstElementChild?.matches(".problem")) return found;
  throw Object.assign(new Error(found.textContent), { problem: found, status: 200 });
}

/* A request that did not arrive, or an answer that is none of ours. */
function failure(error) {
  const problem = document.createElement("div");
  problem.className = "problem";
  problem.setAttribute("role", "alert");
  problem.textContent = error.status ? error.message : word("unreachable");
  return problem;
}

/* What the list tells is told once, above it. */
function fill(list, found) {
  const told = found.querySelector(".told");
  byId("search-told").textContent = told?.textContent ?? "";
  told?.remove();
  list.replaceChildren(found);
  observe(list);
}

async function loading(controller, slow) {
  try {
    const { model } = await (await fetch("/healthz", { signal: controller.signal })).json();
    if (running !== controller || controller.signal.aborted || !["waiting", "loading"].includes(model)) return;
    if (byId("search-found").getAttribute("aria-busy") !== "true") return;
    clearTimeout(slow);
    byId("search-found").replaceChildren(piece("search-loading"));
    byId("search-told").textContent = byId("search-found").querySelector(".waiting").textContent;
  } catch {
    /* the search itself tells what is wrong */
  }
}

/* More of a list */

function clicked(event) {
  const button = event.target.closest?.("button");
  if (!button) return;
  if (button.matches(".more")) more(button, { focus: true });
  else if (button.matches(".whole")) keep([]);
  else if (button.matches(".again")) look({ replace: true, again: true });
  else if (button.matches(".switch")) {
    choose("mentions");
    look({ replace: true });
  }
}

/* Puts what comes next in the place of the button that asks for it. */
async function more(button, { focus = false } = {}) {
  if (button.disabled || !shown) return;
  button.disabled = true;
  const belongs = shown;
  const group = button.closest("details.group");
  const start = Number(button.value);
  try {
    let found;
    if (belongs.mode === "passages") {
      found = await ask("/search/passages", belongs, undefined, { start });
      const told = found.querySelector(".told");
      byId("search-told").textContent = told.textContent;
      told.remove();
    } else {
      found = await part(belongs, start, group);
    }
    if (belongs !== shown || !button.isConnected) return;
    const first = found.querySelector("a, summary");
    button.replaceWith(found);
    observe(byId("search-found"));
    if (focus) first?.focus({ preventScroll: true });
  } catch (error) {
    if (belongs === shown) failed(error, button);
  }
}

function part(belongs, start, group) {
  const generation = Number(document.querySelector("#search-found .groups").dataset.generation);
  const document_ = group ? { document: Number(group.dataset.number) } : {};
  return ask("/search/mentions/part", belongs, undefined, { generation, start, ...document_ });
}

function failed(error, button) {
  button.disabled = false;
  tell(error.status ? error.message : failure(error).textContent, {
    label: byId("search-again").content.textContent.trim(),
    run: () => look({ replace: true, again: true }),
  });
}

/* A document's mentions are fetched when it is opened. */
async function unfolded(group) {
  if (!group.matches?.("details.group") || !group.open || group.querySelector(".inside")) return;
  const belongs = shown;
  const inside = document.createElement("div");
  inside.className = "inside";
  inside.append(piece("search-waiting"));
  group.append(inside);
  try {
    const found = await part(belongs, 0, group);
    if (belongs === shown) inside.replaceChildren(found);
  } catch (error) {
    inside.remove();
    group.open = false;
    if (belongs === shown) failed(error, {});
  }
}

/* The list of documents goes on by itself when its end comes into view. */
const end = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) if (entry.isIntersecting) more(entry.target);
  },
  { rootMargin: "600px" },
);

function observe(list) {
  end.disconnect();
  const button = list.querySelector(".groups > button.more");
  if (button) end.observe(button);
}
