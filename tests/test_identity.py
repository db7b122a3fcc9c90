"""One person under several addresses: what joins, what is only proposed, what is set apart."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import netanalytics as na
from netanalytics.errors import UnknownPersonError
from netanalytics.identity import addresses, names
from netanalytics.identity.decisions import parse_decisions
from netanalytics.identity.features import Evidence
from netanalytics.identity.keys import domain_aliases
from netanalytics.identity.profiles import profiles
from netanalytics.identity.proposals import chosen, raised
from netanalytics.identity.resolution import merged_people, resolve
from netanalytics.identity.words import Comparison, distance_of
from netanalytics.interactions import contact_counts

from .conftest import AS_OF, log_of


def table(rows: dict[str, dict[str, str]]) -> pd.DataFrame:
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index.name = "person"
    return frame


def people(names_: dict[str, str], **more: dict[str, str]) -> pd.DataFrame:
    return table({text: {"name": name, **more.get(text, {})} for text, name in names_.items()})


def groups(result) -> set[frozenset[str]]:
    found = result.people.groupby("person")["identity"].agg(frozenset)
    return {group for group in found if len(group) > 1}


def contacts(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [(a, b, 1) for a, b in pairs] + [(b, a, 1) for a, b in pairs],
        columns=["source", "target", "n"],
    )


# ---- spelling ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana.Frey@X.org", "ana.frey@x.org"),
        ("ana.frey+news@x.org", "ana.frey@x.org"),
        ("a.n.a@gmail.com", "ana@googlemail.com"),
        ("Ana Frey <ana@x.org>", "mailto:ana@x.org"),
        ("https://www.linkedin.com/in/Ana-Frey-12/", "http://fr.linkedin.com/in/ana-frey-12?trk=1"),
        ("+49 170 123 45 67", "0049(170)1234567"),
        ("slack:T1:U04AB", "SLACK:T1:U04AB"),
    ],
)
def test_spellings_of_one_key(one, other):
    assert addresses.read(one).key == addresses.read(other).key != ""
    assert groups(resolve(people({one: "Ana Frey", other: ""}))) == {frozenset((one, other))}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.frey@x.org", "af.rey@x.org"),  # dots mean nothing at one provider only
        ("ana@x.org", "ana@y.org"),
        ("https://linkedin.com/in/ana-frey", "https://github.com/ana-frey"),
        ("0170 1234567", "0170 1234568"),
        ("ana", "ana@x.org"),
    ],
)
def test_spellings_of_two_keys(one, other):
    assert groups(resolve(people({one: "Ana Frey", other: "Ana Frey"}))) == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("info@x.org", "role"),
        ("sales-de@x.org", "role"),
        ("no-reply@x.org", "no-reply"),
        ("donotreply@x.org", "no-reply"),
        ("news-unsubscribe@x.org", "list"),
        ("python@lists.x.org", "list"),
        ("mailer-daemon@x.org", "bot"),
        ("build-bot@x.org", "bot"),
        ("will.talbot@x.org", "person"),
        ("jo.list@x.org", "person"),
        ("bella.service@x.org", "person"),
        ("it.smith@x.org", "person"),
    ],
)
def test_what_an_address_is(text, kind):
    assert resolve(people({text: ""})).counts() == {kind: 1}


def test_headers_and_tables_say_what_somebody_is():
    rows = table(
        {
            "a@x.org": {"is_bot": "true"},
            "b@x.org": {"list_id": "<b.x.org>"},
            "c@x.org": {"kind": "role"},
            "d@x.org": {"name": "Support Team"},
            "e@x.org": {"name": "Eva Ong", "is_bot": "false"},
        }
    )
    result = resolve(rows)
    assert dict(zip(result.people["identity"], result.people["kind"], strict=True)) == {
        "a@x.org": "bot",
        "b@x.org": "list",
        "c@x.org": "role",
        "d@x.org": "role",
        "e@x.org": "person",
    }


def test_who_writes_to_many_and_never_hears_back_is_a_machine():
    many = [f"p{number}.q{number}@x.org" for number in range(40)]
    log = pd.DataFrame(
        [("zz9@x.org", other, 1) for other in many], columns=["source", "target", "n"]
    )
    assert resolve(None, log).counts() == {"bot": 1, "person": 40}
    answered = pd.concat([log, pd.DataFrame([(many[0], "zz9@x.org", 1)], columns=log.columns)])
    assert resolve(None, answered).counts() == {"person": 41}


def test_names_are_taken_apart():
    assert names.parse("VAN DER BERG, Ana") == names.parse("Ana Berg") == names.Name("ana", "berg")
    assert names.parse("Dr. Ana Frey, PhD") == names.Name("ana", "frey")
    assert names.parse("Ana Frey (Lumen)").last == "frey"
    assert names.parse("") == names.parse("(?)") == names.Name()
    assert names.parse("Şahin Yılmaz") == names.Name("sahin", "yilmaz")


def edits(one: str, other: str) -> int:
    """Damerau's distance with swaps of neighbours, written plainly."""
    d = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i, j in itertools.product(range(1, len(one) + 1), range(1, len(other) + 1)):
        d[i, j] = min(
            d[i - 1, j] + 1, d[i, j - 1] + 1, d[i - 1, j - 1] + (one[i - 1] != other[j - 1])
        )
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            d[i, j] = min(d[i, j], d[i - 2, j - 2] + 1)
    return d[len(one), len(other)]


def test_distances_of_words_are_those_of_the_plain_algorithm():
    rng = np.random.default_rng(0)
    words = sorted({"".join(rng.choice(list("abc"), rng.integers(4, 9))) for _ in range(80)})
    compare = Comparison(words)
    pairs = [(i, j) for i in range(len(words)) for j in range(len(words))]
    x, y = np.array(pairs).T
    found = distance_of(compare.signs[:, x], compare.signs[:, y])
    plain = np.array([edits(words[i], words[j]) for i, j in pairs])
    assert (plain <= 2).sum() > len(words)
    assert ((found <= 2) == (plain <= 2)).all()
    assert (found[plain <= 2] == plain[plain <= 2]).all()


# ---- joining -----------------------------------------------------------------------------------


def test_two_people_of_one_name_at_two_companies_stay_two():
    rows = people({"ana.frey@lumen.example": "Ana Frey", "ana.frey@nordia.example": "Ana Frey"})
    result = resolve(rows)
    assert groups(result) == set()
    assert result.proposals["confidence"].max() < 0.98


def test_an_address_that_two_people_state_joins_neither():
    rows = table(
        {
            "1": {"name": "Ana Frey", "addresses": "ana@x.org; home@frey.example"},
            "2": {"name": "Kai Vidal", "addresses": "kai@x.org; home@frey.example"},
        }
    )
    assert groups(resolve(rows)) == {frozenset(("1", "ana@x.org")), frozenset(("2", "kai@x.org"))}


def test_a_role_address_on_two_cards_joins_nobody():
    rows = table(
        {
            "1": {"name": "Ana Frey", "addresses": "ana@x.org;info@x.org"},
            "2": {"name": "Ana Frey", "addresses": "af@y.org;info@x.org"},
        }
    )
    result = resolve(rows)
    assert groups(result) == {frozenset(("1", "ana@x.org")), frozenset(("2", "af@y.org"))}
    assert result.counts() == {"person": 4, "role": 1}


def test_an_id_that_everybody_has_is_no_key():
    rows = table({f"{n}": {"name": "", "user_id": "0"} for n in range(31)})
    assert groups(resolve(rows)) == set()
    rows = table({"1": {"user_id": "U7"}, "2": {"user_id": "U7"}, "3": {"user_id": "U8"}})
    assert groups(resolve(rows)) == {frozenset(("1", "2"))}


def test_domains_of_one_company_are_found_and_no_others():
    staff = ["ana.frey", "kai.vidal", "eva.ong", "ivo.mori", "lea.popa", "uma.sato"]
    shown = {text: text.replace(".", " ").title() for text in staff}
    rows = {f"{text}@acme.com": name for text, name in shown.items()}
    rows |= {f"{text}@acme.co.uk": name for text, name in list(shown.items())[:3]}
    rows |= {f"{text}@other.com": name for text, name in list(shown.items())[:3]}
    rows |= {f"{name}@{firm}.com": "" for firm in ("p", "q") for name in ("ana", "kai", "eva")}
    found = domain_aliases(profiles(people(rows), None))
    assert len({found.get(domain, domain) for domain in ("acme.com", "acme.co.uk")}) == 1
    assert not {"other.com", "p.com", "q.com"} & set(found)
    assert groups(resolve(people(rows))) == {
        frozenset((f"{text}@acme.com", f"{text}@acme.co.uk")) for text in staff[:3]
    }


def test_one_full_name_at_kin_domains_is_enough_and_a_contradiction_too_much():
    def joined(one: str, other: str, more: dict[str, str] | None = None) -> bool:
        rows = {"a.frey@acme.com": one, "a.frey@acme.de": other}
        return bool(groups(resolve(people(rows | (more or {})))))

    assert joined("Ana Frey", "Frey, A.")
    assert joined("Ana Frey", "Ana Fery")
    assert not joined("Ana Frey", "Anton Vidal")
    assert not joined("Ana Frey", "")
    others = {"k.abe@acme.com": "Kai Abe", "k.abe@acme.de": "Kim Popa"}
    assert not joined("Ana Frey", "Ana Frey", others)


def test_a_family_that_shares_a_number_stays_several_people():
    shared = {"phone": "+49 30 1234567"}
    rows = table(
        {
            "1": {"name": "Ana Frey", **shared},
            "2": {"name": "Kai Frey", **shared},
            "3": {"name": "Eva Ong", "phone": "+49 30 7654321"},
            "4": {"name": "E. Ong", "phone": "0049 (30) 7654321"},
        }
    )
    found = {group - {"+49 30 1234567"} for group in groups(resolve(rows))}
    assert {frozenset("34")} == {group & set("1234") for group in found}


def test_a_list_has_all_its_addresses_and_a_decided_reader_of_a_role_is_a_person():
    rows = table(
        {
            "help": {"is_bot": "True", "addresses": "desk@x.org;jira@y.org"},
            "ada@x.org": {"name": "Ada Berg"},
            "info@x.org": {},
        }
    )
    said = parse_decisions("same: ada@x.org = info@x.org")
    found = resolve(rows, decisions=said)
    merged = merged_people(rows, found)
    assert merged["is_bot"].to_dict() == {"ada@x.org": False, "help": True}
    assert merged["addresses"].to_dict() == {
        "ada@x.org": "info@x.org",
        "help": "desk@x.org;jira@y.org",
    }
    assert resolve(rows, propose=False).people.equals(resolve(rows).people)
    assert found.notes() == ("set apart as nobody's own address: 3 bot, 1 role (identity people)",)


OTHERS = ("eva.ong", "ivo.mori", "lea.popa", "uma.sato", "zoe.eze", "kai.abe")
CIRCLE = [f"{name}@x.org" for name in OTHERS]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("William Abernathy", "Bill Abernathy"),
        ("José Nuñezman", "Jose Nunezman"),
        ("Ana Abernathy", "Abernathy, Ana"),
        ("Ana Abernathy", "A. Abernathy"),
        ("Ana Abernathy", "Ana Abernahty"),
        ("Ana Abernathy", "Ana Vogelweide (née Abernathy)"),
        ("Ana Abernathy", "Ana Vogelweide"),
    ],
)
def test_names_that_vary_are_proposed_with_their_reason(one, other):
    rows = people({"u1@x.org": one, "u2@gmail.com": other})
    log = contacts(*((who, c) for who in rows.index for c in CIRCLE))
    result = resolve(rows, log)
    assert groups(result) == set()
    (found,) = result.proposals[result.proposals["confidence"] > 0.5].to_dict("records")
    assert {found["a"], found["b"]} == set(rows.index)
    assert "6 contacts in common" in found["because"]
    alone = resolve(rows).proposals["confidence"].max()
    assert not alone >= found["confidence"]


# ---- what changes nothing ----------------------------------------------------------------------


def shape(result, new: dict[str, str]):
    """Return what is joined, what the sure proposals would join, and the others, as new ids.

    Which identity stands for a person, and which two of three equals are proposed, may follow ids.
    """
    owner = result.people.set_index("identity")["person"]
    group = {
        person: frozenset(new.get(text, text) for text in texts)
        for person, texts in owner.groupby(owner).groups.items()
    }
    sure = parse_decisions(
        "\n".join(f"same: {a} = {b}" for a, b in result.sure(0.98)[["a", "b"]].to_numpy())
    )
    net = nx.Graph(sure.pairs("same"))
    joined = {
        frozenset().union(*(group[owner[text]] for text in texts))
        for texts in nx.connected_components(net)
    }
    others = {
        (frozenset((group[a], group[b])), round(p, 4), why)
        for a, b, p, why in result.proposals.itertuples(index=False, name=None)
        if p < 0.98
    }
    return set(group.values()), joined, others


def test_order_and_repeated_imports_change_nothing():
    from benchmarks.population import population

    place = population(1_000, seed=5)
    frame = place.people.set_index("person")
    log = place.log.groupby(["source", "target"]).size().rename("n").reset_index()
    first = resolve(frame, log)
    assert len(first.proposals) > 100
    shuffled = resolve(
        frame.sample(frac=1, random_state=1),
        log.sample(frac=1, random_state=2).astype({"n": "int"}),
    )
    pd.testing.assert_frame_equal(first.people, shuffled.people)
    pd.testing.assert_frame_equal(first.proposals, shuffled.proposals)


def test_renaming_of_ids_changes_nothing():
    from benchmarks.population import population

    place = population(1_000, seed=6)
    number = {text: f"p{n:04d}" for n, text in enumerate(place.people["person"])}
    backwards = {text: f"p{9999 - n:04d}" for n, text in enumerate(place.people["person"])}
    log = place.log.groupby(["source", "target"]).size().rename("n").reset_index()

    def told(ids: dict[str, str]):
        frame = place.people.assign(person=place.people["person"].map(ids))
        frame["addresses"] = [text if "@" in text else None for text in place.people["person"]]
        renamed = log.assign(source=log["source"].map(ids), target=log["target"].map(ids))
        return resolve(frame.set_index("person"), renamed)

    again = {backwards[text]: number[text] for text in number}
    one, other = shape(told(number), {}), shape(told(backwards), again)
    assert min(map(len, one)) > 50
    assert one == other


# ---- decisions ---------------------------------------------------------------------------------


def test_decisions_win_over_keys_and_names():
    rows = people({"ana@x.org": "Ana Frey", "ana+a@x.org": "Ana Frey", "b@y.org": "Bo Ek"})
    never = parse_decisions("never the same: ana@x.org = ana+a@x.org\nsame: ana@x.org = b@y.org")
    result = resolve(rows, decisions=never)
    assert groups(result) == {frozenset(("ana@x.org", "b@y.org"))}
    assert result.proposals.empty
    third = people({"ana@x.org": "", "ana+a@x.org": "", "ana+b@x.org": ""})
    parted = resolve(third, decisions=never)
    owner = parted.people.set_index("identity")["person"]
    assert owner["ana@x.org"] != owner["ana+a@x.org"]


def test_a_decision_about_who_is_gone_still_joins_the_others():
    decided = parse_decisions("same: ana@x.org = gone@x.org\nsame: gone@x.org = af@y.org")
    result = resolve(people({"ana@x.org": "", "af@y.org": ""}), decisions=decided)
    assert groups(result) == {frozenset(("ana@x.org", "af@y.org"))}


def test_decisions_say_who_is_a_person():
    decided = parse_decisions("a person: hello@ada.example\nnot a person: ana@x.org")
    result = resolve(people({"hello@ada.example": "", "ana@x.org": "Ana Frey"}), decisions=decided)
    assert result.counts() == {"not a person": 1, "person": 1}
    assert result.why("ana@x.org")["because"].tolist() == ["decided"]


def test_an_ambiguous_name_asks():
    result = resolve(people({"ana@x.org": "Ana Frey", "ana@y.org": "Ana Frey", "b@y.org": "Bo Ek"}))
    assert result.find("bo ek") == "b@y.org"
    with pytest.raises(UnknownPersonError, match=r"means 2 people \(ana@x.org, ana@y.org\)"):
        result.find("Ana Frey")
    with pytest.raises(UnknownPersonError, match="nobody is called"):
        result.find("Eve")


# ---- the office --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def known(office, office_log):
    return office.people.set_index("person"), contact_counts(office_log)


@pytest.fixture(scope="module")
def resolved(known):
    return resolve(*known)


def planted(office) -> set[frozenset[str]]:
    alias = office.truth[office.truth["kind"] == "alias"]
    return {frozenset(pair) for pair in zip(alias["person"], alias["source"], strict=True)}


def test_in_the_office_nothing_wrong_is_joined_and_every_alias_proposed(office, resolved):
    assert groups(resolved) <= planted(office)
    pairs = resolved.proposals[["a", "b"]].itertuples(index=False, name=None)
    assert planted(office) <= {frozenset(pair) for pair in pairs} | groups(resolved)
    assert resolved.counts()["bot"] == 3
    likely = resolved.proposals[resolved.proposals["confidence"] >= 0.82]
    assert {frozenset(pair) for pair in likely[["a", "b"]].to_numpy().tolist()} <= planted(office)
    # Colleagues of one directory who share a given name and all their contacts are two people.
    ends = resolved.proposals[["a", "b"]]
    assert len(ends) >= 20
    assert ends.apply(lambda side: side.str.contains("@")).any(axis=1).all()


def test_every_merge_of_the_office_undone_leaves_no_trace(known, resolved):
    before = resolved.people.to_csv(), resolved.proposals.to_csv()
    assert len(resolved.proposals) >= 8
    text = ""
    for a, b in resolved.proposals[["a", "b"]].itertuples(index=False, name=None):
        text = f"same: {a} = {b}"
        merged = resolve(*known, decisions=parse_decisions(text))
        assert frozenset((a, b)) in groups(merged)
    after = resolve(*known, decisions=parse_decisions(""))
    assert (after.people.to_csv(), after.proposals.to_csv()) == before


def test_a_merged_table_makes_a_network_of_persons(office, office_log, known):
    frame, counts = known
    pairs = sorted(map(sorted, planted(office)))
    lines = "\n".join(f"same: {' = '.join(pair)}" for pair in pairs)
    result = resolve(frame, counts, decisions=parse_decisions(lines))
    net = na.build_network(office_log, people=merged_people(frame, result), as_of=AS_OF)
    plain = na.build_network(office_log, people=office.people, as_of=AS_OF)
    assert len(plain.people) - len(net.people) == len(planted(office))
    person = office.truth.loc[office.truth["kind"] == "alias", "person"].iloc[0]
    assert net.people.loc[person, "team"] == frame.loc[person, "team"]
    assert (
        na.measure(net, "degree").loc[person, "degree"]
        >= na.measure(plain, "degree").loc[person, "degree"]
    )


# ---- what is proposed --------------------------------------------------------------------------


def _pairs(*pairs):
    return Evidence(np.array(pairs), np.array(pairs), {})


def test_what_two_surer_proposals_imply_is_not_asked():
    listed, omitted = chosen(_pairs((0, 1), (0, 2), (1, 2)), np.array([0.9, 0.8, 0.7]), set(), 3)
    assert listed.tolist() == [0, 1]
    assert omitted == 1


def test_among_equals_nothing_is_implied_and_the_unlikely_implies_nothing():
    triangle = _pairs((0, 1), (0, 2), (1, 2))
    assert chosen(triangle, np.array([0.9, 0.9, 0.9]), set(), 3)[0].tolist() == [0, 1, 2]
    assert chosen(triangle, np.array([0.4, 0.3, 0.2]), set(), 3)[0].tolist() == [0, 1, 2]


def test_what_is_nearly_sure_becomes_sure_by_what_is_but_never_against_a_decision():
    # 0 and 1 are surely one; 2 is nearly surely 1, and once they are one, surely.
    first = (_pairs((0, 1), (0, 2), (1, 2)), np.array([0.99, 0.9, 0.96]))
    later = (_pairs((0, 1)), np.array([0.999]))
    cluster = np.array([0, 0, 1])
    assert raised(first, later, cluster, set()).tolist() == [0.99, 0.9, 0.985]
    assert raised(first, later, cluster, {(0, 1)}).tolist() == [0.99, 0.9, 0.96]
    doubtful = (later[0], np.array([0.9]))
    assert raised(first, doubtful, cluster, set()).tolist() == [0.99, 0.9, 0.96]


def test_whom_everybody_knows_is_no_sign_that_two_are_one():
    """A mailbox is in contact with all of its owner's contacts: that they share it says nothing."""
    others = [f"{name}@lumen.example" for name in ("bo", "cy", "di", "ed", "flo", "gus", "hal")]
    both = ["peter.schmidt@lumen.example", "p.schmidt@client.example"]
    me = "ana.frey@lumen.example"
    rows = [
        (f"2026-{month:02d}-{day:02d}", *((who, me) if month % 2 else (me, who)))
        for month in range(1, 7)
        for day, who in enumerate([*others, *both], start=1)
    ]
    log = log_of(*rows)
    people = pd.DataFrame(
        {
            "person": [*both, me],
            "name": ["Peter Schmidt", "Peter Schmidt", "Ana Frey"],
            "organisation": ["Lumen", "Client", "Lumen"],
        }
    )
    found = na.identify(log, people=people)
    assert found.sure(0.98).empty
    assert found.proposals["because"].tolist() == [
        "same name; the address spells the name; other organisations"
    ]
    # Where the two know somebody whom not everybody knows, that speaks for them.
    shared = [(f"2026-0{n}-20", who, "bo@lumen.example") for n in range(1, 6) for who in both]
    closer = na.identify(log_of(*rows, *shared), people=people)
    assert closer.proposals["confidence"].iloc[0] > found.proposals["confidence"].iloc[0]
    assert closer.proposals["because"].iloc[0].endswith("1 contact in common")
