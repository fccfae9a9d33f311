"""A reader reports words at a real browser, quality control sees them in their sentence and decides."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rooms.demo import PASSWORD
from semantic.concepts import Lexicon
from tests.conftest import PASSPHRASE, Home
from tests.journeys.browser import ARGUMENTS, CHROMIUM, Guest, served
from tests.rooms_open import open_grant, release, strong_room

pytestmark = [
    pytest.mark.journey,
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="chromium is missing: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def address(ingested: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served copy of the ingested demo home with a grant and a release under it."""
    home = tmp_path_factory.mktemp("leak") / "home"
    shutil.copytree(ingested.path, home)
    with strong_room(home) as room:
        _, grant = open_grant(room)
        release(room, grant)
    with served(home, PASSPHRASE) as at:
        yield at


def test_a_report_takes_the_record_off_and_a_dismissal_brings_it_back(address: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        analyst = Guest(browser, address, "analyst", PASSWORD)
        analyst.open("reading")
        total = _total(analyst)
        analyst.press("reading.open")
        analyst.sees(analyst.words("leak.open"))
        words = _disease(analyst)
        analyst.page.get_by_text(analyst.words("leak.open"), exact=True).click()
        analyst.fill("leak.words", words)
        analyst.press("leak.send")
        analyst.sees(analyst.words("leak.sent"))
        assert _total(analyst) == total - 1
        for language in ("zh", "en"):
            manager = Guest(browser, address, "manager", PASSWORD, language)
            manager.open("releases")
            manager.sees(manager.words("releases.leaks", release="L1", leaks="X1"))
            officer = Guest(browser, address, "qc", PASSWORD, language)
            officer.open("leaks")
            assert officer.page.locator("mark.slot").inner_text() == words
            if language == "zh":
                officer.shoot("portal-leaks")
        officer.fill("field.reason", "A disease, nobody.")
        officer.press("leaks.dismiss")
        officer.sees(officer.words("leaks.empty"))
        analyst.open("reading")
        assert _total(analyst) == total
        assert [url for guest in (analyst, manager, officer) for url in guest.outside] == []
        browser.close()


def _disease(guest: Guest) -> str:
    """A disease or finding that the record on the page names, nobody's name: what a hasty reader marks and quality
    control gives back. Whichever record stands first: a list of drugs, of values, or a text in English."""
    record = "\n".join(guest.page.locator("div.record").all_inner_texts())
    named = (record[found.start : found.end] for found in Lexicon.load().find(record))
    return next(words for words in named if words.isalpha() and len(words) > (3 if words.isascii() else 2))


def _total(guest: Guest) -> int:
    caption = guest.page.locator("caption").first.inner_text()
    return int("".join(sign if sign.isdigit() else " " for sign in caption).split()[-1])
