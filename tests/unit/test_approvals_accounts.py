"""Coming in: unknown names look like wrong passwords, guessing is slowed and recorded, sessions end when due."""

from __future__ import annotations

import statistics
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from approvals import accounts, register, schema, sessions
from approvals.ledger import Ledger
from approvals.passwords import Passwords
from records.errors import BadInput, LantaiError, Refused, Unavailable
from records.people import Actor, Role
from tests.approvals_world import KEY, World

QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
GOOD = "correct horse"
WRONG = "wrong password"


class Home:
    """A real (not demo) ledger with one user."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 11, 23, 4, tzinfo=UTC)
        self.ledger = Ledger.open(folder / "ledger.db", lambda: self.now, key=KEY)
        accounts.add_user(self.ledger, None, "ann", roles=["researcher"], password=GOOD, passwords=QUICK)

    def login(self, user: str = "ann", password: str | None = GOOD) -> dict[str, Any]:
        return accounts.login(self.ledger, user, password, QUICK)

    def fails(self, user: str = "ann", password: str | None = WRONG) -> str:
        with pytest.raises(LantaiError) as caught:
            self.login(user, password)
        return caught.value.code


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_the_right_password_gives_a_session_that_knows_who_it_is(home: Home) -> None:
    answer = home.login()
    assert {key: answer[key] for key in ("user", "roles", "department")} == {
        "user": "ann", "roles": ["researcher"], "department": None,
    }  # fmt: skip
    actor = accounts.actor_of(home.ledger, answer["token"])
    assert (actor.user, actor.roles) == ("ann", frozenset({Role.RESEARCHER}))


def test_a_token_is_long_random_and_not_in_the_ledger(home: Home, tmp_path: Path) -> None:
    tokens = {home.login()["token"] for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 43 for token in tokens)
    home.ledger.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("ledger.db*"))
    assert not any(token.encode() in stored for token in tokens)
    assert GOOD.encode() not in stored


def test_unknown_user_wrong_password_and_closed_account_answer_alike(home: Home) -> None:
    accounts.add_user(home.ledger, None, "dan", roles=["analyst"], password=GOOD, passwords=QUICK)
    mia = Actor("mia", frozenset({Role.MANAGER}))  # type: ignore[arg-type]
    accounts.disable_user(home.ledger, mia, "dan", "left")
    answers = []
    for user, password in (
        ("ann", "wrong password"),
        ("nobody1", GOOD),
        ("dan", GOOD),
        ("张三", GOOD),
        ("", ""),
        ("\ud800", "\udfff" * 9),
    ):
        with pytest.raises(Refused) as caught:
            home.login(user, password)
        answers.append((caught.value.code, caught.value.message))
    assert len(set(answers)) == 1
    assert answers[0][0] == "wrong_login"


def test_unknown_user_takes_as_long_as_a_wrong_password(tmp_path: Path) -> None:
    home = Home(tmp_path)
    real = Passwords(PasswordHasher(time_cost=2, memory_cost=16384, parallelism=1))
    accounts.set_password(home.ledger, None, "ann", GOOD, real)
    times: dict[str, list[float]] = {"ann": [], "nobody1": []}
    for number in range(8):
        for user in times:
            home.now += accounts.WINDOW
            started = time.perf_counter()
            with pytest.raises(Refused):
                accounts.login(home.ledger, user if user == "ann" else f"nobody{number}", "wrong password", real)
            times[user].append(time.perf_counter() - started)
    known, unknown = (statistics.median(times[user]) for user in ("ann", "nobody1"))
    assert 0.5 < known / unknown < 2.0


def test_five_failures_throttle_a_name_known_or_not_and_stand_in_the_register(home: Home) -> None:
    for user in ("ann", "nobody1"):
        assert [home.fails(user) for _ in range(7)] == ["wrong_login"] * 5 + ["login_throttled"] * 2
    assert home.fails("ann", GOOD) == "login_throttled"
    failed = register.entries(home.ledger, action="login.failed")
    assert failed["total"] == 10
    assert {row["subject"] for row in failed["rows"]} == {"ann", "unknown"}
    assert register.entries(home.ledger, action="login.throttled")["total"] == 2  # once a minute and name, not per try
    home.now += accounts.WINDOW
    assert home.login()["user"] == "ann"


def test_coming_in_clears_the_slate(home: Home) -> None:
    for _ in range(3):
        assert [home.fails() for _ in range(4)] == ["wrong_login"] * 4
        home.now += timedelta(seconds=1)
        home.login()
        home.now += timedelta(seconds=1)


def test_guessing_over_many_names_is_throttled_too(home: Home) -> None:
    codes = [home.fails(f"user{number}") for number in range(accounts.MOST_PER_MINUTE + 1)]
    assert codes[-1] == "login_throttled"
    assert set(codes[:-1]) == {"wrong_login"}
    home.now += accounts.MINUTE
    assert home.login()["user"] == "ann"


def test_parallel_guesses_do_not_slip_past_the_throttle(home: Home) -> None:
    codes: list[str] = []
    threads = [threading.Thread(target=lambda: codes.append(home.fails())) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes.count("wrong_login") <= accounts.MOST_PER_NAME + QUICK.at_once - 1
    assert codes.count("login_throttled") >= 12 - accounts.MOST_PER_NAME - QUICK.at_once + 1


def test_what_was_typed_as_a_name_is_not_kept(home: Home, tmp_path: Path) -> None:
    home.fails("zhangsan-13800138000")
    home.ledger.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("ledger.db*"))
    assert b"zhangsan" not in stored


def test_a_busy_anvil_says_so(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("approvals.passwords.WAIT_SECONDS", 0.01)
    with QUICK.turn(), QUICK.turn(), pytest.raises(Unavailable) as caught:
        home.login()
    assert caught.value.code == "login_busy"


def test_a_session_ends_by_idleness_age_and_logout(home: Home) -> None:
    idle, busy, left = (home.login()["token"] for _ in range(3))
    accounts.logout(home.ledger, left)
    accounts.logout(home.ledger, left)
    accounts.logout(home.ledger, "never seen")
    end = home.now + sessions.LONGEST
    while home.now < end:
        accounts.actor_of(home.ledger, busy)
        home.now += sessions.IDLE / 2
    for token in (idle, busy, left, "", "x" * 43, "张三"):
        with pytest.raises(Refused) as caught:
            accounts.actor_of(home.ledger, token)
        assert caught.value.code == "not_logged_in"


def test_an_idle_note_written_by_hand_does_not_lengthen_a_session(home: Home) -> None:
    token = home.login()["token"]
    home.now += sessions.IDLE - timedelta(seconds=1)
    with home.ledger._engine.connect() as connection:
        connection.execute(schema.session_activity.update().values(seen="2026-11-23T05:00:00.000000Z"))
        connection.commit()
    home.now += timedelta(seconds=2)
    with pytest.raises(Refused):
        accounts.actor_of(home.ledger, token)
    assert any(item["id"].startswith("session_activity/") for item in register.verify(home.ledger))


def test_a_full_disk_does_not_throw_people_out_of_what_they_read(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    token = home.login()["token"]
    home.now += sessions.TOUCH_EVERY

    def full(_: str) -> None:
        raise Unavailable("disk_full", "The disk is full.")

    monkeypatch.setattr(home.ledger, "touch", full)
    assert accounts.actor_of(home.ledger, token).user == "ann"
    home.now += sessions.IDLE
    with pytest.raises(Refused):
        accounts.actor_of(home.ledger, token)


def test_disabling_ends_all_sessions_at_once(home: Home) -> None:
    tokens = [home.login()["token"] for _ in range(3)]
    mia = Actor("mia", frozenset({Role.MANAGER}))  # type: ignore[arg-type]
    assert accounts.disable_user(home.ledger, mia, "ann")["sessions_ended"] == 3
    for token in tokens:
        with pytest.raises(Refused):
            accounts.actor_of(home.ledger, token)


def test_a_new_password_ends_sessions_and_the_old_one_is_over(home: Home) -> None:
    token = home.login()["token"]
    accounts.set_password(home.ledger, None, "ann", "another horse", QUICK)
    with pytest.raises(Refused):
        accounts.actor_of(home.ledger, token)
    assert home.fails("ann", GOOD) == "wrong_login"
    assert home.login("ann", "another horse")["user"] == "ann"


def test_nobody_disables_themselves(home: Home) -> None:
    ann = Actor("ann", frozenset({Role.MANAGER}))  # type: ignore[arg-type]
    with pytest.raises(Refused, match="own account"):
        accounts.disable_user(home.ledger, ann, "ann")


def test_a_login_without_a_password_is_for_a_demo_home_only(home: Home, tmp_path: Path) -> None:
    assert home.fails("ann", None) == "demo_only"
    demo = World(tmp_path / "demo")
    assert accounts.login(demo.ledger, "ann", None)["user"] == "ann"
    with pytest.raises(Refused):
        accounts.login(demo.ledger, "nobody1", None)
    with pytest.raises(Refused):
        accounts.login(demo.ledger, "ann", "guess at nothing", QUICK)


@pytest.mark.parametrize(
    ("user", "fields", "code"),
    [
        ("Ann", {}, "bad_user_name"),
        ("a", {}, "bad_user_name"),
        ("张三", {}, "bad_user_name"),
        ("x/../y", {}, "bad_user_name"),
        ("system", {}, "bad_user_name"),
        ("dan", {"roles": []}, "bad_role"),
        ("dan", {"roles": ["Researcher"]}, "bad_role"),
        ("dan", {"roles": ["clinician"]}, "department_missing"),
        ("dan", {"password": "short"}, "bad_password"),
        ("dan", {"password": "x" * 300}, "bad_password"),
        ("dan", {"password": None}, "bad_password"),
        ("ann", {}, "already_exists"),
    ],
)
def test_an_account_is_refused_with_its_reason(home: Home, user: str, fields: dict[str, Any], code: str) -> None:
    given = {"roles": ["researcher"], "password": GOOD} | fields
    with pytest.raises(BadInput) as caught:
        accounts.add_user(home.ledger, None, user, passwords=QUICK, **given)
    assert caught.value.code == code


def test_unknown_accounts_are_bad_input(home: Home) -> None:
    mia = Actor("mia", frozenset({Role.MANAGER}))  # type: ignore[arg-type]
    for user in ("nobody1", "../x", ""):
        with pytest.raises(BadInput):
            accounts.disable_user(home.ledger, mia, user)


def test_the_list_of_users_shows_no_password(home: Home) -> None:
    rows = accounts.list_users(home.ledger)["rows"]
    assert rows == [{"user": "ann", "display": "ann", "roles": ["researcher"], "department": None, "state": "active"}]


def test_the_shipped_password_hash_is_argon2id() -> None:
    from approvals.passwords import PASSWORDS

    assert PASSWORDS.hash("a good password").startswith("$argon2id$")
