"""The page in a real browser: every message arrives once, whatever happens on the way."""
import json
import re

from programs import PROJECT, World

# Taken before the page's own script runs, so that no line is missed.
WATCH = """
window.seen = []; window.spoken = []; window.problems = []
addEventListener("error", event => problems.push(String(event.message)))
const reported = console.error
console.error = (...parts) => { problems.push(parts.join(" ")); reported(...parts) }
document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver(changes => {
    for (const change of changes) for (const line of change.addedNodes) if (line.dataset?.id) seen.push(line.dataset.id)
  }).observe(document.getElementById("messages"), { childList: true })
  new MutationObserver(() => spoken.push(Date.now())).observe(document.getElementById("live"), { childList: true })
})"""


def instrument(browser):
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", source=WATCH)


def log_in(world, browser, path="", url=None):
    address = world.ctl("web", "--url", url or f"http://127.0.0.1:{world.port}/").strip()
    browser.open(address.replace("#", path + "#"))
    browser.wait("the page knows who looks", "document.getElementById('who').textContent")


def mails(world, job):
    """Ids of a job's messages, the oldest first, and the counts of its last event."""
    events = world.events(job)
    return [event["id"] for event in events if event["kind"] == "progress"], events[-1]["counts"]


def shown(browser):
    """Ids of the page's lines, the oldest first."""
    return browser.js("return [...document.getElementById('messages').children].map(line => line.dataset.id).reverse()")


def equals_daemon(world, browser, job):
    ids, counts = mails(world, job)
    found = shown(browser)
    assert found == ids[-200:], f"the page shows {len(found)} lines, the daemon has {len(ids)}: {found[:3]} {ids[:3]}"
    page = browser.js("const { last, job } = invoiced.state(); return { last, counts: job.counts }")
    assert page["counts"] == counts, f"{page['counts']} {counts}"
    assert browser.js("return problems") == [], browser.js("return problems")


def until_over(browser, seconds=60):
    browser.wait("the job is over", "document.getElementById('final').textContent", seconds)
    # What was last is drawn with the next frame.
    browser.wait("all is drawn", """invoiced.state().messages.length ===
      document.getElementById('messages').children.length""")


def newest(world):
    return world.json("jobs")[0]["id"]


def start_in_form(world, browser, cct=None):
    before = newest(world) if world.json("jobs") else 0
    if cct:
        browser.type("#cct", cct)
    browser.click("#prepare")
    browser.wait("the count is there", "document.getElementById('send').checkVisibility()")
    browser.click("#send")
    browser.wait("the progress is there", "document.getElementById('progress').checkVisibility()")
    assert not browser.is_shown("#form"), "the form is still there"
    job = newest(world)
    assert job > before
    return job


def starts_and_watches(world, browser):
    world.import_invoices(60, "A", refused=(7, 33))
    log_in(world, browser)
    assert "#" not in browser.address, "the code is still in the address"
    browser.click("#prepare")
    browser.wait("the count is there", "document.getElementById('send').checkVisibility()")
    plan, button = browser.text("#plan"), browser.text("#send")
    assert "60" in button and "60" in plan and "c1@customer.example" in plan, f"{button}: {plan}"
    browser.click("#dry")
    browser.wait("another wish wants another plan", "!document.getElementById('send').checkVisibility()")
    browser.click("#dry")
    job = start_in_form(world, browser)
    until_over(browser)
    equals_daemon(world, browser, job)
    ids, counts = mails(world, job)
    seen = browser.js("return seen")
    assert seen == ids, f"{len(seen)} lines were added for {len(ids)} messages"
    assert counts["sent"] == 58 and counts["failed"] == 2
    assert browser.text("#final") == "✅ Envoi terminé : 58 succès, 2 erreur(s) sur 60 facture(s)", browser.text("#final")
    line = browser.js("return document.querySelector('[data-number=A001]').textContent")
    assert re.fullmatch(r"✅ Email 1/60 envoyé : CCT001 - invoice.pdf → c1@customer.example", line), line
    failures = browser.text("#groups")
    assert "A007" in failures and "A033" in failures and "destinataire refusé" in failures, failures
    for name, value in {"percent": "100\u00a0%", "processed": "60", "remaining": "0", "total": "60"}.items():
        found = browser.js("return document.getElementById(arguments[0]).textContent", name)
        assert found == value, f"{name}: {found}"
    assert browser.js("return document.getElementById('speed').textContent")
    assert browser.js("return document.getElementById('elapsed').textContent")


def searches(world, browser):
    log_in(world, browser)
    browser.type("#search", "A007")
    browser.click("#search-go")
    browser.wait("it is found", "document.getElementById('found').textContent.includes('A007')")
    assert "destinataire refusé" in browser.text("#found"), browser.text("#found")
    browser.type("#search", "X")
    browser.click("#search-go")
    browser.wait("it says that there is none", "document.getElementById('error').textContent.includes('inconnue')")
    history = browser.text("#jobs")
    assert "60" in history and "58" in history, history
    browser.click("#jobs a")
    browser.wait("the job's own page", "document.getElementById('final').textContent")
    equals_daemon(world, browser, newest(world))


def code_works_once(world, browser):
    browser.open("about:blank")
    browser.cdp("Network.clearBrowserCookies")
    address = world.ctl("web", "--url", f"http://127.0.0.1:{world.port}/").strip()
    browser.open(address)
    browser.wait("logged in", "document.getElementById('who').textContent")
    browser.open("about:blank")
    browser.cdp("Network.clearBrowserCookies")
    browser.open(address)
    browser.wait("it is refused", "document.getElementById('error').textContent.includes('invoicectl web')")
    assert not browser.is_shown("#form") and not browser.is_shown("#history")


def survives_refresh(world, browser):
    world.import_invoices(120, "B")
    log_in(world, browser)
    job = start_in_form(world, browser)
    for share in (.2, .5):
        browser.wait("some are there", f"invoiced.state().job.counts.sent > {share} * 120")
        browser.refresh()
        browser.wait("it goes on", "invoiced.state().job")
    until_over(browser)
    equals_daemon(world, browser, job)


def survives_daemon(world, browser):
    world.import_invoices(120, "C")
    log_in(world, browser)
    job = start_in_form(world, browser)
    browser.wait("some are there", "invoiced.state().job.counts.sent > 20")
    assert world.stop("daemon") == 0
    browser.wait("it says that the daemon is away", "document.getElementById('connection').dataset.state === 'restarting'")
    assert browser.js("return document.getElementById('progress').className") == "stale"
    world.daemon()
    browser.wait("it is live again", "document.getElementById('connection').dataset.state === 'live'")
    browser.wait("more are there", "invoiced.state().job.counts.sent > 60")
    world.stop("daemon", 9)
    world.daemon()
    until_over(browser)
    equals_daemon(world, browser, job)
    ids, _ = mails(world, job)
    assert browser.js("return seen") == ids, "a line was lost or repeated"


def survives_cut(world, browser, relay):
    world.import_invoices(120, "D")
    log_in(world, browser, url=f"http://127.0.0.1:{relay.port}/")
    job = start_in_form(world, browser)
    for sent in (20, 50, 80):
        browser.wait("some are there", f"invoiced.state().job.counts.sent > {sent}")
        relay.cut()
    until_over(browser)
    equals_daemon(world, browser, job)
    ids, _ = mails(world, job)
    assert browser.js("return seen") == ids, "a line was lost or repeated"


def double_click_is_one_job(world, browser):
    world.import_invoices(20, "E")
    log_in(world, browser)
    before = len(world.json("jobs"))
    browser.click("#prepare")
    browser.wait("the count is there", "document.getElementById('send').checkVisibility()")
    browser.double_click("#send")
    until_over(browser)
    # And two requests at once, as a page makes whose first answer is lost.
    assert len(world.json("jobs")) == before + 1, "a double click started two jobs"


def six_tabs(world, browser):
    world.import_invoices(100, "F")
    log_in(world, browser)
    job = start_in_form(world, browser)
    first = browser.tabs()[0]
    others = [browser.new_tab(f"http://127.0.0.1:{world.port}/jobs/{job}") for _ in range(5)]
    for tab in [first, *others]:
        browser.switch(tab)
        until_over(browser, 90)
        ids, counts = mails(world, job)
        assert shown(browser) == ids, f"{len(shown(browser))} of {len(ids)}"
        assert browser.js("return invoiced.state().job.counts") == counts
    for tab in others:
        browser.switch(tab)
        assert not browser.is_shown("#form") and not browser.is_shown("#history"), "the progress page shows more"
        browser.close_tab()
    browser.switch(first)


def is_controlled(world, browser):
    world.import_invoices(100, "G", refused=(3,))
    log_in(world, browser)
    job = start_in_form(world, browser)
    browser.click("#pause")
    browser.wait("it says so", "document.getElementById('state').textContent.includes('pause')")
    assert world.json("show", job, status=(0, 2, 6))[0]["state"] == "paused"
    browser.click("#resume")
    browser.wait("it goes on", "invoiced.state().job.state === 'running'")
    browser.click("#cancel")
    browser.click("#cancel-yes")
    browser.wait("it is cancelled", "invoiced.state().job.state === 'cancelled'")
    until_over(browser)
    equals_daemon(world, browser, job)
    # Started again, it sends what is left, and retries what failed.
    browser.click("#new")
    browser.wait("the form is back", "document.getElementById('form').checkVisibility()")
    job = start_in_form(world, browser)
    until_over(browser)
    browser.click("#retry-permanent")
    browser.wait("the job went on and is over", """invoiced.state().job.state === 'completed' &&
      invoiced.state().messages.filter(message => message.delivery.number === 'G003').length > 1""")
    equals_daemon(world, browser, job)


def looks_only(world, browser):
    world.stop("adapter")
    world.adapter(start="nobody-here")
    browser.open("about:blank")
    log_in(world, browser)
    browser.wait("the history is there", "document.getElementById('history').checkVisibility()")
    assert not browser.is_shown("#form")
    assert "lecture seule" in browser.text("#who")
    status = browser.js("""return fetch("jobs", { method: "POST", body: '{"request":"x"}',
      headers: { "X-Invoiced": "1", "Content-Type": "application/json" } }).then(answer => answer.status)""")
    assert status == 403, status
    world.stop("adapter")
    world.adapter()


def says_what_the_terminal_says(world, browser):
    lines = (PROJECT / "Tests/Fixtures/sentences/events.jsonl").read_text().splitlines()
    log_in(world, browser)
    for language in ("en", "fr"):
        browser.js("localStorage.language = arguments[0]; location.reload()", language)
        browser.wait("it is in this language", f"document.documentElement.lang === '{language}' && "
                     "document.getElementById('who').textContent")
        for golden in map(json.loads, lines):
            said = browser.js("return invoiced.line(arguments[0])", golden["event"])
            assert said == golden[language], f"{said!r} {golden[language]!r}"


def waits(world, browser):
    """A limit: the page says why nothing goes on and until when, the remaining time knows of it, and its end shows."""
    world.import_invoices(12, "W", period="2027-01")
    log_in(world, browser)
    world.rule({"on": "drafts.send", "skip": 6, "do": "status", "status": 429, "reason": "rateLimitExceeded",
                "message": "User-rate limit exceeded", "retry_after": 12})
    world.ctl("start", "--period", "2027-01", "--yes", "--detach")
    job = newest(world)
    browser.open(f"http://127.0.0.1:{world.port}/jobs/{job}")
    browser.wait("it says what it waits for", "/attente jusqu.à \\d\\d:\\d\\d : le service d.envoi limite le nombre de messages/.test("
                 "document.getElementById('state').textContent)", 30)
    assert browser.js("return invoiced.state().job.state") == "running"
    browser.wait("the remaining time counts the wait", """(text => parseInt(text) >= 5)(
      document.getElementById('eta').textContent)""", 5)
    browser.refresh()
    browser.wait("a page that comes later says it too", "/attente jusqu/.test(document.getElementById('state').textContent)")
    until_over(browser)
    equals_daemon(world, browser, job)
    kinds = [(event["kind"], "wait" in event) for event in world.events(job)]
    assert kinds.count(("wait", True)) == 1 and kinds.count(("wait", False)) == 1, kinds


def asks_for_series(_, browser):
    """A renamed pipeline: the page asks which series it goes on with, and plans with the answer."""
    world = World()
    try:
        world.import_invoices(3, "S")
        world.ctl("start", "--number", "S001", "--yes")
        world.stop("daemon")
        world.daemon(pipeline="factures")
        world.adapter()
        log_in(world, browser)
        plan = "document.getElementById('plan').textContent"

        def answers(button, said, due):
            browser.click("#prepare")
            browser.wait("it asks", f"{plan}.includes({json.dumps(said)})")
            assert not browser.is_shown("#send"), browser.text("#send")
            buttons = browser.js("return [...document.querySelectorAll('#plan button')].map(button => button.textContent)")
            browser.click(f"#plan button:nth-child({1 + buttons.index(button)})")
            browser.wait("it plans", f"document.getElementById('send').textContent.includes('{due}')")
            assert not browser.is_shown("#plan button"), "the question is still there"

        browser.js("localStorage.language = 'en'; location.reload()")
        browser.wait("it is in English", "document.documentElement.lang === 'en' && "
                     "document.getElementById('form').checkVisibility()")
        answers("Begin anew", "The pipeline factures begins, and the catalogue holds 3 invoice(s). "
                "1 of these were sent by the pipeline invoices.", 3)
        browser.js("localStorage.language = 'fr'; location.reload()")
        browser.wait("it is in French", "document.documentElement.lang === 'fr' && "
                     "document.getElementById('form').checkVisibility()")
        answers("Continuer la série invoices", "Le pipeline factures commence, et le catalogue contient 3 facture(s). "
                "1 d'entre elles ont été envoyées par le pipeline invoices.", 2)
        assert "1 déjà envoyées" in browser.text("#plan"), browser.text("#plan")
        browser.click("#send")
        until_over(browser)
        equals_daemon(world, browser, newest(world))
    finally:
        world.close()


def page_of_ones_own(world, browser, relay):
    """The page in docs/sse.md, which lies on the same host as the stream."""
    relay.page = (PROJECT / "docs/sse.md").read_text().split("```html\n")[1].split("```")[0]
    world.import_invoices(40, "H", period="2026-11")
    log_in(world, browser, url=f"http://127.0.0.1:{relay.port}/")
    # Not --all: that would try again what failed in the jobs before.
    world.ctl("start", "--period", "2026-11", "--yes", "--detach")
    job = newest(world)
    # A new connection, so that the relay sees the request.
    browser.open("about:blank")
    relay.cut()
    browser.open(f"http://127.0.0.1:{relay.port}/own?job={job}")
    browser.wait("it shows the end", "document.getElementById('state').textContent.startsWith('completed: 40 sent')")
    lines = browser.js("return [...document.getElementById('mails').children].map(line => line.textContent)")
    assert len(lines) == 40, f"{len(lines)} lines: {lines}, {browser.text('#state')}"
    assert browser.js("return document.getElementById('bar').value") == 1


def names_tests(world, browser):
    world.import_invoices(1, "K", period="2027-02")
    world.ctl("start", "--period", "2027-02", "--occasion", "rappel-1", "--test-to", "me@modele.example")
    log_in(world, browser)
    browser.wait("the history says so", "document.getElementById('jobs').textContent"
                 ".includes('2027-02 · rappel-1 · essai vers me@modele.example · ')")


TESTS = {
    "a job is started in the form, and every message arrives once": starts_and_watches,
    "an invoice is found, and so is a job of the history": searches,
    "every sentence of the golden file is the page's too": says_what_the_terminal_says,
    "a wait is told, with its end, and the remaining time knows of it": waits,
    "a code opens the page once": code_works_once,
    "a refresh in the middle loses and repeats no line": survives_refresh,
    "a restart and a crash of the daemon in the middle lose and repeat no line": survives_daemon,
    "a cut connection loses and repeats no line": survives_cut,
    "a double click starts one job": double_click_is_one_job,
    "six tabs show the same": six_tabs,
    "pause, resume, cancel and retry do it": is_controlled,
    "whoever may only look has no form, and cannot start": looks_only,
    "whoever starts a renamed pipeline is asked which series it goes on with": asks_for_series,
    "the page of docs/sse.md works": page_of_ones_own,
    "the history names the occasion, and where a test went": names_tests,
}
