"""Runs the tests, one after the other, on the same programs and browser."""
import inspect
import os
import sys
import traceback

import accessibility_test
import page_test
import pictures
from programs import Relay, World
from webdriver import Browser


def main(words):
    world, browser, relay = World(), None, None
    failed = 0
    try:
        relay = Relay(world.port)
        world.hosts.append(f"127.0.0.1:{relay.port}")
        world.adapter()
        browser = Browser()
        page_test.instrument(browser)
        for name, test in {**page_test.TESTS, **accessibility_test.TESTS}.items():
            if words and not any(word in name for word in words):
                continue
            try:
                test(*([world, browser, relay][:len(inspect.signature(test).parameters)]))
                print(f"ok - {name}", flush=True)
            except Exception as error:  # whatever it is, the test failed
                failed += 1
                print(f"not ok - {name}: {error}", flush=True)
                traceback.print_exc(limit=-3)
        if folder := os.environ.get("SCREENSHOTS"):
            pictures.take(world, browser, folder)
    finally:
        if browser:
            browser.close()
        if relay:
            relay.close()
        world.close()
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
