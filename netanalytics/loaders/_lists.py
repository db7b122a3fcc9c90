"""Lists of attendance as Teams, Zoom and Meet write them, cut into rows of one form.

Columns are found by what stands in them (a name, two moments, an address), because headers, roles
and durations are in the language of whoever saved the list.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from netanalytics.loaders._dates import Written, written
from netanalytics.loaders._delimited import MALFORMED, cells, cells_in, simple
from netanalytics.loaders._persons import address_in

_TOP = 12
_SECTION = re.compile(r"^(\d)\.\s*\S")
_ORGANISER = re.compile(
    r"organi|järjestäjä|arrangør|arrangör|düzenley|орган|主催|開催|组织者|組織者|召集|주최|이끌이|"
    r"διοργαν|המארגן|منظم|thủ trì|szervez|gospodarz",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"^.*[(（].*[)）]$")


@dataclass(frozen=True)
class Line:
    """A row of a list as written, before the order of day and month is known.

    Parameters
    ----------
    meeting : str
        What tells this meeting from others in the file.
    name, mail : str
        As shown; several addresses are joined by semicolons.
    joined, left : Written, optional
        When.
    seconds : int, optional
        How long, where the list gives that instead of ``joined``.
    organiser : bool
        Whether the list says so.
    account : bool
        Whether brackets behind the name hold that of the account.
    skip : str, optional
        Why the row says nothing about presence.
    """

    meeting: str = ""
    name: str = ""
    mail: str = ""
    joined: Written | None = None
    left: Written | None = None
    seconds: int | None = None
    organiser: bool = False
    account: bool = False
    skip: str | None = None


def kind_of(head: str) -> str | None:
    """Return whose list a file is by its beginning: ``teams``, ``zoom``, ``meet`` or None."""
    lines = [line for line in head.splitlines() if line.strip()][:60]
    if not lines:
        return None
    if _is_teams(lines):
        return "teams"
    rows = list(cells_in(lines[:_TOP], ","))
    if any(_is_meet({simple(cell) for cell in row}) for row in rows[:2]):
        return "meet"
    return "zoom" if _zoom_header(rows) is not None else None


def lines_in(path: Path, kind: str) -> Iterator[Line]:
    """Yield every row of a list, in the order of the file or nearly so."""
    yield from {"teams": _teams, "zoom": _zoom, "meet": _meet}[kind](path)


def _timed(line: Line, times: Sequence[Written | None]) -> Line:
    """Give a row its two moments, or the reason why it has none."""
    found = [one for one in times if one is not None][:2]
    if not found:
        return replace(line, skip=line.skip or "no times of joining and leaving")
    line = replace(line, joined=found[0])
    if len(found) < 2:
        return replace(line, skip=line.skip or "no time of leaving")
    return replace(line, left=found[1])


def _silent(line: Line, reason: str) -> Line:
    return replace(line, joined=None, left=None, skip=reason)


def _with_day(one: Written, day: Written | None) -> Written:
    """Give a time of day the day of the meeting."""
    if one.parts is not None or day is None:
        return one
    return Written(day.parts, day.order, one.clock, one.offset)


# ---- Teams -------------------------------------------------------------------------------------


def _is_teams(lines: Sequence[str]) -> bool:
    first = lines[0].strip().strip('"')
    numbered = [found.group(1) for line in lines if (found := _SECTION.match(line.strip('"')))]
    if _SECTION.match(first) and numbered[:2] == ["1", "2"]:
        return any(line.count("\t") >= 2 for line in lines)
    for line in lines[:_TOP]:
        names = [simple(cell) for cell in line.split("\t")]
        if "full name" in names and {"join time", "user action"} & set(names):
            return True
    return False


@dataclass
class _Teams:
    """What was found so far in the numbered blocks of a list."""

    section: int = 0
    header: bool = True
    day: Written | None = None
    people: list[Line] = field(default_factory=list)
    rejoins: list[Line] = field(default_factory=list)
    actions: list[Line] = field(default_factory=list)
    skipped: list[Line] = field(default_factory=list)

    def take(self, row: Sequence[str]) -> None:
        """Take one line of the file."""
        filled = [cell for cell in row if cell]
        found = _SECTION.match(row[0]) if len(filled) == 1 else None
        if row is MALFORMED:
            self.skipped.append(Line(skip="malformed row"))
        elif found:
            self.section, self.header = int(found.group(1)), True
        elif self.section == 1 or (self.section == 0 and self.header and len(row) < 3):
            self.day = self.day or next((d for d in map(written, filled) if d and d.parts), None)
        elif filled:
            self._row(row, filled)

    def _row(self, row: Sequence[str], filled: Sequence[str]) -> None:
        if self.header and not any(map(written, row[1:])):
            self.header = False
        elif self.section > 3:
            self.skipped.append(Line(skip=f"not read: block {self.section}"))
        elif len(filled) < 2:
            self.skipped.append(Line(skip="malformed row"))
        elif self.section == 0 and _is_action(row):
            self.actions.append(self._line(row))
        else:
            (self.rejoins if self.section == 3 else self.people).append(self._line(row))

    def _line(self, row: Sequence[str]) -> Line:
        times = [_with_day(one, self.day) for one in map(written, row[1:]) if one is not None]
        mails = dict.fromkeys(cell for cell in row[1:] if address_in(cell))
        # The role stands last, or before the user's id.
        organiser = any(_ORGANISER.search(cell) for cell in row[-2:] if not address_in(cell))
        return _timed(Line(name=row[0], mail=";".join(mails), organiser=organiser), times)


def _is_action(row: Sequence[str]) -> bool:
    return len(row) == 3 and not written(row[1]) and written(row[2]) is not None


def _teams(path: Path) -> Iterator[Line]:
    """Read numbered blocks: summary, people, one row a rejoin; older lists have one block.

    The rows of rejoins say more than those of people, so these only give addresses and roles.
    """
    found = _Teams()
    for row in cells(path, "\t"):
        found.take(row)
    yield from found.skipped
    yield from _paired(found.actions)
    if any(line.skip is None for line in found.rejoins):
        known = _by_name(found.people)
        yield from (_silent(line, "summary of the rows below") for line in found.people)
        yield from (_completed(line, known) for line in found.rejoins)
    else:
        yield from found.people
        yield from found.rejoins


def _paired(actions: Sequence[Line]) -> Iterator[Line]:
    """Join the oldest form, one row an action: each second action of a person is a leaving."""
    since: dict[str, int] = {}
    lines = list(actions)
    for number, line in enumerate(lines):
        begun = since.pop(line.name, None)
        if begun is None:
            since[line.name] = number
        else:
            lines[begun] = replace(lines[begun], left=line.joined, skip=None)
            lines[number] = _silent(line, "end of the row above")
    yield from lines


def _by_name(people: Iterable[Line]) -> dict[str, Line | None]:
    """Return what is known of each name; None for a name that two addresses share."""
    known: dict[str, Line | None] = {}
    for line in people:
        before = known.get(line.name, line)
        known[line.name] = line if before is not None and before.mail == line.mail else None
    return known


def _completed(line: Line, known: dict[str, Line | None]) -> Line:
    person = known.get(line.name)
    if person is None:
        return line
    return replace(
        line, mail=line.mail or person.mail, organiser=line.organiser or person.organiser
    )


# ---- Zoom --------------------------------------------------------------------------------------


def _zoom_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Return which of the first rows names the columns: by its names, or by what follows it."""
    for place, row in enumerate(rows[: _TOP - 1]):
        names = [simple(cell) for cell in row]
        if any(name.replace("user ", "") in _ZOOM_NAMES for name in names):
            return place
        after = next((one for one in rows[place + 1 :] if any(one)), ())
        if len(names) > 3 and _BRACKETED.match(names[0]) and len(after) > 3:
            times = [written(cell) for cell in after[2:4]]
            if all(times) and re.fullmatch(r"\d*", after[4] if len(after) > 4 else ""):
                return place
    return None


_ZOOM_NAMES = ("name (original name)", "nameoriginalname")


def _zoom(path: Path) -> Iterator[Line]:
    """Read an optional block about the meeting, then name, mail, joining, leaving."""
    rows = cells(path, ",")
    top = [row for row in itertools.islice(rows, 3 * _TOP) if any(row) or row is MALFORMED]
    place = _zoom_header(top)
    if place is None:
        return
    names = [simple(cell) for cell in top[place]]
    host = next((one for row in top[:place] for one in map(address_in, row) if one), "")
    for row in itertools.chain(top[place + 1 :], rows):
        if row is MALFORMED:
            yield Line(skip="malformed row")
        elif any(row):
            yield _zoom_line(names, row, host)


def _zoom_line(names: Sequence[str], row: Sequence[str], host: str) -> Line:
    row = [*row, *[""] * (len(names) - len(row))]
    start = next((n for n, name in enumerate(names) if name.replace("user ", "") in _ZOOM_NAMES), 0)
    cell = dict(zip(names, row, strict=False))
    mail = row[start + 1] if len(row) > start + 1 else ""
    owner = address_in(cell.get("host email") or cell.get("user_email_1") or host)
    meeting = cell.get("meeting id") or cell.get("meetingid") or ""
    begun = cell.get("start time") or cell.get("start_time") or ""
    line = Line(
        meeting=f"{meeting} {begun}",
        name=row[start],
        mail=mail,
        organiser=owner is not None and owner == address_in(mail),
        account=True,
    )
    waited = cell.get("in waiting room") or cell.get("inwaitingroom") or ""
    if waited.casefold() == "yes":
        return replace(line, skip="in the waiting room")
    return _timed(line, [written(one) for one in row[start + 2 :]])


# ---- Meet --------------------------------------------------------------------------------------


def _is_meet(names: set[str]) -> bool:
    list_of_one = {"first name", "last name", "email", "time joined", "time exited"}
    audit = {"meeting code", "date"}
    return list_of_one <= names or (audit <= names and any("duration" in name for name in names))


def _meet(path: Path) -> Iterator[Line]:
    """Read the list of one meeting, or the administrator's log of calls that ended."""
    names: list[str] = []
    day = written(path.stem.split(" ")[0])
    for row in cells(path, ","):
        if row is MALFORMED:
            yield Line(skip="malformed row")
        elif not names:
            if _is_meet({simple(cell) for cell in row}):
                names = [simple(cell) for cell in row]
        elif any(row):
            cell = dict(zip(names, row, strict=False))
            yield _meet_call(cell) if "meeting code" in names else _meet_line(cell, day)


def _meet_line(cell: dict[str, str], day: Written | None) -> Line:
    name = f"{cell.get('first name', '')} {cell.get('last name', '')}".strip()
    times = [written(cell.get(column, "")) for column in ("time joined", "time exited")]
    dated = [one and _with_day(one, day) for one in times]
    line = Line(name=name, mail=cell.get("email", ""))
    if any(one is not None and one.parts is None for one in dated):
        return replace(line, skip="no date")
    return _timed(line, dated)


def _meet_call(cell: dict[str, str]) -> Line:
    """Read one call of the log: it states when a device left and for how long it was there."""
    mail = next((cell[key] for key in _MEET_WHO if address_in(cell.get(key, ""))), "")
    length = next((value for key, value in cell.items() if "duration" in key), "")
    owner = address_in(cell.get("organizer email", "") or cell.get("organiser email", ""))
    line = Line(
        meeting=cell.get("conference id") or cell.get("meeting code", ""),
        name=cell.get("participant name") or cell.get("actor name") or "",
        mail=mail,
        left=written(cell.get("date", "")),
        seconds=int(length) if re.fullmatch(r"[0-9]{1,6}", length) else None,
        organiser=owner is not None and owner == address_in(mail),
    )
    return line if line.left and line.seconds else replace(line, skip="not the end of a call")


_MEET_WHO = ("participant identifier", "actor", "actor identifier", "email")
