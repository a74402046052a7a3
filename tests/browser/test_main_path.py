"""The main path in a real browser, wide and narrow: no console errors, nothing from outside, nothing cut off."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from assessments.accounts.models import Organisation, User
from assessments.checklists.models import Answer
from assessments.checklists.selectors import item_get
from assessments.checklists.services import SHIPPED, answer_save, framework_load, questionnaire_create
from assessments.datasets.services import dataset_register
from assessments.datasets.sources import SourceSpec
from assessments.jobs.models import Job
from assessments.quality.services import quality_run_execute, rules_load
from assessments.scoring.services import assessment_compute, assessment_publish

PASSWORD = "correct horse battery"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ORDERS = "user_id,item_id,time,price\nu1,i1,2026-01-01,2.5\nu2,i2,2026-01-02,-1\nu3,i1,2026-01-03,4\n,i2,2026-01-04,5\n"
RULES = """
rules:
  - {name: user is known, check: completeness, columns: [user_id], severity: error}
  - {name: price is positive, check: range, columns: [price], parameters: {min: 0}, severity: critical}
"""
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def executable() -> str | None:
    """Chromium of the system, unless playwright has its own."""
    return next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's loop is not ours: the database is used between its calls, not inside them.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=20_000)  # milliseconds; other tests run beside these
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=executable(), args=OPTIONS)
        except Exception as error:
            if os.environ.get("GOVERN_REQUIRE_BROWSER") == "1":
                raise
            pytest.skip(f"no Chromium: {str(error).splitlines()[0]}")
        yield started
        started.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def shop(home: Path, tmp_path: Path, members: dict[str, User], organisation: Organisation) -> Organisation:
    """Read, checked, answered and assessed twice, so that every page of the path shows something."""
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    roles = {"user": "user_id", "item": "item_id", "time": "time", "price": "price"}
    snapshot = dataset_register(
        organisation=organisation,
        name="orders",
        kind="interactions",
        source=SourceSpec("path", str(file)),
        roles=roles,
        operator=True,
    )
    rules_load(dataset=snapshot.dataset, pack=RULES)
    quality_run_execute(snapshot=snapshot)
    framework = framework_load(next(path for path in SHIPPED if path.name == "dcmm-2018.yaml"))
    for period, level in (("2026-Q2", 2), ("2026-Q3", 3)):
        questionnaire = questionnaire_create(
            organisation=organisation, framework=framework, period=period, user=members["assessor"]
        )
        answer_save(
            questionnaire=questionnaire,
            item=item_get(questionnaire=questionnaire, key="strategy.planning"),
            assessor=members["assessor"],
            status="level",
            level=level,
            comment="There is a plan.",
            revision=0,
        )
        assessment = assessment_compute(organisation=organisation, period=period)
        assessment_publish(assessment=assessment, user=members["administrator"])
    Job.objects.create(organisation=organisation, kind="quality.check", subject="orders", state="succeeded")
    return organisation


class Walk:
    """A page that remembers everything that must not happen."""

    def __init__(self, browser: Browser, address: str, width: int, scheme: Any = "light") -> None:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.address, self.page = address, context.new_page()
        self.problems: list[str] = []
        self.page.on("console", self.heard)
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("request", self.asked)

    def heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"{message.type}: {message.text}")

    def asked(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.problems.append(f"outside: {request.url}")

    def look(self, heading: str) -> Page:
        """The page with this heading is there, whole and without a problem."""
        expect(self.page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        self.page.wait_for_load_state()  # the scripts come after the heading: a key pressed before them is lost
        over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{self.page.url} is {over} pixels too wide"
        assert self.problems == []
        return self.page

    def drawn(self, count: int) -> None:
        """So many charts are drawn, none of them empty."""
        expect(self.page.locator("[data-chart][data-drawn] svg.main-svg").first).to_be_visible()
        assert self.page.locator("[data-chart][data-drawn]").count() == count

    def go(self, name: str) -> None:
        """Through the navigation, which is behind a button on a narrow screen."""
        button = self.page.get_by_role("button", name="Open the navigation")
        if button.is_visible():
            button.click()
            expect(self.page.locator("#navigation")).to_have_class(re.compile(r"\bcollapse show\b"))  # fully open
        self.page.locator("aside").get_by_role("link", name=name).click()


@pytest.mark.parametrize("width", [1280, 390])
def test_from_sign_in_to_the_rows_behind_a_number(
    width: int, browser: Browser, live_server: Any, shop: Organisation
) -> None:
    walk = Walk(browser, live_server.url, width)
    page = walk.page
    page.goto(live_server.url)
    walk.look("Sign in")
    page.get_by_label("Username").fill("administrator")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    walk.look("Overview")
    walk.drawn(4)
    page.locator("a.middle-number[href*='node=data']").click()
    walk.look("Assessment 2026-Q3")
    page.locator("#node").get_by_role("link", name="Validity").click()
    page.get_by_role("link", name="orders #1 · price is positive").click()
    walk.look("Check of snapshot 1")
    page.get_by_role("row", name="price is positive").first.locator("summary").click()
    expect(page.get_by_role("cell", name="-1").first).to_be_visible()
    walk.go("Datasets")
    walk.look("Datasets")
    page.get_by_role("link", name="orders", exact=True).click()
    walk.look("orders")
    walk.go("Jobs")
    walk.look("Jobs")
    page.get_by_role("link", name="Check quality").click()
    walk.look("Check quality · orders")
    walk.go("Findings")
    walk.look("Findings")


@pytest.mark.parametrize("width", [1280, 390])
def test_an_answer_is_saved_by_a_key_and_as_it_is_typed(
    width: int, browser: Browser, live_server: Any, shop: Organisation
) -> None:
    walk = Walk(browser, live_server.url, width, "dark")
    page = walk.page
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_label("Username").fill("administrator")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    walk.go("Checklists")
    page.get_by_role("link", name="2026-Q3").click()
    walk.look("Data management capability maturity (DCMM) · 2026-Q3")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.locator("body").press("4")
    expect(page.locator("#saved")).to_contain_text("✓ Saved")
    expect(page.locator("#domains")).to_contain_text("1 of 28 answered by you")
    page.get_by_label("Comment").fill("Four of five goals have a number.")
    expect(page.locator("#revision")).to_have_value("2")
    walk.look("Data management capability maturity (DCMM) · 2026-Q3")
    saved = Answer.objects.get(assessor__username="administrator")
    assert (saved.level, saved.comment, saved.revision) == (4, "Four of five goals have a number.", 2)
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#revision")).to_have_value("0")
    page.get_by_role("button", name="中文").click()
    assert page.evaluate("document.documentElement.lang") == "zh-hans"
    assert walk.problems == []
