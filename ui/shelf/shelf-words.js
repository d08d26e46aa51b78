/* The dictionary: what is wrong with a line is told while it is typed; it is saved whole, or not at all. */

import { fragment, parsed, send } from "./fetching.js";
import { look } from "./page.js";

const byId = (id) => document.getElementById(id);
const TYPING = 400; // ms after a key before the lines are looked at

let saved = ""; // what the file holds, as far as is known here
let told = { seen: "", markup: "" }; // what was said of the file as it was saved last
let timer = 0;

export function start() {
  const part = byId("shelf-part-dictionary");
  part.addEventListener("input", (event) => {
    if (event.target.id !== "shelf-words-text") return;
    clearTimeout(timer);
    timer = setTimeout(check, TYPING);
  });
  part.addEventListener("submit", (event) => {
    event.preventDefault();
    save(byId("shelf-words").dataset.seen);
  });
  part.addEventListener("reset", (event) => {
    event.preventDefault();
    write(saved);
    check();
  });
  part.addEventListener("click", (event) => {
    const button = event.target.closest("[data-words]");
    if (button?.dataset.words === "overwrite") save(button.value);
    else if (button) {
      const now = part.querySelector(".conflict .now").textContent;
      take(now, button.value);
      check();
    }
  });
  addEventListener("beforeunload", (event) => isEdited() && event.preventDefault());
}

export const isEdited = () => byId("shelf-words-text") !== null && byId("shelf-words-text").value !== saved;

/* The form is a new one. What was said of saving stays while the file is the one that was saved. */
export function refreshed() {
  saved = byId("shelf-words-text")?.value ?? "";
  const form = byId("shelf-words");
  if (form && form.dataset.seen === told.seen) say(told.markup);
}

function say(markup) {
  told = { seen: byId("shelf-words").dataset.seen, markup };
  byId("shelf-words-said").replaceChildren(parsed(markup)); // of our own server
}

function write(text) {
  byId("shelf-words-text").value = text;
  say("");
}

function take(text, seen) {
  saved = text;
  byId("shelf-words").dataset.seen = seen;
  write(text);
  saved = byId("shelf-words-text").value;
}

async function check() {
  const text = byId("shelf-words-text").value;
  try {
    const found = await fragment("/library/dictionary/check", { method: "POST", body: { text }, quiet: true });
    if (byId("shelf-words-text").value === text) byId("shelf-words-problems").replaceChildren(found);
  } catch {
    /* saving tells it */
  }
}

async function save(seen) {
  clearTimeout(timer);
  const text = byId("shelf-words-text").value;
  let found;
  try {
    found = await send("/library/dictionary", { text, seen });
  } catch {
    return; // it was told
  }
  if (found.problems !== undefined) byId("shelf-words-problems").replaceChildren(parsed(found.problems));
  if (found.seen !== undefined) {
    if (byId("shelf-words-text").value === text) take(found.text, found.seen);
    else [saved, byId("shelf-words").dataset.seen] = [found.text, found.seen]; // somebody went on typing
    look();
  }
  say(found.said);
  byId("shelf-words-said").querySelector(".conflict button")?.focus();
}
