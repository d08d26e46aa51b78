"""The login page: it stands alone, without a script or a second request, in the colours of the page behind it."""

from __future__ import annotations

import html
from dataclasses import dataclass

from ui.frame import ICON, sha256_source
from ui.messages import TITLE
from ui.policy import own_policy


@dataclass(frozen=True, slots=True)
class _Words:
    language: str
    brand: str
    heading: str
    detail: str
    password: str
    enter: str
    wrong: str
    wait: str


_CHINESE = _Words(
    "zh-CN",
    "有据",
    "请输入密码",
    "这个资料库设了密码。密码由启动有据的人设定。",
    "密码",
    "进入",
    "密码不对，请再试一次。",
    "试的次数太多了，请在 {n} 秒后再试。",
)
_ENGLISH = _Words(
    "en",
    "Youju",
    "Enter the password",
    "This library has a password. Whoever started Youju has set it.",
    "Password",
    "Enter",
    "That is not the password. Try again.",
    "Too many attempts. Try again in {n} seconds.",
)

_STYLE = """
:root {
  color-scheme: light dark;
  --paper: #faf8f4; --sheet: #ffffff; --ink: #22262a; --soft: #5d646b; --line: #e4dfd5; --field: #8b9198;
  --accent: #1f5c63; --accent-ink: #ffffff; --bad: #9b2c2c; --bad-wash: #fbecea;
  --shadow: 0 1px 2px rgb(40 34 20 / 6%), 0 8px 30px rgb(40 34 20 / 7%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181a; --sheet: #1e2124; --ink: #e5e2dc; --soft: #a3a8ac; --line: #33373b; --field: #7d8389;
    --accent: #7cc3c9; --accent-ink: #0e2326; --bad: #f0a39b; --bad-wash: #3a2422; --shadow: 0 1px 2px rgb(0 0 0 / 35%);
  }
}
* { box-sizing: border-box; }
body {
  display: grid; place-items: center; min-height: 100vh; min-height: 100dvh; margin: 0; padding: 1.25rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.75 -apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "HarmonyOS Sans SC",
    "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", system-ui,
    sans-serif;
}
main {
  width: 100%; max-width: 26rem; padding: clamp(1.5rem, 6vw, 2.5rem); border: 1px solid var(--line);
  border-radius: 16px; background: var(--sheet); box-shadow: var(--shadow);
}
.brand { display: flex; align-items: center; gap: 0.6rem; margin: 0 0 1.6rem; font-size: 1.2rem; font-weight: 650; }
.brand img { width: 2rem; height: 2rem; }
h1 { margin: 0 0 0.3rem; font-size: 1.35rem; font-weight: 650; line-height: 1.4; }
.detail { margin: 0 0 1.4rem; color: var(--soft); font-size: 0.92rem; }
label { display: block; margin-bottom: 0.35rem; font-size: 0.92rem; font-weight: 600; }
input {
  width: 100%; min-height: 2.9rem; padding: 0.5rem 0.85rem; border: 1px solid var(--field); border-radius: 10px;
  background: var(--paper); color: var(--ink); font: inherit;
}
input[aria-invalid] { border-color: var(--bad); }
button {
  width: 100%; min-height: 2.9rem; margin-top: 1.1rem; border: 1px solid var(--accent); border-radius: 10px;
  background: var(--accent); color: var(--accent-ink); font: inherit; font-weight: 600; cursor: pointer;
}
button:hover { filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.error {
  margin: 0 0 1.1rem; padding: 0.55rem 0.85rem; border: 1px solid var(--bad); border-radius: 10px;
  background: var(--bad-wash); color: var(--bad); font-size: 0.92rem;
}
.error::before { content: "▲ "; }
"""
_POLICY = own_policy(styles=[sha256_source(_STYLE)])


def login_page(language: str, wanted: str, *, wrong: bool, wait: int) -> tuple[str, str]:
    """The page and its policy; `wanted` is where its form leads, `wait` how many seconds no attempt is taken."""
    words = _CHINESE if language == _CHINESE.language else _ENGLISH
    told = words.wait.format(n=wait) if wait else words.wrong if wrong else ""
    error = f'<p class="error" id="error" role="alert">{html.escape(told)}</p>' if told else ""
    marked = ' aria-invalid="true" aria-describedby="error"' if told else ""
    page = f"""<!doctype html>
<html lang="{words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{html.escape(words.heading)} · {TITLE}</title>
<link rel="icon" type="image/svg+xml" href="{ICON}">
<style>{_STYLE}</style>
</head>
<body>
<main>
<p class="brand"><img src="{ICON}" alt="">{words.brand}</p>
<h1>{words.heading}</h1>
<p class="detail">{words.detail}</p>
{error}
<form method="post" action="/login">
<input type="hidden" name="next" value="{html.escape(wanted)}">
<label for="password">{words.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus{marked}>
<button type="submit">{words.enter}</button>
</form>
</main>
</body>
</html>
"""
    return page, _POLICY
