/* Asking the page's own server: fragments of markup, facts, and what to tell when that does not work.
 *
 * Words are never made here: they come from the server, in the language of the page. */

export const word = (name) =>
  document.getElementById("words")?.content.getElementById(`word-${name}`)?.textContent ?? "";

/* A small notice at the foot of the page, announced once; `action` is a label and what it does.
 *
 * With `back` its button takes the focus: from elsewhere on the page it would be many steps to it. Escape lets the
 * notice be, and calls `back`. It stays while it is pointed at or has the focus. */
export function tell(text, action) {
  const told = document.getElementById("told");
  if (!told || !text) return;
  told.replaceChildren(text);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      told.replaceChildren();
      action.run();
    });
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.stopPropagation();
      told.replaceChildren();
      action.back?.();
    });
    told.append(button);
    if (action.back) button.focus();
  }
  const leave = () => {
    if (told.matches(":hover, :focus-within")) tell.timer = setTimeout(leave, 2_000);
    else told.replaceChildren();
  };
  clearTimeout(tell.timer);
  tell.timer = setTimeout(leave, action ? 10_000 : 6_000);
}

/* The response of a route, or an Error that has been told; `quiet` tells nothing. */
export async function request(url, { method = "GET", body, signal, quiet = false } = {}) {
  const headers = { "x-youju": "1" };
  let content = body;
  if (body !== undefined && !(body instanceof FormData) && !(body instanceof Blob)) {
    headers["content-type"] = "application/json";
    content = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(url, { method, headers, body: content, signal, cache: "no-store", credentials: "same-origin" });
  } catch (error) {
    if (error.name !== "AbortError" && !quiet) tell(word("unreachable"));
    throw error;
  }
  if (response.status === 401) {
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
    throw new Error("not logged in");
  }
  if (!response.ok) {
    const problem = parsed(await response.text());
    const error = new Error(problem.textContent.trim() || `${response.status}`);
    error.status = response.status;
    error.problem = problem;
    if (!quiet) tell(error.message);
    throw error;
  }
  return response;
}

/* Markup of our own server as nodes; nothing in it runs. */
export function parsed(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return template.content;
}

export const fragment = async (url, options) => parsed(await (await request(url, options)).text());
export const facts = async (url, options) => (await request(url, options)).json();
export const send = (url, body = {}, options = {}) => facts(url, { ...options, method: "POST", body });
