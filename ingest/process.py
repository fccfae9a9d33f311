"""decode → recognise → transcribe → describe, and the answer as text that can be kept in the vault as it is. Pure of
the archive; runs in the guarded child."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ingest.decode import decode
from ingest.describe import NO_IDENTITY, describe
from ingest.description import Description
from ingest.limits import Limits
from ingest.ocr.read import read_here, transcribe
from ingest.rejects import Reason, Reject
from ingest.transcript import Transcript, ocr_json


@dataclass(frozen=True, slots=True)
class Processed:
    """One file read and described."""

    transcript: Transcript
    description: Description

    @property
    def media(self) -> str:
        """The media type that the content is."""
        return self.transcript.media

    def to_text(self) -> str:
        """JSON, identified."""
        return json.dumps(
            {"transcript": self.transcript.to_json(), "description": self.description.to_json()}, ensure_ascii=False
        )

    @classmethod
    def from_text(cls, text: str) -> Processed:
        """The inverse. Raises Reject(UNREADABLE) on anything else: the child may have been taken over by its file."""
        try:
            value = json.loads(text)
            return cls(Transcript.from_json(value["transcript"]), Description.from_json(value["description"]))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Reject(Reason.UNREADABLE) from None


def process(data: bytes, suffix: str = "", limits: Limits | None = None) -> Processed:
    """The stations before the archive's door, in this very process. Raises Reject."""
    decoded = decode(data, suffix, limits or Limits())
    transcript = transcribe(decoded)
    description = describe(transcript, decoded.facts)
    if NO_IDENTITY in description.reasons and not description.record_type:
        raise Reject(Reason.NOT_A_RECORD)
    return Processed(transcript, description)


def processed_text(data: bytes, suffix: str, limits: Limits) -> str:
    """`process`, as text."""
    return process(data, suffix, limits).to_text()


def ocr_text(data: bytes, suffix: str, limits: Limits) -> str:
    """The JSON of `lantai ocr`, as text."""
    return json.dumps(ocr_json(read_here(data, suffix, limits)), ensure_ascii=False)
