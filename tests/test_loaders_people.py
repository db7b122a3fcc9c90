"""People from several sources: one table, one row a person, whatever the order of the files."""

from __future__ import annotations

from itertools import permutations

import pandas as pd
import pytest

import netanalytics as na
from netanalytics.errors import LoaderError
from netanalytics.identity import people_of
from netanalytics.loaders._people import joined_people

CARDS = pd.DataFrame(
    {
        "person": ["ada@x.org", "ben@x.org"],
        "name": ["Ada Berg", None],
        "addresses": ["ADA@home", ""],
    }
)
CHAT = pd.DataFrame(
    {"person": ["U1", "U2"], "name": ["ada", "Ben"], "addresses": ["Ada@Home", None]}
)
LISTS = pd.DataFrame({"person": ["team@x.org", "BEN@x.org"], "is_bot": [True, False]})


def test_a_shared_address_is_one_person_in_any_order():
    for tables in permutations([CARDS, CHAT, LISTS]):
        people = joined_people(tables)
        assert set(people.index) in (
            {"ada@x.org", "ben@x.org", "U2", "team@x.org"},
            {"ada@x.org", "BEN@x.org", "U2", "team@x.org"},
        )
        assert sorted(people.loc["ada@x.org", "addresses"].casefold().split(";")) == [
            "ada@home",
            "u1",
        ]
        assert people["is_bot"].sum() == 1


def test_an_address_that_cannot_be_one_persons_joins_nobody_and_stops_no_network():
    cards = pd.DataFrame(
        {
            "person": ["ada@x.org", "ben@x.org", "cy@x.org", "cy@home.example"],
            "name": ["Ada Berg", "Ben Cho", "Cy Eze", "C. Eze"],
            "addresses": [
                "info@x.org;tel@x.org",
                "info@x.org;tel@x.org;ben@y.org",
                "info@x.org;cy@z.org",
                "CY@z.org",
            ],
        }
    )
    people = joined_people([cards])
    assert list(people.index) == ["ada@x.org", "ben@x.org", "cy@home.example"]
    assert people["addresses"].fillna("").tolist() == ["", "ben@y.org", "CY@z.org;cy@x.org"]
    log = na.load(pd.DataFrame({"time": ["2026-01-05"], "source": "tel@x.org", "target": "b"}))
    assert len(na.build_network(log, people=people.reset_index()).ties) == 1


def test_the_first_source_is_believed():
    assert joined_people([CARDS, CHAT]).loc["ada@x.org", "name"] == "Ada Berg"
    assert joined_people([CHAT, CARDS]).loc["ada@x.org", "name"] == "ada"


def test_nobody_is_no_table():
    assert joined_people([]) is None
    assert joined_people([CARDS[:0]]) is None


def test_two_card_files_with_one_address_make_a_network(tmp_path):
    (tmp_path / "log.csv").write_text("time,from,to\n2026-01-05,U1,ben@x.org\n", encoding="utf-8")
    CARDS.to_csv(tmp_path / "cards.csv", index=False)
    CHAT.to_csv(tmp_path / "chat.csv", index=False)
    net = na.build_network(na.load(tmp_path))
    assert net.ties.index.tolist() == [("ada@x.org", "ben@x.org")]


def test_tables_of_people_with_quotes_and_packed(tmp_path):
    import gzip

    text = '"person","team"\n"a","x;y"\n'
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    (tmp_path / "p.csv.gz").write_bytes(gzip.compress(text.encode()))
    for name in ("p.csv", "p.csv.gz"):
        assert people_of(tmp_path / name)["team"].to_dict() == {"a": "x;y"}


def test_relations_that_are_none_are_named_and_stop_no_folder(tmp_path):
    (tmp_path / "mail.csv").write_text("date,from,to\n2026-01-05,a,b\n", encoding="utf-8")
    file = tmp_path / "rel.csv"
    file.write_text("source,target,kind,since\na,b,mentor,03/04/2025\n", encoding="utf-8")
    with pytest.raises(LoaderError, match=r"^rel\.csv: column 'since' is no day"):
        na.load(file)
    log = na.load(tmp_path)
    assert list(log.ids()) == ["a", "b"]
    assert any("rel.csv: column 'since' is no day" in note for note in log.notes)


@pytest.mark.parametrize(
    ("log", "people", "by"),
    [
        ("Datum;Von;An", "Name;E-Mail;Abteilung", "Abteilung"),
        ("Date,Expéditeur,Destinataire", "Name,Adresse mail,Service", "Service"),
        ("fecha\tremitente\tdestinatario", "Name\tCorreo\tÁrea", "Área"),
        ("Sent,From,To", "NAME,Email Address,Team", "Team"),
    ],
)
def test_headers_in_the_languages_that_exports_come_in(tmp_path, log, people, by):
    sign = next(sign for sign in ";\t," if sign in log)
    rows = ["05.01.2026,ada@x.org,ben@x.org", "25.01.2026,ben@x.org,cy@x.org"]
    told = ["Ada Berg,ada@x.org,Oak", "Ben,ben@x.org,Elm"]
    for name, head, lines in (("log.csv", log, rows), ("people.csv", people, told)):
        text = "\n".join([head, *(line.replace(",", sign) for line in lines)])
        (tmp_path / name).write_text(text + "\n", encoding="utf-8")
    found = na.load(tmp_path)  # both are known for what they are
    assert len(found) == 2
    assert found.people["name"].tolist() == ["Ada Berg", "Ben"]
    net = na.build_network(na.load(tmp_path / "log.csv"), people=tmp_path / "people.csv")
    assert net.labels["ada@x.org"] == "Ada Berg"
    assert net.groups(by)["ben@x.org"] == "Elm"
