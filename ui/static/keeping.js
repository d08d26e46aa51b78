/* What the browser keeps of the page: of one tab, or for good. One that keeps nothing, or has no room, loses only that. */

export function keep(name, value, { forGood = false } = {}) {
  try {
    (forGood ? localStorage : sessionStorage).setItem(name, value);
  } catch {
    /* as above */
  }
}

export function kept(name, { forGood = false } = {}) {
  try {
    return (forGood ? localStorage : sessionStorage).getItem(name);
  } catch {
    return null;
  }
}
