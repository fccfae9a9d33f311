"""The story of `lantai demo`: an invented hospital's archive becomes a de-identified dataset, figure by figure."""

from __future__ import annotations

import base64
import json
import secrets
import time
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from approvals.bundle import verify_bundle
from records.errors import BadInput, IntegrityFailure
from records.people import Role
from rooms.cli.output import err
from rooms.cli.release import unpack
from rooms.cli.session import DEMO_PASSPHRASE_FILE, Session
from rooms.cli.work import take_in
from rooms.config import Config
from rooms.scoring import Score, character_errors
from rooms.serve import Door, serve
from rooms.strong import StrongRoom
from sample.generator import generate

PASSWORD: Final = "lantai-demo"  # noqa: S105 - shown on screen; a demo home protects nobody
LOGINS: Final[tuple[tuple[str, Role, str | None, str], ...]] = (
    ("researcher", Role.RESEARCHER, None, "研究者 Researcher"),
    ("reviewer", Role.REVIEWER, None, "伦理审核甲 Ethics reviewer 1"),
    ("reviewer2", Role.REVIEWER, None, "伦理审核乙 Ethics reviewer 2"),
    ("analyst", Role.ANALYST, None, "分析员 Analyst"),
    ("releaser", Role.RELEASER, None, "放行员甲 Releaser 1"),
    ("releaser2", Role.RELEASER, None, "放行员乙 Releaser 2"),
    ("clinician", Role.CLINICIAN, "内分泌科", "内分泌科医师 Clinician"),
    ("archivist", Role.ARCHIVIST, None, "档案员 Archivist"),
    ("qc", Role.QC, None, "质控员 QC officer"),
    ("auditor", Role.AUDITOR, None, "审计员 Auditor"),
    ("manager", Role.MANAGER, None, "管理者 Manager"),
    ("operator", Role.OPERATOR, None, "运维员 Operator"),
)
QUESTIONS: Final = ("糖尿病并发症", "diabetic complications")
Say = Callable[[str], None]


def tell(config: Config, door: Door | None, *, patients: int) -> dict[str, Any]:
    """Tell the story in config.home, then serve if a door is given. Returns the figures that were printed."""
    started = time.monotonic()
    say: Say = lambda line: err.print(line, highlight=False, markup=False, soft_wrap=True)  # noqa: E731 - a name for one line of output
    say("Lantai 兰台 demo: everything below is invented; no real patient, hospital or member of staff.")
    _prepare(config, say)
    room = StrongRoom.open(config, (config.home / DEMO_PASSPHRASE_FILE).read_text(encoding="utf-8").strip())
    try:
        story = _Story(room, config, say)
        figures = story.tell(patients)
        figures["seconds"] = round(time.monotonic() - started, 1)
        say(f"\nThe story took {figures['seconds']} s.")
        if door is not None:
            serve(room, config, door, lambda url: _announce(say, url))
    finally:
        room.close()
    return figures


def _prepare(config: Config, say: Say) -> None:
    """A demo home: made new, or the same one again; never a real one."""
    passphrase = config.home / DEMO_PASSPHRASE_FILE
    if config.initialised and not passphrase.exists():
        raise BadInput("home_is_real", "This home is a real archive; set LANTAI_HOME to another folder for the demo.")
    if not config.initialised:
        config.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        passphrase.write_text(secrets.token_urlsafe(24), encoding="utf-8")
        passphrase.chmod(0o600)
        StrongRoom.create(config, passphrase.read_text(encoding="utf-8"), demo=True)
    say(f"home: {config.home} (a demo home; a real archive never mixes with it)")


def _announce(say: Say, url: str) -> None:
    say(f"\nLantai is open at {url} — sample logins, all with the password {PASSWORD}:")
    for name, role, department, display in LOGINS:
        say(f"  {name:<11} {display}{f' ({department})' if department else ''} [{role.value}]")
    say("Stop with Ctrl-C.")


def prepare_logins(room: StrongRoom) -> None:
    """The sample accounts, one for each role; those that are there stay as they are."""
    local = room.local_session()
    present = {row["user"] for row in room.call("user.list", local)["rows"]}
    for name, role, department, display in LOGINS:
        if name not in present:
            room.call(
                "user.add", local, username=name, password=PASSWORD, roles=[role.value],
                department=department, display=display,
            )  # fmt: skip
    room.end_session(local)


class _Story:
    """One telling. Each chapter calls the strong room as the person whose turn it is."""

    def __init__(self, room: StrongRoom, config: Config, say: Say) -> None:
        self.room = room
        self.config = config
        self.say = say
        self.folder = config.home.with_name(config.home.name + "-sample")
        self.figures: dict[str, Any] = {}

    def tell(self, patients: int) -> dict[str, Any]:
        prepare_logins(self.room)
        self._sample(patients)
        self._ingest()
        self._score_scans()
        self._search()
        request, grant = self._request()
        self._read(grant)
        self._release(grant)
        self._verify()
        self.figures |= {"request": request, "grant": grant}
        return self.figures

    def as_user(self, name: str) -> Session:
        return Session(self.room, self.config, str(self.room.call("login.demo", username=name)["token"]))

    def _sample(self, patients: int) -> None:
        self.say(f"\n1. An invented hospital of {patients} patients …")
        if not (self.folder / "truth").exists():
            with Progress(TextColumn("{task.description}"), BarColumn(), console=err, transient=True) as progress:
                task = progress.add_task("writing records", total=None)
                generate(
                    self.folder,
                    patients,
                    progress=lambda done, total: progress.update(task, completed=done, total=total),
                )
        files = [path for path in sorted((self.folder / "inbox").rglob("*")) if path.is_file()]
        self.figures["files"] = len(files)
        self.say(f"   {len(files)} files: scanned pages, FHIR R4 bundles, born-digital PDFs → {self.folder}")

    def _ingest(self) -> None:
        self.say("\n2. Ingest: recognised, described, sealed under SM4, de-identified, shelved …")
        started = time.monotonic()
        files = [path for path in sorted((self.folder / "inbox").rglob("*")) if path.is_file()]
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=err, transient=True) as progress:
            state = take_in(self.as_user("archivist"), files, progress)
        self.records = {
            path.name: row["record"] for row in state["accepted"] for path in state["deposits"][row["deposit"]]
        }
        self.figures |= {
            "accepted": len(state["accepted"]), "rejected": len(state["rejected"]), "edition": state["edition"],
            "ingest_s": round(time.monotonic() - started, 1),
        }  # fmt: skip
        self.say(
            f"   {len(state['accepted'])} archived, {len(state['rejected'])} rejected, edition {state['edition']}, "
            f"{self.figures['ingest_s']} s"
        )

    def _score_scans(self) -> None:
        score = Score()
        for line in (self.folder / "truth" / "records.jsonl").read_text(encoding="utf-8").splitlines():
            truth = json.loads(line)
            record = self.records.get(truth["file"])
            if truth["kind"] == "scan" and record is not None:
                read = json.loads(self.room.vault.get(record, "transcript"))["text"]
                score = score.plus(character_errors(_bare(truth["text"]), _bare(read)), len(_bare(truth["text"])))
        self.figures |= {"scans": score.pages, "ocr_cer": round(score.rate, 5)}
        self.say(f"   {score.pages} scans read; character error against the truth {score.rate:.2%}")

    def _search(self) -> None:
        self.say("\n3. A researcher asks in two languages …")
        researcher = self.as_user("researcher")
        self.figures["search"] = {}
        for question in QUESTIONS:
            answer = researcher.call("search.run", query=question, limit=10)
            self.figures["search"][question] = {"total": answer["total"], "took_ms": answer["took_ms"]}
            self.say(f"   “{question}”: {answer['total']} records, {answer['took_ms']} ms")
            for hit in answer["hits"][:5]:
                self.say(f"     {hit['type']} {hit['department']} {hit['year']}  — {hit['why']}")

    def _request(self) -> tuple[str, str]:
        self.say("\n4. A question becomes a request; two reviewers, each blind to the other, decide …")
        researcher = self.as_user("researcher")
        cohort = researcher.call("cohort.save", toml=COHORT, name="diabetic-complications")
        count = researcher.call("cohort.count", toml=COHORT)
        self.say(f"   cohort {cohort['hash'][:12]}…: {count['patients']} patients, {count['records']} records")
        asked = researcher.call("request.submit", toml=_request_toml(cohort["hash"]))
        self.say(f"   request {asked['request']}: {asked['state']}")
        decided: Mapping[str, Any] = {}
        for reviewer in ("reviewer", "reviewer2"):
            decided = self.as_user(reviewer).call(
                "review.decide",
                request=asked["request"],
                verdict="approve",
                reason="Purpose and variables are proportionate.",
            )
            self.say(f"   {reviewer} approves → {decided['state']}")
        self.say(f"   grant {decided['grant']}")
        return str(asked["request"]), str(decided["grant"])

    def _read(self, grant: str) -> None:
        self.say("\n5. The reading room opens exactly what was approved …")
        researcher = self.as_user("researcher")
        rows = researcher.call("reading.list", grant=grant, offset=0, limit=5)
        text = researcher.call("reading.open", grant=grant, record=rows["rows"][0]["record"])["sections"]
        longest = max(text, key=lambda section: (bool(section["heading"]), len(section["text"])))
        self.figures["granted_records"] = rows["total"]
        self.say(f"   {rows['total']} records; {longest['heading']}: {longest['text'][:90]}…")

    def _release(self, grant: str) -> None:
        self.say("\n6. The analyst asks for the dataset; egress check; two releasers …")
        asked = self.as_user("analyst").call("release.ask", grant=grant)
        self.say(f"   release {asked['release']}: {asked['state']}, {len(asked['findings'])} findings")
        state: Mapping[str, Any] = asked
        for releaser in ("releaser", "releaser2"):
            state = self.as_user(releaser).call(
                "release.check", release=asked["release"], verdict="pass", reason="Findings reviewed."
            )
            self.say(f"   {releaser} passes → {state['state']}")
        zipped = base64.b64decode(self.as_user("analyst").call("release.fetch", release=asked["release"])["zip_b64"])
        out = self.config.home.with_name(self.config.home.name + "-release") / str(asked["release"])
        names = unpack(zipped, out)
        problems = verify_bundle(out, self.room.keys.public_key())
        if problems:
            raise IntegrityFailure("bundle_broken", f"The bundle does not verify: {problems[0]['problem']}.")
        self.figures |= {"release": asked["release"], "findings": len(asked["findings"]), "bundle": str(out)}
        self.say(f"   bundle verified: {', '.join(names)} → {out}")

    def _verify(self) -> None:
        self.say("\n7. The register and every stored byte …")
        local = self.room.local_session()
        answer = self.room.call("verify", local)
        entries = self.room.call("audit.list", local, limit=1)["total"]
        self.room.end_session(local)
        self.figures |= {"verified": answer["ok"], "register_entries": entries}
        self.say(f"   {entries} entries, chain and checkpoints {'verified' if answer['ok'] else 'BROKEN'}")
        if not answer["ok"]:
            raise IntegrityFailure("verify", f"{len(answer['problems'])} problems; see `lantai verify`.")


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _request_toml(cohort_hash: str) -> str:
    today = date.today()
    return f"""
title = "Course of diabetic complications in an invented hospital"
purpose = "Describe how nephropathy, retinopathy, neuropathy and foot disease follow each other in type 2 diabetes."
ethics_number = "DEMO-2026-001"
ethics_end = {today + timedelta(days=365)}
variables = ["record", "patient", "type", "department", "year", "sex", "age_band", "concepts", "text"]
members = ["analyst"]
cohort = "{cohort_hash}"

[period]
start = {today}
end = {today + timedelta(days=180)}
"""


COHORT: Final = """
name = "Diabetes with a complication"

[[include]]
any = ["糖尿病肾病", "糖尿病视网膜病变", "糖尿病周围神经病变", "糖尿病足"]
"""
