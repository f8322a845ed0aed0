"""The page in a real browser, served by a real server."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from spikecast._util.files import shipped_path
from spikecast.service import Settings, create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: Answers come within this many milliseconds, on a slow machine too.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The address of a server with these settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=port, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "it ended before it listened"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(Settings()) as here:
        yield here


@pytest.fixture
def address_of_my_model(tmp_path: Path) -> Iterator[str]:
    """Of a server whose model lies in a folder ``mine``."""
    shutil.copytree(shipped_path("models/default"), tmp_path / "mine")
    with served(Settings(model=tmp_path / "mine")) as here:
        yield here


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Gone once its tests are over: while it runs, no other test of the process can run an event loop."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that must leave nothing on the console."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    # The browser itself notes every answer that refuses a question.
    assert [text for text in said if "status of 422" not in text] == []
