"""What the user asked, and the log, network and reader that this means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from netanalytics.cli import answers
from netanalytics.cli.printing import TELL, tell, tell_some

if TYPE_CHECKING:
    import pandas as pd

    from netanalytics.interactions import Interactions
    from netanalytics.network import Network


NOT_READ = "not read: "
"""How a log tells of a file that it does not hold."""


@dataclass(frozen=True)
class Asked:
    """What the user said about the log and the network."""

    options: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Let the project file answer what was not said."""
        options = answers.filled(self.options)
        project = answers.with_files(options["project"], options)
        object.__setattr__(self, "options", {**options, "project": project})

    def __getitem__(self, name: str) -> Any:
        return self.options.get(name)


def read_log(asked: Asked) -> Interactions:
    """Read the log that is meant, of one channel if one was named."""
    progress = click.get_current_context().meta.get(TELL)
    log: Interactions = asked["project"].log(progress=progress)
    if answers.by_the_file(asked.options):
        tell_some(asked["project"].unmet(log), "entry")
    return _of_channel(log, asked["channel"]) if asked["channel"] else log


def _of_channel(log: Interactions, channel: str) -> Interactions:
    from netanalytics.registry import unknown

    known = sorted(log.coverage["channel"].unique())
    if channel not in known:
        raise unknown("channel", channel, known)
    return log.where(channel=channel)


def read_network(asked: Asked) -> Network:
    """Read the log and build its network."""
    if asked["decisions"]:
        from netanalytics.identity.decisions import read_decisions

        read_decisions(asked["decisions"])  # a file that was named must be there
    from netanalytics.interactions import LONE

    log = read_log(asked)
    net: Network = asked["project"].network(
        log, as_of=asked["as_of"], half_life_days=asked["half_life"]
    )
    for note in net.notes:  # What is missing or wrong must not wait for somebody who inspects.
        if note.startswith((NOT_READ, LONE)):
            tell(f"note: {note}")
    _tell_of_namesakes(net, reader(net, asked))
    return net


def _tell_of_namesakes(net: Network, me: str | None) -> None:
    """Say who else bears the reader's name: another id of theirs holds a part of their network."""
    others = [] if me is None else net.namesakes(me)
    if others:
        shown = ", ".join(others[:3]) + (", …" if len(others) > 3 else "")
        has = "have" if len(others) > 1 else "has"
        tell(
            f"note: {shown} {has} the name of {me}: if that is you, "
            "netanalytics identity suggest shows it and identity apply joins it"
        )


def reader(net: Network, asked: Asked) -> str | None:
    """Return whom it is for, by their id."""
    return None if asked["me"] is None else net.find(asked["me"])


def wishes(net: Network, asked: Asked) -> pd.DataFrame | None:
    """Return the reader's own wishes, if the project file is theirs."""
    me = reader(net, asked)
    return answers.wishes(asked["project"], net, me)


def need_audience(asked: Asked, command: str) -> None:
    """Refuse to name people as long as nobody said for whom."""
    if asked["me"] is None and not asked["names"]:
        raise click.UsageError(
            f"{command} names people: say --me PERSON for your own list, or --names for "
            "everybody's (a project file may say who me is)"
        )
