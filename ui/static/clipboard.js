/* Copying. */

/* Puts a text into the clipboard: whether that worked. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedOtherwise(text);
  }
}

/* Where there is no clipboard: a page that is not from this computer, over plain HTTP. */
function copiedOtherwise(text) {
  const before = document.activeElement;
  const box = document.createElement("textarea");
  box.value = text;
  box.className = "spoken";
  document.body.append(box);
  box.select();
  let worked = false;
  try {
    worked = document.execCommand("copy");
  } finally {
    box.remove();
    before?.focus?.({ preventScroll: true });
  }
  return worked;
}
