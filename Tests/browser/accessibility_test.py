"""Whether everybody can use the page: names and roles, contrast, the keyboard's order, what is spoken, small screens."""
from page_test import log_in, newest, start_in_form, until_over

CONTROLS = "a[href], button, input, select, textarea, [tabindex], [role]"
ROLES = {"link", "button", "textbox", "searchbox", "checkbox", "combobox", "listbox", "list", "progressbar", "status",
         "alert", "region"}

# WCAG 2.2, 1.4.3: of each text that is seen, against the first background behind it that is not transparent.
CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
function rgba(color, under) {
  canvas.clearRect(0, 0, 1, 1)
  if (under) { canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1) }
  canvas.fillStyle = color
  canvas.fillRect(0, 0, 1, 1)
  return [...canvas.getImageData(0, 0, 1, 1).data]
}
const linear = part => (part /= 255) <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4
const luminance = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b)
const dark = matchMedia("(prefers-color-scheme: dark)").matches
function background(element) {
  for (let at = element; at; at = at.parentElement) {
    const color = getComputedStyle(at).backgroundColor
    if (rgba(color)[3] > 250) return color
  }
  return dark ? "#121212" : "#fff"
}
const worst = []
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement
  if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest("script, style, #live")) continue
  if (element.closest(":disabled")) continue
  const under = background(element)
  const [a, b] = [luminance(rgba(getComputedStyle(element).color, under)), luminance(rgba(under))]
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05)
  worst.push([ratio, walker.currentNode.data.trim().slice(0, 40)])
}
return worst.sort((a, b) => a[0] - b[0])"""


def visible(browser, selector):
    return browser.js("return [...document.querySelectorAll(arguments[0])].filter(e => e.checkVisibility())"
                      ".map(e => e.outerHTML.slice(0, 120))", selector)


def controls_are_named(browser):
    for element in browser.find_all(CONTROLS):
        html = browser.js("return arguments[0].checkVisibility() ? arguments[0].outerHTML.slice(0, 120) : ''",
                          {"element-6066-11e4-a52e-4f735466cecf": element})
        if not html:
            continue
        role, label = browser.role(element), browser.label(element)
        assert role in ROLES, f"role {role}: {html}"
        # A list is named by its heading; what is spoken has no name of its own.
        assert label.strip() or role in ("list", "status", "alert"), f"no name: {html}"


def contrast_suffices(browser):
    for scheme in ("light", "dark"):
        browser.scheme(scheme)
        texts = browser.js(CONTRAST)
        assert len(texts) > 10, texts
        assert texts[0][0] >= 4.5, f"{scheme}: {texts[:3]}"
    browser.scheme("light")


def focus_follows_reading(browser):
    # The keyboard begins where the last click was, unless something has the focus.
    browser.js("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    expected = browser.js("""return [...document.querySelectorAll("a[href], button, input, select, [tabindex='0']")]
      .filter(e => e.checkVisibility() && !e.disabled).map(e => e.outerHTML.slice(0, 120))""")
    found = []
    for _ in expected:
        browser.press("\ue004")
        found.append(browser.js("return document.activeElement.outerHTML.slice(0, 120)"))
        assert browser.js("""const style = getComputedStyle(document.activeElement)
          return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2"""), f"not seen: {found[-1]}"
    # A list that does not scroll may be passed over by nobody: all are in the order of the document.
    assert found == expected, f"{found}\n{expected}"


def nothing_is_lost_when_narrow(browser):
    texts = "return document.querySelector('main').innerText.replace(/\\s+/g, ' ')"
    before = browser.js(texts)
    # 400 % of 1280 pixels is 320 (WCAG 2.2, 1.4.10).
    for scale in (1, 4):
        browser.screen(320, 640, scale)
        assert browser.js("return document.documentElement.scrollWidth") <= 320, "it scrolls sideways"
        outside = browser.js("""return [...document.querySelectorAll("main *, header *")].filter(e => e.checkVisibility()
          && !e.closest("#live") && (e.getBoundingClientRect().right > 321 || e.getBoundingClientRect().left < -1))
          .map(e => e.outerHTML.slice(0, 120))""")
        assert not outside, outside
        assert browser.js(texts) == before, "other words"
    browser.cdp("Emulation.clearDeviceMetricsOverride")


def prints(browser):
    browser.cdp("Emulation.setEmulatedMedia", media="print")
    assert browser.is_shown("#final") and browser.is_shown("#messages") and browser.is_shown("#groups")
    assert not browser.is_shown("#pause") and not browser.is_shown("#new")
    height = browser.js("return getComputedStyle(document.getElementById('messages')).maxHeight")
    assert height == "none", "the list is cut off on paper"
    browser.cdp("Emulation.setEmulatedMedia", media="")


def form_is_usable(world, browser):
    world.import_invoices(10, "P", period="2026-09", refused=(2,))
    log_in(world, browser)
    browser.click("#prepare")
    browser.wait("the count is there", "document.getElementById('send').checkVisibility()")
    check(browser)


def check(browser):
    controls_are_named(browser)
    contrast_suffices(browser)
    focus_follows_reading(browser)
    nothing_is_lost_when_narrow(browser)


def end_is_usable(world, browser):
    start_in_form(world, browser)
    until_over(browser)
    check(browser)
    prints(browser)
    assert browser.js("return document.querySelector('[role=progressbar]').ariaValueText"), "the bar has no text"


def keyboard_alone(world, browser):
    world.import_invoices(10, "Q", period="2026-08")
    log_in(world, browser)
    browser.js("document.getElementById('cct').focus()")
    browser.press("\ue007")
    browser.wait("the count is there", "document.getElementById('send').checkVisibility()")
    browser.js("document.getElementById('send').focus()")
    browser.press("\ue007")
    until_over(browser)


def speaks_seldom(world, browser):
    world.import_invoices(250, "R", period="2026-07")
    log_in(world, browser)
    start_in_form(world, browser)
    browser.js("document.getElementById('pause').focus()")
    until_over(browser, 120)
    times = browser.js("return spoken")
    gaps = [later - earlier for earlier, later in zip(times, times[1:])]
    # The end is spoken at once.
    assert len(times) >= 2 and all(gap >= 9900 for gap in gaps[:-1]), gaps
    assert browser.js("return document.getElementById('live').textContent").startswith("✅ Envoi terminé")
    took = world.json("show", newest(world))[0]
    assert took["counts"]["sent"] == 250


TESTS = {
    "form: names, roles, contrast, focus, 320 pixels, 400 %": form_is_usable,
    "end of a job: names, roles, contrast, focus, 320 pixels, 400 %, paper": end_is_usable,
    "a job is started with the keyboard alone": keyboard_alone,
    "what is spoken comes at most each ten seconds, and the end": speaks_seldom,
}
