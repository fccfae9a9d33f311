"""The catalogue: events that may be repeated, patients resolved and linked, rows that cannot be changed unnoticed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.catalogue import Accession, Catalogue
from archive.catalogue_schema import STEPS, DepositState
from archive.fixity import examine
from archive.identity import IdentityTokens, KnownIdentifier, PatientIdentity
from archive.keys import Keys, Stretch
from archive.stacks import Stacks, verify_home
from records.entities import Entity
from records.errors import BadInput, IntegrityFailure, Refused, Unavailable
from records.ids import EditionNumber, PatientToken, RecordId
from records.slots import SlotKind
from records.texts import IdentifiedText

BORN = date(1958, 3, 9)
CARD, OTHER_CARD = "110105195803091234", "110105199912319876"
E1 = EditionNumber(1)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys.create(tmp_path_factory.mktemp("keys"), "passphrase", Stretch(8, 1, 1))


@pytest.fixture
def stacks(tmp_path: Path, keys: Keys) -> Iterator[Stacks]:
    with Stacks.open(tmp_path, keys) as opened:
        yield opened


def received(stacks: Stacks, data: bytes = b"file", batch: str = "B1") -> RecordId:
    record = stacks.catalogue.tokens.record(data)
    stacks.vault.put(record, "original", data)
    name = IdentifiedText(f"张伟出院记录-{len(data)}.pdf")
    stacks.catalogue.receive(record, size=len(data), media_type="application/pdf", name=name, batch=batch)
    return record


def accession(
    record: RecordId, on: date | None = date(2024, 5, 17), department: str = "内分泌科", **who: object
) -> Accession:
    named = IdentifiedText(str(who.get("name", "")))
    return Accession(
        record,
        PatientIdentity(**who),  # type: ignore[arg-type]
        "discharge",
        department,
        on,
        {"diagnoses": ["2型糖尿病"], "name": named.reveal()},
        known=(KnownIdentifier(Entity.PERSON, named, SlotKind.PATIENT),) if "name" in who else (),
        staff=("李医师",),
    )


def archived(stacks: Stacks, data: bytes, **rest: object) -> PatientToken:
    record = received(stacks, data)
    return stacks.catalogue.archive(accession(record, **rest))[1].token  # type: ignore[arg-type]


def test_a_deposit_goes_its_way_once(stacks: Stacks) -> None:
    catalogue = stacks.catalogue
    record = received(stacks)
    assert [item.state for item in catalogue.pending()] == [DepositState.RECEIVED]
    entry, patient = catalogue.archive(accession(record, name="张伟", mrn="M1001"))
    assert (entry.year, entry.quarter, entry.day, patient.anchor) == (2024, 2, 0, date(2024, 5, 17))
    assert catalogue.record(record) == entry
    catalogue.shelve([record], E1)
    deposit = catalogue.deposit(record)
    assert deposit is not None and (deposit.state, deposit.edition, deposit.id) == (DepositState.SHELVED, 1, "D000001")
    assert deposit.name.reveal() == "张伟出院记录-4.pdf"
    assert catalogue.pending() == [] and stacks.verify() == []


def test_every_event_may_be_repeated(stacks: Stacks) -> None:
    record = received(stacks)
    name = IdentifiedText("another name.pdf")
    again, new = stacks.catalogue.receive(record, size=4, media_type="text/plain", name=name, batch="B2")
    assert not new and again.media_type == "application/pdf" and again.batch == "B1"
    first, patient = stacks.catalogue.archive(accession(record, name="张伟", mrn="M1001"))
    assert stacks.catalogue.archive(accession(record, name="王芳", mrn="M1002"))[0] == first
    stacks.catalogue.shelve([record], E1)
    stacks.catalogue.shelve([record], EditionNumber(2))
    entry, same = stacks.catalogue.archive(accession(record, name="王芳", mrn="M1002"))
    assert entry == first and same.token == patient.token and [k.value.reveal() for k in same.known] == ["张伟"]
    assert stacks.catalogue.counts() == {"SHELVED": 1, "patients": 1, "records": 1, "staff": 1}
    assert stacks.catalogue.deposits()[0].edition == 1


def test_a_rejected_deposit_keeps_its_reason_and_may_be_taken_up_again(stacks: Stacks) -> None:
    record = received(stacks, b"broken")
    stacks.catalogue.reject(record, "encrypted_pdf")
    stacks.catalogue.reject(record, "other_reason")
    assert [(item.record, item.reason) for item in stacks.catalogue.rejects()] == [(record, "encrypted_pdf")]
    with pytest.raises(Refused) as caught:
        stacks.catalogue.archive(accession(record, name="张伟"))
    assert caught.value.code == "wrong_state"
    assert stacks.catalogue.counts() == {"REJECTED": 1, "patients": 0, "records": 0, "staff": 0}, "nothing half done"
    stacks.catalogue.reopen(record)
    stacks.catalogue.archive(accession(record, name="张伟"))
    stacks.catalogue.reject(record, "residual_identifier")
    stacks.catalogue.reopen(record)
    stacks.catalogue.archive(accession(record, name="张伟", department="眼科"))
    entry = stacks.catalogue.record(record)
    assert entry is not None and entry.department == "眼科"
    assert stacks.verify() == []


@pytest.mark.parametrize("state", DepositState)
def test_each_state_allows_its_steps_and_no_other(stacks: Stacks, state: DepositState) -> None:
    assert set(STEPS) == set(DepositState)
    events: dict[DepositState, Callable[[RecordId], object]] = {
        DepositState.RECEIVED: stacks.catalogue.reopen,
        DepositState.ARCHIVED: lambda record: stacks.catalogue.archive(accession(record)),
        DepositState.SHELVED: lambda record: stacks.catalogue.shelve([record], E1),
        DepositState.REJECTED: lambda record: stacks.catalogue.reject(record, "reason"),
    }
    for to, event in events.items():
        record = received(stacks, f"{state}{to}".encode())
        if state in (DepositState.ARCHIVED, DepositState.SHELVED):
            events[DepositState.ARCHIVED](record)
        if state in (DepositState.SHELVED, DepositState.REJECTED):
            events[state](record)
        repeatable = to is state and to is not DepositState.RECEIVED
        if to in STEPS[state] or repeatable or (state, to) == (DepositState.SHELVED, DepositState.ARCHIVED):
            event(record)
        else:
            with pytest.raises(Refused) as caught:
                event(record)
            assert caught.value.code == "wrong_state"
    assert stacks.verify() == []


def test_events_on_what_was_never_deposited_are_bad_input(stacks: Stacks) -> None:
    unknown = RecordId("R" + "0" * 20)
    for event in (
        lambda: stacks.catalogue.archive(accession(unknown)),
        lambda: stacks.catalogue.shelve([unknown], E1),
        lambda: stacks.catalogue.reject(unknown, "x"),
        lambda: stacks.catalogue.reopen(unknown),
    ):
        with pytest.raises(BadInput) as caught:
            event()
        assert caught.value.code == "no_such_deposit"


def test_shelving_is_all_or_nothing(stacks: Stacks) -> None:
    good, bad = received(stacks, b"1"), received(stacks, b"2")
    stacks.catalogue.archive(accession(good))
    with pytest.raises(Refused):
        stacks.catalogue.shelve([good, bad], E1)
    assert {item.state for item in stacks.catalogue.deposits()} == {DepositState.ARCHIVED, DepositState.RECEIVED}


def test_a_batch_is_all_or_nothing(stacks: Stacks) -> None:
    record = received(stacks)
    with pytest.raises(ZeroDivisionError), stacks.catalogue.batch():
        stacks.catalogue.archive(accession(record, name="张伟"))
        raise ZeroDivisionError
    assert stacks.catalogue.record(record) is None and stacks.verify() == []


def test_events_do_not_outrun_the_keys_they_seal_with(stacks: Stacks) -> None:
    record = received(stacks)
    with pytest.raises(RuntimeError), stacks.vault.batch():
        stacks.catalogue.archive(accession(record))


def test_the_register_s_mark_falls_with_each_event(stacks: Stacks) -> None:
    record = received(stacks)
    assert [item.id for item in stacks.catalogue.unregistered()] == ["D000001"]
    (seen,) = stacks.catalogue.unregistered()
    stacks.catalogue.mark_registered([seen])
    assert stacks.catalogue.unregistered() == []
    stacks.catalogue.reject(record, "reason")
    stacks.catalogue.mark_registered([seen])
    assert [item.state for item in stacks.catalogue.unregistered()] == [DepositState.REJECTED]


# --- people ---


def test_a_patient_is_found_by_card_then_number_then_name_and_birth_date(stacks: Stacks) -> None:
    first = archived(stacks, b"1", name="张伟", mrn="M-001", birth_date=BORN)
    assert archived(stacks, b"2", name="张伟", mrn="m001", id_card=CARD) == first, "by number, however written"
    assert archived(stacks, b"3", name="張偉", id_card="１１０１０５ 19580309 1234") == first, "by card, full width"
    assert archived(stacks, b"4", name="张 伟", birth_date=BORN) == first, "by name and birth date"
    assert archived(stacks, b"5", name="张伟") != first, "a name alone is nobody"
    assert archived(stacks, b"6", name="张伟", birth_date=date(1960, 1, 1)) != first
    assert archived(stacks, b"7", name="张伟", birth_date=BORN, id_card=OTHER_CARD) != first, (
        "another card, another person"
    )
    assert archived(stacks, b"8") != archived(stacks, b"9"), "nothing known: each a person of its own"
    assert stacks.verify() == []


def test_one_number_on_two_cards_is_two_people_and_the_name_tells_which(stacks: Stacks) -> None:
    one = archived(stacks, b"1", name="张伟", mrn="M1001", id_card=CARD)
    two = archived(stacks, b"2", name="王芳", mrn="M1001", id_card=OTHER_CARD)
    assert one != two
    assert archived(stacks, b"3", name="王芳", mrn="M1001") == two
    assert archived(stacks, b"4", name="张伟", mrn="M1001") == one
    assert archived(stacks, b"5", name="赵六", mrn="M1001") not in (one, two), "rather nobody than the wrong one"


def test_the_same_number_under_quite_another_name_is_somebody_else(stacks: Stacks) -> None:
    one = archived(stacks, b"1", name="欧阳建国", mrn="700123")
    assert archived(stacks, b"22", name="欧阳建囯", mrn="700123") == one, "one character misread"
    assert archived(stacks, b"333", name="", mrn="700123") == one
    stranger = archived(stacks, b"4444", name="王芳", mrn="88120001", numbers=("700123",))
    assert stranger != one, "a stay of hers has the number of a patient"
    assert archived(stacks, b"55555", name="王芳", mrn="700123") == stranger
    assert archived(stacks, b"666666", name="王芳", numbers=("3",)) not in (one, stranger), "a third stay is no number"
    assert stacks.verify() == []


def test_what_no_edition_has_yet_goes_over_to_the_survivor_at_once(stacks: Stacks) -> None:
    archived(stacks, b"1", name="张伟", mrn="M1001", on=date(2023, 1, 10))
    archived(stacks, b"22", name="张伟", mrn="M1001", on=date(2023, 1, 15))
    stacks.catalogue.shelve([stacks.catalogue.tokens.record(b"1")], E1)
    archived(stacks, b"333", name="张伟", id_card=CARD, on=date(2023, 3, 1))
    survivor = archived(stacks, b"4444", name="张伟", id_card=CARD, mrn="M1001", on=date(2023, 3, 2))
    assert stacks.catalogue.relinked() == [stacks.catalogue.tokens.record(b"1")], "the shelved one waits"
    entry = stacks.catalogue.record(stacks.catalogue.tokens.record(b"22"))
    assert entry is not None and (entry.patient, entry.day) == (survivor, -45)


def test_a_card_and_a_number_on_one_record_link_two_tokens(stacks: Stacks) -> None:
    by_number = archived(stacks, b"1", name="张伟", mrn="M1001", on=date(2023, 1, 10))
    by_card = archived(stacks, b"2", name="張偉", id_card=CARD, on=date(2023, 3, 1))
    assert by_number != by_card
    stacks.catalogue.shelve([stacks.catalogue.tokens.record(b"1")], E1)
    linked = archived(stacks, b"3", name="张伟", mrn="M1001", id_card=CARD, on=date(2023, 3, 11))
    assert linked == by_card
    patients = stacks.catalogue.patients
    assert patients.canonical(by_number) == by_card and set(patients.aliases(by_card)) == {by_card, by_number}
    survivor = patients.get(by_card)
    assert survivor is not None and survivor.anchor == date(2023, 3, 1)
    assert {item.value.reveal() for item in survivor.known} == {"张伟", "張偉"}
    assert stacks.catalogue.relinked() == [stacks.catalogue.tokens.record(b"1")]
    assert archived(stacks, b"4", name="张伟", mrn="M1001") == by_card
    assert len(stacks.catalogue.records_of(by_number)) == 4
    assert stacks.catalogue.counts()["patients"] == 1 and stacks.verify() == []


def test_a_relinked_record_counts_from_the_survivor_s_anchor(stacks: Stacks) -> None:
    archived(stacks, b"1", name="张伟", mrn="M1001", on=date(2023, 1, 10))
    archived(stacks, b"22", name="张伟", mrn="M1001", on=date(2023, 1, 15))
    survivor = archived(stacks, b"333", name="张伟", id_card=CARD, on=date(2023, 3, 1))
    stacks.catalogue.shelve([stacks.catalogue.tokens.record(data) for data in (b"1", b"22")], E1)
    archived(stacks, b"4444", name="张伟", id_card=CARD, mrn="M1001", on=date(2023, 3, 2))
    moved = [stacks.catalogue.relink(record) for record in stacks.catalogue.relinked()]
    assert sorted((entry.patient, entry.day) for entry in moved) == [(survivor, -50), (survivor, -45)]
    assert stacks.catalogue.relinked() == [] and stacks.verify() == []
    assert stacks.catalogue.relink(moved[0].record) == moved[0]


@pytest.mark.parametrize("nothing", ["无", "不详", "-", "000000", "0", "／", "", "111111111111111111"])
def test_a_placeholder_makes_nobody_the_same_person(stacks: Stacks, nothing: str) -> None:
    assert archived(stacks, b"1", name="张伟", mrn=nothing) != archived(stacks, b"22", name="王芳", mrn=nothing)
    assert archived(stacks, b"3", name="赵六", id_card=nothing) != archived(stacks, b"44", name="李四", id_card=nothing)
    unknown = {archived(stacks, bytes(n), name="无名氏", birth_date=BORN) for n in (100, 101)}
    assert len(unknown) == 2


def test_the_anchor_is_the_first_date_and_stays(stacks: Stacks) -> None:
    archived(stacks, b"1", name="张伟", mrn="M1001", on=None)
    archived(stacks, b"2", name="张伟", mrn="M1001", on=date(2024, 2, 29))
    token = archived(stacks, b"3", name="张伟", mrn="M1001", on=date(2023, 12, 31))
    assert [entry.day for entry in sorted(stacks.catalogue.records_of(token), key=lambda e: str(e.day))] == [
        -60,
        0,
        None,
    ]
    patient = stacks.catalogue.patients.get(token)
    assert patient is not None and patient.anchor == date(2024, 2, 29)


def test_what_is_known_grows_without_repeats(stacks: Stacks) -> None:
    token = archived(stacks, b"1", name="张伟", mrn="M1001")
    archived(stacks, b"2", name="张伟", mrn="M1001")
    archived(stacks, b"3", name="张玮", mrn="M1001")
    patient = stacks.catalogue.patients.get(token)
    assert patient is not None and [item.value.reveal() for item in patient.known] == ["张伟", "张玮"]
    everything = [item.value.reveal() for item in stacks.catalogue.patients.everything_known()]
    assert everything == ["张伟", "张玮", "李医师"]
    (doctor,) = stacks.catalogue.patients.staff()
    assert (doctor.role, doctor.token) == (SlotKind.STAFF, stacks.catalogue.tokens.staff("李 医师"))


def test_a_clinician_finds_by_card_number_or_name_in_one_department(stacks: Stacks) -> None:
    archived(stacks, b"1", name="张伟", mrn="M1001", id_card=CARD, department="眼科")
    archived(stacks, b"2", name="张伟", mrn="M1001", department="内科")
    for words in (CARD, "M1001", "张伟", " ｍ１００１ "):
        found = stacks.catalogue.find(IdentifiedText(words), "眼科")
        assert [entry.department for entry in found] == ["眼科"], words
        assert len(stacks.catalogue.find(IdentifiedText(words))) == 2
    for words in ("", "张", "M1002", "%", "李医师"):
        assert stacks.catalogue.find(IdentifiedText(words)) == []


def test_tokens_need_the_key_and_do_not_mix(keys: Keys, tmp_path: Path) -> None:
    mine = IdentityTokens(keys)
    other = IdentityTokens(Keys.create(tmp_path, "passphrase", Stretch(8, 1, 1)))
    assert mine.staff("张伟") != other.staff("张伟") and mine.record(b"x") != other.record(b"x")
    one, two = PatientToken("P1"), PatientToken("P2")
    assert mine.person(one, "张芳") != mine.person(two, "张芳"), "relatives are somebody beside their patient only"
    assert mine.value(Entity.PHONE, "138 0013-8000") == mine.value(Entity.PHONE, "１３８００１３８０００")
    assert mine.value(Entity.PHONE, "13800138000") != mine.value(Entity.ACCOUNT, "13800138000")


# --- what lies on the disk ---


def test_no_name_number_or_date_lies_in_the_clear(stacks: Stacks, tmp_path: Path) -> None:
    archived(stacks, b"1", name="欧阳锋", mrn="MRN778899", id_card=CARD, birth_date=BORN, on=date(2024, 5, 17))
    stacks.catalogue.shelve([stacks.catalogue.tokens.record(b"1")], E1)
    secrets = ["欧阳锋", "778899", CARD, "1958-03", "19580309", "2024-05", "李医师", "糖尿病", "张伟出院"]
    for path in tmp_path.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert not [secret for secret in secrets if secret.encode() in data], path


def test_a_shredded_record_leaves_no_description(stacks: Stacks) -> None:
    archived(stacks, b"1", name="张伟", mrn="M1001")
    record = stacks.catalogue.tokens.record(b"1")
    stacks.keyring.shred(record)
    with pytest.raises(Refused):
        stacks.catalogue.record(record)
    deposit = stacks.catalogue.deposit(record)
    assert deposit is not None and deposit.name.reveal() == ""
    assert stacks.verify() == []


CHANGES = {
    "department": "UPDATE records SET department = '外科'",
    "state": "UPDATE deposits SET state = 'SHELVED' WHERE id = 1",
    "copied": "UPDATE records SET description_sealed = (SELECT max(description_sealed) FROM records)",
    "removed": "DELETE FROM lookups WHERE kind = 'name'",
    "removed record": "DELETE FROM records WHERE record IN (SELECT record FROM records LIMIT 1)",
    "doubled": "INSERT INTO staff SELECT 'x' || token, sealed, mac FROM staff",
    "merged": "UPDATE patients SET merged_into = (SELECT token FROM patients ORDER BY token LIMIT 1)",
    "tally": "UPDATE tallies SET rows = rows + 1 WHERE name = 'staff'",
    "no tally": "DELETE FROM tallies WHERE name = 'staff'",
    "emptied": "DELETE FROM staff",
    "typed": "UPDATE deposits SET name_sealed = 99999999999999 WHERE id = 1",
    "mac typed": "UPDATE deposits SET mac = 7 WHERE id = 1",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_row_is_named(tmp_path: Path, keys: Keys, change: str) -> None:
    with Stacks.open(tmp_path, keys) as stacks:
        archived(stacks, b"1", name="张伟", mrn="M1001")
        archived(stacks, b"22", name="王芳", mrn="M1002")
        assert stacks.verify() == []
    connection = sqlite3.connect(tmp_path / "catalogue.db")
    assert connection.execute(CHANGES[change]).rowcount >= 1
    connection.commit()
    connection.close()
    problems = verify_home(tmp_path, keys)
    assert problems and {item["file"] for item in problems} == {"strong/catalogue.db"}, problems


def test_a_changed_row_is_not_believed(tmp_path: Path, keys: Keys) -> None:
    with Stacks.open(tmp_path, keys) as stacks:
        record = received(stacks)
    connection = sqlite3.connect(tmp_path / "catalogue.db")
    connection.execute("UPDATE deposits SET state = 'REJECTED'")
    connection.commit()
    connection.close()
    with Stacks.open(tmp_path, keys) as stacks:
        with pytest.raises(IntegrityFailure) as caught:
            stacks.catalogue.deposit(record)
        assert caught.value.code == "row_altered" and record in caught.value.message


def test_rows_of_another_archive_are_not_believed(tmp_path: Path, keys: Keys) -> None:
    with Stacks.open(tmp_path / "a", keys) as stacks:
        received(stacks)
    others = Keys.create(tmp_path / "b", "passphrase", Stretch(8, 1, 1))
    assert verify_home(tmp_path / "a", others)


def test_fixity_names_what_is_missing_and_tells_harmless_leftovers_apart(stacks: Stacks, tmp_path: Path) -> None:
    archived(stacks, b"1", name="张伟")
    stacks.vault.put(RecordId("Rloose"), "original", b"a crash came between put and receive")
    result = examine(stacks.vault, stacks.catalogue, stacks.keyring)
    assert result.problems == [] and [item["id"] for item in result.leftovers] == ["Rloose"]
    record = stacks.catalogue.tokens.record(b"22")
    stacks.keyring.obtain(record)
    stacks.catalogue.receive(record, size=1, media_type="", name=IdentifiedText(""), batch="")
    assert [(item["id"], item["problem"]) for item in stacks.verify()] == [(record, "original is missing")]


def test_a_catalogue_that_cannot_grow_stays_as_it_was(tmp_path: Path, keys: Keys) -> None:
    with Stacks.open(tmp_path, keys) as stacks:
        received(stacks)
        with stacks.catalogue._rows.read() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        # every pooled connection has its own limit, so it is set as each transaction begins
        from sqlalchemy import event

        engine = stacks.catalogue._rows._engine
        event.listen(engine, "begin", lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={pages}"))
        with pytest.raises(Unavailable) as caught:
            for n in range(300):
                received(stacks, bytes(n + 10))
        assert caught.value.code == "disk_full"
        assert stacks.catalogue.verify() == []


def test_the_clock_is_utc_to_the_second(tmp_path: Path, keys: Keys, stacks: Stacks) -> None:
    moment = datetime(2026, 2, 3, 4, 5, 6, 789, UTC)
    catalogue = Catalogue.open(tmp_path / "other.db", keys, stacks.keyring, lambda: moment)
    record = RecordId("R1")
    deposit, _ = catalogue.receive(record, size=0, media_type="", name=IdentifiedText("a"), batch="b")
    assert deposit.received_at == "2026-02-03T04:05:06+00:00"
    catalogue.close()
