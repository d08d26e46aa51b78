/* Puts what arrives from the server in its place, and follows the marks of an answer to its sources.
 *
 * A turn arrives in the hidden #arrivals, already sanitised by Gradio. Its question and reply go to the conversation,
 * its sources to the panel. Words are never made here: they all come from ui/render.py, in the language of the page. */

"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const narrow = window.matchMedia("(max-width: 899px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let control = null; // of the bar, that has the focus
  let cameFrom = null; // the mark to which Escape and the close button lead back

  function start() {
    const arrivals = byId("arrivals");
    if (!arrivals || !byId("bar") || !byId("conversation") || !byId("panel")) return false;
    const turns = document.createElement("div");
    turns.id = "turns";
    turns.setAttribute("role", "log"); // an answer is announced once, when it takes the place of “searching”
    turns.setAttribute("aria-live", "polite");
    byId("conversation").append(turns);
    byId("conversation").tabIndex = 0; // it scrolls, so the keyboard must reach it
    new MutationObserver(place).observe(arrivals, { childList: true, subtree: true, characterData: true });
    new MutationObserver(keepFocus).observe(byId("bar"), { childList: true, subtree: true, attributes: true });
    byId("bar").addEventListener("focusin", (event) => (control = event.target));
    document.addEventListener("focusin", (event) => byId("bar").contains(event.target) || (control = null));
    document.addEventListener("click", clicked);
    document.addEventListener("keydown", pressed);
    place();
    return true;
  }

  /* A button that goes when what it was for has ended leaves the focus to the one beside it. */
  function keepFocus() {
    if (!control || control.checkVisibility() || document.activeElement !== document.body) return;
    control = null;
    byId("update").focus();
  }

  function place() {
    for (const arrived of byId("arrivals").querySelectorAll("section.turn")) {
      const turn = arrived.cloneNode(true);
      arrived.replaceChildren(); // Gradio keeps the element; what is in it must stand once in the page
      arrived.removeAttribute("id");
      arrived.className = "taken";
      const sources = turn.querySelector(".sources");
      const old = byId(turn.id);
      if (sources) {
        sources.remove();
        byId(sources.id)?.remove();
        byId("panel").append(sources);
      }
      if (old) {
        // The question stays where it is, so that only the reply is announced.
        old.className = turn.className;
        old.querySelector(".reply").replaceWith(turn.querySelector(".reply"));
      } else {
        byId("turns").append(turn);
        turn.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
      }
      if (sources) show(sources, false);
    }
  }

  /* Makes one turn's sources the ones in the panel; where the panel is a drawer, it opens only when asked. */
  function show(sources, open) {
    for (const other of byId("panel").querySelectorAll(".sources")) other.classList.toggle("shown", other === sources);
    for (const chosen of document.querySelectorAll(".chosen")) chosen.classList.remove("chosen");
    byId("panel").classList.add("filled");
    if (open) byId("panel").classList.add("open");
    else byId("panel").scrollTop = 0;
  }

  function follow(link) {
    const target = byId(decodeURIComponent(link.hash.slice(1)));
    const sources = target?.closest(".sources");
    if (!sources) return;
    show(sources, true);
    cameFrom = link;
    const card = target.closest(".card");
    if (!card) {
      byId("panel").scrollTop = 0;
      sources.querySelector(".close").focus({ preventScroll: true });
      return;
    }
    link.classList.add("chosen");
    card.classList.add("chosen");
    target.classList.add("chosen");
    const tall = card.offsetHeight > byId("panel").clientHeight * 0.7;
    (tall ? target : card).scrollIntoView({ block: tall ? "center" : "start", behavior: calm.matches ? "auto" : "smooth" });
    target.focus({ preventScroll: true });
  }

  function close() {
    byId("panel").classList.remove("open");
    if (cameFrom?.isConnected) cameFrom.focus();
    cameFrom = null;
  }

  function copy(button) {
    const text = button.closest(".reply").querySelector(".plain").textContent;
    navigator.clipboard.writeText(text).then(
      () => {
        button.classList.add("copied");
        setTimeout(() => button.classList.remove("copied"), 2000);
      },
      () => window.getSelection().selectAllChildren(button.closest(".reply").querySelector(".text")),
    );
  }

  /* Asks a turn's question again, without anything from the one before. */
  function askAsWritten(button) {
    const box = byId("written").querySelector("textarea, input");
    box.value = button.closest(".reply").querySelector(".written").textContent;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => byId("ask-as-written").click()); // once Gradio has taken the text over
  }

  function clicked(event) {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest('a[href^="#src-"], a[href^="#sources-"]');
    const button = target?.closest("button.copy, button.close, button.as-written");
    if (link) {
      event.preventDefault();
      follow(link);
    } else if (button?.matches(".copy")) copy(button);
    else if (button?.matches(".as-written")) askAsWritten(button);
    else if (button) close();
    else if (narrow.matches && byId("panel").classList.contains("open") && !target?.closest("#panel")) close();
  }

  function pressed(event) {
    if (event.key === "Escape" && !event.isComposing) close();
  }

  if (!start()) {
    // Gradio builds the page after this script has run.
    const waiting = new MutationObserver(() => start() && waiting.disconnect());
    waiting.observe(document.documentElement, { childList: true, subtree: true });
  }
})();
