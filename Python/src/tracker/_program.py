"""The program ``tracker``: where it is, and what it says when asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from typing import Any, Iterator, List, Optional, Sequence


class Error(Exception):
    """What could not be done: what is wrong, and in the next line what to do about it."""


def path() -> str:
    """The program's file: ``$TRACKER_PROGRAM``, else the one that was installed with this package, else one on ``PATH``.

    Raises:
        Error: there is none.
    """
    named = os.environ.get("TRACKER_PROGRAM")
    if named:
        if shutil.which(named) is None:
            raise Error(f"$TRACKER_PROGRAM names {named}, which is no program\nName tracker's own file, or unset it.")
        return named
    for folder in _script_folders():
        file = os.path.join(folder, "tracker")
        if os.access(file, os.X_OK):
            return file
    found = shutil.which("tracker")
    if found:
        return found
    raise Error(
        "the program tracker is not there\n"
        "Install the wheel (pip install sqlite-tracker), or name the program in $TRACKER_PROGRAM."
    )


def _script_folders() -> Iterator[str]:
    """Where an installer puts a wheel's programs: of this environment, of this user, of ``pip install --target``."""
    yield sysconfig.get_path("scripts")
    yield sysconfig.get_path("scripts", f"{os.name}_user")
    yield os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bin")


def main() -> None:
    """Becomes the program: ``python -m tracker``."""
    try:
        program = path()
    except Error as error:
        sys.exit(f"error: {error}")
    os.execv(program, ["tracker", *sys.argv[1:]])


def ask(arguments: Sequence[str], db: Optional[str] = None) -> Any:
    """What a reading command says as JSON.

    Args:
        arguments: the command and its arguments
        db: the store's file, or the address of a server; by default the one that the program finds from this folder

    Raises:
        Error: the command failed.
    """
    from . import _remote

    if db is not None and _remote.is_address(db):
        return _remote.ask(arguments, db)
    command: List[str] = [path(), *arguments, "--format", "json"]
    if db is not None:
        command += ["--db", db]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode not in (0, 1):
        message = done.stderr.decode("utf-8", "replace").strip()
        raise Error(message[7:] if message.startswith("error: ") else message)
    return json.loads(done.stdout)
