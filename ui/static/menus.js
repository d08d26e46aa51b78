/* Menus (<details class="menu">): placed beside their button whatever scrolls around them; one is open at a time, and a
 * click elsewhere or Escape closes it. Those in the reader look after themselves. */

const MARGIN = 8; // pixels that stay free at the edges of the window
const open = () => [...document.querySelectorAll("details.menu[open]")].filter((menu) => !menu.closest("#reader"));

export function start() {
  document.addEventListener("toggle", toggled, { capture: true }); // it does not bubble
  document.addEventListener("click", (event) => closeOthers(event.target));
  document.addEventListener("focusin", (event) => closeOthers(event.target));
  document.addEventListener("scroll", (event) => closeOthers(event.target), { capture: true, passive: true });
  addEventListener("resize", () => closeOthers(null));
  document.addEventListener("keydown", pressed, { capture: true });
}

function toggled(event) {
  const menu = event.target;
  if (!menu.matches?.("details.menu[open]") || menu.closest("#reader")) return;
  closeOthers(menu);
  place(menu.querySelector(".choices"), menu.querySelector("summary").getBoundingClientRect());
}

function closeOthers(target) {
  for (const menu of open()) if (!menu.contains(target)) menu.open = false;
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

function pressed(event) {
  const menu = open()[0];
  if (!menu || event.isComposing) return;
  const summary = menu.querySelector("summary");
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    menu.open = false;
    summary.focus();
  } else if (["ArrowDown", "ArrowUp"].includes(event.key) && menu.contains(document.activeElement)) {
    event.preventDefault();
    const stops = [summary, ...menu.querySelectorAll(".choices > :is(button, a)")];
    const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    stops.at(next % stops.length).focus();
  }
}
