"""Addresses, handles, profiles and numbers: what makes two spellings one, and what is nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass

from netanalytics.identity.names import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FREE_MAIL = _words(
    """
gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com
me.com mac.com gmx.com aol.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de mail.com
mail.ru yandex.ru yandex.com proton.me protonmail.com pm.me fastmail.com zoho.com posteo.de
mailbox.org orange.fr free.fr laposte.net wanadoo.fr libero.it virgilio.it wp.pl o2.pl onet.pl
interia.pl seznam.cz qq.com 163.com 126.com naver.com btinternet.com comcast.net verizon.net att.net
yahoo.co.uk hotmail.co.uk yahoo.de yahoo.fr hotmail.fr outlook.de outlook.fr
"""
)
"""Where anybody has an address: such a domain says nothing about an employer."""

_SAME_DOMAIN = {"googlemail.com": "gmail.com", "me.com": "icloud.com", "mac.com": "icloud.com"}
_SAME_DOMAIN |= {"protonmail.com": "proton.me", "pm.me": "proton.me"}
_EXCHANGE = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+|[^@\s<>\"]+@[^@\s<>\"]+")
_PROFILE = re.compile(
    r"^(?:https?://)?(?:[a-z0-9-]+\.)?(linkedin|xing|github|twitter|x|facebook)\.com/"
    r"(?:(in|pub|profile)/)?"
    r"([^/?#\s]+)",
    re.IGNORECASE,
)
_ID_AFTER_NAME = re.compile(r"(?<=[a-z])-(?=[0-9a-f]*\d)[0-9a-z]+$")
"""What a site appends to a name that somebody else has: ``ana-frey-8a1b2c``."""

_CODE_HOST = re.compile(r"^(?:\d+[+-])?([^@]+)@users\.noreply\.(github|gitlab)\.com$")
_PHONE = re.compile(r"^(?:tel:|phone:)?\s*(\+|00)?[\d\s()./-]{6,20}$", re.IGNORECASE)

_NO_REPLY = re.compile(
    r"^(?:no|do-?not|dont|never|kein|ne-?pas)[-_.]?(?:reply|respond|response|antwort|repondre)|noreply",
)
_BOT = re.compile(
    r"(?:^|[-_.+])(?:bot|robot|daemon|cron|jenkins|ci|bounces?|alerts?|notifications?|notify|"
    r"notifier|automated?|autoreply|automailer|mailer|system|root|postmaster|hostmaster|"
    r"webmaster|majordomo|listserv|calendar-notification|builds?|monitoring)(?:$|[-_.+@\d])|"
    r"mailer-daemon",
)
_LIST = re.compile(
    r"-(?:request|owner|admin|bounces|subscribe|unsubscribe|list|users|dev|announce|all)$|"
    r"^(?:list|lists|all|everyone|everybody|staff|team|alle|undisclosed-recipients)(?:$|[-_.])|"
    r"(?:^|[-_.])(?:newsletter|announce|announcements|mailing|mailinglist|digest|group)s?$",
)
_LIST_HOST = re.compile(
    r"(?:^|\.)(?:lists?|googlegroups|yahoogroups|groups|listserv|mailman|vger)(?:\.|$)"
)
_ROLE = _words(
    """
info information contact kontakt contacto support help helpdesk service services sales vertrieb
ventes marketing press presse media pr hr jobs careers career recruiting recruitment talent
people bewerbung office buero reception frontdesk admin administrator administration accounts
accounting billing invoice invoices rechnung finance buchhaltung payroll orders order shop store
customer customers customerservice customercare care feedback enquiries enquiry inquiries hello
hi hallo welcome mail email post security abuse privacy legal compliance dpo gdpr events event
webinar webinars training education partners partner procurement purchasing einkauf operations
ops it edv sysadmin tech engineering dev development research board management direction
secretary sekretariat secretariat membership members donations community social editor editors
editorial redaktion news bookings booking reservations travel facilities security shipping
logistics warehouse returns warranty quality qa helpline hotline team
"""
)
_ROLE_NAMES = re.compile(
    r"\b(?:team|support|helpdesk|help desk|service|services|newsletter|notifications?|no[- ]?reply|"
    r"mailing list|department|reception|office|billing|accounts payable|recruiting|customer|"
    r"bot|system|gmbh|inc|ltd|llc|via google|jira|github|calendar)\b",
    re.IGNORECASE,
)

PERSON, ROLE, LIST, NO_REPLY, BOT = "person", "role", "list", "no-reply", "bot"
KINDS = (PERSON, ROLE, LIST, NO_REPLY, BOT)
"""What an identity can be; all but the first are set apart, counted and kept."""


@dataclass(frozen=True)
class Address:
    """An identity taken apart.

    Parameters
    ----------
    key : str
        What two spellings of the same address, profile or number share; empty if it has no such
        form.
    local, domain : str
        The halves of a mail address; of a profile or handle, its name and nothing.
    sort : str
        address, profile, phone, handle or id.
    """

    key: str
    local: str
    domain: str
    sort: str


def read(identity: str) -> Address:
    """Take an address, profile, number or handle apart.

    Examples
    --------
    >>> read("A.Frey+news@googlemail.com").key
    'afrey@gmail.com'
    >>> read("http://de.linkedin.com/in/ana-frey/?x=1").key
    'linkedin:ana-frey'
    >>> read("17+anafrey@users.noreply.github.com").key
    'github:anafrey'
    >>> read("0049 (170) 12 34 56").key
    'tel:+49170123456'
    >>> read("ana.frey").sort
    'id'
    """
    text = identity.strip()
    hosted = _CODE_HOST.match(text.lower())
    if hosted:
        return Address(f"{hosted[2]}:{fold(hosted[1])}", fold(hosted[1]), "", "profile")
    if text.lower().startswith(("mailto:", "smtp:")):
        text = text.partition(":")[2]
    if "@" in text and not text.startswith("@"):
        return _mail(text)
    profile = _PROFILE.match(text)
    if profile:
        site, name = profile.group(1).lower(), fold(profile.group(3))
        return Address(f"{site}:{name}", _ID_AFTER_NAME.sub("", name), "", "profile")
    if _PHONE.match(text) and sum(sign.isdigit() for sign in text) >= 7:
        return _phone(text)
    if text.startswith("@") or re.match(r"^[a-z]+:\S", text, re.IGNORECASE):
        local = fold(text.rpartition(":")[2].lstrip("@"))
        return Address(fold(text), "" if any(map(str.isdigit, local)) else local, "", "handle")
    return Address("", "", "", "id")


def _mail(text: str) -> Address:
    found = _EXCHANGE.search(text)
    local, _, domain = (found.group(0) if found else text).rpartition("@")
    local, domain = local.casefold().strip(". "), domain.casefold().strip(". ")
    domain = _SAME_DOMAIN.get(domain, domain)
    plain = local.partition("+")[0] or local
    key = plain.replace(".", "") if domain == "gmail.com" else plain
    return Address(f"{key}@{domain}", fold(plain), domain, "address")


def _phone(text: str) -> Address:
    digits = "".join(sign for sign in text if sign.isdigit())
    stripped = text.lower().removeprefix("tel:").removeprefix("phone:").strip()
    if stripped.startswith("+"):
        digits = "+" + digits
    elif stripped.startswith("00"):
        digits = "+" + digits[2:]
    # A national number is somebody else's in another country, so that it is no key.
    return Address(f"tel:{digits}" if digits[0] == "+" else "", "", "", "phone")


def kind_of(address: Address, name: str = "") -> tuple[str, str]:
    """Return what an address is by its spelling, and why: a person unless something says no.

    Examples
    --------
    >>> kind_of(read("no-reply@shop.example"))
    ('no-reply', 'the address says that nobody reads it')
    >>> kind_of(read("ana.frey@shop.example"), "Ana Frey")
    ('person', '')
    """
    local = address.local
    if local and address.sort in ("address", "handle"):
        if _NO_REPLY.search(local):
            return NO_REPLY, "the address says that nobody reads it"
        if _LIST.search(local) or _LIST_HOST.search(address.domain):
            return LIST, "the address is that of a list"
        if _BOT.search(local):
            return BOT, "the address is that of a machine"
        if re.split(r"[-_.+\d]", local)[0] in _ROLE and not _personal(local):
            return ROLE, "the address is that of a role"
    if name and _ROLE_NAMES.search(name) and "," not in name:
        return ROLE, "the name is that of a role"
    return PERSON, ""


def _personal(local: str) -> bool:
    """Tell whether a local part that begins like a role goes on like a name (``it.smith``)."""
    words = [word for word in re.split(r"[-_.+\d]+", local) if word]
    return len(words) > 1 and words[1] not in _ROLE and len(words[0]) < 3


def registrable(domain: str) -> str:
    """Return the label that a company bought: ``mail.acme.co.uk`` gives ``acme``."""
    labels = domain.split(".")
    if len(labels) > 2 and labels[-2] in ("co", "com", "org", "ac", "gov", "net", "edu"):
        return labels[-3]
    return labels[-2] if len(labels) > 1 else labels[0]
