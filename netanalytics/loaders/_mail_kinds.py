"""Which mail a person wrote to people, which went to a list, and which a program sent."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from netanalytics.loaders._addresses import address_of

Headers = Mapping[str, Sequence[str]]
"""Values of each header by its name in lower case, unfolded, in the order of the mail."""

_NO_REPLY = re.compile(
    r"(?:^|[._+-])(?:no|do-?_?\.?not|dont)[._-]?reply(?:[._+-]|$)|^mailer-daemon$|[@.]no-?reply\.",
    re.IGNORECASE,
)


def first(headers: Headers, name: str) -> str:
    """Return the first value of a header, or an empty text."""
    values = headers.get(name)
    return values[0].strip() if values else ""


def is_no_reply(address: str) -> bool:
    """Say whether an address tells that nobody reads it.

    Examples
    --------
    >>> is_no_reply("no-reply@x.org"), is_no_reply("repo@noreply.x.org"), is_no_reply("ada@x.org")
    (True, True, False)
    """
    local = address.partition("@")[0]
    return bool(_NO_REPLY.search(local) or _NO_REPLY.search(address))


def is_automatic(headers: Headers, sender: str | None) -> bool:
    """Say whether a program sent this mail, by its headers or its sender's address."""
    submitted = re.split(r"[;(\s]", first(headers, "auto-submitted").lower(), maxsplit=1)[0]
    return (
        submitted not in ("", "no")
        or any(first(headers, name) for name in ("x-autoreply", "x-autorespond"))
        or first(headers, "precedence").lower() in ("junk", "auto_reply")
        or first(headers, "return-path") == "<>"
        or first(headers, "content-type").lower().startswith("multipart/report")
        or (sender is not None and is_no_reply(sender))
    )


_LIST_HEADERS = ("list-id", "list-post", "mailing-list", "x-mailing-list", "x-beenthere")


def is_list_mail(headers: Headers) -> bool:
    """Say whether a mail came through a list, or went to many at once."""
    return any(name in headers for name in _LIST_HEADERS) or first(
        headers, "precedence"
    ).lower() in ("bulk", "list")


_BRACKETED = re.compile(r"<([^<>]*)>")
_LIST_ID = re.compile(r"<\s*([^<>@\s]+)\s*>\s*$|^\s*([^<>@\s]+)\s*$")
_OWNER = re.compile(r"^owner-(.+@.+)$|^(.+?)-(?:owner|bounces|admin|request)(?:\+[^@]*)?(@.+)$")


def discussion_lists(headers: Headers, recipients: Collection[str]) -> list[str]:
    """Return the addresses that a list of people who write to one another says are its own.

    Parameters
    ----------
    headers : mapping of str to sequence of str
        Of one mail.
    recipients : collection of str
        Addresses in To and Cc: an identifier that spells one of them is that list.

    Returns
    -------
    list of str
        The surest first; empty for a newsletter, which names no address to write to.
    """
    stated = [
        *(one.partition("?")[0] for one in _BRACKETED.findall(first(headers, "list-post"))),
        first(headers, "x-beenthere"),
        first(headers, "x-mailing-list").strip("<>"),
        first(headers, "mailing-list").removeprefix("list ").partition(";")[0],
    ]
    found = [address_of(text) for text in stated]
    owner = _OWNER.match(address_of(first(headers, "sender").rpartition("<")[2].strip("> ")) or "")
    if owner:
        found.append(owner.group(1) or f"{owner.group(2)}{owner.group(3)}")
    spelled = newsletter(headers)
    if spelled in recipients:
        found.append(spelled)
    return list(dict.fromkeys(address for address in found if address))


def newsletter(headers: Headers) -> str | None:
    """Return the identifier of a list in the form of an address: ``news.x.org`` is ``news@x.org``.

    Examples
    --------
    >>> newsletter({"list-id": ["News of X <news.x.org>"]})
    'news@x.org'
    """
    match = _LIST_ID.search(first(headers, "list-id"))
    if match is None:
        return None
    name, _, host = (match.group(1) or match.group(2)).partition(".")
    return address_of(f"{name}@{host}")
