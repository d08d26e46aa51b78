/* Before anything is drawn: the appearance that was chosen on the page. */
try {
  const chosen = localStorage.getItem("youju-appearance");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  /* a browser that keeps nothing */
}
