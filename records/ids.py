"""Names of things, as distinct types. None of them is derivable from an identifier without a key."""

from __future__ import annotations

from typing import NewType

RecordId = NewType("RecordId", str)  # "R" + 20 hex digits, keyed hash of the deposited bytes
PatientToken = NewType("PatientToken", str)  # "P" + 20 hex digits, keyed hash of the patient's identity
PersonToken = NewType("PersonToken", str)  # keyed hash of one person's identity; stays in the strong room
UserId = NewType("UserId", str)  # login name
RequestId = NewType("RequestId", str)  # "Q" + digits
GrantId = NewType("GrantId", str)  # "G" + digits
ReleaseId = NewType("ReleaseId", str)  # "L" + digits
CohortHash = NewType("CohortHash", str)  # 64 hex digits, SM3 of the canonical definition
ConceptId = NewType("ConceptId", str)  # lexicon id, e.g. "diabetic-nephropathy"
EditionNumber = NewType("EditionNumber", int)  # 0 is the empty edition
