"""Mail is read from its headers alone, and every mail is accounted for."""

from __future__ import annotations

import gzip
import os
import sys
import types
import zlib
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import netanalytics as na
from netanalytics import registry, schema
from netanalytics.errors import LoaderError
from netanalytics.loaders import Options, discover, mbox
from netanalytics.loaders._addresses import decoded, mailboxes
from netanalytics.loaders._mail_headers import looks_like_mail

from .conftest import shared

CANARY = "kumquat"
"""A word in every subject and body: it may be found nowhere."""

SEPARATOR = "From ada@x.org Mon Apr 07 14:31:02 2025"


def mail(body: str = f"{CANARY}\n", **headers: str | None) -> str:
    """Write a mail; ``in_reply_to`` is In-Reply-To, and None leaves a header out."""
    usual = {
        "from": "Ada Berg <ada@x.org>",
        "to": "ben@x.org",
        "subject": f"about the {CANARY}",
        "date": "Mon, 7 Apr 2025 14:31:02 +0200",
        "message_id": f"<{zlib.crc32(repr(headers).encode())}@x.org>",
    }
    lines = [
        f"{name.replace('_', '-').title()}: {value}"
        for name, value in {**usual, **headers}.items()
        if value is not None
    ]
    return "\n".join(lines) + f"\n\n{body}"


def write_mbox(path: Path, *mails: str, separator: str = SEPARATOR) -> Path:
    path.write_text("".join(f"{separator}\n{one}\n" for one in mails), encoding="utf-8")
    return path


@pytest.fixture
def read(tmp_path):
    """Load an mbox of some mails."""

    def loaded(*mails: str, separator: str = SEPARATOR, **options):
        return na.load(write_mbox(tmp_path / "a.mbox", *mails, separator=separator), **options)

    return loaded


def reasons(log, unit: str = "mail") -> dict[str, int]:
    card = log.card[(log.card["unit"] == unit) & (log.card["n"] > 0)]
    return card.groupby("reason")["n"].sum().to_dict()


def pairs(log) -> list[tuple[str, str, str | None]]:
    frame = log.to_frame()
    roles = frame["role"].astype(object).where(frame["role"].notna(), None)
    return list(zip(frame["source"], frame["target"], roles, strict=True))


def everything(log) -> str:
    """Return all text that a log holds."""
    tables = [log.to_frame(), log.card, log.coverage, log.people, log.relations, log.planned]
    texts = [table.reset_index().to_csv() for table in tables if table is not None]
    return "\n".join([*texts, *log.notes]).casefold()


# ---- contacts ----------------------------------------------------------------------------------


def test_a_mail_reaches_everybody_it_names(read):
    log = read(
        mail(
            to='"Doe, Jane" <jane@x.org>, BEN@x.org',
            cc="cy@x.org",
            bcc="dee@x.org, cy@x.org",
            message_id="<1@x.org>",
        ),
        mail(**{"from": "ben@x.org"}, to="ada@x.org", message_id="<2@x.org>",
             date="Mon, 7 Apr 2025 15:00:00 +0200", in_reply_to="<1@x.org>"),
    )  # fmt: skip
    frame = log.to_frame()
    assert pairs(log) == [
        ("ada@x.org", "ben@x.org", "to"),
        ("ada@x.org", "cy@x.org", "cc"),
        ("ada@x.org", "dee@x.org", "bcc"),
        ("ada@x.org", "jane@x.org", "to"),
        ("ben@x.org", "ada@x.org", "to"),
    ]
    assert frame["size"].tolist() == [5, 5, 5, 5, 2]
    assert set(frame["channel"]) == {"email"}
    assert frame["event"].tolist() == ["1@x.org"] * 4 + ["2@x.org"]
    assert frame["reply_to"].tolist()[-1] == "1@x.org"
    assert frame["reply_to"].isna().sum() == 4
    assert frame["time"].iloc[0] == pd.Timestamp("2025-04-07 12:31:02", tz="UTC")
    assert log.people.loc["jane@x.org", "name"] == "Doe, Jane"
    assert not log.people["is_bot"].any()
    assert reasons(log) == {"kept": 2}


def test_who_starts_and_who_answers_survives_to_the_ties(read):
    log = read(
        mail(message_id="<1@x.org>"),
        mail(**{"from": "ben@x.org"}, to="ada@x.org", in_reply_to="<1@x.org>",
             date="Mon, 7 Apr 2025 16:31:02 +0200"),
    )  # fmt: skip
    tie = na.build_network(log).ties.loc[("ada@x.org", "ben@x.org")]
    assert (tie["started_forward"], tie["answered_back"]) == (1, 1)
    assert tie["answer_hours_back"] == pytest.approx(2)


@pytest.mark.parametrize(
    ("headers", "answered"),
    [
        ({"in_reply_to": "<a@x.org>"}, "a@x.org"),
        ({"in_reply_to": "a@x.org"}, "a@x.org"),
        ({"in_reply_to": "<a@x.org> <b@x.org>"}, "a@x.org"),
        ({"in_reply_to": "Message from Ada <ada@x.org> of Monday <c@x.org>"}, "c@x.org"),
        ({"in_reply_to": 'your message "hello"', "references": "<a@x.org> <d@x.org>"}, "d@x.org"),
        ({"references": "<a@x.org>\n <e@x.org>"}, "e@x.org"),
        ({"in_reply_to": "<same@x.org>", "message_id": "<same@x.org>"}, None),
        ({}, None),
    ],
)
def test_what_a_mail_answers(read, headers, answered):
    found = read(mail(**headers)).to_frame()["reply_to"].iloc[0]
    assert found == answered if answered else pd.isna(found)


def test_an_answer_in_circles_is_no_harm(read):
    log = read(
        mail(message_id="<1@x.org>", in_reply_to="<2@x.org>"),
        mail(message_id="<2@x.org>", in_reply_to="<1@x.org>", to="cy@x.org"),
    )
    assert log.to_frame()["reply_to"].tolist() == ["2@x.org", "1@x.org"]


def test_repeated_message_ids_count_once(read):
    one = mail(message_id="<1@x.org>")
    log = read(one, one, mail(message_id="<1@x.org>", body="another body\n", to="cy@x.org"))
    assert reasons(log) == {"kept": 1, "repeat": 2}


def test_the_first_copy_that_holds_a_contact_counts(read):
    log = read(
        mail(message_id="<1@x.org>", date=None), mail(message_id="<1@x.org>"), separator="From -"
    )
    assert reasons(log) == {"kept": 1, "no readable date": 1}


def test_a_mail_without_an_id_gets_the_same_one_everywhere(tmp_path):
    one = mail(message_id=None)
    first = na.load(write_mbox(tmp_path / "a.mbox", one)).to_frame()
    again = na.load(write_mbox(tmp_path / "b.mbox", mail(to="eve@x.org"), one)).to_frame()
    event = first["event"].iloc[0]
    assert len(event) == 16
    assert event in set(again["event"])


def test_the_same_mail_in_two_files_is_one_contact(tmp_path):
    for name in ("a.mbox", "b.mbox"):
        write_mbox(tmp_path / name, mail(message_id="<1@x.org>"))
    log = na.load(tmp_path)
    assert len(log) == 1
    assert reasons(log) == {"kept": 1, "repeat": 1}


def test_a_mass_mail_is_set_apart_by_its_true_size(read):
    log = read(mail(to=", ".join(f"p{n}@x.org" for n in range(2_500))), mail())
    assert reasons(log) == {"kept": 1, "event of more than 50 people": 1}
    contacts = reasons(log, "contact")
    assert contacts["event of more than 50 people"] == 1_000
    assert set(log.people.index) == {"ada@x.org", "ben@x.org"}


# ---- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "found", "left_out"),
    [
        ("bob@y.org", ["bob@y.org"], {}),
        ('"Doe, Jane" <J@x.org>, bob@y.org', ["j@x.org", "bob@y.org"], {}),
        ("=?utf-8?Q?Doe=2C_Jane?= <j@x.org>", ["j@x.org"], {}),
        ("Doe, Jane <j@x.org>, van Dyk, Bo <b@x.org>", ["j@x.org", "b@x.org"], {}),
        ("jane@x.com;bob@y.com", ["jane@x.com", "bob@y.com"], {}),
        ("Team: a@x.org, B <b@x.org>;, c@z.org", ["a@x.org", "b@x.org", "c@z.org"], {}),
        ("undisclosed-recipients:;", [], {}),
        ("guido at python.org (Guido, the van)", ["guido@python.org"], {}),
        ("Some Body <user (at) host.org>", ["user@host.org"], {}),
        ("bob@y.org (Bob (the) Builder)", ["bob@y.org"], {}),
        ("mailto:ada@x.org, SMTP:ben@x.org", ["ada@x.org", "ben@x.org"], {}),
        ("'ada@x.org', \"'ben@x.org'\" <ben@x.org>", ["ada@x.org", "ben@x.org"], {}),
        ("<@a.org,@b.org:c@d.org>", ["c@d.org"], {}),
        ("bob@x.com <bob@x.com>", ["bob@x.com"], {}),
        ('"bob@legit.com" <mallory@evil.com>', ["mallory@evil.com"], {}),
        ("bob@legit.com<mallory@evil.com>", [], {"suspicious address": 1}),
        ("<a@x.org><b@x.org>, c@x.org", ["c@x.org"], {"suspicious address": 1}),
        ("bob@legit.com (x) <mallory@evil.com>", [], {"suspicious address": 1}),
        ("/O=EXCHANGE/OU=A/CN=BEN, c@x.org", ["c@x.org"], {"Exchange id without an address": 1}),
        ('"Ben" </O=EX/CN=BEN>', [], {"Exchange id without an address": 1}),
        ("IMCEAEX-_O=X_CN=BEN@x.org", [], {"Exchange id without an address": 1}),
        ("foo, mailto", [], {"no address": 2}),
        ("=?utf-8?Q?bob=40evil.com?=", [], {"no address": 1}),
        ("x@y@z.org", [], {"no address": 1}),
        ('"Bob <bob@x.org>, ada@y.org', ["bob@x.org", "ada@y.org"], {}),
        ("Bob (sales <bob@x.org>, ada@y.org", ["bob@x.org", "ada@y.org"], {}),
        ("zoë@münchen.de", ["zoë@münchen.de"], {}),
        ("((((" * 200 + "a@x.org", [], {"no address": 1}),
    ],
)
def test_forms_of_an_address_field(field, found, left_out):
    people, others = mailboxes([field])
    assert [one.address for one in people] == found
    assert dict(others) == left_out


@pytest.mark.parametrize(
    "field",
    ["(" * 300_000, '"' * 300_000, "<" * 300_000, ":" * 300_000, "a:" * 150_000, '"a\\"' * 100_000,
     "<@," * 100_000, "<" + " " * 990, " at " * 250, "=?" * 150_000 + "<a@x.org>"],
)  # fmt: skip
def test_hostile_fields_take_no_longer_than_long_ones(field):
    assert not [one for one in mailboxes([field])[0] if one.address != "a@x.org"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("=?utf-8?B?Wm/DqyBCZXJn?=", "Zoë Berg"),
        ("=?iso-8859-1?Q?Zo=EB?= =?iso-8859-1?Q?_Berg?=", "Zoë Berg"),
        ("=?no-such-charset?Q?Zo=EB?=", "Zoë"),
        ("=?utf-8?Q?Zo=EB?=", "Zoë"),
        ("=?utf-8?B?!!!?=", ""),
        ("=?undefined?Q?x?=", "x"),
        ("Zoë", "Zoë"),
    ],
)
def test_names_are_decoded_whatever_their_charset(written, name):
    assert decoded(written) == name


def test_raw_bytes_in_a_header_are_read_as_utf8_or_latin1(tmp_path):
    lines = mail(to="Zoë <zoe@x.org>, cy@x.org").split("\n")
    block = "\n".join(lines).encode("latin-1")
    (tmp_path / "a.mbox").write_bytes(f"{SEPARATOR}\n".encode() + block)
    assert na.load(tmp_path / "a.mbox").people.loc["zoe@x.org", "name"] == "Zoë"


def test_the_name_used_most_often_is_taken(read):
    log = read(
        *(mail(**{"from": f"{name} <ada@x.org>"}, message_id=f"<{n}@x.org>",
               date=f"Mon, 7 Apr 2025 14:{n}:00 +0000")
          for n, name in enumerate(["Ada", "Ada Berg", '"Ada Berg"', "ada@x.org"], start=10))
    )  # fmt: skip
    assert log.people.loc["ada@x.org", "name"] == "Ada Berg"


def test_recipients_that_name_nobody_are_counted(read):
    log = read(
        mail(to="bob@legit.com<mallory@evil.com>, ben@x.org, /O=EX/CN=CY"),
        mail(to="bob@legit.com<mallory@evil.com>"),
        mail(to="/O=EX/CN=CY"),
        mail(to="everyone"),
        mail(to="undisclosed-recipients:;"),
        mail(**{"from": "bob@legit.com<mallory@evil.com>"}),
        mail(**{"from": "Ben"}),
        mail(**{"from": "Ben", "sender": "ben@x.org"}, to="cy@x.org"),
    )
    assert reasons(log) == {
        "kept": 2,
        "suspicious address": 2,
        "Exchange id without an address": 1,
        "no recipient": 2,
        "no sender": 1,
    }
    assert reasons(log, "contact") == {"kept": 2, "no source or target": 2}
    # Whoever hides behind an Exchange id was in that mail all the same.
    assert log.to_frame()["size"].tolist() == [3, 2]
    assert "1 Exchange id without an address, 1 suspicious address" in " ".join(log.notes)


# ---- dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 7 Apr 2025 14:31:02 +0200", "12:31:02"),
        ("7 Apr 2025 14:31:02 +0200 (CEST)", "12:31:02"),
        ("Mon, 7 Apr 2025 14:31:02 -0000", "14:31:02"),
        ("Mon, 7 Apr 2025 14:31:02", "12:31:02"),
        ("Mon Apr  7 14:31:02 2025", "12:31:02"),
        ("Mon, 7 Apr 25 14:31 EDT", "18:31:00"),
    ],
)
def test_forms_of_a_date(read, date, expected):
    log = read(mail(date=date), zone="Europe/Paris")
    assert log.to_frame()["time"].iloc[0] == pd.Timestamp(f"2025-04-07 {expected}", tz="UTC")
    assert any("Europe/Paris" in note for note in log.notes) == (
        "14:31:02" in date[-13:] and "-0000" not in date
    )


@pytest.mark.parametrize(
    "date",
    [None, "", "soon", "Mon, 31 Feb 2025 14:31:02 +0000", "Mon, 7 Apr 2025 14:31:02 +9999",
     "Thu, 1 Jan 1970 00:00:00 +0000", "Fri, 1 Jan 1904 00:00:00 +0000",
     "Fri, 1 Jan 2106 00:00:00 +0000", "Mon, 7 Apr 99999 14:31:02 +0000",
     "Fri, 7 Apr 2045 14:31:02 +0000", "x" * 5_000],
)  # fmt: skip
def test_a_bad_date_is_replaced_by_the_arrival(read, date):
    arrived = "from a by b\n\twith ESMTP; Mon, 07 Apr 2025 16:00:00 +0200"
    older = "from c by d; Sun, 6 Apr 2025 16:00:00 +0200"
    text = mail(date=date).replace("From:", f"Received: {arrived}\nReceived: {older}\nFrom:")
    log = read(text)
    assert log.to_frame()["time"].iloc[0] == pd.Timestamp("2025-04-07 14:00", tz="UTC")
    assert "dated by their arrival for want of a readable date: 1" in log.notes


@pytest.mark.parametrize(
    ("separator", "time"),
    [
        ("From 1794567@xxx Mon Apr 07 14:31:02 +0000 2025", "2025-04-07 14:31:02"),
        ("From ada@x.org Mon Apr  7 14:31:02 2025", "2025-04-07 14:31:02"),
        ("From ada@x.org  Mon Apr 07 14:31 2025", "2025-04-07 14:31"),
        ("From - Mon Apr 07 14:31:02 2025", "2025-04-07 14:31:02"),
        ("From ada at x.org  7 Apr 2025 14:31:02 +0000", "2025-04-07 14:31:02"),
        ("From 6a5c0f Mon Sep 17 00:00:00 2001", None),
        ("From ada@x.org", None),
    ],
)
def test_without_any_other_date_the_separator_tells(read, separator, time):
    log = read(mail(date=None), separator=separator)
    if time is None:
        assert reasons(log) == {"no readable date": 1}
    else:
        assert log.to_frame()["time"].iloc[0] == pd.Timestamp(time, tz="UTC")


# ---- lists and programs ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "auto-generated (failure)"},
        {"auto_submitted": "auto-notified; owner-email=x"},
        {"x_autoreply": "yes"},
        {"precedence": "auto_reply"},
        {"return_path": "<>"},
        {"content_type": "multipart/report; report-type=delivery-status"},
        {"from": "No Reply <no-reply@x.org>"},
        {"from": "donotreply@x.org"},
        {"from": "x@noreply.x.org"},
        {"from": "MAILER-DAEMON@x.org"},
    ],
)
def test_mail_of_programs_is_counted_and_not_kept(read, headers):
    assert reasons(read(mail(**headers), mail())) == {"automatic mail": 1, "kept": 1}


def test_mail_that_says_it_is_not_automatic_is_kept(read):
    assert reasons(read(mail(auto_submitted="No"), mail(precedence="normal"))) == {
        "kept": 1,
        "repeat": 1,
    }


@pytest.mark.parametrize(
    "headers",
    [
        {"list_id": "Talk of X <talk.x.org>"},
        {"list_post": "<mailto:talk@x.org?subject=hi>", "list_id": "<123.other.org>"},
        {"x_beenthere": "talk@x.org"},
        {"x_mailing_list": "<talk@x.org>"},
        {"mailing_list": "list talk@x.org; contact talk-owner@x.org"},
        {"sender": "owner-talk@x.org", "precedence": "bulk"},
        {"sender": "Talk <talk-bounces+ben=x.org@x.org>", "precedence": "list"},
    ],
)
def test_list_mail_reaches_the_list_and_whom_it_names(read, headers):
    log = read(mail(to="ben@x.org", cc="talk@x.org", **headers))
    assert pairs(log) == [
        ("ada@x.org", "ben@x.org", "to"),
        ("ada@x.org", "talk@x.org", "broadcast"),
    ]
    assert log.people.query("is_bot").index.tolist() == ["talk@x.org"]
    assert na.build_network(log).people.index.tolist() == ["ada@x.org", "ben@x.org"]


def test_a_list_that_one_file_knows_is_one_in_all(tmp_path):
    write_mbox(tmp_path / "a.mbox", mail(to="Talk <talk@x.org>"))
    write_mbox(tmp_path / "b.mbox", mail(to="talk@x.org", cc="ben@x.org", list_id="<talk.x.org>"))
    log = na.load(tmp_path)
    assert log.people.query("is_bot").index.tolist() == ["talk@x.org"]
    assert na.build_network(log).people.index.tolist() == ["ada@x.org", "ben@x.org"]


def test_a_list_that_is_not_named_is_reached_all_the_same(read):
    log = read(mail(to="ben@x.org", list_post="<mailto:talk@x.org>"))
    assert ("ada@x.org", "talk@x.org", "broadcast") in pairs(log)


def test_a_newsletter_reaches_its_list_and_nobody_else(read):
    log = read(
        mail(to="ben@x.org", list_id='"News" <news.shop.org>', precedence="bulk"),
        mail(to="ben@x.org", precedence="bulk"),
    )
    assert pairs(log) == [("ada@x.org", "news@shop.org", "broadcast")]
    assert reasons(log) == {"kept": 1, "bulk mail without a list": 1}
    assert any("1 newsletters" in note for note in log.notes)


def test_who_wrote_is_found_behind_a_list_that_signs_for_him(read):
    log = read(
        mail(**{"from": "Ada via Talk <talk@x.org>"}, to="talk@x.org", cc="ben@x.org",
             list_id="<talk.x.org>", reply_to="Talk <talk@x.org>, Ada <ada@x.org>")
    )  # fmt: skip
    assert {source for source, _, _ in pairs(log)} == {"ada@x.org"}


# ---- mbox --------------------------------------------------------------------------------------


def test_only_separators_after_a_blank_line_divide(read):
    body = (
        ">From here on\nFrom Monday Apr 07 14:31:02 2025 no blank line before\n\n"
        "From the beginning of 2025, at 14:31, all\nTo: eve@x.org\n\n"
        "From eve@x.org\nis no separator: no header follows\n\n"
        "From 6a5c0f00 Mon Sep 17 00:00:00 2001\nFrom: Eve <eve@x.org>\n\n"
    )
    log = read(mail(body=body), mail(to="cy@x.org"), mail(body="", to="dee@x.org"))
    assert reasons(log) == {"kept": 3}
    assert "eve@x.org" not in everything(log)


def test_a_file_of_patches_is_divided_at_them(read):
    separator = "From 6a5c0f00 Mon Sep 17 00:00:00 2001"
    log = read(mail(), mail(to="cy@x.org"), separator=separator)
    assert reasons(log) == {"kept": 2}


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("piece", [1, 7, 64, 1 << 20])
def test_mails_do_not_depend_on_where_the_file_is_cut(tmp_path, monkeypatch, ends, piece):
    mails = [mail(body=f"{n}\n\n>From x\n\nFrom y\n", to=f"p{n}@x.org") for n in range(5)]
    mails += [mail(body="", to="last@x.org"), "\nno header at all\n"]
    text = "".join(f"{SEPARATOR}\n{one}\n" for one in mails).replace("\n", ends)
    monkeypatch.setattr(mbox, "PIECE", piece)
    monkeypatch.setattr(mbox, "LONGEST_SEPARATOR", 100)
    (tmp_path / "a.mbox").write_bytes(text.encode())
    with (tmp_path / "a.mbox").open("rb") as file:
        found = list(mbox.messages(file.read))
    assert [separator.strip() for separator, _ in found] == [SEPARATOR] * 7
    wanted = [f"To: {one}".encode() for one in ("p0@x.org", "p4@x.org", "last@x.org")]
    assert all(
        line in block
        for line, block in zip(wanted, [found[0][1], found[4][1], found[5][1]], strict=True)
    )
    assert found[6][1].strip() == b""
    assert not any(CANARY.encode() in block.split(b"Subject")[0] for _, block in found)


def test_gmail_takeout(read):
    labels = "=?UTF-8?Q?Posteingang,Ge=C3=B6ffnet?=,\n Wichtig"
    log = read(
        mail(x_gm_thrid="1794", x_gmail_labels=labels, date=None),
        mail(x_gmail_labels='"Sent"', to="cy@x.org"),
        separator="From 1794567@xxx Mon Apr 07 14:31:02 +0000 2025",
    )
    assert reasons(log) == {"kept": 2}
    assert "geöffnet" not in everything(log)


def pipermail(number: int, author: str, answers: int | None = None) -> str:
    reply = f"In-Reply-To: <{answers}@x.org>\nReferences: <{answers}@x.org>\n" if answers else ""
    return (
        f"From {author} at x.org  Mon Apr 07 14:{number}:02 2025\n"
        f"From: {author} at x.org ({author.title()}, of X)\n"
        f"Date: Mon, 7 Apr 2025 14:{number}:02\nSubject: [Talk] {CANARY}\n{reply}"
        f"Message-ID: <{number}@x.org>\n\n{CANARY}\n\n"
    )


def test_the_archive_of_a_list_tells_who_answers_whom(tmp_path):
    each = [
        pipermail(10, "ada"),
        pipermail(11, "ben", answers=10),
        pipermail(12, "cy", answers=13),  # the answer stands before what it answers
        pipermail(13, "dee", answers=11),
        pipermail(14, "eve", answers=99),
    ]
    file = tmp_path / "2025-April.txt"
    file.write_text("".join(one + one for one in each), encoding="utf-8")
    log = na.load(file)
    assert pairs(log) == [
        ("ben@x.org", "ada@x.org", "reply"),
        ("cy@x.org", "dee@x.org", "reply"),
        ("dee@x.org", "ben@x.org", "reply"),
    ]
    assert log.to_frame()["reply_to"].tolist() == ["10@x.org", "13@x.org", "11@x.org"]
    assert log.people.loc["ben@x.org", "name"] == "Ben, of X"
    counted = reasons(log)
    assert counted["kept"] == 3
    assert sum(counted.values()) == 10
    assert (
        "times without a zone are read as UTC (no zone was named; --zone changes it)" in log.notes
    )


def test_packed_archives_are_read_and_bombs_are_not(tmp_path, monkeypatch):
    file = tmp_path / "2025-April.txt.gz"
    file.write_bytes(gzip.compress(f"{SEPARATOR}\n{mail()}".encode()))
    assert reasons(na.load(file)) == {"kept": 1}
    monkeypatch.setattr(mbox, "SMALL", 100_000)
    file.write_bytes(gzip.compress(f"{SEPARATOR}\n{mail()}".encode() + b"\0" * 5_000_000))
    with pytest.raises(LoaderError, match=r"April\.txt\.gz: unpacks to more than 100 times"):
        na.load(file)
    whole = gzip.compress(f"{SEPARATOR}\n{mail()}".encode() + os.urandom(30_000))
    file.write_bytes(whole[:20_000])
    with pytest.raises(LoaderError, match="cannot be unpacked"):
        na.load(file)


@pytest.mark.parametrize("name", ["Inbox", "Sent-1", "mbox", "a.mbox", "a.mbx", "2025.txt"])
def test_an_mbox_is_known_by_its_first_lines(tmp_path, name):
    assert reasons(na.load(write_mbox(tmp_path / name, mail()))) == {"kept": 1}


def test_a_mark_before_the_first_separator_of_an_mbox_is_passed_over(tmp_path):
    file = write_mbox(tmp_path / "a.mbox", mail(to="cy@x.org"), mail(to="dee@x.org"))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    log = na.load(file)
    assert (set(log.card["kind"]), reasons(log)) == ({"mbox"}, {"kept": 2})
    packed = tmp_path / "b.mbox.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert reasons(na.load(packed)) == {"kept": 2}


def test_an_mbox_that_is_called_a_mail_is_read_whole(tmp_path):
    for name in ("a.mbox", "a.eml"):
        several = write_mbox(tmp_path / name, mail(to="cy@x.org"), mail(to="dee@x.org"))
        assert reasons(na.load(several, kind="eml")) == {"kept": 2}


def test_folders_of_mail_programs(tmp_path):
    profile = tmp_path / "ImapMail" / "x.org"
    profile.mkdir(parents=True)
    write_mbox(
        profile / "INBOX",
        mail(x_mozilla_status="0001"),
        separator="From - Mon Apr 07 14:31:02 2025",
    )
    (profile / "INBOX.msf").write_text("// <!-- <mdb:mork:z v='1.4'/> -->")
    apple = tmp_path / "Work.mbox"
    apple.mkdir()
    write_mbox(apple / "mbox", mail(to="cy@x.org"))
    (tmp_path / "Empty.mbox").touch()
    card = na.load(tmp_path).card
    kinds = {(row.file, row.kind) for row in card.itertuples()}
    assert kinds == {
        ("Empty.mbox", "mbox"),
        ("ImapMail/x.org/INBOX", "mbox"),
        ("Work.mbox/mbox", "mbox"),
        ("ImapMail/x.org/INBOX.msf", "unknown"),
    }
    assert card.loc[card["reason"] == "kept", "n"].sum() == 2


def test_what_is_no_mbox_is_refused_in_one_line(tmp_path):
    (tmp_path / "a.txt").write_text("Dear Ada,\n\nFrom now on\n")
    with pytest.raises(
        LoaderError, match=r'^a\.txt: is no mbox: its first line is no "From " line'
    ):
        na.load(tmp_path / "a.txt", kind="mbox")


@pytest.mark.parametrize(
    "header",
    [
        "X-Long: " + "x" * 1_100_000,
        "To: " + ",\n ".join(f"person{n:06}@example.org" for n in range(40_000)),
        "\n".join(f"X-{n}: {'y' * 1_000}" for n in range(4_500)),
        "\n".join(f"X-{n}: y" for n in range(60_000)),
    ],
)
def test_absurdly_long_headers_are_refused_and_the_next_mail_is_read(read, header):
    assert len(header) > 500_000
    log = read(mail(to="cy@x.org"), f"{header}\n{mail()}", mail(to="dee@x.org"))
    assert reasons(log) == {"header too long": 1, "kept": 2}


# ---- files of one mail -------------------------------------------------------------------------


def test_single_mails(tmp_path):
    (tmp_path / "a.eml").write_text(mail(to="a@x.org"))
    (tmp_path / "b.EML").write_bytes(mail(to="b@x.org").replace("\n", "\r\n").encode())
    (tmp_path / "c.eml").write_text(f"{SEPARATOR}\n{mail(to='c@x.org', date=None)}")
    (tmp_path / "d.emlx").write_text(
        f'{len(mail())}      \n{mail(to="d@x.org")}<?xml version="1.0"?>'
    )
    (tmp_path / "msg_01.txt").write_text(mail(to="e@x.org"))
    (tmp_path / "1700.M1.host:2,S").write_text(mail(to="f@x.org"))
    for path in sorted(tmp_path.iterdir()):
        log = na.load(path)
        assert set(log.card["kind"]) == {"eml"}
        assert reasons(log) == {"kept": 1}
    log = na.load(tmp_path)
    assert log.card["file"].unique().tolist() == [tmp_path.name]
    assert reasons(log) == {"kept": 6}


def test_a_folder_with_something_else_is_read_file_by_file(tmp_path):
    (tmp_path / "a.eml").write_text(mail(to="a@x.org"))
    (tmp_path / "b.eml").write_text(mail(to="b@x.org"))
    (tmp_path / "notes.md").write_text("no mail")
    card = na.load(tmp_path).card
    assert card["file"].unique().tolist() == ["a.eml", "b.eml", "notes.md"]


@pytest.mark.parametrize(
    ("head", "is_mail"),
    [
        (mail(), True),
        ("Return-Path: <a@x.org>\nX-Odd: 1\nReceived: by x\n\tid 1\n", True),
        ("From: a@x.org\nTo: b@x.org\nSubject: x\nno blank line before the body", True),
        ("From: a@x.org\nTo: b@x.org\nsee you\n", False),
        ("Subject: x\nTo: everybody\n\n", False),
        ("BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nEND:VCARD\n", False),
        ("time,source,target\n2025-01-01,a,b\n", False),
        ("", False),
    ],
)
def test_a_mail_is_known_by_its_headers(head, is_mail):
    assert looks_like_mail(head.encode()) is is_mail


def test_a_single_mail_without_anything(tmp_path):
    (tmp_path / "a.eml").write_text(f"\n{CANARY}: x\nTo: eve@x.org\n")
    log = na.load(tmp_path / "a.eml", kind="eml")
    assert reasons(log) == {"no headers": 1}


def test_a_maildir_with_its_subfolders(tmp_path):
    box = tmp_path / "Mail"
    for folder in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new", "deep/er/cur"):
        (box / folder).mkdir(parents=True)
    (box / "cur" / "1.M1.host:2,S").write_text(mail(to="a@x.org", message_id="<1@x.org>"))
    (box / "cur" / "2.M2.host:2,DS").write_text(mail(to="unsent@x.org"))
    (box / "cur" / "3.M3.host:2,S").write_text("")
    (box / "new" / "4.M4.host").write_text(mail(to="b@x.org"))
    (box / "tmp" / "5.M5.host").write_text(mail(to="undelivered@x.org"))
    (box / ".Sent" / "cur" / "6.M6.host:2,S").write_text(mail(to="c@x.org"))
    (box / ".Sent" / "cur" / "7.M7.host:2,S").write_text(mail(message_id="<1@x.org>"))
    (box / "deep" / "er" / "cur" / "8.M8.host:2,S").write_text(mail(to="d@x.org"))
    (box / "dovecot-uidlist").write_text("3 V1 N2\n")
    (tmp_path / "outside").write_text(mail(to="outside@x.org"))
    (box / "cur" / "9.M9.host:2,S").symlink_to(tmp_path / "outside")
    (box / ".Away").symlink_to(tmp_path)
    log = na.load(box)
    assert reasons(log) == {
        "kept": 4,
        "repeat": 1,
        "draft": 1,
        "no headers": 1,
        "not read: still in delivery": 1,
        "not read: no mail": 1,
        "not read: a link, or no file": 2,
    }
    # The subfolder .Sent comes first, so that its copy of <1@x.org> is the one that counts.
    assert {target for _, target, _ in pairs(log)} == {f"{x}@x.org" for x in ("ben", *"bcd")}
    assert set(log.card["kind"]) == {"maildir"}
    assert "Mail" in na.load(tmp_path).card["file"].tolist()


def test_kinds_are_told_apart(tmp_path):
    discover()
    files = {
        "a.mbox": f"{SEPARATOR}\n{mail()}",
        "a.eml": mail(),
        "a.csv": "time,source,target\n2025-01-01,a,b\n",
        "a.ics": "BEGIN:VCALENDAR\nEND:VCALENDAR\n",
        "a.pst": "!BDN rest",
        "From": "From here to there\n",
        "a.json": "{}",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "empty").touch()
    (tmp_path / "box" / "cur").mkdir(parents=True)
    (tmp_path / "box" / "new").mkdir()
    os.mkfifo(tmp_path / "pipe.eml")
    known = {
        kind: {
            path.name for path in tmp_path.iterdir() if registry.loaders()[kind].recognises(path)
        }
        for kind in ("mbox", "eml", "maildir", "pst")
    }
    assert known == {"mbox": {"a.mbox"}, "eml": {"a.eml"}, "maildir": {"box"}, "pst": {"a.pst"}}
    for kind in known:
        for other in (pd.DataFrame(), None, "a.mbox", tmp_path / "missing"):
            assert not registry.loaders()[kind].recognises(other)


# ---- Outlook -----------------------------------------------------------------------------------


class Entry:
    """A property as the library gives it."""

    def __init__(self, number: int, value: object) -> None:
        self.entry_type = number
        self.value_type = 0x0003 if isinstance(value, int) else 0x001F
        self.data_as_integer = self.data_as_string = value


class Row:
    def __init__(self, values: dict[int, object]) -> None:
        self.entries = [Entry(number, value) for number, value in values.items()]


class Item:
    """A mail as the library gives it: any access to its texts is an error."""

    def __init__(
        self, headers: str | None = None, recipients=(), sent=None, **values: object
    ) -> None:
        numbers = {
            "kind": 0x001A, "flags": 0x0E07, "id": 0x1035, "answers": 0x1042, "smtp": 0x5D01,
            "exchange": 0x0065, "sender_name": 0x0C1A,
        }  # fmt: skip
        self._headers, self._sent = headers, sent
        self.record_sets = [Row({numbers[name]: value for name, value in values.items()})]
        self.recipients = types.SimpleNamespace(record_sets=[Row(one) for one in recipients])

    def get_transport_headers(self):
        return self._headers

    def get_client_submit_time(self):
        if self._sent is None:
            raise OSError("unable to retrieve message client submit time record entry")
        return self._sent

    def get_delivery_time(self):
        raise OSError("unable to retrieve delivery time")

    def __getattr__(self, name: str):
        raise OSError(f"{name} was asked for")


class Broken(Item):
    def get_transport_headers(self):
        raise OSError("unable to read")


class Folder:
    def __init__(self, messages=(), folders=()) -> None:
        self._messages, self._folders = list(messages), list(folders)
        self.number_of_sub_messages = len(self._messages) + 1
        self.number_of_sub_folders = len(self._folders)

    def get_sub_message(self, place: int):
        if place == len(self._messages):
            raise OSError("a damaged item")
        return self._messages[place]

    def get_sub_folder(self, place: int):
        return self._folders[place]


@pytest.fixture
def outlook(tmp_path, monkeypatch):
    """Load an Outlook file whose content is given."""

    def loaded(root: Folder):
        def opened():
            return types.SimpleNamespace(
                open=lambda path: None, close=lambda: None, get_root_folder=lambda: root
            )

        monkeypatch.setitem(sys.modules, "pypff", types.SimpleNamespace(file=opened))
        (tmp_path / "a.pst").write_bytes(b"!BDN")
        return na.load(tmp_path / "a.pst")

    return loaded


def test_outlook_files(outlook):
    sent = pd.Timestamp("2025-04-07 16:00").to_pydatetime()
    people = [
        {0x39FE: "ben@x.org", 0x3003: "/O=EX/CN=BEN", 0x3001: 'Ben "B" Doe', 0x0C15: 1},
        {0x3003: "cy@x.org", 0x3001: "Cy", 0x0C15: 2},
        {0x3003: "/O=EX/CN=DEE", 0x3001: "Dee", 0x0C15: 3},
    ]
    arrived = mail(message_id="<1@x.org>").replace("\n", "\r\n")
    answer = Item(
        recipients=people, sent=sent, smtp="ada@x.org", sender_name="Ada", id="<2@x.org>",
        answers="<1@x.org>", kind="IPM.Note",
    )  # fmt: skip
    others = [
        Item(kind="IPM.Appointment"),
        Item(kind="IPM.Contact"),
        Item(kind="IPM.StickyNote"),
        Item(kind="IPM.Schedule.Meeting.Request"),
        Item(kind="REPORT.IPM.Note.NDR"),
        Item(flags=0x9),
        Broken(),
        Item(headers="X: " + "y" * 1_100_000),
    ]
    log = outlook(
        Folder([Item(headers=arrived), Item(headers=arrived)], [Folder([answer]), Folder(others)])
    )
    assert pairs(log) == [
        ("ada@x.org", "ben@x.org", "to"),
        ("ada@x.org", "ben@x.org", "to"),
        ("ada@x.org", "cy@x.org", "cc"),
    ]
    assert log.to_frame()["size"].tolist() == [2, 4, 4]
    assert log.to_frame()["reply_to"].tolist()[1:] == ["1@x.org", "1@x.org"]
    assert log.people.loc["ben@x.org", "name"] == "Ben 'B' Doe"
    assert reasons(log) == {
        "kept": 2,
        "repeat": 1,
        "automatic mail": 1,
        "draft": 1,
        "header too long": 1,
        "malformed mail": 4,
        "not read: another Outlook item": 1,
        "not read: appointment": 1,
        "not read: contact": 1,
        "not read: meeting request": 1,
    }


def test_without_the_library_outlook_files_say_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pypff", None)
    (tmp_path / "a.pst").write_bytes(b"!BDN")
    with pytest.raises(LoaderError, match=r"^a\.pst: .*pip install libpff-python.*\.eml or mbox$"):
        na.load(tmp_path / "a.pst")


def test_the_library_has_what_the_loader_asks_for(tmp_path):
    library = pytest.importorskip("pypff")
    asked = {
        "file": ("open", "close", "get_root_folder"),
        "folder": (
            "number_of_sub_messages", "number_of_sub_folders", "get_sub_message", "get_sub_folder",
        ),
        "message": (
            "get_transport_headers", "get_client_submit_time", "get_delivery_time", "recipients",
            "record_sets",
        ),
        "recipients": ("record_sets",),
        "record_set": ("entries",),
        "record_entry": ("entry_type", "value_type", "data_as_integer", "data_as_string"),
    }  # fmt: skip
    for kind, names in asked.items():
        assert all(hasattr(getattr(library, kind), name) for name in names), kind
    (tmp_path / "a.pst").write_bytes(b"!BDN" + b"\0" * 2_000)
    with pytest.raises(LoaderError, match=r"^a\.pst: cannot be read as an Outlook file"):
        na.load(tmp_path / "a.pst")


# ---- nothing of what was written ---------------------------------------------------------------


def test_nothing_of_a_subject_or_body_is_kept(tmp_path):
    body = f"{CANARY}\n\nFrom: {CANARY}@x.org\nTo: {CANARY}@x.org\n\n--x\n{CANARY}\n"
    mails = [
        mail(body=body, comments=CANARY, keywords=CANARY, thread_topic=CANARY),
        mail(body=body, to=None, cc="cy@x.org", in_reply_to=f'your "{CANARY}"'),
        mail(body=body, message_id=None, to="dee@x.org", subject=f"=?utf-8?Q?{CANARY}?=\n x"),
        mail(body=body, list_id=f"{CANARY} <talk.x.org>", to="talk@x.org"),
    ]
    (tmp_path / "box" / "cur").mkdir(parents=True)
    for number, text in enumerate(mails):
        (tmp_path / f"{number}.eml").write_text(text)
        (tmp_path / "box" / "cur" / f"{number}:2,").write_text(text.replace("ada@", "eve@"))
    write_mbox(tmp_path / "a.mbox", *(text.replace("ada@", "fay@") for text in mails))
    log = na.load(tmp_path)
    assert len(log) == 12
    assert CANARY not in everything(log)


# ---- the samples of others ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "mails", "distinct"),
    [
        ("default", 53, 52), ("lkml", 210, 176), ("duplicate", 9, 3), ("threading", 12, None),
        ("protected-headers", 19, None), ("broken", 4, None), ("attachment", 2, None),
        ("html", 2, None), ("indexing", 2, None), ("insert", 1, None), ("mangling", 1, None),
        ("pkcs7", 1, None),
    ],
)  # fmt: skip
def test_sample_maildirs(folder, mails, distinct):
    log = na.load(shared(f"data/formats/maildir/{folder}"))
    counted = reasons(log)
    assert sum(counted.values()) == mails
    # What is not kept is mail to oneself, a copy, or the one mail whose date has no year.
    assert set(counted) <= {"kept", "self-contact", "repeat", "no readable date"}
    assert counted.get("no readable date", 0) == (folder == "attachment")
    if distinct:
        assert mails - counted.get("repeat", 0) == distinct


def test_sample_maildirs_together():
    log = na.load(shared("data/formats/maildir"))
    assert sum(reasons(log).values()) == 316
    assert reasons(log, "file") == {"no loader knows it": 1}  # the README


def test_sample_of_a_discussion_list():
    log = na.load(shared("data/formats/maildir/lkml"))
    frame = log.to_frame()
    assert set(frame["role"]) == {"to", "cc", "broadcast"}
    lists = set(log.people.query("is_bot").index)
    assert "linux-kernel@vger.kernel.org" in lists
    assert set(frame.loc[frame["role"] == "broadcast", "target"]) <= lists
    assert frame["reply_to"].notna().mean() > 0.5
    net = na.build_network(log)
    assert not lists & set(net.people.index)


def test_sample_single_mails():
    folder = shared("data/formats/email")
    log = na.load(folder, kind="eml")
    counted = reasons(log)
    assert sum(counted.values()) == 47
    assert counted["automatic mail"] == 4
    assert counted["no headers"] == 1  # msg_19 is the body of a digest
    by_itself = na.load(folder)
    units = by_itself.card[by_itself.card["unit"] != "contact"]
    assert units["n"].sum() == 47


# ---- anything ----------------------------------------------------------------------------------


GOOD = [
    f"{SEPARATOR}\n{mail(to='Team: a@x.org, B <b@x.org>;', cc='=?utf-8?Q?Zo=C3=AB?= <z@x.org>')}\n"
    f"{SEPARATOR}\r\n"
    f"{mail(list_id='<talk.x.org>', received='by x; Mon, 07 Apr 2025 16:00:00 +0200')}\n",
    pipermail(10, "ada") + pipermail(11, "ben", answers=10),
]


@st.composite
def mutated(draw: st.DrawFn, good: list[bytes]) -> bytes:
    """Random bytes, or a good file with pieces changed, moved, repeated or cut out."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.binary(max_size=400))
    text = draw(st.sampled_from(good))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        stop = min(len(text), start + draw(st.integers(0, 60)))
        other = draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from(
                    [b"\n", b"\n\n", b"\r", b"<", b"(", b'"', b"=?utf-16?B?2AA=?=", b"\0"]
                ),
                st.just(text[start:stop] * 3),
            )
        )
        text = text[:start] + other + text[stop:]
    return text


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("mail")


class Frames:
    """Takes rows as an engine does, without the time that one takes."""

    def __init__(self) -> None:
        self.taken: list[pd.DataFrame] = []

    def register(self, frame: pd.DataFrame) -> str:
        self.taken.append(frame)
        return "frame"


def check_any_mail(text: bytes, scratch: Path) -> None:
    discover()
    (scratch / "box" / "cur").mkdir(parents=True, exist_ok=True)
    for kind, path in (
        ("mbox", scratch / "any"),
        ("eml", scratch / "any"),
        ("maildir", scratch / "box"),
    ):
        (path / "cur" / "any" if path.is_dir() else path).write_bytes(text)
        card = registry.loaders()[kind]
        card.recognises(path)
        several = kind == "mbox" or (kind == "eml" and registry.loaders()["mbox"].recognises(path))
        engine = Frames()
        try:
            batch = card.function(path, Options(), engine)
        except LoaderError as error:
            assert "\n" not in str(error)
            assert several
            continue
        rows = pd.concat(engine.taken)
        total = rows["record"].nunique() + sum(n for _, n in batch.skipped)
        assert total == 1 or several
        assert rows["time"].notna().all()
        assert rows["source"].str.contains("@").all()
        if batch.people is not None:
            schema.people_table(batch.people)


GOOD_BYTES = [text.encode() for text in GOOD] + [mail().encode()]
ANY = {"deadline": timedelta(seconds=20), "suppress_health_check": [HealthCheck.too_slow]}


@settings(max_examples=100, **ANY)
@given(text=mutated(GOOD_BYTES))
def test_any_bytes_are_read_or_refused(scratch, text):
    check_any_mail(text, scratch)


@pytest.mark.nightly
@settings(max_examples=2_000, **ANY)
@given(text=mutated(GOOD_BYTES))
def test_any_bytes_are_read_or_refused_at_length(scratch, text):
    check_any_mail(text, scratch)


def check_any_outlook(text: bytes, scratch: Path) -> None:
    discover()
    path = scratch / "any.pst"
    path.write_bytes(b"!BDN" + text)
    with pytest.raises(LoaderError):
        registry.loaders()["pst"].function(path, Options(), Frames())


@settings(max_examples=100, **ANY)
@given(text=st.binary(max_size=3_000))
def test_any_bytes_are_no_outlook_file(scratch, text):
    pytest.importorskip("pypff")
    check_any_outlook(text, scratch)


@pytest.mark.nightly
@settings(max_examples=2_000, **ANY)
@given(text=st.binary(max_size=10_000))
def test_any_bytes_are_no_outlook_file_at_length(scratch, text):
    pytest.importorskip("pypff")
    check_any_outlook(text, scratch)


def test_a_mark_before_the_first_header_of_a_mail_is_passed_over(tmp_path):
    text = "From: ada@x.org\nTo: ben@x.org\nDate: Mon, 5 Jan 2026 09:00:00 +0000\n\nHello\n"
    file = tmp_path / "a.eml"
    file.write_text(text, encoding="utf-8-sig")
    assert na.load(file).to_frame()[["source", "target"]].to_numpy().tolist() == [
        ["ada@x.org", "ben@x.org"]
    ]
