"""Every code of the language has its sentences in both languages, and an example that brings it about."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from shinro import definitions
from shinro.definitions import phrases
from shinro.definitions.grammar import formula, where
from shinro.definitions.tokens import Mistake
from shinro.problems import Problem
from shinro.reports.words import LANGUAGES, words

EXAMPLES: dict[str, tuple[Callable[[str], object], str]] = {
    "Q101": (where, "a in 1"),
    "Q102": (where, "a ; b"),
    "Q103": (where, "kind = 'call"),
    "Q104": (where, "a in (1,000)"),
    "Q105": (where, "uper(a) = 'X'"),
    "Q106": (where, "length(a, b) = 1"),
    "Q107": (formula, "-" * 70 + "a"),
    "Q108": (where, "1 < a < 5"),
    "Q109": (phrases.condition, "mrr >= goal"),
    "Q110": (phrases.condition, "展示会出展"),
    "Q111": (phrases.change, "80"),
    "Q112": (phrases.duration, "3 moons"),
    "Q113": (formula, "leads > 3"),
    "Q114": (where, "kind = 'call' and kind = 3"),
    "Q115": (phrases.condition, "companies >= 30社"),
    "Q116": (where, "kind = 「call」"),
    "Q117": (where, "a != null"),
    "Q118": (formula, "previous(a + b)"),
    "Q119": (phrases.level, "2pt"),
    "Q120": (where, "a = and"),
    "Q121": (where, "(a = 1"),
    "Q122": (where, "a ="),
    "Q123": (where, "a b"),
    "Q124": (where, "a. = 1"),
    "Q125": (where, "won / closed > 0.5"),
    "Q126": (where, "previous(a) = 1"),
    "Q127": (where, "kind < 'x'"),
    "Q128": (where, "closed - 2026-04-01 > 3"),
    "Q129": (phrases.due, "soon"),
    "Q144": (phrases.condition, "reply_rate >= 8% over 2 hours"),
}


def problem(code: str) -> Problem:
    reader, text = EXAMPLES[code]
    with pytest.raises(Mistake) as caught:
        reader(text)
    return caught.value.problem


def test_every_code_that_the_language_speaks_has_an_example() -> None:
    rooms = Path(definitions.__file__).parent
    spoken = {code for name in ("tokens", "cursor", "grammar", "roles", "phrases")
              for code in re.findall(r'"(Q1\d\d)"', (rooms / f"{name}.py").read_text(encoding="utf-8"))}  # fmt: skip
    assert spoken == set(EXAMPLES)


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_example_brings_its_code_about(code: str) -> None:
    assert problem(code).code == code


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", EXAMPLES)
@pytest.mark.parametrize("part", ["says", "next"])
def test_every_sentence_is_there_and_filled_in(code: str, part: str, lang: str) -> None:
    sentence = words(lang).say(f"{code}.{part}", **problem(code).args)
    assert sentence != f"{code}.{part}"
    assert not re.search(r"\{\w+\}", sentence)
    assert bool(re.search(r"[ぁ-ん]", sentence.replace("30社", "").replace("3か月", ""))) is (lang == "ja")
