#!/usr/bin/env python3
"""Uses the Swagger UI as a person would: in a real browser, against a real server.

    swagger.py [--server BINARY] [--screenshot FILE.png]

Starts `code-runner serve` on a free port with its own folders and key, opens /swagger/index.html in
headless Chromium, authorizes, posts a submission with "Try it out" and reads its result the same way.
Fails as well when the page logged an error or asked another host for anything.

Speaks the WebDriver protocol (https://www.w3.org/TR/webdriver2/) to chromedriver itself: no packages are
needed. Everything that is started here is stopped here, by its process id, also after a failure.
"""

import argparse
import base64
import contextlib
import http.client
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER = ROOT / "target/x86_64-unknown-linux-gnu/debug/code-runner"

START = 60.0  # seconds a program may take to start
ANSWER = 60.0  # seconds a page or a submission may take
POLL = 0.1  # seconds between two looks

CODE = "return str(int(input_str) * int(input_str))"
ENDPOINTS = [("POST", "/run"), ("GET", "/result/"), ("GET", "/metrics"), ("GET", "/health")]
CONTROL = "\ue009"  # the Control key, in WebDriver's alphabet


class Failed(Exception):
    """What was expected did not happen."""


def wait_for(what, look, seconds=ANSWER):
    """The first truthy answer of `look`, which is asked until the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        answer = look()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {seconds:.0f} s")
        time.sleep(POLL)


def check(what, right):
    if not right:
        raise Failed(what)
    print(f"swagger: {what}", flush=True)


@contextlib.contextmanager
def program(command, log, **options):
    """A program that ends with this block: asked first, killed when it does not listen."""
    with open(log, "wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, **options)
    try:
        yield process
    except BaseException:
        tail = pathlib.Path(log).read_text(encoding="utf-8", errors="replace")[-4000:]
        print(f"--- {command[0]} (pid {process.pid}, status {process.poll()}) wrote:\n{tail}---", file=sys.stderr)
        raise
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            print(f"swagger: {command[0]} had to be killed", file=sys.stderr)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextlib.contextmanager
def server(binary, folder, key):
    """`code-runner serve`, once it answers /health; gives its address."""
    address = f"127.0.0.1:{free_port()}"
    settings = {
        "API_TOKEN": key,
        "CODE_LANGUAGE": "python",
        "CODE_RUNNER_LISTEN": address,
        "CODE_RUNNER_DATA_DIR": str(folder / "data"),
        "CODE_RUNNER_LOG_DIR": str(folder / "logs"),
    }
    with program([str(binary), "serve"], folder / "server.log", cwd=ROOT, env={**os.environ, **settings}) as process:

        def healthy():
            if process.poll() is not None:
                raise Failed(f"code-runner serve ended with status {process.returncode}")
            connection = http.client.HTTPConnection(address, timeout=5)
            try:
                connection.request("GET", "/health")
                return connection.getresponse().status == 200
            except OSError:
                return False
            finally:
                connection.close()

        wait_for("/health", healthy, START)
        yield address


class Browser:
    """One WebDriver session."""

    def __init__(self, port, profile):
        self.port = port
        arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,2600",
            f"--user-data-dir={profile}",
            # Were a page of ours to need another host, it would fail here and not only on a closed network.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ]
        options = {"args": arguments, "binary": shutil.which("chromium")}
        logs = {"browser": "ALL", "performance": "ALL"}
        wanted = {"alwaysMatch": {"goog:chromeOptions": options, "goog:loggingPrefs": logs}}
        self.path = ""
        session = self.call("POST", "/session", {"capabilities": wanted})
        self.path = f"/session/{session['sessionId']}"
        self.pid = session["capabilities"].get("goog:processID")

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        try:
            connection.request(method, self.path + path, None if body is None else json.dumps(body))
            answer = json.load(connection.getresponse())["value"]
        finally:
            connection.close()
        if isinstance(answer, dict) and "error" in answer:
            raise Failed(f"{method} {path}: {answer['error']}: {answer.get('message', '')}")
        return answer

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def script(self, text, *arguments):
        """What the JavaScript returns; an element comes back as one."""
        return self.call("POST", "/execute/sync", {"script": text, "args": list(arguments)})

    def find(self, css, inside=None):
        """The first shown element that fits, waited for."""
        text = """return [...(arguments[1] ?? document).querySelectorAll(arguments[0])]
                  .find(e => e.getClientRects().length) ?? null"""
        return wait_for(f"an element {css}", lambda: self.script(text, css, inside))

    def click(self, css, inside=None):
        element = self.find(css, inside)
        self.script("arguments[0].scrollIntoView({block: 'center'})", element)
        self.at_rest(css, element)
        self.call("POST", f"/element/{id_of(element)}/click", {})

    def at_rest(self, what, element):
        """Waits until an element stands still: a click on one that moves may hit its neighbour."""
        places = [None, None]

        def still():
            places.append(self.script("const r = arguments[0].getBoundingClientRect(); return [r.x, r.y]", element))
            return places[-1] == places[-2] == places[-3]

        wait_for(f"{what} to stand still", still)

    def type(self, css, text, inside=None):
        """Replaces what stands in a field, with keys: the page's own handlers see each of them."""
        element = self.find(css, inside)
        self.call("POST", f"/element/{id_of(element)}/value", {"text": f"{CONTROL}a{CONTROL}{text}"})
        shown = self.script("return arguments[0].value", element)
        if shown != text:
            raise Failed(f"{css} shows {shown!r} after typing {text!r}")

    def log(self, kind):
        return self.call("POST", "/se/log", {"type": kind})

    def screenshot(self, file):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(self.call("GET", "/screenshot")))

    def close(self):
        try:
            self.call("DELETE", "")
            wait_for("the end of Chromium", lambda: not is_alive(self.pid), 20)
        except (Failed, OSError):
            if is_alive(self.pid):
                os.kill(self.pid, signal.SIGKILL)


def id_of(element):
    """An element reference is an object with one entry, whose key the standard fixes."""
    return element["element-6066-11e4-a52e-4f735466cecf"]


def is_alive(pid):
    """Whether the process exists and is more than a zombie."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextlib.contextmanager
def browser(folder):
    """Chromium under a chromedriver of its own, both gone at the end of the block."""
    home = folder / "home"
    home.mkdir()
    log = folder / "chromedriver.log"
    # Port 0: the driver takes a free one and says which. HOME: nobody's own profile or cache is touched.
    with program(["chromedriver", "--port=0"], log, env={**os.environ, "HOME": str(home)}) as process:

        def port():
            if process.poll() is not None:
                raise Failed(f"chromedriver ended with status {process.returncode}")
            return re.search(r"started successfully on port (\d+)", log.read_text(errors="replace"))

        number = int(wait_for("chromedriver's port", port, START).group(1))
        page = Browser(number, folder / "profile")
        try:
            yield page
        finally:
            page.close()


def operation(page, method, path):
    """The block of one endpoint on the page."""
    text = """return [...document.querySelectorAll('.opblock')].find(block =>
                block.querySelector('.opblock-summary-method')?.textContent.trim() === arguments[0] &&
                (arguments[1].endsWith('/')
                    ? block.querySelector('.opblock-summary-path')?.dataset.path.startsWith(arguments[1])
                    : block.querySelector('.opblock-summary-path')?.dataset.path === arguments[1])) ?? null"""
    return wait_for(f"{method} {path} on the page", lambda: page.script(text, method, path))


def unfold(page, block):
    """Opens an endpoint's block in "Try it out" mode, which the page may be set to begin in."""
    page.click(".opblock-summary-control", block)
    button = page.find(".try-out__btn", block)
    if "cancel" not in page.script("return arguments[0].className", button):
        page.click(".try-out__btn", block)
    page.find(".try-out__btn.cancel", block)


def execute(page, block):
    """Presses Execute; gives the status and the parsed body that the page then shows."""
    page.click(".btn.execute", block)
    text = """const row = arguments[0].querySelector('.live-responses-table tbody tr.response');
              if (!row) return null;
              return [row.querySelector('.response-col_status')?.innerText.trim().split(/\\s/)[0],
                      row.querySelector('.response-col_description .highlight-code pre')?.textContent ?? '']"""
    status, body = wait_for("a response on the page", lambda: page.script(text, block))
    try:
        return status, json.loads(body)
    except ValueError:
        raise Failed(f"the page shows status {status} and no JSON: {body[:500]!r}") from None


def use(page, address, key):
    """What a person does, from opening the page to reading the answer."""
    page.open(f"http://{address}/swagger/index.html")
    for method, path in ENDPOINTS:
        operation(page, method, path)
        check(f"shows {method} {path}", True)

    page.click(".scheme-container .btn.authorize")
    page.type(".auth-container input", key)
    page.click(".auth-container .auth-btn-wrapper .btn.authorize")
    page.find(".auth-container .auth-btn-wrapper .btn:not(.authorize):not(.btn-done)")  # now says Logout
    page.click(".auth-container .btn-done")
    check("takes the key", True)

    run = operation(page, "POST", "/run")
    unfold(page, run)
    page.type("textarea.body-param__text", json.dumps({"code": CODE, "inputs": ["4", "x"]}), run)
    status, started = execute(page, run)
    check(f"POST /run answers {status} {started}", status == "202" and started.get("status") == "started")

    result = operation(page, "GET", "/result/")
    unfold(page, result)
    page.type('tr[data-param-in="path"] input', started["exec_id"], result)

    def done():
        status, answer = execute(page, result)
        if status == "200":
            return answer
        if status != "202":
            raise Failed(f"GET /result answers {status} {answer}")
        page.click(".btn-clear", result)  # or the next look would see this answer again
        return None

    output = wait_for("the result", done)["output"]
    check(f"the input 4 gives {output['4']}", output["4"] == {"output": "16"})
    check(f"the input x gives {output['x']}", output["x"].get("error", "").startswith("ValueError"))


def quiet_and_at_home(page, address):
    """The page logged no error and asked no other host."""
    errors = [entry["message"] for entry in page.log("browser") if entry["level"] == "SEVERE"]
    check(f"no error in the browser's console {errors or ''}".rstrip(), not errors)

    asked = set()
    for entry in page.log("performance"):
        event = json.loads(entry["message"])["message"]
        if event["method"] == "Network.requestWillBeSent":
            url = urllib.parse.urlsplit(event["params"]["request"]["url"])
            if url.scheme in ("http", "https", "ws", "wss"):  # data: and Chromium's own pages reach no network
                asked.add(url)
    foreign = sorted(url.geturl() for url in asked if url.netloc != address)
    check(f"{len(asked)} addresses asked for, none of another host {foreign or ''}".rstrip(), asked and not foreign)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", type=pathlib.Path, default=SERVER, help="the code-runner binary")
    parser.add_argument("--screenshot", type=pathlib.Path, help="where to save the last picture of the page")
    options = parser.parse_args()

    for name in ("chromium", "chromedriver"):
        if not shutil.which(name):
            sys.exit(f"swagger: no {name} here; on Debian: apt-get install chromium chromium-driver")
    # A polite end must run the clean-up, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("swagger: terminated"))

    key = secrets.token_hex(16)
    try:
        with contextlib.ExitStack() as stack:
            folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="code-runner-swagger-")))
            address = stack.enter_context(server(options.server.resolve(), folder, key))
            page = stack.enter_context(browser(folder))
            try:
                use(page, address, key)
                page.script("document.querySelector('.live-responses-table').scrollIntoView()")
                quiet_and_at_home(page, address)
            finally:
                if options.screenshot:
                    page.screenshot(options.screenshot)
    except (Failed, OSError) as error:
        sys.exit(f"swagger: FAILED: {error}")
    print("swagger: passed")


if __name__ == "__main__":
    main()
