/* The conversation: turns arrive in a hidden component of Gradio's, sanitised, and are put in their place here.
 *
 * What a question belongs to goes to the server as JSON in the hidden #context. Words are never made here. */

import * as conversations from "./conversations.js";
import { facts, fragment, send, tell, word } from "./fetching.js";
import { keep, kept } from "./keeping.js";
import { composing } from "./keys.js";
import { go } from "./page.js";
import * as pane from "./pane.js";
import { choosePlaces, named } from "./places.js";
import { showQuotes } from "./quote.js";

const byId = (id) => document.getElementById(id);
const DRAFT = "youju-draft";
const LAST = "youju-last"; // the address of the conversation that was shown last
const LOST = 1500; // ms after which a question that has not arrived is sent once more
const SCOPE = "youju-scope"; // of a conversation that has not begun

let conversation = ""; // the one that is shown; "" is one that has not begun
let within = []; // places that questions are kept to
let ready = false; // Gradio has built its part of the page
let expected = 0; // the timer of a question that has not arrived
let asking = 0; // the count of `opening` when the last question was asked
const waited = new Set(); // turns, each with its conversation, whose answer is being asked for
let opening = 0; // counts conversations that were opened: what comes late for another one is dropped

export function start() {
  byId("conversation").addEventListener("click", clicked);
  byId("sources").addEventListener("click", (event) => {
    const button = event.target.closest?.("button.verdict, button.copy-as");
    const turn = byId(button?.closest(".sources")?.id.replace("sources-", "turn-"));
    if (turn && button.matches(".verdict")) conversations.judge(conversation, turn, button);
    else if (turn) conversations.copy(conversation, turn, button);
  });
  byId("scope").addEventListener("click", async () => {
    const places = await choosePlaces(within);
    if (places) keepTo(places, places.join("、"));
  });
  byId("scope-clear").addEventListener("click", () => {
    keepTo([]);
    byId("scope").focus();
  });
  keepTo(keptScope());
  leadHere(kept(LAST) ?? "/");
  showQuotes(byId("turns"));
  if (!attach()) {
    const waiting = new MutationObserver(() => attach() && waiting.disconnect());
    waiting.observe(document.querySelector("gradio-app"), { childList: true, subtree: true });
  }
}

/* Gradio builds its part after this script has run. */
function attach() {
  const arrivals = byId("arrivals");
  const box = byId("question")?.querySelector("textarea");
  if (!arrivals || !box || !byId("send") || !byId("context")) return false;
  ready = true;
  new MutationObserver(() => arrive(arrivals)).observe(arrivals, { childList: true, subtree: true, characterData: true });
  box.addEventListener("input", () => keepDraft(box.value));
  box.placeholder = word("placeholder"); // Gradio's part is the same in every language
  box.setAttribute("aria-label", word("question"));
  byId("send").textContent = word("ask");
  document.querySelector("#main main")?.setAttribute("role", "presentation"); // Gradio's, within the page's own
  // One question at a time: what is typed meanwhile stays in the box.
  box.addEventListener("keydown", (event) => event.key === "Enter" && !event.shiftKey && !composing(event) && begin(event), true);
  byId("send").addEventListener("click", begin, true);
  const draft = kept(DRAFT);
  if (draft && !box.value) write(box, draft);
  belong();
  byId("send").disabled = pending();
  arrive(arrivals);
  return true;
}

const pending = () => Boolean(byId("turns").querySelector(".turn.pending"));

function begin(event) {
  asking = opening;
  if (pending()) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (byId("question").querySelector("textarea").value.trim()) expect(sendTyped);
}

/* Asks again where nothing arrives: a page that has only just appeared, or a server that was away, lost it. */
function expect(press, tries = 3) {
  clearTimeout(expected);
  expected = setTimeout(() => {
    if (!tries) return tell(word("unreachable"));
    facts("/healthz").catch(() => {}); // what is wrong is told at once, where it is that
    press();
    return expect(press, tries - 1);
  }, LOST);
}

function sendTyped() {
  byId("send").removeEventListener("click", begin, true);
  byId("send").click();
  byId("send").addEventListener("click", begin, true);
}

const keepDraft = (text) => keep(DRAFT, text);

/* Puts text into a box of Gradio's, which notices only what is typed. */
function write(box, text) {
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Whatever room is open, the way back leads to the conversation that was shown, after a reload too. */
function leadHere(here = conversation ? `/?c=${encodeURIComponent(conversation)}` : "/") {
  document.querySelector('#side a[data-room="chat"]').setAttribute("href", here);
  keep(LAST, here);
}

function belong(more = {}) {
  if (ready) write(byId("context").querySelector("textarea, input"), JSON.stringify({ conversation, within, ...more }));
}

/* Asks a question that nobody typed just now: an example, a suggestion, one that is asked again. */
export function ask(question, more = {}) {
  if (!ready) return setTimeout(() => ask(question, more), 100);
  if (pending()) return 0;
  asking = opening;
  const press = () => {
    belong({ question, ...more });
    setTimeout(() => {
      byId("ask-prepared").click(); // once Gradio has taken the text over
      setTimeout(belong);
    });
  };
  press();
  return expect(press);
}

export function focus() {
  byId("question")?.querySelector("textarea")?.focus();
}

/* Places that the next questions are kept to; [] is the whole library. One that is gone is told, and can be let go. */
async function keepTo(places, label = places.join("、")) {
  within = places;
  const button = byId("scope");
  button.classList.toggle("set", places.length > 0);
  button.classList.remove("gone");
  byId("scope-clear").hidden = !places.length;
  byId("scope-name").textContent = places.length ? label : word("scope");
  belong();
  if (!conversation) keep(SCOPE, JSON.stringify(places));
  if (!places.length) return;
  const found = await named(places);
  if (within !== places) return;
  byId("scope-name").textContent = found.label;
  button.classList.toggle("gone", found.gone.length > 0);
  if (found.gone.length) tell(found.told, { label: found.whole, run: () => within === places && keepTo([]) });
}

function keptScope() {
  try {
    const places = JSON.parse(kept(SCOPE) ?? "[]");
    return Array.isArray(places) ? places.map(String) : [];
  } catch {
    return [];
  }
}

/* Showing a conversation */

export async function show(address) {
  const wanted = address.get("c") ?? "";
  if (wanted === conversation && (wanted || !byId("turns").childElementCount)) return;
  const number = ++opening;
  conversation = wanted;
  belong();
  leadHere();
  conversations.choose(wanted);
  pane.empty();
  if (!wanted) {
    byId("turns").replaceChildren();
    keepTo(keptScope());
    if (ready) byId("send").disabled = false;
    document.title = document.title.split(" · ").at(-1);
    return;
  }
  try {
    const found = (await fragment(`/conversations/${encodeURIComponent(wanted)}`)).querySelector(".kept");
    if (number !== opening) return;
    fill(found);
  } catch (error) {
    if (number !== opening) return;
    conversation = "";
    byId("turns").replaceChildren(); // those of the one before are none of this one's
    belong();
    leadHere();
    if (error.status === 404 || error.status === 400) go("/", { replace: true });
  }
}

function fill(found) {
  document.title = `${found.dataset.title} · ${document.title.split(" · ").at(-1)}`;
  const places = [...found.querySelectorAll(".within .place")].map((one) => one.textContent);
  keepTo(places, places.join("、"));
  const turns = byId("turns");
  turns.setAttribute("aria-live", "off"); // what was read before is not read out again
  turns.replaceChildren();
  byId("sources").replaceChildren();
  for (const turn of found.querySelectorAll("section.turn")) put(turn, { quiet: true });
  turns.lastElementChild?.scrollIntoView({ block: "start" });
  setTimeout(() => turns.setAttribute("aria-live", "polite"), 500);
  const shown = conversation;
  conversations.verify(shown, () => shown === conversation);
}

/* Asks for a turn that is being answered until it is; the server answers as soon as there is something new. */
async function awaitTurn(id) {
  const shown = conversation;
  const address = conversations.addressOf(shown, { id });
  for (let lost = 0; shown === conversation && byId(id)?.classList.contains("pending"); ) {
    try {
      const found = await fragment(address, { quiet: lost !== 3 });
      const turn = found.querySelector(".turn");
      if (found.querySelector(".unkept")) tell(word("unkept"));
      if (shown === conversation && turn) put(turn);
      if (turn && !turn.classList.contains("pending")) conversations.refresh();
      lost = 0;
    } catch (error) {
      if (error.status === 404) return void lose(id, error.problem);
      lost += 1; // the server is away: it is asked again, ever more slowly
      await new Promise((resolve) => setTimeout(resolve, Math.min(10_000, 500 * 2 ** lost)));
    }
  }
}

/* A turn that nobody will answer: its conversation was removed, or the server does not know it any more. */
function lose(id, problem) {
  const turn = byId(id);
  turn?.classList.replace("pending", "failed");
  turn?.querySelector(".reply")?.replaceChildren(problem);
  if (ready) byId("send").disabled = pending();
}

/* Turns */

function arrive(arrivals) {
  for (const arrived of arrivals.querySelectorAll(".arrival")) {
    const turn = arrived.querySelector("section.turn")?.cloneNode(true);
    const belongs = arrived.querySelector("a.belongs")?.getAttribute("href")?.slice(1) ?? "";
    arrived.replaceChildren(); // Gradio keeps the element; what is in it must stand once in the page
    arrived.className = "taken";
    if (turn) taken(turn, belongs);
  }
}

function taken(turn, belongs) {
  clearTimeout(expected);
  keepDraft(byId("question").querySelector("textarea").value);
  if (!belongs) {
    tell(word("unkept")); // the conversation goes on when there is room again
    if (asking !== opening) return;
  } else if (belongs !== conversation) {
    // Another conversation was opened meanwhile: this one is kept, and listed.
    if (asking !== opening) return conversations.refresh();
    if (conversation) {
      tell(word("begun-anew")); // it was deleted elsewhere, and its turns have the numbers of the new one's
      byId("turns").replaceChildren();
      byId("sources").replaceChildren();
    }
    conversation = belongs; // the question that begins a conversation
    belong();
    leadHere();
    if (!new URLSearchParams(location.search).get("show")) {
      history.replaceState(null, "", `/?c=${encodeURIComponent(belongs)}`);
    }
    conversations.choose(belongs);
    conversations.refresh();
  }
  put(turn);
}

function put(turn, { quiet = false } = {}) {
  for (const link of turn.querySelectorAll('a[target="_blank"]')) link.removeAttribute("target"); // Gradio's sanitiser
  const sources = turn.querySelector(".sources");
  const old = byId(turn.id);
  if (sources) {
    sources.remove();
    byId(sources.id)?.remove();
    byId("sources").append(sources);
  }
  // What was asked with a button takes the button away: the focus goes to the question, from which Tab leads on.
  const focused = document.activeElement?.closest?.(`#welcome, .suggestions, #${CSS.escape(turn.id)}`);
  for (const suggested of byId("turns").querySelectorAll(".suggestions")) suggested.remove();
  if (old) {
    // The question stays where it is, so that only the reply is announced.
    old.className = turn.className;
    const same = old.querySelector(".question").textContent === turn.querySelector(".question").textContent;
    if (same) old.querySelector(".again")?.remove();
    if (same) old.querySelector(".asking").append(...turn.querySelectorAll(".again"));
    for (const part of [same ? "" : ".asking", ".written", ".reply"].filter(Boolean)) {
      const before = old.querySelector(part);
      const after = turn.querySelector(part);
      if (before && after && before.innerHTML !== after.innerHTML) before.replaceWith(after);
    }
  } else {
    byId("turns").append(turn);
    if (!quiet) turn.scrollIntoView({ block: "start", behavior: pane.scrolling() });
  }
  const lost = document.activeElement === document.body || !document.activeElement.checkVisibility?.();
  if (focused && lost && !quiet) {
    const question = byId(turn.id).querySelector(".question");
    question.tabIndex = -1;
    question.focus({ preventScroll: true });
  }
  if (ready) byId("send").disabled = pending();
  const key = `${conversation} ${turn.id}`;
  if (turn.classList.contains("pending") && !waited.has(key)) {
    waited.add(key);
    awaitTurn(turn.id).finally(() => waited.delete(key));
  }
  const busy = document.body.dataset.room !== "chat" || document.querySelector("#reader:not([hidden]) .document:focus-within");
  if (sources && !busy) pane.sources(sources);
}

/* Shows the sources of a turn; those of an older one are fetched. */
async function showSources(turn, from) {
  const shown = conversation;
  const id = turn.id.replace("turn-", "sources-");
  if (!byId(id)) {
    let found;
    try {
      found = (await fragment(conversations.addressOf(shown, turn))).querySelector(".sources");
    } catch {
      return; // told already
    }
    if (shown !== conversation) return;
    if (found && !byId(id)) byId("sources").append(found);
  }
  pane.sources(byId(id), { from, open: true });
}

function clicked(event) {
  const target = event.target.closest?.("button, a");
  const turn = target?.closest(".turn");
  if (!target) return;
  if (target.matches(".example, .suggestion")) ask(target.textContent);
  else if (target.matches('.show, .cite[href^="#"]')) {
    event.preventDefault();
    showSources(turn, target);
  } else if (target.matches(".stop-asking")) stop(turn);
  else if (target.matches(".retry")) again(turn, {});
  else if (target.matches(".as-written")) again(turn, { alone: true });
  else if (target.matches(".edit")) edit(turn);
  else if (target.matches(".verdict")) conversations.judge(conversation, turn, target);
  else if (target.matches(".copy-as")) conversations.copy(conversation, turn, target);
}

/* The number under which a turn can be answered anew; one that was not kept is asked as another question. */
function replacing(turn) {
  const number = Number(turn.id.replace("turn-", ""));
  return conversations.isKept(number) ? number : undefined;
}
const questionOf = (turn) => turn.querySelector(".written").textContent;

function again(turn, more) {
  ask(questionOf(turn), { replaces: replacing(turn), ...more });
}

function stop(turn) {
  send(`${conversations.addressOf(conversation, turn)}/stop`).catch(() => {}); // told already
}

/* The question in a box of its own, in the place of the heading, until it is asked or let be. */
function edit(turn) {
  if (turn.querySelector(".editing")) return;
  const asking = turn.querySelector(".asking");
  const box = document.createElement("textarea");
  box.className = "editing";
  box.value = questionOf(turn);
  box.setAttribute("aria-label", turn.querySelector(".edit").textContent);
  box.rows = Math.min(8, Math.max(2, Math.ceil(box.value.length / 40)));
  const acts = document.createElement("div");
  acts.className = "editing-acts";
  const leave = () => {
    box.remove();
    acts.remove();
    asking.classList.remove("edited");
    turn.querySelector(".edit")?.focus();
  };
  const submit = () => {
    if (pending()) return; // one question at a time: what was written stays
    const question = box.value;
    leave();
    if (question.trim()) ask(question, { replaces: replacing(turn) });
  };
  box.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      leave();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  });
  for (const [name, kind, run] of [["ask", "button primary", submit], ["cancel", "button", leave]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = kind;
    button.textContent = word(name);
    button.addEventListener("click", run);
    acts.append(button);
  }
  asking.classList.add("edited");
  asking.append(box, acts);
  box.focus();
}
