"""How fast mail and calendars are read, and in how much memory.

Run ``python benchmarks/mail.py``: it writes an mbox of 1 GB (36,000 mails), one of 200,000 small
mails and a calendar of 2,000 recurring meetings (100,000 occurrences) into a temporary folder,
reads each in a process of its own, and fails where a bar is missed. Memory is the most that the
process ever held, Python and all libraries included.
``--share 0.1`` makes all files a tenth of that.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

LARGE_MAILS, LARGE_BODY = 36_000, 27_500
SMALL_MAILS, SMALL_BODY = 200_000, 600
MEETINGS, OCCURRENCES_EACH = 2_000, 50

MEGABYTES_A_SECOND = 100
MAILS_A_SECOND = 4_000
MEGABYTES_OF_MEMORY = 300
CALENDAR_SECONDS = 60

START = datetime(2024, 1, 1, 8, tzinfo=UTC)


def mail(number: int, chance: random.Random, body: int) -> str:
    people = [f"person{chance.randrange(800):03}@example.org" for _ in range(4)]
    sent = START + timedelta(minutes=7 * number)
    stamp = sent.strftime("%a, %d %b %Y %H:%M:%S +0000")
    reply = f"In-Reply-To: <{number - 3}@example.org>\n" if number % 2 else ""
    line = "The quick brown fox jumps over the lazy dog, and From time to time it rests.\n"
    text = line * (body // len(line))
    return (
        f"From {people[0]} {sent:%a %b %d %H:%M:%S %Y}\n"
        f"Received: from mx.example.org (mx.example.org [192.0.2.1]) by mail.example.org\n"
        f"\tid {number:08}; {stamp}\n"
        f"From: Some Body <{people[0]}>\n"
        f'To: "Body, Any" <{people[1]}>, {people[2]}\n'
        f"Cc: =?utf-8?Q?Zo=C3=AB?= <{people[3]}>\n"
        f"Subject: number {number}\n"
        f"Date: {stamp}\n"
        f"Message-ID: <{number}@example.org>\n{reply}"
        f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    )


def write_mbox(path: Path, mails: int, body: int) -> None:
    chance = random.Random(7)
    with path.open("w", encoding="ascii") as file:
        for number in range(mails):
            file.write(mail(number, chance, body))


def meetings(count: int) -> Iterator[str]:
    chance = random.Random(7)
    for number in range(count):
        start = datetime(2024, 1, 1) + timedelta(days=number % 7, hours=8 + number % 9)
        people = chance.sample(range(500), 4)
        attendees = "".join(
            f'ATTENDEE;CN="Person {one}";PARTSTAT=ACCEPTED:mailto:person{one}@example.org\r\n'
            for one in people
        )
        yield (
            f"BEGIN:VEVENT\r\nUID:{number}@example.org\r\nDTSTAMP:20250601T000000Z\r\n"
            f"DTSTART;TZID=Europe/Paris:{start:%Y%m%dT%H%M%S}\r\nDURATION:PT30M\r\n"
            f"RRULE:FREQ=WEEKLY;COUNT={OCCURRENCES_EACH}\r\nSUMMARY:Meeting {number}\r\n"
            f"ORGANIZER:mailto:person{people[0]}@example.org\r\n{attendees}END:VEVENT\r\n"
        )


def write_calendar(path: Path, count: int) -> None:
    with path.open("w", encoding="ascii", newline="") as file:
        file.write("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//EN\r\n")
        file.writelines(meetings(count))
        file.write("END:VCALENDAR\r\n")


def peak() -> float:
    """Return the most megabytes that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000


def read(path: str) -> None:
    """Read one file in this process and print what it took."""
    import netanalytics as na

    before = time.process_time()
    log = na.load(path)
    taken = time.process_time() - before
    memory = peak()
    card = log.card[log.card["unit"] != "contact"]
    counted = {
        "seconds": taken,
        "memory": memory,
        "records": int(card["n"].sum()),
        "contacts": len(log),
        "events": log.engine.size(f"SELECT DISTINCT event FROM ({log.query}) AS log"),
    }
    print(json.dumps(counted))


def measured(path: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--read", str(path)], capture_output=True, text=True, check=True
    )
    taken: dict[str, float] = json.loads(done.stdout)
    return taken


def judge(name: str, value: float, bar: float, *, least: bool) -> bool:
    good = value >= bar if least else value <= bar
    word = "at least" if least else "at most"
    print(f"{'ok    ' if good else 'MISSED'} {name}: {value:,.0f} ({word} {bar:,.0f})")
    return good


def run(share: float, folder: Path) -> bool:
    large, small, calendar = folder / "large.mbox", folder / "small.mbox", folder / "calendar.ics"
    write_mbox(large, int(LARGE_MAILS * share), LARGE_BODY)
    write_mbox(small, int(SMALL_MAILS * share), SMALL_BODY)
    write_calendar(calendar, int(MEETINGS * share))
    one, two, three = measured(large), measured(small), measured(calendar)
    for path, taken in ((large, one), (small, two), (calendar, three)):
        print(f"{path.name} {path.stat().st_size / 1e6:,.0f} MB: {taken}")
    megabytes = large.stat().st_size / 1e6
    bars = [
        ("MB per CPU second", megabytes / one["seconds"], MEGABYTES_A_SECOND, True),
        ("small mails per CPU second", two["records"] / two["seconds"], MAILS_A_SECOND, True),
        ("MB of memory, large mails", one["memory"], MEGABYTES_OF_MEMORY, False),
        ("MB of memory, small mails", two["memory"], MEGABYTES_OF_MEMORY, False),
        ("MB of memory, calendar", three["memory"], MEGABYTES_OF_MEMORY, False),
        ("CPU seconds for the calendar", three["seconds"], CALENDAR_SECONDS, False),
        ("occurrences in the calendar", three["events"], share * MEETINGS * OCCURRENCES_EACH, True),
    ]
    judged = [judge(name, value, bar, least=least) for name, value, bar, least in bars]
    return all(judged)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--read", metavar="FILE", help="read this file and print what it took")
    parser.add_argument("--share", type=float, default=1.0, help="share of the full size")
    asked = parser.parse_args()
    if asked.read:
        read(asked.read)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return 0 if run(asked.share, Path(folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
