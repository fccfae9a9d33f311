"""Another recognizer's finds across gaps that damage tore into a text: 成都市 第三人民 医院, 138l965 2240."""

from __future__ import annotations

from typing import Final

from deid.document import Document, Recognizer
from deid.spans import Finding

LEAST: Final = 0.5  # below every rule, so that no engine drops what stands whole for what goes across a gap
CLOSED: Final = "closed."  # what its rules begin with


class AcrossGaps:
    """Asks a recognizer about the text with its gaps closed, and keeps what goes across one."""

    def __init__(self, asked: Recognizer) -> None:
        self._asked = asked
        self.entity = asked.entity
        self.name = f"closed_{asked.name}"

    def find(self, doc: Document) -> list[Finding]:
        if doc.closed is None:
            return []
        gaps, closed = doc.closed
        out = []
        for finding in self._asked.find(closed):
            start, end = gaps.span(finding.start, finding.end)
            if end - start == finding.end - finding.start:
                continue
            score = min(finding.score, LEAST)
            out.append(finding._replace(start=start, end=end, score=score, rule=CLOSED + finding.rule))
        return out
