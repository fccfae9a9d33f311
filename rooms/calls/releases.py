"""Releases (导出放行): granted rows are made and checked here; approvals decides who may pass and fetch them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from approvals import bundle, egress
from approvals import release as verbs
from approvals.actions import Action
from approvals.coarsen import coarse_columns
from approvals.coarsen import coarsen as coarsen_rows
from approvals.grants import Grant
from records.people import Actor, Role
from rooms.calls.registry import call
from rooms.dataset import granted_rows, leftover_scan

if TYPE_CHECKING:
    from rooms.strong import StrongRoom


@call("release.ask", Action.RELEASE_ASK)
def ask(room: StrongRoom, who: Actor, grant: str, coarsen: bool = True) -> dict[str, Any]:
    """Make the dataset, look for what must not leave, and put it before two releasers.

    `coarsen` empties columns of rows that too few patients share; without it such rows stay, as findings.
    """

    def prepare(own: Grant) -> verbs.Offer:
        rows, columns = _dataset(room, own, coarsen)
        known = room.identifiers()
        findings = egress.check(
            rows, columns, scan=leftover_scan, known=lambda text: {left.entity.value for left in known.find(text)}
        )
        return verbs.Offer(len(rows), bundle.content_hash(rows, columns), findings, columns, coarsen)

    return verbs.ask(room.ledger, who, grant, prepare)


def _dataset(room: StrongRoom, own: Grant, coarsened: bool) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows and columns as they would leave; the same grant and edition give the same."""
    rows = granted_rows(room, own)
    if coarsened:
        return coarsen_rows(rows)[0], coarse_columns(own.variables)
    return rows, list(own.variables)


@call("release.list", Action.RELEASE_LIST)
def list_releases(room: StrongRoom, who: Actor) -> dict[str, Any]:
    """Releases of one's projects; all of them for those who check or recall."""
    return verbs.listing(room.ledger, who, everybody=bool(who.roles & {Role.MANAGER, Role.RELEASER}))


@call("release.queue", Action.RELEASE_QUEUE)
def queue(room: StrongRoom, who: Actor) -> dict[str, Any]:
    """Releases that wait for this releaser."""
    return verbs.queue(room.ledger, who)


@call("release.show", Action.RELEASE_SHOW)
def show(room: StrongRoom, who: Actor, release: str) -> dict[str, Any]:
    """One release with its findings."""
    return verbs.show(room.ledger, who, release, as_releaser=Role.RELEASER in who.roles)


@call("release.check", Action.RELEASE_CHECK)
def check(room: StrongRoom, who: Actor, release: str, verdict: str, reason: str = "") -> dict[str, Any]:
    """Pass or refuse; two different releasers must pass it."""
    return verbs.check(room.ledger, who, release, verdict, reason)


@call("release.fetch", Action.RELEASE_FETCH)
def fetch(room: StrongRoom, who: Actor, release: str) -> dict[str, Any]:
    """The signed bundle, made again from the same edition; anything but what was passed is refused."""

    def make(own: Grant, facts: dict[str, Any]) -> verbs.Made:
        rows, columns = _dataset(room, own, facts["coarsened"])
        about = bundle.Facts(
            release=release,
            grant=own.id,
            request=own.request,
            cohort=own.cohort,
            edition=int(own.edition),
            created=facts["created"],
        )
        files = bundle.build(rows, columns, about, public_key=room.keys.public_key(), sign=room.keys.sign)
        return verbs.Made(bundle.content_hash(rows, columns), bundle.archive(files, release))

    return verbs.fetch(room.ledger, who, release, make)


@call("release.recall", Action.RELEASE_RECALL)
def recall(room: StrongRoom, who: Actor, release: str, reason: str = "") -> dict[str, Any]:
    """Call it back; it cannot be fetched any more."""
    return verbs.recall(room.ledger, who, release, reason)
