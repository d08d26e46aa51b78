"""The library's own words (`youju.dict`) as a form: its text, its problems, and what a page does with a conflict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.errors import LibraryError, SettingsError
from assistant.library.dictionary import (
    Dictionary,
    DictionaryChangedError,
    check_dictionary,
    read_dictionary,
    write_dictionary,
)
from assistant.types import Problem
from ui.escape import escape
from ui.messages import Words
from ui.shelf.reasons import in_words
from ui.shelf.words import shelf_words

PROBLEMS_SHOWN = 50
_EXAMPLE = "清河镇\n网格员 200 n\n石桥村便民服务站"  # of the format: a word, with a frequency and a tag, a longer one


def dictionary_part(library: Path, words: Words, *, wanted: bool) -> str:
    """The whole form; `wanted` says that the index was made with other words."""
    own = shelf_words(words)
    head = f'<h2>{escape(own.dictionary_part)}</h2><p class="lead">{escape(own.dictionary_lead)}</p>'
    try:
        found = read_dictionary(library)
    except LibraryError as error:
        return head + _problem(own.dictionary_unreadable, str(error), words)
    note = f'<p class="notice stale">{escape(own.dictionary_wanted)}</p>' if wanted else ""
    return (
        f'{head}<p id="shelf-words-help" class="help">{escape(own.dictionary_help)} '
        f"{escape(own.dictionary_example)}</p>"
        f'<pre class="format">{escape(_EXAMPLE)}</pre>{note}'
        f'<form id="shelf-words" data-seen="{found.digest}">'
        f'<label class="spoken" for="shelf-words-text">{escape(own.dictionary_label)}</label>'
        f'<textarea id="shelf-words-text" class="field" rows="12" spellcheck="false" autocomplete="off" dir="auto" '
        f'aria-describedby="shelf-words-help shelf-words-problems">&#10;{escape(found.text)}</textarea>'
        f'<div id="shelf-words-problems" role="status">{verdict(found, words)}</div>'
        '<div class="acts"><button type="submit" class="button primary" id="shelf-words-save">'
        f'{escape(own.save)}</button><button type="reset" class="button" id="shelf-words-revert">'
        f"{escape(own.revert)}</button></div>"
        f'<div id="shelf-words-said" role="status"></div></form>'
    )


def verdict(found: Dictionary, words: Words) -> str:
    """How many words count, and what is wrong with the other lines."""
    own = shelf_words(words)
    count = f'<p class="counted">{escape(words.count(own.dictionary_count, len(found.words)))}</p>'
    return count + line_problems(found.problems, words)


def line_problems(problems: Sequence[Problem], words: Words) -> str:
    """What is wrong, line by line."""
    if not problems:
        return ""
    own = shelf_words(words)
    rows = "".join(
        f'<li dir="auto">{escape(in_words(problem.reason, words))}</li>' for problem in problems[:PROBLEMS_SHOWN]
    )
    if len(problems) > PROBLEMS_SHOWN:
        rows += f'<li class="more">{escape(words.more.format(n=len(problems) - PROBLEMS_SHOWN))}</li>'
    label = escape(words.count(own.dictionary_problems, len(problems)))
    return f'<div class="lines"><p>{label}</p><ul>{rows}</ul></div>'


def checked(text: str, words: Words) -> str:
    """What is wrong with what is being typed."""
    return line_problems(check_dictionary(_sound(text)), words)


def save(library: Path, text: str, seen: str, words: Words) -> dict[str, str]:
    """Write the dictionary, and tell what a page shows of it; it was written where there is a digest (`seen`)."""
    own = shelf_words(words)
    text = _sound(text)
    try:
        found = write_dictionary(library, text, seen=seen)
    except DictionaryChangedError:
        return {"said": _conflict(library, words)}
    except SettingsError as error:
        problems = check_dictionary(text)
        if not problems:  # it is too large
            return {"said": _problem(own.dictionary_refused, str(error), words)}
        said = f'<p class="result bad">{escape(own.dictionary_refused)}</p>'
        return {"problems": line_problems(problems, words), "said": said}
    except LibraryError as error:
        return {"said": _problem(own.dictionary_unreadable, str(error), words)}
    said = f'<p class="result good">{escape(own.saved)}</p>'
    return {"text": found.text, "seen": found.digest, "problems": verdict(found, words), "said": said}


def _sound(text: str) -> str:
    """What a request brings need not be text that UTF-8 has a place for; such a line is no word then."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _conflict(library: Path, words: Words) -> str:
    """Somebody else changed the file: what it holds now, and the choice between the two."""
    own = shelf_words(words)
    try:
        now = read_dictionary(library)
    except LibraryError as error:
        return _problem(own.dictionary_unreadable, str(error), words)
    return (
        f'<div class="problem conflict" role="alert"><p class="lead">{escape(own.dictionary_changed)}</p>'
        f'<pre class="now" tabindex="0" dir="auto">&#10;{escape(now.text)}</pre>'
        f'<div class="acts"><button type="button" class="button" data-words="reload" value="{now.digest}">'
        f'{escape(own.dictionary_reload)}</button><button type="button" class="button danger" data-words="overwrite" '
        f'value="{now.digest}">{escape(own.dictionary_overwrite)}</button></div></div>'
    )


def _problem(lead: str, detail: str, words: Words) -> str:
    shown = in_words(detail, words)
    return (
        f'<div class="problem"><p class="lead">{escape(lead)}</p><p class="detail" dir="auto">{escape(shown)}</p></div>'
    )
