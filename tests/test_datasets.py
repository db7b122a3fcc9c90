"""The invented office: its tables, its bytes, and that what its truth says is in the log."""

from __future__ import annotations

import functools
from pathlib import Path

import igraph
import numpy as np
import pandas as pd
import pytest

from netanalytics import datasets
from netanalytics.datasets import Office, office, write_office
from netanalytics.datasets.contacts import Feature
from netanalytics.datasets.dice import Dice

DATA = Path(__file__).parents[1] / "data" / "office"
FILES = ("interactions.csv", "people.csv", "relations.csv", "truth.csv", "directory.csv")
START, END = pd.Timestamp("2025-01-01", tz="UTC"), pd.Timestamp("2026-07-01", tz="UTC")
SEEDS = (0, 7, 23)

cached = functools.lru_cache(maxsize=None)(office)


@pytest.fixture(params=SEEDS)
def place(request: pytest.FixtureRequest) -> Office:
    return cached(request.param)


def planted(place: Office, kind: str) -> pd.DataFrame:
    rows = place.truth[place.truth["kind"] == kind]
    assert len(rows), kind
    return rows


def between(place: Office, one: str, other: str) -> pd.DataFrame:
    """Rows of a pair without mass mail."""
    log = place.interactions
    ends = (log["source"] == one) & (log["target"] == other)
    ends |= (log["source"] == other) & (log["target"] == one)
    return log[ends & (log["size"] <= 50)]


def days_apart(log: pd.DataFrame) -> np.ndarray:
    """Distinct contact days of a pair, counted from the first day of the window."""
    return np.unique((log["time"] - START).dt.days.to_numpy())


def ties_of(place: Office) -> pd.DataFrame:
    """Ties by pair, without bots and mass mail: strength, days, first, last, longest gap."""
    log, people = place.interactions, place.people
    bots = people.loc[people["is_bot"], "person"]
    log = log[(log["size"] <= 50) & ~log["source"].isin(bots) & ~log["target"].isin(bots)]
    ends = np.sort(log[["source", "target"]].to_numpy(dtype=object), axis=1)
    age = (END - log["time"]).dt.total_seconds() / 86_400
    rows = pd.DataFrame({"source": ends[:, 0], "target": ends[:, 1]})
    rows["day"] = (log["time"] - START).dt.days.to_numpy()
    rows["strength"] = (2.0 ** (-age / 90) / (log["size"] - 1)).to_numpy()
    pair = ["source", "target"]
    days = rows[[*pair, "day"]].drop_duplicates().sort_values([*pair, "day"])
    days["gap"] = days.groupby(pair)["day"].diff()
    days["resumed"] = days["day"].where(days["gap"] >= 90)
    ties = days.groupby(pair).agg(
        days=("day", "size"),
        first=("day", "min"),
        last=("day", "max"),
        longest=("gap", "max"),
        resumed=("resumed", "max"),
    )
    ties["strength"] = rows.groupby(pair)["strength"].sum()
    return ties


def stages_of(ties: pd.DataFrame) -> pd.Series:
    """The stage of each tie by the rule of silence; missing where it is not judged."""
    final = (END - START).days - 1
    silent = final - ties["last"]
    silence = (silent / ties["longest"]).where(ties["days"] >= 3)
    stage = pd.Series("active", index=ties.index, dtype=object)
    stage[(silence > 1) & (silent >= 21)] = "cooling"
    stage[(silence > 2) & (silent >= 60)] = "dormant"
    stage[(ties["resumed"] >= final - 90) & (silence <= 1)] = "revived"
    stage[ties["days"] < 5] = None
    stage[ties["first"] >= final - 45] = "new"
    return stage


def graph_of(ties: pd.DataFrame) -> igraph.Graph:
    rows = [(one, other, w) for (one, other), w in ties["strength"].items()]
    return igraph.Graph.TupleList(rows, edge_attrs=["strength"])


def test_the_tables_have_the_columns_and_types_of_the_doors() -> None:
    place = cached(0)
    utc = "datetime64[us, UTC]"
    assert {name: str(dtype) for name, dtype in place.interactions.dtypes.items()} == {
        "time": utc,
        "source": "str",
        "target": "str",
        "channel": "str",
        "event": "str",
        "size": "int64",
        "directed": "bool",
        "role": "str",
        "reply_to": "str",
    }
    assert {name: str(dtype) for name, dtype in place.people.dtypes.items()} == {
        "person": "str",
        "name": "str",
        "department": "str",
        "team": "str",
        "site": "str",
        "level": "Int64",
        "organisation": "str",
        "is_bot": "bool",
    }
    assert [str(dtype) for dtype in place.relations.dtypes] == ["str", "str", "str", utc, utc]
    assert [str(dtype) for dtype in place.directory.dtypes] == ["str", "str", "str", utc, utc]
    assert [str(dtype) for dtype in place.truth.dtypes] == ["str", "str", "str", "str", utc]
    assert list(place.truth.columns) == ["kind", "person", "source", "target", "when"]


def test_the_office_has_the_size_that_was_ordered(place: Office) -> None:
    people = place.people
    inside = people[people["department"].notna()]
    assert len(inside) == 240
    assert inside["organisation"].nunique() == 1
    assert inside["department"].value_counts().to_list() == [40] * 6
    assert inside["site"].nunique() == 2
    assert sorted(inside["level"].unique()) == [1, 2, 3, 4, 5]
    assert people["person"].is_unique
    outside = people[people["department"].isna() & ~people["is_bot"]]
    assert len(outside) >= 25
    assert outside["organisation"].nunique() == 9
    assert outside["person"].str.endswith(".example").all()
    assert people["person"].map(str.isascii).all()
    assert not people["name"].map(str.isascii).all()


def test_the_log_keeps_the_rules_of_a_log(place: Office) -> None:
    log = place.interactions
    assert 45_000 <= len(log) <= 60_000
    assert log["time"].is_monotonic_increasing
    assert log["time"].iloc[0] >= START
    assert log["time"].iloc[-1] < END
    assert (log["source"] != log["target"]).all()
    assert not log.duplicated(["event", "source", "target"]).any()
    assert set(log["channel"]) == {"email", "meeting", "chat"}
    meetings = log[log["channel"] == "meeting"]
    assert not meetings["directed"].any()
    assert log.loc[log["channel"] != "meeting", "directed"].all()
    assert (meetings["source"] < meetings["target"]).all()
    assert set(meetings["role"].dropna()) == {"organiser", "attendee"}
    assert set(log.loc[log["channel"] != "meeting", "role"]) == {
        *("to", "cc", "reply", "mention", "broadcast")
    }
    assert (log.groupby("event")["time"].nunique() == 1).all()


def test_size_counts_the_people_of_the_event(place: Office) -> None:
    log = place.interactions
    ends = log.melt(["event", "size"], ["source", "target"], value_name="person")
    people = ends.groupby("event")["person"].nunique()
    assert (people == log.groupby("event")["size"].first()).all()


def test_a_meeting_has_all_pairs_and_one_organiser(place: Office) -> None:
    meetings = place.interactions[place.interactions["channel"] == "meeting"]
    organiser = meetings["target"].where(meetings["role"] == "organiser")
    organiser = organiser.fillna(meetings["source"].where(meetings["role"] == "attendee"))
    by = meetings.assign(organiser=organiser).groupby("event")
    size = by["size"].first()
    assert (by.size() == size * (size - 1) / 2).all()
    assert (by["organiser"].nunique() == 1).all()
    assert (by["organiser"].count() == size - 1).all()


def test_a_reply_answers_an_earlier_message_to_the_one_who_replies(place: Office) -> None:
    log = place.interactions
    replies = log[log["role"] == "reply"]
    assert len(replies) > 5_000
    assert log.loc[log["reply_to"].notna(), "role"].isin(["reply", "cc"]).all()
    asked = replies.merge(
        log, left_on=["reply_to", "source", "target"], right_on=["event", "target", "source"]
    )
    assert len(asked) == len(replies)
    assert (asked["time_x"] > asked["time_y"]).all()
    assert (asked["channel_x"] == asked["channel_y"]).all()


def test_everybody_is_in_the_log_and_only_second_addresses_are_not_in_people(place: Office) -> None:
    log, people = place.interactions, set(place.people["person"])
    logged = set(log["source"]) | set(log["target"])
    assert people <= logged
    assert logged - people == set(planted(place, "alias")["source"])


def test_the_week_the_day_and_the_year_have_their_rhythm(place: Office) -> None:
    events = place.interactions.drop_duplicates("event")["time"]
    weekday = events.dt.day_of_week.value_counts(normalize=True).sort_index()
    assert weekday[5:].sum() < 0.02
    assert weekday[:5].between(0.15, 0.25).all()
    hours = events.dt.hour.value_counts()
    assert hours[12] < 0.9 * min(hours[9], hours[14])
    assert hours[hours.index >= 18].sum() < 0.03 * len(events)
    daily = events.dt.date.value_counts()
    usual = daily.median()
    christmas = pd.date_range("2025-12-24", "2025-12-31").date
    assert daily.reindex(christmas, fill_value=0).max() < 0.3 * usual
    months = events.dt.strftime("%Y-%m").value_counts()
    assert months["2025-07"] < 0.9 * months["2025-06"]


def test_sites_live_in_their_own_time(place: Office) -> None:
    mails = place.interactions[place.interactions["channel"] == "email"].drop_duplicates("event")
    sites = place.people.set_index("person")["site"]
    started = mails[mails["reply_to"].isna()]
    hour = started["time"].dt.hour.groupby(started["source"].map(sites)).mean()
    assert 0.6 < hour["Porto"] - hour["Kraków"] < 1.4


def test_supervisors_form_one_tree_over_all_colleagues(place: Office) -> None:
    relations = place.relations
    lines = relations[relations["kind"] == "supervisor"]
    assert len(lines) == 239
    assert lines["target"].is_unique
    level = place.people.set_index("person")["level"]
    assert (level[lines["source"]].to_numpy() > level[lines["target"]].to_numpy()).all()
    assert (lines["since"] < START).all()
    assert lines["until"].isna().all()


def test_several_relations_hold_of_one_pair_and_some_have_ended(place: Office) -> None:
    relations, people = place.relations, place.people.set_index("person")
    kinds = relations["kind"].value_counts()
    assert set(kinds.index) == {"supervisor", "peer", "mentor", "sponsor", "friend", "client"}
    assert kinds[["mentor", "sponsor", "friend", "client"]].min() >= 4
    assert not relations.duplicated(["source", "target", "kind"]).any()
    assert relations.duplicated(["source", "target"]).sum() >= 4
    ended = relations[relations["until"].notna()]
    assert len(ended) >= 8
    assert (ended["since"] < ended["until"]).all()
    clients = relations.loc[relations["kind"] == "client", "source"]
    assert people.loc[clients, "department"].isna().all()
    ties = set(ties_of(place).index)
    added = relations[~relations["kind"].isin(["supervisor", "peer"])]
    assert all(tuple(sorted(pair)) in ties for pair in added[["source", "target"]].to_numpy())


def test_those_who_change_firm_write_from_another_address(place: Office) -> None:
    log, people = place.interactions, place.people.set_index("person")
    aliases = planted(place, "alias").set_index("person")["source"]
    rows = planted(place, "employer_move")
    assert len(rows) == 3
    for row in rows.itertuples():
        assert people.loc[row.person, "organisation"] == row.target != row.source
        old = aliases[row.person]
        assert old.endswith(f"@{row.source.lower()}.example")
        assert old.split("@")[0] == row.person.split("@")[0]
        uses = [log[(log["source"] == x) | (log["target"] == x)]["time"] for x in (old, row.person)]
        assert len(uses[0]) >= 4
        assert len(uses[1]) >= 8
        assert uses[0].max() < uses[1].min() + pd.Timedelta(days=7)
        assert uses[1].min().floor("D") == row.when


def test_the_directory_has_everybody_the_moves_and_entries_that_are_none(place: Office) -> None:
    directory, people = place.directory, place.people.set_index("person")
    assert set(directory["person"]) == set(people.index[people["department"].notna()])
    last = directory.sort_values("since").groupby("person").last()
    spelt = last["team"].str.split().str.join(" ").str.casefold()
    assert (spelt == people.loc[last.index, "team"].str.casefold()).all()
    rows = planted(place, "team_move")
    assert len(rows) == 6
    for row in rows.itertuples():
        entries = directory[directory["person"] == row.person]
        assert entries["team"].tolist() == [row.source, row.target]
        assert entries["since"].iloc[1] == row.when
        assert entries["until"].iloc[0] == row.when - pd.Timedelta(days=1)
        former = people.index[people["team"] == row.source]
        assert any(len(between(place, row.person, mate)) > 10 for mate in former)
    again = directory["person"].value_counts()
    assert set(again.index[again > 1]) > set(rows["person"])
    assert again.max() == 2


def test_the_same_seed_gives_the_same_office_and_another_gives_another() -> None:
    again = office(0)
    for name in ("interactions", "people", "relations", "truth", "directory"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(cached(0), name))
    other = cached(7)
    assert set(other.people["person"]) != set(again.people["person"])
    assert not other.interactions["time"].head(1000).equals(again.interactions["time"].head(1000))


def test_the_stored_files_are_what_the_generator_gives(tmp_path: Path) -> None:
    write_office(tmp_path, seed=7)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name


def test_the_stored_files_stay_small() -> None:
    files = [path for path in DATA.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 4_000_000
    assert sum(path.read_bytes().count(b"\n") for path in files) <= 60_000
    assert not any(b"\r" in path.read_bytes() for path in files)
    assert "seed 7" in (DATA / "README.md").read_text(encoding="utf-8")


def test_the_stored_files_read_back_as_the_office() -> None:
    place = cached(7)
    dates = {"interactions": ["time"], "truth": ["when"], "relations": ["since", "until"]}
    dates["directory"] = dates["relations"]
    for name in ("interactions", "people", "relations", "truth", "directory"):
        table = getattr(place, name)
        read = pd.read_csv(DATA / f"{name}.csv", encoding="utf-8")
        for column in dates.get(name, ()):
            read[column] = pd.to_datetime(read[column], utc=True)
        pd.testing.assert_frame_equal(read.astype(table.dtypes.to_dict()), table)


def with_features(monkeypatch: pytest.MonkeyPatch, features: dict[str, object]) -> None:
    """Put other features for those of the office: their order is part of what it is."""
    monkeypatch.setattr(datasets, "_FEATURES", features)


def without_features(monkeypatch: pytest.MonkeyPatch, prefixes: str) -> None:
    kept = {key: what for key, what in datasets._FEATURES.items() if key not in prefixes}
    with_features(monkeypatch, kept)


def test_a_feature_added_later_changes_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def mentors(run: Feature) -> None:
        """Meetings of pairs that nobody has claimed, drawn from a stream of their own."""
        for _ in range(20):
            run.use(run.pair(0.5), [run.workday((), run.between(0, 500))])
        run.world.truth.append(("mentor", run.world.deal(1)[0]))

    before = cached(0)
    with_features(monkeypatch, {**datasets._FEATURES, "q": mentors})
    after = office(0)
    added = after.interactions["event"].str.startswith("q")
    assert added.sum() >= 20
    rest = after.interactions[~added].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, before.interactions)
    pd.testing.assert_frame_equal(after.people, before.people)
    pd.testing.assert_frame_equal(after.relations, before.relations)
    pd.testing.assert_frame_equal(after.truth.iloc[:-1], before.truth)


def test_features_added_since_have_left_every_earlier_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moves and relations came after the rest: without them all else is as it was."""
    after = cached(0)
    without_features(monkeypatch, "jvd")
    before = office(0)
    rest = after.interactions[~after.interactions["event"].str[0].isin(["j", "v"])]
    pd.testing.assert_frame_equal(rest.reset_index(drop=True), before.interactions)
    for name in ("relations", "truth"):
        earlier = getattr(after, name).iloc[: len(getattr(before, name))]
        pd.testing.assert_frame_equal(earlier, getattr(before, name))
    moved = after.truth.loc[after.truth["kind"] == "employer_move", "person"]
    people = after.people[~after.people["person"].isin(moved)].reset_index(drop=True)
    pd.testing.assert_frame_equal(people, before.people)


def test_nobody_can_change_the_order_of_what_goes_on() -> None:
    with pytest.raises(TypeError):
        datasets._FEATURES["q"] = planted  # type: ignore[index]


def test_an_earlier_feature_does_not_feel_the_later_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cached(0).interactions
    without_features(monkeypatch, "nk")
    after = office(0).interactions
    kept = before[~before["event"].str[0].isin(["k", "n"])]
    bursty = after["event"].str.startswith("i")  # comes after k, whose pairs it leaves alone
    same = kept[~kept["event"].str.startswith("i")].reset_index(drop=True)
    pd.testing.assert_frame_equal(after[~bursty].reset_index(drop=True), same)


def test_each_stream_is_its_own() -> None:
    draws = {
        (seed, name): Dice(seed, name).draw()
        for seed in range(5)
        for name in ("people", "cast", "_fading", "_kept")
    }
    assert len(set(draws.values())) == len(draws)


def test_planted_ties_are_in_order_unless_direction_matters(place: Office) -> None:
    for kind in ("local_bridge", "fading", "revived", "unfollowed_meeting"):
        rows = planted(place, kind)
        assert (rows["source"] < rows["target"]).all()
        assert not rows.duplicated(["source", "target"]).any()


def test_the_cut_point_alone_knows_the_partner_firm(place: Office) -> None:
    row = planted(place, "cut_point").iloc[0]
    people, log = place.people, place.interactions
    partners = set(people.loc[people["organisation"] == row["target"], "person"])
    assert 5 <= len(partners) <= 8
    touched = log[log["source"].isin(partners) | log["target"].isin(partners)]
    outside = (set(touched["source"]) | set(touched["target"])) - partners
    assert outside == {row["person"]}
    graph = graph_of(ties_of(place))
    assert [graph.vs[i]["name"] for i in graph.articulation_points()] == [row["person"]]


def test_other_externals_know_two_colleagues(place: Office) -> None:
    people, log = place.people, place.interactions
    partner = planted(place, "cut_point")["target"].item()
    outside = people["department"].isna() & ~people["is_bot"] & (people["organisation"] != partner)
    for person in people.loc[outside, "person"]:
        known = {*log.loc[log["source"] == person, "target"]}
        known |= {*log.loc[log["target"] == person, "source"]}
        assert 2 <= len(known) <= 3


def test_brokers_know_many_teams(place: Office) -> None:
    log, people = place.interactions, place.people.set_index("person")
    rows = planted(place, "broker")
    assert len(rows) == 10
    for person in rows["person"]:
        mine = log[(log["source"] == person) | (log["target"] == person)]
        mine = mine[(mine["size"] == 2)]
        ends = set(mine["source"]) | set(mine["target"])
        others = people.loc[[p for p in ends if p in people.index and p != person]]
        assert others["team"].nunique() >= 11
        assert others["department"].nunique() >= 4


def test_a_local_bridge_joins_two_who_share_nobody(place: Office) -> None:
    graph = graph_of(ties_of(place))
    department = place.people.set_index("person")["department"]
    rows = planted(place, "local_bridge")
    assert len(rows) == 6
    for one, other in rows[["source", "target"]].itertuples(index=False):
        near = [set(graph.vs[graph.neighbors(p)]["name"]) for p in (one, other)]
        assert other in near[0]
        assert not near[0] & near[1]
        assert department[one] != department[other]
        assert len(days_apart(between(place, one, other))) >= 15


def test_a_fading_tie_was_kept_and_then_stopped(place: Office) -> None:
    for row in planted(place, "fading").itertuples():
        days = days_apart(between(place, row.source, row.target))
        began = (row.when - START).days
        assert began in days
        assert (days <= began).sum() >= 5
        assert (days > began + 1).sum() <= 8  # an answer the next morning, or the last few contacts
        assert days[-1] < (END - START).days - 21
        usual = np.diff(days[days <= began]).mean()
        assert (END - START).days - began > 2 * usual


def test_a_revived_tie_rested_and_is_used_again(place: Office) -> None:
    for row in planted(place, "revived").itertuples():
        days = days_apart(between(place, row.source, row.target))
        back = (row.when - START).days
        assert back >= (END - START).days - 90
        earlier = days[days < back]
        assert len(earlier) >= 8
        assert back - earlier[-1] >= 90
        assert (days >= back).sum() >= 3


def test_a_one_sided_tie_is_hardly_answered(place: Office) -> None:
    for row in planted(place, "one_sided").itertuples():
        rows = between(place, row.source, row.target)
        assert rows["directed"].all()
        there, back = (rows["source"] == row.source).sum(), (rows["target"] == row.source).sum()
        assert there >= 20
        assert back <= 0.2 * there


def test_unfollowed_meetings_are_all_of_them(place: Office) -> None:
    """Also that nothing else in the log looks like one, or advice would be marked wrong."""
    log = place.interactions
    log = log[log["size"] <= 50]
    ends = np.sort(log[["source", "target"]].to_numpy(dtype=object), axis=1)
    rows = pd.DataFrame({"source": ends[:, 0], "target": ends[:, 1], "size": log["size"].array})
    rows["channel"], rows["day"] = log["channel"].array, log["time"].dt.floor("D").array
    first = rows.groupby(["source", "target"]).agg(
        first=("day", "min"),
        last=("day", "max"),
        channel=("channel", "first"),
        size=("size", "first"),
    )
    recent = first["first"] >= END - pd.Timedelta(days=46)
    met = (first["channel"] == "meeting") & (first["size"] <= 4)
    once = first["first"] == first["last"]
    found = first.index[recent & met & once]
    planted_rows = planted(place, "unfollowed_meeting").set_index(["source", "target"])
    assert set(found) == set(planted_rows.index)
    assert (first.loc[planted_rows.index, "first"] == planted_rows["when"]).all()
    assert set(first.loc[planted_rows.index, "size"]) == {2, 3}
    assert (recent & met & ~once).sum() >= 8  # others were followed up


def test_a_silo_has_hardly_any_ties_outside(place: Office) -> None:
    ties = ties_of(place).reset_index()
    department = place.people.set_index("person")["department"]
    one, other = ties["source"].map(department), ties["target"].map(department)
    known = one.notna() & other.notna()
    share = {
        name: (one != other)[known & ((one == name) | (other == name))].mean()
        for name in department.dropna().unique()
    }
    silos = set(planted(place, "silo")["source"])
    assert len(silos) == 2
    for name, outside in share.items():
        assert (0 < outside < 0.05) if name in silos else (outside > 0.25), name


def test_an_alias_writes_to_people_whom_its_owner_knows(place: Office) -> None:
    log = place.interactions
    known = set(place.people["person"])
    rows = planted(place, "alias")
    assert len(rows) == 11
    rows = rows[rows["source"].str.endswith("@home.example")]
    assert len(rows) == 8
    assert rows["person"].is_unique
    for row in rows.itertuples():
        assert row.person in known
        ends = log[(log["source"] == row.source) | (log["target"] == row.source)]
        contacts = (set(ends["source"]) | set(ends["target"])) - {row.source}
        assert len(contacts) == 3
        assert row.person not in contacts
        assert all(len(between(place, row.person, contact)) for contact in contacts)


def test_bots_and_mass_mail_are_named(place: Office) -> None:
    people, log = place.people, place.interactions
    bots = planted(place, "bot")["person"]
    assert set(bots) == set(people.loc[people["is_bot"], "person"])
    assert log["source"].isin(bots).sum() > 300
    assert not log["target"].isin(bots).any()
    large = log[log["size"] > 50]
    rows = planted(place, "mass_mail").set_index("source")
    assert set(large["event"]) == set(rows.index)
    assert len(large) < 0.05 * len(log)
    sent = large.drop_duplicates("event").set_index("event")
    assert (sent["source"] == rows["person"].reindex(sent.index)).all()
    assert (sent["time"].dt.floor("D") == rows["when"].reindex(sent.index)).all()
    lists = log[(log["role"] == "broadcast") & log["size"].between(11, 41)]
    assert lists["event"].nunique() > 50


@pytest.mark.parametrize("seed", range(6))
def test_the_planted_truth_can_be_found(seed: int) -> None:
    place = cached(seed)
    ties = ties_of(place)
    graph = graph_of(ties)
    constraint = pd.Series(graph.constraint(weights="strength"), index=graph.vs["name"])
    lowest = constraint.nsmallest(len(constraint) // 10).index
    assert planted(place, "broker")["person"].isin(lowest).mean() >= 0.9
    stages = stages_of(ties)
    quiet = set(stages.index[stages.isin(["cooling", "dormant"])])
    rows = planted(place, "fading")
    fading = set(zip(rows["source"], rows["target"], strict=True)) & set(stages.dropna().index)
    assert len(quiet & fading) >= 0.85 * len(quiet)
    assert len(quiet & fading) >= 0.85 * len(fading)
    revived = planted(place, "revived")
    back = stages.reindex(list(zip(revived["source"], revived["target"], strict=True)))
    assert (back == "revived").all()


def test_the_command_writes_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import runpy

    monkeypatch.setattr("sys.argv", ["datasets", str(tmp_path / "new"), "--seed", "3"])
    runpy.run_module("netanalytics.datasets", run_name="__main__")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(FILES)
