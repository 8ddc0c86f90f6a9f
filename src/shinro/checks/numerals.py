"""Numerals: numbers and times that a sentence spells, written as digits: `doubled` is `2x`, 半年 is 6か月."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Words:
    """A pattern whose Latin words end where Japanese begins: the word `mrr` is found in `mrrは`.

    Compiled when it is first looked for: most checks of a project never look.
    """

    pattern: str

    def search(self, text: str) -> re.Match[str] | None:
        """The first place where it is found."""
        return _compiled(self.pattern).search(text)

    def match(self, text: str, at: int = 0) -> re.Match[str] | None:
        """What it is at a place."""
        return _compiled(self.pattern).match(text, at)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every place where it is found."""
        return _compiled(self.pattern).finditer(text)

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str) -> str:
        """The text with what is found written in another way."""
        return _compiled(self.pattern).sub(by, text)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
KANJI = "〇一二三四五六七八九"
_ONES = "|".join(sorted(ONES[2:], key=len, reverse=True))
_TENS = "|".join(TENS)
_ONE = r"one(?= (?:months?|years?|quarters?|weeks?|per ?cent|points?|in \d|paying|customers?|compan))"
_NUMBER = Words(rf"\b(?:({_TENS})(?:[- ]({_ONES}|one))?|({_ONES}|zero|{_ONE}))\b")
_COUNTER = r"(?=倍|社|[かヶカヵケ箇]月|割|名|人に|件|年間|週間|四半期|ポイント)"
_KANJI = Words(rf"(?<![一-龠])[{KANJI}十百]+{_COUNTER}")
_HUNDREDS = Words(r"(?:\ba (hundred|thousand|million|billion)|(?<![\d.,])(\d{1,2}) (hundred))\b")
_NO_NUMBER = Words(r"[①-⑳❶-❿]|^ ?\d{1,2}[.)] |24/7|24時間(?:365日)?")  # of a list; always open
_SIZES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}

SPELT: tuple[tuple[Words, str], ...] = tuple(
    (Words(pattern), digits)
    for pattern, digits in (
        (r"\b(?:doubl(?:ed|es|ing|e)|twice|two-?fold)\b", "2x"),
        (r"\b(?:tripl(?:ed|es|ing|e)|trebl(?:ed|es|ing|e)|three-?fold)\b", "3x"),
        (r"\b(?:quadrupl(?:ed|es|ing|e)|four-?fold)\b", "4x"),
        (r"\b(?:quintupl(?:ed|es|ing|e)|five-?fold)\b", "5x"),
        (r"\bten-?fold\b", "10x"),
        (r"\b(?:halv(?:ed|es|ing)|cut (?:it )?(?:in|by) half|by half)\b", "0.5x"),
        (r"\bhalf(?: a |-)years?\b|\bsix-month\b", "6 months"),
        (r"\b(?:a|one|the past|the last|past|last) year\b", "1 year"),
        (r"\b(?:a|one) quarter(?= (?:ago|earlier|before|later))", "1 quarter"),
        (r"半年", "6か月"),
        (r"ゼロ", "0"),
        (r"倍増(?!し続)", "2倍"),
        (r"半減|半分", "0.5倍"),
        (r"(?<![\d.数何幾一二三四五六七八九十])倍(?=に|へ|以上|近く|弱|強|超|[。、!)]|$)", "2倍"),
    )
)


def narrowed(text: str) -> str:
    """A sentence in small letters and narrow signs, its spelt numbers as digits. Cost: linear in the text.

    >>> narrowed("２４社から七十二社に、Paying companies tripled in half a year")
    '24社から72社に、paying companies 3x in 6 months'
    """
    found = unicodedata.normalize("NFKC", _NO_NUMBER.sub(" ", text)).lower().replace("−", "-").replace("’", "'")
    for pattern, digits in SPELT:
        found = pattern.sub(digits, found)
    found = _NUMBER.sub(_english, found)
    found = _HUNDREDS.sub(lambda each: str(int(each[2] or 1) * _SIZES[each[1] or each[3]]), found)
    return _KANJI.sub(_kanji, found)


def _english(found: re.Match[str]) -> str:
    tens, ones, alone = found.groups()
    if alone:
        return str(ONES.index(alone))
    return str((TENS.index(tens) + 2) * 10 + (ONES.index(ones) if ones else 0))


def _kanji(found: re.Match[str]) -> str:
    total, digit = 0, 0
    sizes: dict[str, Callable[[int], int]] = {"十": lambda each: (each or 1) * 10, "百": lambda each: (each or 1) * 100}
    for character in found[0]:
        if character in sizes:
            total, digit = total + sizes[character](digit), 0
        else:
            digit = digit * 10 + KANJI.index(character)
    return str(total + digit)
