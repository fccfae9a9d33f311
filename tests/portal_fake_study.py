"""What the fake front desk answers to a question, a cohort and a concept; and who stands behind its sessions."""

from __future__ import annotations

from typing import Any

from records.errors import BadInput

PASSWORD = "right-horse"
ROLES: dict[str, tuple[str, tuple[str, ...], str | None]] = {
    "lin": ("林研究", ("researcher",), None),
    "ana": ("安分析", ("analyst",), None),
    "rev": ("任审核", ("reviewer",), None),
    "rel": ("方放行", ("releaser",), None),
    "doc": ("内科医师", ("clinician",), "内分泌科"),
    "arc": ("档案员", ("archivist",), None),
    "qcq": ("质控员", ("qc",), None),
    "aud": ("审计员", ("auditor",), None),
    "man": ("主任", ("manager",), None),
    "ops": ("运维", ("operator",), None),
}
HASH = "ab" * 32
TOML = 'name = "糖尿病肾病"\n[[include]]\nconcept = "糖尿病肾病"\n'
SEARCH_COHORT = 'unit = "record"\n[[include]]\nconcept = "diabetes-mellitus"\nreach = "complications"\n'
HOSTILE = "<style>*{display:none}</style><img src=x onerror=alert(1)> ![x](https://example.invalid/x.png) ${1} **粗**"


class FakeStudy:
    """The calls that the front desk answers itself; `call` and what it keeps are the fake desk's."""

    sessions: dict[str, str]
    calls: list[tuple[str, str, dict[str, Any]]]

    def call(self, session: str | None, name: str, /, **args: Any) -> dict[str, Any]:
        """One call through the slot."""
        raise NotImplementedError

    def search(self, session: str | None, query: str, /, **filters: Any) -> dict[str, Any]:
        """One result for any question but a rare one."""
        self.call(session, "whoami")
        self.calls.append((self.sessions[session or ""], "search", {"query": query, **filters}))
        if not query.strip():
            raise BadInput("query_empty", "Say what you are looking for, in your own words.")
        few = "罕见" in query
        hit = {"record": "c0123456789abcdef", "type": "D02", "department": "内分泌科", "year": 2024, "score": 0.9}
        hits = [] if few else [{**hit, "concepts": ["diabetes"], "why": HOSTILE}] * 12
        return {
            "edition": 3,
            "took_ms": 12.3,
            "total": "<10" if few else "~120",
            "hits": hits,
            "facets": {
                "department": {"内分泌科": "~80", "眼科": "~25", "骨科": "<10"},
                "type": {"D02": "~60", "D33": "~45"},
                "year": {"2023": "~40", "2024": "~80"},
            },
            "understood": {
                "concepts": [("diabetes-mellitus", "糖尿病", "complications")],
                "unwished": [],
                "family": [],
                "filters": {},
            },
            "not_found": ["甲乙丙"],
            "suggestions": [
                {"concept": "diabetic-foot", "zh": "糖尿病足", "en": "diabetic foot", "records": "~35"},
            ],
            "cohort": SEARCH_COHORT,
        }

    def cohort_count(self, session: str | None, toml: str, edition: int = 0) -> dict[str, Any]:
        """A count with two steps."""
        self.call(session, "whoami")
        self.calls.append((self.sessions[session or ""], "count", {"toml": toml, "edition": edition}))
        if "=" not in toml:
            raise BadInput("bad_toml", "The cohort definition is not valid TOML; mend it and try again.")
        steps = [
            {"step": "all", "patients": "~120", "records": "~600"},
            {"step": "糖尿病", "patients": "~40", "records": "~180", "lost_patients": "~80", "lost_records": "~420"},
        ]
        known = [
            {"variable": "age", "patients": "~35", "records": "~150", "share": 88, "share_records": 83},
            {"variable": "吸烟", "patients": "<10", "records": "<10", "share": None, "share_records": None},
        ]
        counts = {"patients": "~40", "records": "~180", "attrition": steps, "feasibility": known}
        return {"edition": edition or 3, "hash": HASH, **counts, "withdrawn": "<10", "same_lexicon": not edition}

    def concept(self, session: str | None, words: str) -> dict[str, Any]:
        """One concept with its relations, counted for whom may count."""
        self.call(session, "whoami")
        user = self.sessions[session or ""]
        self.calls.append((user, "concept", {"words": words}))
        if words == "不存在":
            return {"concepts": [], "near": []}
        counted = {"researcher", "analyst"} & set(ROLES[user][1])
        foot = {
            "id": "diabetic-foot",
            "zh": "糖尿病足",
            "en": "diabetic foot",
            **({"records": "~35"} if counted else {}),
        }
        few = {"id": "gangrene", "zh": HOSTILE, "en": HOSTILE, **({"records": "<10"} if counted else {})}
        one = {
            "id": "diabetes-mellitus",
            "zh": "糖尿病",
            "en": "diabetes mellitus",
            "kind": "disease",
            "names": ["糖尿病", "diabetes mellitus", HOSTILE],
            "icd10": ["E14"],
            "note": HOSTILE,
            "reaches": [],
            "relations": {"complication": [few, foot]},
        }
        if counted:
            one |= {"patients": "~40", "records": "~180"}
        return {"concepts": [one], "near": [foot], **({"edition": 3} if counted else {})}
