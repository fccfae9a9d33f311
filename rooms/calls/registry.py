"""The dispatch table: every call by name, with the right it needs. A call that is not here does not exist."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from approvals.actions import Action
from records.errors import BadInput
from records.people import Actor

if TYPE_CHECKING:
    from rooms.strong import StrongRoom

Handler = Callable[..., dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `action` None: anybody may make it (login, ping), and its handler is given the session as it came."""

    name: str
    action: Action | None
    handler: Handler
    signature: inspect.Signature

    def run(self, room: StrongRoom, who: Actor | str | None, args: dict[str, Any]) -> dict[str, Any]:
        """Run the work after the gate. Raises BadInput("call_arguments") if the arguments do not fit."""
        try:
            bound = self.signature.bind(room, who, **args)
        except TypeError:
            raise BadInput("call_arguments", f"The call {self.name} does not take these arguments.") from None
        for name, value in args.items():
            parameter = self.signature.parameters.get(name)  # None: one of those that the handler looks at itself
            kinds = _PLAIN.get(str(parameter.annotation)) if parameter else None
            if kinds is not None and not _fits(value, kinds):
                raise BadInput(
                    "call_arguments", f"The argument {name} of {self.name} is of another kind than it must be."
                )
            _check_text(name, value)
        try:
            return self.handler(*bound.args, **bound.kwargs)
        except RecursionError:
            raise BadInput(
                "nested_too_deep", "That is nested too deep to be read; write it with fewer levels."
            ) from None


_PLAIN: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "str | None": (str, type(None)),
    "int": (int,),
    "bool": (bool,),
    "list[str]": (list,),
    "list[str] | None": (list, type(None)),
    "Sequence[str] | str": (list, str),
}
_LARGEST_NUMBER: Final = 2**53
_LONGEST_TEXT: Final = 4000
# These say themselves how long they may be, or are cut by what the slot takes.
_LONGEST: Final = {"data_b64": None, "query": 1_000_000, "toml": 1_000_000}
_HALF: Final = re.compile("[\ud800-\udfff]")


def _fits(value: object, kinds: tuple[type, ...]) -> bool:
    """A bool is no int, a list holds text only, and a number is one that every store can hold."""
    if isinstance(value, bool):
        return bool in kinds
    if isinstance(value, int):
        return int in kinds and abs(value) < _LARGEST_NUMBER
    return isinstance(value, kinds) and not (
        isinstance(value, list) and not all(isinstance(item, str) for item in value)
    )


def _check_text(name: str, value: object) -> None:
    """Whatever is typed is read by a de-identifier before it is kept: it must be text, and no book."""
    longest = _LONGEST.get(name, _LONGEST_TEXT)
    for text in value if isinstance(value, list) else (value,):
        if not isinstance(text, str):
            continue
        if longest is not None and len(text) > longest:
            raise BadInput("text_too_long", f"Keep {name} below {longest} characters.")
        if not text.isascii() and _HALF.search(text):
            raise BadInput("bad_text", f"{name} holds half a character, which cannot be kept; type it again.")


CALLS: dict[str, Call] = {}


def call(name: str, action: Action | None) -> Callable[[Handler], Handler]:
    """Register a handler `(room, who, **arguments)`, or `(room, session, **arguments)` where no right is needed."""

    def register(handler: Handler) -> Handler:
        if name in CALLS:
            raise ValueError(f"two handlers for {name}")
        CALLS[name] = Call(name, action, handler, inspect.signature(handler))
        return handler

    return register


def load_calls() -> None:
    """Import every module of calls, so that the table is complete."""
    for module in (
        "audit",
        "cohorts",
        "concepts",
        "deposits",
        "entry",
        "grants",
        "leaks",
        "people",
        "reading",
        "releases",
        "requests",
        "search",
        "slips",
    ):
        importlib.import_module(f"rooms.calls.{module}")
