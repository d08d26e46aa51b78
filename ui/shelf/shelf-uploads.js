/* Files that are put into the library: dropped or chosen, one after the other, each with what became of it. */

import { look } from "./page.js";

const byId = (id) => document.getElementById(id);
const said = (name) => byId("shelf-said").content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";

const queue = [];
let sending = false;
let put = 0; // files that are in the library now and were not before

export function start() {
  const room = byId("room-library");
  room.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // also beside the place for it: a browser would open the file instead of the page
    event.dataTransfer.dropEffect = byId("shelf-drop") ? "copy" : "none";
    byId("shelf-drop")?.classList.add("over");
  });
  room.addEventListener("dragleave", (event) => {
    if (!room.contains(event.relatedTarget)) byId("shelf-drop")?.classList.remove("over");
  });
  room.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    byId("shelf-drop")?.classList.remove("over");
    if (byId("shelf-drop") && !byId("shelf-part-documents").hidden) add(dropped(event.dataTransfer));
  });
  room.addEventListener("change", (event) => {
    if (event.target.id !== "shelf-files") return;
    add([...event.target.files].map((file) => ({ file })));
    event.target.value = "";
  });
  addEventListener("beforeunload", (event) => sending && event.preventDefault());
}

export const isBusy = () => sending || byId("shelf-drop")?.contains(document.activeElement);

function dropped(transfer) {
  return [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => ({ file: item.getAsFile(), folder: item.webkitGetAsEntry?.()?.isDirectory === true }))
    .filter((item) => item.file);
}

function add(items) {
  const list = byId("shelf-queue");
  if (!sending) {
    list.replaceChildren();
    put = 0;
  }
  const limit = Number(byId("shelf-drop").dataset.limit);
  const into = byId("shelf-folder").value;
  list.hidden = false;
  for (const { file, folder } of items) {
    const row = line(file.name);
    list.append(row.item);
    if (folder) row.say(said("folder"), "bad");
    else if (file.size > limit) row.say(said("large"), "bad");
    else if (!file.size) row.say(said("empty"), "bad");
    else queue.push({ file, into, row });
  }
  next();
}

/* A line of the list; names of files are only ever text. */
function line(name) {
  const item = document.createElement("li");
  const label = document.createElement("bdi");
  const bar = document.createElement("progress");
  const told = document.createElement("span");
  label.textContent = name.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", label.textContent);
  told.className = "told";
  told.setAttribute("role", "status");
  told.textContent = said("waiting");
  item.append(label, bar, told);
  return {
    item,
    bar,
    say: (text, kind) => {
      bar.remove();
      told.textContent = text;
      item.className = kind;
    },
  };
}

async function next() {
  if (sending) return;
  sending = true;
  while (queue.length) {
    const one = queue.shift();
    await settle(one, await transfer(one, false));
  }
  sending = false;
  finished();
}

async function settle(one, answer) {
  const { row } = one;
  if (!answer) row.say(said("failed"), "bad");
  else if (answer.outcome) {
    row.say(answer.said, "good");
    if (answer.outcome !== "there") put += 1;
  } else {
    row.say(answer.said, "bad");
    if (answer.reason === "exists") offer(one);
  }
}

/* Nothing takes the place of another file unasked. */
function offer(one) {
  const { item } = one.row;
  const buttons = document.createElement("span");
  buttons.className = "acts";
  for (const name of ["replace", "leave"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = said(name);
    button.setAttribute("aria-label", `${said(name)} ${item.querySelector("bdi").textContent}`);
    button.addEventListener("click", async () => {
      buttons.remove();
      if (name === "leave") {
        one.row.say(said("left"), "");
        return;
      }
      await settle(one, await transfer(one, true));
      finished();
    });
    buttons.append(button);
  }
  item.append(buttons);
}

/* fetch tells nothing of how far a file has gone. */
function transfer({ file, into, row }, replace) {
  return new Promise((resolve) => {
    const query = new URLSearchParams({ name: file.name, folder: into, ...(replace ? { replace: "yes" } : {}) });
    const request = new XMLHttpRequest();
    request.open("POST", `/library/upload?${query}`);
    request.setRequestHeader("x-youju", "1");
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) row.bar.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      if (request.status === 401) location.assign(`/login?next=${encodeURIComponent("/?show=library")}`);
      else if (request.status === 413) resolve({ reason: "large", said: said("large") });
      else {
        try {
          resolve(JSON.parse(request.responseText));
        } catch {
          resolve(null);
        }
      }
    });
    request.send(file);
  });
}

function finished() {
  const list = byId("shelf-queue");
  list.querySelector(".done")?.remove();
  if (!put) return;
  const done = document.createElement("li");
  done.className = "done";
  const text = document.createElement("span");
  text.setAttribute("role", "status");
  text.textContent = said("done");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button primary";
  button.dataset.shelf = "update";
  button.textContent = said("update");
  done.append(text, button);
  list.prepend(done);
  look();
}
