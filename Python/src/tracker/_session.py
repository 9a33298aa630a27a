"""The one writer: a child process ``tracker session`` that is told what to record, in JSON lines.

A line that was written to its pipe is recorded even if this process is killed. What the child has not acknowledged is
kept here, so that nothing is lost if the child is killed: another one is started and told again.
"""

from __future__ import annotations

import atexit
import collections
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any, Callable, Deque, Dict, Iterable, Iterator, List, Optional, Set, Tuple

from . import _program
from ._program import Error

_encode = json.JSONEncoder(separators=(",", ":")).encode

#: So many bytes may wait for their acknowledgement; then ``log`` waits for the child.
WAITING_LIMIT = 64 << 20
#: Answers are heard after so many lines.
_LINES_BETWEEN_ANSWERS = 256
#: A child that dies so many times in a row is not started again.
_STARTS = 3

_told: Set[str] = set()


def tell(message: str) -> None:
    """Says something about the recording on stderr, once."""
    if message in _told:
        return
    _told.add(message)
    try:
        print(f"tracker: {message}", file=sys.stderr, flush=True)
    except (OSError, ValueError, AttributeError):
        pass  # Nobody listens.


class Refused(Error):
    """The child's answer to a request that it did not carry out.

    Attributes:
        reason: the kind of mistake, for programs, such as ``busy``; empty if there is none
        files: where the child keeps what the store did not take
    """

    def __init__(self, answer: Dict[str, Any]) -> None:
        advice = answer.get("advice")
        super().__init__(f"{answer['error']}\n{advice}" if advice else answer["error"])
        self.reason: str = answer.get("reason") or ""
        self.files: List[str] = answer.get("files") or []


class Session:
    """Talks to the child process. All methods may be called from any thread."""

    def __init__(self, spool: Optional[Spool] = None) -> None:
        self._lock = threading.RLock()
        self._number = 0
        self._waiting: Deque[Tuple[int, bytes]] = collections.deque()
        self._waiting_bytes = 0
        self._answers: Dict[int, Dict[str, Any]] = {}
        self._asked: Set[int] = set()
        self._heard = b""
        self._lines = 0
        # Whether a line may have been written in part: an exception such as KeyboardInterrupt can come at any time.
        self._is_torn = False
        self._is_restarting = False
        #: Where requests are kept that no child takes.
        self._spool = spool
        #: Whether the child sends what it records to a server: then it takes as long as it takes.
        self.sends = False
        #: How each run goes on in another child, by its number in this session.
        self.resumptions: Dict[int, Callable[[], Dict[str, Any]]] = {}
        if spool is None:
            self._start()

    # Starting, ending

    def _start(self) -> None:
        self._child = subprocess.Popen(
            [_program.path(), "session"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            # Ctrl-C at the terminal means this process; the child ends after it.
            start_new_session=True,
        )
        assert self._child.stdin is not None and self._child.stdout is not None
        self._input = self._child.stdin.fileno()
        self._output = self._child.stdout.fileno()
        os.set_blocking(self._output, False)
        self._heard = b""
        try:
            import fcntl

            # Room for some thousand lines, so that a busy store makes nobody wait (Linux: F_SETPIPE_SZ).
            fcntl.fcntl(self._input, getattr(fcntl, "F_SETPIPE_SZ", 1031), 1 << 20)
        except (ImportError, OSError):
            pass

    def _restart(self) -> None:
        """Starts another child, and tells it what the one before did not acknowledge."""
        if self._is_restarting:
            raise OSError("the program that records ends at once")
        self._is_restarting = True
        try:
            for attempt in range(_STARTS):
                self._hear()
                self._drop_child()
                try:
                    self._start()
                    self._resume(self._waiting[0][1] if self._waiting else b"")
                    for _, line in list(self._waiting):
                        self._write_all(line)
                    self._is_torn = False
                    tell("the program that records was gone, and was started again; nothing is lost")
                    return
                except (OSError, Error):
                    time.sleep(0.05 * (attempt + 1))
        finally:
            self._is_restarting = False
        self._drop_child()
        self._spool = Spool(line for _, line in self._waiting)
        self._waiting.clear()
        self._waiting_bytes = 0

    def _resume(self, first_line: bytes) -> None:
        for _handle, line in self._resumption_lines(first_line):
            self._answers.pop(0, None)
            self._asked.add(0)
            self._write_all(line)
            answer = self._wait(0, 60)
            if "error" in answer:
                raise Refused(answer)

    def _resumption_lines(self, first_line: bytes) -> Iterator[Tuple[int, bytes]]:
        # Lines are told again from the first that was not acknowledged; the child knows by their time which the
        # store has.
        since = json.loads(first_line).get("time") if first_line else None
        for handle, resumption in self.resumptions.items():
            request = {"request": "resume", "number": 0, "run": handle, **resumption()}
            if since is not None:
                request["since"] = since
            yield handle, _encode(request).encode() + b"\n"

    def _drop_child(self) -> None:
        for pipe in (self._child.stdin, self._child.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                pass
        try:
            self._child.wait(0.5)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def close(self) -> None:
        """Lets the child end: it has then written all that it was told."""
        with self._lock:
            try:
                if self._child.stdin is not None:
                    self._child.stdin.close()
            except OSError:
                pass
            try:
                self._child.wait(60)
            except subprocess.TimeoutExpired:
                tell("the program that records is still writing")
                if self.sends:
                    self._child.wait()
            if self._spool is not None:
                self._spool.close()

    def leave(self) -> None:
        """In a forked process: lets go of the parent's child without a word to it."""
        for pipe in (self._child.stdin, self._child.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                pass
        # It is not ours to wait for.
        self._child.returncode = 0

    def rescue(self, request: Dict[str, Any]) -> Optional[str]:
        """Keeps in a file what the store did not take, with ``request`` at its end; the file's name."""
        with self._lock:
            self._number += 1
            first = self._waiting[0][1] if self._waiting else b""
            lines = [line for _, line in self._resumption_lines(first)]
            lines += [line for _, line in self._waiting]
            return Spool([*lines, self._line(request)], "not all is in the store").path

    # Asking

    def log(self, run: int, step: int, values: str) -> None:
        """Tells the values of metrics, given as a JSON object; returns when the line is in the pipe."""
        lock = self._lock
        with lock:
            self._number = number = self._number + 1
            line = (
                '{"request":"log","number":%d,"run":%d,"step":%d,"time":%d,"values":%s}\n'
                % (number, run, step, time.time() * 1000, values)
            ).encode()
            self._send(number, line)

    def tell(self, request: Dict[str, Any]) -> None:
        """Asks for something without waiting for the answer; a refusal is told on stderr."""
        with self._lock:
            self._number += 1
            self._send(self._number, self._line(request))

    def ask(self, request: Dict[str, Any], timeout: Optional[float] = None) -> Dict[str, Any]:
        """Asks for something and waits for the answer.

        Raises:
            Refused: the child could not do it.
            Error: there was no answer in time.
        """
        with self._lock:
            self._number = number = self._number + 1
            self._asked.add(number)
            self._send(number, self._line(request))
            if self._spool is not None:
                return {}
            answer = self._wait(number, timeout)
        if "error" in answer:
            raise Refused(answer)
        return answer

    def _line(self, request: Dict[str, Any]) -> bytes:
        request = {"request": request["request"], "number": self._number, **request}
        request.setdefault("time", int(time.time() * 1000))
        return _encode(request).encode("utf-8", "replace") + b"\n"

    def _send(self, number: int, line: bytes) -> None:
        if self._spool is not None:
            self._spool.write(line)
            return
        if self._is_torn:
            self._mend()
        self._waiting.append((number, line))
        self._waiting_bytes += len(line)
        self._is_torn = True
        try:
            if os.write(self._input, line) != len(line):
                self._write_all(b"\n" + line)
        except OSError:
            self._restart()
        self._is_torn = False
        self._lines += 1
        if self._lines >= _LINES_BETWEEN_ANSWERS:
            self._lines = 0
            self._hear()
            while self._waiting_bytes > WAITING_LIMIT and self._spool is None:
                self._listen(1.0)

    def _mend(self) -> None:
        # Of the last line a part may be in the pipe: it is ended and told again. The child takes each number once.
        try:
            self._write_all(b"\n" + (self._waiting[-1][1] if self._waiting else b""))
        except OSError:
            self._restart()
        self._is_torn = False

    def _write_all(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._input, view) :]

    # Hearing

    def _hear(self) -> bool:
        """Takes the answers that are there; whether the child is still there."""
        while True:
            try:
                piece = os.read(self._output, 1 << 16)
            except BlockingIOError:
                return True
            except OSError:
                return False
            if not piece:
                return False
            lines = (self._heard + piece).split(b"\n")
            self._heard = lines.pop()
            for line in lines:
                if line:
                    self._take(json.loads(line))

    def _take(self, answer: Dict[str, Any]) -> None:
        number = answer.get("number")
        if number is not None:
            if answer.get("alone"):
                self._waiting = collections.deque(pair for pair in self._waiting if pair[0] != number)
            else:
                while self._waiting and self._waiting[0][0] <= number:
                    self._waiting_bytes -= len(self._waiting.popleft()[1])
            if number in self._asked:
                self._asked.discard(number)
                self._answers[number] = answer
                return
        if "error" in answer:
            tell(f"warning: {Refused(answer)}")
        elif "note" in answer:
            tell(f"{answer['note']}")
        elif "kept" in answer:
            keys = ", ".join(answer["kept"])
            tell(f"warning: the run has other values of {keys}, and keeps them (allow_val_change=True replaces them)")

    def _listen(self, timeout: float) -> None:
        """Waits for answers."""
        poll = select.poll()
        poll.register(self._output, select.POLLIN)
        poll.poll(timeout * 1000)
        if not self._hear():
            self._restart()

    def _wait(self, number: int, timeout: Optional[float]) -> Dict[str, Any]:
        deadline = None if timeout is None else time.monotonic() + timeout
        while number not in self._answers:
            if self._spool is not None:
                return {}
            left = 1.0 if deadline is None else deadline - time.monotonic()
            if left <= 0:
                raise Error(f"the program that records did not answer within {timeout:g} s")
            self._listen(min(left, 1.0))
        return self._answers.pop(number)


class Spool:
    """A file of requests that no program took; ``tracker session`` takes them later.

    It lies in this folder, or where that is full or may not be written to, among temporary files, or at home.
    """

    def __init__(self, lines: Iterable[bytes], trouble: str = "nothing can be recorded now") -> None:
        self._trouble = trouble
        self._folders = iter((os.curdir, tempfile.gettempdir(), os.path.expanduser("~")))
        self._file: Optional[Any] = None
        #: The file's name; ``None`` where no folder takes one.
        self.path: Optional[str] = None
        self._open()
        for line in lines:
            self.write(line)

    def _open(self) -> None:
        """Opens a file in the next folder that takes one."""
        self._file, self.path = None, None
        for folder in self._folders:
            try:
                handle, self.path = tempfile.mkstemp(".jsonl", f"tracker-{os.getpid()}-", os.path.abspath(folder))
            except OSError:
                continue
            self._file = os.fdopen(handle, "w+b", buffering=0)
            tell(
                f"warning: {self._trouble}. What is missing is kept in {self.path}; "
                f"bring it in with: tracker session < {self.path}"
            )
            return
        tell("warning: nothing can be recorded, not even in a file")

    def write(self, line: bytes) -> None:
        """Keeps a request."""
        while self._file is not None:
            try:
                view = memoryview(line)
                while view:
                    view = view[self._file.write(view) :]
                return
            except OSError as error:
                tell(f"warning: {self.path} takes no more: {error}")
                self._move()

    def _move(self) -> None:
        """Goes on in the next folder, with what was kept so far."""
        full, path = self._file, self.path
        self._open()
        if full is None or path is None or self._file is None:
            return
        with full:
            full.seek(0)
            kept = full.read()
        # Of the line that did not fit a part may be there.
        self.write(kept[: kept.rfind(b"\n") + 1])
        if self._file is not None:
            os.unlink(path)

    def close(self) -> None:
        """Ends the file."""
        if self._file is not None:
            self._file.close()


# One child a process

_current: Optional[Session] = None
_lock = threading.Lock()
_forks: List[Callable[[], None]] = []


def current() -> Session:
    """This process' session, started at its first use."""
    global _current
    with _lock:
        if _current is None:
            _current = Session()
        return _current


def started() -> Optional[Session]:
    """This process' session, if it has begun."""
    return _current


def after_fork(forget: Callable[[], None]) -> None:
    """Has ``forget`` called in each forked process."""
    _forks.append(forget)


def _leave() -> None:
    global _current, _lock
    _lock = threading.Lock()
    if _current is not None:
        _current.leave()
        _current = None
    for forget in _forks:
        forget()


def _end() -> None:
    global _current
    if _current is not None:
        _current.close()
        _current = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave)
atexit.register(_end)
