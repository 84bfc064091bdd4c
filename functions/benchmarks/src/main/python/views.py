"""How long each view of the page takes until it is drawn, and what it fetches: views.py URL [ROUNDS]

URL is where a product answers, such as http://127.0.0.1:8080. Every view is opened in a browser without a cache, ROUNDS
times (5), in turns; printed are the median of the milliseconds until what the view is for and all pictures in sight are
drawn, with the least and the most, and of one opening the requests and kilobytes. Needs the package playwright and a
Chromium, of the system if there is one.
"""
import shutil
import statistics
import sys
import time

from playwright.sync_api import sync_playwright

VIEWS = {  # what shows that a view is there
    "classify": ".drop",
    "images": ".tile img",
    "queue": ".review img",
    "doctor": ".view-doctor .card",
    "report": ".figures",
    "versions": ".version",
    "use": ".view-use h1, main h1",
}
IN_SIGHT = """() => [...document.images].every(image => {
  const {top, bottom} = image.getBoundingClientRect();
  return bottom < 0 || top > innerHeight || image.complete && image.naturalWidth > 0;
})"""


def opened(browser, url, view, selector):
    """Milliseconds, requests and kilobytes of one opening."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    received = {"requests": 0, "bytes": 0}

    def request(_):
        received["requests"] += 1

    def finished(event):
        received["bytes"] += event["encodedDataLength"]

    network.on("Network.requestWillBeSent", request)
    network.on("Network.loadingFinished", finished)
    start = time.perf_counter()
    page.goto(f"{url}/#{view}")
    page.locator(selector).first.wait_for(timeout=120_000)
    while not page.evaluate(IN_SIGHT):
        time.sleep(0.005)
    seconds = time.perf_counter() - start
    page.wait_for_timeout(700)
    context.close()
    return 1000 * seconds, received["requests"], received["bytes"] / 1024


def main(url, rounds):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        found = {view: [] for view in VIEWS}
        for at in range(rounds + 1):
            for view, selector in VIEWS.items():
                one = opened(browser, url, view, selector)
                if at:  # the first opening warms the server
                    found[view].append(one)
        print("| view | ms | requests | kB |\n|---|---|---|---|")
        for view, all_of_it in found.items():
            times = [one[0] for one in all_of_it]
            middle = statistics.median(times)
            requests, size = (statistics.median(one[i] for one in all_of_it) for i in (1, 2))
            print(f"| {view} | {middle:.0f} ({min(times):.0f} to {max(times):.0f}) | {requests:.0f} | {size:.0f} |")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
