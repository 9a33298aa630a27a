"""A run: what a training writes to."""

from __future__ import annotations

import glob as globbing
import json
import os
import sys
import threading
import time
from types import TracebackType
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Type, Union

from . import _ending, _media, _notebook, _remote, _session
from ._config import Config, Summary, Value, flat, scalar
from ._program import Error
from ._session import Refused, Session, tell
from ._wandb import Tags, Unsupported, WandbRun, from_environment

_handles = 0


def _number(value: Any) -> Any:
    """What the encoder does not know: an array or tensor of one element is its number."""
    number = scalar(value)
    if number is None:
        raise _NoNumber
    return number


class _NoNumber(Exception):
    """Among the values is one that is not a number."""


_encode = json.JSONEncoder(separators=(",", ":"), default=_number, check_circular=False).encode


class Run(WandbRun):
    """A run that goes on. Made by :func:`tracker.init`; all methods may be called from any thread.

    Attributes:
        id: its number in the store
        uuid: its name across stores; what was given to ``init`` as ``id``
        name: its name for people, if it has one; what is assigned to it is recorded, as is what is assigned to ``tags`` and
            ``notes``
        tags: texts by key
        notes: free text
        experiment: the group that it belongs to
        store: the store's file
        config: what it was started with; what is set later is recorded as well
        summary: the last values of its metrics, and what is set here
        step: the step of the next ``log`` that names none
        resumed: whether it was there before
        starting_step: the step that it began with in this process
        start_time: when this process began it, in seconds since 1970
        disabled: whether it records nothing
    """

    def __init__(
        self,
        request: Dict[str, Any],
        config: Any = None,
        console: bool = False,
        is_disabled: bool = False,
    ) -> None:
        global _handles
        _handles += 1
        self._handle = _handles
        self._session: Optional[Session] = None
        self._lock = threading.RLock()
        self._is_joined = False
        self.disabled = is_disabled
        # In a notebook, the cell that it was started in.
        self._cell: Optional[int] = None
        self.id: Optional[int] = None
        self.uuid: str = request.get("uuid") or _uuid()
        self._name: Optional[str] = request.get("name")
        self.experiment: str = request.get("experiment") or "default"
        self._tags = Tags(request.get("tags") or {})
        self._notes: Optional[str] = request.get("note")
        self.store: Optional[str] = request.get("store")
        self._token: Optional[str] = request.get("token")
        self.step = self.starting_step = 0
        self.start_time = time.time()
        self._last = 0
        self.resumed = False
        self.ended: Optional[str] = "disabled" if is_disabled else None
        self.config = Config(config, self._record_parameters)
        self.summary = Summary(self._record_summary, self._last_values)
        self._console: Optional[_ending.Console] = None
        if is_disabled:
            return
        self._begin({**request, "uuid": self.uuid, "parameters": flat(self.config)})
        _ending.watch(self)
        if console:
            self._console = _ending.Console(self._keep_console)

    def _begin(self, request: Dict[str, Any]) -> None:
        session = _session.current()
        request = {**request, "run": self._handle}
        try:
            answer = session.ask(request)
        except Refused as refusal:
            if request["request"] != "start" or refusal.reason not in _STORE_TROUBLE:
                raise
            # A store that cannot be written ends no training.
            request.pop("store", None)
            request.pop("token", None)
            session = Session(_session.Spool([], f"nothing can be recorded now: {str(refusal).rstrip('.')}"))
            answer = session.ask(request)
        self._session = session
        if answer:
            self.id, self.uuid, self.store = answer["id"], answer["uuid"], answer["store"]
            self.step = self.starting_step = answer["nextStep"]
            self._last = max(0, self.step - 1)
            self.resumed = self.step > 0 or answer["joined"]
            self._is_joined = answer["joined"]
        session.sends = session.sends or _remote.is_queue(self.store)
        session.resumptions[self._handle] = self._resumption
        _runs.append(self)

    def _resumption(self) -> Dict[str, Any]:
        more = {} if self._token is None else {"token": self._token}
        return {"uuid": self.uuid, "store": self.store, **more}

    # Recording

    def log(self, data: Mapping[str, Any], step: Optional[int] = None, commit: Optional[bool] = None) -> None:
        """Records values of metrics; they are safe from the end of this process when the call returns.

        Args:
            data: numbers by the metrics' names; NaN and ±∞ are numbers. Arrays and tensors of one element are taken as
                their number, a nested mapping as metrics whose names are joined by ``/``. An :class:`Image`,
                :class:`Table`, :class:`Histogram` or a figure of matplotlib is kept as an artifact, a text as a tag.
            step: the step; by default the one after the last
            commit: whether the next call without ``step`` belongs to the step after; by default, if ``step`` is not given
        """
        if step is None:
            step = self.step
            if commit is not False:
                self.step = step + 1
        else:
            try:
                number = int(step)
                if number.bit_length() > 63:
                    raise OverflowError
                step = number
            except (TypeError, ValueError, OverflowError):
                tell(f"warning: {step!r} is not a step; {self.step} is taken")
                step = self.step
            self.step = step + 1 if commit else step
        self._last = step
        session = self._session
        if session is None:
            session = self._rejoin()
            if session is None:
                return
        try:
            values = _encode(data)
            # A text, an inner object or a list among the values has quotes or brackets of its own.
            if values.count('"') == 2 * len(data) and "[" not in values and values.startswith("{"):
                session.log(self._handle, step, values)
                return
        except (_NoNumber, TypeError, ValueError, RecursionError):
            pass
        self._log_apart(session, data, step)

    def _log_apart(self, session: Session, data: Mapping[str, Any], step: int) -> None:
        numbers: Dict[str, Any] = {}
        tags: Dict[str, str] = {}

        def take(members: Mapping[Any, Any], prefix: str) -> None:
            for key, value in members.items():
                key = f"{prefix}{key}"
                if isinstance(value, Mapping):
                    take(value, f"{key}/")
                elif isinstance(value, str):
                    tags[key] = value
                elif value is None or isinstance(value, Unsupported):
                    continue
                elif isinstance(value, _media.Media):
                    self._keep_media(key, value, step)
                elif (media := _media.media_of(value)) is not None:
                    self._keep_media(key, media, step)
                elif isinstance(value, (list, tuple)) and any(isinstance(item, _media.Media) for item in value):
                    for place, item in enumerate(value):
                        self._keep_media(f"{key}/{place}", item, step)
                else:
                    number = scalar(value)
                    if number is not None:
                        numbers[key] = number
                    else:
                        tell(
                            f"warning: {key} is not recorded: a {type(value).__name__} is not a number"
                            + (" (log_histogram keeps how its values are spread)" if hasattr(value, "shape") else "")
                        )

        if not isinstance(data, Mapping):
            tell(f"warning: nothing is recorded of a {type(data).__name__}: log takes a dictionary")
            return
        take(data, "")
        if numbers:
            session.log(self._handle, step, _encode(numbers))
        if tags:
            self.set_tags(tags)

    def log_artifact(
        self, artifact: Any, name: Optional[str] = None, kind: str = "file", type: Optional[str] = None, **_: Any
    ) -> Any:
        """Keeps a file, the files of a folder, or an :class:`Artifact`; returns when the store has it.

        Args:
            artifact: the file's or the folder's name, or an :class:`Artifact`
            name: the name to keep it under; by default the file's own
            kind: what it is, for people; ``type`` means the same
        """
        kind = type or kind
        if isinstance(artifact, _media.Artifact):
            for kept, place in artifact.files.items():
                self._keep(kept, artifact.type, path=os.path.abspath(place))
            words = artifact.words()
            if words:
                self._keep(f"{artifact.name}.json", "metadata", text=words)
            return artifact
        place = os.fspath(artifact)
        if os.path.isdir(place):
            folder = _media.Artifact(name or os.path.basename(os.path.normpath(place)), kind)
            folder.add_dir(place)
            return self.log_artifact(folder)
        self._keep(name or os.path.basename(place), kind, path=os.path.abspath(place))
        return artifact

    def log_text(self, text: str, name: str = "text.txt") -> None:
        """Keeps a text as an artifact."""
        self._keep(name, "text", text=text)

    def log_image(self, image: Any, name: str = "image", step: Optional[int] = None, caption: Optional[str] = None) -> None:
        """Keeps a picture as an artifact; what it can be is said at :class:`Image`."""
        made = image if isinstance(image, _media.Media) else _media.Image(image, caption)
        self._keep_media(name, made, self._present(step))

    def log_figure(self, figure: Any, name: str = "figure", step: Optional[int] = None) -> None:
        """Keeps a figure of matplotlib as an artifact."""
        self._keep_media(name, _media.Image(_media.figure(figure)), self._present(step))

    def log_histogram(self, values: Any, name: str = "histogram", step: Optional[int] = None, bins: int = 64) -> None:
        """Keeps how values are spread as an artifact."""
        self._keep_media(name, _media.Histogram(values, bins), self._present(step))

    def log_table(self, table: Any, name: str = "table", step: Optional[int] = None) -> None:
        """Keeps a table, or a data frame of pandas, as an artifact."""
        made = table if isinstance(table, _media.Table) else _media.Table(data=table)
        self._keep_media(name, made, self._present(step))

    @property
    def name(self) -> Optional[str]:
        return self._name

    @name.setter
    def name(self, name: Optional[str]) -> None:
        self._name = name
        self._tell({"request": "name", "text": name})

    @property
    def tags(self) -> Tags:
        return self._tags

    @tags.setter
    def tags(self, tags: Union[Mapping[str, Any], Iterable[str], None]) -> None:
        new = _tags(tags)
        gone = [key for key in self._tags if key not in new]
        self._tags = Tags(new)
        self._tell({"request": "tags", "tags": new, "remove": gone})

    @property
    def notes(self) -> Optional[str]:
        return self._notes

    @notes.setter
    def notes(self, text: Optional[str]) -> None:
        self.set_note(text)

    def set_tags(self, tags: Union[Mapping[str, Any], Iterable[str], None] = None, **more: Any) -> None:
        """Sets tags; a list of words sets each to ``true``."""
        new = {**_tags(tags), **_tags(more)}
        self._tags.update(new)
        self._tell({"request": "tags", "tags": new})

    def set_note(self, text: Optional[str]) -> None:
        """Sets the note."""
        self._notes = text
        self._tell({"request": "note", "text": text})

    def alert(self, title: str, text: str = "", level: Any = "warning", step: Optional[int] = None, **_: Any) -> None:
        """Records that something is to be looked at.

        Args:
            title: what it is about; alerts of one title are of one kind
            text: what was seen
            level: ``info``, ``warning`` or ``error``
            step: when; by default the last step
        """
        word = str(getattr(level, "value", level)).lower()
        self._tell(
            {
                "request": "alert",
                "title": title,
                "text": text,
                "level": {"warn": "warning"}.get(word, word),
                "step": self._present(step),
            }
        )

    def check(self, *arguments: Any, **options: Any) -> Any:
        """Checks a gradient, and records the check with this run: see :func:`tracker.check_gradients`."""
        from . import _gradients

        return _gradients.check_gradients(*arguments, run=self, **options)

    def watch(self, model: Any, **options: Any) -> Any:
        """Records what goes on in a model's layers: see :func:`tracker.watch`."""
        from . import _watch

        return _watch.watch(model, run=self, **options)

    def save(
        self, glob_str: Union[str, os.PathLike[str], None] = None, base_path: Optional[str] = None, *_: Any, **__: Any
    ) -> List[str]:
        """Keeps the files that a pattern names, as they are now."""
        if glob_str is None:
            return []  # Once W&B's way to say that a new name is to be kept.
        found = sorted(globbing.glob(os.fspath(glob_str)))
        for place in filter(os.path.isfile, found):
            name = os.path.relpath(place, base_path) if base_path else os.path.basename(place)
            self.log_artifact(place, name=name)
        return found

    def define_metric(self, name: str, *_: Any, **options: Any) -> None:
        """Accepted, so that scripts for W&B run; a step is what ``log`` is given."""
        if options.get("step_metric"):
            tell("note: define_metric has no effect: the step of a metric is the one that log is given")

    def flush(self, timeout: Optional[float] = None) -> None:
        """Returns when everything is in the store's file.

        Raises:
            Error: the store does not take it.
        """
        if self._session is not None:
            self._session.ask({"request": "flush"}, timeout)

    # Ending

    def finish(
        self,
        exit_code: Optional[int] = None,
        status: Optional[str] = None,
        error: Optional[str] = None,
        outcome: Optional[str] = None,
        **_: Any,
    ) -> None:
        """Ends the run.

        Args:
            exit_code: 0 for ``finished``, anything else for ``failed``
            status: ``finished``, ``failed``, ``interrupted`` or ``crashed``
            error: what went wrong; the run has then failed
            outcome: why it ended, in a sentence
        """
        with self._lock:
            if self.ended is not None or self._session is None:
                return
            if exit_code and status is None:
                status, error = "failed", error or f"exit status {exit_code}"
            status = status or ("failed" if error else "finished")
            if self._console is not None:
                self._console.close()
            session, self.ended = self._session, status
            request = {"request": "finish", "run": self._handle, "status": status}
            if error is not None:
                request["error"] = error
            if outcome is not None:
                request["outcome"] = outcome
            try:
                session.ask(request, timeout=120)
            except Error as failure:
                tell(f"warning: the end of run {self.id} is not recorded: {failure}")
                if not (isinstance(failure, Refused) and failure.files):
                    session.rescue(request)
            session.resumptions.pop(self._handle, None)
            # What is told after the end is told of, not sent.
            self._session = None
            if self in _runs:
                _runs.remove(self)

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        exception: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.finish(**(_ending.words(exception) if exception is not None else {}))

    # What goes on inside

    def _present(self, step: Optional[int]) -> int:
        return int(step) if step is not None else self._last

    def _ask(self, request: Dict[str, Any]) -> Dict[str, Any]:
        session = self._session or self._rejoin()
        if session is None:
            return {}
        return session.ask({**request, "run": self._handle})

    def _tell(self, request: Dict[str, Any]) -> None:
        session = self._session or self._rejoin()
        if session is not None:
            session.tell({**request, "run": self._handle})

    def _record_parameters(self, parameters: Dict[str, Value], replaces: bool) -> None:
        if parameters and self._session is not None:
            self._tell({"request": "params", "parameters": parameters, "replace": replaces})

    def _record_summary(self, values: Mapping[str, Any]) -> None:
        self.log(values, step=self._last, commit=self.step > self._last)

    def _last_values(self) -> Dict[str, Any]:
        if self.id is None:
            return {}
        from . import _reading

        return _reading.last_values(self.id, self.store)

    def _keep(self, name: str, kind: str, **content: Any) -> None:
        try:
            self._ask({"request": "artifact", "name": name, "kind": kind, **content})
        except Refused as error:
            tell(f"warning: {name} is not kept: {error}")

    def _keep_media(self, key: str, media: Any, step: int) -> None:
        try:
            made = media if isinstance(media, _media.Media) else _media.Image(media)
            for place, inner in made.parts(f"{key}/{step}"):
                self._keep_content(place, inner)
            self._keep_content(f"{key}/{step}", made)
        except (ValueError, TypeError, OSError) as error:
            tell(f"warning: {key} is not kept: {error}")

    def _keep_content(self, place: str, media: _media.Media) -> None:
        ending, data = media.content(place)
        content = _media.base64_text(data)
        self._tell({"request": "artifact", "name": f"{place}{ending}", "kind": media.kind, "content": content})
        caption = getattr(media, "caption", None)
        if caption:
            self._tell({"request": "artifact", "name": f"{place}.txt", "kind": "caption", "text": str(caption)})

    def _keep_console(self, text: str) -> None:
        if self.ended is None:
            self._tell({"request": "artifact", "name": "console.txt", "append": text})

    def _rejoin(self) -> Optional[Session]:
        """In a forked process: a session of its own, that writes to the same run."""
        if self.ended is not None or self.id is None:
            if self.ended != "disabled":
                tell(f"warning: run {self.id} has ended; nothing more is recorded")
            return None
        with self._lock:
            if self._session is None:
                try:
                    step = self.step
                    self._begin({"request": "resume", **self._resumption()})
                    self.step = step
                except Error as error:
                    tell(f"warning: this process cannot write to run {self.id}: {error}")
                    self.ended = "lost"
                    return None
        return self._session

    def _forget(self) -> None:
        self._session = None
        self._lock = threading.RLock()
        self._is_joined = True
        self._console = None

    def __getstate__(self) -> Dict[str, Any]:
        kept = (
            "id", "uuid", "_name", "_token", "experiment",
            "_tags", "_notes", "store", "step", "resumed", "starting_step", "start_time"
        )  # fmt: skip
        return {**{key: getattr(self, key) for key in kept}, "config": self.config.as_dict()}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        # In another process, which was not forked: what it logs goes to the same run.
        global _handles
        _handles += 1
        config = state.pop("config")
        self.__dict__.update(state)
        self._handle = _handles
        self.disabled = self.id is None
        self._cell = None
        self._last = max(0, self.step - 1)
        self.ended = "disabled" if self.disabled else None
        self._forget()
        self.config = Config(config, self._record_parameters)
        self.summary = Summary(self._record_summary, self._last_values)

    # Looking

    def history(self, *keys: str) -> Any:
        """A metric's points, or several metrics by step: see :meth:`tracker.StoredRun.history`."""
        return self.stored().history(*keys)

    def stored(self) -> Any:
        """The run as the store has it: a :class:`tracker.StoredRun`."""
        from . import _reading

        self.flush()
        if self.id is None:
            raise Error("this run is in no store")
        return _reading.get(self.id, self.store)

    def __repr__(self) -> str:
        name = f" {self.name!r}" if self.name else ""
        return f"<tracker run {self.id}{name} of {self.experiment!r}, {self.ended or 'running'}>"

    def _repr_html_(self) -> str:
        try:
            return _notebook.run(self.stored())
        except Error:
            return _notebook.text(repr(self))


#: Why a store takes nothing, that is not a mistake in what it was told.
_STORE_TROUBLE = frozenset(("busy", "cannotOpen", "corrupt", "full", "inputOutput", "notAStore", "readOnly", "other"))

_runs: List[Run] = []


def open_runs() -> List[Run]:
    """The runs of this process that go on, the newest last."""
    return list(_runs)


def _leave() -> None:
    global _runs
    left, _runs = _runs, []
    for run in left:
        run._forget()


_session.after_fork(_leave)


def _uuid() -> str:
    # Random, of version 4 (RFC 9562), without the import of uuid.
    data = bytearray(os.urandom(16))
    data[6] = data[6] & 0x0F | 0x40
    data[8] = data[8] & 0x3F | 0x80
    digits = data.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _tags(tags: Union[Mapping[str, Any], Iterable[str], None]) -> Dict[str, str]:
    if tags is None:
        return {}
    if isinstance(tags, Mapping):
        return {str(key): value if isinstance(value, str) else str(value) for key, value in tags.items()}
    return {str(tag): "true" for tag in ([tags] if isinstance(tags, str) else tags)}


def init(
    experiment: Optional[str] = None,
    name: Optional[str] = None,
    config: Any = None,
    tags: Union[Mapping[str, Any], Iterable[str], None] = None,
    note: Optional[str] = None,
    *,
    db: Union[str, os.PathLike[str], None] = None,
    token: Optional[str] = None,
    id: Union[int, str, None] = None,
    parent: Union[Run, str, None] = None,
    resume: Union[bool, str, None] = None,
    system_metrics: Union[bool, float] = True,
    console: bool = False,
    mode: Optional[str] = None,
    reinit: Union[bool, str, None] = None,
    project: Optional[str] = None,
    notes: Optional[str] = None,
    group: Optional[str] = None,
    job_type: Optional[str] = None,
    dir: Union[str, os.PathLike[str], None] = None,
    save_code: bool = True,
    **others: Any,
) -> Run:
    """Starts a run.

    Args:
        experiment: the group that the run belongs to; ``project`` means the same
        name: a name for people
        config: what it is started with: a mapping, which may nest, a dataclass, or the result of ``argparse``
        tags: texts by key, or a list of words
        note: free text; ``notes`` means the same
        db: the store's file; by default ``$TRACKER_DB``, else the nearest ``tracker.sqlite`` in this folder or one above,
            else a new one here. Or the address of a server, ``http://host:5000``: what is recorded then waits in the folder
            ``tracker-queue`` (or ``$TRACKER_QUEUE``) until the server has it
        token: what the server wants to be shown; by default ``$MLFLOW_TRACKING_TOKEN``, else ``$TRACKER_TOKEN``
        id: a run to go on with: its number, or a name of your own that several processes share
        parent: the run that this one is nested in, or its ``uuid``: a fold's is the run of its cross-validation
        resume: of an ``id`` that is there already: ``"allow"`` goes on with it, or writes along with the process that
            does, ``"must"`` wants it to be there, ``"never"`` wants it not to
        system_metrics: whether processor, memory, disk and graphics processors are measured every 10 s; a number is
            another interval in seconds
        console: whether what is printed is kept as the artifact ``console.txt``
        mode: ``"disabled"`` records nothing
        reinit: ``True`` or ``"finish_previous"`` ends the newest run of this process first
        group, job_type: kept as tags
        dir: the folder of the store, if ``db`` does not name it
        save_code: whether uncommitted changes of the git work tree are kept
        others: options of W&B that mean nothing here

    Returns:
        the run; it is also ``tracker.run``, and a context manager that ends it

    Raises:
        Error: the id is taken or not there, or the arguments cannot be understood. A store that cannot be written does
            not end a training: what is told is then kept in a file, and a warning says where.
    """
    if reinit in (True, "finish_previous"):
        for earlier in open_runs()[-1:]:
            earlier.finish()
    _ending.finish_runs_of_earlier_cells()
    if mode == "disabled" or os.environ.get("TRACKER_MODE") == "disabled":
        return _made(Run({"name": name, "experiment": experiment or project}, config, is_disabled=True))
    if mode is None and from_environment("MODE") in ("disabled", "dryrun"):
        tell("note: WANDB_MODE is not read; TRACKER_MODE=disabled records nothing")
    unknown = sorted(set(others) - _MEANINGLESS)
    if unknown:
        tell(f"note: init knows no {', '.join(unknown)}; ignored")
    all_tags = _tags(tags)
    group = group or from_environment("RUN_GROUP")
    if group is not None:
        all_tags["group"] = str(group)
    if job_type is not None:
        all_tags["job_type"] = str(job_type)
    request: Dict[str, Any] = {
        "request": "start",
        "experiment": experiment or project or from_environment("PROJECT") or "default",
        "name": name or from_environment("NAME"),
        "tags": all_tags,
        "note": note if note is not None else notes,
        "directory": os.getcwd(),
        "command": _command(),
        "patch": save_code,
        "system": 10 if system_metrics is True else float(system_metrics),
    }
    if db is None and dir is not None:
        try:
            os.makedirs(dir, exist_ok=True)
        except OSError:
            pass  # That the store cannot be made is said then.
        db = os.path.join(os.fspath(dir), "tracker.sqlite")
    if db is not None:
        place = os.fspath(db)
        request["store"] = place if _remote.is_address(place) else os.path.abspath(place)
    request["token"] = token
    if parent is not None and not isinstance(parent, (Run, str)):
        raise Error(f"parent cannot be {parent!r}\nIt is a run that init gave, or its uuid.")
    request["parent"] = parent.uuid if isinstance(parent, Run) else parent
    if id is not None:
        how = {True: "allow", False: "never", None: "allow", "auto": "allow"}.get(resume, resume)
        if how not in ("allow", "must", "never"):
            raise Error(f'resume cannot be {resume!r}\nIt is "allow", "must" or "never".')
        if isinstance(id, int) or (isinstance(id, str) and id.isdecimal()):
            request["request"], request["id"] = "resume", int(id)
        else:
            request["uuid"], request["existing"] = str(id), how
    return _made(Run({key: value for key, value in request.items() if value is not None}, config, console))


#: Options of W&B's ``init`` about its service and its files.
_MEANINGLESS = {
    "entity", "anonymous", "settings", "force", "sync_tensorboard", "monitor_gym", "allow_val_change", "magic",
    "config_exclude_keys", "config_include_keys", "tensorboard", "fork_from", "resume_from",
}  # fmt: skip

#: The run that the module's own functions write to: the newest.
newest: Optional[Run] = None


def _made(run: Run) -> Run:
    global newest
    newest = run
    return run


def _command() -> List[str]:
    words: Sequence[str] = getattr(sys, "orig_argv", None) or [sys.executable or "python", *sys.argv]
    return [os.path.basename(words[0]), *words[1:]] if words else ["python"]
