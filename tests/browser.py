"""A real Chromium for the tests: found, or installed where we may, without a screen and without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
INSTALL = (
    "the tests need Chromium: sudo apt-get install chromium (Debian), brew install --cask chromium (macOS), "
    "or name its program in SHINRO_CHROMIUM"
)
# What it would fetch or keep by itself is of no use here.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


class NoChromium(Exception):  # noqa: N818 - the sentence is the name
    """There is no browser to start; the message says how to get one."""


def found() -> str:
    """The program. Raises NoChromium where there is none."""
    named = os.environ.get("SHINRO_CHROMIUM")
    on_path = (path for name in NAMES if (path := shutil.which(name)))
    there = (path for path in (named, *on_path, *PLACES) if path and Path(path).exists())
    program = next(there, None)
    if program is None:
        raise NoChromium(INSTALL)
    return program


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser for as long as the block lasts. Raises NoChromium where there is none."""
    program = found()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def install() -> None:
    """Let apt-get install it, where we are root on Debian and have none. Raises NoChromium elsewhere."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise NoChromium(INSTALL)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run((apt, "update", "-qq"), check=False, env=quiet)
    subprocess.run((apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"), check=True, env=quiet)


def main() -> int:
    """Make sure that there is a browser: 0, or 1 with one line that says what to do."""
    try:
        found()
    except NoChromium:
        try:
            install()
            found()
        except (NoChromium, subprocess.CalledProcessError) as error:
            sys.stderr.write(f"{error if isinstance(error, NoChromium) else INSTALL}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
