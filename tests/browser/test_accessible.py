"""axe-core finds nothing against WCAG A and AA on any page, wide and light or narrow and dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import IDLE
from tests.browser.songloom import Server, compose, settle

pytestmark = pytest.mark.browser
LOOKS = pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)], ids=["wide light", "narrow dark"])
"""Both widths and both colour schemes: a rule is about the one or about the other."""
OPTIONS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
           "resultTypes": ["violations"]}
LOOK = "options => axe.run(document, options).then(results => results.violations)"
"""Only what is wrong is told, and axe stays in the page: three times as fast as all of it, brought anew each time."""


STIRRED = """() => {
  window.stirred = false;
  window.stirring?.disconnect();
  window.stirring = new MutationObserver(() => { window.stirred = true; });
  window.stirring.observe(document.body, { subtree: true, attributeFilter: ["data-stale", "data-test-script-state"] });
}"""
"""Note from now on whether the page runs again, or fades what is about to be drawn anew."""


def violations(page: Page) -> list[str]:
    """Each rule that is broken, with what breaks it.

    axe looks for seconds. When the page runs again meanwhile, as it does when a sound is ready, what is stale fades, and
    its colours have too little contrast for a moment: then it looks once more.
    """
    found: list[dict[str, Any]] = []
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    for _ in range(5):
        page.wait_for_selector(IDLE)
        page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
        page.wait_for_function("() => document.getAnimations().every(animation => animation.playState !== 'running')")
        page.evaluate(STIRRED)
        found = page.evaluate(LOOK, OPTIONS)
        if not found or not page.evaluate("() => window.stirred"):
            break
    return [
        f"{rule['id']}: {node['html'][:160]} {' '.join(check['message'] for check in node['any'])}"
        for rule in found
        for node in rule["nodes"]
    ]


@LOOKS
def test_no_page_breaks_a_rule(server: Server, new_page: Callable[..., Page], dark: bool, width: int) -> None:
    page = new_page(width=width, dark=dark)
    found: dict[str, list[str]] = {}
    server.open(page)
    found["empty"] = violations(page)
    page.get_by_text("More control").click()
    settle(page)
    found["more"] = violations(page)
    compose(page)
    found["takes"] = violations(page)
    for name, widget in {"A file": "seed_file", "ABC text": "c_abc", "Your own notes": "seed_clear"}.items():
        page.get_by_role("radio", name=name).click()
        page.locator(f".st-key-melody .st-key-{widget}").wait_for()
        settle(page)
        found[name] = violations(page)
    page.get_by_role("button", name="Keep", exact=True).first.click()
    page.get_by_role("button", name="Kept", exact=True).wait_for()
    link = page.locator("[class*=st-key-card-] a[href*='take?id=']").first.get_attribute("href")
    server.open(page, "/" + str(link).split("/")[-1])
    for tab in ("All parts", "Notation", "Edits", "Piano roll"):
        page.get_by_role("tab", name=tab).click()
        settle(page)
        found[tab] = violations(page)
    for path in ("/library", "/about", "/take"):
        server.open(page, path)
        found[path] = violations(page)
    assert not any(found.values()), "\n".join(sorted(f"{place}: {rule}" for place, rules in found.items() for rule in rules))
