"""Runs of a store that a server keeps: what ``tracker serve`` answers at ``/api/tracker/1``."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, List, Sequence, Tuple

from ._program import Error


def is_address(place: Any) -> bool:
    """Whether a store is named by the address of a server."""
    return isinstance(place, str) and place.startswith(("http://", "https://"))


def is_queue(store: Any) -> bool:
    """Whether a store's file waits for a server, as the name of its folder says."""
    return isinstance(store, str) and os.path.basename(os.path.dirname(store)).startswith(("http%3A", "https%3A"))


def ask(arguments: Sequence[str], address: str) -> Any:
    """What a server says of a reading command as JSON; it shows ``$MLFLOW_TRACKING_TOKEN``, else ``$TRACKER_TOKEN``.

    Args:
        arguments: the command and its arguments: ``list`` or ``show``
        address: the server's

    Raises:
        Error: the server does not answer, or answers with an error.
    """
    import urllib.error
    import urllib.parse
    import urllib.request

    path, query = _place(list(arguments))
    url = f"{address.rstrip('/')}/api/tracker/1/{urllib.parse.quote(path)}"
    request = urllib.request.Request(f"{url}?{urllib.parse.urlencode(query)}" if query else url)
    token = os.environ.get("MLFLOW_TRACKING_TOKEN") or os.environ.get("TRACKER_TOKEN")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        words = error.read(4096).decode("utf-8", "replace")
        try:
            told = json.loads(words)
            words = told.get("error") or told["message"]
        except (ValueError, KeyError, AttributeError):
            pass
        raise Error(f"{address} answers {error.code}: {words}") from None
    except OSError as error:
        raise Error(f"{address} does not answer: {getattr(error, 'reason', error)}") from None


def _place(arguments: List[str]) -> Tuple[str, Dict[str, str]]:
    query: Dict[str, str] = {}
    command = arguments.pop(0)
    names = []
    while arguments:
        word = arguments.pop(0)
        key, _, value = word.partition("=")
        if key == "--all":
            query["all"] = "true"
        elif word.startswith("--"):
            query[key[2:]] = value or arguments.pop(0)
        else:
            names.append(word)
    if command == "list":
        return "runs", query
    if command == "show":
        return f"runs/{names[0]}" + ("/series" if "metric" in query else ""), query
    raise Error(f"a server does not answer {command}\nAsk where its store is: tracker {command} --db FILE.")
