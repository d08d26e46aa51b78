/* The library room: what is known of the library, what is done with it, and its parts.
 *
 * The frame comes once; what changes with the library comes again whenever its state says that it is another. */

import { copyText } from "./clipboard.js";
import * as documents from "./shelf-documents.js";
import { fragment, send, tell, word } from "./fetching.js";
import { look, state, watch } from "./page.js";
import * as uploads from "./shelf-uploads.js";
import * as words from "./shelf-words.js";

const byId = (id) => document.getElementById(id);
const ACTS = { update: "/library/update", preview: "/library/preview" };

let building = null; // the promise of the frame
let shown = null; // what the parts that are shown were made of
let refreshing = 0; // counts refreshes: what comes late is dropped
let wasBusy = false;
let startedBy = ""; // a selector of the button whose work the focus waits for on “stop”
let wasUpdating = false;

export function start() {
  document.addEventListener("click", clicked);
  watch((now) => {
    queueMicrotask(() => beside(now)); // after the page has put the side in its place
    if (byId("shelf-update")) apply(now);
  });
}

export async function show(address) {
  building ??= build();
  try {
    await building;
  } catch (error) {
    building = null; // the next visit tries again, and so does the page when the server is back
    const problem = Object.assign(document.createElement("p"), { className: "problem" });
    problem.textContent = error.status ? error.message : word("unreachable");
    byId("room-library").replaceChildren(problem);
    return;
  }
  const wanted = address.get("part") ?? "";
  const part = byId(`shelf-part-${wanted}`) ? wanted : "documents";
  for (const section of document.querySelectorAll("#room-library .part")) section.hidden = section.id !== `shelf-part-${part}`;
  for (const link of document.querySelectorAll("#room-library .parts a")) {
    if (link.dataset.to === part) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (part === "documents") documents.show(address);
  if (state) apply(state);
  if (shown === null) await refresh();
}

async function build() {
  const room = byId("room-library");
  const waiting = document.createElement("p");
  waiting.className = "waiting";
  waiting.append(Object.assign(document.createElement("span"), { className: "spinner" }));
  room.replaceChildren(waiting);
  room.replaceChildren(await fragment("/library/room"));
  byId("shelf-follow").addEventListener("click", (event) => {
    const on = event.currentTarget.getAttribute("aria-checked") !== "true";
    act("/library/follow", { on });
  });
  byId("shelf-stop").addEventListener("click", () => act("/library/stop"));
  documents.start();
  words.start();
  uploads.start();
}

/* Puts new content into a part, if it is new; the focus stays on what has the same id. */
export function put(name, nodes) {
  const place = document.querySelector(`#room-library [data-part="${name}"]`);
  if (!place) return false;
  const held = document.createElement("div");
  held.append(...nodes);
  if (place.dataset.shown === held.innerHTML) return false;
  place.dataset.shown = held.innerHTML;
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.replaceChildren(...held.childNodes);
  if (focused) byId(focused)?.focus({ preventScroll: true });
  return true;
}

async function refresh() {
  const number = ++refreshing;
  const before = shown;
  shown = state?.seen ?? "";
  let found;
  try {
    found = await fragment("/library/parts");
  } catch {
    if (number === refreshing) shown = before;
    return;
  }
  if (number !== refreshing) return;
  for (const part of [...found.children]) {
    const name = part.dataset.part;
    if (name === "dictionary" && words.isEdited()) continue; // what somebody is typing stays
    if (name === "upload" && uploads.isBusy()) continue;
    if (put(name, part.childNodes) && name === "dictionary") words.refreshed();
  }
  if (state) apply(state);
  documents.refresh();
}

/* What the state says, on the buttons and below them */
function apply(now) {
  const busy = now.updating || now.work !== "";
  const update = byId("shelf-update");
  const stop = byId("shelf-stop");
  const focused = document.activeElement;
  if (now.button) update.textContent = now.button;
  update.classList.toggle("primary", now.wanted && !busy);
  disable(update, busy);
  const preview = byId("shelf-preview");
  preview.hidden = !(now.wanted && !busy);
  const stoppable = now.updating ? !now.stopping : now.work !== "" && now.work_stoppable;
  stop.hidden = !stoppable;
  if (busy && !wasBusy && (focused === update || focused?.dataset?.work)) {
    startedBy = focused === update ? "#shelf-update" : `#room-library [data-work="${focused.dataset.work}"]`;
    stop.focus();
  }
  if (focused === stop && stop.hidden) {
    const from = startedBy && document.querySelector(startedBy);
    (from && from.checkVisibility?.() !== false ? from : update).focus();
  }
  if (focused === preview && preview.hidden) update.focus();
  byId("shelf-follow").setAttribute("aria-checked", String(now.following));
  for (const button of document.querySelectorAll("#room-library [data-work]")) disable(button, busy);
  fill(byId("shelf-running"), now.updating ? now.progress : now.work_progress);
  fill(byId("shelf-outcome"), now.updating ? "" : now.progress);
  fill(byId("shelf-previewed"), now.preview);
  const other = (now.seen && now.seen !== shown) || now.updating !== wasUpdating;
  wasBusy = busy;
  wasUpdating = now.updating;
  if (!other || shown === null) return;
  if (byId("room-library").hidden) shown = null; // looked at when it is opened
  else refresh();
}

/* A button that cannot be used now keeps its focus, so that a keyboard does not lose its place. */
function disable(button, disabled) {
  if (disabled) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}

function fill(place, markup) {
  if (place.dataset.shown === markup) return;
  place.dataset.shown = markup;
  place.innerHTML = markup; // of our own server
}

/* On the side: what is being done, in a few words */
function beside(now) {
  const place = document.querySelector("#state .going");
  if (!place) return;
  if (!now.going) {
    place.replaceChildren();
    return;
  }
  let [text, bar] = place.children;
  if (!bar) {
    text = document.createElement("p");
    bar = document.createElement("progress");
    bar.max = 1;
    place.replaceChildren(text, bar);
  }
  if (text.textContent !== now.going) text.textContent = now.going;
  bar.setAttribute("aria-label", now.going);
  if (now.share === null || now.share === undefined) bar.removeAttribute("value");
  else bar.value = now.share;
}

/* Buttons, wherever on the page they stand */
function clicked(event) {
  const button = event.target.closest?.("[data-shelf], [data-work], .copy-path");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  if (button.matches(".copy-path")) copy(button);
  else if (button.dataset.work) act("/library/work", { work: button.dataset.work });
  else if (button.dataset.shelf === "sample") sample();
  else if (button.dataset.shelf === "look") act("/library/look");
  else act(ACTS[button.dataset.shelf]);
}

export async function act(url, body = {}) {
  try {
    await look(await send(url, body));
  } catch {
    /* it was told */
  }
}

/* Another library: nothing of the one before stays on the page. */
async function sample() {
  try {
    await send("/library/sample");
  } catch {
    return;
  }
  location.assign(document.body.dataset.room === "library" ? "/?show=library" : "/");
}

async function copy(button) {
  if (await copyText(button.value)) tell(word("copied"));
  else getSelection().selectAllChildren(button.parentElement.querySelector(".path")); // to be copied by hand
}
