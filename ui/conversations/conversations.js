/* The list of conversations, and what one does with an answer that is kept: copy its quotes, judge them, verify them. */

import { copyText } from "./clipboard.js";
import { facts, fragment, parsed, request, send, tell, word } from "./fetching.js";
import { composing } from "./keys.js";
import { go } from "./page.js";

const byId = (id) => document.getElementById(id);
let chosen = "";
let looking = null;
let renaming = null; // the box in which a title is being written

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
    if (renaming) return; // it is listed again when that is done
    put(found);
    mark();
  } catch {
    /* it is listed again after the next answer */
  }
}

const entryOf = (identity) => byId("conversation-list").querySelector(`li[data-id="${CSS.escape(identity ?? "")}"] a.open`);

/* The list comes anew after every answer: what has the focus in it keeps it, and an open menu stays open. */
function put(found) {
  const place = byId("conversation-list");
  const parts = (entry) => [...entry.querySelectorAll("a, summary, button")];
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const before = focused?.closest("li");
  const number = before ? parts(before).indexOf(focused) : -1;
  place.replaceChildren(found);
  const entry = before && place.querySelector(`li[data-id="${CSS.escape(before.dataset.id)}"]`);
  if (!entry) return;
  if (before.querySelector("details").open) entry.querySelector("details").open = true;
  const again = parts(entry)[number];
  (again?.offsetParent ? again : entry.querySelector("summary")).focus({ preventScroll: true });
}

export function choose(identity) {
  chosen = identity;
  mark();
}

/* After an answer: the list has changed. */
export function refresh() {
  list();
}

/* Of a turn on the server; “-” stands for a conversation that could not be kept. */
export function addressOf(conversation, turn) {
  const number = Number(turn.id.replace("turn-", ""));
  return `/conversations/${encodeURIComponent((isKept(number) && conversation) || "-")}/turns/${number}`;
}

/* Whether a turn of this number stands in its conversation; the numbers of those that could not be kept begin there. */
export const isKept = (number) => number <= 1_000_000;

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
  renaming = box;
  let left = false;
  const leave = async (keep, { back = true } = {}) => {
    if (left) return;
    left = true;
    if (keep && box.value !== title) {
      try {
        await send(`/conversations/${encodeURIComponent(entry.dataset.id)}/title`, { title: box.value });
      } catch {
        /* told already */
      }
    }
    if (renaming === box) renaming = null;
    box.remove();
    link.hidden = false;
    await list();
    if (back) entryOf(entry.dataset.id)?.focus();
  };
  box.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    if (event.key === "Enter") leave(true);
    if (event.key === "Escape") {
      event.stopPropagation();
      leave(false);
    }
  });
  box.addEventListener("blur", () => leave(true, { back: false }));
}

async function remove(identity) {
  const entry = byId("conversation-list").querySelector(`li[data-id="${CSS.escape(identity)}"]`);
  const beside = (entry?.nextElementSibling ?? entry?.previousElementSibling)?.dataset.id;
  const address = `/conversations/${encodeURIComponent(identity)}`;
  try {
    await send(`${address}/delete`);
  } catch {
    return;
  }
  if (identity === chosen) await go("/");
  await list();
  const back = () => (entryOf(beside) ?? byId("new")).focus();
  tell(word("deleted"), {
    label: word("undo"),
    back,
    run: async () => {
      back();
      await send(`${address}/restore`).catch(() => {});
      await list();
      entryOf(identity)?.focus();
    },
  });
}

/* Copies the quotes of an answer with their sources, or one of them, in the style of the button. */
export async function copy(conversation, turn, button) {
  const copied = button.closest("details").nextElementSibling;
  const [style, citation] = button.value.split(":");
  const asked = new URLSearchParams(citation ? { style, citation } : { style });
  let text;
  try {
    text = await (await request(`${addressOf(conversation, turn)}/quotes?${asked}`)).text();
  } catch {
    return; // told already
  }
  if (await copyText(text)) {
    copied.textContent = word("copied");
    setTimeout(() => (copied.textContent = ""), 2000);
  } else {
    tell(word("not-copied"));
    window.getSelection().selectAllChildren(turn.querySelector(".text"));
  }
}

/* Says of an answer, or of one of its sources, whether it is right; said again, it is taken back. */
export async function judge(conversation, turn, button) {
  const [verdict, citation] = button.value.split(":");
  try {
    const said = await send(`${addressOf(conversation, turn)}/verdict`, { verdict, citation: citation ? Number(citation) : null });
    const sources = byId(turn.id.replace("turn-", "sources-"));
    for (const one of [turn, sources].flatMap((place) => [...(place?.querySelectorAll("button.verdict") ?? [])])) {
      const [kind, number] = one.value.split(":");
      one.setAttribute("aria-pressed", String(said[number ?? ""] === kind));
    }
    tell(word(button.getAttribute("aria-pressed") === "true" ? "judged" : "unjudged"));
  } catch {
    /* told already */
  }
}

/* Asks whether the quotes of a conversation still stand in the texts, and shows those that do not. */
export async function verify(conversation, isShown) {
  if (!byId("turns").querySelector("a.cite")) return;
  let found;
  try {
    found = await facts(`/conversations/${conversation}/verification`, { quiet: true });
  } catch {
    return; // it is verified the next time
  }
  if (!isShown()) return;
  for (const [number, { markup, citations }] of Object.entries(found.turns)) {
    const turn = byId(`turn-${number}`);
    turn?.querySelector(".verified")?.remove();
    turn?.querySelector(".notes")?.after(parsed(markup));
    for (const [citation, { state, label, href }] of Object.entries(citations)) {
      for (const link of turn?.querySelectorAll(`#cite-${number}-${citation}`) ?? []) {
        link.classList.add(state);
        if (state !== "unchanged") link.querySelector(".spoken:last-child").textContent += ` (${label})`;
        if (href) link.setAttribute("href", href);
        else link.setAttribute("href", `#sources-${number}`);
      }
    }
  }
}
