"""A small strong room in a dictionary: the calls that the pages make, with the shapes and refusals of the real one.

`tests/integration/test_portal_contract.py` holds it against the real front desk, so that it cannot drift.
"""

from __future__ import annotations

import base64
import io
import secrets
import zipfile
from typing import Any

from records.errors import BadInput, Refused
from tests.portal_fake_study import HASH, HOSTILE, PASSWORD, ROLES, SEARCH_COHORT, TOML, FakeStudy

__all__ = ["HASH", "HOSTILE", "NEEDS", "PASSWORD", "ROLES", "SEARCH_COHORT", "TOML", "FakeDesk"]

NEEDS = {
    "cohort.save": {"researcher"},
    "request.submit": {"researcher"},
    "review.queue": {"reviewer"},
    "review.sheet": {"reviewer"},
    "review.decide": {"reviewer"},
    "release.ask": {"analyst"},
    "release.fetch": {"analyst"},
    "release.queue": {"releaser"},
    "release.check": {"releaser"},
    "audit.list": {"auditor"},
    "audit.verify": {"auditor", "operator"},
    "slip.find": {"clinician"},
    "slip.open": {"clinician"},
    "deposit.add": {"archivist"},
    "ingest.run": {"archivist"},
    "user.add": {"manager"},
    "deposit.rejects": {"archivist", "qc"},
    "reading.open": {"researcher", "analyst"},
    "reading.list": {"researcher", "analyst"},
    "reading.page": {"researcher", "analyst"},
    "leak.report": {"researcher", "analyst", "reviewer", "releaser", "qc"},
    "leak.queue": {"qc"},
}


class FakeDesk(FakeStudy):
    """Answers like `rooms.front.FrontDesk`; `calls` keeps what was asked, `fail` makes a call raise."""

    def __init__(self) -> None:
        self.sessions: dict[str, str] = {}
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.fail: dict[str, Exception] = {}
        self.request_state = "in_review"
        self.grant_state = "active"
        self.release_state = "released"
        self.voted = ""
        self.leak_state = "reported"
        self.page_state = {"state": "making", "why": ""}
        self.leaks: list[str] = []

    def enter(self, user: str) -> str:
        """A live session of `user`."""
        token = secrets.token_urlsafe(32)
        self.sessions[token] = user
        return token

    def call(self, session: str | None, name: str, /, **args: Any) -> dict[str, Any]:
        """One call; logging in needs no session, everything else does."""
        if name == "login":
            return self._login(**args)
        user = self.sessions.get(session or "")
        if user is None:
            raise Refused("not_logged_in", "You are not logged in or were away too long; log in again.")
        self.calls.append((user, name, args))
        if name in self.fail:
            raise self.fail[name]
        if name == "logout":
            self.sessions.pop(session or "", None)
            return {"ok": True}
        if name in NEEDS and not NEEDS[name] & set(ROLES[user][1]):
            raise Refused("not_permitted", "Your role does not allow this; ask the manager which role you need.")
        found: dict[str, Any] = getattr(self, "_" + name.replace(".", "_"))(user, **args)
        return found

    def _login(self, username: str, password: str) -> dict[str, Any]:
        if username == "slow":
            raise Refused("login_throttled", "Too many failed logins; wait ten minutes or ask the manager.")
        if username not in ROLES or password != PASSWORD:
            raise Refused("wrong_login", "The user name or the password is wrong; check both and try again.")
        return {"token": self.enter(username), **self._whoami(username)}

    def _whoami(self, user: str) -> dict[str, Any]:
        display, roles, department = ROLES[user]
        return {"user": user, "display": display, "roles": sorted(roles), "department": department}

    def _cohort_list(self, user: str) -> dict[str, Any]:
        return {"rows": [{"name": "糖尿病肾病", "version": 1, "hash": HASH, "created": "2026-01-02T03:04:05Z"}]}

    def _cohort_show(self, user: str, hash: str) -> dict[str, Any]:
        if hash != HASH:
            raise BadInput("cohort_unknown", "There is no saved cohort with this hash; save the cohort first.")
        return {"hash": HASH, "toml": TOML, "name": "糖尿病肾病", "version": 1, "mine": user == "lin"}

    def _cohort_save(self, user: str, toml: str, name: str) -> dict[str, Any]:
        return {"hash": HASH, "version": 1, "name": name}

    def _request(self) -> dict[str, Any]:
        return {
            "request": "Q1",
            "state": self.request_state,
            "title": "肾病研究",
            "purpose": "研究糖尿病肾病的进展 " + HOSTILE,
            "ethics_number": "2026-伦-017",
            "ethics_end": "2027-12-31",
            "variables": ["record", "type", "text"],
            "created": "2026-01-02T03:04:05Z",
            "conditions": ["仅限本院使用"] if self.request_state == "conditional" else [],
            "applicant": "lin",
            "members": ["ana"],
            "cohort": HASH,
            "edition": 3,
            "reason": "",
            "mine": True,
            "legal_basis": "",
            "period": {"start": "2026-01-01", "end": "2026-12-31"},
            "reviews": [{"verdict": "condition", "reason": "可以 " + HOSTILE}]
            if self.request_state != "in_review"
            else [],
        }

    def _request_list(self, user: str) -> dict[str, Any]:
        return {"rows": [self._request()]}

    def _request_show(self, user: str, request: str) -> dict[str, Any]:
        return self._request()

    def _request_precheck(self, user: str, toml: str) -> dict[str, Any]:
        missing = (
            []
            if "2026" in toml
            else [{"field": "ethics_number", "code": "missing", "remedy": "Fill in ethics_number."}]
        )
        return {"ok": not missing, "missing": missing, "cohort": HASH, "cohort_toml": TOML, "variables": []}

    def _request_submit(self, user: str, toml: str) -> dict[str, Any]:
        return {"request": "Q1", "state": "in_review"}

    def _request_withdraw(self, user: str, request: str) -> dict[str, Any]:
        self.request_state = "withdrawn"
        return {"request": request, "state": "withdrawn"}

    def _request_accept(self, user: str, request: str) -> dict[str, Any]:
        self.request_state = "approved"
        return {"request": request, "state": "approved", "grant": "G1"}

    def _review_queue(self, user: str) -> dict[str, Any]:
        return {"rows": [self._request()]}

    def _review_sheet(self, user: str, request: str) -> dict[str, Any]:
        pieces = [
            ["主诉：", None],
            ["张兰芳", "患者"],
            ["，于", None],
            ["2024-03-01", "日期"],
            ["入院。" + HOSTILE, None],
        ]
        return {
            **self._request(),
            "cohort_toml": TOML,
            "patients": "~40",
            "records": "~180",
            "my_vote": self.voted or None,
            "votes": [],
            "attrition": [{"step": "all", "patients": "~120", "records": "~600"}],
            "samples": [
                {"record": "r" + name * 16, "type": "D02", "department": "内分泌科", "year": 2024, "pieces": pieces}
                for name in "ab"
            ],
        }

    def _review_decide(self, user: str, request: str, verdict: str, reason: str, conditions: Any) -> dict[str, Any]:
        self.voted = verdict
        return {"request": request, "state": "in_review"}

    def _grant(self) -> dict[str, Any]:
        return {
            "grant": "G1",
            "request": "Q1",
            "state": self.grant_state,
            "ends": "2026-12-31",
            "starts": "2026-01-01",
            "members": ["ana"],
            "variables": ["record", "type"],
            "edition": 3,
            "title": "肾病研究",
            "applicant": "lin",
            "cohort": HASH,
            "reason": "",
            "ethics_end": "2027-12-31",
        }

    def _grant_list(self, user: str) -> dict[str, Any]:
        return {"rows": [self._grant()]}

    def _grant_show(self, user: str, grant: str) -> dict[str, Any]:
        return self._grant()

    def _grant_suspend(self, user: str, grant: str, reason: str) -> dict[str, Any]:
        self.grant_state = "suspended"
        return {"grant": grant, "state": "suspended"}

    def _grant_revoke(self, user: str, grant: str, reason: str) -> dict[str, Any]:
        self.grant_state = "revoked"
        return {"grant": grant, "state": "revoked"}

    def _reading_list(self, user: str, grant: str, offset: int, limit: int) -> dict[str, Any]:
        row = {"type": "D02", "department": "内分泌科", "year": 2024, "sex": "F", "age": 61}
        return {
            "total": 45,
            "rows": [{"record": f"R{number:020x}", **row} for number in range(offset, min(45, offset + limit))],
        }

    def _reading_open(self, user: str, grant: str, record: str) -> dict[str, Any]:
        return {
            "record": record,
            "sections": [{"heading": "主诉", "text": "多饮多尿 3 年。" + HOSTILE}, {"heading": "", "text": "余无殊。"}],
            "pages": 2,
        }

    def _reading_prepare(self, user: str, grant: str, record: str, page: int) -> dict[str, Any]:
        return dict(self.page_state)

    def _reading_page(self, user: str, grant: str, record: str, page: int) -> dict[str, Any]:
        if page not in (1, 2):
            raise BadInput("page_not_ready", "This page is not ready to be looked at; open it from its record again.")
        picture = b"\xff\xd8\xff\xe0 page " + str(page).encode()
        return {"record": record, "page": page, "jpeg_b64": base64.b64encode(picture).decode()}

    def _release(self) -> dict[str, Any]:
        return {
            "release": "L1",
            "state": self.release_state,
            "grant": "G1",
            "rows": 180,
            "created": "2026-02-03T04:05:06Z",
            "leaks": self.leaks,
        }

    def _release_ask(self, user: str, grant: str) -> dict[str, Any]:
        self.release_state = "in_check"
        return {"release": "L1", "state": "in_check", "findings": []}

    def _release_list(self, user: str) -> dict[str, Any]:
        return {"rows": [self._release()]}

    def _release_queue(self, user: str) -> dict[str, Any]:
        return {"rows": [{**self._release(), "findings": 1}]}

    def _release_show(self, user: str, release: str) -> dict[str, Any]:
        findings = [
            {"code": "small_cell", "where": "rows.csv:age", "remedy": "Group ages below 20.", "blocking": False}
        ]
        return {
            **self._release(),
            "request": "Q1",
            "edition": 3,
            "content_hash": HASH,
            "findings": findings,
            "title": "肾病研究",
            "purpose": HOSTILE,
            "variables": ["record", "type"],
            "reason": "",
            "my_check": None,
            "checks": [{"verdict": "pass", "reason": "无异议"}] * 2 if self.release_state == "released" else [],
        }

    def _release_check(self, user: str, release: str, verdict: str, reason: str) -> dict[str, Any]:
        return {"release": release, "state": "in_check"}

    def _release_recall(self, user: str, release: str, reason: str) -> dict[str, Any]:
        self.release_state = "recalled"
        return {"release": release, "state": "recalled"}

    def _release_fetch(self, user: str, release: str) -> dict[str, Any]:
        if release != "L1":
            raise Refused("release_unknown", "There is no such release for you; look at the list of your releases.")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as bundle:
            bundle.writestr("manifest.json", "{}")
        return {"name": "lantai-L1.zip", "zip_b64": base64.b64encode(packed.getvalue()).decode()}

    def _leak_report(
        self,
        user: str,
        record: str,
        text: str,
        entity: str = "PERSON",
        grant: str | None = None,
        request: str | None = None,
        release: str | None = None,
        on_page: bool = False,
    ) -> dict[str, Any]:
        if "张兰芳" not in text and not on_page:
            raise BadInput("leak_not_there", "These words do not stand in the record; copy them from its text.")
        return {"leak": "X1", "state": "reported", "new": True}

    def _leak_queue(self, user: str) -> dict[str, Any]:
        sentence = "同病房的张兰芳说过此事。" + HOSTILE
        row = {
            "leak": "X1", "state": self.leak_state, "entity": "PERSON", "scope": "patient", "fix": "rule", "waiting": 2,
            "reporter": "ana", "seen": "G1", "record": "R" + "0" * 20, "reported": "2026-02-03T04:05:06Z",
            "checked": "", "releases": ["L1"], "words": "张兰芳", "sentence": sentence, "at": [4, 7],
        }  # fmt: skip
        return {"rows": [row] if self.leak_state in ("reported", "confirmed") else []}

    def _leak_confirm(self, user: str, leak: str, reason: str, entity: str, scope: str, fix: str) -> dict[str, Any]:
        self.leak_state = "confirmed" if fix == "rule" else "fixed"
        return {"leak": leak, "state": "confirmed", "waiting": 2, "elsewhere": 1, "job": None}

    def _leak_dismiss(self, user: str, leak: str, reason: str) -> dict[str, Any]:
        self.leak_state = "dismissed"
        return {"leak": leak, "state": "dismissed"}

    def _leak_recheck(self, user: str, leak: str) -> dict[str, Any]:
        self.leak_state = "fixed"
        return {"leak": leak, "state": "confirmed", "waiting": 2, "job": "J1"}

    def _deposit_add(self, user: str, name: str, data_b64: str) -> dict[str, Any]:
        if not data_b64:
            raise BadInput("empty_file", "The file is empty; hand over the file itself.")
        return {"deposit": "D1", "new": True}

    def _ingest_run(self, user: str, deposits: list[str] | None = None) -> dict[str, Any]:
        return {"job": "J1"}

    def _ingest_progress(self, user: str, job: str) -> dict[str, Any]:
        return {
            "stage": "shelve",
            "done": 1,
            "total": 1,
            "accepted": [{"deposit": "D1"}],
            "rejected": [],
            "edition": 4,
            "finished": True,
        }

    def _deposit_rejects(self, user: str) -> dict[str, Any]:
        return {
            "rows": [
                {
                    "deposit": "D7",
                    "reason": "not_readable",
                    "received": "2026-02-03T04:05:06Z",
                    "name": "扫描.pdf",
                    "size": 12,
                    "media_type": "x",
                }
            ]
        }

    def _slip_find(self, user: str, query: str, reason: str) -> dict[str, Any]:
        row = {"record": "R" + "0" * 20, "type": "D02", "department": "内分泌科", "year": 2024}
        return {"rows": [row] if query == "张兰芳" else []}

    def _slip_open(self, user: str, record: str, reason: str) -> dict[str, Any]:
        return {"media_type": "image/png", "data_b64": PIXEL, "text": "姓名 张兰芳 " + HOSTILE}

    def _audit_list(self, user: str, **args: Any) -> dict[str, Any]:
        row = {
            "seq": 1,
            "at": "2026-02-03T04:05:06Z",
            "actor": "lin",
            "action": "search",
            "subject": "",
            "reason": HOSTILE,
            "hash": HASH,
            "detail": {"query": "糖尿病"},
        }
        return {"rows": [row], "total": 1}

    def _audit_verify(self, user: str) -> dict[str, Any]:
        return {"ok": True, "problems": []}

    def _status(self, user: str) -> dict[str, Any]:
        return {
            "edition": 3,
            "hospital": "",
            "demo": True,
            "deposits": {"shelved": 600, "rejected": 2},
            "lexicon": HASH,
            "encoder": "static",
            "jobs": {},
        }

    def _user_list(self, user: str) -> dict[str, Any]:
        return {"rows": [{**self._whoami(name), "state": "active"} for name in ROLES]}

    def _user_add(self, user: str, username: str, password: str, roles: list[str], **rest: Any) -> dict[str, Any]:
        return {"user": username, "roles": roles}

    def _user_disable(self, user: str, username: str) -> dict[str, Any]:
        return {"user": username, "state": "disabled"}


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
