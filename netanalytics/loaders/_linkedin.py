"""How the tables of a LinkedIn export are told apart, and whom a row of one means."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from netanalytics.loaders._known import id_of

CONNECTIONS, MESSAGES, INVITATIONS = "connections", "messages", "invitations"
GIVEN, RECEIVED = "recommendations given", "recommendations received"
ENDORSED, ENDORSED_BY = "endorsements given", "endorsements received"
PROFILE = "profile"
PROGRAM = "conversations with a program"

ME = "me"
"""The id of the owner of an export that does not tell whose it is."""

HEADER_LINES = 50
"""A header stands in the first lines or nowhere: some tables begin with notes."""

# Columns of Connections.csv in English, German, French, Spanish, Portuguese, Italian and Dutch.
_CONNECTION_WORDS: Mapping[str, str] = {
    "first": "firstname vorname prenom nombre nome voornaam primeironome",
    "last": "lastname nachname nom nomdefamille apellido apellidos sobrenome apelido apelidos "
    "ultimonome cognome achternaam",
    "url": "url profileurl profilurl urlduprofil urldelperfil urldoperfil urldelprofilo profielurl",
    "mail": "emailaddress email emailadresse adresseemail adressedemail adressedemessagerie "
    "adresseelectronique mail direcciondecorreoelectronico direcciondeemail direcciondecorreo "
    "correoelectronico correo enderecodeemail enderecodeemaildacontato emailadres "
    "indirizzoemail indirizzodiemail indirizzodipostaelettronica",
    "company": "company unternehmen firma entreprise societe empresa azienda societa bedrijf "
    "organisation organizacao organisatie",
    "position": "position poste fonction intituledeposte intituledeposition cargo puesto posicion "
    "posicao posizione qualifica ruolo functie positie funcao funktion jobtitle",
    "connected": "connectedon verbundenam verbundenseit vernetztam vernetztseit kontaktseit "
    "datedeconnexion dateconnexion connectele connectedepuisle connecteele connexionle "
    "misenrelationle enrelationdepuis enrelationdepuisle relationdepuis fechadeconexion "
    "conectadoel conectadoaen conectadodesde contactodesde contactodesdeel conexiondesde "
    "datadaconexao datadeconexao conectadoem conectadoadesde conectadodesdeem ligadoem "
    "conexaodesde collegatoil collegatodal collegamentodal datadicollegamento dataconnessione "
    "datadelcollegamento connessoil incontattodal verbondenop verbondensinds connectiesinds "
    "gekoppeldop contactsinds verbindingsdatum datumvanconnectie",
}
_COLUMN_OF = {word: role for role, words in _CONNECTION_WORDS.items() for word in words.split()}
_CONNECTION_FILE = re.compile(r"conn|kontakt|relation|contact|conex|colleg|verbind", re.IGNORECASE)

_ROLES: Mapping[str, Mapping[str, str]] = {
    MESSAGES: {
        "conversationid": "conversation",
        "conversationtitle": "title",
        "from": "from",
        "senderprofileurl": "from_url",
        "to": "to",
        "recipientprofileurls": "to_urls",
        "date": "date",
        "folder": "folder",
        "ismessagedraft": "draft",
    },
    INVITATIONS: {
        "from": "from",
        "to": "to",
        "sentat": "date",
        "direction": "direction",
        "inviterprofileurl": "from_url",
        "inviteeprofileurl": "to_url",
    },
    GIVEN: {
        "firstname": "first",
        "lastname": "last",
        "company": "company",
        "jobtitle": "position",
        "creationdate": "date",
        "createddate": "date",
        "profileurl": "url",
    },
    ENDORSED: {
        "endorsementdate": "date",
        "endorseefirstname": "first",
        "endorseelastname": "last",
        "endorseepublicurl": "url",
    },
    ENDORSED_BY: {
        "endorsementdate": "date",
        "endorserfirstname": "first",
        "endorserlastname": "last",
        "endorserpublicurl": "url",
    },
    PROFILE: {"firstname": "first", "lastname": "last"},
    PROGRAM: {},
}

_SIGNATURES: Sequence[tuple[str, frozenset[str]]] = (
    (MESSAGES, frozenset(["conversationid", "from", "to", "date"])),
    (INVITATIONS, frozenset(["from", "to", "sentat"])),
    (ENDORSED, frozenset(["endorsementdate", "endorseefirstname"])),
    (ENDORSED_BY, frozenset(["endorsementdate", "endorserfirstname"])),
)

# Conversations with a program of LinkedIn's have the columns of messages.
_NO_PEOPLE = re.compile(r"guide|coach|learning|roleplay|role_play", re.IGNORECASE)

_GONE = frozenset(
    [
        "restrictedmember",
        "linkedinmember",
        "linkedinmitglied",
        "linkedinnutzer",
        "membredelinkedin",
        "membrelinkedin",
        "utilisateurlinkedin",
        "miembrodelinkedin",
        "usuariodelinkedin",
        "usuariodolinkedin",
        "membrodolinkedin",
        "membrodilinkedin",
        "utentelinkedin",
        "linkedinlid",
    ]
)


@dataclass(frozen=True)
class Table:
    """What a table of the export is, and where its columns are.

    Parameters
    ----------
    part : str
        One of the constants of this module.
    columns : mapping of str to int
        Place of each column that is read.
    delimiter : str
        Comma, or what a spreadsheet made of it.
    line : int
        The line of the header, counted from 0.
    """

    part: str
    columns: Mapping[str, int]
    delimiter: str
    line: int

    def cell(self, row: Sequence[str], role: str) -> str:
        """Return the text of a cell; empty where the table or the row has none."""
        place = self.columns.get(role, -1)
        return row[place] if 0 <= place < len(row) else ""


def table_in(lines: Iterable[str], name: str) -> Table | None:
    """Find the header of a table by its names.

    Parameters
    ----------
    lines : iterable of str
        The first lines of the file.
    name : str
        Of the file: given and received recommendations have the same columns.

    Returns
    -------
    Table or None
        None if no header of this export is among them.

    Examples
    --------
    >>> table_in(["Notes:", "", "Vorname,Nachname,URL,Verbunden am"], "Connections.csv").part
    'connections'
    """
    for number, line in enumerate(lines):
        if number >= HEADER_LINES:
            break
        for delimiter in ",;\t":
            if line.count(delimiter) < 2:
                continue
            try:
                cells = next(csv.reader([line.removeprefix("\ufeff")], delimiter=delimiter))
            except (csv.Error, StopIteration):
                continue
            part, columns = _part([fold(cell) for cell in cells], name)
            if part is not None:
                return Table(part, columns, delimiter, number)
    return None


def fold(text: str) -> str:
    """Return letters and digits in lower case, without accents: for comparing."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def _part(header: Sequence[str], name: str) -> tuple[str | None, Mapping[str, int]]:
    part = _kind(set(header), name)
    if part is None:
        return _connections(header, name)
    roles = _ROLES[GIVEN if part == RECEIVED else part]
    return part, {
        roles[cell]: place for place, cell in reversed(list(enumerate(header))) if cell in roles
    }


def _kind(header: set[str], name: str) -> str | None:
    """Say which table has such columns; None for connections and for other tables."""
    part = next((part for part, needed in _SIGNATURES if needed <= header), None)
    if part == MESSAGES and _NO_PEOPLE.search(name):
        return PROGRAM
    if part is not None or not {"firstname", "lastname"} <= header:
        return part
    if "recommend" in name.casefold() and header & {"creationdate", "createddate"}:
        return GIVEN if "given" in name.casefold() else RECEIVED
    return PROFILE if "maidenname" in header or {"headline", "summary"} <= header else None


def _connections(header: Sequence[str], name: str) -> tuple[str | None, Mapping[str, int]]:
    """Tell connections by their columns; a date by a word that is not known by what is left."""
    columns = {
        _COLUMN_OF[cell]: place
        for place, cell in reversed(list(enumerate(header)))
        if cell in _COLUMN_OF
    }
    if not {"first", "last"} <= columns.keys():
        return None, {}
    others = {"company", "position", "url"} <= columns.keys()
    left = [place for place, cell in enumerate(header) if cell and cell not in _COLUMN_OF]
    if "connected" not in columns and others and len(left) == 1 and _CONNECTION_FILE.search(name):
        columns["connected"] = left[0]
    return (CONNECTIONS, columns) if "connected" in columns else (None, {})


_SCHEME = re.compile(r"^[a-z]+://", re.IGNORECASE)


def slug_of(url: str) -> str | None:
    """Return the part of a profile's address that names the person, or None.

    Parameters
    ----------
    url : str
        With or without ``https://``, ``www.``, a slash at the end, ``?trk=``, in any case.

    Returns
    -------
    str or None

    Examples
    --------
    >>> slug_of("https://www.linkedin.com/in/Ada-Berg/?trk=contact-info")
    'ada-berg'
    """
    bare = _SCHEME.sub("", url.strip()[:2_000]).split("?")[0].split("#")[0].rstrip("/")
    if not bare:
        return None
    bare = unquote(bare, errors="replace").casefold().removeprefix("www.")
    _, profile, person = bare.rpartition("/in/")
    return id_of(person.split("/")[0] if profile else bare)


def is_gone(name: str) -> bool:
    """Say whether a name stands for somebody who left, or hides, in one of seven languages."""
    return fold(name) in _GONE


class Names:
    """Which profile a name means, where only one profile has it."""

    def __init__(self) -> None:
        self._slugs: dict[str, str | None] = {}

    def add(self, name: str, slug: str | None) -> None:
        """Note that a profile has a name."""
        key = fold(name)
        if slug is not None and key:
            self._slugs[key] = slug if self._slugs.get(key, slug) == slug else None

    def person(self, name: str, url: str = "") -> str | None:
        """Return the id of somebody: the profile, or the name where it tells no profile."""
        slug = slug_of(url) if url else None
        if slug is not None:
            return slug
        if is_gone(name):
            return None
        return self._slugs.get(fold(name)) or id_of(name)

    def people(self, cell: str) -> list[str]:
        """Return the names in a cell that joins them by commas, though a name may hold one."""
        if fold(cell) in self._slugs:
            return [cell]
        parts = [part.strip() for part in cell.split(",") if part.strip()][:500]
        found: list[str] = []
        while parts:
            for length in range(min(4, len(parts)), 0, -1):
                name = ", ".join(parts[:length])
                if length == 1 or fold(name) in self._slugs:
                    found.append(name)
                    parts = parts[length:]
                    break
        return found


def full_name(first: str, last: str) -> str:
    """Return a first and a last name as one."""
    return " ".join(part for part in (first.strip(), last.strip()) if part)


def recipients(names: Names, group: tuple[str, str]) -> tuple[dict[str, str], int]:
    """Return who is meant by the recipients of a message.

    Parameters
    ----------
    names : Names
        Which profile a name means.
    group : tuple of str
        Names, and addresses of profiles, each joined by commas; one of the two may be empty.

    Returns
    -------
    tuple of (dict of str to str, int)
        Ids with the names that surely belong to them, and how many others there are.
    """
    named, gone = named_urls(group)
    if not group[1].strip():
        called = names.people(group[0])
        named = [(name, "") for name in called if not is_gone(name)]
        gone = len(called) - len(named)
    people: dict[str, str] = {}
    for name, url in named:
        person = names.person(name, url)
        if person is not None:
            people.setdefault(person, name)
    return people, gone


def named_urls(group: tuple[str, str]) -> tuple[list[tuple[str, str]], int]:
    """Pair the names and the profiles of recipients; without a name where that is not sure."""
    urls, called = _listed(group[1]), _listed(group[0])
    present = [name for name in called if not is_gone(name)]
    gone = len(called) - len(present)
    if len(present) == len(urls):
        return list(zip(present, urls, strict=True)), gone
    if len(urls) == 1:
        return [(group[0] if not gone else "", urls[0])], gone
    return [("", url) for url in urls], gone


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(",") if part.strip()]


@dataclass
class Owner:
    """Evidence of whose export it is: a name, and who takes part in what."""

    called: str = ""
    invited: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrote: Counter[tuple[tuple[str, str], tuple[str, str]]] = field(default_factory=Counter)

    def found(self, names: Names) -> tuple[str, list[str]]:
        """Return the id of the owner, and what to note about it."""
        by_name = names.person(self.called) if self.called else None
        counted: Counter[str] = Counter()
        for (sender, group), n in self.wrote.items():
            people, _ = recipients(names, group)
            for person in {names.person(*sender), *people} - {None}:
                counted[str(person)] += n
        most = max(counted.values(), default=0)
        always = sorted(person for person, n in counted.items() if n == most)
        if most >= 0.9 * self.wrote.total() and (len(always) == 1 or by_name in always):
            return (always[0] if len(always) == 1 else str(by_name)), []
        for (name, url), _ in self.invited.most_common(1):
            by_name = names.person(name, url) or by_name
        if by_name is not None:
            return by_name, []
        return ME, [f"the export does not tell whose it is: its owner has the id {ME!r}"]
