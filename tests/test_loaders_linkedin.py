"""LinkedIn exports: every table by its header, every person by the profile, every row counted."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netanalytics as na
from netanalytics.errors import LoaderError
from netanalytics.loaders import linkedin
from netanalytics.loaders._linkedin import is_gone, slug_of, table_in

from .conftest import SHARED, shared
from .exports import (
    CANARY,
    ENGINE,
    broken,
    contacts,
    counts,
    everything,
    lay_out,
    load,
    mutated,
    read_safely,
    zipped,
)

P = "https://www.linkedin.com/in/"
ME = P + "me-myself"

CONNECTIONS = (
    "\ufeffNotes:\n"
    '"When exporting your connection data, you may notice that some are missing."\n'
    "\n"
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    f"Ada,Berg,{P}Ada-Berg/,Ada@X.org,Acme,Chief,30 Apr 2026\n"
    f'Ben,"Cole, PhD",{P}ben-cole?trk=contact-info,,Bolt,Clerk,01 Mar 2026\n'
    ",,,,,,30 Apr 2026\n"
    "Restricted,Member,,,,,02 Feb 2020\n"
    f"Zoë,Ünal,http://linkedin.com/in/zo%C3%AB-unal,,,,Smarch 2026\n"
)
HEAD = (
    "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,"
    "SUBJECT,CONTENT,FOLDER,ATTACHMENTS,IS MESSAGE DRAFT\n"
)
MESSAGES = HEAD + (
    f'c1,{CANARY},Ada Berg,{P}ada-berg,Me Myself,{ME},2026-07-01 12:00:00 UTC,{CANARY},"two\n'
    f'lines, {CANARY}",INBOX,,No\n'
    f"c1,{CANARY},Me Myself,{ME},Ada Berg,{P}ada-berg,2026-07-01 10:00:00 UTC,,{CANARY},INBOX,,No\n"
    f'g1,,Me Myself,{ME},"Ada Berg,Ben Cole, PhD,Cy","{P}ada-berg,{P}ben-cole,{P}cy",'
    f"2026-07-02 10:00:00 UTC,,{CANARY},INBOX,,No\n"
    f'g1,,Cy,{P}cy,"Me Myself,Ada Berg,LinkedIn Member","{ME},{P}ada-berg",'
    f"2026-07-02 11:00:00 UTC,,{CANARY},INBOX,,No\n"
    f"c2,,Me Myself,{ME},Ada Berg,{P}ada-berg,2026-07-03 10:00:00 UTC,,{CANARY},INBOX,,Yes\n"
    f"c3,,LinkedIn Member,,Me Myself,{ME},2026-07-03 10:00:00 UTC,,{CANARY},INBOX,,No\n"
    f"c4,Sponsored Conversation,Brand,,Me Myself,{ME},2026-07-03 10:00:00 UTC,,x,INBOX,,No\n"
    f"c5,,Spammer,{P}spam,Me Myself,{ME},2026-07-03 10:00:00 UTC,,x,SPAM,,No\n"
    f"c6,,Ada Berg,{P}ada-berg,Me Myself,{ME},soon,,x,INBOX,,No\n"
)
INVITATIONS = (
    "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n"
    f'Me Myself,Dee Park,"7/8/26, 3:43 PM",{CANARY},OUTGOING,{ME},{P}dee\n'
    f'Ada Berg,Me Myself,"4/20/26, 12:05 AM",,INCOMING,{P}ada-berg,{ME}\n'
    f'Gone Person,,"4/20/26, 12:05 AM",,OUTGOING,{ME},\n'
)
GIVEN = (
    "First Name,Last Name,Company,Job Title,Text,Creation Date,Status\n"
    f'Ada,Berg,Acme,Chief,"{CANARY}","01/24/26, 03:00 PM",VISIBLE\n'
)
RECEIVED = GIVEN.replace("Ada,Berg,Acme,Chief", "Eve,Ray,Echo,Boss")
ENDORSED = (
    "Endorsement Date,Skill Name,Endorsee First Name,Endorsee Last Name,Endorsee Public Url,"
    "Endorsement Status\n"
    f"2023/03/01 19:52:23 UTC,{CANARY},Ben,Cole,www.linkedin.com/in/ben-cole,ACCEPTED\n"
    f"2023/03/01 19:52:23 UTC,{CANARY} too,Ben,Cole,www.linkedin.com/in/ben-cole,ACCEPTED\n"
)
ENDORSED_BY = ENDORSED.replace("Endorsee", "Endorser").replace("Ben,Cole", "Fay,Orr")
PROFILE = f"First Name,Last Name,Maiden Name,Headline,Summary\nMe,Myself,,{CANARY},{CANARY}\n"

EXPORT = {
    "Connections.csv": CONNECTIONS,
    "messages.csv": MESSAGES,
    "Invitations.csv": INVITATIONS,
    "Recommendations_Given.csv": GIVEN,
    "Recommendations Received.csv": RECEIVED,
    "Endorsement_Given_Info.csv": ENDORSED,
    "Endorsement_Received_Info.csv": ENDORSED_BY,
    "Profile.csv": PROFILE,
    "Skills.csv": f"Name\n{CANARY}\n",
    "guide_messages.csv": HEAD + f"g,,Coach,,Me,{ME},2026-07-03 10:00:00 UTC,,{CANARY},INBOX,,No\n",
    "Jobs/Job Applications.csv": "Application Date,Company Name\n1/1/26,Acme\n",
    "Articles/one.html": f"<p>{CANARY}",
}


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return load(lay_out(tmp_path_factory.mktemp("export") / "linkedin", EXPORT))


def of(log, channel: str, *columns: str) -> list[tuple]:
    return contacts(log.where(channel=channel), *columns)


def test_connections(log):
    assert of(log, "connection", "source", "target", "directed") == [
        ("ben-cole", "me-myself", False),
        ("ada-berg", "me-myself", False),
    ]
    assert counts(log, "connection") == {
        "kept": 2,
        "member who left or is hidden": 2,
        "no readable date": 1,
    }
    ada = log.people.loc["ada-berg"]
    assert ada[["name", "addresses", "organisation", "title"]].tolist() == [
        "Ada Berg",
        "ada@x.org",
        "Acme",
        "Chief",
    ]
    assert log.people.loc["zoë-unal", "name"] == "Zoë Ünal"


def test_messages(log):
    rows = of(log, "message", "source", "target", "size", "role")
    assert rows == [
        ("me-myself", "ada-berg", 2, "to"),
        ("ada-berg", "me-myself", 2, "to"),
        ("me-myself", "ada-berg", 4, "to"),
        ("me-myself", "ben-cole", 4, "to"),
        ("me-myself", "cy", 4, "to"),
        ("cy", "ada-berg", 4, "to"),
        ("cy", "me-myself", 4, "to"),
    ]
    assert counts(log, "message") == {
        "kept": 4,
        "draft": 1,
        "member who left or is hidden": 1,
        "sponsored message": 1,
        "in the folder for spam": 1,
        "no readable date": 1,
    }


def test_an_answer_is_the_last_message_of_somebody_else_in_the_conversation(log):
    frame = log.where(channel="message").to_frame()
    events = frame.groupby("time", sort=True)["event"].first().tolist()
    replies = frame.groupby("time", sort=True)["reply_to"].first().astype(object)
    assert [None if pd.isna(one) else one for one in replies] == [None, events[0], None, events[2]]
    net = na.build_network(log, as_of="2026-08-01")
    tie = net.ties.loc[("ada-berg", "me-myself")]
    assert (tie["answered_forward"], tie["answer_hours_forward"]) == (1, 2.0)


def test_invitations_recommendations_and_endorsements(log):
    assert of(log, "invitation", "time", "source", "target") == [
        (pd.Timestamp("2026-04-20 00:05", tz="UTC"), "ada-berg", "me-myself"),
        (pd.Timestamp("2026-07-08 15:43", tz="UTC"), "me-myself", "dee"),
    ]
    assert counts(log, "invitation") == {"kept": 2, "member who left or is hidden": 1}
    assert of(log, "recommendation", "source", "target") == [
        ("Eve Ray", "me-myself"),
        ("me-myself", "ada-berg"),
    ]
    assert of(log, "endorsement", "source", "target", "size") == [
        ("ben-cole", "me-myself", 2),
        ("me-myself", "ben-cole", 2),
    ]
    assert counts(log, "endorsement") == {"kept": 2, "repeat": 2}


def test_every_file_is_in_the_card(log):
    files = log.card[(log.card["unit"] == "file") & (log.card["n"] > 0)]
    assert dict(zip(files["file"], files["reason"], strict=True)) == {
        "linkedin/Skills.csv": "not read: nothing in it says who reached whom",
        "linkedin/guide_messages.csv": "not read: a conversation with a program",
        "linkedin/Jobs/Job Applications.csv": "not read: nothing in it says who reached whom",
        "linkedin/Profile.csv": "read for the name of whose export it is",
        "linkedin/other files": "not read: nothing in it says who reached whom",
    }


def test_no_text_is_kept(log):
    assert CANARY not in everything(log)
    assert "2026-07-01" in everything(log)


def test_a_zip_and_a_folder_in_it_give_the_same_log(log, tmp_path):
    columns = ["time", "source", "target", "channel", "event", "size", "role", "reply_to"]
    expected = log.to_frame()[columns]
    for number, prefix in enumerate(("", "Complete_LinkedInDataExport/")):
        files = {prefix + name: content for name, content in EXPORT.items()}
        packed = load(zipped(tmp_path / f"{number}.zip", files))
        pd.testing.assert_frame_equal(packed.to_frame()[columns], expected)


def test_a_folder_with_other_things_leaves_them_to_other_loaders(tmp_path, log):
    lay_out(tmp_path, EXPORT)
    lay_out(tmp_path, {"log.csv": "time,source,target\n2026-01-05,x,y\n"})
    mixed = load(tmp_path)
    assert ("x", "y") in contacts(mixed, "source", "target")
    assert len(mixed) == len(log) + 1
    # Each table is read by itself, and still belongs to the same person.
    assert set(mixed.where(channel="connection").to_frame()["target"]) == {"me-myself"}


def test_single_tables(tmp_path):
    lay_out(tmp_path, EXPORT)
    assert len(load(tmp_path / "Connections.csv")) == 2
    assert len(load(tmp_path / "messages.csv")) == 7
    profile = load(tmp_path / "Profile.csv")
    assert len(profile) == 0
    assert counts(profile, "file") == {"read for the name of whose export it is": 1}
    with pytest.raises(LoaderError, match="no table of a LinkedIn export"):
        load(tmp_path / "Skills.csv", kind="linkedin")


# ---- headers -----------------------------------------------------------------------------------

LOCAL = {
    "en": ("First Name,Last Name,URL,Email Address,Company,Position,Connected On", "04 Mar 2026"),
    "de": ("Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Verbunden am", "4. März 2026"),
    "fr": ("Prénom,Nom,URL,Adresse e-mail,Entreprise,Poste,Date de connexion", "04 mars 2026"),
    "fr2": ("Prénom,Nom,URL,Adresse e-mail,Société,Fonction,Connecté(e) le", "4 mars 2026"),
    "es": (
        "Nombre,Apellidos,URL,Dirección de correo electrónico,Empresa,Cargo,Conectado el",
        "04 de mar. de 2026",
    ),
    "pt": ("Nome,Sobrenome,URL,Endereço de e-mail,Empresa,Cargo,Conectado em", "04 de mar de 2026"),
    "it": ("Nome,Cognome,URL,Indirizzo e-mail,Azienda,Posizione,Collegato il", "4 mar 2026"),
    "nl": ("Voornaam,Achternaam,URL,E-mailadres,Bedrijf,Functie,Verbonden op", "4 mrt. 2026"),
    "new": (
        "Vorname,Nachname,URL,E-Mail-Adresse,Firma,Position,Im Netzwerk seit dem",
        "04 Mar 2026",
    ),
}


@pytest.mark.parametrize("language", LOCAL)
def test_headers_of_seven_languages(tmp_path, language):
    header, date = LOCAL[language]
    text = f"{header}\nAda,Berg,{P}ada-berg,ada@x.org,Acme,Chief,{date}\n"
    frame = load(lay_out(tmp_path, {"Connections.csv": text}) / "Connections.csv").to_frame()
    assert frame["time"].tolist() == [pd.Timestamp("2026-03-04", tz="UTC")]


@pytest.mark.parametrize("preamble", ["", "\ufeff", "Notes:\n\n", 'Notes:\n"a, b"\nc\nd,e,f\n\n'])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_preambles_and_delimiters(tmp_path, preamble, delimiter):
    rows = f"Last Name,URL,First Name,Connected On\nBerg,{P}ada-berg,Ada,4 Mar 2026\n"
    text = preamble + rows.replace(",", delimiter)
    frame = load(lay_out(tmp_path, {"Connections.csv": text}) / "Connections.csv").to_frame()
    assert frame[["source", "target"]].to_numpy().tolist() == [["ada-berg", "me"]]


def test_old_connections_without_profiles_are_known_by_name(tmp_path):
    text = (
        "First Name,Last Name,Email Address,Company,Position,Connected On\nAda,Berg,,,,4 Mar 2026\n"
    )
    log = load(lay_out(tmp_path, {"Connections.csv": text}) / "Connections.csv")
    assert contacts(log, "source", "target") == [("Ada Berg", "me")]
    assert any("'me'" in note for note in log.notes)


@pytest.mark.parametrize("columns", [8, 9, 10, 11, 12])
def test_messages_of_any_width(tmp_path, columns):
    names = {
        "8": "headers_only/linkedin_messages_8col.csv",
        "9": "headers_only/linkedin_messages_9col.csv",
        "10": "headers_only/linkedin_messages_10col.csv",
        "11": "headers_only/linkedin_messages_11col_bom.csv",
        "12": "headers_only/linkedin_messages_12col_draft_flags.csv",
    }
    header = shared(f"data/formats/{names[str(columns)]}").read_text("utf-8").strip("\n")
    cells = {
        "CONVERSATION ID": "c1",
        "FROM": "Ada Berg",
        "SENDER PROFILE URL": P + "ada-berg",
        "TO": "Me Myself",
        "DATE": "2026-07-01 10:00:00 UTC",
        "CONTENT": CANARY,
    }
    rows = [cells, {**cells, "FROM": "Ben Cole", "SENDER PROFILE URL": P + "ben"}]
    table = [
        ",".join(row.get(name, "") for name in header.lstrip("\ufeff").split(",")) for row in rows
    ]
    log = load(lay_out(tmp_path, {"messages.csv": "\n".join([header, *table])}) / "messages.csv")
    assert contacts(log, "source", "target") == [("ada-berg", "Me Myself"), ("ben", "Me Myself")]
    assert CANARY not in everything(log)


@pytest.mark.parametrize(
    "name",
    ["Connections_current", "Connections_old_no_preamble", "Invitations", "messages_10col"],
)
def test_headers_of_the_samples(name):
    path = shared(f"data/formats/headers_only/linkedin_{name}.csv")
    assert linkedin.recognises(path)
    log = load(path)
    assert len(log) == 0
    assert log.card["n"].sum() == 0


def test_the_sample_is_accounted_for():
    log = load(shared("data/formats/linkedin"))
    assert counts(log, "connection") == {"kept": 10}
    assert counts(log, "message") == {"kept": 11}
    # The owner has no profile in the sample, only a name that takes part in everything.
    assert set(log.where(channel="connection").to_frame()["source"]) == {"Test User"}
    frame = log.where(channel="message").to_frame()
    assert frame["reply_to"].notna().sum() == 7


# ---- whose export ------------------------------------------------------------------------------


def test_the_owner_by_direction_where_messages_do_not_tell(tmp_path):
    one = HEAD + f"c,,A,{P}a,B,{P}b,2026-07-01 12:00:00 UTC,,,,,\n"
    two = INVITATIONS.replace("ada-berg", "a").replace("me-myself", "b")
    log = load(
        lay_out(
            tmp_path / "x",
            {"messages.csv": one, "Invitations.csv": two, "Connections.csv": CONNECTIONS},
        )
    )
    assert of(log, "connection", "source", "target") == [("b", "ben-cole"), ("ada-berg", "b")]


def test_the_owner_by_name(tmp_path):
    files = {"Connections.csv": CONNECTIONS, "Profile.csv": PROFILE}
    log = load(lay_out(tmp_path / "x", files))
    assert set(log.where(channel="connection").to_frame()["source"]) == {"Me Myself"}
    assert log.people.loc["Me Myself", "name"] == "Me Myself"


def test_a_name_that_two_profiles_have_names_neither(tmp_path):
    twins = CONNECTIONS + f"Ada,Berg,{P}ada-berg-2,,,,1 May 2026\n"
    files = {"Connections.csv": twins, "Recommendations_Given.csv": GIVEN}
    log = load(lay_out(tmp_path / "x", files))
    assert of(log, "recommendation", "source", "target") == [("me", "Ada Berg")]


# ---- dates -------------------------------------------------------------------------------------


def connected(tmp_path, *dates: str, **options):
    rows = "".join(f"P{n},Q,{P}p{n},{date}\n" for n, date in enumerate(dates))
    text = f"First Name,Last Name,URL,Connected On\n{rows}"
    path = lay_out(tmp_path, {"Connections.csv": text}) / "Connections.csv"
    return load(path, **options).to_frame()["time"].dt.strftime("%m-%d").tolist()


def test_an_open_order_of_days_is_asked_for(tmp_path):
    with pytest.raises(LoaderError, match="--date-order dmy or --date-order mdy"):
        connected(tmp_path, "03/04/2026", "05/06/2026")
    assert connected(tmp_path, "03/04/2026", date_order="dmy") == ["04-03"]
    assert connected(tmp_path, "03/04/2026", date_order="mdy") == ["03-04"]
    assert connected(tmp_path, "03/04/2026", "25/06/2026") == ["04-03", "06-25"]
    assert connected(tmp_path, "03/03/2026") == ["03-03"]


def test_times_without_a_zone_are_of_the_zone_that_is_named(tmp_path):
    path = lay_out(tmp_path, {"Invitations.csv": INVITATIONS}) / "Invitations.csv"
    log = load(path, zone="America/New_York")
    assert log.to_frame()["time"].dt.strftime("%H:%M").tolist() == ["04:05", "19:43"]
    assert "times without a zone are read as America/New_York" in log.notes
    path = lay_out(tmp_path, {"messages.csv": MESSAGES}) / "messages.csv"
    assert load(path, zone="America/New_York").to_frame()["time"].dt.hour.iloc[0] == 10


# ---- keys --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://www.linkedin.com/in/Ada-Berg", "ada-berg"),
        ("http://linkedin.com/in/ada-berg/", "ada-berg"),
        ("www.linkedin.com/in/ada-berg?trk=x", "ada-berg"),
        ("https://de.linkedin.com/in/ada-berg/en/", "ada-berg"),
        ("https://www.linkedin.com/in/zo%C3%AB", "zoë"),
        ("https://www.linkedin.com/company/acme/", "linkedin.com/company/acme"),
        ("", None),
        ("https://", None),
    ],
)
def test_slugs(url, slug):
    assert slug_of(url) == slug


def test_members_who_left():
    assert is_gone("LinkedIn Member") and is_gone("LinkedIn-Mitglied")
    assert is_gone("Membre de LinkedIn") and is_gone("Usuário do LinkedIn")
    assert not is_gone("Ada Member")


def test_other_tables_are_not_taken_for_this_export(tmp_path):
    other = [
        "time,source,target",
        "First Name,Last Name,E-mail Address,Company,Job Title,Birthday",
        "Name,Given Name,Family Name,E-mail 1 - Value",
        "From,To,Date,Subject",
    ]
    for header in other:
        assert table_in([header], "contacts.csv") is None
    path = lay_out(tmp_path, {"a.csv": other[0], "b.zip": "no", "c.pdf": "no"})
    assert not any(linkedin.recognises(file) for file in [path, *path.iterdir()])
    assert not linkedin.recognises(pd.DataFrame()) and not linkedin.recognises(None)
    assert not linkedin.recognises(tmp_path / "gone.csv")


def test_a_header_of_a_million_signs_is_no_header(tmp_path):
    text = "x," * 500_000 + "First Name,Last Name,Connected On\nA,B,1 May 2026\n"
    path = lay_out(tmp_path, {"Connections.csv": text}) / "Connections.csv"
    assert not linkedin.recognises(path)
    with pytest.raises(LoaderError, match="no table of a LinkedIn export"):
        load(path, kind="linkedin")


def test_a_line_of_a_million_signs_is_skipped(tmp_path):
    text = CONNECTIONS + "x" * 2_000_000 + f"\nEve,Ray,{P}eve,,,,1 May 2026\n"
    log = load(lay_out(tmp_path, {"Connections.csv": text}) / "Connections.csv")
    assert counts(log, "connection")["kept"] == 3
    assert counts(log, "connection")["line of more than 1,000,000 characters"] == 1


def test_hostile_names(tmp_path):
    row = f'"=cmd|\' /C calc\'!A0 <script>","Bob\'); DROP TABLE t0;--",{P}x,,,,1 May 2026\n'
    log = load(lay_out(tmp_path, {"Connections.csv": CONNECTIONS + row}) / "Connections.csv")
    assert "x" in log.people.index and len(log) == 3


def test_memory_is_that_of_a_few_bytes_a_message(tmp_path):
    import tracemalloc

    rows = "".join(
        f"c{k % 50},,P{k % 2},{P}p{k % 2},Me,{ME},2026-01-{k % 28 + 1:02} 10:00:{k % 60:02} UTC,,"
        f"{'x' * 2_000},INBOX,,No\n"
        for k in range(5_000)
    )
    path = lay_out(tmp_path, {"messages.csv": HEAD + rows}) / "messages.csv"
    tracemalloc.start()
    linkedin.read(path, na.loaders.Options(), ENGINE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < path.stat().st_size * 0.6  # texts are not held; contacts are, until written


SAMPLES = {
    name: text.encode()
    for name, text in EXPORT.items()
    if name.endswith("s.csv") and "/" not in name
}


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_broken_tables(tmp_path_factory, data):
    _read_broken(tmp_path_factory, data)


@pytest.mark.nightly
@given(st.data())
@settings(max_examples=2_000, deadline=None)
def test_broken_tables_nightly(tmp_path_factory, data):
    _read_broken(tmp_path_factory, data)


def _read_broken(tmp_path_factory, data):
    name = data.draw(st.sampled_from(sorted(SAMPLES)))
    files = {"Profile.csv": PROFILE, name: data.draw(broken(SAMPLES[name]))}
    folder = lay_out(tmp_path_factory.mktemp("x"), files)
    assert linkedin.recognises(folder) in (True, False)
    read_safely(linkedin.read, folder if data.draw(st.booleans()) else folder / name)


def test_broken_samples_of_others(tmp_path_factory):
    import random

    if not SHARED.exists():
        pytest.skip("the samples are not on this machine")
    for sample in ("Connections.csv", "Messages.csv"):
        good = shared(f"data/formats/linkedin/{sample}").read_bytes()
        for seed in range(30):
            folder = tmp_path_factory.mktemp("x")
            path = lay_out(folder, {sample: mutated(good, random.Random(seed))}) / sample
            read_safely(linkedin.read, path)
