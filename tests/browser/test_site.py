"""A walk through the site, as a reader with a mouse, a keyboard or a telephone takes it."""

import json
import re

import pytest

import pages

PAGES = sorted(
    path.relative_to(pages.HTML).as_posix()
    for path in pages.HTML.rglob("*.html")
    if "_static" not in path.parts
)
SLUG = pages.REPOSITORY.removeprefix("https://github.com/")
PAGE_MEGABYTES = 3


def lesson_page(lesson):
    return f"notebooks/{lesson.stem}.html"


def ready(page):
    """Wait until formulas are set and pictures are there."""
    page.evaluate("window.MathJax && MathJax.startup.promise")
    page.evaluate("document.querySelectorAll('img').forEach(i => { i.loading = 'eager' })")
    page.wait_for_function("[...document.images].every(i => i.complete)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", PAGES)
def test_page_is_readable(visit, site, axe, path, width, scheme):
    page = visit(site + path, width, color_scheme=scheme)
    ready(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    broken = "[...document.images].filter(i => !i.naturalWidth).map(i => i.src)"
    assert page.evaluate(broken) == []
    assert page.locator("span.math:not(:has(mjx-container)), mjx-merror").count() == 0
    page.evaluate(axe)
    found = page.evaluate("axe.run().then(result => result.violations)")
    grave = [fault for fault in found if fault["impact"] in ("serious", "critical")]
    assert not grave, json.dumps(grave, indent=1)


def test_every_figure_has_its_alternative_text(lesson):
    html = (pages.HTML / lesson_page(lesson)).read_text("utf-8")
    cells = json.loads(lesson.read_text("utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    figures = ["image/png" in output.get("data", {}) for output in outputs]
    texts = re.findall(r'<img alt="([^"]*)" src="\.\./_images/', html)
    assert len(texts) == sum(figures) > 0
    # Without a text of its own, a figure gets the name of its file.
    assert not [text for text in texts if len(text) < 20 or text.endswith(".png")]


@pytest.mark.parametrize("path", PAGES)
def test_page_weighs_little(path):
    page = pages.HTML / path
    pictures = re.findall(r'src="([^"]*_images/[^"]+)"', page.read_text("utf-8"))
    files = [page, *(page.parent / picture for picture in set(pictures))]
    assert sum(file.stat().st_size for file in files) < PAGE_MEGABYTES * 1e6


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("overcomplete", "05 Sparse autoencoders"),
        ("瓶颈层", "Glossary"),
        ("affine_warp", "affine_warp"),
    ],
)
def test_search_finds_a_word(visit, site, word, title):
    page = visit(site + "index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    results = page.locator("#search-results li a")
    results.filter(has_text=title).first.click()
    page.wait_for_url(lambda address: "search.html" not in address)
    page.locator("article").get_by_text(word).first.wait_for()


def test_dark_mode_stays_chosen(visit, site):
    page = visit(site + "index.html", color_scheme="light")
    page.get_by_role("button", name="Color mode").click()
    page.get_by_role("button", name="Dark").click()
    page.goto(site + lesson_page(pages.NOTEBOOKS[0]))
    colours = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", colours)[:3])) < 64


def test_hints_are_folded_and_solutions_open(visit, site, lesson):
    page = visit(site + lesson_page(lesson))
    folded = page.locator("article details")
    source = lesson.read_text("utf-8")
    assert folded.count() == source.count("<details>") > 0
    assert page.locator("article details[open]").count() == 0
    solution = folded.filter(has=page.get_by_text("The solution", exact=True)).first
    code = solution.locator(".highlight pre")
    assert not code.is_visible()
    solution.locator("summary").press("Enter")
    assert code.is_visible() and code.locator("span.kn, span.k").count()


def test_launch_links_lead_to_the_lesson(visit, site, lesson):
    page = visit(site + lesson_page(lesson))
    page.locator(".dropdown-launch-buttons > button").click()
    links = page.locator(".dropdown-launch-buttons a:visible")
    place = f"notebooks/{lesson.name}"
    assert sorted(link.get_attribute("href") for link in links.all()) == [
        f"https://colab.research.google.com/github/{SLUG}/blob/main/{place}",
        f"https://mybinder.org/v2/gh/{SLUG}/main?urlpath=lab/tree/{place}",
    ]


def test_keyboard_reaches_text_and_lessons(visit, site):
    page = visit(site + "index.html")
    page.keyboard.press("Tab")
    focused = page.locator("*:focus")
    assert focused.inner_text() == "Skip to main content" and focused.is_visible()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")
    page.goto(site + "index.html")
    for _ in range(12):
        page.keyboard.press("Tab")
        if focused.inner_text().startswith("00 "):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/" + lesson_page(pages.NOTEBOOKS[0]))
