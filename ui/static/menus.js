/* Menus, <details class="menu"><summary>…</summary><div class="choices">…</div></details>, all over a page.
 *
 * One is open at a time. Arrow keys go through it; Escape, a click elsewhere and leaving it with Tab close it; whatever
 * closes it while the focus is within leads the focus back to what opened it. */

import { composing } from "./keys.js";

const MARGIN = 8; // pixels that stay free at the edges of the window
const CHOICES = ".choices :is(button, a[href], input):not([disabled])";

const openMenus = () => document.querySelectorAll("details.menu[open]");
const choicesOf = (menu) => [...menu.querySelectorAll(CHOICES)].filter((one) => one.checkVisibility?.() !== false);

export function start() {
  document.addEventListener("click", clicked);
  document.addEventListener("focusin", (event) => closeOthers(event.target));
  document.addEventListener("toggle", opened, true); // it does not bubble
  document.addEventListener("scroll", (event) => closeOthers(event.target), { capture: true, passive: true });
  addEventListener("resize", () => closeOthers(null));
  document.addEventListener("keydown", pressed, true); // before the pane and the drawer, which Escape closes as well
}

/* Placed beside its button whatever scrolls around it; in the reader there is room for it where it stands. */
function opened(event) {
  const menu = event.target;
  if (!menu.matches?.("details.menu[open]")) return;
  closeOthers(menu);
  const choices = menu.querySelector(".choices");
  if (menu.closest("#reader")) choices.scrollIntoView({ block: "nearest" });
  else place(choices, menu.querySelector("summary").getBoundingClientRect());
}

function closeOthers(target) {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
}

/* Below the button, or above it where there is more room; beside its nearer edge, and never out of the window. */
function place(choices, button) {
  choices.classList.add("placed");
  choices.style.maxHeight = "";
  const { width, height } = choices.getBoundingClientRect();
  const below = innerHeight - button.bottom - MARGIN;
  const upwards = height + 4 > below && button.top > below;
  const room = (upwards ? button.top - MARGIN : below) - 4;
  const shown = Math.min(height, room);
  const left = button.left + width > innerWidth - MARGIN ? button.right - width : button.left;
  choices.style.left = `${Math.max(MARGIN, left)}px`;
  choices.style.top = `${upwards ? button.top - shown - 4 : button.bottom + 4}px`;
  choices.style.maxHeight = `${room}px`;
}

function clicked(event) {
  closeOthers(event.target);
  const menu = event.target.closest?.("details.menu");
  if (!menu || !event.target.closest(".choices :is(button, a)")) return;
  menu.open = false;
  // Where the choice has not led the focus elsewhere, it would be lost with what is hidden now.
  if (menu.isConnected && (document.activeElement === document.body || menu.contains(document.activeElement))) {
    menu.querySelector("summary").focus({ preventScroll: true });
  }
}

function pressed(event) {
  if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return escaped(event);
  const menu = event.target.closest?.("details.menu");
  if (!menu || event.target.matches("input")) return;
  const upOrDown = ["ArrowDown", "ArrowUp"].includes(event.key);
  if (!menu.open ? !upOrDown : !upOrDown && !["Home", "End"].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  menu.open = true;
  const choices = choicesOf(menu);
  const now = choices.indexOf(document.activeElement);
  const last = choices.length - 1;
  const next = { ArrowDown: now < last ? now + 1 : 0, ArrowUp: now > 0 ? now - 1 : last, Home: 0, End: last }[event.key];
  choices[next]?.focus();
}

/* Escape closes the menu and nothing else. */
function escaped(event) {
  const menu = [...openMenus()].at(-1);
  if (!menu) return;
  event.preventDefault();
  event.stopPropagation();
  menu.open = false;
  menu.querySelector("summary").focus({ preventScroll: true });
}
