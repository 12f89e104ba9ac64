"""Lists and scripts of calls in a real browser: kept with and without scripts, sent, printed, scanned."""

from __future__ import annotations

import base64
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from referral.extensions import db
from tests.browser.conftest import Open
from tests.browser.looks import findings
from tests.conftest import make_app
from tests.handout.conftest import Ids, ids_of
from tests.handout.test_call import seal
from tests.handout.world import fill
from tests.security.server import free_port, running

PHONE = {"viewport": {"width": 320, "height": 640}}
EVERYTHING = {
    "payment": "takes_medicaid takes_medicare takes_private_insurance sliding_fee free_care takes_tribal_funds",
    "medication": "methadone buprenorphine accepts_on_medication",
    "age": "adolescents young_adults seniors",
    "gender": "accepts_women",
    "population": "pregnant_postpartum clients_children_welcome veterans lgbtq justice_involved hiv trauma",
    "language": "spanish sign_language arabic chinese creole french hindi hmong korean polish",
    "accessibility": "transportation wheelchair",
    "setting": "telehealth smoke_free smoking_area",
}


@pytest.fixture(scope="session")
def handout_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Ids, str]]:
    """Address of a site with the directory of tests/handout, its ids, and a sealed question that asks very much."""
    path = tmp_path_factory.mktemp("handout") / "onward.db"
    shutil.copy(sqlite_template, path)
    app = make_app(f"sqlite:///{path}")
    with app.app_context():
        fill()
    ids = ids_of(app)
    needs = ("detox", "residential_90", "dual_diagnosis", "sober_living")
    sealed = seal(app, *needs, **EVERYTHING)
    with app.app_context():
        db.engine.dispose()
    port = free_port()
    env = {"PORT": str(port), "DATABASE_URL": f"sqlite:///{path}", "SECRET_KEY": "a key for tests only"}
    with running(["gunicorn", "wsgi:app"], "Onward is at", RATELIMIT_ENABLED="0", **env):
        yield f"http://127.0.0.1:{port}", ids, sealed


@pytest.fixture
def address(handout_site: tuple[str, Ids, str]) -> str:
    """`open_page` opens pages of this site."""
    return handout_site[0]


@pytest.fixture
def ids(handout_site: tuple[str, Ids, str]) -> Ids:
    return handout_site[1]


@pytest.fixture
def sealed(handout_site: tuple[str, Ids, str]) -> str:
    return handout_site[2]


def listed(ids: Ids, *keys: str) -> str:
    return "/list/" + "-".join(str(ids[key]) for key in keys)


def check_looks(page: Page, scheme: str = "light") -> None:
    """Nothing for axe to find, and nothing to scroll sideways."""
    assert findings(page, scheme) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


NAMES = ["Harbor <i>Recovery</i>", "Long Lane", "Strict House"]


def test_a_helper_builds_a_list_of_three_in_under_a_minute(open_page: Open, ids: Ids) -> None:
    page, began = open_page("/list", **PHONE), time.monotonic()
    check_looks(page)
    for key, count in (("harbor", "1 place"), ("lane", "2 places"), ("strict", "3 places")):
        page.goto(f"/providers/{ids[key]}")
        page.get_by_role("button", name="Keep this place").click()
        expect(page.get_by_role("link", name=f"Your list: {count}")).to_be_visible()
        expect(page.locator("a.keep")).to_contain_text("On your list ✓")
        check_looks(page)
    page.get_by_role("link", name="Your list: 3 places").click()
    expect(page).to_have_url(re.compile(listed(ids, "harbor", "lane", "strict") + "$"))
    expect(page.locator(".place h2")).to_contain_text(NAMES)
    check_looks(page)
    assert time.monotonic() - began < 60


def test_a_helper_builds_the_same_list_without_scripts(open_page: Open, ids: Ids) -> None:
    page, began, carried = open_page("/list", java_script_enabled=False, **PHONE), time.monotonic(), ""
    for key in ("harbor", "lane", "strict"):
        page.goto(f"/providers/{ids[key]}{carried}")
        page.get_by_role("link", name="Keep this place").click()
        expect(page.locator("a.keep")).to_contain_text("On your list ✓")
        carried = "?list=" + page.url.rpartition("list=")[2]
    page.get_by_role("link", name="Your list: 3 places").click()
    expect(page.locator(".place h2")).to_contain_text(NAMES)
    page.get_by_role("link", name=re.compile("Take off .* Long Lane")).click()
    expect(page.locator(".place")).to_have_count(2)
    for hidden in ("Print", "Share", "Copy the link"):
        assert not page.get_by_role("button", name=hidden, exact=True).is_visible()
    assert time.monotonic() - began < 60


def kept(page: Page) -> str | None:
    text: str | None = page.evaluate("sessionStorage.getItem('onward-list')")
    return text


def test_keeping_loads_no_page_is_announced_and_outlives_going_back(open_page: Open, ids: Ids) -> None:
    page = open_page(f"/providers/{ids['harbor']}")
    loads = list[str]()
    page.on("request", lambda request: loads.append(request.url) if request.is_navigation_request() else None)
    keep = page.locator("a.keep")
    keep.click()
    expect(page.locator("[data-list-status]")).to_have_text("Kept. Your list: 1 place")
    assert loads == []
    page.goto(f"/providers/{ids['lane']}")
    page.locator("a.keep").click()
    expect(page.locator("a.keep")).to_contain_text("On your list ✓")
    page.go_back()
    expect(page.get_by_role("link", name="Your list: 2 places")).to_be_visible()
    expect(keep).to_contain_text("On your list ✓")
    keep.click()
    expect(page.locator("[data-list-status]")).to_have_text("Taken off. Your list: 1 place")
    expect(keep).to_contain_text("Keep this place")
    page.go_forward()
    expect(page.get_by_role("link", name="Your list: 1 place")).to_be_visible()
    expect(page.locator("a.keep")).to_contain_text("On your list ✓")
    assert kept(page) == str(ids["lane"])


def test_a_page_that_the_browser_had_put_by_shows_the_list_as_it_is_now(open_page: Open, ids: Ids) -> None:
    page = open_page(f"/providers/{ids['harbor']}")
    page.evaluate(f"sessionStorage.setItem('onward-list', '{ids['harbor']}-{ids['lane']}')")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.locator("a.keep")).to_contain_text("On your list ✓")
    expect(page.get_by_role("link", name="Your list: 2 places")).to_be_visible()


def test_keeping_works_by_keyboard(open_page: Open, ids: Ids) -> None:
    page = open_page(f"/providers/{ids['harbor']}")
    keep = page.locator("a.keep")
    while not keep.evaluate("link => link === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(keep).to_contain_text("On your list ✓")
    page.keyboard.press("Space")
    expect(keep).to_contain_text("Keep this place")
    expect(keep).to_be_focused()
    assert keep.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"


def test_the_list_of_an_address_is_added_and_what_was_taken_off_stays_off(open_page: Open, ids: Ids) -> None:
    page = open_page(f"/providers/{ids['harbor']}")
    page.locator("a.keep").click()
    page.goto(f"/providers/{ids['lane']}?list={ids['strict']}-{ids['lane']}")
    assert kept(page) == f"{ids['harbor']}-{ids['strict']}-{ids['lane']}"
    page.locator("a.keep").click()
    assert page.url.endswith(f"?list={ids['harbor']}-{ids['strict']}")
    page.reload()
    assert kept(page) == f"{ids['harbor']}-{ids['strict']}"
    expect(page.locator("a.keep")).to_contain_text("Keep this place")


def test_what_was_taken_off_does_not_come_back_with_a_link_or_with_the_filters(
    open_page: Open, ids: Ids, sealed: str
) -> None:
    page = open_page(f"/results/{sealed}?filters=1&list={ids['harbor']}-{ids['lane']}")
    page.locator(f"a.keep[data-keep='{ids['harbor']}']").click()
    page.locator(".card h3 a").first.click()
    expect(page.get_by_role("link", name="Your list: 1 place")).to_be_visible()
    assert kept(page) == str(ids["lane"])
    page.go_back()
    page.get_by_role("button", name="Show these places").click()
    expect(page.get_by_role("link", name="Your list: 1 place")).to_be_visible()
    assert kept(page) == str(ids["lane"])


def test_a_full_list_says_what_to_do(open_page: Open, ids: Ids) -> None:
    page = open_page(f"/providers/{ids['plain0']}")
    for number in range(8):
        page.goto(f"/providers/{ids[f'plain{number}']}")
        page.locator("a.keep").click()
    page.goto(f"/providers/{ids['plain8']}")
    page.locator("a.keep").click()
    full = "Your list is full. Open it and take a place off to keep another."
    expect(page.locator("[data-list-status]")).to_have_text(full)
    expect(page.locator("[data-list-full]")).to_be_visible()
    assert kept(page) == "-".join(str(ids[f"plain{n}"]) for n in range(8))
    page.get_by_role("link", name="Your list: 8 places").click()
    page.get_by_role("link", name=re.compile("Take off .* Plain Place 3")).click()
    expect(page.locator(".place")).to_have_count(7)
    page.goto(f"/providers/{ids['plain8']}")
    page.locator("a.keep").click()
    assert kept(page) == "-".join(str(ids[f"plain{n}"]) for n in (0, 1, 2, 4, 5, 6, 7, 8))


def test_a_list_that_was_sent_is_taken_over_only_where_there_is_none(open_page: Open, ids: Ids) -> None:
    sent = listed(ids, "harbor", "lane")
    page = open_page(sent)
    assert kept(page) == sent.removeprefix("/list/")
    assert not page.locator("[data-list-bar]").is_visible()
    page = open_page(f"/providers/{ids['strict']}")
    page.locator("a.keep").click()
    page.goto(sent)
    assert kept(page) == str(ids["strict"])
    expect(page.get_by_role("link", name="Your list: 1 place")).to_be_visible()
    page.get_by_role("link", name="Start a new list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your list of places")
    assert kept(page) == ""
    assert not page.locator("[data-list-bar]").is_visible()


def test_a_new_tab_and_a_browser_that_stores_nothing_still_show_pages(open_page: Open, ids: Ids) -> None:
    page = open_page(f"/providers/{ids['harbor']}")
    page.locator("a.keep").click()
    other, errors = page.context.new_page(), list[str]()
    other.on("pageerror", lambda error: errors.append(str(error)))
    other.goto(f"/providers/{ids['harbor']}")
    expect(other.locator("a.keep")).to_contain_text("Keep this place")
    other.add_init_script("Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('no') } })")
    other.goto(f"/providers/{ids['harbor']}")
    other.locator("a.keep").click()
    expect(other).to_have_url(re.compile(f"list={ids['harbor']}$"))
    assert errors == []
    expect(other.get_by_role("link", name="Your list: 1 place")).to_be_visible()


def test_the_link_is_copied_and_shared_and_nothing_else(open_page: Open, ids: Ids, address: str) -> None:
    page = open_page("/list", permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script("navigator.share = (data) => { window.shared = data; return Promise.resolve(); }")
    page.goto(listed(ids, "harbor", "lane") + "?size=large")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("[data-copy-status]")).to_have_text("The link is copied.")
    link = f"{address}/en{listed(ids, 'harbor', 'lane')}"
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.get_by_role("button", name="Share").click()
    assert page.evaluate("window.shared") == {"title": "Places to call", "url": link}


LUMINANCE = """async (png) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return [image.width, image.height, [...data].filter((_, i) => i % 4 === 1)];
}"""


@pytest.mark.parametrize(
    "settings", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}]
)
def test_the_code_can_be_scanned_from_the_screen(
    open_page: Open, ids: Ids, address: str, settings: dict[str, str]
) -> None:
    page = open_page("/es" + listed(ids, "harbor", "lane"), **PHONE, **settings)
    page.evaluate("document.querySelector('.exit').remove()")  # its place on the screen is its own
    picture = base64.b64encode(page.locator(".code svg").screenshot()).decode()
    blank = page.context.new_page()
    width, height, values = blank.evaluate(LUMINANCE, picture)
    dots = np.array(values, dtype=np.uint8).reshape(height, width)
    [code] = zxingcpp.read_barcodes(dots)
    assert code.text == f"{address}/es{listed(ids, 'harbor', 'lane')}"
    assert (dots[2:8, 2:-2].min(), dots.min()) == (255, 0)  # black on white, with a quiet margin


def n_sheets(page: Page, path: str, size: str) -> int:
    page.goto(path)
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=size)))


@pytest.mark.parametrize("size", ["Letter", "A4"])
def test_a_list_prints_on_two_sheets_at_most(open_page: Open, ids: Ids, size: str) -> None:
    page = open_page("/list")
    rich = [f"rich{number}" for number in range(8)]
    for keys in (rich[:1], rich[:4], rich, ["harbor", "lane", "strict", "rose", "repair", "gone", "bare", "screen"]):
        for prefix in ("", "/es"):
            assert n_sheets(page, prefix + listed(ids, *keys), size) <= (1 if len(keys) == 1 else 2), (prefix, keys)
    for keys in (["rich1"], ["harbor", "lane", "strict", "rose"]):
        assert n_sheets(page, listed(ids, *keys) + "?size=large", size) <= 2, keys


@pytest.mark.parametrize("size", ["Letter", "A4"])
def test_a_script_prints_on_one_sheet(open_page: Open, ids: Ids, sealed: str, size: str) -> None:
    page = open_page("/list")
    for key in ("harbor", "lane", "bare", "strict", "rich1", "rich2"):
        for prefix in ("", "/es"):
            for question in ("", f"/{sealed}"):
                path = f"{prefix}/call/{ids[key]}{question}"
                assert n_sheets(page, path, size) == 1, path


def test_paper_shows_what_a_call_needs_and_nothing_to_press(open_page: Open, ids: Ids, sealed: str) -> None:
    page = open_page(listed(ids, "harbor", "lane"))
    page.emulate_media(media="print")
    for text in (
        "Harbor <i>Recovery</i>",
        "502-555-0111 ext. 3",
        "12 Dock Street",
        "Medicaid",
        "988",
        "1-800-662-4357",
    ):
        expect(page.locator(".place, .crisis").get_by_text(text).first).to_be_visible()
    expect(page.locator(".whom")).to_be_hidden()
    told = page.locator(".as-of").inner_text()
    assert re.fullmatch(rf"As of [A-Z][a-z]+ \d+, \d{{4}} · \S+{listed(ids, 'harbor', 'lane')}", told)
    width = page.locator(".code svg").evaluate("code => code.getBoundingClientRect().width")
    assert width * 2.54 / 96 == pytest.approx(3, abs=0.05)
    for name in ("Print", "Take off the list", "Start a new list", "Español"):
        assert not page.get_by_text(name).first.is_visible(), name
    page.goto(f"/call/{ids['lane']}/{sealed}")
    page.emulate_media(media="print")
    expect(page.locator(".noted")).to_be_visible()
    room = page.locator(".asks li").first.evaluate("item => parseFloat(getComputedStyle(item).paddingBottom)")
    assert room * 2.54 / 96 >= 0.35
    page.emulate_media(media="screen")
    expect(page.locator(".noted")).to_be_hidden()


def test_large_print_is_18_points_or_more(open_page: Open, ids: Ids) -> None:
    page = open_page(listed(ids, "harbor", "lane"))
    page.get_by_role("link", name="Large print").click()
    page.emulate_media(media="print")
    sizes = page.locator(".place :is(p, li, h2, h3)").evaluate_all(
        "all => all.filter(e => e.checkVisibility()).map(e => parseFloat(getComputedStyle(e).fontSize) * .75)"
    )
    assert len(sizes) > 20
    assert min(sizes) >= 18
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Español").click()
    expect(page).to_have_url(re.compile(r"/es/list/.*size=large"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_in_order_on_a_small_phone_and_a_wide_screen(
    open_page: Open, ids: Ids, sealed: str, scheme: str
) -> None:
    paths = [
        "/list",
        listed(ids, "harbor", "lane", "repair", "gone", "rich1"),
        listed(ids, "gone"),
        listed(ids, "harbor") + "?size=large",
        f"/providers/{ids['harbor']}?list={ids['lane']}",
        *(f"/call/{ids[key]}{question}" for key in ("harbor", "strict", "repair") for question in ("", f"/{sealed}")),
    ]
    for settings in (PHONE, {"viewport": {"width": 1280, "height": 900}}):
        page = open_page("/list", color_scheme=scheme, **settings)
        for path in paths:
            page.goto(path)
            check_looks(page, scheme)
            low = page.evaluate(
                "[...document.querySelectorAll('main :is(.tool, .call, .do a, .list-bar a)')]"
                ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 48).map(e => e.textContent)"
            )
            assert low == [], path
            page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
