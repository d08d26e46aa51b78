/* Hovering or focusing a mark [1] shows the quote. */

export function showQuotes(area) {
  const shown = document.getElementById("quote-shown");
  let mark = null;

  const hide = () => {
    shown.hidden = true;
    mark?.removeAttribute("aria-describedby");
    mark = null;
  };
  const show = (event) => {
    const found = event.target.closest?.("a.cite");
    if (!found || found === mark) return;
    hide();
    if (found.title) {
      found.dataset.quote = found.title; // or the browser shows it a second time
      found.removeAttribute("title");
    }
    mark = found;
    shown.replaceChildren();
    const place = document.createElement("p");
    place.className = "place";
    place.textContent = [...found.querySelectorAll(".spoken")].at(-1)?.textContent.replace(/^[，,\s]+/, "") ?? "";
    const quote = document.createElement("p");
    quote.className = "quote";
    quote.dir = "auto";
    quote.lang = found.parentElement.closest("[lang]")?.lang ?? "";
    quote.textContent = found.dataset.quote ?? "";
    shown.append(place, quote);
    shown.hidden = false;
    found.setAttribute("aria-describedby", "quote-shown");
    const at = found.getBoundingClientRect();
    const size = shown.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8));
    const above = at.top - size.height - 8;
    shown.style.left = `${left}px`;
    shown.style.top = `${above > 8 ? above : at.bottom + 8}px`;
  };

  area.addEventListener("pointerover", (event) => event.pointerType === "mouse" && show(event));
  area.addEventListener("focusin", show);
  area.addEventListener("pointerout", (event) => {
    if (mark && !mark.contains(event.relatedTarget) && document.activeElement !== mark) hide();
  });
  area.addEventListener("focusout", hide);
  area.addEventListener("click", hide);
  document.addEventListener("scroll", hide, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
}
