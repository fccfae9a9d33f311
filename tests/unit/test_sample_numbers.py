"""Numbers of the sample hospital: they check like real ones and repeat only when they must."""

from __future__ import annotations

from datetime import date
from random import Random

from sample import idnumbers, people, places, plan
from sample.generator import FIRST_DAY, LAST_DAY

# the example of GB 11643-1999, annex A
_STANDARD_EXAMPLE = "11010519491231002X"


def test_check_character_is_that_of_the_standard() -> None:
    assert idnumbers.id_card_check(_STANDARD_EXAMPLE[:17]) == _STANDARD_EXAMPLE[17]


def test_id_cards_carry_birthday_sex_and_a_right_check_character() -> None:
    rng = Random(1)
    for male in (True, False):
        for _ in range(200):
            card = idnumbers.id_card("539902", date(1961, 2, 3), male, rng)
            assert len(card) == 18
            assert card[6:14] == "19610203"
            assert int(card[16]) % 2 == int(male)
            weighted = sum(int(digit) * 2 ** (17 - i) for i, digit in enumerate(card[:17]))
            check = 10 if card[17] == "X" else int(card[17])
            assert (weighted + check) % 11 == 1  # ISO 7064 MOD 11-2, computed another way


def test_area_codes_belong_to_no_real_place() -> None:
    # prefectures 97 to 99 of a province are assigned to none
    rng = Random(2)
    assert {places.home(rng).area[2:4] for _ in range(500)} <= {"97", "98", "99"}


def test_bank_accounts_pass_luhn() -> None:
    number = idnumbers.bank_account(Random(3))
    digits = [int(d) for d in reversed(number)]
    assert (sum(digits[0::2]) + sum(sum(divmod(2 * d, 10)) for d in digits[1::2])) % 10 == 0
    assert idnumbers.luhn_check("7992739871") == "3"


def test_mobiles_have_eleven_digits_in_a_used_segment() -> None:
    rng = Random(4)
    for _ in range(300):
        number = idnumbers.mobile(rng)
        assert len(number) == 11
        assert number[:2] in {"13", "15", "16", "17", "18", "19"}


def test_scrambled_numbers_never_repeat() -> None:
    assert len({idnumbers.scrambled(i, 7) for i in range(200_000)}) == 200_000
    assert all(len(idnumbers.scrambled(i, 8)) == 8 for i in range(1000))


def test_every_patient_of_the_sample_is_somebody_of_their_own() -> None:
    order = plan.story_order(7)
    made = [people.make_patient(i, 7, order[i], FIRST_DAY, LAST_DAY, frozenset({"王伟"})) for i in range(120)]
    for numbers in (
        [p.id_card for p in made],
        [p.mrn for p in made],
        [p.insurance for p in made],
        [p.phone for p in made],
    ):
        assert len(set(numbers)) == 120
    for patient in made:
        assert patient.id_card[6:14] == patient.born.strftime("%Y%m%d")
        assert int(patient.id_card[16]) % 2 == int(patient.male)
        names = [patient.name, *(r.name for r in patient.relatives)]
        assert len(set(names)) == len(names)
        assert "王伟" not in names
    assert any("·" in p.name for p in made) or any("·" in r.name for p in made for r in p.relatives)
    assert any(p.name[:2] in people._names()[1] for p in made), "no compound surname in the sample"
