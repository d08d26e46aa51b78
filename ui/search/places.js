/* Choosing the folders and documents that a question or a search is kept to, in a dialog. */

import { facts, fragment, word } from "./fetching.js";
import { composing } from "./keys.js";

const byId = (id) => document.getElementById(id);
const PAUSE = 200; // ms without a key after which the list is filtered

let chosen = new Map(); // path → what it is called
let answer = null; // what is done with the choice
let begun = false;
let looking = 0; // counts lists that were asked for: what comes late is dropped

/* Asks for places, beginning with those that are kept to now; null where the choice is left as it is. */
export function choosePlaces(current = []) {
  const dialog = byId("places");
  if (!begun) begin(dialog);
  answer?.(null);
  chosen = new Map(current.map((place) => [place, place]));
  byId("places-filter").value = "";
  byId("places-list").replaceChildren();
  say("");
  draw();
  list();
  dialog.showModal();
  byId("places-filter").focus();
  if (current.length) {
    named(current).then(({ names }) => {
      current.forEach((place, number) => chosen.has(place) && chosen.set(place, names[number]));
      draw();
    });
  }
  return new Promise((resolve) => (answer = resolve));
}

/* What places are called together and each, and which of them are gone; told in the language of the page. */
export async function named(places) {
  try {
    return await facts("/search/places/named", { method: "POST", body: { within: places }, quiet: true });
  } catch {
    return { label: places.join("、"), names: places, gone: [], told: "", whole: "" };
  }
}

function begin(dialog) {
  begun = true;
  let timer = 0;
  byId("places-filter").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(list, PAUSE);
  });
  dialog.addEventListener("keydown", keyed);
  dialog.addEventListener("close", () => settle(null));
  dialog.addEventListener("click", (event) => {
    const target = event.target.closest("button");
    if (event.target === dialog) dialog.close(); // beside it
    else if (!target) return;
    else if (target.matches(".leave")) dialog.close();
    else if (target.matches(".whole")) settle([]);
    else if (target.matches(".take")) settle([...chosen.keys()]);
    else if (target.matches(".unfold")) unfold(target);
    else if (target.matches(".more")) more(target);
    else if (target.closest(".chosen")) drop(target);
  });
  byId("places-list").addEventListener("change", (event) => ticked(event.target));
}

function settle(places) {
  const give = answer;
  answer = null;
  byId("places").close();
  give?.(places);
}

function say(text) {
  document.querySelector("#places .told").textContent = text;
}

/* The list */

const pathOf = (box) => decodeURIComponent(box.value);
const url = (asked) => `/search/places?${new URLSearchParams(asked)}`;

async function rows(asked) {
  say("");
  try {
    return await fragment(url(asked), { quiet: true });
  } catch (error) {
    say(error.status ? error.message : word("unreachable"));
    return document.createDocumentFragment();
  }
}

async function list() {
  const number = ++looking;
  const found = await rows({ query: byId("places-filter").value });
  if (number !== looking) return;
  byId("places-list").replaceChildren(found);
  byId("places-list").scrollTop = 0;
  marked();
}

async function unfold(button) {
  const row = button.closest(".row");
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  const inside = row.querySelector("ul");
  if (inside) inside.hidden = !open;
  else if (open) {
    row.append(await rows({ folder: pathOf(row.querySelector("input")) }));
    marked();
  }
}

async function more(button) {
  const item = button.closest("li");
  const above = item.closest("ul").closest(".row");
  const query = byId("places-filter").value;
  const asked = above ? { folder: pathOf(above.querySelector("input")) } : { query };
  button.disabled = true;
  const found = await rows({ ...asked, start: button.value });
  const items = [...found.querySelectorAll("ul > li")];
  button.disabled = false;
  if (!items.length) return; // what went wrong was told, and can be tried again
  item.replaceWith(...items);
  items[0]?.querySelector("input, button")?.focus();
  marked();
}

/* What is chosen */

function ticked(box) {
  const path = pathOf(box);
  const most = Number(byId("places").dataset.most);
  if (!box.checked) chosen.delete(path);
  else if (chosen.size >= most) {
    box.checked = false;
    say(document.querySelector("#places .told").dataset.most);
    return;
  } else {
    for (const other of chosen.keys()) if (isIn(other, path)) chosen.delete(other);
    chosen.set(path, box.closest("label").querySelector(".name").textContent);
  }
  say("");
  draw();
  marked();
}

const isIn = (path, folder) => path.startsWith(`${folder}/`) || path.startsWith(`${folder}#`);

/* A place in a chosen folder is chosen with it. */
function marked() {
  const paths = [...chosen.keys()];
  for (const box of byId("places-list").querySelectorAll("input")) {
    const path = pathOf(box);
    const included = paths.some((other) => isIn(path, other));
    box.checked = included || chosen.has(path);
    box.disabled = included;
    box.indeterminate = !box.checked && paths.some((other) => isIn(other, path));
  }
}

function draw() {
  const area = document.querySelector("#places .chosen");
  const names = area.querySelector("ul");
  area.querySelector(".none").hidden = chosen.size > 0;
  names.hidden = !chosen.size;
  names.replaceChildren(
    ...[...chosen].map(([path, name]) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const label = document.createElement("bdi");
      const cross = document.createElement("span");
      button.type = "button";
      button.title = path;
      button.dataset.path = path;
      button.setAttribute("aria-label", names.dataset.remove.replace("{name}", () => name));
      label.textContent = name;
      cross.textContent = "×";
      cross.setAttribute("aria-hidden", "true");
      button.append(label, cross);
      item.append(button);
      return item;
    }),
  );
}

function drop(button) {
  const next = button.closest("li").nextElementSibling?.querySelector("button").dataset.path;
  chosen.delete(button.dataset.path);
  draw();
  marked();
  const buttons = [...document.querySelectorAll("#places .chosen button")];
  (buttons.find((one) => one.dataset.path === next) ?? buttons.at(-1) ?? byId("places-filter")).focus();
}

/* Keys: Escape closes this and nothing else, arrows go through the list, Enter takes what is chosen. */
function keyed(event) {
  if (composing(event)) return;
  if (event.key === "Escape") {
    event.stopPropagation();
    if (event.target.matches("#places-filter") && event.target.value) return; // the field is emptied first
    event.preventDefault();
    byId("places").close();
  } else if (event.key === "Enter" && event.target.matches("input")) {
    event.preventDefault();
    if (event.target.type === "checkbox") event.target.click();
  } else if (["ArrowDown", "ArrowUp"].includes(event.key)) {
    const boxes = [...byId("places-list").querySelectorAll("input")].filter((box) => box.offsetParent && !box.disabled);
    const at = boxes.indexOf(event.target.closest(".row")?.querySelector("input"));
    const next = boxes[at + (event.key === "ArrowDown" ? 1 : -1)] ?? (at === 0 ? byId("places-filter") : null);
    if (next && (at >= 0 || event.key === "ArrowDown")) {
      event.preventDefault();
      next.focus();
    }
  } else if (["ArrowRight", "ArrowLeft"].includes(event.key) && event.target.matches("#places-list input")) {
    const button = event.target.closest(".row").querySelector(":scope > .unfold");
    if (button && (button.getAttribute("aria-expanded") === "true") === (event.key === "ArrowLeft")) unfold(button);
  }
}
