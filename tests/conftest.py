"""What every test stands on: fresh catalogs, a real PostgreSQL where a test asks for it, hypothesis without a clock."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from browser import NoChromium, browsing
from hatch_build import compile_catalogs
from measuring import Duck, Server
from postgres import NoPostgres, Postgres, serving

HOSTILE = {
    "TimeZone": "America/St_Johns",
    "DateStyle": "SQL, DMY",
    "IntervalStyle": "sql_standard",
    "search_path": "nowhere",
    "default_transaction_isolation": "serializable",
    "lc_numeric": "C",
    "extra_float_digits": "-15",
    "standard_conforming_strings": "on",
}

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)  # a red run is red again
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogs once, before the workers start."""
    if not hasattr(config, "workerinput"):
        try:
            compile_catalogs()
        except ValueError as broken:
            raise pytest.UsageError(str(broken)) from broken


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this worker's own, started when the first test asks for it."""
    try:
        with serving() as server:
            yield server
    except NoPostgres as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="module")
def duck() -> Duck:
    """The embedded engine."""
    return Duck()


@pytest.fixture(scope="module")
def server(postgres: Postgres) -> Iterator[Server]:
    """A connection to PostgreSQL whose settings are none that a company would choose."""
    opened = Server(postgres.database(HOSTILE).url)
    yield opened
    opened.connection.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium of this worker's own, started when the first test asks for it."""
    try:
        with browsing() as chromium:
            yield chromium
    except NoChromium as missing:
        pytest.fail(str(missing), pytrace=False)
