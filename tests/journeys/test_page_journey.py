"""A reader opens a granted scan at a real browser, asks for its page, waits, and sees it blacked out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from rooms.demo import PASSWORD
from tests import ingest_pages
from tests.conftest import PASSPHRASE
from tests.journeys.browser import ARGUMENTS, CHROMIUM, Guest, served
from tests.rooms_open import granted_home

pytestmark = [
    pytest.mark.journey,
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="chromium is missing: apt-get install chromium"),
    pytest.mark.skipif(ingest_pages.font() is None, reason="no Chinese font; run `make setup`"),
]
LONGEST_MS = 300_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served home that holds one scan with a seal, granted."""
    home = tmp_path_factory.mktemp("page") / "home"
    scan = ingest_pages.sealed(ingest_pages.drawn(), (1440, 880), 150)
    granted_home(home, [("a.png", ingest_pages.encoded(scan))])
    with served(home, PASSPHRASE) as at:
        yield at


def test_a_page_appears_by_itself_once_it_is_black_where_it_must_be(address: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        reader = Guest(browser, address, "researcher", PASSWORD)
        reader.open("reading")
        reader.press("reading.open")
        reader.page.get_by_text(reader.words("reading.pages", count=1), exact=True).click()
        reader.press("reading.page_open")
        reader.sees(reader.words("reading.page_making"))
        picture = reader.page.locator("img.original")
        expect(picture).to_be_visible(timeout=LONGEST_MS)
        reader.page.wait_for_function("document.querySelector('img.original').complete")
        assert picture.evaluate("image => image.naturalWidth") > 1000
        link = picture.get_attribute("src")
        reader.shoot("portal-page")
        stranger = Guest(browser, address, "reviewer", PASSWORD)
        assert stranger.page.request.get(f"{address}{link}").status == 403
        assert [url for guest in (reader, stranger) for url in guest.outside] == []
        browser.close()
