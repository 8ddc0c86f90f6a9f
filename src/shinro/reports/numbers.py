"""Numbers as readers write them: 5,270万円, 1.2億円, ¥52.7M, 12.3%, +2.1pt, 4,238; `–` where undefined."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from shinro.series import Meaning, Nature
from shinro.units import days, minor_digits, months, points, times

UNDEFINED = "–"
FAR = 10  # times the way to a level: farther is not told
DIGITS = 3  # of a scaled amount, so that a target and a value that differ by 1 % read differently
LATIN = ((10**9, "B"), (10**6, "M"), (10**3, "K"))
KANJI = ((10**12, "兆"), (10**8, "億"), (10**4, "万"))
FROM = {"en": 10**4, "ja": 10**4}  # smaller amounts are written out
SIGNS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
WORDS = {"JPY": "円", "USD": "ドル", "EUR": "ユーロ", "GBP": "ポンド"}
MONTHS, POINTS = months(), points()
SUFFIXES = {
    days(): {"en": " days", "ja": "日"},
    MONTHS: {"en": " months", "ja": "か月"},
    times(): {"en": "x", "ja": "倍"},
}


def number(value: Fraction | None, meaning: Meaning, lang: str) -> str:
    """A metric's value in the reader's language, rounded half up (away from zero), never `-0`."""
    if value is None:
        return UNDEFINED
    if meaning.percent:
        return f"{percent(value)}%"
    if meaning.currency:
        return money(value, meaning.currency, lang)
    whole = meaning.nature is not Nature.RATIO and value.denominator == 1
    places = 0 if whole else 1 if meaning.unit in (MONTHS, POINTS) else _places(value)
    return grouped(value, places) + SUFFIXES.get(meaning.unit, {}).get(lang, "")


def level(value: Fraction | None, meaning: Meaning, lang: str) -> str:
    """A level to be met, as `number` writes it; of a count no finer than it can be met: `36`, `3.3`."""
    counted = value is not None and any(base.startswith("count:") for base, _ in meaning.unit.powers)
    if value is None or not counted or meaning.percent or meaning.nature is Nature.RATIO:
        return number(value, meaning, lang)
    return grouped(value, 0 if value.denominator == 1 or abs(value) >= 10 else 1)  # noqa: PLR2004 - two digits


def percent(value: Fraction) -> str:
    """A share in hundredths: one decimal place, two below 1 %."""
    hundredths = value * 100
    return grouped(hundredths, 2 if 0 < abs(hundredths) < 1 else 1)


def covered(progress: Fraction) -> str:
    """The way covered to a level, in percent; where it began beside the level its share says nothing any more."""
    if progress < -1:
        return "< -100%"
    return "> 1,000%" if progress > FAR else f"{grouped(progress * 100, 0)}%"


def money(value: Fraction, currency: str, lang: str) -> str:
    """An amount of money: written out below 10,000, else in 万, 億, 兆 or K, M, B with three digits at least."""
    sign, size = "-" if rounded(value, minor_digits(currency)) < 0 else "", abs(value)
    amount = (
        scaled(size, KANJI if lang == "ja" else LATIN) if size >= FROM.get(lang, 10**4) else _written(size, currency)
    )
    if lang == "ja":
        return f"{sign}{amount}{WORDS.get(currency, f' {currency}')}"
    return f"{sign}{SIGNS.get(currency, f'{currency} ')}{amount}"


def currency_text(currency: str, lang: str) -> str:
    """A currency where it stands alone: on an axis, over a column."""
    return WORDS.get(currency, currency) if lang == "ja" else currency


def scaled(size: Fraction, scales: Sequence[tuple[int, str]]) -> str:
    """A size, no less than the smallest scale, in the largest that leaves it 1 or more; trailing zeros left out."""
    n, (scale, word) = next((n, each) for n, each in enumerate(scales) if size >= each[0])
    part = size / scale
    places = max(0, DIGITS - len(str(int(part))))
    if n and rounded(part, places) * scale >= scales[n - 1][0]:
        return f"1{scales[n - 1][1]}"
    return _trimmed(grouped(part, places)) + word


def _written(size: Fraction, currency: str) -> str:
    places = minor_digits(currency)
    return grouped(size, 0 if rounded(size, places).denominator == 1 else places)


def change(after: Fraction | None, before: Fraction | None, meaning: Meaning) -> str:
    """How far a value moved: points of a percentage or an index, else the share of where it was.

    `–` where there is no share.
    """
    if after is None or before is None:
        return UNDEFINED
    if meaning.percent:
        return signed((after - before) * 100, "pt")
    if meaning.unit == POINTS:
        return signed(after - before, "pt")
    return signed((after - before) / abs(before) * 100, "%") if before else UNDEFINED


def gap(amount: Fraction | None, meaning: Meaning, lang: str) -> str:
    """A difference in a metric's own unit, with its sign: `-31`, `+0.4pt`, `-120万円`; counts by tenths below 100."""
    if amount is None:
        return UNDEFINED
    if meaning.percent:
        return signed(amount * 100, "pt", 2 if 0 < abs(amount) < Fraction(1, 100) else 1)
    if meaning.currency:
        return _with_sign(money(amount, meaning.currency, lang))
    counted = any(base.startswith("count:") for base, _ in meaning.unit.powers) and meaning.nature is not Nature.RATIO
    places = 0 if amount.denominator == 1 else min(_places(amount), 1 if counted and abs(amount) >= 1 else 2)
    return _with_sign(grouped(amount, places) + SUFFIXES.get(meaning.unit, {}).get(lang, ""))


def _with_sign(text: str) -> str:
    """A `+` before what is more than nothing, `±` before what rounds to it."""
    if text.startswith("-"):
        return text
    return f"+{text}" if any(each in "123456789" for each in text) else f"±{text}"


def signed(value: Fraction, suffix: str, places: int = 1) -> str:
    """A number with its sign and one decimal place: `+2.1pt`, `-0.3pt`, `±0.0%`."""
    text = grouped(value, places)
    mark = "±" if rounded(value, places) == 0 else "" if value < 0 else "+"
    return f"{mark}{text}{suffix}"


def grouped(value: Fraction, places: int) -> str:
    """A number with so many decimal places and thousands set apart."""
    found = rounded(value, places)
    units = abs(found.numerator) * 10**places // found.denominator
    whole, part = divmod(units, 10**places)
    return f"{'-' if found < 0 else ''}{whole:,}" + (f".{part:0{places}}" if places else "")


def rounded(value: Fraction, places: int) -> Fraction:
    """A number to so many decimal places, halves away from zero. Law: within half a unit of the last place."""
    units = int(abs(value) * 10**places + Fraction(1, 2))
    return Fraction(-units if value < 0 else units, 10**places)


def _places(value: Fraction) -> int:
    """Two decimal places for small numbers, fewer for large ones."""
    return 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0  # noqa: PLR2004 - three digits


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
