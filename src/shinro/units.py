"""Units: what a number counts; and numbers as people write them (`1,200,000円`, `100万円`, `5%`, `１２`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

SCALES = {"千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12, "k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9}
MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "JOD": 3, "TND": 3}
CURRENCY_SIGNS = {"円": "JPY", "¥": "JPY", "￥": "JPY", "$": "USD", "€": "EUR", "£": "GBP", "ドル": "USD"}
CURRENCIES = frozenset({
    "AUD", "BRL", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "HKD", "IDR", "INR", "JPY", "KRW", "MXN", "MYR", "NOK",
    "NZD", "PHP", "PLN", "SEK", "SGD", "THB", "TWD", "USD", "VND", "ZAR", "CLP", "ISK", "KWD", "BHD", "JOD", "TND",
})  # fmt: skip

# One character for one, so that columns stay true.
FULL_WIDTH = str.maketrans(
    "０１２３４５６７８９．，％＋－−―＊×／÷（）＝＜＞￥＄＿：" + "≦≧≤≥≠",
    "0123456789.,%+---**//()=<>¥$_:" + "≤≥≤≥≠",
)
SHEET = Context(prec=15)  # the digits that a cell of a spreadsheet holds
# The end of an amount's header that says what it is in: `（万円）`, `(税抜・千円)`, `（千円、税込）`, `($K)`.
_REST = r"(?:[\s・:：、,][^)）\]］】]*)?"
SAID_IN = re.compile(
    r"[\s_]*(?:[(（\[［【](?:[^)）\]］】]*[\s・:：、,])?(?P<inside>十億|百万|億|万|千)(?:円|ドル|ユーロ|元)?"
    + _REST
    + r"[)）\]］】]"
    r"|(?P<outside>十億|百万|億|万|千)円"
    r"|[(\[](?:in )?(?:[a-z]{3} |[$¥€£] ?)?(?P<word>thousand|million|billion)s?(?: (?:[a-z]{3}|dollars|euros))?"
    + _REST
    + r"[)\]]"
    r"|[(\[](?:[a-z]{3} |[$¥€£] ?)(?P<letter>k|m|mm|bn)" + _REST + r"[)\]])$",
    re.IGNORECASE,
)
_IN = {"千": "thousand", "万": "ten thousand", "百万": "million", "億": "hundred million", "十億": "billion"}
_IN |= {"k": "thousand", "m": "million", "mm": "million", "bn": "billion"}
# What a row above a sheet's headers says: `単位：千円`, `(単位: 円)`, `Unit: JPY thousand`, `in millions of yen`.
_ABOVE = re.compile(
    r"単位 ?(?:[:=は] ?)?(?P<scale>十億|百万|億|万|千)? ?(?:円|ドル|ユーロ|元)"
    r"|\b(?:in|units? ?[:=]) ?(?:[a-z]{3} |[$¥€£] ?)?(?P<word>thousand|million|billion)s?\b"
    r"|\bunits? ?[:=] ?(?:yen|jpy|usd|eur|dollars?|euros?|[$¥€£])(?![a-z])",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"[(\[【](?:[^)\]】]*[\s・:、,])?(?:円|ドル|ユーロ|元|yen|jpy|usd|eur|[$¥€£])" + _REST + r"[)\]】]$", re.IGNORECASE
)
_PLAIN = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers of bases: `money:JPY`, `count:leads`, `time:day`, `score:nps`; none for a pure number."""

    powers: tuple[tuple[str, int], ...] = ()

    def __mul__(self, other: Unit) -> Unit:
        return _unit([*self.powers, *other.powers])

    def __truediv__(self, other: Unit) -> Unit:
        return _unit([*self.powers, *((base, -power) for base, power in other.powers)])

    def __str__(self) -> str:
        over = "·".join(_power(base, power) for base, power in self.powers if power > 0)
        under = "·".join(_power(base, -power) for base, power in self.powers if power < 0)
        return f"{over or '1'}/{under}" if under else over or "1"

    @property
    def currency(self) -> str | None:
        """The currency of plain money, also per something; None for anything else."""
        money = [base.removeprefix("money:") for base, power in self.powers if base.startswith("money:") and power == 1]
        return money[0] if len(money) == 1 else None

    @property
    def kind(self) -> Unit:
        """The unit with all nouns taken as one: contacts and leads may be added, yen and people may not."""
        return _unit([("count" if base.startswith("count:") else base, power) for base, power in self.powers])


def _power(base: str, power: int) -> str:
    noun = base.split(":", 1)[-1]
    return noun if power == 1 else f"{noun}^{power}"


def _unit(powers: list[tuple[str, int]]) -> Unit:
    total: dict[str, int] = {}
    for base, power in powers:
        total[base] = total.get(base, 0) + power
    return Unit(tuple(sorted((base, power) for base, power in total.items() if power)))


NUMBER = Unit()


def money(currency: str) -> Unit:
    """The unit of amounts in a currency (ISO 4217 code)."""
    return Unit(((f"money:{currency}", 1),))


def count(noun: str) -> Unit:
    """The unit of a count of something."""
    return Unit(((f"count:{noun}", 1),))


def score(name: str) -> Unit:
    """The unit of a number on a scale of its own, which adds to nothing else."""
    return Unit(((f"score:{name}", 1),))


def days() -> Unit:
    """The unit of lengths of time."""
    return Unit((("time:day", 1),))


def months() -> Unit:
    """The unit of lengths of time that are told in months: how long cash lasts, when a customer has paid back."""
    return Unit((("time:month", 1),))


def times() -> Unit:
    """The unit of how many times one thing is another: LTV over CAC, burn over growth."""
    return score("times")


def points() -> Unit:
    """The unit of an index that can be below 0, whose changes are told in points: a Net Promoter Score."""
    return score("points")


def minor_digits(currency: str) -> int:
    """Decimal places of a currency's minor unit (ISO 4217): 0 for JPY, 2 for USD."""
    return MINOR_DIGITS.get(currency, 2)


def narrow(text: str) -> str:
    """Full-width digits and signs as ASCII, one character for one (columns stay)."""
    return text.translate(FULL_WIDTH)


def plain_number(text: str) -> Fraction | None:
    """`1,200.5` or `１２` as an exact number; None where the text is not one (a comma must cut off three digits)."""
    text = narrow(text).strip()
    if not _PLAIN.fullmatch(text) or not any(c.isdigit() for c in text):
        return None
    return Fraction(Decimal(text.replace(",", "")))


def decimal_text(value: Fraction) -> str:
    """An exact number as decimal text (`0.05`), or as `1/3` where no decimal is exact."""
    if value.denominator == 1:
        return str(value.numerator)
    twos = fives = 0
    rest = value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


@dataclass(frozen=True, slots=True)
class Amount:
    """A level as one would write it, rounded: its number, its currency, what it is per; `of` whom, among others."""

    number: str
    currency: str = ""
    per: str = ""
    of: str = ""

    def __str__(self) -> str:
        words = (self.of, self.number, self.currency, f"per {self.per}" if self.per else "")
        return " ".join(word for word in words if word)


def sheet_text(value: Fraction) -> str:
    """A number as a spreadsheet reads it: exact where a decimal is, else with the 15 digits that a cell holds.

    `1/3` in a cell would be the 3rd of January.
    """
    text = decimal_text(value)
    if "/" not in text:
        return text
    return format(SHEET.divide(Decimal(value.numerator), Decimal(value.denominator)), "f")


def unit_of(header: str) -> str | None:
    """What an amount's header says that it is in, as `amounts_in` says it; None where it says nothing."""
    return _said(SAID_IN.search(header))


def stated_in(text: str) -> str | None:
    """The same of a row above the headers, or of a header; `major` where it says yen alone: `単位：円`, `（円）`."""
    plain = unicodedata.normalize("NFKC", text).strip()
    above = _ABOVE.search(plain)
    if above:
        return _said(above) or "major"
    bracket = SAID_IN.search(plain) if plain.endswith((")", "]", "】")) else None
    return _said(bracket) or ("major" if _ALONE.search(plain) else None)


def statement(texts: Iterable[str]) -> str:
    """The text that says what amounts are in; nothing where none does, or where they do not agree."""
    found = {said: text.strip() for text in texts if (said := stated_in(text))}
    return next(iter(found.values())) if len(found) == 1 else ""


def _said(found: re.Match[str] | None) -> str | None:
    said = next(filter(None, found.groups()), "").lower() if found else ""
    return _IN.get(said, said) or None
