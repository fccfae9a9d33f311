"""The small template language of the stories: `{name}` a value, `[a|b]` a choice, `<x>` a concept; never runs code."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Protocol

_STATUS_SIGNS = {"!": "negated", "~": "family", "?": "possible", "=": "implied"}


class Writer(Protocol):
    """Who fills a template in."""

    def value(self, name: str, argument: str) -> str: ...

    def choose(self, key: int, count: int) -> int: ...

    def name_concept(self, concept: str, status: str) -> str: ...


Piece = Callable[[Writer], str]


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.choices = 0

    def sequence(self, stops: str) -> Piece:
        pieces: list[Piece] = []
        literal: list[str] = []

        def flush() -> None:
            if literal:
                pieces.append(_constant("".join(literal)))
                literal.clear()

        while self.at < len(self.text) and self.text[self.at] not in stops:
            sign = self.text[self.at]
            if sign in "{[<":
                flush()
                self.at += 1
                pieces.append({"{": self.variable, "[": self.choice, "<": self.concept}[sign]())
            else:
                literal.append(sign)
                self.at += 1
        flush()
        return _joined(pieces)

    def until(self, end: str) -> str:
        close = self.text.find(end, self.at)
        if close < 0:
            raise ValueError(f"template without {end}: {self.text[:60]}")
        inner, self.at = self.text[self.at : close], close + 1
        return inner

    def variable(self) -> Piece:
        name, _, argument = self.until("}").partition(" ")
        return lambda writer: writer.value(name, argument)

    def concept(self) -> Piece:
        inner = self.until(">")
        status = _STATUS_SIGNS.get(inner[0], "present")
        concept = inner[1:] if status != "present" else inner
        return lambda writer: writer.name_concept(concept, status)

    def choice(self) -> Piece:
        options = [self.sequence("|]")]
        while self.at < len(self.text) and self.text[self.at] == "|":
            self.at += 1
            options.append(self.sequence("|]"))
        if self.at >= len(self.text):
            raise ValueError(f"template without ]: {self.text[:60]}")
        self.at += 1
        self.choices += 1
        key, count = self.choices, len(options)
        return lambda writer: options[writer.choose(key, count)](writer)


def _constant(text: str) -> Piece:
    return lambda _: text


def _joined(pieces: list[Piece]) -> Piece:
    if len(pieces) == 1:
        return pieces[0]
    return lambda writer: "".join([piece(writer) for piece in pieces])


@cache
def parse(text: str) -> Piece:
    """The template as a function of its writer. ValueError on a bracket left open."""
    parser = _Parser(text)
    piece = parser.sequence("")
    if parser.at != len(text):
        raise ValueError(f"template not read to its end: {text[:60]}")
    return piece
