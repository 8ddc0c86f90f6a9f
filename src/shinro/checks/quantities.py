"""Quantities: the numbers that a sentence tells, in Japanese and in English, each with how exactly it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from shinro.checks.dated import dates
from shinro.checks.numerals import Words, narrowed


class Sort(Enum):
    """What a number in a sentence is."""

    AMOUNT = "amount"  # a count, money, a score
    PERCENT = "percent"
    POINTS = "points"
    TIMES = "times"
    SPAN = "span"  # a length of time: days, or months


class Lean(Enum):
    """How a number leans on the true one."""

    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"  # the true one is more
    UNDER = "under"  # the true one is less
    NEARLY = "nearly"  # a little less


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it is told: 27.5% is 0.275. `unit` is what its last written digit is worth; a span is in `of`."""

    text: str
    sort: Sort
    value: Fraction
    unit: Fraction
    start: int
    end: int
    lean: Lean = Lean.EXACT
    of: str = ""  # of a span: day, week, month, quarter, year
    currency: str = ""
    signed: bool = False


CURRENCIES = {
    "¥": "JPY", "円": "JPY", "yen": "JPY", "jpy": "JPY", "$": "USD", "usd": "USD", "ドル": "USD", "dollar": "USD",
    "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP",
}  # fmt: skip
_NUM = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
SCALES = {
    "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "億": 10**8, "兆": 10**12, "k": 10**3, "thousand": 10**3,
    "m": 10**6, "mn": 10**6, "mm": 10**6, "million": 10**6, "b": 10**9, "bn": 10**9, "billion": 10**9,
}  # fmt: skip
_SCALE = r"千万|百万|[千万億兆]|(?:thousand|million|billion|mn|mm|bn|k|m|b)(?![a-z])"
# No part of a name (d30, b2b, #1), unless the name is a metric's and Japanese puts no blank after it: NRR108%.
_ALONE = r"(?:(?<![a-z\d.,#第])|(?<=[mangd]rr)|(?<=ltv)|(?<=nps)|(?<=arp[au])|(?<=cac)|(?<=[dwm]au)|(?<=gmv)|(?<=acv))"
NUMBER = Words(
    rf"(?P<sign>[+-](?=[¥$€£\d]))?(?:(?:¥|\$|€|£|(?:jpy|usd|eur"
    rf"|gbp) ?) ?)?{_ALONE}(?P<num>{_NUM}) ?(?P<scale>{_SCALE})?"
)
PART_OF = Words(r"(?<!\d)([2-9]|10)分の([1-9])(?!\d)")
_GAP = r"[ -]?(?:straight |consecutive |successive |more |full )?"
SUFFIXES: tuple[tuple[Words, Sort, Fraction, str], ...] = tuple(
    (Words(pattern), sort, Fraction(worth), of)
    for pattern, sort, worth, of in (
        (r" ?%? ?(?:ポイント|pts?\b|ppts?\b|pp\b|(?:percentage |percent )?points?\b)", Sort.POINTS, "1/100", ""),
        (r" ?(?:bps\b|basis points?\b)", Sort.POINTS, "1/10000", ""),
        (r" ?(?:%|パーセント|percent\b|per cent\b|pct\b)", Sort.PERCENT, "1/100", ""),
        (r"割", Sort.PERCENT, "1/10", ""),
        (r" ?(?:倍|x(?![a-z])|×|-?fold\b|times\b(?! (?:a|per)\b))", Sort.TIMES, "1", ""),
        (_GAP + r"(?:[かヶカヵケ箇]月間?|months?\b|mos?\b)", Sort.SPAN, "1", "month"),
        (_GAP + r"(?:四半期間?|quarters?\b)", Sort.SPAN, "1", "quarter"),
        (_GAP + r"(?:週間?|weeks?\b)", Sort.SPAN, "1", "week"),
        (_GAP + r"(?:日間?(?!本)|days?\b)", Sort.SPAN, "1", "day"),
        (_GAP + r"(?:年間?(?!商|収)|years?\b|yrs?\b)", Sort.SPAN, "1", "year"),
    )
)
_COUNTED = Words(r" ?(?:社|名|人|件|口|本|台|店舗?|回|円|ドル|dollars?\b|eur\b|yen\b|jpy\b|usd\b)")
_NOT_SAID = Words(r"(?:社|名|人|件|リード)?(?:あたり|当たり|につき|ごと)|位|つ(?:の|目)| ?(?:st|nd|rd|th)\b")
_BEFORE = {
    Lean.NEARLY: Words(r"(?:nearly|almost|just under|just below|close to|ほぼ)\s?(?:a )?$"),
    Lean.OVER: Words(
        r"(?:more than|over|above|exceed\w*|at least|upwards of|past(?: the)?|passed"
        r"|surpass\w*|beyond|north of|(?<![-=])>) ?$"
    ),
    Lean.UNDER: Words(r"(?:less than|under|below|fewer than|at most|<) ?$"),
    Lean.ABOUT: Words(
        r"(?:約|およそ|おおよそ|概ね|おおむね|ざっと|about|around|approx\w*\.?|roughly|some|circa|~|≈) ?$"
    ),
}
_AFTER = {
    Lean.OVER: Words(r"^ ?(?:\+|超|以上|強|余り?|あまり|台|を(?:超|突破|上回)|plus\b|or more)"),
    Lean.UNDER: Words(r"^ ?(?:未満|以下|を(?:下回|切)|or less|or fewer)"),
    Lean.NEARLY: Words(r"^ ?(?:近く|弱|に迫)"),
    Lean.ABOUT: Words(r"^ ?(?:ほど|程度|前後|くらい|ぐらい|or so)"),
}


def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of a sentence in order, dates and ordinals left out. Cost: linear in the text.

    >>> [(each.text, each.sort.value, str(each.value)) for each in quantities("MRRは1億2,000万円(4.0倍)")]
    [('1億2,000万円', 'amount', '120000000'), ('4.0倍', 'times', '4')]
    """
    return tuple(sorted(_merged(_found(narrowed(text))), key=lambda each: each.start))


def _found(text: str) -> Iterator[tuple[Quantity, bool]]:
    """Each number, and whether it is the greater part of the one that follows (`1億` of `1億2,000万`)."""
    parts = [*PART_OF.finditer(text)]
    yield from ((_part(each), False) for each in parts)
    taken = [*((each.start, each.end) for each in dates(text)), *((each.start(), each.end()) for each in parts)]
    for found in NUMBER.finditer(text):
        if any(start < found.end("num") and found.start("num") < end for start, end in taken):
            continue
        if _NOT_SAID.match(text, found.end()):
            continue
        yield _quantity(text, found), bool(found["scale"]) and text[found.end() : found.end() + 1].isdigit()


def _part(found: re.Match[str]) -> Quantity:
    """3分の2 is 0.67 times, told by the tenth."""
    value = Fraction(int(found[2]), int(found[1]))
    return Quantity(found[0], Sort.TIMES, value, Fraction(1, 10), found.start(), found.end())


def _quantity(text: str, found: re.Match[str]) -> Quantity:
    number = Decimal(found["num"].replace(",", ""))
    scale = SCALES.get(found["scale"] or "", 1)
    exponent = number.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    sort, worth, of, end = _sort(text, found.end())
    if sort is Sort.AMOUNT and text[: found.start()].endswith("factor of "):
        sort = Sort.TIMES
    size = scale * worth
    return Quantity(
        text=text[found.start() : end].strip(),
        sort=sort,
        value=Fraction(number) * size,
        unit=Fraction(size, 10**places),
        start=found.start(),
        end=end,
        lean=_lean(text[: found.start()], text[end : end + 8]),
        of=of,
        currency=_currency(text[found.start() : end]),
        signed=bool(found["sign"]),
    )


def _sort(text: str, at: int) -> tuple[Sort, Fraction, str, int]:
    for pattern, sort, worth, of in SUFFIXES:
        suffix = pattern.match(text, at)
        if suffix:
            return sort, worth, of, suffix.end()
    counted = _COUNTED.match(text, at)
    return Sort.AMOUNT, Fraction(1), "", counted.end() if counted else at


def _currency(text: str) -> str:
    """The currency that an amount is written in, where it says so."""
    signs = (name for sign, name in CURRENCIES.items() if sign in text)
    return next(signs, "")


def _lean(before: str, after: str) -> Lean:
    for lean, pattern in (*_AFTER.items(), *_BEFORE.items()):
        if pattern.search(after if pattern.pattern.startswith("^") else before[-16:]):
            return lean
    return Lean.EXACT


def _merged(found: Iterator[tuple[Quantity, bool]]) -> Iterator[Quantity]:
    """Numbers with the greater parts before them added."""
    held: Quantity | None = None
    for quantity, goes_on in found:
        whole = quantity
        if held and held.end == quantity.start:
            lean = quantity.lean if held.lean is Lean.EXACT else held.lean
            whole = replace(
                quantity, text=held.text + quantity.text, value=held.value + quantity.value, start=held.start, lean=lean
            )
        held = whole if goes_on else None
        if not goes_on:
            yield whole
