"""Wording: sentences on a path, in the many ways in which people write numbers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

KANJI = ((10**8, "億"), (10**4, "万"))
LATIN = ((10**6, "M"), (10**3, "K"))


def decimals(value: Fraction, places: int) -> str:
    """Rounded half up, without trailing work: `4.0`, `27.5`."""
    units = int(abs(value) * 10**places + Fraction(1, 2))
    whole, part = divmod(units, 10**places)
    return f"{whole:,}" + (f".{part:0{places}}" if places else "")


def counts(value: int, noun: str = "") -> Iterator[str]:
    """A whole number as people write it."""
    yield f"{value}{noun}"
    yield f"{value:,}{noun}"
    yield f"{value}{noun}".translate(str.maketrans("0123456789", "０１２３４５６７８９"))


def yen_ja(value: int) -> Iterator[str]:
    yield f"{value:,}円"
    for scale, word in KANJI:
        if value >= scale:
            yield f"{decimals(Fraction(value, scale), 2 if value < 10 * scale else 1)}{word}円"
    if value >= 10**6:
        yield f"{decimals(Fraction(value, 10**6), 2)}百万円"


def yen_en(value: int) -> Iterator[str]:
    yield f"¥{value:,}"
    yield f"JPY {value:,}"
    for scale, word in LATIN:
        if value >= scale:
            yield f"¥{decimals(Fraction(value, scale), 2)}{word}"
            yield f"¥{decimals(Fraction(value, scale), 2)}{word.lower()}"


def shares(value: Fraction) -> Iterator[str]:
    yield f"{decimals(value * 100, 1)}%"
    yield f"{decimals(value * 100, 1)}％"
    yield f"{decimals(value * 100, 2)} percent"
    yield f"{decimals(value * 100, 1)}パーセント"


FROM_TO = (
    "{name}は{a}から{b}に",
    "{name}が{a}→{b}になりました",
    "{n}か月で{name}が{a}から{b}へ",
    "{name}:{a} ⇒ {b}",
    "直近{n}ヶ月で、{name}は{b}({a}から)",
    "{name} went from {a} to {b}",
    "From {a} to {b} {name} in {n} months",
    "{name}: {a} -> {b}",
    "{name} now at {b}, from {a} {n} months ago",
    "We went from {a} to {b} in {name} over {n} months.",
    "{name} of {b} ({a} at the start)",
)
TIMES = (
    "{name}は{n}か月で{x}倍({a}から{b})",
    "{name}が{a}から{b}に({x}倍)",
    "{name} grew {x}x in {n} months, from {a} to {b}",
    "{name}: {a} to {b} ({x}×)",
    "{name} is up {x} times, from {a} to {b}",
)
GROWTH = (
    "{name}は{a}から{b}へ、{g}%増",
    "{name}は{g}%成長し{b}に({a}から)",
    "{name} grew {g}%, from {a} to {b}",
    "{name} up {g}% to {b} from {a}",
)
POINTS = (
    "{name}は{a}から{b}へ{p}ポイント変化",
    "{name}は{p}pt動いて{b}に",
    "{name} moved {p} percentage points, from {a} to {b}",
    "{name} moved {p} pts to {b}",
)
