"""Everything the strong room can be asked to do, by the name it is called with. The gate knows no other action."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """A call through the slot that needs a permission. Logging in and out and asking who one is need none."""

    SEARCH = "search"
    COHORT_COUNT = "cohort.count"
    COHORT_SAVE = "cohort.save"
    COHORT_LIST = "cohort.list"
    COHORT_SHOW = "cohort.show"
    CONCEPT_SHOW = "concept.show"
    REQUEST_PRECHECK = "request.precheck"
    REQUEST_SUBMIT = "request.submit"
    REQUEST_LIST = "request.list"
    REQUEST_SHOW = "request.show"
    REQUEST_WITHDRAW = "request.withdraw"
    REQUEST_ACCEPT = "request.accept"
    REVIEW_QUEUE = "review.queue"
    REVIEW_SHEET = "review.sheet"
    REVIEW_DECIDE = "review.decide"
    GRANT_LIST = "grant.list"
    GRANT_SHOW = "grant.show"
    GRANT_SUSPEND = "grant.suspend"
    GRANT_RESUME = "grant.resume"
    GRANT_REVOKE = "grant.revoke"
    READING_LIST = "reading.list"
    READING_OPEN = "reading.open"
    READING_PAGE = "reading.page"
    RELEASE_ASK = "release.ask"
    RELEASE_LIST = "release.list"
    RELEASE_SHOW = "release.show"
    RELEASE_FETCH = "release.fetch"
    RELEASE_QUEUE = "release.queue"
    RELEASE_CHECK = "release.check"
    RELEASE_RECALL = "release.recall"
    DEPOSIT_ADD = "deposit.add"
    DEPOSIT_REJECTS = "deposit.rejects"
    INGEST_RUN = "ingest.run"
    INGEST_PROGRESS = "ingest.progress"
    SLIP_FIND = "slip.find"
    SLIP_OPEN = "slip.open"
    LEAK_REPORT = "leak.report"
    LEAK_QUEUE = "leak.queue"
    LEAK_DECIDE = "leak.decide"
    AUDIT_LIST = "audit.list"
    AUDIT_VERIFY = "audit.verify"
    STATUS = "status"
    USER_LIST = "user.list"
    USER_ADD = "user.add"
    USER_DISABLE = "user.disable"
    RETENTION_DUE = "retention.due"
    RECORD_HOLD = "record.hold"
    RECORD_DISPOSE = "record.dispose"
    BACKUP = "backup"


# What shows a record, original or clean, or takes one out: an operator never holds any of these.
SHOWS_RECORDS: frozenset[Action] = frozenset(
    {
        Action.SEARCH,
        Action.COHORT_COUNT,
        Action.REVIEW_SHEET,
        Action.READING_LIST,
        Action.READING_OPEN,
        Action.READING_PAGE,
        Action.RELEASE_ASK,
        Action.RELEASE_SHOW,
        Action.RELEASE_FETCH,
        Action.RELEASE_CHECK,
        Action.SLIP_FIND,
        Action.SLIP_OPEN,
        Action.DEPOSIT_REJECTS,
        Action.LEAK_QUEUE,
        Action.LEAK_DECIDE,
    }
)
