"""Pictures of the page for a look at them, and for the README."""
import pathlib

from page_test import log_in, start_in_form, until_over


def take(world, browser, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    world.import_invoices(60, "S", refused=(4, 20, 21))

    def each(name):
        for scheme in ("light", "dark"):
            browser.scheme(scheme)
            browser.screenshot(folder / f"{name}-{language}-{scheme}.png")

    for language in ("fr", "en"):
        log_in(world, browser)
        browser.click(f"#lang-{language}")
        browser.wait("the language", f"document.documentElement.lang === '{language}'")
        browser.wait("who", "document.getElementById('who').textContent")
        browser.click("#prepare")
        browser.wait("the count", "document.getElementById('send').checkVisibility()")
        each("form")
        start_in_form(world, browser)
        browser.wait("half of them", "invoiced.state().job.counts.left < 30")
        each("progress")
        until_over(browser)
        each("end")
        world.import_invoices(60, "T", refused=(4, 20, 21))
