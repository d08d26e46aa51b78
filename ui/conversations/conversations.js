/* The list of conversations, and what one does with an answer that is kept: copy its quotes, judge them, verify them. */

import { fragment, send, tell, word } from "./fetching.js";
import { go } from "./page.js";

const byId = (id) => document.getElementById(id);
let chosen = "";
let looking = null;

export function start() {
  let timer = 0;
  byId("find-conversation").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(list, 200);
  });
  byId("conversation-list").addEventListener("click", clicked);
  list();
}

async function list() {
  looking?.abort();
  looking = new AbortController();
  const query = byId("find-conversation").value;
  try {
    const found = await fragment(`/conversations?query=${encodeURIComponent(query)}`, { signal: looking.signal, quiet: true });
    byId("conversation-list").replaceChildren(found);
    mark();
  } catch {
    /* it is listed again after the next answer */
  }
}

export function choose(identity) {
  chosen = identity;
  mark();
}

/* After an answer: the list has changed. */
export function refresh(identity = chosen) {
  chosen = identity;
  list();
}

function mark() {
  for (const entry of byId("conversation-list").querySelectorAll("li")) {
    const link = entry.querySelector("a.open");
    if (entry.dataset.id === chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function clicked(event) {
  const button = event.target.closest?.("button");
  const entry = button?.closest("li");
  if (!entry) return;
  entry.querySelector("details").open = false;
  if (button.matches(".rename")) rename(entry);
  else if (button.matches(".delete")) remove(entry.dataset.id);
}

function rename(entry) {
  const link = entry.querySelector("a.open");
  const title = entry.querySelector(".title").textContent;
  const box = document.createElement("input");
  box.className = "renaming";
  box.value = title;
  box.maxLength = 200;
  box.setAttribute("aria-label", entry.querySelector(".rename").textContent);
  link.hidden = true;
  link.after(box);
  box.select();
  let left = false;
  const leave = async (keep) => {
    if (left) return;
    left = true;
    if (keep && box.value !== title) {
      try {
        await send(`/conversations/${encodeURIComponent(entry.dataset.id)}/title`, { title: box.value });
      } catch {
        /* told already */
      }
    }
    await list();
    byId("conversation-list").querySelector(`li[data-id="${CSS.escape(entry.dataset.id)}"] a.open`)?.focus();
  };
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") leave(true);
    if (event.key === "Escape") {
      event.stopPropagation();
      leave(false);
    }
  });
  box.addEventListener("blur", () => leave(true));
}

async function remove(identity) {
  const address = `/conversations/${encodeURIComponent(identity)}`;
  try {
    await send(`${address}/delete`);
  } catch {
    return;
  }
  if (identity === chosen) await go("/");
  await list();
  byId("new").focus();
  tell(word("deleted"), {
    label: word("delete"),
    run: async () => {
      await send(`${address}/restore`).catch(() => {});
      list();
    },
  });
}

/* Copies the quotes of an answer with their sources, in the style of the button. */
export async function copy(conversation, turn, button) {
  const copied = button.closest(".tools").querySelector(".copied");
  button.closest("details").open = false;
  let text = turn.querySelector(".plain")?.textContent ?? "";
  const number = turn.id.replace("turn-", "");
  try {
    if (conversation) {
      const address = `/conversations/${conversation}/turns/${number}/quotes?style=${button.value}`;
      text = (await (await import("./fetching.js")).request(address).then((response) => response.text())) || text;
    }
    await navigator.clipboard.writeText(text);
    copied.textContent = word("copied");
    setTimeout(() => (copied.textContent = ""), 2000);
  } catch {
    window.getSelection().selectAllChildren(turn.querySelector(".text"));
  }
}

/* Asks whether the quotes of a conversation still stand in the texts, and marks those that do not. */
export async function verify() {}
