"""The dispatch table: every call by name, with the right it needs. A call that is not here does not exist."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
        for name, value in bound.arguments.items():
            fits = _PLAIN.get(str(self.signature.parameters[name].annotation))
            if name in args and fits is not None and (not isinstance(value, fits) or _is_odd(value, fits)):
                raise BadInput(
                    "call_arguments", f"The argument {name} of {self.name} is of another kind than it must be."
                )
        return self.handler(*bound.args, **bound.kwargs)


_PLAIN: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "str | None": (str, type(None)),
    "int": (int,),
    "bool": (bool,),
    "list[str]": (list,),
    "list[str] | None": (list, type(None)),
}


def _is_odd(value: object, fits: tuple[type, ...]) -> bool:
    """True for an int, and lists of anything but text."""
    if isinstance(value, bool):
        return bool not in fits
    return isinstance(value, list) and not all(isinstance(item, str) for item in value)


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
        "deposits",
        "entry",
        "grants",
        "people",
        "reading",
        "releases",
        "requests",
        "search",
        "slips",
    ):
        importlib.import_module(f"rooms.calls.{module}")
