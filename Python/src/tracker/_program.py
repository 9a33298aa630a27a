"""The program ``tracker``: where it is, and what it says when asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import Any, List, Optional, Sequence


class Error(Exception):
    """What could not be done: what is wrong, and in the next line what to do about it."""


def path() -> str:
    """The program's file: ``$TRACKER_PROGRAM``, else the one in this package, else one on ``PATH``.

    Raises:
        Error: there is none.
    """
    named = os.environ.get("TRACKER_PROGRAM")
    if named:
        return named
    own = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "tracker")
    if os.access(own, os.X_OK):
        return own
    found = shutil.which("tracker")
    # The script that this package puts on PATH would only find its way back here.
    if found and not _is_script(found):
        return found
    raise Error(
        "the program tracker is not there\n"
        "Install the wheel (pip install sqlite-tracker), or name the program in $TRACKER_PROGRAM."
    )


def _is_script(file: str) -> bool:
    with open(file, "rb") as opened:
        return opened.read(2) == b"#!"


def main() -> None:
    """Becomes the program: what the wheel puts on PATH as ``tracker``."""
    try:
        program = path()
    except Error as error:
        sys.exit(f"error: {error}")
    os.execv(program, ["tracker", *sys.argv[1:]])


def ask(arguments: Sequence[str], db: Optional[str] = None) -> Any:
    """What a reading command says as JSON.

    Args:
        arguments: the command and its arguments
        db: the store's file; by default the one that the program finds from this folder

    Raises:
        Error: the command failed.
    """
    command: List[str] = [path(), *arguments, "--format", "json"]
    if db is not None:
        command += ["--db", db]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode not in (0, 1):
        message = done.stderr.decode("utf-8", "replace").strip()
        raise Error(message[7:] if message.startswith("error: ") else message)
    return json.loads(done.stdout)
