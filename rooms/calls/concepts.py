"""Looking a concept up. Anybody who works here may; how many records hold it is told to whom may count cohorts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from approvals.actions import Action
from approvals.ledger import Entry
from records.errors import BadInput
from records.people import Actor
from rooms.calls.registry import call
from semantic.lexicon_browse import browse

if TYPE_CHECKING:
    from rooms.strong import StrongRoom

LONGEST_WORDS: Final = 100
_MOST_NOTED: Final = 10


@call("concept.open", Action.CONCEPT_SHOW)
def open_concept(room: StrongRoom, who: Actor, words: str) -> dict[str, Any]:
    """{"counts": False}, or {"counts": True, "edition", "scope"}; then the concepts looked at are recorded, never the
    words as typed. Raises BadInput("words_long")."""
    if len(words) > LONGEST_WORDS:
        raise BadInput("words_long", f"That is longer than a name ({LONGEST_WORDS} characters at most); shorten it.")
    if not room.gate.decide(who, Action.COHORT_COUNT).allowed:
        return {"counts": False}
    edition = int(room.shelf.current())
    named, near = browse(room.lexicon, words)
    looked = ",".join(each.id for each in (*named, *near)[:_MOST_NOTED])
    room.ledger.record(Entry(who.user, "concept.show", detail={"concepts": looked, "edition": edition}))
    return {"counts": True, "edition": edition, "scope": {"departments": None, "records": None}}


@call("concept.show", Action.CONCEPT_SHOW)
def show(room: StrongRoom, who: Actor, words: str) -> dict[str, Any]:
    """The same look for the command line."""
    return room.desk.concept_as(lambda **opening: open_concept(room, who, **opening), words)
