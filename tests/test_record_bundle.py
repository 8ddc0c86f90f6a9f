"""What an investor is given: a zip that is checked offline, by a script or by a page."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page

from hostile import HOSTILE
from recording import NOW, a_book, a_key, a_report, a_restatement, a_writer, stopped
from shinro.entries import Draft, Entry, Kind
from shinro.problems import CannotGoOn
from shinro.record.book import checkpoints, erase, read, rotate, write
from shinro.record.bundle import FOLDER, bundle, is_ours
from shinro.record.offline import verify as script
from shinro.record.offline.page import page
from tampering import KINDS, parts_of, put

# Source: RFC 8032, section 7.1, tests 1 to 3: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
OF_RESTATED: Callable[[Entry], bool] = lambda entry: entry.draft.subject == "leads1"  # noqa: E731 - a wish in one line


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three writings, a restatement with a hostile reason, a milestone, another key, one more."""
    store = a_book(tmp_path_factory.mktemp("record"), (3, 2, 4))
    old = next(entry for entry in read(store) if entry.draft.subject == "leads1")
    mended = a_restatement(old.draft, old.seq, 99, reason="</script><script>alert(1)</script> 髙﨑")
    milestone = Draft(kind=Kind.MILESTONE, subject="m6 <b>", data={"reach": ["leads >= 10 </script>"]})
    write(store, [mended, milestone], a_writer(), NOW)
    rotate(store, a_writer(), a_key(2), NOW)
    write(store, [a_report("won", 1, None, segment=(("rep", "佐藤"),))], a_writer(2), NOW)
    return store


@pytest.fixture(scope="module")
def held(store: Path) -> list[str]:
    return [each.text for each in checkpoints(store)]


def broken(note: str) -> str:
    """A checkpoint as a narrow page shows it, and a mail quotes it."""
    return "".join(
        f"> {line[:50]}\r\n> {line[50:]}\r\n" if len(line) > 50 else f"> {line}\r\n" for line in note.split("\n")
    )


def laid(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder / FOLDER


def asked(folder: Path, *held_texts: str, lang: str = "en") -> tuple[int, str]:
    """What the script says, in a Python that has nothing but its own library."""
    files = [folder.parent / f"held{n}.txt" for n in range(len(held_texts))]
    for file, text in zip(files, held_texts, strict=True):
        file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), "--lang", lang, *map(str, files)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.stderr == b""
    return done.returncode, done.stdout.decode()


def test_the_whole_is_checked_offline_with_every_checkpoint_that_was_ever_given(
    store: Path, held: list[str], tmp_path: Path
) -> None:
    folder = laid(bundle(store, "青空クラウド", texts=True), tmp_path)
    code, said = asked(folder, *held)
    assert code == 0
    assert "BAD" not in said
    assert said.count("is borne out") == len(held) == 6
    assert "old key signed a new one" in said
    assert "It does not prove that what was entered was true." in said
    assert asked(folder, held[0], lang="ja")[1].count("合います") == 2
    assert asked(folder, broken(held[1]))[1].count("is borne out") == 1


def test_a_part_is_checked_with_its_proofs(store: Path, held: list[str], tmp_path: Path) -> None:
    folder = laid(bundle(store, "a", OF_RESTATED), tmp_path)
    lines = (folder / "entries.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["subject"] for line in lines if json.loads(line)["kind"] != "key"} == {"leads1"}
    code, said = asked(folder, *held)
    assert code == 0
    assert f"{len(lines)} of 14 entries, each with its proof" in said
    assert said.count("is borne out") == 6
    proofs = json.loads((folder / "proofs.json").read_text())
    del proofs["consistency"]["4"]
    (folder / "proofs.json").write_text(json.dumps(proofs))
    assert "this part of the record is no proof for size 4" in asked(folder, held[0])[1]


def test_the_same_wish_gives_the_same_bytes_and_they_are_known_as_ours(store: Path) -> None:
    content = bundle(store, "a", texts=True)
    assert content == bundle(store, "a", texts=True)
    assert is_ours(content)
    assert not is_ours(b"PK\x05\x06" + bytes(18))


def test_names_and_texts_stay_at_home_unless_texts_are_asked_for(store: Path, tmp_path: Path) -> None:
    bare = laid(bundle(store, "a"), tmp_path / "bare")
    told = laid(bundle(store, "a", texts=True), tmp_path / "told")
    every = b"".join(file.read_bytes() for file in bare.iterdir())
    assert "髙﨑".encode() not in every
    assert "髙﨑".encode() in (told / "texts.jsonl").read_bytes()
    for word in ("佐藤", "田中"):
        assert word.encode() not in b"".join(file.read_bytes() for file in told.iterdir())
    assert sorted(file.name for file in told.iterdir()) == [
        "README.txt", "checkpoint.txt", "checkpoints.txt", "entries.jsonl", "key.txt", "proofs.json", "texts.jsonl",
        "verify.html", "verify.py",
    ]  # fmt: skip


def test_what_was_erased_is_not_exported(tmp_path: Path) -> None:
    store = a_book(tmp_path, (1,))
    erase(store, read(store)[1].hashes["note"])
    folder = laid(bundle(store, texts=True), tmp_path)
    assert (folder / "texts.jsonl").read_bytes() == b""
    assert asked(folder)[0] == 0


def test_the_readme_says_what_is_proven_and_what_is_not_in_both_languages(store: Path, tmp_path: Path) -> None:
    text = (laid(bundle(store, "青空"), tmp_path) / "README.txt").read_text(encoding="utf-8")
    for sentence in (
        "入力されたもとのデータが真実だったこと", "青空", "It is the whole record.", "no RFC 3161 time stamp",
        "That the data that went in were true.", "python3 verify.py",
    ):  # fmt: skip
        assert sentence in text
    assert "{" not in text


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("entries.jsonl", b'"value":"21"', b'"value":"22"', "not those of the checkpoint of size 14"),
        ("entries.jsonl", b'"seq":3', b'"seq":5', "entry 3 is none, or not in its place"),
        ("entries.jsonl", b'"seq":3', b'"seq":9,"seq":3', "entry 3 is none, or not in its place"),
        ("checkpoint.txt", b"\n14\n", b"\n13\n", "BAD"),
        ("checkpoints.txt", b"\n10\n", b"\n9\n", "not those of the checkpoint of size 9"),
        ("texts.jsonl", "メモ1".encode(), "メモ2".encode(), "a text is not the one"),
        ("entries.jsonl", b'"key":"', b'"key":"A', "BAD"),
        ("proofs.json", b"{", b"", "proofs.json cannot be read: it is missing or damaged"),
        ("key.txt", b"+", b"-", "key.txt does not name the key"),
    ],
)
def test_an_export_that_was_tampered_with_fails(
    file: str, old: bytes, new: bytes, says: str, store: Path, tmp_path: Path
) -> None:
    folder = laid(bundle(store, "a", texts=True), tmp_path)
    content = (folder / file).read_bytes()
    assert old in content
    (folder / file).write_bytes(content.replace(old, new, 1))
    code, said = asked(folder)
    assert code == 1
    assert says in said


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("key.txt", b"anything\n", "key.txt does not name the key"),
        ("key.txt", None, "key.txt cannot be read"),
        ("checkpoints.txt", b"", "those of size 4, 6, 10, 12, 13"),
        ("checkpoints.txt", b"", "the checkpoint that the old key signed is not there"),
        ("checkpoint.txt", b"", "checkpoint.txt cannot be read"),
        ("checkpoint.txt", None, "checkpoint.txt cannot be read"),
        ("entries.jsonl", b"", "entries.jsonl cannot be read"),
        ("entries.jsonl", b"[1]\n", "entries.jsonl cannot be read"),
        ("entries.jsonl", b"\xff\n", "entries.jsonl cannot be read"),
        ("entries.jsonl", b"[" * 100_000 + b"\n", "entries.jsonl cannot be read"),
        ("proofs.json", b"{}", "proofs.json cannot be read"),
        ("texts.jsonl", b"{}\n", "texts.jsonl cannot be read"),
    ],
)
def test_what_is_missing_or_damaged_is_said_in_a_sentence(
    file: str, content: bytes | None, says: str, store: Path, tmp_path: Path
) -> None:
    folder = laid(bundle(store, "a", texts=True), tmp_path)
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content)
    code, said = asked(folder)
    assert (code, says in said, "Error" in said) == (1, True, False)


def test_an_export_with_one_checkpoint_says_that_there_is_no_earlier_one(tmp_path: Path) -> None:
    code, said = asked(laid(bundle(a_book(tmp_path, (1,)), "a"), tmp_path))
    assert (code, "no earlier checkpoint is in the export" in said) == (0, True)


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("key.txt", b"anything", "key.txt does not name the key"),
        ("checkpoints.txt", b"", "those of size 4, 6, 10, 12, 13"),
        ("checkpoint.txt", b"", "checkpoint.txt cannot be read"),
        ("entries.jsonl", b"", "entries.jsonl cannot be read"),
    ],
)
def test_the_page_says_the_same_of_it(
    file: str, content: bytes, says: str, browser: Browser, store: Path, tmp_path: Path
) -> None:
    folder = laid(bundle(store, "a"), tmp_path)
    names = ("entries.jsonl", "checkpoint.txt", "checkpoints.txt", "proofs.json", "key.txt")
    parts = {name: (folder / name).read_bytes() for name in names} | {file: content}
    (folder / "verify.html").write_text(page(parts, "a"), encoding="utf-8")
    with visited(browser, folder / "verify.html") as shown:
        assert says in (shown.locator("#found").text_content() or "")
        assert shown.locator("#found .bad").count() >= 1


def test_a_part_with_another_entry_or_a_swapped_proof_fails(store: Path, tmp_path: Path) -> None:
    folder = laid(bundle(store, "a", OF_RESTATED), tmp_path)
    content = (folder / "entries.jsonl").read_bytes()
    (folder / "entries.jsonl").write_bytes(content.replace(b'"value":"99"', b'"value":"98"'))
    code, said = asked(folder)
    assert (code, "is not one of the record" in said) == (1, True)


def altered(lines: list[bytes], at: int) -> list[bytes]:
    return [*lines[:at], lines[at].replace(b'"actor":"', b'"actor":"0', 1), *lines[at + 1 :]]


def removed(lines: list[bytes], at: int) -> list[bytes]:
    return [*lines[:at], *lines[at + 1 :]]


@pytest.mark.parametrize("tamper", [altered, removed])
def test_only_checkpoints_from_before_an_entry_that_was_tampered_with_are_borne_out(
    tamper: Callable[[list[bytes], int], list[bytes]],
    browser: Browser,
    store: Path,
    held: list[str],
    tmp_path: Path,
) -> None:
    folder = laid(bundle(store, "a"), tmp_path)
    names = ("entries.jsonl", "checkpoint.txt", "checkpoints.txt", "proofs.json", "key.txt")
    parts = {name: (folder / name).read_bytes() for name in names}
    parts["entries.jsonl"] = b"".join(tamper(parts["entries.jsonl"].splitlines(keepends=True), 7))
    (folder / "entries.jsonl").write_bytes(parts["entries.jsonl"])
    (folder / "verify.html").write_text(page(parts, "a"), encoding="utf-8")
    code, said = asked(folder, *held)
    assert (code, said.count("is borne out"), said.count("you hold FAILS")) == (1, 2, 4)
    assert "earlier checkpoints that hold as well: 2" in said
    assert "size 10 that you hold FAILS" in said
    with visited(browser, folder / "verify.html") as shown:
        assert "earlier checkpoints that hold as well: 2" in (shown.locator("#found").text_content() or "")
        shown.fill("#held", "\n".join(held))
        shown.click("#check")
        shown.wait_for_selector("#held-found .bad")
        told = shown.locator("#held-found").text_content() or ""
        assert (told.count("is borne out"), told.count("you hold FAILS")) == (2, 4)


def test_a_part_in_which_an_entry_was_altered_bears_nothing_out(
    browser: Browser, store: Path, held: list[str], tmp_path: Path
) -> None:
    folder = laid(bundle(store, "a", OF_RESTATED), tmp_path)
    content = (folder / "entries.jsonl").read_text(encoding="utf-8").replace('"value":"99"', '"value":"98"')
    (folder / "entries.jsonl").write_text(content, encoding="utf-8")
    whole = (folder / "verify.html").read_text(encoding="utf-8")
    (folder / "verify.html").write_text(whole.replace('\\"value\\":\\"99\\"', '\\"value\\":\\"98\\"'), encoding="utf-8")
    code, said = asked(folder, *held)
    assert (code, said.count("is no proof for size"), "is borne out" in said) == (1, 6, False)
    assert "hold as well" not in said
    with visited(browser, folder / "verify.html") as shown:
        shown.fill("#held", "\n".join(held))
        shown.click("#check")
        shown.wait_for_selector("#held-found .bad")
        assert (shown.locator("#held-found").text_content() or "").count("is no proof for size") == 6


def test_a_record_that_was_made_anew_with_the_key_fails_with_the_checkpoint_that_is_held(tmp_path: Path) -> None:
    store = a_book(tmp_path / "a", (3, 3))
    held = checkpoints(store)[0].text
    other = checkpoints(a_book(tmp_path / "b", (1,)))[0].text
    rewrite = next(kind for kind in KINDS if kind.__name__ == "edit_and_sign_again")
    put(rewrite(parts_of(store), 2, random.Random(1)), tmp_path / "c")  # noqa: S311 - it draws nothing
    folder = laid(bundle(tmp_path / "c"), tmp_path)
    assert asked(folder)[0] == 0
    code, said = asked(folder, held, other, "nothing")
    assert code == 1
    assert "held0.txt: the checkpoint of size 4 that you hold FAILS" in said
    assert "held1.txt: the checkpoint that you hold is of another log" in said
    assert "held2.txt: there is no checkpoint in it" in said
    (folder.parent / "held0.txt").unlink()
    command = [sys.executable, str(folder / "verify.py"), str(folder.parent / "held0.txt")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_a_book_in_which_something_is_wrong_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(CannotGoOn) as stop:
        bundle(tmp_path)
    assert stopped(stop) == "B820"
    edit = next(kind for kind in KINDS if kind.__name__ == "edit")
    put(edit(parts_of(a_book(tmp_path, (3,))), 2, random.Random(1)), tmp_path / "c")  # noqa: S311 - it draws nothing
    with pytest.raises(CannotGoOn) as stop:
        bundle(tmp_path / "c")
    assert stopped(stop).startswith("B802")


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_scripts_ed25519_takes_the_signatures_of_the_standard_and_no_other(
    key: str, message: str, signature: str
) -> None:
    parts = bytes.fromhex(key), bytes.fromhex(signature), bytes.fromhex(message)
    assert script.is_signed(*parts)
    assert not script.is_signed(parts[0], parts[1], parts[2] + b"x")
    assert not script.is_signed(parts[0], parts[1][:-1], parts[2])
    for n in (0, 20, 33, 63):
        changed = bytes(byte ^ (n == at) for at, byte in enumerate(parts[1]))
        assert not script.is_signed(parts[0], changed, parts[2])


def test_the_scripts_ed25519_agrees_with_the_librarys() -> None:
    for n in range(20):
        key = Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)
        public, message = key.public_key().public_bytes_raw(), bytes([n]) * n
        assert script.is_signed(public, key.sign(message), message)
    too_large = (script.ORDER + 1).to_bytes(32, "little")
    assert not script.is_signed(public, key.sign(b"")[:32] + too_large, b"")
    assert script.point(b"\xff" * 32) is None
    assert script.point((2).to_bytes(32, "little")) is None


# The page.


@contextmanager
def visited(browser: Browser, file: Path, locale: str = "en-US") -> Iterator[Page]:
    context = browser.new_context(locale=locale)
    shown = context.new_page()
    requests: list[str] = []
    errors: list[str] = []
    shown.on("request", lambda request: requests.append(request.url))
    shown.on("pageerror", lambda error: errors.append(str(error)))
    shown.goto(file.as_uri())
    shown.wait_for_selector("body[data-done=yes]")
    yield shown
    assert requests == [file.as_uri()]
    assert errors == []
    context.close()


def test_the_page_checks_the_record_and_a_held_checkpoint_without_a_connection(
    browser: Browser, store: Path, held: list[str], tmp_path: Path
) -> None:
    file = laid(bundle(store, "青空 <b>クラウド</b>", texts=True), tmp_path) / "verify.html"
    with visited(browser, file) as shown:
        assert shown.locator(".bad").count() == 0
        assert shown.locator("#found .good").count() == 6
        assert shown.locator("tbody tr").count() == 14
        assert shown.locator("h1").text_content() == "青空 <b>クラウド</b> · Verify the record"
        shown.fill("#held", broken(held[0]))
        shown.click("#check")
        shown.wait_for_selector("#held-found .good")
        assert "size 4" in (shown.locator("#held-found").text_content() or "")
        shown.fill("#held", held[0].replace("\n4\n", "\n5\n"))
        shown.click("#check")
        shown.wait_for_selector("#held-found .bad")
        shown.fill("#held", "x")
        shown.click("#check")
        shown.wait_for_function("document.querySelector('#held-found').textContent.includes('no checkpoint')")
        shown.click("#language")
        assert shown.locator("html").get_attribute("lang") == "ja"
        assert Axe().run(shown).violations_count == 0


def test_the_page_of_a_part_and_one_in_which_a_number_was_changed(
    browser: Browser, store: Path, tmp_path: Path
) -> None:
    file = laid(bundle(store, "a", OF_RESTATED), tmp_path / "part") / "verify.html"
    with visited(browser, file, "ja-JP") as shown:
        assert shown.locator(".bad").count() == 0
        assert "証明付き" in (shown.locator("#found").text_content() or "")
    for n, (old, new) in enumerate([('\\"value\\":\\"21\\"', '\\"value\\":\\"22\\"'), ("\\n14\\n", "\\n13\\n")]):
        whole = laid(bundle(store, "a"), tmp_path / f"whole{n}") / "verify.html"
        whole.write_text(whole.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
        with visited(browser, whole) as shown:
            assert shown.locator("#found .bad").count() >= 1


BY_HAND = """async ([key, message, signature]) => {
  const bytes = (text) => Uint8Array.from(text.match(/../g) || [], (each) => parseInt(each, 16));
  const wrong = bytes(signature);
  wrong[40] ^= 1;
  const ask = (sign, said) => isSignedByHand(bytes(key), sign, bytes(said));
  return [await ask(bytes(signature), message), await ask(wrong, message), await ask(bytes(signature), "00")];
}"""


def test_the_page_verifies_signatures_by_hand_where_the_browser_cannot(browser: Browser) -> None:
    empty = {"entries.jsonl": b"", "proofs.json": b"{}", "checkpoint.txt": b"", "checkpoints.txt": b""}
    context = browser.new_context()
    secure = context.new_page()
    secure.route("https://page.test/", lambda route: route.fulfill(body=page(empty, ""), content_type="text/html"))
    secure.goto("https://page.test/")
    for vector in VECTORS:
        assert secure.evaluate(BY_HAND, list(vector)) == [True, False, False]
    context.close()


def test_no_text_of_the_record_becomes_a_tag_or_ends_the_script(browser: Browser, tmp_path: Path) -> None:
    drafts = [
        Draft(kind=Kind.MILESTONE, subject=text, data={"said": text}, texts={"why": text})
        for text in HOSTILE
        if text.encode(errors="ignore").decode() == text
    ]
    write(tmp_path / "record", drafts, a_writer(), NOW)
    file = laid(bundle(tmp_path / "record", HOSTILE[0], texts=True), tmp_path) / "verify.html"
    with visited(browser, file) as shown:
        assert shown.locator(".bad").count() == 0
        assert shown.locator("tbody tr").count() == 1 + len({each.subject for each in drafts})
        assert shown.evaluate("document.querySelectorAll('script').length") == 2
        assert asked(file.parent)[0] == 0
        assert shown.evaluate("document.querySelectorAll('main img, main a, main b:not(li b), iframe').length") == 0


def test_script_and_page_say_the_same_words() -> None:
    text = files("shinro.record.offline").joinpath("verify.js").read_text("utf-8")
    for key, (english, japanese) in script.WORDS.items():
        for sentence in (english, japanese) if key != "good" else ():
            assert sentence.removeprefix("{name}: ") in text, key
