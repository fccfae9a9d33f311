"""Researcher, reviewers, analyst and releasers at real browsers, from the log-in to the downloaded bundle."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from approvals.bundle import verify_bundle
from rooms.demo import PASSWORD
from tests.conftest import PASSPHRASE, Home
from tests.journeys.browser import ARGUMENTS, CHROMIUM, Guest, served

pytestmark = [
    pytest.mark.journey,
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="chromium is missing: apt-get install chromium"),
]
Enter = Callable[..., Guest]


@pytest.fixture(scope="module")
def address(ingested: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served copy of the ingested demo home."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(ingested.path, home)
    with served(home, PASSPHRASE) as at:
        yield at


@pytest.fixture(scope="module")
def enter(address: str) -> Iterator[Enter]:
    """Log somebody in at a browser of their own; at the end, nothing may have been fetched from outside."""
    from playwright.sync_api import sync_playwright

    guests: list[Guest] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

        def _enter(user: str, language: str = "zh") -> Guest:
            guests.append(Guest(browser, address, user, PASSWORD, language))
            return guests[-1]

        yield _enter
        browser.close()
    assert [url for guest in guests for url in guest.outside] == []


def test_from_a_question_to_a_verified_bundle(enter: Enter, tmp_path: Path) -> None:
    request = _researcher_asks(enter("researcher"))
    _reviewer_decides(enter("reviewer"), request, picture=True)
    _reviewer_decides(enter("reviewer2", "en"), request, picture=False)
    analyst = enter("analyst")
    _analyst_reads(analyst)
    _analyst_asks(analyst)
    _releaser_passes(enter("releaser"), picture=True)
    _releaser_passes(enter("releaser2", "en"), picture=False)
    bundle = _analyst_downloads(analyst, tmp_path)
    with zipfile.ZipFile(bundle) as packed:
        packed.extractall(tmp_path / "bundle")
    assert verify_bundle(bundle, None) == []
    _auditor_verifies(enter("auditor"))


def _researcher_asks(guest: Guest) -> str:
    guest.shoot("portal-home")
    guest.go("search")
    guest.press("search.example1")
    guest.page.wait_for_selector(".total")
    guest.sees(guest.words("field.why"))
    guest.shoot("portal-search")
    guest.page.get_by_test_id("stExpander").get_by_text(guest.words("search.filters")).click()
    guest.choose("field.department", "内分泌科")
    guest.press("search.go")
    guest.press("search.tocohort")
    guest.sees(guest.words("cohort.mine"))
    guest.press("cohort.count")
    guest.page.wait_for_selector(".funnel")
    guest.fill("cohort.name", "糖尿病并发症")
    guest.press("cohort.save")
    guest.press("cohort.ask")
    guest.fill("field.title", "糖尿病并发症的检出与随访")
    guest.fill("field.purpose", "了解本院糖尿病并发症的检出情况，为随访方案提供依据。")
    guest.fill("field.ethics", "2026-伦-017")
    guest.fill("field.members_list", "analyst")
    guest.press("requests.precheck")
    guest.sees(guest.words("requests.clean"))
    guest.press("requests.submit")
    guest.page.wait_for_selector(".track")
    guest.shoot("portal-requests")
    return guest.page.locator(".stHtml table td").first.inner_text()


def _reviewer_decides(guest: Guest, request: str, *, picture: bool) -> None:
    guest.go("review")
    guest.sees(request)
    guest.page.wait_for_selector(".record mark.slot")
    guest.pick("verdict", "approve")
    guest.fill("field.reason", "目的明确，范围适当。")
    if picture:
        guest.shoot("portal-review")
    guest.press("review.send")
    guest.page.wait_for_selector('[data-testid="stAlert"]')
    assert request in guest.text()


def _analyst_reads(guest: Guest) -> None:
    guest.go("reading")
    guest.press("reading.open")
    guest.page.wait_for_selector(".record")
    guest.shoot("portal-reading")


def _analyst_asks(guest: Guest) -> None:
    guest.go("grants")
    guest.shoot("portal-grants")
    guest.press("grants.ask")
    guest.page.wait_for_selector(".track")
    guest.sees(guest.words("state.in_check"))


def _releaser_passes(guest: Guest, *, picture: bool) -> None:
    guest.go("checking")
    guest.pick("verdict", "pass")
    guest.fill("field.reason", "检查结果无异议。")
    if picture:
        guest.shoot("portal-checking")
    guest.press("checking.send")
    guest.page.wait_for_selector('[data-testid="stAlert"]')


def _analyst_downloads(guest: Guest, folder: Path) -> Path:
    guest.open("releases")
    guest.sees(guest.words("state.released"))
    guest.shoot("portal-releases")
    with guest.page.expect_download() as started:
        guest.page.get_by_role("link", name=guest.words("releases.download")).click()
    saved = folder / started.value.suggested_filename
    started.value.save_as(saved)
    return saved


def _auditor_verifies(guest: Guest) -> None:
    guest.go("register")
    guest.press("register.verify")
    guest.sees(guest.words("register.whole"))
    guest.shoot("portal-register")


COHORT = """
unit = "patient"
variables = ["sex", "age", "department", "HbA1c", "高血压"]

[start]
concept = "糖尿病"

[[include]]
any = ["高血压", "糖尿病肾病", "糖尿病视网膜病变", "糖尿病足"]

[[exclude]]
concept = "恶性肿瘤"
"""


def test_a_shared_cohort_opens_for_a_colleague_and_for_nobody_else(enter: Enter) -> None:
    owner = enter("researcher")
    owner.go("cohort")
    for version in (COHORT, COHORT.replace('"高血压", "糖尿病肾病"', '"糖尿病肾病"')):
        owner.fill("cohort.toml", version)
        owner.page.keyboard.press("Control+Enter")
        owner.wait_idle()
        owner.press("cohort.count")
        owner.page.wait_for_selector(".shares")
        owner.fill("cohort.name", "糖尿病随访")
        owner.press("cohort.save")
    owner.shoot("portal-cohort")
    address = owner.page.get_by_test_id("stCode").last.inner_text().strip()
    assert re.fullmatch(re.escape(owner.address) + r"/cohort\?cohort=[0-9a-f]{64}&edition=[0-9]+", address)
    colleague = enter("analyst", "en")
    colleague.page.goto(address)
    colleague.page.wait_for_selector(".funnel")
    assert colleague.page.locator(".total").first.inner_text().split()[0].startswith(("~", "<"))
    assert "糖尿病随访" not in colleague.text(), "a link tells the definition, not its owner's name for it"
    answer = enter("releaser").page.goto(address)
    assert answer is not None
    assert answer.status == 403


def test_a_concept_is_looked_up_and_leads_on(enter: Enter) -> None:
    guest = enter("researcher")
    guest.go("concepts")
    guest.fill("concepts.words", "糖尿病")
    guest.page.keyboard.press("Enter")
    guest.page.wait_for_selector("section.concept .held")
    guest.shoot("portal-concepts")
    guest.page.locator("a.chip-concept", has_text="糖尿病足").first.click()
    guest.sees("diabetic foot")
    assert "糖" not in guest.page.url
    guest.press("search.tocohort")
    guest.page.wait_for_selector(".funnel")
    reader = enter("reviewer", "en")
    reader.open("concepts?concept=diabetic-foot")
    reader.page.wait_for_selector("section.concept")
    assert reader.page.locator(".held").count() == 0


def test_pages_of_others_are_refused_by_address_too(enter: Enter) -> None:
    guest = enter("researcher", "en")
    for slug in ("review", "checking", "deposits", "register", "slips", "people"):
        answer = guest.page.goto(f"{guest.address}/{slug}")
        assert answer is not None
        assert answer.status == 403
        assert "Your role has no access" in guest.page.content()
    answer = guest.page.goto(f"{guest.address}/nowhere")
    assert answer is not None
    assert answer.status == 404


def test_a_clinician_opens_an_original_of_the_own_department(enter: Enter, ingested: Home) -> None:
    record = next(row for row in ingested.records() if row.get("department") == "内分泌科")
    guest = enter("clinician")
    guest.go("slips")
    guest.fill("slips.query", _patient_name(ingested, record))
    guest.fill("slips.reason", "复诊")
    guest.press("slips.find")
    guest.press("slips.open")
    guest.page.wait_for_selector(".record")
    guest.shoot("portal-slips")


def _patient_name(home: Home, record: dict[str, object]) -> str:
    patient = record["patient"]
    names = [row for row in home.identifiers() if row.get("patient") == patient and row.get("entity") == "PERSON"]
    return str(next(row["value"] for row in names if row.get("role") in (None, "patient", "患者")))


def test_an_archivist_hands_files_over_and_sees_them_archived(enter: Enter, tmp_path: Path) -> None:
    guest = enter("archivist")
    note = tmp_path / "note.txt"
    note.write_text("出院记录\n姓名：欧阳试笔  性别：女  年龄：61岁\n出院诊断：2型糖尿病\n", encoding="utf-8")
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    guest.go("deposits")
    guest.page.set_input_files('input[type="file"]', [note, empty])
    guest.wait_idle()
    guest.press("deposits.hand")
    guest.sees(guest.words("deposits.done"))
    guest.shoot("portal-deposits")
    guest.go("rejects")
    guest.shoot("portal-rejects")


def test_the_other_roles_have_their_pages(enter: Enter) -> None:
    for user, slugs in (("manager", ("overview", "people", "grants")), ("operator", ("status",)), ("qc", ("rejects",))):
        guest = enter(user)
        for slug in slugs:
            guest.go(slug)
            assert guest.page.locator('[data-testid="stAlertContentError"]').count() == 0, (user, slug)
            guest.shoot(f"portal-{slug}")


def test_logging_out_elsewhere_ends_an_open_page(enter: Enter) -> None:
    guest = enter("researcher")
    guest.go("search")
    other = guest.page.context.new_page()
    other.goto(f"{guest.address}/logout")
    guest.press("search.example1")
    guest.sees(guest.words("frame.ended"))
    assert guest.page.locator(".total").count() == 0
