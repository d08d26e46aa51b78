"""Files that are put into the library through the page: where they may go, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.config import SAMPLE_LIBRARY, Settings
from assistant.errors import LibraryError
from assistant.library.receiving import RefusedError, folders, receive
from ui.escape import escape
from ui.messages import Words
from ui.shelf.sizes import size
from ui.shelf.words import shelf_words

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
