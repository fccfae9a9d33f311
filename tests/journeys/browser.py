"""A served demo home and a Chromium in front of it: how the journeys log in, press and look."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, TimeoutError, expect

from portal.ui.texts import texts

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PATIENCE_MS = 60_000


def free_port() -> int:
    """A port that nothing uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(home: Path, passphrase: str) -> Iterator[str]:
    """`lantai serve` on a home; its address once it answers."""
    secret = home.with_name(home.name + "-passphrase")
    secret.write_text(passphrase, encoding="utf-8")
    port = free_port()
    environment = {
        **os.environ,
        "LANTAI_HOME": str(home),
        "LANTAI_PASSPHRASE_FILE": str(secret),
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-c", "from rooms.cli.main import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                httpx.get(f"{address}/healthz", timeout=5).raise_for_status()
                break
            except httpx.HTTPError:
                assert process.poll() is None, "lantai serve ended before it served"
                assert time.monotonic() < deadline, "lantai serve did not answer"
                time.sleep(0.3)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


@dataclass
class Guest:
    """Somebody at a browser. `outside` keeps every request that left our own address: there must be none."""

    browser: Browser
    address: str
    user: str
    password: str
    language: str = "zh"
    outside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = texts(self.language)
        context = self.browser.new_context(viewport={"width": 1360, "height": 900}, accept_downloads=True)
        context.set_default_timeout(PATIENCE_MS)
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self._left(request.url))
        self.page.goto(f"{self.address}/login?lang={self.language}")
        self.page.fill("#username", self.user)
        self.page.fill("#password", self.password)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(f"{self.address}/")
        self.wait_idle()

    def _left(self, url: str) -> None:
        own = self.address.removeprefix("http")
        if not url.startswith((f"http{own}", f"ws{own}", "data:", "blob:")):
            self.outside.append(url)

    def open(self, slug: str) -> None:
        """Go to a page by its address."""
        self.page.goto(f"{self.address}/{slug}")
        expect(self.page.locator("h1").first).to_be_visible(timeout=PATIENCE_MS)
        self.wait_idle()

    def go(self, slug: str) -> None:
        """Go to a page by the navigation, keeping what was typed."""
        self.page.get_by_test_id("stSidebarNav").get_by_role(
            "link", name=self.words(f"page.{slug}"), exact=True
        ).click()
        expect(self.page.locator("h1").first).to_contain_text(self.words(f"page.{slug}"), timeout=PATIENCE_MS)
        self.wait_idle()

    def press(self, label: str) -> None:
        """Press the button with these words, and wait for what it does."""
        self.page.get_by_role("button", name=self.words(label), exact=True).first.click()
        self.wait_idle()

    def fill(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self.page.get_by_label(self.words(label), exact=True).first.fill(text)

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a drop-down list."""
        field = self.page.get_by_test_id("stSelectbox").filter(has_text=self.words(label)).first
        box = field.get_by_role("combobox")
        wanted = self.page.get_by_role("option", name=option, exact=True)
        for _ in range(6):  # a page that is drawn anew meanwhile closes the list, and the same words open it no more
            box.click()
            box.fill("")
            box.fill(option)
            try:
                wanted.click(timeout=PATIENCE_MS // 6)
            except TimeoutError:
                box.press("Escape")
                continue
            return
        expect(wanted).to_be_visible()

    def pick(self, group: str, value: str) -> None:
        """Choose one of a radio's options."""
        self.page.get_by_test_id("stRadio").get_by_text(self.words(f"{group}.{value}"), exact=True).first.click()

    def sees(self, text: str) -> None:
        """Wait until this text is on the page."""
        expect(self.page.get_by_test_id("stMain").get_by_text(text).first).to_be_visible(timeout=PATIENCE_MS)

    def text(self) -> str:
        """All text of the page."""
        return self.page.get_by_test_id("stMain").inner_text()

    def wait_idle(self) -> None:
        """Wait until the script run has ended."""
        self.page.wait_for_timeout(350)
        expect(self.page.locator('[data-testid="stApp"][data-test-script-state="running"]')).to_have_count(
            0, timeout=PATIENCE_MS
        )

    def shoot(self, name: str) -> None:
        """A picture for the documentation, when asked for."""
        if os.environ.get("LANTAI_SCREENSHOTS") != "1":
            return
        IMAGES.mkdir(parents=True, exist_ok=True)
        height = self.page.evaluate("document.querySelector('[data-testid=stMain]')?.scrollHeight ?? 900")
        self.page.set_viewport_size({"width": 1360, "height": max(900, min(int(height) + 10, 2200))})
        self.page.wait_for_timeout(600)
        self.page.screenshot(path=IMAGES / f"{name}.png")
        self.page.set_viewport_size({"width": 1360, "height": 900})
