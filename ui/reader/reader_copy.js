/* Copying a quote with its source, or the address of its place: of what is selected, or else of the quote gone to. */

import { copyText } from "./clipboard.js";
import { request } from "./fetching.js";
import { selected } from "./reader_text.js";

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

  const copy = async (text) => reader.say((await copyText(text)) ? reader.words.copied : reader.words.notCopied);

  async function quote(style) {
    const at = last ? `${last[0]}-${last[1]}` : reader.at;
    if (!at) return reader.say(reader.words.nothingChosen);
    const asked = new URLSearchParams({ document: reader.document, at, style });
    const made = await request(`/reader/quote?${asked}`).catch((error) => reader.say(error.message));
    return made && copy(await made.text());
  }

  function link() {
    const href = last ? `/read?${new URLSearchParams({ document: reader.document, at: `${last[0]}-${last[1]}` })}` : reader.href();
    return copy(new URL(href, location.href).href);
  }

  for (const button of reader.article.querySelectorAll(".copy-quote")) {
    button.addEventListener("click", () => quote(button.value));
  }
  reader.article.querySelector(".copy-link").addEventListener("click", link);
}
