"""A small invented hospital's ledger for tests: people, a clock that can be moved, requests made by the real verbs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import event

from approvals import accounts, bundle, egress, grants, release, requests, reviews
from approvals.checkpoints import Checkpoints
from approvals.grants import Grant
from approvals.ledger import Ledger
from approvals.selections import Selection
from records import sm2
from records.ids import RecordId, UserId
from records.people import Actor, Role
from records.seal import sm3

KEY = b"sixteen bytes ok"
TODAY = date(2026, 11, 23)
PEOPLE: dict[str, Role] = {
    "ann": Role.RESEARCHER,
    "bob": Role.ANALYST,
    "carl": Role.RESEARCHER,
    "rae": Role.REVIEWER,
    "rob": Role.REVIEWER,
    "rita": Role.REVIEWER,
    "lea": Role.RELEASER,
    "leo": Role.RELEASER,
    "mia": Role.MANAGER,
}
_TEMPLATE: list[bytes] = []  # the file with PEOPLE in it, made once: ten durable commits a test would add up
COHORT = '[[include]]\nconcept = "diabetes-mellitus"\n'


@cache
def keypair() -> tuple[bytes, bytes]:
    """One SM2 key for the whole run; making one costs time."""
    return sm2.new_keypair()


def sign(message: bytes) -> bytes:
    return sm2.sign(keypair()[0], message)


def check(message: bytes, signature: bytes) -> bool:
    return sm2.verify(keypair()[1], message, signature)


def hash_of(toml: str) -> str:
    """Stands in for semantic's canonical hash: like it, the same for the same definition."""
    return sm3(toml.strip().encode()).hex()


class World:
    """A demo ledger with PEOPLE in it. `now` may be set."""

    def __init__(self, folder: Path, *, anchored: bool = False, hour: int = 4) -> None:
        self.now = datetime(TODAY.year, TODAY.month, TODAY.day, hour, tzinfo=UTC)
        self.folder = folder
        self.path = folder / "ledger.db"
        self.place = folder / "second" / "checkpoints.jsonl"
        self.anchor = Checkpoints(self.place, sign, every=8) if anchored else None
        if not anchored and hour == 4 and _TEMPLATE:
            folder.mkdir(exist_ok=True)
            self.path.write_bytes(_TEMPLATE[0])
        self.ledger = self.opened()
        if anchored or hour != 4 or not _TEMPLATE:
            for user, role in PEOPLE.items():
                accounts.add_user(self.ledger, None, user, roles=[role.value])
        if not anchored and hour == 4 and not _TEMPLATE:
            self.ledger.close()
            _TEMPLATE.append(self.path.read_bytes())
            self.ledger = self.opened()

    def opened(self) -> Ledger:
        """The ledger anew, as another process would open it."""
        ledger = Ledger.open(
            self.path, lambda: self.now, key=KEY, anchor=self.anchor, demo=True, clean=lambda text: text
        )
        event.listen(ledger._engine, "connect", _without_sync)
        ledger.close()  # connections from here on do not wait for the disk, which many small tests would
        return ledger

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)

    def __getitem__(self, user: str) -> Actor:
        role = PEOPLE.get(user, Role.RESEARCHER)
        return Actor(UserId(user), frozenset({role}), None, user)

    def submit(self, who: str = "ann", **changes: Any) -> str:
        answer = requests.submit(
            self.ledger, self[who], request_toml(**changes), edition=3, hash_of=hash_of, choose=choose
        )
        return str(answer["request"])

    def vote(self, who: str, request: str, verdict: str = "approve", reason: str = "reason given") -> dict[str, Any]:
        return reviews.decide(self.ledger, self[who], request, verdict, reason)

    def grant(self, **changes: Any) -> str:
        """A request approved by two reviewers."""
        request = self.submit(**changes)
        self.vote("rae", request)
        return str(self.vote("rob", request)["grant"])

    def ask(self, grant: str, who: str = "bob", rows: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        return release.ask(self.ledger, self[who], grant, lambda granted: offer(granted, rows or sample_rows()))

    def released(self, grant: str) -> str:
        asked = str(self.ask(grant)["release"])
        for releaser in ("lea", "leo"):
            release.check(self.ledger, self[releaser], asked, "pass", "")
        return asked

    def fetch(self, asked: str, who: str = "bob", rows: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        rows = rows or sample_rows()
        return release.fetch(self.ledger, self[who], asked, lambda granted, facts: made(granted, facts, rows))

    def active(self, grant: str, who: str = "ann") -> Grant:
        return grants.active_grant(self.ledger, self[who], grant)


def choose(_: str) -> Selection:
    """What every cohort of this world holds."""
    return Selection(frozenset(RecordId(f"r{number:03}") for number in range(24)), 20, (("all", 40, 60),))


def _without_sync(connection: Any, _: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def request_toml(
    *,
    title: str = "Course of diabetic nephropathy",
    purpose: str = "To describe it.",
    ethics_end: date | None = TODAY + timedelta(days=200),
    start: date = TODAY,
    end: date = TODAY + timedelta(days=100),
    variables: tuple[str, ...] = ("type", "department", "year", "sex", "age", "text"),
    members: tuple[str, ...] = ("bob",),
    cohort: str = f"[cohort]\ndefinition = '''\n{COHORT}'''\n",
    extra: str = "",
) -> str:
    """A request as a person would write it."""
    lines = [
        f'title = "{title}"',
        f'purpose = "{purpose}"',
        'ethics_number = "2026-017"',
        f"ethics_end = {ethics_end}" if ethics_end else "",
        f"variables = {list(variables)}",
        f"members = {list(members)}",
        extra,
        f"[period]\nstart = {start}\nend = {end}",
        cohort,
    ]
    return "\n".join(lines)


def sample_rows(count: int = 24, **changes: Any) -> list[dict[str, Any]]:
    """Rows as a release would hold them, all in one group of quasi-identifiers."""
    row = {"type": "D02", "department": "内分泌科", "year": 2025, "sex": "F", "age": 55, "text": "血糖控制可。"}
    letters = str.maketrans("0123456789abcdef", "abcdefghkmnpqrst")
    return [{"record": "r" + f"{number:016x}".translate(letters), **row, **changes} for number in range(count)]


def offer(granted: Grant, rows: list[dict[str, Any]]) -> release.Offer:
    findings = egress.check(rows, granted.variables, scan=lambda _: (), known=lambda _: ())
    return release.Offer(len(rows), bundle.content_hash(rows, granted.variables), findings)


def made(granted: Grant, facts: dict[str, Any], rows: list[dict[str, Any]]) -> release.Made:
    ids = (facts["release"], granted.id, granted.request)
    about = bundle.Facts(*ids, granted.cohort, granted.edition, facts["created"])
    files = bundle.build(rows, granted.variables, about, public_key=keypair()[1], sign=sign)
    return release.Made(bundle.content_hash(rows, granted.variables), bundle.archive(files, facts["release"]))
