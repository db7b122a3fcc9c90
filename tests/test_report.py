"""Reports: who sees whom, what stands in which file, and that every number is a table's."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import re
from itertools import pairwise

import pandas as pd
import pytest

import netanalytics as na
from netanalytics import registry
from netanalytics.engine import DuckDBEngine
from netanalytics.errors import NetAnalyticsError, OptionError
from netanalytics.network import Network
from netanalytics.privacy import withheld_groups
from netanalytics.report.render import guarded, to_csv, to_markdown

from .conftest import AS_OF, log_of, shared

HOSTILE = [
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    '"><b>bold</b>',
    "=HYPERLINK(1)",
    "[link](http://x) | *a*",
    "\u202etxt.exe",
    "{{ 7*7 }}",
    "O'Neil & Søn",
]


@pytest.fixture(scope="module")
def person(office_net):
    return str(na.check_ins(office_net)["person"].value_counts().index[0])


@pytest.fixture(scope="module")
def mine(office_net, person):
    return na.build_report(office_net, person=person)


@pytest.fixture(scope="module")
def named(office_net):
    return na.build_report(office_net, names=True)


@pytest.fixture(scope="module")
def grouped(office_net):
    return na.build_report(office_net)


def saved(report, folder) -> dict[str, str]:
    report.save(folder)
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.iterdir())}


def test_files_of_each_audience(mine, named, grouped, tmp_path):
    personal = {
        "index.html",
        "map.html",
        "report.md",
        "introductions.csv",
        "check_ins.csv",
        "metrics.csv",
    }
    assert set(saved(mine, tmp_path / "me")) == personal
    assert set(saved(named, tmp_path / "names")) == personal
    group = {"index.html", "map.html", "report.md", "groups.csv", "contacts.csv"}
    assert set(saved(grouped, tmp_path / "group")) == group


def words_of(text: str) -> set[str]:
    """Return every cell, label and data value of a page, a table or a data block."""
    plain = html.unescape(re.sub(r"<(style|script)[^>]*>.*?</\1>", " ", text, flags=re.DOTALL))
    values = set(re.findall(r"[^<>|,\n\"]+", plain))
    for block in re.findall(
        r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL
    ):
        values |= _strings(json.loads(block))
    return {value.strip() for value in values}


def _strings(value) -> set[str]:
    if isinstance(value, dict):
        return {str(key) for key in value}.union(*map(_strings, value.values()))
    if isinstance(value, list):
        return set().union(*map(_strings, value)) if value else set()
    return {str(value)}


def test_a_page_about_groups_names_nobody(grouped, office, office_net, tmp_path):
    names = [*office_net.people.index, *office.people["name"].dropna()]
    for text in saved(grouped, tmp_path).values():
        assert not [name for name in names if name in html.unescape(text)]


def test_enron_without_names_names_nobody(enron_net, tmp_path):
    names = {*enron_net.people.index, *enron_net.people["name"].dropna()}
    for name, text in saved(na.build_report(enron_net), tmp_path).items():
        assert not names & words_of(text), name
        assert not [one for one in enron_net.people["name"].dropna() if one in text]


def test_enron_with_names_names_brokers_and_fading_ties(enron_net):
    report = na.build_report(enron_net, names=True)
    values = na.measure(enron_net, "constraint")["constraint"]
    brokers = report.tables["brokers"]
    assert brokers["person"].iloc[0] == enron_net.labels[values.idxmin()]
    assert len(report.tables["fading"]) > 0
    assert report.letter.heading == "This page names people"
    assert "This page names people" in report.html


def test_enron_for_one_person_is_a_letter(enron_net):
    person = str(na.check_ins(enron_net)["person"].iloc[0])
    report = na.build_report(enron_net, person=person)
    assert report.audience == "me"
    assert enron_net.labels[person] in report.letter.heading
    assert set(report.files["metrics.csv"]["person"]) == {person}
    assert set(report.files["check_ins.csv"]["person"]) == {person}


def test_a_letter_is_short_and_plain(mine, grouped, named):
    for report in (mine, grouped, named):
        letter = report.letter
        acts = [part for act in letter.acts for part in (act.title, act.text)]
        text = " ".join([letter.heading, letter.seen, *acts, *letter.findings, letter.ending])
        assert len(text.split()) <= 220
        measures = {name.replace("_", " ") for name in registry.metrics()} - {"community", "stage"}
        assert not [name for name in measures if name in text.lower()]
        assert len(letter.acts) <= 3
    assert len(mine.letter.acts) == 3
    assert sum("Do they know each other?" in act.text for act in mine.letter.acts) == 1


def test_a_personal_page_shows_only_the_readers_ties(mine, person, office_net):
    contacts = set(office_net.contacts(person))
    suggested = set(mine.files["introductions.csv"]["target"])
    strangers = set(office_net.people.index) - contacts - suggested - {person}
    names = office_net.labels.reindex(sorted(strangers))
    assert len(names) > 50
    for text in (mine.html, mine.map_html, mine.markdown, *map(to_csv, mine.files.values())):
        assert not [name for name in [*strangers, *names] if name in html.unescape(text)]


def test_every_number_in_markdown_is_a_tables(mine, named, grouped):
    for report in (mine, named, grouped):
        found = [
            table for section in report.sections for table in section.tables if len(table.frame)
        ]
        blocks = re.findall(r"(?:^\|.*\n)+", report.markdown, flags=re.MULTILINE)
        assert len(blocks) == len(found)
        for block, table in zip(blocks, found, strict=True):
            lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in block.strip().split("\n")]
            assert len(lines) == len(table.frame) + 2
            for cells, row in zip(lines[2:], table.frame.itertuples(index=False), strict=True):
                for cell, value in zip(cells, row, strict=True):
                    if isinstance(value, float) and pd.notna(value):
                        assert float(cell) == pytest.approx(value, abs=5.1e-4)
                    elif isinstance(value, int):
                        assert int(cell) == value


def test_tables_of_the_page_equal_the_files(named, office_net):
    brokers = named.tables["brokers"]
    metrics = named.files["metrics.csv"].set_index("person")
    back = {label: person for person, label in office_net.labels.items()}
    for row in brokers.itertuples(index=False):
        assert metrics.loc[back[row.person], "constraint"] == row.constraint
    measured = na.measure(office_net, ["constraint", "pagerank"])
    pd.testing.assert_frame_equal(metrics[["constraint", "pagerank"]], measured)


def test_pages_are_self_contained_and_locked(mine, named, grouped):
    for page in (report.html for report in (mine, named, grouped)):
        assert page.startswith("<!doctype html>")
        assert "<script" not in page
        assert not re.findall(r'(?:src|href)="(?!data:|map\.html)', page)
        assert "http://" not in page
        assert "https://" not in page
        assert " style=" not in page
        style = re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"default-src 'none'; style-src 'sha256-{digest}'" in page


@pytest.fixture(scope="module")
def hostile() -> Network:
    start = pd.Timestamp("2026-01-01", tz="UTC")
    people = [f"p{number}{name}" for number, name in enumerate(HOSTILE * 2)]
    rows = [
        (start + pd.Timedelta(days=day), people[one], people[(one + step) % len(people)])
        for one in range(len(people))
        for step in (1, 2, 5)
        for day in range(one % 3, 40 if step == 5 else 150, 4)
    ]
    table = pd.DataFrame({"person": people, "name": HOSTILE * 2, "department": HOSTILE * 2})
    return na.build_network(log_of(*rows), people=table)


@pytest.mark.parametrize("options", [{"person": True}, {"names": True}, {"minimum": 1}])
def test_hostile_names_stay_text(hostile, options):
    if options.get("person"):
        options = {"person": hostile.people.index[0]}
    report = na.build_report(hostile, **options)
    assert not re.search(r"<(script>window|img src=x|b>bold)", report.html)
    assert "<script>window" not in report.map_html
    assert "</script><script>" not in report.map_html
    assert "[link](http" not in report.markdown
    assert "<" not in report.markdown
    for frame in report.files.values():
        for line in to_csv(frame).split("\n"):
            assert not re.match(r'"?[=+@-]', line)


def test_formulas_in_a_csv_are_made_harmless():
    assert [guarded(value) for value in ("=1", "+1", "-1", "@a", "\ta", "a", 3)] == [
        "'=1",
        "'+1",
        "'-1",
        "'@a",
        "'\ta",
        "a",
        3,
    ]


@pytest.mark.parametrize("options", [{"names": True}, {}])
def test_the_same_bytes_for_any_threads_and_order(office, options, tmp_path):
    pages = []
    for threads in (1, 3):
        rows = office.interactions.sample(frac=1.0, random_state=threads)
        log = na.load(rows, engine=DuckDBEngine(threads=threads))
        net = na.build_network(log, people=office.people, as_of=AS_OF)
        pages.append(saved(na.build_report(net, **options), tmp_path / str(threads)))
    assert pages[0] == pages[1]


def test_an_older_report_leaves_no_names_behind(named, grouped, tmp_path):
    named.save(tmp_path)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    grouped.save(tmp_path)
    assert not (tmp_path / "metrics.csv").exists()
    assert (tmp_path / "notes.txt").exists()
    # A folder that holds no report of ours keeps everything that stands there.
    other = tmp_path / "other"
    other.mkdir()
    (other / "metrics.csv").write_text("mine", encoding="utf-8")
    grouped.save(other)
    assert (other / "metrics.csv").read_text(encoding="utf-8") == "mine"


def test_a_place_that_cannot_be_written_is_one_error(grouped, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(NetAnalyticsError, match="cannot be written"):
        grouped.save(tmp_path / "file")


def test_small_groups_are_withheld_with_what_would_give_them_away(office, office_log):
    people = office.people.copy()
    chosen = people["department"].dropna().index[:3]
    people.loc[chosen, "department"] = "Tiny"
    report = na.build_report(na.build_network(office_log, people=people, as_of=AS_OF))
    for text in (
        report.html,
        report.map_html,
        report.markdown,
        *map(to_csv, report.files.values()),
    ):
        assert "Tiny" not in text
    shown = set(report.files["groups.csv"]["department"])
    hidden = set(people.loc[~people["is_bot"].astype(bool), "department"].dropna()) - shown - {""}
    assert len(hidden) >= 2


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ({"a": 9, "b": 9}, set()),
        ({"a": 9, "b": 3, "c": 7}, {"b", "c"}),
        ({"a": 9, "b": 3, "c": 2}, {"b", "c"}),
        ({"a": 9, "b": 4}, {"a", "b"}),
        ({"b": 1}, {"b"}),
    ],
)
def test_withheld_groups(sizes, hidden):
    assert withheld_groups(sizes) == hidden


def test_no_cell_between_groups_rests_on_few_people(grouped, office_net):
    shown = grouped.files["contacts.csv"]
    groups = office_net.groups("department")
    first, second = (office_net.ties.index.get_level_values(level) for level in (0, 1))
    ties = pd.DataFrame(
        {"a": first, "b": second, "x": groups[first].array, "y": groups[second].array}
    )
    for row in shown.itertuples(index=False):
        pair = {row[0], row[1]}
        cell = ties[[{x, y} == pair for x, y in zip(ties["x"], ties["y"], strict=True)]]
        people = set(cell["a"]) | set(cell["b"])
        assert not people or len(people) >= 5
        assert row[2] == pytest.approx(100 * len(cell) / row[3])


def test_the_group_with_least_contact_is_not_one_that_is_only_seen_more(grouped):
    said = " ".join(grouped.letter.findings)
    assert "Finance: too few people make the contact with any other group to show it." in said
    assert "Then Support: 0.25 per 100 where it can be shown." in said
    assert "has the least contact" not in said
    assert "the least of those that can be shown" in said


def test_where_all_is_seen_the_group_with_least_contact_is_named():
    teams = {f"{team}{place}": team for team in "abc" for place in range(8)}
    pairs = [(f"a{one}", f"b{other}") for one in range(8) for other in range(8)]
    pairs += [(f"{team}{place}", f"c{place}") for team in "ab" for place in range(6)]
    people = pd.DataFrame({"person": list(teams), "department": list(teams.values())})
    net = Network.from_ties(pd.DataFrame(pairs, columns=["source", "target"]), people)
    said = " ".join(na.build_report(net).letter.findings)
    assert "c has the least contact with the others: 9.4 per 100" in said
    assert "is usual between groups here" in said


def test_undated_networks_have_a_report_without_time(tmp_path):
    ties = pd.read_csv(io.StringIO("source,target\na,b\nb,c\nc,d\nd,e\ne,f\nf,a\na,d\n"))
    report = na.build_report(Network.from_ties(ties), names=True)
    assert "without dates" in report.letter.seen
    saved(report, tmp_path)
    assert na.build_report(Network.from_ties(ties), person="a").letter.acts


def test_a_network_too_small_for_groups_shows_nothing_and_says_so(tmp_path):
    net = na.build_network(log_of(("2026-01-05", "ada", "ben"), ("2026-01-06", "ben", "cy")))
    report = na.build_report(net)
    assert "Too few" in report.letter.findings[0]
    for text in saved(report, tmp_path).values():
        assert not {"ada", "ben", "cy"} & words_of(text)


def test_a_minimum_is_a_number_of_people(office_net):
    with pytest.raises(OptionError, match="minimum is 0"):
        na.build_report(office_net, minimum=0)


def test_a_notebook_shows_it_in_a_frame_that_runs_nothing(grouped):
    frame = grouped._repr_html_()
    assert frame.startswith("<iframe")
    assert "sandbox " in frame
    assert "allow-scripts" not in frame


def test_manufacturing_and_its_chief():
    log = na.load(shared("data/manufacturing/interactions.csv"))
    net = na.build_network(log)
    assert na.build_report(net, person="86").letter.heading.startswith("86")


def test_who_is_at_the_cut_of_a_list_is_marked():
    """Thirty people who each connect some others: only fifteen are listed, by degree."""
    hubs = [f"hub{number:02}" for number in range(30)]
    ties = list(pairwise(hubs))
    ties += [(hub, f"{hub}-{leaf}") for hub in hubs for leaf in range(1 + int(hub[3:]) % 5)]
    rows = [
        (f"2026-{1 + day // 25:02}-{1 + day % 25:02}", source, target)
        for place, (source, target) in enumerate(ties)
        for day in range(place % 7, 150, 9 + place % 5 * 12)
    ]
    net = na.build_network(log_of(*rows), as_of="2026-07-01")
    table = na.build_report(net, names=True).tables["articulation_points"]
    degree = na.measure(net, "degree")["degree"]
    bands = na.bands(net, "degree")
    listed = list(table["person"])
    assert len(listed) == 15
    count = int((degree >= degree[listed[-1]]).sum())
    assert count > 15
    crossing = na.crosses_cut(bands, count)
    assert crossing[listed].any()
    assert not crossing[listed].all()
    for row in table.itertuples(index=False):
        band = bands.loc[row.person]
        if pd.isna(band["rank_low"]):
            assert row[-2:] == (band["note"], "")
            continue
        assert row[-2] == f"{band['rank_low']} to {band['rank_high']}"
        assert row[-1] == ("at the cut" if crossing[row.person] else "")


def test_a_large_network_has_estimates_with_their_error(office_net, person, monkeypatch):
    monkeypatch.setattr("netanalytics.report.findings.LARGE", 100)
    monkeypatch.setattr("netanalytics.report.findings.SAMPLES", 64)
    report = na.build_report(office_net, names=True)
    metrics = report.files["metrics.csv"].set_index("person")
    exact = na.analysis.centrality.betweenness(office_net)
    off = (metrics["betweenness"] - exact).abs()
    assert off.max() > 0 and (off <= metrics["betweenness_error"])[exact > 100].mean() > 0.75
    assert "harmonic_closeness" not in metrics
    assert "Betweenness is estimated" in report.html and "betweenness ±" in report.html
    mine = na.build_report(office_net, person=person)
    assert "An estimate, ± " in mine.html
    assert list(mine.files["metrics.csv"]["person"]) == [person]


def test_a_list_of_everybody_has_no_cut(named):
    table = named.tables["articulation_points"]
    assert len(table) < 15
    assert "cut" not in table.columns


def test_times_are_written_alike_in_a_column_of_anything():
    when = pd.Timestamp("2026-01-05 10:00", tz="Europe/Paris")
    frame = pd.DataFrame({"first": pd.Series([when, None, "=x"], dtype=object)})
    assert to_csv(frame) == 'first\n2026-01-05T09:00:00Z\n""\n\'=x\n'


def small_net():
    """Return a star of a few days: nothing in it has a history."""
    rows = [(f"2026-01-0{day}", "ada", other) for day, other in enumerate("bcdef", start=1)]
    return na.build_network(log_of(*rows))


def test_new_ties_are_not_said_to_have_enough_history():
    report = na.build_report(small_net(), names=True)
    assert "No tie has enough history yet to say whether it is fading." in report.letter.findings
    table = report.tables["judged"].set_index("which")["ties"]
    assert table.to_dict() == {"all": 5, "with enough history to judge": 0, "fading": 0}


def test_one_broker_holds_and_one_month_is_one():
    report = na.build_report(small_net(), names=True)
    assert report.letter.findings[0].startswith("ada holds together people")
    text = to_markdown(report)
    assert "**Contacts by channel, one month**" in text
    assert "1 months" not in text


def test_what_is_yes_or_no_is_shown_so():
    report = na.build_report(small_net(), person="ada")
    table = report.tables["place"].set_index("measure")
    assert table.loc["is_articulation_point", "you"] == "yes"
    assert "| is\\_articulation\\_point | yes |" in to_markdown(report)
