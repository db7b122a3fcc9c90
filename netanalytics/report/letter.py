"""The first screen: at most three acts for a person, three findings for everybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netanalytics import schema
from netanalytics.advice import reasons
from netanalytics.advice.introductions import introductions
from netanalytics.report.model import Act, Letter
from netanalytics.report.sections.brokers import brokers_of
from netanalytics.report.sections.groups import withheld

if TYPE_CHECKING:
    from netanalytics.report.findings import Facts

MOST_OFFERED = 60
"""Among this many of the reader's strongest contacts two are sought who might meet."""

RECENT = 60
"""Somebody is asked for a favour only where contact was seen in this many days."""

FAR = 14
"""A channel is said to end, rather than to run, when it stops this many days before the end."""


def letter(facts: Facts) -> Letter:
    """Return what opens the report of an audience."""
    return {"me": _mine, "names": _named, "group": _groups}[facts.audience](facts)


def title_of(facts: Facts) -> str:
    """Return the title of the report."""
    if facts.audience == "me":
        return f"The network of {facts.label(facts.reader)}"
    return "The network, with names" if facts.audience == "names" else "The network by group"


# ---- seen --------------------------------------------------------------------------------------


def _seen(facts: Facts) -> str:
    """Say what was looked at and, first, what the data cannot see."""
    net = facts.net
    if net.log is None or net.as_of is None:
        return "Ties without dates: nothing here says when contact was."
    last = facts.seen.last
    if last.empty:
        return "Too few people on any channel to say which."
    # The day of the last new connection is no end of anything, unless there is nothing else.
    last = last.drop(schema.CONNECTION, errors="ignore") if len(last) > 1 else last
    running = last[last >= net.as_of - pd.Timedelta(days=FAR)]
    words = []
    if len(running):
        names = [reasons.CHANNEL_WORDS.get(name, name) for name in running.index]
        words.append(f"{reasons.listed(names)} to {reasons.day(running.max())}")
    words += [
        f"{reasons.CHANNEL_WORDS.get(str(name), name)} ends {reasons.day(when)}"
        for name, when in last.items()
        if name not in running.index
    ]
    text = "; ".join(words)
    return text[0].upper() + text[1:] + _not_judged(facts)


def _not_judged(facts: Facts) -> str:
    if facts.audience != "me":
        return "."
    lost = int((facts.my_ties["ended"] & facts.my_ties["stage"].isna()).sum())
    return f" ({reasons.count(lost, 'tie')} not judged)." if lost else "."


def _unseen(facts: Facts) -> str:
    channels = set(facts.seen.last.index)
    unseen = [
        word
        for word, names in (
            ("mail", {"email"}),
            ("calls", {"call"}),
            ("meetings", {"meeting"}),
        )
        if not names & channels and "contact" not in channels
    ]
    what = reasons.listed(["Lunches", *unseen, "talks in the corridor"])
    return f"{what} are not in these files{', or hardly' if facts.seen.hidden else ''}."


# ---- to one person -----------------------------------------------------------------------------


def _mine(facts: Facts) -> Letter:
    acts = [act for act in (_write(facts), _offer(facts), _ask(facts)) if act is not None]
    when = f", {reasons.day(facts.net.as_of)}" if facts.net.as_of is not None else ""
    nothing = facts.unjudged or "Nothing needs doing this week, as far as these files show."
    findings = () if acts and not facts.unjudged else (nothing,)
    return Letter(
        heading=f"{facts.label(facts.reader)}{when}",
        seen=_seen(facts),
        acts=tuple(acts),
        findings=findings,
        ending=" ".join([*_planned(facts), _unseen(facts)]),
    )


def _write(facts: Facts) -> Act | None:
    if facts.check_ins.empty:
        return None
    first = facts.check_ins.iloc[0]
    title = f"Write to {facts.label(first['contact'])}"
    if first["contact"] in facts.own.keep.union(facts.own.every):
        return Act(title=title, text="You wished it so; nothing planned.", why=first["because"])
    tie = facts.my_ties.loc[first["contact"]]
    silent = facts.net.days_since(tie["last"])
    usual = reasons.every(tie["median_gap_days"])
    return Act(
        title=title,
        text=f"Usually {usual}; now {_span(silent)}, nothing planned.",
        why=first["because"],
    )


def _span(days: int) -> str:
    return reasons.count(round(days / 7), "week") if days >= 21 else reasons.count(days, "day")


def _offer(facts: Facts) -> Act | None:
    """Suggest two of the reader's contacts to each other, as a question."""
    strength = facts.my_ties.loc[_recent(facts), "strength"]
    contacts = strength.nlargest(MOST_OFFERED).index
    if len(contacts) < 2:
        return None
    circle = facts.net.among([facts.reader, *contacts])
    pairs = introductions(circle, n=None)
    pairs = pairs[(pairs["via"] == facts.person) & (pairs["person"] < pairs["target"])]
    if pairs.empty:
        return None
    # Two people of one group are most likely to know each other already.
    groups = [
        facts.groups.reindex(pairs[end]).fillna("").to_numpy(dtype=object)
        for end in ("person", "target")
    ]
    pairs = pairs.assign(apart=groups[0] != groups[1])
    order = ["apart", "score", "person", "target"]
    best = pairs.sort_values(order, ascending=[False, False, True, True]).iloc[0]
    one, other = facts.label(best["person"]), facts.label(best["target"])
    both = facts.groups.reindex([best["person"], best["target"]])
    if facts.column is None or both.isna().any():
        where = "both in touch with you"
    elif both.iloc[0] == both.iloc[1]:
        where = f"both in {both.iloc[0]}"
    else:
        where = f"one in {both.iloc[0]}, the other in {both.iloc[1]}"
    return Act(
        title=f"{one} and {other}",
        text=f"{where[0].upper()}{where[1:]}. Do they know each other? If not, ask each first.",
        why="You are in recent touch with both; no contact between them was seen in this log.",
    )


def _recent(facts: Facts) -> pd.Index:
    """Return the contacts whom the reader was lately in touch with."""
    if not facts.dated:
        return facts.my_ties.index
    return facts.my_ties.index[facts.net.days_since(facts.my_ties["last"]) <= RECENT]


def _ask(facts: Facts) -> Act | None:
    if facts.introductions.empty:
        return None
    warm = facts.introductions["via"].isin(_recent(facts))
    first = facts.introductions[warm if warm.any() else warm | True].iloc[0]
    target, via = facts.label(first["target"]), facts.label(first["via"])
    group = facts.groups.get(first["target"])
    where = f" ({group})" if isinstance(group, str) and facts.column is not None else ""
    return Act(
        title=f"Ask {via} about meeting {target}",
        text=f"You have no contact with {target}{where} in this log; {via} has.",
        why=first["because"],
    )


def _planned(facts: Facts) -> list[str]:
    planned = facts.net.planned
    mine = planned[(planned["source"] == facts.person) | (planned["target"] == facts.person)]
    if mine.empty:
        return []
    row = mine.sort_values(["time", "source", "target"]).iloc[0]
    other = row["target"] if row["source"] == facts.person else row["source"]
    return [f"Planned: {facts.label(other)} on {reasons.day(row['time'], year=False)}."]


# ---- to others ---------------------------------------------------------------------------------


def _named(facts: Facts) -> Letter:
    names = [facts.label(person) for person in brokers_of(facts)[:3]]
    findings = []
    if names:
        findings.append(
            f"{reasons.listed(names)} {'hold' if len(names) > 1 else 'holds'} together people who "
            "are not in touch with one another."
        )
    if facts.dated:
        stages = facts.tie_values["stage"].value_counts()
        fading = int(stages.get("cooling", 0) + stages.get("dormant", 0))
        findings.append(
            f"{fading} of {facts.judged} ties with enough history to judge are fading."
            if facts.judged
            else facts.unjudged or "No tie has enough history yet to say whether it is fading."
        )
    cuts = int(facts.person_values["is_articulation_point"].astype(bool).sum())
    only = "is the only way" if cuts == 1 else "are the only way"
    findings.append(
        f"{reasons.count(cuts, 'person').replace('persons', 'people')} {only} to somebody else."
    )
    return Letter(
        heading="This page names people",
        seen=_seen(facts),
        findings=tuple(findings),
        ending=f"Meant for somebody who may see everybody's contacts. {_unseen(facts)}",
    )


def _groups(facts: Facts) -> Letter:
    return Letter(
        heading=f"Contact by {facts.group_word}",
        seen=_seen(facts),
        findings=tuple(_group_findings(facts)),
        ending=" ".join(
            [
                f"No individual is shown, and nothing that rests on fewer than "
                f"{facts.minimum} people.",
                *withheld(facts),
                _unseen(facts),
            ]
        ),
    )


_GAP = "Whether that is a gap or a division of labour, this log cannot say."


def _group_findings(facts: Facts) -> list[str]:
    density = facts.density
    shown = density[density["per_100"].notna()]
    between = shown[shown["source"] != shown["target"]]
    if between.empty:
        return [f"Too few people: no {facts.group_word} is large enough to be shown."]
    mean = 100.0 * between["ties"].sum() / between["pairs"].sum()
    ordered = between.sort_values(["per_100", "source", "target"])
    most, least = ordered.iloc[-1], ordered.iloc[0]
    whole = len(shown) == len(density)
    usual = "between groups here" if whole else "where it can be shown"
    findings = [
        f"{most['source']} and {most['target']}: {_rate(most['per_100'])} contacts per 100 "
        f"possible pairs; {_rate(mean)} is usual {usual}.",
    ]
    if len(between) > 1:
        of = "" if whole else " of those that can be shown"
        findings.append(
            f"{least['source']} and {least['target']}: {_rate(least['per_100'])} per 100, "
            f"the least{of}."
        )
    return findings + (_least_seen(density) or _most_closed(density))


def _rate(per_100: float) -> str:
    return f"{per_100:.1f}" if per_100 >= 1 else f"{per_100:.2f}"


def _least_seen(density: pd.DataFrame) -> list[str]:
    """Name the groups whose contact with all others is withheld, then who has least of the rest."""
    silent = [
        group
        for group, mine in _with_others(density).items()
        if len(mine) > 1 and mine["per_100"].isna().all()
    ]
    if not silent:
        return []
    more = f" and {len(silent) - 3} more" if len(silent) > 3 else ""
    then = "".join(
        f" Then {group}: {_rate(rate)} per 100 where it can be shown."
        for group, rate in _rates(density)[:1]
    )
    return [
        f"{', '.join(silent[:3])}{more}: too few people make the contact with any other group to "
        f"show it.{then} {_GAP}"
    ]


def _most_closed(density: pd.DataFrame) -> list[str]:
    """Name the group that has least contact with the others, for its size, where all is seen."""
    rates = _rates(density)
    if len(rates) < 3 or density["per_100"].isna().any():
        return []
    closed, rate = rates[0]
    return [
        f"{closed} has the least contact with the others: {_rate(rate)} per 100 possible pairs. "
        f"{_GAP}"
    ]


def _rates(density: pd.DataFrame) -> list[tuple[str, float]]:
    """Return each group with its ties per 100 pairs with the others, least first."""
    rates = {
        group: 100.0 * mine["ties"].sum() / mine["pairs"].sum()
        for group, mine in _with_others(density[density["per_100"].notna()]).items()
        if len(mine) > 1
    }
    return sorted(rates.items(), key=lambda found: (found[1], found[0]))


def _with_others(density: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the rows of each group with another one."""
    groups = sorted(set(density["source"]) | set(density["target"]))
    return {
        str(group): density[(density["source"] == group) ^ (density["target"] == group)]
        for group in groups
    }
