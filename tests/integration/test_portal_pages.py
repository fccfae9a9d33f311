"""Every page drawn for its roles in both languages against the fake strong room, and what its buttons ask."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from portal import desk
from portal.ui import frame
from portal.ui.texts import LANGUAGES, texts
from portal.web.contents import PAGES
from records.errors import Refused, Unavailable
from tests.portal_fake import HASH, HOSTILE, ROLES, SEARCH_COHORT, TOML, FakeDesk

pytestmark = pytest.mark.filterwarnings("default")
ROOT = Path(__file__).resolve().parents[2]
WHO = {roles[0]: user for user, (_, roles, _) in ROLES.items()}


@pytest.fixture
def fake() -> Iterator[FakeDesk]:
    placed = FakeDesk()
    desk.place(placed)
    yield placed
    desk._held.clear()


def _script(slug: str, token: str, language: str) -> None:
    import streamlit as st

    from portal.desk import visit
    from portal.ui.frame import View, run
    from portal.ui.texts import texts
    from portal.web.contents import PAGES

    st.session_state["page-of-test"] = slug
    run(PAGES[slug], View(visit(token), texts(language)))


def _draw(fake: FakeDesk, slug: str, user: str, language: str = "zh") -> AppTest:
    test = AppTest.from_function(_script, args=(slug, fake.enter(user), language), default_timeout=20)
    test.run()
    assert not test.exception
    return test


def _asked(fake: FakeDesk, name: str) -> list[dict[str, Any]]:
    return [args for _, called, args in fake.calls if called == name]


def _html(test: AppTest) -> str:
    return "".join(str(element.proto.body) for element in test.get("html"))


CASES = [(slug, role) for slug, page in PAGES.items() for role in sorted(page.roles or {"researcher"})]
ONCE = list({slug: (slug, role) for slug, role in CASES}.values())
STRANGERS = [
    (slug, next(user for user, (_, roles, _) in ROLES.items() if not page.open_to(frozenset(roles))))
    for slug, page in PAGES.items()
    if page.roles
]


@pytest.mark.parametrize(
    ("slug", "role", "language"),
    [(*case, "zh") for case in CASES]
    + [(*case, language) for case in ONCE for language in LANGUAGES if language != "zh"],
)
def test_every_page_draws_for_its_roles(fake: FakeDesk, slug: str, role: str, language: str) -> None:
    test = _draw(fake, slug, WHO[role], language)
    assert not test.error, [element.value for element in test.error]
    assert test.title
    assert all(HOSTILE not in element.value for element in test.markdown), "others' words are never markdown"


@pytest.mark.parametrize(("slug", "user"), STRANGERS)
def test_other_roles_are_refused_before_anything_is_asked(fake: FakeDesk, slug: str, user: str) -> None:
    test = _draw(fake, slug, user)
    assert [element.value for element in test.error] == [texts("zh")("error.page_not_yours")]
    assert {name for _, name, _ in fake.calls} == {"whoami"}


def test_hostile_text_is_never_markup(fake: FakeDesk) -> None:
    for slug, user in (("requests", "lin"), ("review", "rev"), ("checking", "rel"), ("register", "aud")):
        shown = _html(_draw(fake, slug, user))
        assert "<style>" not in shown
        assert "onerror=alert(1)&gt;" in shown


def test_a_question_is_asked_once_with_its_filters_and_becomes_a_cohort(fake: FakeDesk) -> None:
    test = _draw(fake, "search", "lin")
    test.text_input(key="query").input("糖尿病并发症")
    test.selectbox(key="f-type").select("D02")
    test.button[-1].click().run()
    assert _asked(fake, "search")[-1]["record_type"] == "D02"
    assert "~120" in _html(test)
    turn = next(button for button in test.button if button.label == texts("zh")("search.tocohort"))
    turn.click().run()
    assert test.session_state["cohort-next"] == SEARCH_COHORT
    assert test.session_state["cohort-count"] == 0, "it is counted on arrival"
    assert test.session_state["draft"].concepts == (("diabetes-mellitus", "complications"),)


def test_a_suggestion_is_asked_at_once(fake: FakeDesk) -> None:
    test = _draw(fake, "search", "lin")
    test.text_input(key="query").input("糖尿病并发症")
    test.button[-1].click().run()
    test.button(key="narrow-diabetic-foot").click().run()
    assert _asked(fake, "search")[-1]["query"] == "糖尿病足"
    assert 'href="/concepts?concept=diabetes-mellitus" target="_blank"' in _html(test)
    assert "骨科" not in _html(test), "a facet below the threshold has no bar"


def test_few_records_show_no_cards(fake: FakeDesk) -> None:
    test = _draw(fake, "search", "lin")
    test.text_input(key="query").input("罕见病")
    test.button[-1].click().run()
    assert "&lt;10" in _html(test)
    assert texts("zh")("search.nocards") in _html(test)


def test_a_definition_is_counted_and_saved_as_it_stands(fake: FakeDesk) -> None:
    test = _draw(fake, "cohort", "lin")
    toml = '[[include]]\nconcept = "diabetes"\n'
    test.text_area(key="cohort-toml").input(toml).run()
    _button(test, "cohort.count").click().run()
    assert "~180" in _html(test)
    test.text_area(key="cohort-toml").input("nonsense").run()
    _button(test, "cohort.count").click().run()
    assert [element.value for element in test.warning]
    assert "~180" not in _html(test), "an old count must not stand beside a new definition"
    test.text_area(key="cohort-toml").input(toml).run()
    _button(test, "cohort.save").click().run()
    assert _asked(fake, "cohort.save") == [{"toml": toml, "name": texts("zh")("cohort.unnamed")}]


def test_a_link_opens_and_counts_a_definition_on_its_edition_once(fake: FakeDesk) -> None:
    test = AppTest.from_function(_script, args=("cohort", fake.enter("ana"), "zh"), default_timeout=20)
    test.query_params["cohort"] = HASH
    test.query_params["edition"] = "2"
    test.run()
    assert not test.exception
    assert test.text_area(key="cohort-toml").value == TOML
    assert _asked(fake, "count") == [{"toml": TOML, "edition": 2}]
    assert texts("zh")("cohort.lexicon") in _html(test)
    test.text_area(key="cohort-toml").input(TOML + "# more\n").run()
    assert test.text_area(key="cohort-toml").value == TOML + "# more\n", "what is typed since is not lost"
    assert len(_asked(fake, "count")) == 1


def test_a_link_to_nothing_says_so(fake: FakeDesk) -> None:
    test = AppTest.from_function(_script, args=("cohort", fake.enter("lin"), "zh"), default_timeout=20)
    test.query_params["cohort"] = "00" * 32
    test.run()
    assert [element.value for element in test.warning] == [texts("zh")("error.cohort_unknown")]
    assert not _asked(fake, "count")


def test_a_count_shows_what_fell_away_and_what_is_known(fake: FakeDesk) -> None:
    test = _draw(fake, "cohort", "lin")
    test.text_area(key="cohort-toml").input(TOML).run()
    _button(test, "cohort.count").click().run()
    shown = _html(test)
    assert '<span class="fell">↓ ~80</span>' in shown
    assert "~35 · 88%" in shown
    assert "&lt;10</span>" in shown, "a suppressed variable has no percentage"
    assert "糖尿病肾病" in shown
    assert any(HASH in element.value and "lin" not in element.value for element in test.code), "a link names no owner"


def test_a_concept_is_told_with_links_and_counts(fake: FakeDesk) -> None:
    test = _draw(fake, "concepts", "lin")
    assert not _asked(fake, "concept")
    test.text_input(key="concept-words").input("糖尿病").run()
    shown = _html(test)
    assert '<a class="chip chip-concept" href="/concepts?concept=diabetic-foot" target="_self">糖尿病足' in shown
    assert shown.index("糖尿病足") < shown.index("**粗**</a>"), "what can be shown stands first"
    assert "<style>" not in shown
    assert "~180" in shown
    next(button for button in test.button if button.label == texts("zh")("search.tocohort")).click().run()
    assert 'concept = "diabetes-mellitus"' in test.session_state["cohort-next"]
    others = _draw(fake, "concepts", "rev")
    others.text_input(key="concept-words").input("糖尿病").run()
    assert "~180" not in _html(others)
    assert not others.button


def test_the_builder_writes_a_definition_that_parses(fake: FakeDesk) -> None:
    from semantic.cohort import CohortDefinition

    test = _draw(fake, "cohort", "lin")
    concepts = test.multiselect[0]
    concepts.select(concepts.options[0])
    next(field for field in test.number_input if field.label == texts("zh")("field.since")).set_value(2023)
    start = next(field for field in test.selectbox if field.label == texts("zh")("cohort.start"))
    start.select("糖尿病")
    next(field for field in test.number_input if field.label == texts("zh")("cohort.to_day")).set_value(730)
    _button(test, "cohort.build").click().run()
    definition = CohortDefinition.parse(test.text_area(key="cohort-toml").value)
    assert definition.who.since == 2023
    assert len(definition.include) == 1
    assert definition.start is not None
    assert definition.start.concept == "diabetes-mellitus"
    assert definition.include[0].of[0].window == (None, 730)


def test_a_request_says_what_is_missing_and_then_goes(fake: FakeDesk) -> None:
    test = _draw(fake, "requests", "lin")
    test.session_state["requests-tab"] = "requests.new"
    test.run()
    _button(test, "requests.precheck").click().run()
    asked = _asked(fake, "request.precheck")[-1]["toml"]
    assert f'cohort = "{HASH}"' in asked
    _button(test, "requests.submit").click().run()
    assert len(_asked(fake, "request.submit")) == 1
    assert test.success


@pytest.mark.parametrize(
    ("state", "label", "call"),
    [("conditional", "requests.accept", "request.accept"), ("in_review", "requests.withdraw", "request.withdraw")],
)
def test_an_applicant_accepts_or_withdraws(fake: FakeDesk, state: str, label: str, call: str) -> None:
    fake.request_state = state
    test = _draw(fake, "requests", "lin")
    _button(test, label).click().run()
    assert _asked(fake, call) == [{"request": "Q1"}]


def test_a_vote_needs_its_reason(fake: FakeDesk) -> None:
    test = _draw(fake, "review", "rev")
    test.radio[0].set_value("reject")
    _button(test, "review.send").click().run()
    assert not _asked(fake, "review.decide")
    assert test.warning
    test.text_area[0].input("目的不清")
    _button(test, "review.send").click().run()
    vote = {"request": "Q1", "verdict": "reject", "reason": "目的不清", "conditions": []}
    assert _asked(fake, "review.decide") == [vote]
    assert test.info, "one's own vote is shown, and there is no second one"
    assert not test.radio


def test_opening_a_record_is_one_call(fake: FakeDesk) -> None:
    test = _draw(fake, "reading", "ana")
    assert not _asked(fake, "reading.open"), "nothing is opened before somebody asks"
    _button(test, "reading.open").click().run()
    test.run()
    assert len(_asked(fake, "reading.open")) == 1
    assert "多饮多尿" in _html(test)


def test_a_revoked_grant_takes_the_text_off_the_page(fake: FakeDesk) -> None:
    test = _draw(fake, "reading", "ana")
    _button(test, "reading.open").click().run()
    fake.grant_state = "revoked"
    test.run()
    assert "多饮多尿" not in _html(test)


def test_a_page_picture_is_asked_for_waited_for_and_shown_by_its_own_address(fake: FakeDesk) -> None:
    test = _draw(fake, "reading", "ana")
    _button(test, "reading.open").click().run()
    name = test.session_state["reading-open"][1]
    assert not _asked(fake, "reading.prepare"), "no page is made before somebody asks"
    test.number_input(key=f"picture-G1-{name}").set_value(2)
    _button(test, "reading.page_open").click().run()
    assert {"grant": "G1", "record": name, "page": 2} in _asked(fake, "reading.prepare")
    assert texts("zh")("reading.page_making") in _html(test)
    assert "/download/page/" not in _html(test)
    fake.page_state = {"state": "ready", "why": ""}
    test.run()
    assert f'src="/download/page/G1/{name}/2"' in _html(test)
    assert not _asked(fake, "reading.page"), "the picture never passes through the page"
    fake.page_state = {"state": "refused", "why": "page_not_clean"}
    test.run()
    assert "/download/page/" not in _html(test)
    assert texts("zh").word("reject", "page_not_clean") in test.warning[0].value


def test_a_page_of_a_revoked_grant_leaves_the_screen(fake: FakeDesk) -> None:
    test = _draw(fake, "reading", "ana")
    _button(test, "reading.open").click().run()
    fake.page_state = {"state": "ready", "why": ""}
    _button(test, "reading.page_open").click().run()
    assert "/download/page/" in _html(test)
    fake.fail["reading.prepare"] = Refused("grant_revoked", "This grant was revoked.")
    test.run()
    assert "/download/page/" not in _html(test)
    assert [element.value for element in test.error] == [texts("zh")("error.grant_revoked")]


def test_words_seen_on_a_picture_are_reported_as_such(fake: FakeDesk) -> None:
    test = _draw(fake, "reading", "ana")
    _button(test, "reading.open").click().run()
    name = test.session_state["reading-open"][1]
    test.text_input(key=f"leak-words-{name}-0").input("不在其中的字")
    test.checkbox(key=f"leak-page-{name}-0").check()
    _button(test, "leak.send").click().run()
    assert _asked(fake, "leak.report")[0]["on_page"] is True
    assert not test.warning


def test_a_leak_is_reported_from_the_record_and_its_text_leaves_the_page(fake: FakeDesk) -> None:
    test = _draw(fake, "reading", "ana")
    _button(test, "reading.open").click().run()
    name = test.session_state["reading-open"][1]
    test.text_input(key=f"leak-words-{name}-0").input("不在其中的字")
    _button(test, "leak.send").click().run()
    assert [element.value for element in test.warning] == [texts("zh")("error.leak_not_there")]
    test.text_input(key=f"leak-words-{name}-0").input("张兰芳")
    _button(test, "leak.send").click().run()
    sent = {"record": name, "text": "张兰芳", "entity": "PERSON", "grant": "G1", "request": None, "release": None}
    assert _asked(fake, "leak.report")[-1] == sent
    assert [element.value for element in test.success] == [texts("zh")("leak.sent")]
    assert "多饮多尿" not in _html(test)
    assert "张兰芳" not in repr(test.session_state)


def test_a_reviewer_reports_from_a_sample_and_a_releaser_names_the_record(fake: FakeDesk) -> None:
    test = _draw(fake, "review", "rev")
    name = "r" + "a" * 16
    test.text_input(key=f"leak-words-{name}-0").input("张兰芳")
    _button(test, "leak.send").click().run()
    assert (_asked(fake, "leak.report")[-1]["request"], _asked(fake, "leak.report")[-1]["record"]) == ("Q1", name)
    test = _draw(fake, "checking", "rel")
    test.text_input(key="leak-words-L1-0").input("张兰芳")
    _button(test, "leak.send").click().run()
    assert [element.value for element in test.warning] == [texts("zh")("leak.incomplete")]
    test.text_input(key="leak-record-L1-0").input(name)
    _button(test, "leak.send").click().run()
    assert (_asked(fake, "leak.report")[-1]["release"], _asked(fake, "leak.report")[-1]["record"]) == ("L1", name)


def test_quality_control_confirms_with_a_reason_or_dismisses(fake: FakeDesk) -> None:
    test = _draw(fake, "leaks", "qcq")
    assert '<mark class="slot slot-other" title="上报的字样">张兰芳</mark>说过此事。' in _html(test)
    _button(test, "leaks.confirm").click().run()
    assert not _asked(fake, "leak.confirm")
    assert test.warning
    test.radio[0].set_value("hospital")
    test.radio[1].set_value("rule")
    test.text_area[0].input("确为患者")
    _button(test, "leaks.confirm").click().run()
    asked = {"leak": "X1", "reason": "确为患者", "entity": "PERSON", "scope": "hospital", "fix": "rule"}
    assert _asked(fake, "leak.confirm") == [asked]
    _button(test, "leaks.recheck").click().run()
    assert _asked(fake, "leak.recheck") == [{"leak": "X1"}]
    fake.leak_state = "reported"
    test = _draw(fake, "leaks", "qcq")
    test.text_area[0].input("药名")
    _button(test, "leaks.dismiss").click().run()
    assert _asked(fake, "leak.dismiss") == [{"leak": "X1", "reason": "药名"}]
    assert texts("zh")("leaks.empty") in _html(test)


def test_a_bundle_with_a_reported_record_is_named(fake: FakeDesk) -> None:
    fake.leaks = ["X1"]
    told = texts("zh")("releases.leaks", release="L1", leaks="X1")
    for slug, user in (("releases", "man"), ("releases", "rel"), ("checking", "rel")):
        assert told in [element.value for element in _draw(fake, slug, user).error]


def test_a_release_is_asked_for_under_the_grant(fake: FakeDesk) -> None:
    _button(_draw(fake, "grants", "ana"), "grants.ask").click().run()
    assert _asked(fake, "release.ask") == [{"grant": "G1"}]


@pytest.mark.parametrize("step", ["suspend", "revoke"])
def test_a_manager_stops_a_grant_with_a_reason(fake: FakeDesk, step: str) -> None:
    test = _draw(fake, "grants", "man")
    test.radio[0].set_value(step)
    test.text_input[0].input("投诉核查")
    _button(test, "grants.do").click().run()
    assert _asked(fake, f"grant.{step}") == [{"grant": "G1", "reason": "投诉核查"}]


def test_a_releaser_gives_a_verdict_with_a_reason(fake: FakeDesk) -> None:
    test = _draw(fake, "checking", "rel")
    test.radio[0].set_value("pass")
    test.text_area[0].input("无异议")
    _button(test, "checking.send").click().run()
    assert _asked(fake, "release.check") == [{"release": "L1", "verdict": "pass", "reason": "无异议"}]


def test_only_the_analyst_gets_a_download_link(fake: FakeDesk) -> None:
    assert "/download/release/L1" in _html(_draw(fake, "releases", "ana"))
    for user in ("lin", "rel", "man"):
        assert "/download/" not in _html(_draw(fake, "releases", user))


def test_a_call_slip_needs_a_reason_and_links_to_the_original_once(fake: FakeDesk) -> None:
    test = _draw(fake, "slips", "doc")
    test.text_input[0].input("张兰芳")
    _button(test, "slips.find").click().run()
    assert not _asked(fake, "slip.find")
    test.text_input[1].input("复诊")
    _button(test, "slips.find").click().run()
    _button(test, "slips.open").click().run()
    assert _asked(fake, "slip.open") == [{"record": "R" + "0" * 20, "reason": "复诊"}]
    assert '<img class="original" src="/download/original/' in _html(test)


def test_a_failure_is_one_sentence_and_names_nobody(fake: FakeDesk, caplog: pytest.LogCaptureFixture) -> None:
    fake.fail["request.list"] = KeyError("张三 13800000000")
    test = _draw(fake, "requests", "lin")
    assert [element.value for element in test.error] == [texts("zh")("frame.failed")]
    assert "张三" not in caplog.text
    assert "KeyError" in caplog.text


def test_a_room_that_is_down_says_so(fake: FakeDesk) -> None:
    fake.fail["request.list"] = Unavailable(
        "strong_room_down", "The strong room does not answer; start it with `lantai serve`."
    )
    test = _draw(fake, "requests", "lin")
    assert [element.value for element in test.error] == [texts("zh")("error.strong_room_down")]


def test_without_a_session_nothing_is_drawn(fake: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "session_token", lambda: "forged")
    test = AppTest.from_file(ROOT / "portal/web/app.py", default_timeout=20)
    test.run()
    assert not test.exception
    assert [element.value for element in test.title] == [texts("zh")("frame.ended")]
    assert not test.button


def test_the_frame_shows_the_first_page_and_switches_language(fake: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    token = fake.enter("lin")
    monkeypatch.setattr(frame, "session_token", lambda: token)
    test = AppTest.from_file(ROOT / "portal/web/app.py", default_timeout=20)
    test.run()
    assert not test.exception
    assert "林研究" in test.title[0].value
    test.sidebar.radio(key="language").set_value("en").run()
    assert test.title[0].value.startswith("Welcome")
    fake.sessions.clear()
    test.run()
    assert [element.value for element in test.title] == [texts("zh")("frame.ended")]


def _button(test: AppTest, label: str) -> Any:
    words = texts("zh")
    with contextlib.suppress(StopIteration):
        return next(button for button in test.button if button.label == words(label))
    raise AssertionError(f"no button {label} among {[button.label for button in test.button]}")
