"""The project file: read strictly, begun with comments, enough for every command."""

from __future__ import annotations

import tomllib

import pandas as pd
import pytest

import netanalytics as na
from netanalytics import registry
from netanalytics.errors import MissingFileError, NetAnalyticsError, ProjectError
from netanalytics.project.settings import every
from netanalytics.starting import look, quoted

from .conftest import ROOT

MAIL = "time,source,target\n" + "".join(
    f"2026-0{month}-{day:02d} 09:00,ada@x.org,{other}\n"
    for month in (1, 2, 3)
    for day in (5, 12, 19)
    for other in ("ben@x.org", "cy@y.org", "dr@clinic.example")
)
PEOPLE = "person,name\nada@x.org,Ada Berg\nben@x.org,Ben Cho\ncy@y.org,Cy Eze\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mail.csv").write_text(MAIL, encoding="utf-8")
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    return tmp_path


def project(folder, text: str):
    (folder / "netanalytics.toml").write_text(
        text + '\n[[sources]]\npath = "mail.csv"\n', encoding="utf-8"
    )
    return na.open_project(folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("half_life = 30", "'half_life' is no key; did you mean half_life_days?"),
        ("qqq = 1", "'qqq' is no key; did you mean"),
        ('me = ""', "me = '': write it as text"),
        ("half_life_days = -1", "number of days above 0"),
        ("half_life_days = true", "number of days above 0"),
        ('do_not_map = "ben"', "write a list"),
        ("as_of = 2026-06-31", "netanalytics.toml"),
        ('as_of = "soon"', "as_of = 'soon'"),
        ("wishes = 3", "table of its own"),
        ('[[sources]]\npath = "a"\nmay_used = "yes"', "did you mean may_use?"),
        ('[[sources]]\npath = "a"\nmay_use = "perhaps"', "yes, no, not asked"),
        ('[[sources]]\nkind = "mbox"', "has no path"),
        ('[[wishes]]\nperson = "ben"\nevry = "6 weeks"', "did you mean every?"),
        ('[[wishes]]\nperson = "ben"\nevery = "sometimes"', "6 weeks"),
        ('[[wishes]]\nevery = "6 weeks"', "needs either person or role"),
        ('[[wishes]]\nperson = "b"\nkeep = true\nlet_rest = true', "let_rest and something else"),
        ("me = ", "netanalytics.toml"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(folder, text, message):
    with pytest.raises(ProjectError) as caught:
        project(folder, text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value).strip()


def test_all_that_is_wrong_is_said_at_once(folder):
    with pytest.raises(ProjectError) as caught:
        project(folder, 'mee = "a"\nseed = 1.5\n[[wishes]]\nrole = 3')
    assert all(word in str(caught.value) for word in ("'mee'", "seed", "role = 3"))


def test_periods_in_words():
    assert [every(text) for text in ("6 weeks", "1 day", "every 2 weeks", "Month", "1 year")] == [
        42.0, 1.0, 14.0, 365.25 / 12, 365.25,
    ]  # fmt: skip


def test_a_source_with_a_no_is_not_read(folder):
    (folder / "chat.csv").write_text("time,source,target\n2026-03-01,ben@x.org,zed\n", "utf-8")
    asked = '[[sources]]\npath = "chat.csv"\nmay_use = "{}"'
    assert "zed" in project(folder, asked.format("not asked")).network().people.index
    assert "zed" not in project(folder, asked.format("no")).network().people.index
    (folder / "netanalytics.toml").write_text(asked.format("no"), encoding="utf-8")
    with pytest.raises(ProjectError, match="no source may be used"):
        na.open_project(folder).log()


def test_sources_have_options_of_their_own(folder):
    (folder / "chat.dat").write_text("05.01.2026 09:00;ada@x.org;ben@x.org\n", "utf-8")
    text = (
        'zone = "Europe/Paris"\n[[sources]]\npath = "chat.dat"\ndate_order = "dmy"\n'
        'columns = ["time", "source", "target"]\nzone = "UTC"'
    )
    log = project(folder, text).log()
    rows = log.to_frame().set_index("origin")["time"]
    assert rows["chat.dat"] == pd.Timestamp("2026-01-05 09:00", tz="UTC")
    assert rows["mail.csv"].min() == pd.Timestamp("2026-01-05 08:00", tz="UTC")


def test_relations_may_name_people_by_address_or_name(folder):
    (folder / "people.csv").write_text(
        "person,name,addresses\nada@x.org,Ada Berg,ada@home.example\nben@x.org,Ben Cho,\n", "utf-8"
    )
    (folder / "relations.csv").write_text(
        "source,target,kind\nben cho,ADA@home.example,mentor\nBen Cho,ada@x.org,friend\n", "utf-8"
    )
    log = project(folder, 'people = "people.csv"\nrelations = "relations.csv"').log()
    assert (
        log.relations[["source", "target"]].to_numpy().tolist() == [["ben@x.org", "ada@x.org"]] * 2
    )


HIDDEN = 'me = "Ada Berg"\npeople = "people.csv"\nrelations = "relations.csv"\n' + (
    'do_not_map = ["{}", "@clinic.example"]'
)


@pytest.mark.parametrize("entry", ["ben@x.org", "Ben Cho"])
def test_nobody_on_the_list_is_anywhere(folder, entry):
    (folder / "relations.csv").write_text(
        "source,target,kind\nben@x.org,ada@x.org,mentor\ncy@y.org,ada@x.org,friend\n", "utf-8"
    )
    (folder / "journal.csv").write_text(
        "# journal of ada@x.org\n2026-03-20,ben@x.org,coffee\n2026-03-20,cy@y.org,lunch\n", "utf-8"
    )
    mine = project(folder, HIDDEN.format(entry))
    log = mine.log()
    net = mine.network(log)
    text = "".join(
        table.to_csv()
        for table in (log.to_frame(), log.card, log.coverage, log.relations, net.people, net.ties,
                      net.card, na.measure(net), na.check_ins(net, n=None))
    )  # fmt: skip
    assert "cy@y.org" in text
    for word in ("ben", "Ben", "clinic"):
        assert word not in text
    assert [one.person for one in mine.entries()] == ["cy@y.org"]
    gone = log.card[log.card["reason"].str.startswith("left out")]
    assert gone["n"].sum() == 9 + 9 + 1


def test_a_name_that_only_the_sources_know_is_left_out_too(folder):
    def read(path, options, engine):
        from netanalytics.loaders import Batch

        people = pd.DataFrame({"person": ["cy@y.org"], "name": ["Cy Eze"]})
        return Batch(None, people=people, skipped=(("kept", 1),))

    (folder / "cards.vcf").write_text("", encoding="utf-8")
    card = registry.Loader("cards", "card", "", lambda path: path.suffix == ".vcf", read)
    registry._loaders["cards"] = card
    try:
        mine = project(folder, 'do_not_map = ["cy eze"]\n[[sources]]\npath = "cards.vcf"')
        log = mine.log()
    finally:
        del registry._loaders["cards"]
    assert "cy@y.org" not in set(log.to_frame()["target"])
    assert log.people.empty


# ---- init --------------------------------------------------------------------------------------


def test_init_writes_a_file_that_every_line_of_explains(folder):
    (folder / "relations.csv").write_text("source,target,kind\n", encoding="utf-8")
    (folder / "staff.csv").write_text("person,team,since\n", encoding="utf-8")
    (folder / "decisions.txt").write_text("", encoding="utf-8")
    (folder / 'odd "name"\n.csv').write_text(MAIL, encoding="utf-8")
    (folder / "photo.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.csv").write_text(MAIL, encoding="utf-8")
    path = na.init_project(folder, me="Ada Berg")
    text = path.read_text(encoding="utf-8")
    told = tomllib.loads(text)
    assert told["me"] == "Ada Berg"
    assert (told["people"], told["relations"]) == ("people.csv", "relations.csv")
    assert told["directories"] == ["staff.csv"]
    assert told["decisions"] == "decisions.txt"
    assert [one["path"] for one in told["sources"]] == ["mail.csv", 'odd "name"\n.csv']
    assert {one["may_use"] for one in told["sources"]} == {"not asked"}
    assert '#   "photo.png": no loader knows it' in text
    assert "hidden" not in text
    for key in ("zone", "as_of", "by", "do_not_map", "[[wishes]]"):
        assert f"# {key}" in text


def test_init_records_the_answers(folder):
    asked = []

    def ask(path: str, kind: str) -> bool:
        asked.append((path, kind))
        return path != "mail.csv"

    (folder / "more.csv").write_text(MAIL, encoding="utf-8")
    told = tomllib.loads(na.init_project(folder, ask=ask).read_text(encoding="utf-8"))
    assert asked == [("mail.csv", "table"), ("more.csv", "table")]
    assert [one["may_use"] for one in told["sources"]] == ["no", "yes"]
    assert len(na.open_project(folder).log()) == 27


def test_the_file_of_init_works_as_it_is(folder):
    na.init_project(folder)
    net = na.open_project(folder).network()
    assert len(net.people) == 4


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no export to read in this folder"),
        ({"a.png": "x"}, "found only a.png (no loader knows it)"),
        ({"people.csv": PEOPLE}, "no export to read"),
        ({"a.csv": "x,y\n1,2\n"}, "no column for"),
        ({"a.csv": ""}, "the file is empty"),
    ],
)
def test_a_folder_without_exports_ends_in_one_clear_line(tmp_path, files, message):
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ProjectError) as caught:
        na.init_project(tmp_path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "netanalytics.toml").exists()


def test_no_folder_and_a_second_init_are_one_line(folder):
    with pytest.raises(MissingFileError, match="no such folder"):
        na.init_project(folder / "none")
    na.init_project(folder)
    with pytest.raises(ProjectError, match="there is one already"):
        na.init_project(folder)
    with pytest.raises(NetAnalyticsError, match="netanalytics init makes one"):
        na.open_project(folder / "none.toml")


def test_a_folder_of_twenty_kinds_has_them_all(tmp_path):
    """Kinds stand for loaders to come: each is found, by file or as a whole folder."""
    suffixes = [f"k{number:02d}" for number in range(20)]
    for suffix in suffixes:
        (tmp_path / "deep" / suffix).mkdir(parents=True)
        (tmp_path / "deep" / suffix / f"export.{suffix}").write_text("x", encoding="utf-8")
        registry._loaders[suffix] = registry.Loader(
            suffix, "mail", "", lambda path, end=f".{suffix}": path.suffix == end, lambda *_: None
        )
    try:
        found = look(tmp_path)
        told = tomllib.loads(na.init_project(tmp_path).read_text(encoding="utf-8"))
    finally:
        for suffix in suffixes:
            del registry._loaders[suffix]
    assert [one.kind for one in found] == suffixes
    assert [one["kind"] for one in told["sources"]] == suffixes
    assert told["sources"][3]["path"] == "deep/k03/export.k03"


def test_a_source_that_is_no_log_stops_no_other(folder):
    (folder / "sums.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    plan = project(folder, '[[sources]]\npath = "sums.csv"\nkind = "table"')
    log = plan.log()
    assert len(log) == 27
    assert any(note.startswith("not read: sums.csv: ") for note in log.notes)
    with pytest.raises(MissingFileError):
        project(folder, '[[sources]]\npath = "gone.csv"').log()
    (folder / "mail.csv").write_text("x", encoding="utf-8")
    with pytest.raises(NetAnalyticsError, match="no source could be read as a log; the first"):
        plan.log()


def test_any_text_survives_the_file():
    for text in ('a"b', "back\\slash", "tab\tand\nline", "\x7f", "ünï 😀", "\u2028"):
        assert tomllib.loads(f"a = {quoted(text)}")["a"] == text


def test_the_project_of_the_office_is_the_office(office_net):
    mine = na.open_project(ROOT / "data" / "office")
    net = mine.network()
    pd.testing.assert_frame_equal(net.ties, office_net.ties)
    assert net.find(mine.me) == "ana.frey"
    assert (ROOT / "data" / "office" / mine.out).resolve() == ROOT / "reports" / "office"


def test_measures_by_team_use_the_team_at_the_time(tmp_path):
    (tmp_path / "mail.csv").write_text(MAIL, encoding="utf-8")
    (tmp_path / "people.csv").write_text(
        "person,name,team\nada@x.org,Ada,Elm\nben@x.org,Ben,Elm\ncy@y.org,Cy,Oak\n", "utf-8"
    )
    (tmp_path / "staff.csv").write_text(
        "person,team,since,until\nADA@x.org,OAK,2025-01-01,2026-02-15\n"
        "ada@x.org,ELM,2026-02-16,\ncy@y.org,Oak,2026-03-01,\n",
        encoding="utf-8",
    )
    plan = project(tmp_path, 'people = "people.csv"\ndirectories = ["staff.csv"]')
    early, late = plan.network(as_of="2026-02-12"), plan.network()
    teams = [net.people["team"].fillna("none").to_dict() for net in (early, late)]
    assert [one["ada@x.org"] for one in teams] == ["Oak", "Elm"]  # as people.csv spells them
    assert [one["cy@y.org"] for one in teams] == ["none", "Oak"]
    assert {one["ben@x.org"] for one in teams} == {"Elm"}
    index = [
        na.measure(net, "ei_index", by="team").loc["ben@x.org"].item() for net in (early, late)
    ]
    assert index == [1, -1]


def test_a_move_of_the_office_changes_the_team_on_its_day(office):
    plan = na.open_project(ROOT / "data" / "office")
    log = plan.log()
    moves = office.truth[office.truth["kind"] == "team_move"]
    assert len(moves) == 6
    for move in moves.head(2).itertuples():
        for day, team in (
            (move.when - pd.Timedelta(days=1), move.source),
            (move.when, move.target),
        ):
            assert plan.network(log, as_of=day).people.loc[move.person, "team"] == team
    now = plan.network(log).people["team"].dropna()
    assert (now == office.people.set_index("person")["team"].reindex(now.index)).all()
