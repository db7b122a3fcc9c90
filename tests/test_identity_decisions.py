"""The file of decisions: what it may say, what it refuses, and that every line comes off again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netanalytics.errors import MissingFileError, OptionError, SchemaError
from netanalytics.identity.decisions import (
    NEVER,
    SAME,
    Decision,
    append,
    parse_decisions,
    read_decisions,
    undo,
    undo_pair,
    written,
)


@pytest.mark.parametrize(
    ("line", "word", "who"),
    [
        ("same: a@x.org = b@y.org", "same", ("a@x.org", "b@y.org")),
        ("Same a@x.org b@y.org", "same", ("a@x.org", "b@y.org")),
        ("same: a@x.org; b@y.org; c@z.org  # three", "same", ("a@x.org", "b@y.org", "c@z.org")),
        ("same: Ana Frey = ana@x.org", "same", ("Ana Frey", "ana@x.org")),
        ('same: "a = b # c" = d', "same", ("a = b # c", "d")),
        ("never the same: a@x.org = b@y.org", "never the same", ("a@x.org", "b@y.org")),
        ("not a person: info@x.org", "not a person", ("info@x.org",)),
        ("a person: hello@x.org, hi@y.org", "a person", ("hello@x.org", "hi@y.org")),
    ],
)
def test_what_a_line_may_say(line, word, who):
    (found,) = parse_decisions(f"# a comment\n\n{line}\n").lines
    assert found == Decision(word, who, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("marry: a = b", "line 1: it begins with none of never the same, not a person"),
        ("same: a", "line 1: same needs two ids"),
        ("same: a = a", "line 1: same needs two ids"),
        ("\nnot a person:", "line 2: not a person needs an id"),
        ('same: "\\q" = b', "line 1: what stands in quotes"),
        ("never the same: a = b = c", "line 1: never the same needs two ids"),
    ],
)
def test_what_no_line_may_say(text, message):
    with pytest.raises(SchemaError, match=message):
        parse_decisions(text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("same: a = b\nnever the same: b = a", (2, 1)),
        ("never the same: a = c\nsame: a = b\nsame: d = e\nsame: c = b", (1, 2, 4)),
        ("not a person: a\na person: a", (2, 1)),
    ],
)
def test_contradictions_are_refused_with_all_their_lines(text, lines):
    with pytest.raises(SchemaError) as refused:
        parse_decisions(text)
    (message,) = refused.value.violations
    assert message.startswith(f"line {lines[0]} (")
    for number in lines[1:]:
        assert f"line {number} (" in message
    assert "line 3 (" not in message


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(SchemaError) as refused:
        parse_decisions("x\nsame: a = b\nnever the same: a = b\nsame: c")
    assert len(refused.value.violations) == 3


IDS = st.text(min_size=1, max_size=12).map(str.strip).filter(bool)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([SAME, NEVER]), IDS, IDS)
def test_every_id_survives_being_written(word, one, other):
    if one == other:
        return
    line = written(Decision(word, (one, other), 1))
    assert line.isprintable()
    (found,) = parse_decisions(f"{line}  # why").lines
    assert (found.word, found.who) == (word, (one, other))


FILES = st.lists(
    st.sampled_from(["same: a = b", "# note", "", "not a person: x", "  # end of 9"]), max_size=6
).map("\n".join)


@settings(max_examples=60, deadline=None)
@given(FILES, st.booleans())
def test_what_is_applied_comes_off_again_byte_by_byte(text, ended):
    text += "\n" * ended
    once = append(text, ["same: c = d  # 0.99"], "1 pair")
    twice = append(once, ["same: e = f  # 0.98", "same: g = h"], "2 pairs")
    assert {line.who for line in parse_decisions(twice).lines} >= {("c", "d"), ("e", "f")}
    assert undo(twice) == once
    assert undo(once) == text


def test_one_line_comes_off_alone():
    text = append("same: a = b\n", ["same: c = d  # 0.99", "same: e = f"], "2 pairs")
    less = undo_pair(text, ("d", "c"))
    assert less == text.replace("same: c = d  # 0.99\n", "")
    assert undo(less) == "same: a = b\n"
    with pytest.raises(OptionError, match="no line says"):
        undo_pair(text, ("a", "c"))


def test_nothing_to_undo():
    with pytest.raises(OptionError, match="nothing was applied"):
        undo("same: a = b\n")
    with pytest.raises(OptionError, match="take its lines out by hand"):
        undo("# applied 1: 2 pairs\nsame: a = b\n")


def test_capitals_make_no_other_person():
    said = parse_decisions("same: Ada@X.org = B | c\nnot a person: INFO@x.org")
    met = said.spelt(["ada@x.org", "b", "B", "info@x.org"])
    assert [line.who for line in met.lines] == [("ada@x.org", "B", "c"), ("info@x.org",)]
    assert met.unmet(["ada@x.org", "b", "B", "info@x.org", "cc"]) == (
        "line 1 (same: ada@x.org = B = c): no source holds c; did you mean cc?",
    )
    torn = parse_decisions("same: A = b\nnever the same: a = b")
    with pytest.raises(SchemaError, match=r"line 2 .* contradicts line 1"):
        torn.spelt(["a", "b"])
    assert undo_pair("same: Ada@x.org = b\n", ("ada@x.org", "B")) == ""


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(MissingFileError):
        read_decisions(tmp_path / "no.txt")
    assert read_decisions(tmp_path / "no.txt", missing_ok=True).lines == ()
    with pytest.raises(MissingFileError):
        read_decisions(tmp_path, missing_ok=True)
