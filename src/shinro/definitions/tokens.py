"""Tokens: the words, numbers and signs of a written expression, each with its offset; and the mistake that stops us.

Full-width digits and signs are read as their ASCII twins, one character for one, outside texts and names.
Outside any parentheses a comma inside a number cuts off thousands; inside parentheses a comma always separates.

ShinroError
└─ Mistake   carries one problem; the reader of the file catches it
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from operator import mul
from typing import Literal, TypeAlias

from shinro.problems import Place, Problem, ShinroError
from shinro.units import CURRENCIES, CURRENCY_SIGNS, SCALES, decimal_text, narrow, plain_number

Kind: TypeAlias = Literal["number", "text", "day", "name", "word", "sign", "end"]

NOWHERE = Place("")
MAX_LENGTH = 4000
MAX_DEPTH = 64
MAX_DIGITS = 18  # as many as a 64-bit integer surely holds
WORDS = frozenset({"or", "and", "not", "in", "between", "is", "null", "true", "false"})
ALIASES = {"==": "=", "<>": "!=", "≤": "<=", "≥": ">=", "≠": "!="}
MYRIADS = (10**12, 10**8, 10**4, 1)
SCALE_WORDS = SCALES | {"百万": 10**6, "千万": 10**7, "十億": 10**9, "百億": 10**10, "千億": 10**11}
POINTS = ("pt", "pts", "ポイント")
MONEY = CURRENCY_SIGNS | {code: code for code in CURRENCIES}


class Mistake(ShinroError):  # noqa: N818 - the word is the name
    """The first thing wrong in what was written."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(f"{problem.place} {problem.code}")


@dataclass(frozen=True, slots=True)
class Source:
    """An expression as written, and the place of its first character."""

    text: str
    place: Place = NOWHERE

    def mistake(self, code: str, at: int, **args: object) -> Mistake:
        """A mistake at an offset: its place moved there; its hint the line that it is in and the caret's offset from 0.

        An expression of several lines keeps the place of its first character, since YAML has taken the indentation
        away; the hint still shows the right line and caret.
        """
        start = self.text.rfind("\n", 0, at) + 1
        line = self.text[start:].partition("\n")[0]
        place = self.place if "\n" in self.text else self.place.shifted(at)
        return Mistake(Problem(place, code, args, hint=(line, at - start)))


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the language.

    `value` is a sign or a reserved word as we write it, a name or a text without quotes, a number as written; `unit` is
    that of a number, or the quote of a text or a name.
    """

    kind: Kind
    at: int
    end: int
    value: str = ""
    number: Fraction = Fraction(0)
    unit: str = ""
    day: date = date.min


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_SPACE = re.compile(r"\s+")
_UNFIT = re.compile(r"[\x00\ud800-\udfff]")
_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})(?![\w-])|/(\d{1,2})/(\d{1,2})(?![\w/])|年(\d{1,2})月(\d{1,2})日)", re.ASCII
)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DIGITS = re.compile(r"(?:\d+(?:,\d+)*|(?=\.\d))(?:\.\d+)*", re.ASCII)
_SEPARATED_DIGITS = re.compile(r"(?:\d+|(?=\.\d))(?:\.\d+)*", re.ASCII)
_STEP = r"(\d,\d{3}|\d千|\d{1,4})"
_MYRIADS = re.compile(rf"(?:{_STEP}兆)?(?:{_STEP}億)?(?:{_STEP}万)?{_STEP}?(?!\.?\d|[千万億兆kKMB])", re.ASCII)
_BEFORE = re.compile(rf"([¥$€£])\s*(?=\.?\d)|({_any_of(CURRENCIES)})\s+(?=\.?\d)", re.ASCII)
_AFTER = re.compile(
    rf"\s*(?P<scale>{_any_of(SCALE_WORDS)})?\s*(?:(?P<sign>[%¥$€£])|(?P<word>{_any_of([*POINTS, *MONEY])})(?![\w・]))"
    rf"|\s*(?P<alone>{_any_of(SCALE_WORDS)})(?![\w・])"
)
_TEXT = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)+`")
_SIGN = re.compile(r"<=|>=|==|<>|!=|[≤≥≠]|[-+*/<>=(),.]")
_TRIANGLES = frozenset("▲△")  # a minus in a sheet
_CURLY = frozenset("‘’“”„‟«»「」『』＂＇´′″")


def is_name_start(letter: str) -> bool:
    """Whether a name can start with the letter without backquotes: a letter of any script, or `_`."""
    return letter.isidentifier() or letter == "＿"


def is_name_part(letter: str) -> bool:
    """Whether the letter can stand inside a name: also digits and the middle dot of katakana."""
    return f"_{letter}".isidentifier() or letter in "・･"


def is_plain_name(name: str) -> bool:
    """Whether a name needs no backquotes."""
    return is_name_start(name[:1]) and all(map(is_name_part, name)) and name.lower() not in WORDS


def tokens(source: Source, start: int = 0) -> tuple[Token, ...]:
    """The tokens of an expression from an offset on, an `end` last. Raises Mistake: Q102-Q104, Q107, Q115, Q116."""
    if len(source.text) > MAX_LENGTH:
        raise source.mistake("Q107", MAX_LENGTH, length=MAX_LENGTH, depth=MAX_DEPTH)
    unfit = _UNFIT.search(source.text)
    if unfit:
        raise source.mistake("Q102", unfit.start(), character=f"U+{ord(unfit[0]):04X}")
    return (*_Scan(source).tokens(start), Token("end", len(source.text), len(source.text)))


class _Scan:
    """One pass over the text: `plain` is the text with full-width signs narrowed, `open` counts parentheses."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.plain = narrow(source.text).replace("ｐｔ", "pt").replace("！", "!")
        self.open = 0

    def tokens(self, start: int) -> Iterator[Token]:
        at = self._past_space(start)
        while at < len(self.text):
            token = self._token(at)
            self.open += (token.kind, token.value) == ("sign", "(")
            self.open -= (token.kind, token.value) == ("sign", ")")
            yield token
            at = self._past_space(token.end)

    def _past_space(self, at: int) -> int:
        space = _SPACE.match(self.text, at)
        return space.end() if space else at

    def _token(self, at: int) -> Token:
        token = self._day(at) or self._number(at) or self._name(at) or self._quoted(at)
        if token:
            return token
        sign = _SIGN.match(self.plain, at)
        if sign:
            return Token("sign", at, sign.end(), ALIASES.get(sign[0], sign[0]))
        raise self._unknown(at)

    def _unknown(self, at: int) -> Mistake:
        letter = self.text[at]
        if letter in "'\"`":
            return self.source.mistake("Q103", at, quote=letter)
        if letter in _TRIANGLES:
            return self.source.mistake("Q102", at, character=letter, case="minus")
        return self.source.mistake("Q116" if letter in _CURLY else "Q102", at, character=letter)

    def _day(self, at: int) -> Token | None:
        """`2026-04-01` or `2026年4月1日`; the looser forms are refused with the one to write."""
        found = _DAY.match(self.plain, at)
        if not found:
            return None
        year, month, day = (int(part) for part in found.groups() if part)
        loose = "年" not in found[0] and not _ISO_DAY.fullmatch(found[0])
        try:
            value = date(year, month, day)
        except ValueError:
            loose = True
        if loose:
            raise self.source.mistake("Q104", at, text=found[0])
        return Token("day", at, found.end(), value.isoformat(), day=value)

    def _number(self, at: int) -> Token | None:
        """`[currency] digits [scale] [% | pt | currency]`, or digits in myriads: `1億2000万円`."""
        before = _BEFORE.match(self.plain, at)
        start = before.end() if before else at
        value, end = self._myriads(start) or self._digits(start) or (Fraction(0), start)
        if end == start:
            return None
        scale, unit, end = self._unit_after(end)
        value *= scale
        if sum(map(str.isdigit, decimal_text(value))) > MAX_DIGITS:
            raise self.source.mistake("Q104", at, text=self.text[at:end])
        if before and unit not in ("", MONEY[before[1] or before[2]]):
            raise self.source.mistake("Q115", at, text=self.text[at:end])
        unit = MONEY[before[1] or before[2]] if before else unit
        value /= 100 if unit in ("%", "pt") else 1
        return Token("number", at, end, self.text[at:end], number=value, unit=unit)

    def _myriads(self, at: int) -> tuple[Fraction, int] | None:
        """Two or more steps in a row: `1億2000万`, `1億2千万`, `1万5千`."""
        found = _MYRIADS.match(self.plain, at)
        steps = found.groups("") if found else ()
        if not found or sum(map(bool, steps)) < 2 or (self.open and "," in found[0]):  # noqa: PLR2004 - one is a scale
            return None
        digits = (int(step.replace(",", "").replace("千", "000") or 0) for step in steps)
        return Fraction(sum(map(mul, digits, MYRIADS))), found.end()

    def _digits(self, at: int) -> tuple[Fraction, int] | None:
        digits = (_SEPARATED_DIGITS if self.open else _DIGITS).match(self.plain, at)
        if not digits or not digits[0]:
            return None
        value = plain_number(digits[0])
        if value is None or re.match(r"0\d", digits[0]):
            raise self.source.mistake("Q104", at, text=digits[0])
        return value, digits.end()

    def _unit_after(self, at: int) -> tuple[int, str, int]:
        after = _AFTER.match(self.plain, at)
        if not after:
            return 1, "", at
        scale = after["scale"] or after["alone"]
        unit = after["sign"] or after["word"] or ""
        return SCALE_WORDS.get(scale, 1), "pt" if unit in POINTS else MONEY.get(unit, unit), after.end()

    def _name(self, at: int) -> Token | None:
        """A reserved word in any case, or a name as it stands."""
        if not is_name_start(self.text[at]):
            return None
        end = at + 1
        while end < len(self.text) and is_name_part(self.text[end]):
            end += 1
        name = self.text[at:end]
        word = name.lower() in WORDS
        return Token("word" if word else "name", at, end, name.lower() if word else name)

    def _quoted(self, at: int) -> Token | None:
        """'text' or "text", or a `name` with any letters in it; a quote inside stands twice."""
        found = _TEXT.match(self.text, at)
        if not found:
            return None
        quote = found[0][0]
        value = found[0][1:-1].replace(quote * 2, quote)
        return Token("name" if quote == "`" else "text", at, found.end(), value, unit=quote)
