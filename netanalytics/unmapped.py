"""People and domains that are not to be mapped: they appear nowhere, not even in a count.

They are taken out of the rows before anything is counted, so that what is left is what would have
been read had they never been there. Only how many records that cost is said.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from netanalytics import sql
from netanalytics.identity.addresses import read

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.engine import Engine

REASON = "left out: not to be mapped"
"""The reason in a card; it names nobody."""

NEAR = 0.6
"""How alike a text must be to be named as what may have been meant."""

MOST_MEANT = 3
"""How many people are named whom an entry may have been meant for."""


@dataclass(frozen=True)
class DoNotMap:
    """Whom to leave out.

    Parameters
    ----------
    people : frozenset of str
        Ids and addresses, in lower case.
    domains : frozenset of str
        Domains, in lower case; what is below them is left out too.
    keys : frozenset of str
        What other spellings of those addresses have in common with them (``ada+news@x.org``).
    met : frozenset of str
        What those who were read and left out are called, in lower case: to tell who has written the
        list which of its entries meets nobody, and for nothing else.

    Examples
    --------
    >>> unwanted = DoNotMap.of(["Ada@x.org", "@clinic.example"])
    >>> [unwanted.hides(name) for name in ("ada+news@x.org", "dr@mail.clinic.example", "ben@x.org")]
    [True, True, False]
    """

    people: frozenset[str] = field(default_factory=frozenset)
    domains: frozenset[str] = field(default_factory=frozenset)
    keys: frozenset[str] = field(default_factory=frozenset)
    met: frozenset[str] = field(default_factory=frozenset, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        entries: str | Iterable[str],
        *tables: pd.DataFrame | None,
        same: Iterable[tuple[str, str]] = (),
    ) -> DoNotMap:
        """Read a list of ids, addresses, names and domains.

        Parameters
        ----------
        entries : str or iterable of str
            ``@clinic.example`` is a domain; anything else is a person: an id, an address, or a
            name, which stands for everybody who bears it.
        tables : pandas.DataFrame, optional
            Tables of people, index ``person``; a person's other addresses are left out with them.
        same : iterable of (str, str)
            Ids that are one person, by decision: who is left out is so under both.
        """
        entries = [entries] if isinstance(entries, str) else entries
        wanted = [entry.strip().casefold() for entry in entries if entry.strip()]
        domains = frozenset(entry[1:] for entry in wanted if entry.startswith("@"))
        names = {entry for entry in wanted if not entry.startswith("@")}
        groups = [group for people in tables for group in _answers(people)]
        groups += [({one, other},) * 2 for one, other in _folded(same)]
        before = -1
        while names and len(names) != before:
            before, keys = len(names), _keys(names)
            for answers, ids in groups:
                if names & answers or keys & _keys(answers):
                    names |= ids
        return cls(frozenset(names), domains, _keys(names))

    def known_as(self, *tables: pd.DataFrame | None) -> DoNotMap:
        """Return the same with what else these people go by in the sources that were read.

        An address stands beside a chat handle in the list of users of the chat: who is left out by
        the one is left out under the other; so is a handle of which all addresses are hidden.
        """
        if not self:
            return self
        entries = [*self.people, *(f"@{domain}" for domain in self.domains)]
        found = DoNotMap.of(entries, *tables)
        handles = set()
        for _, ids in (group for people in tables for group in _answers(people)):
            addresses = {one for one in ids if "@" in one}
            if addresses and all(map(found.hides, addresses)):
                handles |= ids - addresses
        return replace(found, people=found.people | handles)

    def __bool__(self) -> bool:
        """Say whether anybody is to be left out."""
        return bool(self.people or self.domains)

    def hides(self, name: str) -> bool:
        """Say whether an id or address is of somebody to be left out."""
        folded = name.strip().casefold()
        if folded in self.people:
            return True
        if self.keys and read(folded).key in self.keys:
            return True
        _, sign, domain = folded.rpartition("@")
        parts = domain.split(".") if sign else []
        return any(".".join(parts[place:]) in self.domains for place in range(len(parts)))

    def found(self, *tables: pd.DataFrame | None) -> frozenset[str]:
        """Return what those are called whom tables of people hold and who are left out."""
        found: set[str] = set()
        if not self:
            return frozenset()
        for answers, ids in (group for people in tables for group in _answers(people)):
            mine = {one for one in ids if self.hides(one)}
            found |= answers if mine == ids else mine
        return frozenset(found)

    def table(self, people: pd.DataFrame | None) -> pd.DataFrame | None:
        """Return a people table without them, and without cells that mean them."""
        import pandas as pd

        if people is None or not self:
            return people
        kept = people[[not self.hides(str(person)) for person in people.index]]
        if "addresses" in kept.columns:
            shown = [
                None if cell is None else self._shown(cell)
                for cell in _cells(kept["addresses"].astype("string"))
            ]
            kept = kept.assign(addresses=pd.Series(shown, index=kept.index, dtype="str"))
        for name in kept.columns:
            # A column may name others: whom somebody reports to, say. A person's own name stays:
            # whoever bears one that is left out is found by it.
            if name not in ("addresses", "name") and (
                kept[name].dtype == object or kept[name].dtype == "str"
            ):
                told = kept[name].map(lambda cell: isinstance(cell, str) and self.hides(cell))
                if told.any():
                    kept = kept.assign(**{str(name): kept[name].mask(told)})
        return kept

    def label(self, name: str) -> str:
        """Return the name of a file, or a name for it if it tells who is left out."""
        return "a file" if any(text in name.casefold() for text in self.texts) else name

    @property
    def texts(self) -> list[str]:
        """What must not be part of any text, sorted."""
        return sorted(self.people | self.domains)

    def _shown(self, cell: str) -> str:
        return ";".join(part for part in cell.split(";") if not self.hides(part))

    def rows(self, table: pd.DataFrame | None, *columns: str) -> pd.DataFrame | None:
        """Return the rows of a table in whose columns none of them stands."""
        if table is None or not self:
            return table
        keep = [
            not any(self.hides(str(name)) for name in names)
            for names in zip(*(table[column] for column in columns), strict=True)
        ]
        return table[keep].reset_index(drop=True)


def names_in(people: pd.DataFrame | None) -> Iterator[str]:
    """Give the ids, addresses and names of a table of people."""
    if people is None:
        return
    yield from map(str, people.index)
    for column in ("addresses", "name"):
        for cell in people[column].dropna().astype(str) if column in people.columns else ():
            yield from (part.strip() for part in cell.split(";") if part.strip())


def unmet(
    entries: Iterable[str],
    there: Iterable[str],
    people: pd.DataFrame | None,
    *,
    same: Iterable[tuple[str, str]] = (),
) -> list[str]:
    """Return the entries of a list that mean nobody who is there.

    Parameters
    ----------
    entries : iterable of str
        The list, as :meth:`DoNotMap.of` takes it.
    there : iterable of str
        Ids, addresses and names of whoever was met.
    people : pandas.DataFrame, optional
        What else they are called.
    same : iterable of (str, str)
        Ids that are one person, by decision.
    """
    met = DoNotMap.of((name for name in there if not name.startswith("@")), people, same=same)
    names = met.people | met.found(people)
    domains = {
        ".".join(parts[place:])
        for name in names
        if "@" in name and (parts := name.rpartition("@")[2].split("."))
        for place in range(len(parts))
    }
    left = []
    for entry in entries:
        folded = entry.strip().casefold()
        known = folded[1:] in domains if folded.startswith("@") else folded in names
        if folded and not known and read(folded).key not in met.keys:
            left.append(entry)
    return left


_DOMAIN = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}")


def meant(entry: str, names: Iterable[str]) -> str:
    """Return what an entry that meets nobody may have been meant for, or an empty text.

    Parameters
    ----------
    entry : str
        As it stands in the list.
    names : iterable of str
        Ids, addresses and names of people who are not left out.

    Examples
    --------
    >>> names = ["elvi@x.org", "Lena Hoff", "ben@mail.mentor.example"]
    >>> for entry in ("evli@x.org", "lena", "mentor.example", "@mentr.example"):
    ...     print(entry, meant(entry, names))
    evli@x.org ; did you mean elvi@x.org?
    lena ; did you mean Lena Hoff?
    mentor.example ; a domain needs an @: '@mentor.example'
    @mentr.example ; did you mean @mail.mentor.example?
    """
    names, folded = sorted(set(names)), entry.strip().casefold()
    domains = {name.rpartition("@")[2].casefold() for name in names if "@" in name}
    if folded.startswith("@"):
        return _hint(_near(folded, [f"@{domain}" for domain in sorted(domains)]))
    if _DOMAIN.fullmatch(folded):
        is_one = any(f".{domain}".endswith(f".{folded}") for domain in domains)
        near = [] if is_one else _near(folded, [name for name in names if "@" not in name])
        return _hint(near) or f"; a domain needs an @: {'@' + entry.strip()!r}"
    words = set(folded.split())
    bearers = [name for name in names if words <= _words(name)][:MOST_MEANT]
    return _hint(bearers or (_near_address if "@" in folded else _near)(folded, names))


def _hint(near: Iterable[str]) -> str:
    told = " or ".join(near)
    return f"; did you mean {told}?" if told else ""


def _near(folded: str, names: Iterable[str]) -> list[str]:
    known = {name.casefold(): name for name in names}
    return [known[one] for one in difflib.get_close_matches(folded, known, n=1, cutoff=NEAR)]


def _near_address(folded: str, names: Iterable[str]) -> list[str]:
    """Return the address that is like one in one half and the same in the other.

    Compared as a whole, everybody of one long domain would look alike.
    """
    local, _, domain = folded.rpartition("@")
    halves = {tuple(name.casefold().rpartition("@")[::2]): name for name in names if "@" in name}
    beside = [one for one, place in halves if place == domain]
    places = [place for one, place in halves if one == local]
    near = [(one, domain) for one in _near(local, beside)]
    near += [(local, place) for place in _near(domain, places)]
    return [halves[half] for half in near]


def _words(name: str) -> set[str]:
    """Return the words of a name, or of an address before its @."""
    return set(re.split(r"[\W_]+", (name.rpartition("@")[0] or name).casefold()))


def _cells(values: pd.Series) -> list[str | None]:
    return [
        None if missing else str(cell) for cell, missing in zip(values, values.isna(), strict=True)
    ]


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(key for name in names if (key := read(name).key))


def _folded(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(one.strip().casefold(), other.strip().casefold()) for one, other in pairs]


def _answers(people: pd.DataFrame | None) -> Iterable[tuple[set[str], set[str]]]:
    """Give, a person, what they answer to and which of that are ids in a log."""
    if people is None:
        return
    columns = {
        name: _cells(people[name].astype("string"))
        for name in ("addresses", "name")
        if name in people.columns
    }
    for place, person in enumerate(map(str, people.index)):
        cell = columns["addresses"][place] if "addresses" in columns else None
        name = columns["name"][place] if "name" in columns else None
        ids = {part.strip().casefold() for part in (cell or "").split(";") if part.strip()}
        ids.add(person.strip().casefold())
        yield {*ids, (name or person).strip().casefold()}, ids


def leave_out(
    engine: Engine, raw: str, hidden: DoNotMap
) -> tuple[str, list[tuple[int, str, int]], list[str]]:
    """Take people out of the raw contacts.

    Parameters
    ----------
    engine : Engine
        Where the table is.
    raw : str
        What loaders read: file, record and the columns of a log.
    hidden : DoNotMap
        Whom to leave out.

    Returns
    -------
    table : str
        The contacts without them; ``raw`` is dropped.
    skipped : list of (int, str, int)
        File number, reason and how many records have nothing left.
    gone : list of str
        Who was taken out.
    """
    import pandas as pd

    ids = engine.query(
        f"SELECT source AS id FROM {raw} WHERE source IS NOT NULL UNION "
        f"SELECT target AS id FROM {raw} WHERE target IS NOT NULL"
    )["id"]
    gone = sorted(name for name in map(str, ids) if hidden.hides(name))
    if not gone:
        return raw, [], []
    names = engine.register(pd.DataFrame({"value": pd.Series(gone, dtype="object")}))
    left = engine.materialise(sql.text("mapped", raw=raw, hidden=names))
    counts = engine.query(
        f"SELECT r.file AS file, count(DISTINCT r.record) AS n FROM {raw} r LEFT JOIN "
        f"(SELECT DISTINCT file, record FROM {left}) l ON r.file = l.file AND r.record = l.record "
        f"WHERE l.record IS NULL GROUP BY r.file ORDER BY r.file"
    )
    for table in (raw, names):
        engine.drop(table)
    left = _without_telling_events(engine, left, hidden)
    skipped = [
        (int(file), REASON, int(n)) for file, n in zip(counts["file"], counts["n"], strict=True)
    ]
    return left, skipped, gone


def _without_telling_events(engine: Engine, left: str, hidden: DoNotMap) -> str:
    """Rename events whose ids tell who was there: a meeting is often named by its organiser."""
    import pandas as pd

    texts = engine.register(pd.DataFrame({"value": pd.Series(hidden.texts, dtype="object")}))
    found = engine.query(
        f"SELECT DISTINCT e.event AS event FROM (SELECT event FROM {left} UNION "
        f"SELECT reply_to AS event FROM {left}) AS e "
        f"JOIN {texts} t ON instr(lower(e.event), t.value) > 0"
    )["event"]
    engine.drop(texts)
    if not len(found):
        return left
    ordered = sorted(map(str, found))
    names = engine.register(
        pd.DataFrame({"event": ordered, "alias": [f"event {n + 1}" for n in range(len(ordered))]})
    )
    renamed = engine.materialise(
        f"SELECT l.file, l.record, l.source, l.target, l.time, l.channel, "
        f"CASE WHEN e.alias IS NOT NULL THEN e.alias ELSE l.event END AS event, l.size, "
        f"l.directed, l.role, CASE WHEN a.alias IS NOT NULL THEN a.alias ELSE l.reply_to END "
        f"AS reply_to, l.origin FROM {left} l LEFT JOIN {names} e ON l.event = e.event "
        f"LEFT JOIN {names} a ON l.reply_to = a.event"
    )
    for table in (left, names):
        engine.drop(table)
    return renamed
