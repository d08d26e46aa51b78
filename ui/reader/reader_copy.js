/* Copying a quote with its source, or the address of its place: of what is selected, or else of the quote gone to. */

import { fragment } from "./fetching.js";
import { blocksOf, rangeOf, selected } from "./reader_text.js";

export function copying(reader, until) {
  let last = null; // what was selected in the text; choosing from a menu may take the selection away

  document.addEventListener(
    "selectionchange",
    () => {
      const now = selected(reader.body);
      if (now || reader.body.contains(getSelection().anchorNode)) last = now;
    },
    until,
  );

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      reader.say(reader.words.copied);
    } catch {
      reader.say(copiedOtherwise(text) ? reader.words.copied : reader.words.notCopied);
    }
  }

  /* Where there is no clipboard: a page that is not from this computer, over plain HTTP. */
  function copiedOtherwise(text) {
    const box = document.createElement("textarea");
    box.value = text;
    box.className = "spoken";
    reader.article.append(box);
    box.select();
    const worked = document.execCommand("copy");
    box.remove();
    return worked;
  }

  async function quote() {
    let text = "";
    let source = reader.article.querySelector(".where .place")?.dataset.source;
    if (last) {
      text = last[2];
      const at = `${last[0]}-${last[1]}`;
      const where = await fragment(`/reader/where?${new URLSearchParams({ document: reader.document, at })}`).catch(() => null);
      source = where?.querySelector(".place")?.dataset.source ?? source;
    } else if (reader.at) {
      text = rangeOf(reader.body, blocksOf(reader.body), ...reader.at.split("-").map(Number))?.toString() ?? "";
    }
    if (!text) return reader.say(reader.words.notCopied);
    return copy(`${text.trim()}\n——${source}`);
  }

  function link() {
    const href = last ? `/read?${new URLSearchParams({ document: reader.document, at: `${last[0]}-${last[1]}` })}` : reader.href();
    return copy(new URL(href, location.href).href);
  }

  for (const [name, run] of [["copy-quote", quote], ["copy-link", link]]) {
    reader.article.querySelector(`.${name}`).addEventListener("click", (event) => {
      event.currentTarget.closest("details").open = false;
      run();
    });
  }
}
