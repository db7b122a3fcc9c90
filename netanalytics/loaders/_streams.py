"""Text and JSON read piece by piece from a stream, whatever its length.

The standard library reads a JSON file whole; one of its decoder's calls, ``raw_decode``, reads a
single value from a text, and :func:`items` calls it once an element over a window of the file.
Exports hold one record an element, so memory is that of the largest record.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import IO, Any, cast

from netanalytics.loaders._archive import DamagedError
from netanalytics.loaders._delimited import HEAD, LONGEST_LINE, encoding_of

LONGEST_VALUE = 16 << 20
"""Characters of one record in JSON; more is no record of an export."""

_CHUNK = 1 << 18
_SPACE = " \t\n\r"
# Numbers stay as written: a time such as 1452837318.000002 would lose digits as a float.
_DECODER = json.JSONDecoder(parse_float=str, parse_constant=lambda _: None)


def text_of(stream: IO[bytes], label: str) -> io.TextIOWrapper:
    """Return a stream of bytes as text, in the encoding that its beginning shows.

    Parameters
    ----------
    stream : binary stream
        At its beginning; it can be looked ahead or wound back.
    label : str
        Name of the file, for the message.

    Raises
    ------
    DamagedError
        If it is binary.
    """
    looks_ahead = (
        stream
        if isinstance(stream, io.BufferedReader)
        else io.BufferedReader(cast("io.RawIOBase", stream))
    )
    encoding = encoding_of(looks_ahead.peek(HEAD)[:HEAD])
    if encoding is None:
        raise DamagedError(f"{label}: this is a binary file, not text")
    return io.TextIOWrapper(looks_ahead, encoding=encoding, errors="replace", newline="")


def lines(text: io.TextIOWrapper) -> Iterator[str | None]:
    """Yield the lines of a text with their ends; None for one that is longer than any record.

    The text is closed at its end.

    Parameters
    ----------
    text : text stream
        From :func:`text_of`.

    Raises
    ------
    DamagedError
        If the file breaks off inside a character or a zip.
    """
    with text:
        while line := _line(text):
            if len(line) < LONGEST_LINE or line.endswith("\n"):
                yield line
                continue
            while len(line) == LONGEST_LINE and not line.endswith("\n"):
                line = _line(text)
            yield None


def _line(text: io.TextIOWrapper) -> str:
    try:
        return text.readline(LONGEST_LINE)
    except (UnicodeError, OSError) as error:
        raise DamagedError(f"cannot be read as text ({type(error).__name__})") from None


def value_of(line: str) -> Any:
    """Return the JSON value of a line; None where it is none."""
    try:
        return _DECODER.decode(line)
    except (ValueError, RecursionError):
        return None


def items(stream: IO[bytes]) -> Iterator[tuple[str | None, Any]]:
    """Yield what a JSON file holds, one element of a list at a time; it is closed at its end.

    Parameters
    ----------
    stream : binary stream
        The file, in UTF-8.

    Yields
    ------
    tuple of (str or None, object)
        For a file that is a list: None and an element. For a file that is an object: a key and its
        value, or each element of its value where that is a list. Numbers with a point are text.

    Raises
    ------
    DamagedError
        Where the file stops being JSON; what stood before it has been yielded.

    Examples
    --------
    >>> import io
    >>> list(items(io.BytesIO(b'{"a": [1, 2.50], "b": {"c": 3}}')))
    [('a', 1), ('a', '2.50'), ('b', {'c': 3})]
    """
    with io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace") as text:
        window = _Window(text)
        if window.next() == "[":
            yield from _elements(window, None)
        elif window.next() == "{":
            yield from _members(window)
        else:
            raise DamagedError("this is no JSON list or object")


def _elements(window: _Window, key: str | None) -> Iterator[tuple[str | None, Any]]:
    window.expect("[")
    if window.next() == "]":
        window.expect("]")
        return
    while True:
        yield key, window.value()
        if window.next() != ",":
            break
        window.expect(",")
    window.expect("]")


def _members(window: _Window) -> Iterator[tuple[str | None, Any]]:
    window.expect("{")
    while window.next() != "}":
        key = str(window.value())
        window.expect(":")
        if window.next() == "[":
            yield from _elements(window, key)
        else:
            yield key, window.value()
        if window.next() != ",":
            break
        window.expect(",")
    window.expect("}")


class _Window:
    """The part of a JSON text that is looked at."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._held = ""
        self._at = 0
        self._ended = False

    def _more(self) -> None:
        """Read on: as much again as is held, so that a long value is tried few times."""
        rest = self._held[self._at :]
        try:
            chunk = self._text.read(max(_CHUNK, len(rest)))
        except (UnicodeError, OSError) as error:
            raise DamagedError(f"cannot be read as text ({type(error).__name__})") from None
        self._ended = not chunk
        self._held, self._at = rest + chunk, 0

    def next(self) -> str:
        """Return the next sign that is no space, without passing it; nothing at the end."""
        while True:
            while self._at < len(self._held):
                if self._held[self._at] not in _SPACE:
                    return self._held[self._at]
                self._at += 1
            if self._ended:
                return ""
            self._more()

    def expect(self, sign: str) -> None:
        """Pass a sign."""
        if self.next() != sign:
            raise DamagedError(f"stops being JSON where {sign!r} was expected")
        self._at += 1

    def value(self) -> Any:
        """Pass a value and return it."""
        self.next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._held, self._at)
            except RecursionError:
                raise DamagedError("is nested too deeply") from None
            except ValueError:
                end = len(self._held)
                if self._ended or end - self._at > LONGEST_VALUE:
                    raise DamagedError("stops being JSON") from None
            # A number at the end of the window may go on.
            if end < len(self._held) or self._ended:
                self._at = end
                return value
            self._more()
