from __future__ import annotations

import psycopg
import pytest

import postgres as servers
from postgres import NoPostgres, Postgres


def test_the_server_is_real_recent_and_on_loopback_alone(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url) as connection:
        assert connection.info.server_version // 10000 >= servers.OLDEST
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)


def test_the_server_asks_for_the_password(postgres: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(postgres.url.replace(postgres.password, "wrong"))


def test_a_database_can_be_hostile(postgres: Postgres) -> None:
    settings = {"TimeZone": "Pacific/Apia", "DateStyle": "German, DMY", "search_path": "nowhere"}
    hostile = postgres.database(settings)
    with psycopg.connect(hostile.url) as connection:
        shown = {name: connection.execute(f"SHOW {name}".encode()).fetchone() for name in settings}
    assert shown == {name: (value,) for name, value in settings.items()}


def test_databases_are_apart(postgres: Postgres) -> None:
    one, other = postgres.database(), postgres.database()
    one.run("CREATE TABLE leads (id int)")
    with psycopg.connect(other.url) as connection:
        assert connection.execute("SELECT to_regclass('leads')").fetchone() == (None,)


def test_without_a_server_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "_folders", lambda: iter(()))
    with pytest.raises(NoPostgres, match="apt-get install postgresql") as missing:
        servers.found()
    assert "\n" not in str(missing.value)


def test_where_we_may_not_install_one_the_command_says_so_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(servers, "_folders", lambda: iter(()))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert servers.main() == 1
    assert capsys.readouterr().err == f"{servers.INSTALL}\n"
