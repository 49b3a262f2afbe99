"""A real browser against the running product, at phone and desktop width.

Needs Chromium. Where it cannot be had the journeys are skipped by name; under CI they fail.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

from staff.models import Person
from tests.browsers import signed_in
from tests.factories.staff import PASSWORD

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
# The first draws no windows around its pages, which takes as much as the pages do.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
# A window's address bar is a page of its own: two processes a window that no journey looks at. Only
# the last such option counts, so Playwright's own come before.
LEFT_OUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding",
    "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
)  # fmt: skip
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(LEFT_OUT)}",
]


@pytest.fixture(scope="session", autouse=True)
def _orm_beside_the_browser() -> Iterator[None]:
    """Playwright runs an event loop in this thread; our ORM calls beside it are synchronous."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium that CHROMIUM names, else Debian's without windows, else any."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not path:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing; install Debian's packages chromium, fonts-noto-cjk.")
        pytest.skip("Chromium is missing")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


@dataclass
class Visit:
    """One person at the product, in one window; collects what the browser complains of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, username: str) -> None:
        """Come back with the session of an earlier sign-in, and stand at the first page."""
        earlier = signed_in(Person.objects.get(username=username))
        name = settings.SESSION_COOKIE_NAME
        key = earlier.cookies[name].value
        self.page.context.add_cookies([{"name": name, "value": key, "url": self.address}])
        self.go("/")

    def sign_in_by_form(self, username: str) -> None:
        self.go("/sign-in/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def hear_failure(self, error: Error) -> None:
        self.complaints.append(str(error))


# What a window can be told anew; opened with anything else it is for one visit only.
KEPT = ({}, {"has_touch": True})
PLAIN = "/static/img/mark.svg"
# Then its process has grown to half a gigabyte.
VISITS = 20


class Windows:
    """Windows that one visit after the other uses: a new one has to read every style and font anew,
    which takes as much as two pages.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.free: dict[bool, list[Page]] = {False: [], True: []}
        self.visits: Counter[Page] = Counter()

    def open(self, size: dict[str, int], options: dict) -> Page:
        free = self.free["has_touch" in options] if options in KEPT else []
        if not free:
            context = self.browser.new_context(viewport=size, locale="zh-CN", **options)
            context.set_default_timeout(10_000)
            return context.new_page()
        page = free.pop()
        page.set_viewport_size(size)
        return page

    def leave(self, page: Page, options: dict) -> None:
        """Forget who was here, so that the next visitor finds what a new window would hold."""
        self.visits[page] += 1
        if options not in KEPT or self.visits[page] == VISITS:
            del self.visits[page]
            page.context.close()
            return
        for other in page.context.pages:
            if other is not page:
                other.close()
        page.context.clear_cookies()
        page.emulate_media(media="null")
        page.goto(self.address + PLAIN)
        page.evaluate("localStorage.clear(), sessionStorage.clear()")
        page.mouse.move(0, 0)
        history = page.context.new_cdp_session(page)
        history.send("Page.resetNavigationHistory")
        history.detach()
        self.free["has_touch" in options].append(page)

    def close(self) -> None:
        for page in (*self.free[False], *self.free[True]):
            page.context.close()


@pytest.fixture(scope="session")
def windows(browser: Browser, live_server) -> Iterator[Windows]:
    """Closed before the server is, which waits for whoever is still connected."""
    kept = Windows(browser, live_server.url)
    yield kept
    kept.close()


@pytest.fixture
def visit(windows: Windows, live_server):
    """`with visit(PHONE) as someone:` opens a window; JavaScript errors fail the journey."""

    @contextmanager
    def open_window(size: dict[str, int], **options) -> Iterator[Visit]:
        page = windows.open(size, options)
        someone = Visit(page=page, address=live_server.url)
        page.on("console", someone.hear)
        page.on("pageerror", someone.hear_failure)
        try:
            yield someone
        except BaseException:
            page.context.close()
            raise
        page.context.set_offline(False)  # answered after all that has been complained of until now
        page.remove_listener("console", someone.hear)
        page.remove_listener("pageerror", someone.hear_failure)
        windows.leave(page, options)
        assert someone.complaints == []

    return open_window
