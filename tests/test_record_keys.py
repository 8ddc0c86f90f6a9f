"""Keys: made once, outside the project, for nobody else to read."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from recording import a_key, stopped
from shinro.problems import CannotGoOn
from shinro.record.keys import config_folder, keep, key_files, pem, read_key, writer
from shinro.record.notes import public


def test_a_key_is_made_on_first_use_and_taken_again_after(tmp_path: Path) -> None:
    first, second = writer(tmp_path, "田中", "青空"), writer(tmp_path, "佐藤", "青空")
    assert [public(key) for key in first.keys] == [public(key) for key in second.keys]
    assert (first.actor, second.actor) == ("田中", "佐藤")
    (file,) = key_files(tmp_path, "青空")
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_another_company_has_another_key_and_every_key_is_at_hand_for_its_own_log(tmp_path: Path) -> None:
    mine, theirs = writer(tmp_path, "x", "a"), writer(tmp_path, "x", "b")
    assert public(mine.keys[0]) != public(theirs.keys[0])
    assert public(theirs.keys[1]) == public(mine.keys[0])


def test_the_newest_key_comes_first(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        keep(tmp_path, "a", a_key(number))
    assert [public(key) for key in writer(tmp_path, "x", "a").keys] == [public(a_key(number)) for number in (3, 2, 1)]


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
@pytest.mark.parametrize(("what", "mode"), [("folder", 0o750), ("file", 0o604)])
def test_keys_that_others_can_read_are_not_used(what: str, mode: int, tmp_path: Path) -> None:
    writer(tmp_path, "x", "a")
    (file,) = key_files(tmp_path, "a")
    (file if what == "file" else file.parent).chmod(mode)
    with pytest.raises(CannotGoOn) as stop:
        writer(tmp_path, "x", "a")
    assert stopped(stop) == "B810"


def test_what_is_no_key_is_told(tmp_path: Path) -> None:
    other = X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for name, content in (("text.pem", b"hello"), ("other.pem", other)):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CannotGoOn) as stop:
            read_key(tmp_path / name)
        assert stopped(stop) == "B817"
    with pytest.raises(CannotGoOn) as stop:
        read_key(tmp_path / "none.pem")
    assert stopped(stop) == "B817"
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotGoOn) as stop:
        writer(tmp_path / "file", "x", "a")
    assert stopped(stop) == "B817"


def test_a_key_survives_its_file(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(pem(a_key(5)))
    assert public(read_key(tmp_path / "key.pem")) == public(a_key(5))


def test_all_who_begin_at_once_end_with_one_key(tmp_path: Path) -> None:
    def first_use(_: int) -> bytes:
        return public(writer(tmp_path, "x", "a").keys[0])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(first_use, range(16)))) == 1
    assert len(key_files(tmp_path, "a")) == 1
    assert not list((tmp_path / "keys").glob(".part-*"))


def test_the_folder_is_the_users_own_on_every_platform() -> None:
    home = Path("/home/x")
    assert config_folder({}, home, "linux") == home / ".config/shinro"
    assert config_folder({"XDG_CONFIG_HOME": "/etc/x"}, home, "linux") == Path("/etc/x/shinro")
    assert config_folder({}, home, "darwin") == home / "Library/Application Support/shinro"
    assert config_folder({"APPDATA": "/roam"}, home, "win32") == Path("/roam/shinro")
    assert config_folder({}, home, "win32") == home / "AppData/Roaming/shinro"
    assert config_folder({"SHINRO_CONFIG": "/mine"}, home, "win32") == Path("/mine")
