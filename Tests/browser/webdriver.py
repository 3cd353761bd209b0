"""A browser over chromedriver: the W3C WebDriver protocol (w3.org/TR/webdriver2), as far as these tests need it."""
import base64
import json
import os
import subprocess
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """One chromium, headless, with a profile of its own."""

    def __init__(self, language="fr-FR", width=1100, height=900):
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, "TZ": "UTC"})
        for line in self.driver.stdout:
            if "started successfully on port" in line:
                self.url = "http://127.0.0.1:" + line.rstrip(".\n").rsplit(" ", 1)[1]
                break
        else:
            raise RuntimeError("chromedriver did not start")
        # In a container there is no other user than root, and chromium has no sandbox then.
        arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--lang={language}",
                     f"--window-size={width},{height}", "--disable-gpu", "--hide-scrollbars"]
        reply = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments, "prefs": {"intl.accept_languages": language}}}}})
        self.url += "/session/" + reply["sessionId"]

    def call(self, method, path, body=None):
        data = json.dumps(body if body is not None else {}).encode() if method == "POST" else None
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return json.load(reply)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.read().decode()[:500]}") from None

    def close(self):
        try:
            self.call("DELETE", "")
        except (RuntimeError, OSError):
            pass
        self.driver.kill()
        self.driver.wait()

    # Pages

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def refresh(self):
        self.call("POST", "/refresh")

    @property
    def address(self):
        return self.call("GET", "/url")

    def tabs(self):
        return self.call("GET", "/window/handles")

    def new_tab(self, url):
        handle = self.call("POST", "/window/new", {"type": "tab"})["handle"]
        self.switch(handle)
        self.open(url)
        return handle

    def switch(self, handle):
        self.call("POST", "/window", {"handle": handle})

    def close_tab(self):
        self.call("DELETE", "/window")

    def js(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def cdp(self, command, **parameters):
        """A command of the browser's own protocol (chromedevtools.github.io/devtools-protocol)."""
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def scheme(self, name):
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def screen(self, width, height=900, scale=1):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)

    def screenshot(self, path):
        image = self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=False)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(image))

    # Elements

    def find(self, selector):
        return self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def find_all(self, selector):
        found = self.call("POST", "/elements", {"using": "css selector", "value": selector})
        return [element[ELEMENT] for element in found]

    def click(self, selector):
        self.call("POST", f"/element/{self.find(selector)}/click")

    def type(self, selector, text):
        self.call("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def text(self, selector):
        return self.call("GET", f"/element/{self.find(selector)}/text")

    def role(self, element):
        return self.call("GET", f"/element/{element}/computedrole")

    def label(self, element):
        return self.call("GET", f"/element/{element}/computedlabel")

    def is_shown(self, selector):
        return self.js("return !!document.querySelector(arguments[0])?.checkVisibility()", selector)

    def press(self, key, times=1):
        keys = [{"type": kind, "value": key} for _ in range(times) for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": keys}]})

    def double_click(self, selector):
        element = {ELEMENT: self.find(selector)}
        click = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self.call("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": [
            {"type": "pointerMove", "origin": element, "x": 0, "y": 0}] + click + click}]})

    def wait(self, what, condition, seconds=40):
        """Until the JavaScript expression is true, or fails."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.js(f"return !!({condition})"):
                    return
            except RuntimeError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"not in {seconds} s: {what}\n{self.js('return document.body?.innerText')}")
