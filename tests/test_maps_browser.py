"""The viewer in a real browser: nothing is asked of a network, nothing hostile runs, all works."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from netanalytics.maps.network_map import group_map, network_map
from netanalytics.maps.pyvis import to_pyvis
from netanalytics.maps.style import DARK, LIGHT

from .test_maps_samples import HOSTILE, hostile, hub, introductions, sample, stages, star, values

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("maps")
    net = sample()
    given = {"people_values": values(net), "tie_values": stages(net)}
    wild = hostile()
    wild_given = {"people_values": values(wild), "tie_values": stages(wild)}
    wide = star(90)
    sizes = pd.DataFrame({"size": [48, 62, 9]}, index=["Sales", "R&D", HOSTILE[1]])
    contacts = pd.DataFrame(
        [("Sales", "R&D", 14.0), ("R&D", HOSTILE[1], 3.0)], columns=["source", "target", "per_100"]
    )
    me = hub(net)
    made = {
        "whole": network_map(net, suggestions=introductions(net, me), **given),
        "personal": network_map(net, person=me, suggestions=introductions(net, me), **given),
        "many": network_map(wide, person="x0", people_values=values(wide), tie_values=stages(wide)),
        "groups": group_map(sizes, contacts),
        "nobody": group_map(sizes[:0], contacts[:0]),
        "hostile": network_map(wild, title=HOSTILE[0], **wild_given),
        "hostile_me": network_map(wild, person=HOSTILE[0], **wild_given),
    }
    return {name: made[name].save(folder / f"{name}.html") for name in made}


class Visit:
    """A page, and all that it did which a map must not do."""

    def __init__(self, browser, path=None, **options):
        options.setdefault("reduced_motion", "reduce")
        self.context = browser.new_context(viewport=options.pop("viewport", DESKTOP), **options)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        if path is not None:
            self.page.goto(path.as_uri())
            self.until("document.getElementById('map').width > 300")
            self.rest()

    def rest(self, milliseconds: int = 130) -> None:
        self.page.wait_for_timeout(milliseconds)

    def until(self, condition: str) -> None:
        """Wait for a condition by asking: the page's policy lets nothing poll inside it."""
        for _ in range(100):
            if self.page.evaluate(condition):
                return
            self.rest(100)
        raise AssertionError(f"never true: {condition}")

    def picture(self) -> str:
        return self.page.evaluate("document.getElementById('map').toDataURL()")

    def card(self) -> str:
        return self.page.inner_text("#card") if self.page.is_visible("#card") else ""

    def somebody(self) -> tuple[float, float]:
        """Return where on the screen somebody is drawn, found by moving the mouse."""
        found = self.page.evaluate(
            """() => {
              const map = document.getElementById('map'), box = map.getBoundingClientRect();
              for (let y = box.top + 20; y < box.bottom - 90; y += 6) {
                for (let x = box.left + 20; x < box.right - 360; x += 6) {
                  const at = {clientX: x, clientY: y, bubbles: true, pointerType: 'mouse'};
                  map.dispatchEvent(new PointerEvent('pointermove', at));
                  if (map.style.cursor === 'pointer') return [x, y];
                }
              }
              return null;
            }"""
        )
        assert found, "nobody is drawn"
        return found[0] + 3, found[1] + 3

    def close(self) -> None:
        self.context.close()
        assert self.faults == []
        here = ("file:", "data:", "about:")
        assert [url for url in self.requests if not url.startswith(here)] == []


@pytest.fixture
def visit(browser, files):
    open_visits: list[Visit] = []

    def start(name=None, **options):
        open_visits.append(Visit(browser, files[name] if name else None, **options))
        return open_visits[-1]

    yield start
    for each in open_visits:
        each.close()


OPENED = ["whole", "personal", "many", "groups", "nobody", "hostile", "hostile_me"]


@pytest.mark.parametrize("name", OPENED)
def test_a_map_opens_without_a_request_or_an_error(visit, name):
    opened = visit(name)
    assert len(opened.requests) == 1
    colours = opened.page.evaluate(
        """() => {
          const c = document.getElementById('map').getContext('2d');
          const {data} = c.getImageData(0, 0, c.canvas.width, c.canvas.height);
          const seen = new Set();
          for (let at = 0; at < data.length; at += 16) {
            seen.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
          }
          return seen.size;
        }"""
    )
    # A map of nobody is a ground and no more.
    assert (colours > 10) != (name == "nobody")


@pytest.mark.parametrize("name", ["hostile", "hostile_me", "groups"])
def test_hostile_text_does_nothing(visit, name):
    opened = visit(name)
    page = opened.page
    for query in ("script", "img", "N", "😀", "x_1", "window"):
        page.fill("#search", query)
        page.keyboard.press("Enter")
        opened.rest(30)
    page.mouse.move(*opened.somebody())
    page.click("#table-button")
    opened.rest(30)
    assert page.evaluate("[window.hacked, document.images.length]") == [None, 0]
    assert page.evaluate("document.scripts.length") == 2
    assert page.evaluate("document.querySelectorAll('b, img, iframe').length") == 0
    assert "<img src=x onerror=window.hacked=2>" in page.inner_text("#table")
    assert "\u202e" not in page.content()


def test_search_finds_and_selects_a_person_by_keyboard(visit):
    opened = visit("whole")
    page = opened.page
    page.fill("#search", "name1 ")
    assert page.get_attribute("#search", "aria-expanded") == "true"
    assert page.locator("#found [aria-selected=true] .name").inner_text() == "Name1 Family1"
    page.fill("#search", "analyst")
    assert page.locator("#found li").count() == 8
    first = page.locator("#found [aria-selected=true] .name").inner_text()
    page.keyboard.press("ArrowDown")
    second = page.locator("#found [aria-selected=true] .name").inner_text()
    assert second != first
    page.keyboard.press("Enter")
    opened.rest()
    assert opened.card().split("\n")[1] == second or second in opened.card()
    assert "Analyst" in opened.card()
    assert second in page.inner_text("#status")
    page.fill("#search", "nobody at all")
    assert page.inner_text("#found") == "Nobody here matches"


def test_a_click_opens_the_card_and_its_links_go_on(visit):
    opened = visit("whole")
    page = opened.page
    assert opened.card() == ""
    page.mouse.click(*opened.somebody())
    opened.rest()
    first = page.inner_text("#card h2")
    assert "Most contact seen with" in opened.card()
    page.locator("#card .links button").first.click()
    opened.rest()
    assert page.inner_text("#card h2") != first
    page.keyboard.press("Escape")
    assert opened.card() == ""


def test_the_table_lists_everybody_and_every_tie(visit):
    net = sample()
    opened = visit("whole")
    page = opened.page
    page.click("#table-button")
    people, ties, advice = (page.locator("#table table").nth(at) for at in range(3))
    assert people.locator("tbody tr").count() == len(net.people)
    assert people.locator("caption").inner_text() == f"People ({len(net.people)})"
    assert set(people.locator("tbody th").all_inner_texts()) == set(net.people["name"])
    assert ties.locator("tbody tr").count() == len(net.ties)
    assert advice.locator("tbody tr").count() == len(introductions(net, hub(net)))
    people.locator("tbody th button").first.click()
    opened.rest()
    assert page.inner_text("#card h2") == "Name0 Family0"
    assert not page.is_visible("#table")


def test_dark_mode_follows_the_reader_and_the_button(visit):
    light, dark = visit("whole", color_scheme="light"), visit("whole", color_scheme="dark")
    shade = "getComputedStyle(document.body).backgroundColor"
    colours = [
        "rgb({}, {}, {})".format(*(int(theme.background[at : at + 2], 16) for at in (1, 3, 5)))
        for theme in (LIGHT, DARK)
    ]
    assert [opened.page.evaluate(shade) for opened in (light, dark)] == colours
    before = light.picture()
    assert before != dark.picture()
    light.page.click("#theme-button")
    assert light.page.evaluate(shade) == colours[1]
    light.rest()
    assert light.picture() != before
    dark.page.emulate_media(color_scheme="light")
    dark.rest()
    assert dark.page.evaluate(shade) == colours[0]


@pytest.mark.parametrize("name", ["whole", "personal", "groups", "hostile"])
def test_a_phone_shows_the_map_without_scrolling_sideways(visit, name):
    opened = visit(name, viewport=PHONE, has_touch=True, is_mobile=True)
    page = opened.page
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert page.evaluate(size) == [390, 844]
    assert page.locator("#map").bounding_box()["height"] > 0.8 * 844
    page.click("#open-panel")
    assert page.is_visible("#legend")
    assert page.evaluate(size) == [390, 844]
    page.keyboard.press("Escape")
    assert not page.is_visible("#legend")


def test_touch_opens_the_card(visit):
    opened = visit("whole", viewport=PHONE, has_touch=True, is_mobile=True)
    opened.page.fill("#search", "name2 ")
    opened.page.keyboard.press("Enter")
    opened.rest()
    box = opened.page.locator("#card").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] > 300
    opened.page.tap("#card .close")
    assert opened.card() == ""


def test_the_keyboard_reaches_and_moves_everything(visit):
    opened = visit("whole")
    page = opened.page
    stops = []
    for _ in range(25):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.id || document.activeElement.type"))
    for wanted in ("search", "checkbox", "table-button", "theme-button", "map", "zoom-in"):
        assert wanted in stops
    page.focus("#map")
    opened.rest()
    pictures = [opened.picture()]
    for key in ("ArrowLeft", "+", "-", "ArrowDown"):
        page.keyboard.press(key)
        opened.rest()
        pictures.append(opened.picture())
    assert len(set(pictures)) == len(pictures)
    page.keyboard.press("0")
    opened.rest()
    assert opened.picture() == pictures[0]
    ring = page.evaluate("getComputedStyle(document.getElementById('map')).outlineStyle")
    assert ring == "solid"


def test_everything_to_press_has_a_name(visit):
    for name in ("whole", "personal", "groups"):
        nameless = visit(name).page.evaluate(
            """() => {
              const named = (e) => e.getAttribute('aria-label') || e.textContent.trim() ||
                (e.labels && e.labels.length && e.labels[0].textContent.trim());
              const all = document.querySelectorAll('button, input, canvas:not([aria-hidden])');
              return [...all].filter((e) => !named(e)).map((e) => e.id);
            }"""
        )
        assert nameless == []


def test_groups_and_switches_change_what_is_drawn(visit):
    opened = visit("whole")
    page = opened.page
    everything = opened.picture()
    page.locator("#groups input").first.uncheck()
    opened.rest()
    fewer = opened.picture()
    assert fewer != everything
    page.locator("#groups input").first.check()
    page.get_by_label("Suggested introductions").uncheck()
    opened.rest()
    assert opened.picture() not in (everything, fewer)
    page.get_by_label("Suggested introductions").check()
    page.get_by_label("Only what was not seen lately").check()
    opened.rest()
    assert opened.picture() != everything


def test_a_personal_map_opens_with_sixty_and_shows_all(visit):
    opened = visit("many")
    page = opened.page
    assert page.inner_text("#marked") == "60 of 89 contacts shown"
    before = opened.picture()
    page.get_by_label("All my contacts").check()
    opened.rest()
    assert not page.is_visible("#marked")
    assert opened.picture() != before
    page.get_by_label("All my contacts").uncheck()
    page.fill("#search", "x77")
    page.keyboard.press("Enter")
    opened.rest()
    assert page.inner_text("#card h2") == "x77"
    assert "Last seen" in opened.card()


def test_a_personal_card_says_what_was_seen_and_no_score(visit):
    net = sample()
    opened = visit("personal")
    page = opened.page
    advice = introductions(net, hub(net)).iloc[0]
    page.fill("#search", net.people["name"][advice["via"]])
    page.keyboard.press("Enter")
    opened.rest()
    card = opened.card()
    assert "Last seen" in card
    assert "Contact days" in card
    assert "Betweenness" not in card
    assert "close" not in card.lower().replace("close details", "")
    page.fill("#search", net.people["name"][advice["target"]])
    page.keyboard.press("Enter")
    opened.rest()
    assert f"through {net.people['name'][advice['via']]}" in opened.card()
    assert "two shared contacts" in opened.card()
    assert "none seen in your files" in opened.card()


def test_panning_moves_and_the_wheel_zooms(visit):
    opened = visit("whole", reduced_motion="no-preference")
    page = opened.page
    first = opened.picture()
    page.mouse.move(420, 700)
    page.mouse.down()
    page.mouse.move(520, 640, steps=4)
    page.mouse.up()
    opened.rest()
    second = opened.picture()
    page.mouse.wheel(0, -300)
    opened.rest()
    assert len({first, second, opened.picture()}) == 3
    page.click("#zoom-fit")
    opened.rest(600)
    assert opened.picture() == first


def test_it_works_in_a_sandboxed_frame_of_a_notebook(visit):
    opened = visit()
    net = sample()
    framed = network_map(net, by="team", tie_values=stages(net))._repr_html_()
    opened.page.set_content(f"<!doctype html><body>{framed}</body>")
    opened.rest(500)
    frame = opened.page.frames[1]
    assert frame.evaluate("document.getElementById('map').width") > 300
    frame.fill("#search", "name4 ")
    frame.press("#search", "Enter")
    opened.rest()
    assert frame.inner_text("#card h2") == "Name4 Family4"
    assert not frame.is_visible("#picture-button")


def test_paper_is_white_and_the_screen_comes_back(visit):
    opened = visit("whole", color_scheme="dark")
    page = opened.page
    before = opened.picture()
    page.emulate_media(media="print")
    # The page draws when the browser tells it, which a busy machine does late.
    opened.until("document.getElementById('map').width === 1920")
    shape = page.evaluate("(({width, height}) => [width, height])(document.getElementById('map'))")
    assert shape == [1920, 1400]
    box = page.locator("#map").bounding_box()
    assert box["width"] / box["height"] == pytest.approx(1920 / 1400, rel=0.01)
    assert not page.is_visible("#search")
    page.emulate_media(media="screen")
    opened.until("document.getElementById('map').width !== 1920")
    opened.rest()
    assert opened.picture() == before


@pytest.mark.nightly
def test_twenty_thousand_people_open_pan_and_answer(visit, tmp_path):
    net = sample(20_000, mean=8, dated=False)
    path = network_map(net, by="team").save(tmp_path / "large.html")
    opened = visit()
    page = opened.page
    page.goto(path.as_uri())
    opened.until("document.getElementById('map').width > 300")
    opened.rest(1000)
    assert page.inner_text("#marked") == (
        "12,000 of 80,000 ties drawn, each person’s strongest first"
    )
    before = opened.picture()
    page.mouse.move(420, 700)
    page.mouse.down()
    page.mouse.move(520, 640, steps=4)
    page.mouse.up()
    opened.rest(1000)
    assert opened.picture() != before
    page.fill("#search", "name15000 ")
    page.keyboard.press("Enter")
    opened.rest(1000)
    assert page.inner_text("#card h2") == "Name15000 Family6"


def test_a_page_of_pyvis_asks_for_nothing_and_runs_nothing(visit, tmp_path):
    for menus in (False, True):
        drawn = to_pyvis(hostile(), by="team")
        drawn.heading = HOSTILE[0]
        drawn.select_menu = drawn.filter_menu = menus
        path = tmp_path / f"drawn{menus}.html"
        drawn.write_html(str(path))
        opened = visit()
        opened.page.goto(path.as_uri())
        opened.page.wait_for_function("typeof network === 'object' && network.body")
        assert opened.page.evaluate("Object.keys(network.body.nodes).length") == len(HOSTILE)
        for x in range(120, 1200, 60):
            opened.page.mouse.move(x, 360 + x % 7)
        opened.rest(350)
        state = "[window.hacked, document.compatMode, document.images.length]"
        assert opened.page.evaluate(state) == [None, "CSS1Compat", 0]
