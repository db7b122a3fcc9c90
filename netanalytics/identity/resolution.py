"""Who is who: strong keys join, decisions win, everything else is a proposal with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from netanalytics.errors import UnknownPersonError
from netanalytics.identity import decisions as said
from netanalytics.identity.addresses import FREE_MAIL, PERSON
from netanalytics.identity.blocking import candidates
from netanalytics.identity.features import evidence
from netanalytics.identity.keys import strong_keys
from netanalytics.identity.model import confidence
from netanalytics.identity.profiles import Profiles, profiles
from netanalytics.identity.proposals import SURE, chosen, listing, raised

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.identity.decisions import Decisions
    from netanalytics.identity.features import Evidence


@dataclass(frozen=True, eq=False)
class Resolution:
    """Every identity with the person it belongs to, and what is proposed beyond that.

    Parameters
    ----------
    people : pandas.DataFrame
        Columns identity, person (one of the identities that are one), kind (person, role, list,
        no-reply, bot or "not a person").
    proposals : pandas.DataFrame
        Columns a, b, confidence, because; the most consequential first.
    joins : tuple of (str, str, str)
        What joined two identities, and why.
    apart : dict of str to str
        Who was set apart, and why.
    omitted : int
        Proposals too many or too unsure to be listed.
    names : dict of str to str
        Names that were shown.
    unmet : tuple of str
        Decisions about an id that is nowhere, one sentence each.
    table : pandas.DataFrame, optional
        One row a person with all of its addresses: what ``build_network`` takes as ``people``.
    """

    people: pd.DataFrame
    proposals: pd.DataFrame
    joins: tuple[tuple[str, str, str], ...]
    apart: dict[str, str]
    omitted: int
    names: dict[str, str]
    unmet: tuple[str, ...] = ()
    table: pd.DataFrame | None = None

    def with_table(self, table: pd.DataFrame) -> Resolution:
        """Return the same with a table of people."""
        return replace(self, table=table)

    def sure(self, at_least: float) -> pd.DataFrame:
        """Return the proposals that are at least this sure."""
        chosen = self.proposals[self.proposals["confidence"] >= at_least]
        return chosen.reset_index(drop=True)

    def _owner(self) -> dict[str, str]:
        return dict(zip(self.people["identity"], self.people["person"], strict=True))

    def find(self, query: str) -> str:
        """Return the person that an identity or a unique name means.

        Raises
        ------
        UnknownPersonError
            If nobody or more than one person answers to it.
        """
        owner = self._owner()
        if query in owner:
            return owner[query]
        wanted = query.strip().casefold()
        found = {owner[text] for text in owner if text.casefold() == wanted}
        found = found or {
            owner[text] for text, name in self.names.items() if name.casefold() == wanted
        }
        if len(found) == 1:
            return found.pop()
        if not found:
            raise UnknownPersonError(f"nobody is called {query!r}: give an id, address or name")
        listed = ", ".join(sorted(found)[:5])
        raise UnknownPersonError(f"{query!r} means {len(found)} people ({listed}): give the id")

    def why(self, query: str) -> pd.DataFrame:
        """Return what joins, parts or might join the identities of a person.

        Parameters
        ----------
        query : str
            An identity or a unique name.

        Returns
        -------
        pandas.DataFrame
            Columns a, b, state (joined, proposed or set apart), confidence, because.
        """
        import pandas as pd

        person = self.find(query)
        owner = self._owner()
        rows: list[tuple[str, str | None, str, float | None, str]] = [
            (text, None, "set apart", None, reason)
            for text, reason in self.apart.items()
            if owner[text] == person
        ]
        rows += [(a, b, "joined", None, why) for a, b, why in self.joins if owner.get(a) == person]
        for a, b, sure, why in self.proposals.itertuples(index=False, name=None):
            if person in (owner[a], owner[b]):
                rows.append((a, b, "proposed", sure, why))
        return pd.DataFrame(rows, columns=["a", "b", "state", "confidence", "because"])

    def counts(self) -> dict[str, int]:
        """Return how many identities there are of each kind."""
        counted = self.people["kind"].value_counts()
        return {str(kind): int(counted[kind]) for kind in sorted(counted.index)}

    def notes(self) -> tuple[str, ...]:
        """Say who was set apart and which decisions met nobody, for a reader of the network."""
        apart = [f"{n:,} {kind}" for kind, n in self.counts().items() if kind != PERSON]
        told = [f"set apart as nobody's own address: {', '.join(apart)} (identity people)"]
        gone = [
            f"ids that decisions name and no source holds: {len(self.unmet):,} (identity people)"
        ]
        return (*told * bool(apart), *gone * bool(self.unmet))


def resolve(
    people: pd.DataFrame | None,
    contacts: pd.DataFrame | None = None,
    *,
    decisions: Decisions | None = None,
    same: Sequence[tuple[str, str]] = (),
    propose: bool = True,
    standing: frozenset[str] | None = None,
) -> Resolution:
    """Find out which addresses, handles and profiles are one person.

    Parameters
    ----------
    people : pandas.DataFrame, optional
        Index ``person``; columns such as name, organisation, addresses, profile, phone, user_id.
    contacts : pandas.DataFrame, optional
        Columns source, target and n: who reached whom how often.
    decisions : Decisions, optional
        What the user decided; it always wins.
    same : sequence of (str, str)
        More pairs that are one, as if they had been decided.
    propose : bool
        Whether to compare names too; without, only what joins by itself is found.
    standing : frozenset of str, optional
        Which ids stand for their person before all others; the rows of ``people`` by default.

    Returns
    -------
    Resolution

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame(
    ...     {"name": ["Ana Frey", "Ana Frey", "Kai Vidal"]},
    ...     index=pd.Index(["ana.frey@x.org", "ana.frey+news@x.org", "kai@x.org"], name="person"),
    ... )
    >>> resolve(people).people["person"].tolist()
    ['ana.frey@x.org', 'ana.frey@x.org', 'kai@x.org']
    """
    known = profiles(people, contacts)
    decisions = (decisions or said.Decisions()).spelt(known.ids)
    known = _decided_kinds(known, decisions)
    joined = _Joined(known, decisions, same)
    cluster = joined.clusters()
    compared = candidates(known, cluster) if propose else np.zeros((0, 2), dtype=np.int64)
    found = evidence(known, cluster, compared)
    sure = confidence(found)
    rows = frozenset() if people is None else frozenset(map(str, people.index))
    owner = _representatives(known, cluster, rows if standing is None else standing)
    if (sure >= SURE).any():
        sure = _again(joined, compared, found, sure)
    listed, omitted = chosen(found, sure, joined.parted(cluster), len(known.ids))
    return Resolution(
        people=_people(known, cluster, owner),
        proposals=listing(known, cluster, owner, (found, sure, listed)),
        joins=tuple(joined.why),
        apart={
            text: why
            for text, (kind, why) in zip(known.ids, known.kinds, strict=True)
            if kind != PERSON
        },
        omitted=omitted,
        names={text: name for text, name in zip(known.ids, known.shown, strict=True) if name},
        unmet=decisions.unmet(known.ids),
    )


def clusters_of(known: Profiles, decisions: Decisions | None = None) -> Any:
    """Return the cluster of each identity after strong keys and decisions have joined them."""
    return _Joined(known, decisions, ()).clusters()


def _decided_kinds(known: Profiles, decisions: Decisions) -> Profiles:
    nobody, somebody = decisions.ids(said.NOBODY), decisions.ids(said.SOMEBODY)
    kinds = [
        (said.NOBODY, "decided") if text in nobody else (PERSON, "") if text in somebody else kind
        for text, kind in zip(known.ids, known.kinds, strict=True)
    ]
    return replace(known, kinds=kinds)


def _again(joined: _Joined, compared: Any, found: Evidence, sure: Any) -> Any:
    """Judge all pairs again as if what is sure were accepted, which brings contacts together."""
    after = joined.and_also(found.through[sure >= SURE])
    cluster = after.clusters()
    apart = compared[cluster[compared[:, 0]] != cluster[compared[:, 1]]]
    later = evidence(joined.known, cluster, apart)
    return raised((found, sure), (later, confidence(later)), cluster, after.parted(cluster))


# ---- joining -----------------------------------------------------------------------------------


class _Joined:
    """Identities joined by decisions and then by strong keys, never across a "never the same"."""

    def __init__(
        self,
        known: Profiles,
        decisions: Decisions | None,
        same: Iterable[tuple[str, str]],
    ) -> None:
        decisions = decisions or said.Decisions()
        self.known = known
        self.root: dict[str, str] = {}
        self.enemies: dict[str, set[str]] = {}
        self.never = decisions.pairs(said.NEVER)
        self.why: list[tuple[str, str, str]] = []
        for line in decisions.lines:
            if line.word == said.SAME:
                for other in line.who[1:]:
                    self.join(line.who[0], other, f"decided in line {line.line}")
        for a, b in same:
            self.join(a, b, "decided")
        for a, b in self.never:
            one, other = self.find(a), self.find(b)
            self.enemies.setdefault(one, set()).add(other)
            self.enemies.setdefault(other, set()).add(one)
        for key, who in strong_keys(known).items():
            for number in who[1:]:
                self.join(known.ids[who[0]], known.ids[number], f"both are {key}")

    def find(self, text: str) -> str:
        while (above := self.root.get(text, text)) != text:
            self.root[text] = self.root.get(above, above)
            text = above
        return text

    def join(self, a: str, b: str, why: str) -> None:
        one, other = sorted((self.find(a), self.find(b)))
        if one == other or other in self.enemies.get(one, ()):
            return
        self.root[other] = one
        for enemy in self.enemies.pop(other, set()):
            self.enemies[enemy].discard(other)
            self.enemies[enemy].add(one)
            self.enemies.setdefault(one, set()).add(enemy)
        self.why.append((min(a, b), max(a, b), why))

    def and_also(self, pairs: Any) -> _Joined:
        """Return what further pairs of identities would join, where nothing parts them."""
        after = copy(self)
        after.root, after.why = dict(self.root), []
        after.enemies = {text: set(others) for text, others in self.enemies.items()}
        for a, b in pairs.tolist():
            after.join(self.known.ids[a], self.known.ids[b], "")
        return after

    def clusters(self) -> Any:
        roots = [self.find(text) for text in self.known.ids]
        number = {root: place for place, root in enumerate(dict.fromkeys(roots))}
        return np.array([number[root] for root in roots], dtype=np.int64)

    def parted(self, cluster: Any) -> set[tuple[int, int]]:
        """Return the pairs of clusters that must not be joined."""
        place = {self.find(text): cluster[i] for i, text in enumerate(self.known.ids)}
        ends = [(place.get(self.find(a)), place.get(self.find(b))) for a, b in self.never]
        return {
            (min(one, other), max(one, other))
            for one, other in ends
            if one is not None and other is not None
        }


def _representatives(known: Profiles, cluster: Any, rows: frozenset[str]) -> list[str]:
    """Return which identity stands for each cluster: a row of the table, then a mail address."""
    sorts = {"id": 0, "address": 1, "profile": 3, "handle": 4, "phone": 5}
    contacts = np.diff(known.contacts.indptr)
    best: dict[int, tuple[bool, int, bool, int, str]] = {}
    for number, (text, address) in enumerate(zip(known.ids, known.read, strict=True)):
        rank = sorts[address.sort] + (address.domain in FREE_MAIL)
        mine = (text not in rows, rank, "+" in text, -int(contacts[number]), text)
        here = int(cluster[number])
        if here not in best or mine < best[here]:
            best[here] = mine
    return [best[place][4] for place in range(len(best))]


def _people(known: Profiles, cluster: Any, owner: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "identity": pd.Series(known.ids, dtype="str"),
            "person": pd.Series([owner[place] for place in cluster.tolist()], dtype="str"),
            "kind": pd.Series([kind for kind, _ in known.kinds], dtype="str"),
        }
    )


# ---- using it ----------------------------------------------------------------------------------


def merged_people(people: pd.DataFrame | None, result: Resolution) -> pd.DataFrame:
    """Return a people table in which each person is one row that lists all of its addresses.

    What :func:`netanalytics.build_network` takes as ``people``: it then counts every address for
    its person, and sets roles, lists and machines apart.

    Parameters
    ----------
    people : pandas.DataFrame, optional
        The table that was resolved, index ``person``.
    result : Resolution
        What :func:`resolve` returned for it.

    Returns
    -------
    pandas.DataFrame
        Index ``person``; ``addresses`` and ``is_bot`` rewritten.
    """
    import pandas as pd

    owner = result.people.set_index("identity")["person"]
    if people is None or people.empty:
        merged = pd.DataFrame(index=pd.Index(owner.unique(), dtype="str", name="person"))
    else:
        # The row of the person itself is believed first, then the others in their order.
        ranked = people.assign(_own=owner.reindex(people.index).to_numpy() != people.index)
        ranked = ranked.sort_values("_own", kind="stable").drop(columns="_own")
        merged = ranked.groupby(owner.reindex(ranked.index).to_numpy()).first()
        merged = merged.reindex(sorted(set(owner)))
    others = result.people[result.people["identity"] != result.people["person"]]
    listed = others.groupby("person")["identity"].agg(";".join)
    # Whoever was decided to read a role's mail is still a person.
    somebody = result.people.loc[result.people["kind"] == PERSON, "person"]
    merged["addresses"] = listed.reindex(merged.index)
    merged["is_bot"] = ~merged.index.isin(set(somebody))
    merged.index = pd.Index(merged.index, dtype="str", name="person")
    return merged.sort_index()
