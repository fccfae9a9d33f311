"""The strong room (库房): keys, originals, accounts, requests, grants, register. Decides everything, serves no browser.

Every call goes gate → work → register; any exception in a decision means no.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from functools import cached_property
from typing import Any, Final

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
from records.errors import BadInput, IntegrityFailure, Refused
from records.paths import policies_dir
from records.people import Actor, Role
from records.seal import derive
from records.texts import IdentifiedText
from rooms.calls.registry import CALLS, Call, load_calls
from rooms.config import Config
from rooms.front import FrontDesk
from rooms.homes import Homes
from rooms.identifiers import ArchiveIdentifiers
from rooms.jobs import Jobs
from rooms.pages import Pages
from semantic.concepts import Lexicon
from semantic.edition import Shelf, ShelfKeys
from semantic.encoder import Encoder, open_encoder

# Whoever holds the archive's passphrase may set the home up and keep it running, recorded as "local".
LOCAL: Final = Actor("local", frozenset({Role.OPERATOR, Role.ARCHIVIST, Role.MANAGER, Role.AUDITOR}))  # type: ignore[arg-type]


class StrongRoom:
    """One open home. `call` is the only way in for anybody; the attributes are for `rooms.calls`."""

    def __init__(self, config: Config, passphrase: str) -> None:
        load_calls()
        self.config = config
        self._lock = threading.Lock()
        self._closing = contextlib.ExitStack()
        with contextlib.ExitStack() as opened:
            opened.enter_context(HomeLock(config.strong))
            self.keys = Keys.open(config.strong, passphrase)
            self.keyring = Keyring.open(config.strong / "keyring.db", self.keys)
            opened.callback(self.keyring.close)
            self.vault = Vault.open(config.strong / "vault", self.keyring)
            opened.callback(self.vault.close)
            self.catalogue = Catalogue.open(config.strong / "catalogue.db", self.keys, self.keyring)
            opened.callback(self.catalogue.close)
            self.checkpoints = Checkpoints(config.checkpoints, self.keys.sign)
            self.ledger = self._open_ledger(config)
            opened.callback(self.ledger.close)
            self.gate = Gate.load(policies_dir())
            self.shelf = Shelf.open(config.home / "shelf", self.shelf_keys)
            self.homes = Homes(self.shelf)
            self.jobs = Jobs(self)
            opened.callback(self.jobs.close)
            self.pages = Pages(self)
            opened.callback(self.pages.close)
            self._closing = opened.pop_all()
        self._known: tuple[tuple[tuple[str, int], ...], ArchiveIdentifiers] | None = None
        self.withholding = threading.Lock()  # whoever decides what is off the shelf for a leak
        self._tickets: set[str] = set()
        self._local: set[str] = set()

    @classmethod
    def create(cls, config: Config, passphrase: str, *, demo: bool = False) -> None:
        """Make the folders, the keys and an empty ledger. Raises BadInput("file_exists") on a home that is in use."""
        refuse_bereft(config)
        if config.initialised:
            raise BadInput("home_exists", "There is an archive here already; set LANTAI_HOME to another folder.")
        config.make_folders()
        keys = Keys.create(config.strong, passphrase)
        config.checkpoints.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = Checkpoints(config.checkpoints, keys.sign)
        Ledger.open(config.strong / "ledger.db", key=keys.purpose(Purpose.LEDGER), anchor=place, demo=demo).close()
        (config.home / "public-key.pem").write_bytes(keys.public_key())

    @classmethod
    def open(cls, config: Config, passphrase: str) -> StrongRoom:
        """Open a home; a second strong room on the same home is refused. Recovers what a crash left half done."""
        refuse_bereft(config)
        config.make_folders()
        room = cls(config, passphrase)
        try:
            room.jobs.recover()
        except BaseException:
            room.close()
            raise
        return room

    def close(self) -> None:
        """Finish running work and let the home go."""
        self._closing.close()

    def call(self, name: str, session: str | None = None, /, **args: Any) -> dict[str, Any]:
        """One call: who is it, may they, do it. Refusals stand in the register."""
        call = CALLS.get(name)
        if call is None:
            raise BadInput("call_unknown", "The strong room does not know this call; update the front desk.")
        if call.action is None:
            return call.run(self, session, args)
        who = self.actor(session)
        try:
            self._gate(who, call)
            return call.run(self, who, args)
        except Refused as refusal:
            self.ledger.record(Entry(who.user, "refused", call.name, detail={"code": refusal.code}))
            raise

    def actor(self, session: str | None) -> Actor:
        """The person a token stands for, read afresh. Raises Refused("not_logged_in")."""
        if session is None:
            raise Refused("not_logged_in", "You are not logged in; log in first.")
        if session in self._local:
            return LOCAL
        return accounts.actor_of(self.ledger, session)

    def _gate(self, who: Actor, call: Call) -> None:
        if call.action is None:
            return
        # A clinician's right is bound to the own department: the verb checks the record's, the gate the person's.
        resource = {"department": who.department} if who.department else {}
        self.gate.require(who, call.action, resource)

    def new_ticket(self) -> str:
        """A ticket for one front desk to fetch the index key with."""
        ticket = secrets.token_hex(32)
        with self._lock:
            self._tickets.add(ticket)
        return ticket

    def take_ticket(self, ticket: str) -> bool:
        """Whether the ticket was good; it is not any more."""
        with self._lock:
            good = ticket in self._tickets
            self._tickets.discard(ticket)
        return good

    def local_session(self) -> str:
        """A token for the holder of the passphrase, alive until this room closes or it logs out."""
        token = "local-" + secrets.token_urlsafe(32)
        self._local.add(token)
        return token

    def end_session(self, session: str | None) -> None:
        """Log out."""
        if session in self._local:
            self._local.discard(session)
        elif session:
            accounts.logout(self.ledger, session)

    @property
    def shelf_keys(self) -> ShelfKeys:
        """Both keys of the shelf; the front desk is given the first only."""
        return ShelfKeys(self.keys.purpose(Purpose.SHELF_INDEX), self.keys.purpose(Purpose.SHELF_TEXT))

    def project_key(self, request: str) -> bytes:
        """The key that a project's surrogates and date shifts are made from."""
        return derive(self.keys.purpose(Purpose.PROJECT), request)

    @cached_property
    def deidentifier(self) -> Deidentifier:
        """Loaded when first needed."""
        return Deidentifier.load()

    @cached_property
    def lexicon(self) -> Lexicon:
        """The shipped concepts with the hospital's overlay."""
        return Lexicon.load(self.config.lexicon)

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder that editions are made with."""
        return open_encoder(self.config.encoder)

    @cached_property
    def desk(self) -> FrontDesk:
        """A front desk of our own, for the command line's searches."""
        return FrontDesk.open(self.config.front, self, self.new_ticket())

    def identifiers(self) -> ArchiveIdentifiers:
        """Every identifier that the catalogue knows, for the second look; gathered again when it has grown."""
        grown = tuple(self.catalogue.counts().items())
        with self._lock:
            if self._known is None or self._known[0] != grown:
                known = ArchiveIdentifiers()
                known.add((item.entity, item.value.reveal()) for item in self.catalogue.patients.everything_known())
                self._known = (grown, known)
            return self._known[1]

    def learned(self) -> None:
        """The catalogue knows another identifier of somebody it had: gather them again."""
        with self._lock:
            self._known = None
        self.pages.forget()

    def clean(self, text: str) -> str:
        """Typed text as it may be kept: de-identified, and without any value that the archive knows."""
        found = self.deidentifier.deidentify(IdentifiedText(text)).text.value
        for left in sorted(self.identifiers().find(found), key=lambda item: -item.start):
            found = found[: left.start] + "〔编号#0〕" + found[left.end :]
        return found

    def _open_ledger(self, config: Config) -> Ledger:
        config.checkpoints.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Ledger.open(
            config.strong / "ledger.db",
            key=self.keys.purpose(Purpose.LEDGER),
            clean=self.clean,
            anchor=self.checkpoints,
        )


def refuse_bereft(config: Config) -> None:
    """Raises IntegrityFailure("keys_missing") for an archive without its key file."""
    if config.bereft:
        raise IntegrityFailure(
            "keys_missing",
            "The key file strong/keys.json of this archive is gone; restore it from its own backup, and start no new "
            "archive here: without it nothing in this one can be opened.",
        )
