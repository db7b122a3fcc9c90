"""Mail in Outlook files (.pst, .ost), read by libpff.

libpff is the only kept reader of this format with a Python binding; it is optional, because it is
compiled. Received mails keep the headers that they arrived with; sent ones have none, and are read
from their properties. Neither subject nor body is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics import registry
from netanalytics.errors import LoaderError
from netanalytics.loaders._mail_headers import LONGEST_BLOCK, headers_of
from netanalytics.loaders._mails import Mails
from netanalytics.loaders._rows import micros_of

if TYPE_CHECKING:
    from netanalytics.engine import Engine
    from netanalytics.loaders import Batch, Options

MAGIC = b"!BDN"
DEEPEST = 50

# Properties by their numbers (MS-OXPROPS).
_CLASS, _FLAGS = 0x001A, 0x0E07
_MESSAGE_ID, _IN_REPLY_TO, _REFERENCES = 0x1035, 0x1042, 0x1039
_SENDER = ((0x5D02, 0x0042), (0x5D01, 0x0C1A), (0x0065, 0x0042), (0x0C1F, 0x0C1A))
"""Address and name: whom the mail represents first, then who sent it."""
_RECIPIENT_ADDRESSES, _RECIPIENT_NAME, _RECIPIENT_ROLE = (0x39FE, 0x3003), 0x3001, 0x0C15
_ROLES = {1: "to", 2: "cc", 3: "bcc"}
_UNSENT = 0x8

_OTHER_CLASSES = {
    "ipm.appointment": "not read: appointment",
    "ipm.schedule": "not read: meeting request",
    "ipm.contact": "not read: contact",
    "ipm.distlist": "not read: list of contacts",
    "ipm.task": "not read: task",
    "report": "automatic mail",
}
_FAILURES = (OSError, ValueError, TypeError, OverflowError, RuntimeError, MemoryError)
"""What the library raises on a damaged file or item."""


def recognises(path: Any) -> bool:
    """Say whether a file begins like an Outlook file."""
    if not isinstance(path, Path) or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(4) == MAGIC
    except OSError:
        return False


@registry.loader(
    "pst",
    unit="mail",
    read="an Outlook file (.pst, .ost), with the optional library libpff-python",
    recognises=recognises,
)
def read(source: Path, options: Options, engine: Engine) -> Batch:
    """Read the mails of an Outlook file.

    Parameters
    ----------
    source : Path
        The file.
    options : Options
        What the user said about it.
    engine : Engine
        Where the rows go.

    Returns
    -------
    Batch

    Raises
    ------
    LoaderError
        If the library is missing or cannot open the file.
    """
    library = _library(source)
    mails = Mails(options, engine)
    opened = library.file()
    try:
        opened.open(str(source))
        for item in _items(opened.get_root_folder(), mails):
            _take(item, mails)
        opened.close()
    except _FAILURES as error:
        first = str(error).partition("\n")[0][:200]
        raise LoaderError(f"{source.name}: cannot be read as an Outlook file ({first})") from None
    return mails.batch()


def _library(source: Path) -> Any:
    try:
        return import_module("pypff")
    except ImportError:
        raise LoaderError(
            f"{source.name}: Outlook files need the library libpff, which is not installed: "
            f"run `pip install libpff-python`, or export the mails as .eml or mbox"
        ) from None


def _items(folder: Any, mails: Mails) -> Iterator[Any]:
    """Go through the items of a folder and of those in it."""
    waiting = [(folder, 0)]
    while waiting:
        folder, depth = waiting.pop()
        for place in range(_count(folder, "number_of_sub_messages", mails)):
            try:
                yield folder.get_sub_message(place)
            except _FAILURES:
                mails.skip("malformed mail")
        inside = range(_count(folder, "number_of_sub_folders", mails))
        for place in reversed(inside if depth < DEEPEST else ()):
            try:
                waiting.append((folder.get_sub_folder(place), depth + 1))
            except _FAILURES:
                mails.skip("not read: a damaged folder")


def _count(folder: Any, name: str, mails: Mails) -> int:
    try:
        return int(getattr(folder, name))
    except _FAILURES:
        mails.skip("not read: a damaged folder")
        return 0


def _take(item: Any, mails: Mails) -> None:
    """Take one item: a mail, or something else that is counted."""
    try:
        values = _properties(item, (_CLASS, _FLAGS, _MESSAGE_ID, _IN_REPLY_TO, _REFERENCES))
        reason = _no_mail(values)
        if reason:
            mails.skip(reason)
            return
        block = item.get_transport_headers()
        sent = _asked(item.get_client_submit_time) or _asked(item.get_delivery_time)
        headers = _arrived_with(block) if block else _stated(item, values)
    except _FAILURES:
        mails.skip("malformed mail")
        return
    if headers is None:
        mails.skip("header too long")
    else:
        mails.add(headers, sent=micros_of(sent) if sent else None)


def _asked(question: Callable[[], Any]) -> Any:
    """Return an answer of the library, which fails where an item does not have what is asked."""
    try:
        return question()
    except _FAILURES:
        return None


def _no_mail(values: dict[int, Any]) -> str | None:
    kind = str(values.get(_CLASS) or "ipm.note").lower()
    for beginning, reason in _OTHER_CLASSES.items():
        if kind.startswith(beginning):
            return reason
    if not kind.startswith("ipm.note"):
        return "not read: another Outlook item"
    flags = values.get(_FLAGS)
    return "draft" if isinstance(flags, int) and flags & _UNSENT else None


def _arrived_with(block: str) -> dict[str, list[str]] | None:
    raw = block[:LONGEST_BLOCK].encode("utf-8", "surrogateescape")
    headers = headers_of(raw.replace(b"\r\n", b"\n"))
    return None if headers is None else {name: list(values) for name, values in headers.items()}


def _stated(item: Any, values: dict[int, Any]) -> dict[str, list[str]]:
    """Write the headers that a mail from this mailbox would have had."""
    headers: dict[str, list[str]] = {"to": []}
    for address, name in _SENDER:
        sender = _properties(item, (address, name))
        if "@" in str(sender.get(address, "")):
            headers["from"] = [_written(sender.get(name), sender[address])]
            break
    for number, header in (
        (_MESSAGE_ID, "message-id"),
        (_IN_REPLY_TO, "in-reply-to"),
        (_REFERENCES, "references"),
    ):
        if values.get(number):
            headers[header] = [_clean(values[number])]
    for role, mailbox in _recipients(item):
        headers.setdefault(role, []).append(mailbox)
    return headers


def _recipients(item: Any) -> Iterator[tuple[str, str]]:
    """Go through the people a mail is sent to: how, and their mailbox."""
    numbers = (*_RECIPIENT_ADDRESSES, _RECIPIENT_NAME, _RECIPIENT_ROLE)
    recipients = _asked(lambda: item.recipients)
    for row in recipients.record_sets if recipients is not None else ():
        values = _values(row, numbers)
        addresses = [_clean(values[number]) for number in _RECIPIENT_ADDRESSES if number in values]
        address = next((one for one in addresses if "@" in one), addresses[0] if addresses else "")
        role = _ROLES.get(values.get(_RECIPIENT_ROLE, 1), "to")
        yield role, _written(values.get(_RECIPIENT_NAME), address)


def _properties(item: Any, numbers: tuple[int, ...]) -> dict[int, Any]:
    """Return the first value of each of these properties that an item has."""
    found: dict[int, Any] = {}
    for row in item.record_sets:
        for number, value in _values(row, numbers).items():
            found.setdefault(number, value)
    return found


_INTEGER, _TEXTS = 0x0003, (0x001E, 0x001F)


def _values(row: Any, numbers: tuple[int, ...]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for entry in row.entries:
        number = entry.entry_type
        if number not in numbers or number in found:
            continue
        if entry.value_type == _INTEGER:
            found[number] = entry.data_as_integer
        elif entry.value_type in _TEXTS:
            found[number] = entry.data_as_string
    return {number: value for number, value in found.items() if value is not None}


def _written(name: object, address: object) -> str:
    """Write a mailbox: the name in quotes, so that nothing in it divides the field."""
    quoted = _clean(name).replace("\\", " ").replace('"', "'") if name else ""
    return f'"{quoted}" <{_clean(address)}>'


def _clean(value: object) -> str:
    """Return text that any engine takes: no line ends, no half characters, no NUL."""
    text = str(value).encode("utf-8", "replace").decode().replace("\x00", "")
    return " ".join(text.split())
