"""The strong room (库房): keys, originals, accounts, requests, grants, register. Decides everything, serves no browser.

Every call goes gate → work → register; any exception in a decision means no.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import threading
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import Any

from approvals import accounts
from approvals.checkpoints import Checkpoints
from approvals.gate import Gate
from approvals.ledger import Entry, Ledger
from archive.catalogue import Catalogue
from archive.keyring import Keyring
from archive.keys import Keys, Purpose
from archive.lock import HomeLock
from archive.vault import Vault
from deid.api import Deidentifier
from ingest.line import Line
from records.errors import BadInput, LantaiError, Refused
from records.paths import policies_dir
from records.people import Actor, Role
from records.seal import derive
from records.texts import IdentifiedText
from rooms.calls import catalogue_of_calls
from rooms.config import Config
from rooms.identifiers import ArchiveIdentifiers
from semantic.concepts import Lexicon
from semantic.edition import Shelf, ShelfKeys
from semantic.encoder import Encoder, open_encoder

LOCAL = Actor("local", frozenset({Role.OPERATOR, Role.ARCHIVIST, Role.MANAGER, Role.AUDITOR}))
