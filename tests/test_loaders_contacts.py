"""Address books give people; nothing of a note leaves them."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netanalytics as na
from netanalytics.engine import DuckDBEngine
from netanalytics.errors import LoaderError, SchemaError
from netanalytics.loaders import contacts, monica, vcard

from ._exports import counts, everything, pairs, read, spoiled, spoiled_json, written
from .conftest import shared

CARDS = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Bj=C3=B6rk;Ad=\r\n=C3=A1;;;\r\n"
    "FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Ad=E1 Bj=F6rk\r\n"
    "EMAIL;PREF;INTERNET:Ada@X.org\r\nORG:Company, The;Research\r\nTITLE:Engineer\r\n"
    "BDAY:19800321\r\nNOTE;ENCODING=QUOTED-PRINTABLE:CANARY=0D=0A=\r\nmore CANARY=\r\n CANARY\r\n"
    "PHOTO;ENCODING=BASE64:\r\n  /9j/4AAQSkZJRgABAQ\r\n\r\nEND:VCARD\r\n"
    "begin:vCard\nVERSION:3.0\nN:Ek;Ben;;;\nFN:Ben Ek\nitem1.EMAIL;type=INTERNET:ben@\n x.org\n"
    "item1.X-ABLabel:CANARY\nEMAIL:ben@home.org\nCATEGORIES:VIP\\, work,friends\nORG:\n"
    "NOTE:CANARY\\nline\nBDAY;VALUE=date:--0203\nend:vCard\n"
    "BEGIN:VCARD\nVERSION:4.0\nFN:Cy\nEMAIL:BEN@x.org\nEND:VCARD\n"
    "BEGIN:VCARD\nVERSION:4.0\nFN:Dee\nBDAY:20160801\nEND:VCARD\n"
    "BEGIN:VCARD\nVERSION:4.0\nFN:Dee\nEND:VCARD\n"
    "BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Team\nEND:VCARD\n"
    "BEGIN:VCARD\nVERSION:3.0\nFN:Acme\nX-ABShowAs:COMPANY\nEND:VCARD\n"
    "BEGIN:VCARD\nVERSION:3.0\nTEL:123\nEND:VCARD\n"
    "BEGIN:VCARD\nVERSION:3.0\nFN:cut short\n"
    "BEGIN:VCARD\nFN:Eve\nEMAIL;CHARSET=x-unknown;ENCODING=QUOTED-PRINTABLE:eve=40x.org\nEND:VCARD\n"
    "BEGIN:VCARD\nFN:open"
)

GOOGLE = (
    "\ufeffFirst Name,Middle Name,Last Name,File As,Organization Name,Organization Title,"
    "Organization Department,Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "E-mail 2 - Label,E-mail 2 - Value\n"
    'Ada,,Berg,,Acme,Engineer,Research,1985-04-12,"CANARY\nsecond line",* myContacts ::: Friends,'
    "* Work,Ada@x.org ::: ada@home.org,Other,ada@old.org\n"
    "Ben,M,Ek,,,,, --04-12,,* myContacts ::: * starred,,,,\n"
    ",,,,,,,,CANARY,,,,,\n"
    "Ada B,,,,,,,,,,,ADA@x.org,,\n"
)

OLD_GOOGLE = (
    "Name,Given Name,Additional Name,Family Name,Birthday,Notes,Group Membership,"
    "E-mail 1 - Type,E-mail 1 - Value,Organization 1 - Type,Organization 1 - Name,"
    "Organization 1 - Title\n"
    "Ada Berg,Ada,,Berg,,CANARY,* myContacts ::: Team,* Work,ada@x.org,,Acme,Engineer\n"
)

OUTLOOK = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Birthday,Notes,"
    "Categories,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,"
    "E-mail 2 Display Name\n"
    "Ms,Ada,,Berg,,Acme,Research,Engineer,4/12/1985,CANARY,VIP;Team,/o=Acme/ou=x/cn=ada,EX,CANARY,"
    "Ada@x.org,SMTP,Ada\n"
    "Mr,Ben,,Ek,,,,,12/25/1990,,,ben@x.org,SMTP,,,,\n"
    "Mr,Cy,,Dahl,,,,,0/0/00,,,cy@acme.local,EX,,,,\n"
)


def test_cards_of_every_version(tmp_path):
    log = na.load(written(tmp_path / "cards.vcf", CARDS))
    people = log.people
    assert list(people.index) == ["ada@x.org", "ben@x.org", "eve@x.org", "name:dee", "name:dee-2"]
    ada = people.loc["ada@x.org"]
    assert (ada["name"], ada["organisation"], ada["department"], ada["title"]) == (
        "Adá Björk",
        "Company, The",
        "Research",
        "Engineer",
    )
    assert people["birthday"].dropna().tolist() == ["1980-03-21", "--02-03", "2016-08-01"]
    assert people.loc["ben@x.org", "addresses"] == "ben@x.org;ben@home.org"
    assert people.loc["ben@x.org", "groups"] == "VIP, work;friends"
    assert counts(log) == {
        "kept": 5,
        "another card of the same person": 1,
        "a group, not a person": 1,
        "an organisation, not a person": 1,
        "no name and no address": 1,
        "malformed card": 2,
    }
    assert "CANARY" not in everything(log)
    assert len(log) == 0


def test_cards_in_other_encodings(tmp_path):
    card = "BEGIN:VCARD\nFN:Zoë\nEMAIL:z@x.org\nEND:VCARD\n"
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        log = na.load(written(tmp_path / "a.vcf", card, encoding))
        assert log.people.loc["z@x.org", "name"] == "Zoë"


def test_every_card_of_the_real_ones():
    log = na.load(shared("data/formats/vcard"))
    cards = log.card[log.card["kind"] == "vcard"].groupby("file")["n"].sum()
    assert len(cards) == 18
    assert cards["John_Doe_ANDROID.vcf"] == 6
    assert cards["gmail-list.vcf"] == 3
    assert cards["rfc2426-example.vcf"] == 2
    assert cards.sum() == 18 + 5 + 2 + 1
    assert set(log.card.loc[log.card["kind"] == "vcard", "reason"]) == {"kept"}
    people = log.people
    assert people.loc["jdoe@hotmail.com", "organisation"] == "Company, The"
    assert people.loc["john.doe@ibm.com", "addresses"] == "john.doe@ibm.com;billy_bob@gmail.com"
    assert people.loc["simon.perreault@viagenie.ca", "birthday"] == "--02-03"
    assert people.loc["bob@company.com", "name"] == "Ñ Ñ Ñ Ñ"
    text = everything(log)
    assert "SOFTWARE IS PROVIDED" not in text
    assert "/9j/" not in text
    # What the cards say of each other's addresses makes a network without a clash.
    with pytest.raises(na.errors.EmptyLogError):
        na.build_network(log)


def test_google_contacts(tmp_path):
    log = na.load(written(tmp_path / "contacts.csv", GOOGLE))
    people = log.people
    assert list(people.index) == ["ada@x.org", "name:ben-m-ek"]
    ada = people.loc["ada@x.org"]
    assert ada["addresses"] == "ada@x.org;ada@home.org;ada@old.org"
    assert (ada["organisation"], ada["title"], ada["department"], ada["groups"]) == (
        "Acme",
        "Engineer",
        "Research",
        "Friends",
    )
    assert people["birthday"].tolist() == ["1985-04-12", "--04-12"]
    assert pd.isna(people.loc["name:ben-m-ek", "groups"])
    assert counts(log) == {
        "kept": 2,
        "no name and no address": 1,
        "another card of the same person": 1,
    }
    assert "CANARY" not in everything(log)


def test_the_older_header_of_google(tmp_path):
    log = na.load(written(tmp_path / "contacts.csv", OLD_GOOGLE))
    ada = log.people.loc["ada@x.org"]
    assert (ada["name"], ada["organisation"], ada["groups"]) == ("Ada Berg", "Acme", "Team")
    assert "CANARY" not in everything(log)


def test_outlook(tmp_path):
    log = na.load(written(tmp_path / "outlook.csv", OUTLOOK))
    people = log.people
    # What only Exchange understands is no address, whether or not it looks like one.
    assert list(people.index) == ["ada@x.org", "ben@x.org", "name:cy-dahl"]
    assert people.loc["ada@x.org", "addresses"] == "ada@x.org"
    assert people.loc["ada@x.org", "groups"] == "VIP;Team"
    # 12/25 settles the order of all of them.
    assert people["birthday"].dropna().tolist() == ["1985-04-12", "1990-12-25"]
    assert counts(log) == {"kept": 3}
    assert "CANARY" not in everything(log)


def test_an_open_birthday_is_left_out_and_said(tmp_path):
    file = written(tmp_path / "outlook.csv", OUTLOOK.replace("12/25", "12/5"))
    log = na.load(file)
    assert "birthday" not in log.people.columns
    assert any("--date-order" in note for note in log.notes)
    told = na.load(file, date_order="mdy").people["birthday"].dropna().tolist()
    assert told == ["1985-04-12", "1990-12-05"]


@pytest.mark.parametrize("name", ["google_contacts_new.csv", "outlook_contacts_classic_tail.csv"])
def test_headers_of_real_address_books(name):
    log = na.load(shared(f"data/formats/headers_only/{name}"))
    assert set(log.card["kind"]) == {"contacts"}


def test_two_people_who_share_an_address_do_not_clash(tmp_path):
    card = "BEGIN:VCARD\nFN:{}\nEMAIL:{}\nEMAIL:family@x.org\nEND:VCARD\n"
    text = card.format("Ada", "ada@x.org") + card.format("Ben", "ben@x.org")
    log = na.load(written(tmp_path / "a.vcf", text))
    assert log.people["addresses"].tolist() == ["ada@x.org;family@x.org", "ben@x.org"]
    assert any("claimed by two" in note for note in log.notes)


# ---- Monica ------------------------------------------------------------------------------------


def group(kind: str, *values) -> dict:
    return {"count": len(values), "type": kind, "values": list(values)}


def card(uuid: str, first: str, *data, **properties) -> dict:
    return {
        "uuid": uuid,
        "created_at": "2024-01-01T00:00:00Z",
        "properties": {"first_name": first, "description": "CANARY", **properties},
        "data": list(data),
    }


def mail(address: str) -> dict:
    return group("contact_field", {"properties": {"data": address, "type": "u"}})


MONICA = {
    "version": "1.0-preview.1",
    "app_version": "4.0.0",
    "export_date": "2026-06-30T12:00:00.000000Z",
    "exported_by": "u0",
    "account": {
        "uuid": "a0",
        "data": [
            group(
                "user",
                {
                    "uuid": "u0",
                    "first_name": "Mia",
                    "last_name": "Holm",
                    "email": "Mia@x.org",
                    "properties": {"me_contact": "c0"},
                },
            ),
            group(
                "contact",
                card("c0", "Mia"),
                card(
                    "c1",
                    "Ada",
                    mail("ADA@x.org"),
                    group(
                        "call",
                        {
                            "properties": {
                                "called_at": "2026-03-01T10:00:00Z",
                                "content": "CANARY",
                                "contact_called": True,
                            }
                        },
                        {"properties": {"called_at": "soon", "contact_called": False}},
                    ),
                    group(
                        "conversation",
                        {
                            "properties": {
                                "happened_at": "2026-03-02",
                                "messages": [
                                    {
                                        "properties": {
                                            "content": "CANARY",
                                            "written_at": "2026-03-02T10:00:00Z",
                                            "written_by_me": True,
                                        }
                                    },
                                    {
                                        "properties": {
                                            "content": "CANARY",
                                            "written_by_me": False,
                                        }
                                    },
                                ],
                            }
                        },
                    ),
                    group("activity", "e1", "e2"),
                    group("note", {"properties": {"body": "CANARY"}}),
                    last_name="Berg",
                    job="Engineer",
                    company="Acme",
                    tags=["friends", "work"],
                    stay_in_touch_frequency=30,
                    birthdate={
                        "date": "1985-04-12T00:00:00Z",
                        "is_year_unknown": True,
                        "is_age_based": False,
                    },
                ),
                card("c2", "Ben", group("activity", "e1"), is_dead=True),
                card("c3", "", mail("no address")),
            ),
            group(
                "activity",
                {
                    "uuid": "e1",
                    "properties": {"summary": "CANARY", "happened_at": "2026-04-01"},
                },
                {"uuid": "e2", "properties": {"summary": "CANARY"}},
                {"uuid": "e3", "properties": {"happened_at": "2026-04-02"}},
            ),
            group(
                "relationship",
                {"properties": {"type": "best friend", "contact_is": "c1", "of_contact": "c0"}},
                {"properties": {"type": "child", "contact_is": "c9", "of_contact": "c1"}},
            ),
            group("document", {}, {}),
        ],
    },
}


def exported(tmp_path, document=MONICA):
    return written(tmp_path / "monica.json", json.dumps(document))


def test_monica(tmp_path):
    log = na.load(exported(tmp_path))
    assert list(log.people.index) == ["ada@x.org", "mia@x.org", "name:ben"]
    ada = log.people.loc["ada@x.org"]
    assert (ada["name"], ada["title"], ada["organisation"]) == ("Ada Berg", "Engineer", "Acme")
    assert (ada["stay_in_touch_days"], ada["groups"]) == (30, "friends;work")
    assert ada["birthday"] == "--04-12"
    assert log.people.loc["name:ben", "is_dead"] is True
    rows = log.to_frame()[["channel", "source", "target", "directed", "size"]]
    assert rows.to_numpy().tolist() == [
        ["call", "ada@x.org", "mia@x.org", True, 2],
        ["message", "ada@x.org", "mia@x.org", True, 2],
        ["message", "mia@x.org", "ada@x.org", True, 2],
        ["meeting", "ada@x.org", "mia@x.org", False, 3],
        ["meeting", "ada@x.org", "name:ben", False, 3],
        ["meeting", "mia@x.org", "name:ben", False, 3],
    ]
    relation = log.relations.iloc[0]
    assert (relation["source"], relation["target"]) == ("ada@x.org", "mia@x.org")
    assert relation["kind"] == "best_friend"
    assert counts(log, unit="card") == {
        "kept": 2,
        "no name and no address": 1,
        "the owner's own card": 1,
    }
    assert counts(log, unit="activity") == {
        "kept": 1,
        "no date": 1,
        "nobody else took part": 1,
    }
    assert counts(log, unit="message") == {"kept": 2}
    assert counts(log, unit="call") == {"kept": 1, "no date": 1}
    assert counts(log, unit="relation") == {
        "kept": 1,
        "between people who are not in the export": 1,
    }
    assert counts(log, unit="record") == {"not read: document": 2, "not read: note": 1}
    assert "CANARY" not in everything(log)
    assert set(log.exported.values()) == {1_782_820_800_000_000}


def test_monica_with_text_where_ids_belong(tmp_path):
    text = json.dumps(MONICA).replace('"e1"', '"CANARY lunch"')
    log = na.load(written(tmp_path / "monica.json", text))
    assert len(log) == 6
    assert "CANARY" not in everything(log)


def test_monica_without_an_owner(tmp_path):
    document = json.loads(json.dumps(MONICA))
    del document["account"]["data"][0]
    assert "me" in na.load(exported(tmp_path, document)).ids()


@pytest.mark.parametrize(
    "text", ['{"account": 1, "app_version": 1}', '{"account": {}, "app_version']
)
def test_what_is_no_export_of_monica(tmp_path, text):
    with pytest.raises(LoaderError, match=r"a\.json"):
        na.load(written(tmp_path / "a.json", text), kind="monica")


def test_a_folder_of_address_books_is_one_table_of_people(tmp_path):
    written(tmp_path / "cards.vcf", CARDS)
    written(tmp_path / "google.csv", GOOGLE)
    exported(tmp_path)
    log = na.load(tmp_path)
    assert log.people.loc["ada@x.org", "addresses"].split(";")[0] == "ada@x.org"
    assert pairs(log)
    net = na.build_network(log)
    assert set(net.people.index) >= {"ada@x.org", "mia@x.org", "ben@x.org"}


def test_what_is_no_address_book_is_not_recognised(tmp_path):
    for module in (vcard, contacts, monica):
        for name, text in (
            ("a.csv", "time,source,target\n"),
            ("b.csv", "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"),
            ("c.json", '{"account": {}}'),
            ("d.csv", ""),
            ("e.bin", "\x00\x01\x02"),
        ):
            assert not module.recognises(written(tmp_path / name, text))
        assert not module.recognises(tmp_path)
        assert not module.recognises(pd.DataFrame())
        with pytest.raises(LoaderError):
            module.read(tmp_path / "a.csv", na.loaders.Options(), DuckDBEngine())


ENGINE = DuckDBEngine(threads=1)
SPOILED = {
    "vcard": spoiled(CARDS),
    "contacts": spoiled(GOOGLE, OLD_GOOGLE, OUTLOOK),
    "monica": st.one_of(
        spoiled(json.dumps(MONICA)), spoiled_json(MONICA).map(lambda text: text.encode())
    ),
}


def fuzz(folder, kind, data):
    file = written(folder / f"a.{kind}", data)
    try:
        read(kind, file, ENGINE)
    except (LoaderError, SchemaError) as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("kind", SPOILED)
def test_no_bytes_raise_anything_but_a_loader_error(tmp_path_factory, kind):
    @settings(max_examples=100, deadline=None)
    @given(data=SPOILED[kind])
    def body(data):
        fuzz(tmp_path_factory.getbasetemp(), kind, data)

    body()


@pytest.mark.nightly
@pytest.mark.parametrize("kind", SPOILED)
def test_no_bytes_raise_anything_but_a_loader_error_for_long(tmp_path_factory, kind):
    @settings(max_examples=2_000, deadline=None)
    @given(data=SPOILED[kind])
    def body(data):
        fuzz(tmp_path_factory.getbasetemp(), kind, data)

    body()
