"""What a run keeps beside its numbers: images, tables, histograms and files."""

from __future__ import annotations

import atexit
import base64
import contextlib
import csv
import io
import json
import os
import shutil
import struct
import tempfile
import zlib
from typing import Any, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple, Union

from ._config import plain
from ._wandb import ARTIFACT_WORDS, Unsupported


class Media:
    """Something that ``log`` keeps as an artifact."""

    #: What it is, for people.
    kind = "file"

    def content(self, place: str = "") -> Tuple[str, bytes]:
        """The file name's ending, and the bytes.

        Args:
            place: the name that it is kept under, without the ending
        """
        raise NotImplementedError

    def parts(self, place: str) -> List[Tuple[str, Media]]:
        """What is in it that is kept beside it, with the names."""
        return []


def media_of(value: Any) -> Optional[Media]:
    """A figure of matplotlib or Plotly, a PIL image or a data frame of pandas as what it is kept as; ``None`` if it is none."""
    if isinstance(value, type):
        return None
    if hasattr(value, "savefig") or (hasattr(value, "save") and hasattr(value, "getbands")):
        return Image(value)
    if hasattr(value, "to_plotly_json") and hasattr(value, "to_html"):
        return Html(value.to_html(include_plotlyjs="cdn"))
    if hasattr(value, "columns") and hasattr(value, "iloc"):
        return Table(data=value)
    return None


class Image(Media):
    """A picture.

    Args:
        data: a file's name; bytes of a PNG; an array of height × width, or height × width × 1, 3 or 4, of whole numbers
            0…255 or of reals 0…1; a PIL image; or a figure of matplotlib
        caption: a text for people, kept beside it
    """

    kind = "image"

    def __init__(self, data: Any, caption: Optional[str] = None, **_: Any) -> None:
        self.caption = caption
        self._ending, self._bytes = _image(data)

    def content(self, place: str = "") -> Tuple[str, bytes]:
        return self._ending, self._bytes

    def _repr_png_(self) -> Optional[bytes]:
        return self._bytes if self._ending == ".png" else None


def _image(data: Any) -> Tuple[str, bytes]:
    if isinstance(data, bytes):
        return ".png", data
    if isinstance(data, (str, os.PathLike)):
        with open(data, "rb") as file:
            return os.path.splitext(os.fspath(data))[1] or ".png", file.read()
    if hasattr(data, "savefig"):
        return ".png", figure(data)
    if hasattr(data, "save") and hasattr(data, "getbands"):
        buffer = io.BytesIO()
        data.save(buffer, "PNG")
        return ".png", buffer.getvalue()
    return ".png", png(data)


def figure(drawn: Any) -> bytes:
    """A figure of matplotlib as PNG."""
    drawn = drawn if hasattr(drawn, "savefig") else drawn.gcf()
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="png")
    return buffer.getvalue()


def png(pixels: Any) -> bytes:
    """An array of pixels as PNG (ISO/IEC 15948).

    Args:
        pixels: nested lists or an array, height × width, or height × width × channels (1, 3 or 4; of a tensor of
            PyTorch the channels may come first); whole numbers are 0…255, reals 0…1

    Raises:
        ValueError: it has another shape.
    """
    for step in ("detach", "cpu", "numpy"):
        pixels = getattr(pixels, step)() if callable(getattr(pixels, step, None)) else pixels
    rows: List[Any] = pixels.tolist() if hasattr(pixels, "tolist") else [list(row) for row in pixels]
    if not rows or not isinstance(rows[0], list) or not rows[0]:
        raise ValueError("an image is an array of height × width, or height × width × channels")
    if not isinstance(rows[0][0], list):
        rows = [[[value] for value in row] for row in rows]
    elif len(rows) in (1, 3, 4) and len(rows[0][0]) not in (1, 3, 4):
        rows = [[list(channels) for channels in zip(*planes)] for planes in zip(*rows)]
    channels = len(rows[0][0])
    if channels not in (1, 3, 4):
        raise ValueError(f"an image has 1, 3 or 4 channels, not {channels}")
    flat = [value for row in rows for pixel in row for value in pixel]
    factor = 255 if any(isinstance(value, float) for value in flat) and max(flat) <= 1 else 1
    lines = []
    for row in rows:
        values = [value * factor for pixel in row for value in pixel]
        # NaN is drawn black.
        lines.append(b"\0" + bytes(min(255, max(0, round(v))) if v == v else 0 for v in values))
    kind = {1: 0, 3: 2, 4: 6}[channels]

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, kind, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"".join(lines)))
        + chunk(b"IEND", b"")
    )


class Table(Media):
    """Rows under columns, kept as CSV; pictures in it are kept beside it, and their names stand in their cells.

    Args:
        columns: the names
        data: the rows, or a data frame of pandas
    """

    kind = "table"

    def __init__(
        self,
        columns: Optional[Sequence[Any]] = None,
        data: Any = None,
        dataframe: Any = None,
        rows: Optional[Iterable[Sequence[Any]]] = None,
        **_: Any,
    ) -> None:
        frame = dataframe if dataframe is not None else data
        if hasattr(frame, "columns") and hasattr(frame, "values"):
            columns, data = [str(name) for name in frame.columns], frame.values.tolist()
        self.columns: List[Any] = list(columns if columns is not None else [])
        given = rows if rows is not None else data
        self.data: List[List[Any]] = [list(row) for row in (given if given is not None else [])]

    def add_data(self, *values: Any) -> None:
        """Adds a row."""
        self.data.append(list(values))

    def add_row(self, *values: Any) -> None:
        """Adds a row."""
        self.add_data(*values)

    def add_column(self, name: str, data: Any, **_: Any) -> None:
        """Adds a column."""
        values = list(data)
        self.columns.append(name)
        if not self.data:
            self.data = [[] for _ in values]
        for row, value in zip(self.data, values):
            row.append(value)

    def get_column(self, name: str, convert_to: Optional[str] = None) -> Any:
        """The values of a column; as an array with ``convert_to="numpy"``."""
        place = self.columns.index(name)
        values = [row[place] for row in self.data]
        if convert_to == "numpy":
            import numpy

            return numpy.array(values)
        return values

    def get_dataframe(self) -> Any:
        """As a data frame of pandas."""
        import pandas

        return pandas.DataFrame(self.data, columns=self.columns or None)

    def iterrows(self) -> Iterator[Tuple[int, List[Any]]]:
        """The rows with their numbers."""
        return iter(enumerate(self.data))

    def parts(self, place: str) -> List[Tuple[str, Media]]:
        return [
            (f"{place}/{number}.{column}", cell)
            for number, row in enumerate(self.data)
            for column, cell in enumerate(row)
            if isinstance(cell, Media)
        ]

    def content(self, place: str = "") -> Tuple[str, bytes]:
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="\n")
        if self.columns:
            writer.writerow(self.columns)
        names = {id(cell): name + cell.content(name)[0] for name, cell in self.parts(place)}
        for row in self.data:
            writer.writerow([names.get(id(cell), cell) for cell in row])
        return ".csv", buffer.getvalue().encode("utf-8", "replace")


class Histogram(Media):
    """How values are spread over equal bins.

    Args:
        sequence: the values; NaN and ±∞ are counted apart
        num_bins: how many bins
        np_histogram: counts and edges, as ``numpy.histogram`` gives them, in place of values
    """

    kind = "histogram"

    def __init__(
        self, sequence: Any = None, num_bins: int = 64, np_histogram: Optional[Tuple[Any, Any]] = None
    ) -> None:
        self.nonfinite = 0
        if np_histogram is not None:
            counts, edges = np_histogram
            self.counts: List[int] = [int(count) for count in counts]
            self.edges: List[float] = [float(edge) for edge in edges]
            return
        every = list(_numbers(sequence))
        values = [value for value in every if value - value == 0]
        self.nonfinite = len(every) - len(values)
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        if low == high:
            low, high = low - 0.5, high + 0.5
        self.edges = [low + (high - low) * place / num_bins for place in range(num_bins + 1)]
        self.counts = [0] * num_bins
        scale = num_bins / (high - low)
        for value in values:
            self.counts[min(num_bins - 1, int((value - low) * scale))] += 1

    def content(self, place: str = "") -> Tuple[str, bytes]:
        facts = {"counts": self.counts, "edges": self.edges, "nonfinite": self.nonfinite}
        return ".json", json.dumps(facts).encode()


def _numbers(values: Any) -> Iterable[float]:
    for step in ("detach", "cpu", "numpy"):
        values = getattr(values, step)() if callable(getattr(values, step, None)) else values
    if hasattr(values, "tolist"):
        values = values.tolist()
    if isinstance(values, (int, float)):
        yield float(values)
        return
    for value in values:
        yield from _numbers(value)


class Html(Media):
    """A page of HTML, as a text."""

    kind = "html"

    def __init__(self, data: Any, **_: Any) -> None:
        self._text = data if isinstance(data, str) else data.read()

    def content(self, place: str = "") -> Tuple[str, bytes]:
        return ".html", self._text.encode("utf-8", "replace")


class Artifact:
    """Files to be kept together under a name.

    Args:
        name: their name
        type: what they are, for people
    """

    def __init__(
        self,
        name: str,
        type: str = "file",
        description: Optional[str] = None,
        metadata: Optional[Dict[str, Any]] = None,
        **_: Any,
    ) -> None:
        self.name, self.type, self.description, self.metadata = name, type, description, metadata
        #: The files by the names that they are kept under.
        self.files: Dict[str, str] = {}

    def words(self) -> str:
        """Its description and metadata as JSON; empty if it has none."""
        words = {"description": self.description, "metadata": self.metadata}
        return json.dumps(plain(words)) if any(words.values()) else ""

    @contextlib.contextmanager
    def new_file(self, name: str, mode: str = "w", encoding: Optional[str] = None) -> Iterator[Any]:
        """Opens a file that is added when it is closed."""
        folder = tempfile.mkdtemp(prefix="tracker-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        place = os.path.join(folder, os.path.basename(name))
        with open(place, mode, encoding=encoding or (None if "b" in mode else "utf-8")) as file:
            yield file
        self.files[f"{self.name}/{name}"] = place

    def add(self, obj: Media, name: str, **_: Any) -> None:
        """Adds a table or a picture."""
        ending, data = obj.content()
        with self.new_file(f"{name}{ending}", "wb") as file:
            file.write(data)

    def __getattr__(self, name: str) -> Any:
        if name in ARTIFACT_WORDS:
            return Unsupported(name)
        raise AttributeError(f"an artifact has no {name!r}")

    def add_file(self, local_path: Union[str, os.PathLike[str]], name: Optional[str] = None, **_: Any) -> None:
        """Adds a file."""
        place = os.fspath(local_path)
        self.files[f"{self.name}/{name or os.path.basename(place)}"] = place

    def add_dir(self, local_path: Union[str, os.PathLike[str]], name: Optional[str] = None, **_: Any) -> None:
        """Adds the files of a folder and of those in it."""
        top = os.fspath(local_path)
        for folder, _folders, files in sorted(os.walk(top)):
            for file in sorted(files):
                place = os.path.join(folder, file)
                kept = os.path.relpath(place, top).replace(os.sep, "/")
                self.files["/".join(filter(None, (self.name, name, kept)))] = place


def base64_text(data: bytes) -> str:
    """Bytes as a text."""
    return base64.b64encode(data).decode("ascii")
