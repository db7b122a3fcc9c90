"""Who was where when: attributes and relations with a period, and moves found."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest

import netanalytics as na
from netanalytics import moving, periods, schema
from netanalytics.errors import SchemaError

from .conftest import AS_OF, log_of

SEEDS = (7, 0, 3, 11)


def at(day: str) -> pd.Timestamp:
    return pd.Timestamp(day, tz="UTC")


def people(*rows: tuple, columns=("person", "team", "since", "until")) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))


TEAMS = people(
    ("ada", "Oak", "2024-01-01", "2025-06-30"),
    ("ada", "Elm", "2025-07-01", None),
    ("ben", "Oak", None, None),
    ("cy", "Elm", "2025-09", "2025-10"),
)


@pytest.mark.parametrize(
    ("day", "teams"),
    [
        ("2023-12-31", {"ben": "Oak"}),
        ("2025-06-30", {"ada": "Oak", "ben": "Oak"}),
        ("2025-07-01", {"ada": "Elm", "ben": "Oak"}),
        ("2025-10-31", {"ada": "Elm", "ben": "Oak", "cy": "Elm"}),
        ("2025-11-01", {"ada": "Elm", "ben": "Oak"}),
    ],
)
def test_both_days_of_a_period_belong_to_it(day, teams):
    table = periods.people_at(TEAMS, at(day))
    assert list(table.index) == ["ada", "ben", "cy"]
    assert table["team"].dropna().to_dict() == teams


def test_what_never_changes_holds_at_any_time_and_addresses_add_up():
    table = people(
        ("ada", "Ada Berg", "Oak", "ada@x.example", "2024-01-01", "2024-12-31"),
        ("ada", "Ada Berg", "Elm", "ada@y.example", "2026-01-01", None),
        columns=("person", "name", "team", "addresses", "since", "until"),
    )
    between = periods.people_at(table, at("2025-06-01")).loc["ada"]
    assert between["name"] == "Ada Berg"
    assert pd.isna(between["team"])
    assert between["addresses"] == "ada@x.example;ada@y.example"


def test_a_network_has_the_team_of_its_own_day(tmp_path):
    TEAMS.to_csv(tmp_path / "people.csv", index=False)
    log = log_of(("2025-05-01", "ada", "ben"), ("2025-08-01", "ada", "ben"))
    early = na.build_network(log, people=tmp_path / "people.csv", as_of="2025-06-01")
    late = na.build_network(log, people=TEAMS, as_of="2025-08-02")
    assert early.people["team"].to_dict()["ada"] == "Oak"
    assert late.people["team"].to_dict()["ada"] == "Elm"
    assert na.measure(early, "ei_index", by="team").loc["ada"].item() == -1
    assert na.measure(late, "ei_index", by="team").loc["ada"].item() == 1


def test_a_table_without_periods_is_left_alone():
    plain = pd.DataFrame({"person": ["ada"], "team": ["Oak"]})
    assert periods.people_at(plain, at("2025-01-01")) is plain
    assert periods.people_at(None, at("2025-01-01")) is None


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("ada", "Oak", "soon", None), "'since' is no day in row 1"),
        (("ada", "Oak", "2025-02-01", "2025-01-31"), "'until' is before 'since' in row 1"),
    ],
)
def test_bad_periods_are_named(row, message):
    with pytest.raises(SchemaError, match=message):
        periods.people_at(people(row), at("2025-01-01"))
    with pytest.raises(SchemaError, match=message):
        schema.relations_table(
            people(row).rename(columns={"person": "source", "team": "target"}).assign(kind="peer")
        )


def test_the_file_of_a_bad_table_is_named_once(tmp_path):
    path = tmp_path / "people.csv"
    people(("ada", "Oak", "2025-01-01", None), ("ben", "Oak", "soon", None)).to_csv(
        path, index=False
    )
    log = log_of(("2025-05-01", "ada", "ben"))
    message = r"^table 'people' \(people.csv\): column 'since' is no day in row 2: write it as"
    for call in (na.build_network, na.identify):
        with pytest.raises(SchemaError, match=message) as told:
            call(log, people=path)
    again = pickle.loads(pickle.dumps(told.value))
    assert (str(again), again.file) == (str(told.value), "people.csv")
    directory = tmp_path / "staff.csv"
    directory.write_text("person,team,since\nada,Oak,soon\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"^table 'directory' \(staff.csv\): .* in row 1: "):
        na.moves(directories=[directory])
    with pytest.raises(SchemaError, match=r"^table 'people': people.ods is a workbook"):
        na.build_network(log, people=_empty(tmp_path / "people.ods"))


def _empty(path):
    path.write_bytes(b"")
    return path


def test_two_rows_that_begin_together_are_refused():
    with pytest.raises(SchemaError, match="two rows of ada begin on the same day"):
        periods.people_at(
            people(("ada", "Oak", None, None), ("ada", "Elm", None, None)), at("2025-01-01")
        )


def test_several_relations_of_one_pair_each_have_their_time():
    rows = [
        ("ada", "ben", "mentor", "2024-01-01", "2025-06-30"),
        ("ada", "ben", "friend", "2025-01-01", None),
        ("ada", "ben", "friend", "2025-01-01", None),
    ]
    table = schema.relations_table(pd.DataFrame(rows, columns=list(schema.RELATION_COLUMNS)))
    assert len(table) == 2
    kinds = [
        set(periods.relations_at(table, at(day))["kind"])
        for day in ("2024-06-01", "2025-06-30", "2025-07-01")
    ]
    assert kinds == [{"mentor"}, {"mentor", "friend"}, {"friend"}]
    assert len(periods.relations_at(table, None)) == 2


def with_aliases(place) -> pd.DataFrame:
    """The people, with the second addresses that the truth knows."""
    aliases = place.truth[place.truth["kind"] == "alias"].set_index("person")["source"]
    return place.people.assign(addresses=place.people["person"].map(aliases))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_planted_move_is_found_with_its_month_and_none_invented(seed):
    place = na.datasets.office(seed)
    found = na.moves(
        na.load(place.interactions), people=with_aliases(place), directories=[place.directory]
    )
    truth = place.truth[place.truth["kind"].isin(["team_move", "employer_move"])]
    expected = {
        (
            row.person,
            "team" if row.kind == "team_move" else "organisation",
            row.source,
            row.target,
            f"{row.when:%Y-%m}",
        )
        for row in truth.itertuples()
    }
    assert len(expected) == 9
    assert (
        set(
            found[["person", "attribute", "before", "after", "month"]].itertuples(
                index=False, name=None
            )
        )
        == expected
    )
    assert len(found) == 9
    assert (found["last_before"] <= found["first_after"]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_moves_of_who_is_not_yet_decided_to_be_one_are_found_and_none_invented(seed):
    place = na.datasets.office(seed)
    log = na.load(place.interactions)
    sure = na.identify(log, people=place.people).sure(moving.SURE_ENOUGH)
    found = na.moves(log, people=place.people, directories=[place.directory], proposals=sure)
    truth = place.truth[place.truth["kind"].isin(["team_move", "employer_move"])]
    columns = ["person", "before", "after", "month"]
    expected = truth.assign(month=truth["when"].dt.strftime("%Y-%m"))[
        ["person", "source", "target", "month"]
    ]
    assert sorted(found[columns].to_numpy().tolist()) == sorted(expected.to_numpy().tolist())
    undecided = found["because"].str.contains("which is not decided")
    assert (undecided == (found["attribute"] == "organisation")).all()


def test_a_move_between_two_who_may_be_one_says_on_what_it_rests():
    one, two = "ada@one.example", "ada@two.example"
    log = log_of(*mails(one, "2025-01-01", 9), *mails(two, "2025-05-01", 9))

    def proposed(sure: float) -> pd.DataFrame:
        return pd.DataFrame({"a": [one], "b": [two], "confidence": [sure]})

    found = na.moves(log, proposals=proposed(0.998))
    assert found["month"].tolist() == ["2025-05"]
    assert found["because"].item() == (
        "one.example gave way to two.example, "
        "if ada@one.example and ada@two.example are one person (0.99 sure), which is not decided"
    )
    assert na.moves(log, proposals=proposed(0.97)).empty
    decided = na.moves(log, people=book(one, two), proposals=proposed(0.998))
    assert decided["because"].tolist() == ["one.example gave way to two.example"]


def test_cards_of_two_who_may_be_one_show_a_move_but_not_two_who_go_on_side_by_side():
    def cards(*rows: tuple[str, str, str]) -> pd.DataFrame:
        return pd.DataFrame(rows, columns=["person", "company", "seen"])

    sure = pd.DataFrame({"a": ["x:1"], "b": ["x:2"], "confidence": [0.99]})
    turn = [("x:1", "One", "2025-03-01"), ("x:2", "Two", "2025-06-20")]
    found = na.moves(directories=[cards(*turn)], proposals=sure)
    assert found[["before", "after", "month"]].to_numpy().tolist() == [["One", "Two", "2025-06"]]
    assert "if x:1 and x:2 are one person (0.99 sure)" in found["because"].item()
    beside = [*turn, ("x:1", "One", "2025-09-01")]
    assert na.moves(directories=[cards(*beside)], proposals=sure).empty


def mails(address: str, first: str, count: int, step: int = 7) -> list[tuple]:
    return [
        (at(first) + pd.Timedelta(days=step * number), address, "me@x.example")
        for number in range(count)
    ]


def book(*addresses: str) -> pd.DataFrame:
    return pd.DataFrame({"person": ["ada"], "addresses": [";".join(addresses)]})


def test_addresses_that_are_no_move():
    both = [
        *mails("ada@one.example", "2025-01-01", 60),
        *mails("ada@two.example", "2025-05-01", 20),
    ]
    table = book("ada@one.example", "ada@two.example")
    assert na.moves(log_of(*both), people=table).empty
    private = [*mails("ada@one.example", "2025-01-01", 9), *mails("ada@gmail.com", "2025-05-01", 9)]
    assert na.moves(log_of(*private), people=book("ada@one.example", "ada@gmail.com")).empty
    host = [
        *mails("ada@one.example", "2025-01-01", 9),
        *mails("ada@mail.one.example", "2025-05-01", 9),
    ]
    assert na.moves(log_of(*host), people=book("ada@one.example", "ada@mail.one.example")).empty
    once = [*mails("ada@one.example", "2025-01-01", 9), *mails("ada@two.example", "2025-05-01", 1)]
    assert na.moves(log_of(*once), people=table).empty


def test_others_may_go_on_writing_to_the_old_address():
    late = [(at("2025-12-01"), "me@x.example", "ada@one.example")]
    rows = [
        *mails("ada@one.example", "2025-01-01", 9),
        *mails("ada@two.example", "2025-05-01", 9),
        *late,
    ]
    found = na.moves(log_of(*rows), people=book("ada@one.example", "ada@two.example"))
    assert found[["before", "after", "month"]].to_numpy().tolist() == [
        ["one.example", "two.example", "2025-05"]
    ]
    assert found["because"].item() == "one.example gave way to two.example"


def test_snapshots_say_between_which_days_and_agree_with_addresses():
    rows = [*mails("ada@one.example", "2025-01-01", 16), *mails("ada@two.example", "2025-05-05", 9)]
    cards = pd.DataFrame(
        {
            "person": ["ada@one.example", "ada"],
            "company": ["One Ltd", "TWO"],
            "seen": ["2025-03-01", "2025-06-20"],
        }
    )
    table = book("ada@one.example", "ada@two.example").assign(organisation="Two")
    alone = na.moves(people=table, directories=[cards])
    assert (alone["last_before"].item(), alone["first_after"].item()) == (
        at("2025-03-01"),
        at("2025-06-20"),
    )
    both = na.moves(log_of(*rows), people=table, directories=[cards])
    assert len(both) == 1
    assert both["month"].item() == "2025-05"
    assert "gave way" in both["because"].item()
    assert "two dated entries differ" in both["because"].item()


def test_renaming_and_order_change_no_move(office, office_log):
    table = with_aliases(office)
    whole = na.moves(office_log, people=table, directories=[office.directory])
    shuffled = na.load(office.interactions.sample(frac=1, random_state=1))
    again = na.moves(
        shuffled,
        people=table.sample(frac=1, random_state=2),
        directories=[office.directory.sample(frac=1, random_state=3)],
    )
    pd.testing.assert_frame_equal(whole, again)


def test_the_office_has_its_teams_of_the_day(office, office_log):
    move = office.truth[office.truth["kind"] == "team_move"].iloc[0]
    before = move["when"] - pd.Timedelta(days=1)
    for day, team in ((before, move["source"]), (AS_OF, move["target"])):
        net = na.build_network(office_log, people=office.directory, as_of=day)
        assert net.people.loc[move["person"], "team"] == team
