"""All settings in one frozen value: defaults < youju.toml in the library < YOUJU_* variables < flags.

`load_settings` is the only place that reads them; below `Assistant` they are plain arguments.

The password is the exception to the order: youju.toml lies among the texts, which others may read, so it is refused
there; and a flag could be read in the list of processes, so flags only say where it comes from.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as EnvironmentSettingsError

from assistant.errors import IndexDamagedError, SettingsError

SAMPLE_LIBRARY = Path(__file__).parent / "sample"
SETTINGS_FILE = "youju.toml"
_LAST_LIBRARY = "library"


class Settings(BaseSettings):
    """One value for everything that can be set; see `youju.toml` in the README."""

    model_config = SettingsConfigDict(env_prefix="YOUJU_", env_ignore_empty=True, frozen=True, extra="forbid")

    library: Path = SAMPLE_LIBRARY
    index: Path | None = None  # None: a folder of its own in the user data directory
    model: str = "default"
    data_dir: Path = Path(platformdirs.user_data_dir("youju", appauthor=False))
    cache_dir: Path = Path(platformdirs.user_cache_dir("youju", appauthor=False))
    passage_characters: int = Field(default=500, ge=100, le=5000)  # a longer paragraph is split at sentence ends
    window_characters: int = Field(default=120, ge=20, le=400)  # Chinese characters; an English word counts as two
    dense_weight: float = Field(default=0.5, ge=0, le=1)  # 0.5: as fitted; 1: embeddings alone; 0: keywords alone
    passages: int = Field(default=10, ge=1, le=100)  # how many an answer lists
    # An answer below this confidence is a refusal; None: what is fitted, for each pairing of languages its own.
    threshold: float | None = Field(default=None, ge=0, le=1)
    question_characters: int = Field(default=2000, ge=10)
    file_megabytes: int = Field(default=200, ge=1)  # a larger file is listed as a problem
    uploads: bool = False  # texts may be put into the library through the page
    read_seconds: int = Field(default=60, ge=1)  # for one file; what takes longer is listed as a problem, and so on
    read_megabytes: int = Field(default=1000, ge=200)  # memory for parsing one file
    document_characters: int = Field(default=20_000_000, ge=1000)  # of one; a longer one is listed as a problem
    batch_size: int = Field(default=32, ge=1, le=1024)  # windows embedded at once
    watch_seconds: float = Field(default=2.0, ge=0.05, le=3600)  # without another edit: then edits count as settled
    # What the page asks for before it shows anything; None: nothing. Kept out of whatever prints the settings.
    password: str | None = Field(default=None, repr=False, min_length=1, max_length=1024)
    examples: tuple[str, ...] = ()  # questions the chat page offers; without them some are made from headings

    @property
    def index_dir(self) -> Path:
        """Where this library's index lives."""
        if self.index is not None:
            return self.index
        root = str(self.library)
        name = re.sub(r"[^\w.-]+", "_", self.library.name)[:40] or "library"
        return self.data_dir / "libraries" / f"{name}-{hashlib.sha256(root.encode()).hexdigest()[:12]}"


def load_settings(**flags: Any) -> Settings:
    """Merge every source; flags that are None were not given. Raises SettingsError naming the source.

    The library is the one given, else the one the given index was made from, else the one last indexed, else the
    sample.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        environment = Settings().model_dump(exclude_unset=True)  # the YOUJU_* variables that are set
        outer = {**environment, **given}
        if outer.get("index") is not None:
            outer["index"] = Path(outer["index"]).expanduser().resolve()
        library = outer.get("library") or _recorded(outer.get("index")) or _remembered(Settings(**given).data_dir)
        outer["library"] = Path(library or SAMPLE_LIBRARY).expanduser().resolve()
        merged = {**_from_file(outer["library"] / SETTINGS_FILE), **outer}
        if isinstance(merged.get("index"), str):
            merged["index"] = (outer["library"] / Path(merged["index"]).expanduser()).resolve()
        return Settings(**merged)
    except (RuntimeError, OSError) as error:  # links that lead to each other, a home folder that is not known
        raise SettingsError(f"The path of the library or the index cannot be followed: {error}. Correct it.") from error
    except EnvironmentSettingsError as error:
        raise SettingsError(f"A YOUJU_* variable does not make sense: {error}. Correct or unset it.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "settings"
        raise SettingsError(
            f"The setting “{where}” does not make sense: {first['msg']}. It may come from a flag, a YOUJU_* variable "
            f"or {SETTINGS_FILE} in the library."
        ) from error


def remember_library(settings: Settings) -> None:
    """The library that a command without --library means from now on."""
    with contextlib.suppress(OSError):  # a convenience: a data directory that cannot be written to is told elsewhere
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        (settings.data_dir / _LAST_LIBRARY).write_text(str(settings.library), "utf-8")


def _remembered(data_dir: Path) -> Path | None:
    try:
        library = Path((data_dir / _LAST_LIBRARY).read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    return library if library.is_dir() else None


def _recorded(index: Path | None) -> Path | None:
    if index is None:
        return None
    from assistant.index.database import recorded_library

    try:
        return recorded_library(index)
    except IndexDamagedError as error:
        raise IndexDamagedError(f"{error} Name the library, too, with --library.") from error


def _from_file(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read as TOML: {error}. Correct or remove it.") from error
    if "password" in found:
        raise SettingsError(
            f"{path} holds a password, where whoever reads the texts reads it, too. Remove it there, and set it by the "
            "variable YOUJU_PASSWORD, or by `youju chat` with --password-file FILE or --ask-password."
        )
    return found
