"""The ledger's tables, in SQL that SQLite and PostgreSQL both speak. Holds no record text and no patient's identity.

Every ledger row has a text `id` and `entry`, the number of the register entry that last wrote it; the register
entry holds the row's SM3, so a row that was changed behind our back can be named. Days are ISO dates, instants are
`times.stamp`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text

metadata: Final = MetaData()
TYPED: Final = "typed"


def _ledger_table(name: str, *columns: Column[str] | Column[int]) -> Table:
    head: tuple[Column[str] | Column[int], ...] = (
        Column("id", String(140), primary_key=True),
        Column("entry", Integer, nullable=False),
    )
    return Table(name, metadata, *head, *columns)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _typed(name: str) -> Column[str]:
    """What somebody typed: sealed by approvals.transactions, and so never part of a condition."""
    return Column(name, Text, nullable=False, info={TYPED: True})


def _number(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


meta = _ledger_table("meta", _text("value"))
accounts = _ledger_table(
    "accounts",
    _text("display"),
    _text("roles"),
    _text("department", null=True),
    _text("password", null=True),
    _text("state"),
    _text("created"),
)
sessions = _ledger_table("sessions", _text("user"), _text("created"), _text("expires"), _text("ended", null=True))
login_attempts = _ledger_table("login_attempts", _number("number"), _text("name"), _text("at"), _text("outcome"))
cohorts = _ledger_table(
    "cohorts",
    _number("number"),
    _text("owner"),
    _text("name"),
    _number("version"),
    _text("hash"),
    _typed("toml"),
    _text("created"),
)
requests = _ledger_table(
    "requests",
    _number("number"),
    _text("applicant"),
    _text("members"),
    _text("state"),
    _typed("snapshot"),
    _text("snapshot_hash"),
    _text("cohort"),
    _number("edition"),
    _text("ethics_end"),
    _text("created"),
    _text("decided", null=True),
    _typed("reason"),
)
# What the cohort of a request held when it was handed in (approvals/selections.py).
selections = _ledger_table("selections", _number("patients"), _text("attrition"), _text("records"))
reviews = _ledger_table(
    "reviews",
    _text("request"),
    _text("reviewer"),
    _text("verdict"),
    _typed("reason"),
    _typed("conditions"),
    _text("at"),
)
grants = _ledger_table(
    "grants",
    _number("number"),
    _text("request"),
    _text("applicant"),
    _text("members"),
    _text("cohort"),
    _number("edition"),
    _text("variables"),
    _text("starts"),
    _text("ends"),
    _text("ethics_end"),
    _text("snapshot_hash"),
    _text("state"),
    _typed("reason"),
    _text("created"),
)
releases = _ledger_table(
    "releases",
    _number("number"),
    _text("grant"),
    _text("request"),
    _text("asker"),
    _number("edition"),
    _number("rows"),
    _text("columns"),
    _number("coarsened"),
    _text("content_hash"),
    _text("findings"),
    _text("state"),
    _typed("reason"),
    _text("created"),
    _text("decided", null=True),
)
release_reviews = _ledger_table(
    "release_reviews",
    _text("release"),
    _text("releaser"),
    _text("verdict"),
    _typed("reason"),
    _text("at"),
)

# Reports of a leak. What was reported lies sealed in the vault, never here; `waiting` are the records off the shelf.
leaks = _ledger_table(
    "leaks",
    _number("number"),
    _text("reporter"),
    _text("seen"),
    _text("record"),
    _text("entity"),
    _text("state"),
    _text("scope"),
    _text("fix"),
    _text("waiting"),
    _text("releases"),
    _text("created"),
    _text("checked"),
)

LEDGER_TABLES: Final = (
    meta,
    accounts,
    sessions,
    login_attempts,
    cohorts,
    requests,
    selections,
    reviews,
    grants,
    releases,
    release_reviews,
    leaks,
)

# The register itself: what happened, in order, each entry chained to the one before by SM3 and sealed with the
# ledger's key.
register = Table(
    "register",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _text("at"),
    _text("actor"),
    _text("action"),
    _text("subject"),
    _text("reason"),
    _text("detail"),
    _text("prev"),
    _text("hash"),
    _text("mac"),
)
# One row, locked by every writer: where the chain ends.
register_head = Table(
    "register_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    _number("seq"),
    _text("hash"),
)
# Which entries wrote which row: lets a decision find the last word on a row without reading the whole register.
row_entries = Table(
    "row_entries",
    metadata,
    Column("row", String(200), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
)
# When a session was last used. The only thing written without a register entry; sealed with the ledger's key instead.
session_activity = Table(
    "session_activity",
    metadata,
    Column("id", String(64), primary_key=True),
    _text("seen"),
    _text("mac"),
)

Index("login_attempts_by_name", login_attempts.c.name, login_attempts.c.at)
Index("login_attempts_by_time", login_attempts.c.at)
Index("sessions_by_user", sessions.c.user)
Index("cohorts_by_hash", cohorts.c.hash)
Index("reviews_by_request", reviews.c.request)
Index("grants_by_request", grants.c.request)
Index("releases_by_grant", releases.c.grant)
Index("release_reviews_by_release", release_reviews.c.release)
Index("leaks_by_reporter", leaks.c.reporter, leaks.c.created)
Index("register_by_actor", register.c.actor)
Index("register_by_action", register.c.action)
Index("register_by_subject", register.c.subject)
