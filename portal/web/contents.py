"""The portal's table of contents: every page, where it stands and whom it is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from portal.pages import (
    checking,
    cohort,
    concepts,
    deposits,
    grants,
    home,
    leaks,
    overview,
    people,
    reading,
    register,
    rejects,
    releases,
    requests,
    review,
    search,
    slips,
    status,
)
from portal.ui.frame import Page, View
from records.people import Role

_STUDY = (Role.RESEARCHER, Role.ANALYST)
_READERS = (Role.REVIEWER, Role.RELEASER, Role.CLINICIAN, Role.ARCHIVIST, Role.QC)


def _page(slug: str, group: str, draw: Callable[[View], None], *roles: Role) -> tuple[str, Page]:
    return slug, Page(slug, group, frozenset(str(role) for role in roles), draw)


PAGES: Final[dict[str, Page]] = dict(
    (
        _page("", "start", home.show),
        _page("search", "study", search.show, *_STUDY),
        _page("cohort", "study", cohort.show, *_STUDY),
        _page("concepts", "study", concepts.show, *_STUDY, *_READERS),
        _page("requests", "study", requests.show, *_STUDY),
        _page("reading", "study", reading.show, *_STUDY),
        _page("grants", "study", grants.show, *_STUDY, Role.REVIEWER, Role.MANAGER),
        _page("releases", "study", releases.show, *_STUDY, Role.RELEASER, Role.MANAGER),
        _page("review", "decide", review.show, Role.REVIEWER),
        _page("checking", "decide", checking.show, Role.RELEASER),
        _page("deposits", "archive", deposits.show, Role.ARCHIVIST),
        _page("rejects", "archive", rejects.show, Role.ARCHIVIST, Role.QC),
        _page("leaks", "archive", leaks.show, Role.QC),
        _page("slips", "archive", slips.show, Role.CLINICIAN),
        _page("register", "watch", register.show, Role.AUDITOR),
        _page("overview", "watch", overview.show, Role.MANAGER),
        _page("people", "watch", people.show, Role.MANAGER, Role.AUDITOR),
        _page("status", "watch", status.show, Role.OPERATOR, Role.MANAGER, Role.AUDITOR, Role.ARCHIVIST),
    )
)
