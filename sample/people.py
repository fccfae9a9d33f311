"""Invented patients, relatives and names; every draw comes from the random source given, so that a seed fixes them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from sample import idnumbers, places, seeds


@dataclass(frozen=True, slots=True)
class Relative:
    """Who is called when something happens."""

    relation: str
    name: str
    phone: str


@dataclass(slots=True)
class Patient:
    """One invented patient with everything that could identify them."""

    index: int
    key: str
    name: str
    male: bool
    born: date
    id_card: str
    ethnic: str
    job: str
    employer: str
    address: str
    home: str
    birthplace: str
    district: str
    post: str
    phone: str
    email: str
    account: str
    insurance: str
    mrn: str
    blood: str
    height: int
    weight: int
    allergy: str
    relatives: tuple[Relative, ...]
    outside: tuple[str, ...]
    years: int
    first_day: date
    story: seeds.Story
    picks: dict[str, str] = field(default_factory=dict)
    denies: tuple[str, ...] = ()
    kin: tuple[tuple[str, str], ...] = ()

    @property
    def is_child(self) -> bool:
        """Under 15 at the first visit."""
        return self.age(self.first_day) < 15

    @property
    def sex(self) -> str:
        return "男" if self.male else "女"

    def age(self, on: date) -> int:
        """Full years on a day."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))


@lru_cache(maxsize=1)
def _names() -> tuple[list[str], list[str], list[str], list[str], list[str], list[dict[str, list[str] | str]]]:
    rows = seeds.read("people.toml")
    minority = [
        {"ethnic": m["ethnic"], "male": m["male"].split(), "female": m["female"].split()} for m in rows["minority"]
    ]
    return (
        rows["surnames"].split(), rows["compound"].split(), rows["rare"].split(), rows["male"].split(),
        rows["female"].split(), minority,
    )  # fmt: skip


def surname(rng: Random, *, plain: bool = False) -> str:
    """Common surnames far more often; a compound or rare one now and then."""
    common, compound, rare, *_ = _names()
    chance = rng.random()
    if chance < 0.05:
        return rng.choice(compound)
    if chance < 0.08 and not plain:
        return rng.choice(rare)
    # the first ones of the list are the most frequent ones
    return common[min(int(rng.expovariate(1 / 24)), len(common) - 1)]


def given(male: bool, rng: Random) -> str:
    """One or two characters."""
    *_, men, women, _ = _names()
    return rng.choice(men if male else women)


def full_name(male: bool, rng: Random) -> tuple[str, str]:
    """(name, ethnic group)."""
    if rng.random() < 0.06:
        group = rng.choice(_names()[5])
        return rng.choice(list(group["male" if male else "female"])), str(group["ethnic"])
    return surname(rng) + given(male, rng), "汉族"


def family_name(name: str) -> str:
    """The surname part; the whole first part of a name with a dot."""
    if "·" in name:
        return name.split("·")[1]
    return name[:2] if name[:2] in _names()[1] else name[:1]


def make_patient(
    index: int, seed: int, story: seeds.Story, first: date, last: date, staff: Collection[str] = ()
) -> Patient:
    """Patient number `index` of the run with this seed; nobody is called like one of the staff."""
    rng = Random(f"{seed}/patient/{index}")
    male = {"m": True, "f": False}.get(story.sex, rng.random() < 0.5)
    name, ethnic = _another_name(male, rng, staff)
    months = max(v.month for v in story.visits)
    room = max(1, (last - first).days - int(months * 30.4) - 25)
    first_day = first + timedelta(days=rng.randrange(room))
    age = rng.randint(*story.ages)
    born = date(first_day.year - age, 1, 1) - timedelta(days=rng.randrange(1, 300))
    place = places.home(rng)
    employer, job = places.work(age, rng)
    patient = Patient(
        index=index, key=f"P{index + 1:06d}", name=name, male=male, born=born, ethnic=ethnic, job=job,
        employer=employer,
        id_card=idnumbers.id_card(place.area, born, male, rng), address=place.address, home=place.registered,
        birthplace=place.birthplace, district=place.district, post=place.post, phone=idnumbers.mobile(rng),
        email=f"{rng.choice('abcdefghjklmnpqrstwxyz')}{rng.choice(['hao', 'lin', 'yun', 'qing', 'feng'])}"
        f"{rng.randrange(1000, 99999)}@{places.mail(rng)}",
        account=idnumbers.bank_account(rng), insurance=f"YL{idnumbers.scrambled(index * 3 + 1, 9)}",
        mrn=idnumbers.scrambled(index, 8), blood=rng.choices(("A", "B", "O", "AB"), (28, 27, 36, 9))[0],
        height=rng.randint(162, 180) if male else rng.randint(150, 168), weight=0,
        allergy=rng.choice(seeds.read_phrases()["allergies"]) if rng.random() < 0.14 else "",
        relatives=_relatives(name, male, age, rng, staff), outside=places.outside(rng),
        years=max(1, min(rng.randint(4, 16), age - 30)), first_day=first_day, story=story,
    )  # fmt: skip
    _shape_child(patient, age, rng)
    _history(patient, rng)
    return patient


def _shape_child(patient: Patient, age: int, rng: Random) -> None:
    if age < 15:
        patient.height = 75 + age * 6 + rng.randint(-3, 3)
        patient.weight = 9 + int(age * 2.2) + rng.randint(-1, 2)
        patient.job, patient.employer = "儿童" if age < 7 else "学生", ""
    else:
        patient.weight = int((patient.height / 100) ** 2 * rng.uniform(20.5, 28.5))


def _another_name(male: bool, rng: Random, taken: Collection[str]) -> tuple[str, str]:
    while True:
        name, ethnic = full_name(male, rng)
        if name not in taken:
            return name, ethnic


def _relatives(name: str, male: bool, age: int, rng: Random, staff: Collection[str]) -> tuple[Relative, ...]:
    out: list[Relative] = []
    taken = {name, *staff}
    for relation in _relations(male, age, rng):
        one = _relative(relation, name, male, rng)
        while one.name in taken:
            one = _relative(relation, name, male, rng)
        taken.add(one.name)
        out.append(one)
    return tuple(out)


def _relations(male: bool, age: int, rng: Random) -> tuple[str, ...]:
    spouse = "妻子" if male else "丈夫"
    if age < 16:
        return ("母亲", "父亲") if rng.random() < 0.7 else ("父亲", "母亲")
    if age < 28:
        return (spouse, "母亲")
    if age < 50:
        return (spouse, rng.choice(("哥哥", "姐姐", "弟弟", "妹妹")))
    return (rng.choice(("儿子", "女儿")), spouse)


def _relative(relation: str, name: str, male: bool, rng: Random) -> Relative:
    his = relation in ("父亲", "丈夫", "儿子", "哥哥", "弟弟")
    theirs, _ = full_name(his, rng)
    blood = relation in ("父亲", "哥哥", "姐姐", "弟弟", "妹妹") or (relation in ("儿子", "女儿") and male)
    if blood and "·" not in name and "·" not in theirs:
        theirs = family_name(name) + given(his, rng)
    return Relative(relation, theirs, idnumbers.mobile(rng))


_CHILD_DENIABLE = ("hepb", "tb", "asthma")
_DENIABLE = ("dm", "htn", "chd", "hepb", "tb", "asthma", "cancer", "cinf")
_DIABETIC = {"t2dm", "t1dm"}
_SAME = {"t2dm": "dm", "t1dm": "dm", "gdm": "dm", "ami": "chd", "cemb": "cinf", "seq": "cinf", "cirr": "hepb",
         "gca": "cancer", "luca": "cancer", "thca": "cancer", "preec": "htn"}  # fmt: skip


def _history(patient: Patient, rng: Random) -> None:
    concepts = {seeds.blocks()[b].concept for b in patient.story.blocks}
    has = concepts | {_SAME[c] for c in concepts if c in _SAME}
    patient.denies = tuple(d for d in (_CHILD_DENIABLE if patient.is_child else _DENIABLE) if d not in has)
    if patient.story.family:
        patient.kin = (("父亲", patient.story.family[0]),)
    elif rng.random() < 0.22:
        elders = ("祖父", "祖母", "外祖父") if patient.is_child else ("母亲", "父亲", "哥哥", "妹妹")
        patient.kin = ((rng.choice(elders), rng.choice(("htn", "htn", "chd", "cinf", "gca"))),)
    for block in patient.story.blocks:
        for name, options in seeds.blocks()[block].pick.items():
            patient.picks[name] = rng.choice(options)


def is_diabetic(patient: Patient) -> bool:
    """Has diabetes mellitus (of pregnancy apart)."""
    return bool(_DIABETIC & set(patient.story.blocks))
