"""Every code and reason that loading speaks has its sentences in both languages, with fields that the problem fills."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shinro import warehouse
from shinro.reports.words import LANGUAGES, words

ROOM = Path(warehouse.__file__).parent
CODES = sorted(
    {code for path in ROOM.glob("*.py") for code in re.findall(r'"(L\d{3})"', path.read_text(encoding="utf-8"))}
)
REASONS = (
    "number", "currency", "date", "ambiguous date", "truth", "too many columns", "too few columns", "encoding", "quote",
    "too long", "formula",
)  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_sentences(code: str, lang: str) -> None:
    for part in ("says", "next"):
        assert words(lang).say(f"{code}.{part}") != f"{code}.{part}"


@pytest.mark.parametrize("code", CODES)
def test_both_languages_fill_the_same_fields(code: str) -> None:
    fields = [
        sorted(re.findall(r"{(\w+)}", words(lang).say(f"{code}.says") + words(lang).say(f"{code}.next")))
        for lang in LANGUAGES
    ]
    assert set(fields[0]) == set(fields[1])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_its_words(reason: str, lang: str) -> None:
    assert words(lang).say(f"reject.{reason}") != f"reject.{reason}"
