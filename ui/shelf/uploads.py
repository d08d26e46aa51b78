"""Files that are put into the library through the page: where they may go, and what became of each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.config import SAMPLE_LIBRARY, Settings
from assistant.errors import LibraryError
from assistant.index.database import FILE_NAME as DATABASE_FILE
from assistant.index.ignore import Rules, is_litter, read_rules
from assistant.library.receiving import RefusedError, receive
from ui.escape import escape
from ui.messages import Words
from ui.shelf.sizes import size
from ui.shelf.words import shelf_words

FOLDERS_SHOWN = 1000  # more nobody chooses from in a list
MEGABYTE = 1_000_000


def allowed(settings: Settings) -> bool:
    """Whether files may be put into this library; never into the sample, which is part of the program."""
    return settings.uploads and settings.library != SAMPLE_LIBRARY


def upload_part(settings: Settings, words: Words) -> str:
    """Where files are dropped; where that is off, the line that says how to switch it on."""
    own = shelf_words(words)
    if not allowed(settings):
        text = own.uploads_sample if settings.uploads else own.uploads_off
        shown = "".join(
            f"<code>{escape(one)}</code>" if n % 2 else escape(one) for n, one in enumerate(text.split("`"))
        )
        return f'<p class="uploads-off">{shown}</p>'
    limit = settings.file_megabytes * MEGABYTE
    options = "".join(
        f'<option value="{escape(folder)}">{escape(folder)}</option>' for folder in folders(settings.library)
    )
    return (
        f'<div id="shelf-drop" data-limit="{limit}"><p class="drop">{escape(own.drop)}</p>'
        f'<label class="button" for="shelf-files">{escape(own.choose_files)}</label>'
        f'<input type="file" id="shelf-files" class="spoken" multiple><label class="into">{escape(own.into_folder)} '
        f'<select id="shelf-folder" class="field"><option value="">{escape(own.root_folder)}</option>{options}</select>'
        f'</label><p class="hint">{escape(own.drop_hint.format(size=size(limit)))}</p></div>'
    )


def upload_words(settings: Settings, words: Words) -> str:
    """What a script tells of files that never reach the server, as elements that it reads."""
    own = shelf_words(words)
    limit = size(settings.file_megabytes * MEGABYTE)
    texts = {
        "waiting": own.upload_waiting,
        "failed": own.upload_failed,
        "folder": own.upload_is_folder,
        "large": own.upload_reasons["large"].format(size=limit),
        "empty": own.upload_reasons["empty"],
        "replace": own.replace,
        "leave": own.leave,
        "left": own.left,
        "done": own.upload_done,
        "update": words.update,
    }
    return "".join(f'<span data-word="{name}">{escape(text)}</span>' for name, text in texts.items())


def folders(library: Path) -> tuple[str, ...]:
    """The folders of a library that are indexed, by path relative to it; nothing where they cannot be looked at."""
    try:
        rules = read_rules(library)
    except LibraryError:
        return ()
    found: list[str] = []
    for folder in _walk(library, "", rules):
        found.append(folder)
        if len(found) == FOLDERS_SHOWN:
            break
    return tuple(sorted(found))


def _walk(library: Path, within: str, rules: Rules) -> Iterator[str]:
    try:
        with os.scandir(library / within) as entries:
            names = sorted(
                entry.name for entry in entries if entry.is_dir(follow_symlinks=False) and not is_litter(entry.name)
            )
    except OSError:
        return
    for name in names:
        folder = f"{within}/{name}" if within else name
        if rules.leave_out(folder, folder=True) or not _utf8(name) or (library / folder / DATABASE_FILE).exists():
            continue
        yield folder
        yield from _walk(library, folder, rules)


def _utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def take(
    settings: Settings, name: str, folder: str, chunks: Iterable[bytes], words: Words, *, replace: bool
) -> dict[str, str]:
    """Put a file into the library, and tell what became of it: an outcome, or the reason why it was refused.

    Raises what `chunks` raises.
    """
    own = shelf_words(words)
    limit = settings.file_megabytes * MEGABYTE
    try:
        done = receive(settings.library, name, chunks, folder=folder, limit_bytes=limit, replace=replace)
    except RefusedError as error:
        said = own.upload_reasons[error.reason].format(size=size(limit)) if words.language != "en" else str(error)
        return {"reason": error.reason, "said": said}
    except LibraryError as error:
        said = own.upload_reasons["library"] if words.language != "en" else str(error)
        return {"reason": "library", "said": said}
    return {"outcome": done.outcome, "path": done.path, "said": own.upload_outcomes[done.outcome]}
