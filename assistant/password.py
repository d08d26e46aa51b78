"""Where the page's password comes from: typed, or from a file. Never from a flag, which the list of processes shows."""

from __future__ import annotations

import logging
import stat
import sys
from pathlib import Path

import typer

from assistant.errors import SettingsError

logger = logging.getLogger(__name__)

_CHARACTERS = 1024  # at most, as the setting has it


def given_password(file: Path | None, *, ask: bool) -> str | None:
    """The password that a command was given; None where it was given none. Raises SettingsError."""
    if ask and file is not None:
        raise SettingsError("There can be one password: give --password-file or --ask-password, not both.")
    if ask:
        if not sys.stdin.isatty():
            raise SettingsError("--ask-password needs a terminal to type in. Use --password-file FILE.")
        return str(typer.prompt("Password for the page", hide_input=True, confirmation_prompt=True, err=True))
    return None if file is None else read_password(file.expanduser())


def read_password(file: Path) -> str:
    """The only line of a file; a file that others can read is warned of. Raises SettingsError."""
    wanted = "Give a file whose only line is the password."
    try:
        with file.open("rb") as opened:
            content = opened.read(4 * _CHARACTERS + 4)  # UTF-8 takes up to four bytes for one
        password = content.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
        # On Windows the mode does not tell who may read.
        others = sys.platform != "win32" and file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The password file {file} cannot be read: {error}. {wanted}") from error
    if not 0 < len(password) <= _CHARACTERS or "\n" in password:
        raise SettingsError(
            f"The password file {file} does not hold one line of 1 to {_CHARACTERS} characters. {wanted}"
        )
    if others:
        logger.warning("Other users of this computer can read %s: `chmod 600` keeps it to you.", file)
    return password
