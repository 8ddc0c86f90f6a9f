from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Message
from babel.messages.pofile import read_po

from hatch_build import catalogs, compile_catalogs, compiled
from shinro.reports.words import LANGUAGES, language, say, words

ENGLISH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "greeting"
msgstr "Hello {name}"

msgid "only english"
msgstr "English"

msgid "rows"
msgid_plural "rows"
msgstr[0] "{n} row of {table}"
msgstr[1] "{n} rows of {table}"
"""
JAPANESE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "greeting"
msgstr "{name}さん、こんにちは"

msgid "rows"
msgid_plural "rows"
msgstr[0] "{table}の{n}行"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A locale folder with two domains in English, of which one is translated."""
    texts = {"en/LC_MESSAGES/a": ENGLISH, "ja/LC_MESSAGES/a": JAPANESE}
    texts["en/LC_MESSAGES/b"] = 'msgid "other domain"\nmsgstr "Other"\n'
    for name, text in texts.items():
        po = tmp_path / "src/shinro/locale" / f"{name}.po"
        po.parent.mkdir(parents=True, exist_ok=True)
        po.write_text(text, encoding="utf-8")
    compile_catalogs(tmp_path)
    return tmp_path / "src/shinro/locale"


def test_a_key_is_said_in_the_language_with_its_fields_filled(folder: Path) -> None:
    assert say(words("en", folder), "greeting", name="Sato") == "Hello Sato"
    assert say(words("ja", folder), "greeting", name="佐藤") == "佐藤さん、こんにちは"


def test_a_key_of_any_domain_is_found(folder: Path) -> None:
    assert words("en", folder).say("other domain") == "Other"


def test_what_is_not_translated_is_said_in_english_and_what_nobody_wrote_by_its_key(folder: Path) -> None:
    assert words("ja", folder).say("only english") == "English"
    assert words("ja", folder).say("nobody.wrote.this") == "nobody.wrote.this"
    assert words("ja", folder).knows("only english")
    assert not words("ja", folder).knows("nobody.wrote.this")


@pytest.mark.parametrize(
    ("lang", "n", "said"),
    [("en", 1, "1 row of leads"), ("en", 2, "2 rows of leads"), ("en", 0, "0 rows of leads"), ("ja", 2, "leadsの2行")],
)
def test_plurals(folder: Path, lang: str, n: int, said: str) -> None:
    assert words(lang, folder).plural("rows", n, table="leads") == said


def test_a_field_that_nobody_fills_stays_visible_and_does_not_stop_us(folder: Path) -> None:
    assert words("en", folder).say("greeting") == "Hello {name}"


def test_what_a_user_wrote_is_never_read_as_a_field(folder: Path) -> None:
    assert words("en", folder).say("greeting", name="{name.__class__}") == "Hello {name.__class__}"


@pytest.mark.parametrize(
    ("asked", "environ", "project", "spoken"),
    [
        ("ja", {"LANG": "en_US.UTF-8"}, ("en",), "ja"),
        (None, {"SHINRO_LANG": "ja", "LC_ALL": "en_US.UTF-8"}, ("en",), "ja"),
        (None, {"LC_ALL": "ja_JP.UTF-8", "LANG": "en_US.UTF-8"}, ("en",), "ja"),
        (None, {"LC_MESSAGES": "en_GB", "LANG": "ja_JP.eucJP"}, ("ja",), "en"),
        (None, {"LANG": "C.UTF-8", "LC_ALL": "POSIX", "LC_MESSAGES": "C"}, ("ja", "en"), "ja"),
        (None, {"LANG": ""}, ("ja", "en"), "ja"),
        (None, {"LANG": "fr_FR.UTF-8"}, ("ja", "en"), "ja"),
        ("de", {}, (), "en"),
        ("JA-jp", {}, (), "ja"),
        (None, {}, (), "en"),
    ],
)
def test_who_says_the_language(
    asked: str | None, environ: Mapping[str, str], project: tuple[str, ...], spoken: str
) -> None:
    assert language(asked, environ, project) == spoken


def test_a_catalog_compiles_to_the_same_bytes_every_time(folder: Path) -> None:
    po = folder / "en/LC_MESSAGES/a.po"
    assert compiled(po) == compiled(po) == po.with_suffix(".mo").read_bytes()


def test_only_what_changed_is_compiled_again(folder: Path) -> None:
    root = folder.parent.parent.parent
    assert compile_catalogs(root) == []
    po = folder / "en/LC_MESSAGES/b.po"
    po.write_text(po.read_text(encoding="utf-8").replace("Other", "Another"), encoding="utf-8")
    assert compile_catalogs(root) == [po.with_suffix(".mo")]


def test_a_broken_catalog_is_named_with_its_line(folder: Path) -> None:
    po = folder / "en/LC_MESSAGES/b.po"
    po.write_text('msgid "a"\nmsgstr "A"\nmsgstring "B"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"b\.po:3: "):
        compiled(po)


# The catalogs that ship.


def entries(lang: str) -> Iterator[tuple[str, Message]]:
    """Domain and message of everything that a language says."""
    for po in catalogs():
        if po.parent.parent.name == lang:
            with po.open("rb") as source:
                yield from ((po.stem, message) for message in read_po(source, abort_invalid=True) if message.id)


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def sentences(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def fields(message: Message) -> set[str]:
    """The names of the fields in it; a plural form may leave out the number itself."""
    named = {name for said in sentences(message) for _, name, _, _ in Formatter().parse(said) if name is not None}
    return named - {"n"} if message.pluralizable else named


def test_every_key_is_said_in_both_languages_in_the_same_domain() -> None:
    said = {lang: {(domain, key(message)) for domain, message in entries(lang)} for lang in LANGUAGES}
    assert said["en"]
    assert said["en"] ^ said["ja"] == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_key_stands_once_over_all_domains(lang: str) -> None:
    assert [name for name, times in Counter(key(m) for _, m in entries(lang)).items() if times > 1] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_has_its_sentence_and_none_is_in_doubt(lang: str) -> None:
    assert [key(m) for _, m in entries(lang) if m.fuzzy or not all(sentences(m))] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_has_a_plain_name(lang: str) -> None:
    assert {key(m): f for _, m in entries(lang) for f in fields(m) if not f.isidentifier()} == {}


def test_both_languages_fill_the_same_fields() -> None:
    english, japanese = ({key(m): fields(m) for _, m in entries(lang)} for lang in ("en", "ja"))
    assert {k: (english[k], japanese[k]) for k in english.keys() & japanese.keys() if english[k] != japanese[k]} == {}


def test_the_compiled_catalogs_are_fresh() -> None:
    assert [po.name for po in catalogs() if po.with_suffix(".mo").read_bytes() != compiled(po)] == []
