"""How a process ends, so that its runs get the status that is true."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, TextIO

if TYPE_CHECKING:
    from ._run import Run

_is_watching = False
#: How the process ends, as far as it is known: the arguments of ``finish``.
_ending: Dict[str, Any] = {}
_handler_pid = 0


def words(exception: BaseException) -> Dict[str, Any]:
    """What to tell of a run that an exception ended: the arguments of ``finish``."""
    if isinstance(exception, SystemExit):
        return _exit_words(exception.code)
    text = "".join(traceback.format_exception(type(exception), exception, exception.__traceback__)).rstrip()
    if isinstance(exception, KeyboardInterrupt):
        return {"status": "interrupted", "outcome": "Ctrl-C"}
    return {"status": "failed", "error": text}


def _exit_words(code: Any) -> Dict[str, Any]:
    if code is None or code == 0:
        return {}
    return {"status": "failed", "error": f"exit status {code}" if isinstance(code, int) else str(code)}


def watch(run: Run) -> None:
    """From the first run on, sees how the process ends."""
    global _is_watching, _handler_pid
    run._cell = _cell()
    if _is_watching:
        return
    _is_watching = True
    atexit.register(_finish_all)

    hook = sys.excepthook

    def note_exception(kind: Any, exception: Any, trace: Any) -> None:
        _ending.update(words(exception))
        hook(kind, exception, trace)

    sys.excepthook = note_exception

    leave = sys.exit

    def note_exit(code: Any = None, /) -> Any:
        # In another thread it ends that thread alone.
        if threading.current_thread() is threading.main_thread():
            _ending.clear()
            _ending.update(_exit_words(code))
        leave(code)

    sys.exit = note_exit

    # Whoever asks the process to end (kill, a scheduler) interrupts the run. A handler of the program's own stays.
    try:
        if (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        ):
            _handler_pid = os.getpid()
            signal.signal(signal.SIGTERM, _terminate)
    except (ValueError, OSError):
        pass
    _watch_cells()


def _terminate(number: int, frame: Any) -> None:
    signal.signal(number, signal.SIG_DFL)
    # Processes that were forked from this one write along and end nothing.
    if os.getpid() == _handler_pid:
        from . import _run, _session

        for run in _run.open_runs():
            run.finish(status="interrupted", outcome="SIGTERM")
        _session._end()
    os.kill(os.getpid(), number)


def _finish_all() -> None:
    from . import _run

    for run in _run.open_runs():
        run.finish(**_ending)


# Notebooks: a cell that starts a run is run again, and the run of the time before is over.

_cell_failure: Optional[BaseException] = None


def _shell() -> Any:
    module = sys.modules.get("IPython")
    return module.get_ipython() if module is not None and hasattr(module, "get_ipython") else None


def _cell() -> Optional[int]:
    shell = _shell()
    return getattr(shell, "execution_count", None) if shell is not None else None


def _watch_cells() -> None:
    shell = _shell()
    if shell is None or not hasattr(shell, "events"):
        return

    def after_cell(result: Any = None) -> None:
        global _cell_failure
        error = getattr(result, "error_in_exec", None)
        if error is not None:
            _cell_failure = error

    shell.events.register("post_run_cell", after_cell)


def finish_runs_of_earlier_cells() -> None:
    """Ends the runs that earlier cells of a notebook started, with what ended them."""
    global _cell_failure
    cell = _cell()
    if cell is None:
        return
    from . import _run

    ending = words(_cell_failure) if _cell_failure is not None else {}
    for run in _run.open_runs():
        if getattr(run, "_cell", None) not in (None, cell):
            run.finish(**ending)
    _cell_failure = None


class Console:
    """Keeps what is printed, and lets it through."""

    def __init__(self, keep: Callable[[str], None]) -> None:
        self._keep = keep
        self._lock = threading.RLock()
        self._text: List[str] = []
        self._size = 0
        self._streams = {name: getattr(sys, name) for name in ("stdout", "stderr")}
        for name, stream in self._streams.items():
            setattr(sys, name, _Tee(stream, self._take))

    def _take(self, text: str) -> None:
        with self._lock:
            self._text.append(text)
            self._size += len(text)
            if self._size < 1024 and not text.endswith("\n"):
                return
            text, self._text, self._size = "".join(self._text), [], 0
        self._keep(text)

    def close(self) -> None:
        """Lets go of the streams."""
        for name, stream in self._streams.items():
            now = getattr(sys, name)
            if isinstance(now, _Tee) and now._stream is stream:
                setattr(sys, name, stream)
        if self._text:
            self._keep("".join(self._text))
            self._text = []


class _Tee:
    """A stream whose text is seen on its way."""

    def __init__(self, stream: TextIO, take: Callable[[str], None]) -> None:
        self._stream = stream
        self._see = take

    def write(self, text: str) -> int:
        count = self._stream.write(text)
        self._see(text)
        return count

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
