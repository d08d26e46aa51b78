"""Names that a file may have in a library: on this system and on those the folder may be copied to."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from assistant.config import SETTINGS_FILE
from assistant.index.database import FILE_NAME as DATABASE_FILE
from assistant.index.ignore import IGNORE_FILE, is_litter, is_temporary
from assistant.text.dictionary import DICTIONARY_FILE

_MOST_BYTES = 255  # of a name in UTF-8: more no usual file system keeps
# Windows keeps no file of these names, whatever follows the first dot; “:” names a drive or a stream there.
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\..*)?", re.IGNORECASE | re.DOTALL
)
_OWN = frozenset({SETTINGS_FILE, DICTIONARY_FILE, IGNORE_FILE, DATABASE_FILE})
_JOINERS = "\u200c\u200d"  # which show nothing, but some scripts are not written right without them


def proper(name: str) -> str:
    """A name as it is stored: composed, as all systems but old ones of Apple write it."""
    return unicodedata.normalize("NFC", name)


def same(name: str) -> str:
    """What two names have in common that some system takes for one."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())
    return unicodedata.normalize("NFC", folded).translate(dict.fromkeys(map(ord, _JOINERS)))


def fault(name: str) -> str | None:
    """Why a file cannot have this name, as the end of a sentence about it; None where it can."""
    acting = next((sign for sign in name if _acts(sign)), None)
    if not name.strip():
        return "is empty"
    if "/" in name or "\\" in name or name in (".", ".."):
        return "is a path, not a name"
    if acting is not None:
        return f"holds the invisible or controlling character U+{ord(acting):04X}"
    if found := _FORBIDDEN.search(name):
        return f"holds the character {found[0]}, which Windows allows in no name"
    if name[0].isspace() or name[-1].isspace() or name[-1] == ".":
        return "begins or ends with a space, or ends with a dot"
    if len(name.encode("utf-8")) > _MOST_BYTES:
        return f"is longer than {_MOST_BYTES} bytes (a Chinese character has three)"
    if _RESERVED.fullmatch(name):
        return f"is one that Windows keeps for a device ({PurePosixPath(name).stem})"
    if same(name) in _OWN:
        return "is that of a file of Youju's own"
    if is_litter(name) or is_temporary(name):
        return "is that of a hidden or temporary file, which is never indexed"
    return None


def _acts(sign: str) -> bool:
    """Whether a character controls how others are shown, shows nothing, or is half of one."""
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") and sign not in _JOINERS
