/* The frame of the page: which room is open, the side, the appearance, and the state of the library.
 *
 * A tab keeps what it shows in its address: `/` asks, `/?c=…` is a conversation, `/?show=search` and `/?show=library`
 * are the other rooms. */

import * as chat from "./chat.js";
import * as conversations from "./conversations.js";
import { facts, word } from "./fetching.js";
import { keep, kept } from "./keeping.js";
import { composing } from "./keys.js";
import * as library from "./library.js";
import * as menus from "./menus.js";
import * as pane from "./pane.js";
import * as search from "./search.js";

const byId = (id) => document.getElementById(id);
const rooms = { chat, search, library };
const SWITCHED = "youju-switched";
const APPEARANCE = "youju-appearance";

/* Rooms */

function place() {
  const address = new URLSearchParams(location.search);
  return { room: address.get("show") in rooms ? address.get("show") : "chat", address };
}

let shown = null;

async function open() {
  const { room, address } = place();
  for (const name of Object.keys(rooms)) byId(`room-${name}`).hidden = name !== room;
  for (const link of document.querySelectorAll("#side .rooms a")) {
    if (link.dataset.room === room) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.body.dataset.room = room;
  if (shown !== room) closeSide();
  shown = room;
  await rooms[room].show(address);
}

/* Goes to an address of this page without loading it anew; `replace` leaves no step in the history. */
export function go(url, { replace = false } = {}) {
  if (url === location.pathname + location.search) replace = true;
  history[replace ? "replaceState" : "pushState"](null, "", url);
  return open();
}

/* The side, which is a drawer where the window is narrow */

function openSide() {
  byId("frame").classList.add("side-open");
  byId("menu").setAttribute("aria-expanded", "true");
  byId("new").focus();
}

function closeSide({ focus = false } = {}) {
  byId("frame").classList.remove("side-open");
  byId("menu").setAttribute("aria-expanded", "false");
  if (focus) byId("menu").focus();
}

/* Appearance and language */

function appear(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

/* The state of the library, looked at again and again; slower while nobody looks at this tab */

const watchers = new Set();
let timer = 0;
export let state = null;

/* Calls back with every new state of the library: what /library/state says. */
export function watch(callback) {
  watchers.add(callback);
  if (state) callback(state);
}

/* Takes a state that a request has just brought, or looks for it. */
export async function look(found) {
  clearTimeout(timer);
  let interval = 5;
  try {
    found ??= await facts("/library/state", { quiet: true });
    state = { ...(state ?? {}), ...known(found) };
    interval = state.interval;
    reached();
  } catch (error) {
    if (!error.status) byId("away").textContent = word("unreachable"); // for a moment, or for good
  }
  clearTimeout(timer); // of another look that was under way
  timer = setTimeout(look, (document.hidden ? Math.max(interval, 20) : interval) * 1000);
  if (found) for (const callback of watchers) callback(state);
}

/* What could not be shown while the server was away is shown when it is back. */
function reached() {
  if (!byId("away").textContent) return;
  byId("away").replaceChildren();
  open();
  conversations.refresh();
}

const known = (found) => Object.fromEntries(Object.entries(found).filter(([, value]) => value !== null));

function start() {
  const appearance = kept(APPEARANCE, { forGood: true });
  appear(appearance);
  byId("appearance").value = appearance ?? "system";
  byId("appearance").addEventListener("change", (event) => {
    keep(APPEARANCE, event.target.value, { forGood: true });
    appear(event.target.value);
  });
  byId("language").addEventListener("click", (event) => {
    document.cookie = `youju_language=${event.currentTarget.value}; path=/; max-age=31536000; samesite=strict`;
    if (document.activeElement === event.currentTarget) keep(SWITCHED, "yes");
    location.reload();
  });
  if (kept(SWITCHED)) byId("language").focus(); // from which the language was switched
  keep(SWITCHED, "");
  byId("menu").addEventListener("click", () =>
    byId("frame").classList.contains("side-open") ? closeSide() : openSide(),
  );
  byId("new").addEventListener("click", () => {
    closeSide();
    go("/").then(() => chat.focus());
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target.closest?.('a[href="/"], a[href^="/?"]');
    if (link && !link.target && !link.hasAttribute("download")) {
      event.preventDefault();
      closeSide();
      go(link.getAttribute("href"));
    } else if (byId("frame").classList.contains("side-open") && !event.target.closest?.("#side, #menu, #told")) closeSide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !composing(event) && byId("frame").classList.contains("side-open")) {
      event.stopImmediatePropagation();
      closeSide({ focus: true });
    }
  });
  document.addEventListener("focusin", (event) => {
    // What is behind the drawer cannot be seen.
    if (byId("frame").classList.contains("side-open") && !event.target.closest("#side, #menu, #told")) closeSide();
  });
  document.addEventListener("visibilitychange", () => document.hidden || look());
  addEventListener("popstate", open);
  document.querySelector("a.skip").addEventListener("click", (event) => {
    const room = byId(`room-${document.body.dataset.room}`);
    const first = document.body.dataset.room === "chat" ? byId("question")?.querySelector("textarea") : room.querySelector("input, a, button");
    event.preventDefault();
    first?.focus();
  });
  menus.start();
  pane.start();
  chat.start();
  conversations.start();
  library.start();
  search.start();
  watch((now) => {
    if (now.welcome !== undefined && byId("welcome").dataset.shown !== now.welcome) {
      byId("welcome").dataset.shown = now.welcome;
      byId("welcome").innerHTML = now.welcome;
    }
    if (now.library !== undefined && byId("state").dataset.shown !== now.library) {
      byId("state").dataset.shown = now.library;
      byId("state").innerHTML = now.library; // markup of our own server
    }
  });
  open();
  look();
}

start();
