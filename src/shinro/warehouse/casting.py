"""Casting: SQL that reads a text cell as a number, a time or a truth value; NULL where it cannot be read.

Each is read in steps, every step a column of its own (see `reading`), so that nothing is worked out twice:
`quick` reads the form that exports mostly have; what it leaves is made `narrow`, cut to its parts (`rough`), and read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from shinro.periods import ERA_YEAR, ERAS
from shinro.units import CURRENCIES
from shinro.warehouse.engine import literal

SPACES = " \t\r\n\u3000\u00a0"
WIDE = "０１２３４５６７８９．，％＋－−―＊／（）￥＄：；ＥｅＲＨＳ＿　\u00a0\t"
NARROW = "0123456789.,%+---*/()¥$:;EeRHS_   "
USUAL = "[^ -~年月日時分秒円千万億▲△¥]"  # a sign that may have to be made narrow
TRUE = ("true", "yes", "t", "y", "1", "on", "はい", "○", "〇", "◯", "有", "真", "✓")
FALSE = ("false", "no", "f", "n", "0", "off", "いいえ", "×", "✕", "無", "偽")
ERA_SIGNS = {"令和": "㋿", "平成": "㍻", "昭和": "㍼"}

PLAIN = r"-?\d{1,20}(\.\d{1,9})?"
WHOLE = r"-?\d{1,18}"
DIGITS = r"\d+"
DOLLARS = frozenset({"USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"})
BEFORE = {"¥": frozenset({"JPY", "CNY"}), "$": DOLLARS, "€": frozenset({"EUR"}), "£": frozenset({"GBP"})}
AFTER = {"円": frozenset({"JPY"}), "ドル": DOLLARS, "ユーロ": frozenset({"EUR"}), "ポンド": frozenset({"GBP"})}
MINUS = "-+▲△"

_CLOCK = r"\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?"
_OFFSET = r"(Z|z|UTC|[+-]\d{1,2}(?::?\d{2})?)"
_DAY = r"(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2})"
_WEEKDAY = r" ?\([月火水木金土日]\)"
_SECOND = r"(\d{1,2}(?:\.\d{1,9})?)"
_HOUR = rf"(\d{{1,2}}) ?(?::(\d{{1,2}})(?::{_SECOND})?|時 ?(?:(\d{{1,2}})(?:分 ?{_SECOND}秒|分)?)?)"
ISO = rf"\d{{4}}-\d{{2}}-\d{{2}}([ T]{_CLOCK})?"
ISO_OFFSET = rf"\d{{4}}-\d{{2}}-\d{{2}}[ T]{_CLOCK} ?{_OFFSET}"
PEOPLE = rf"^{_DAY}(?:(?:日?{_WEEKDAY}[T ]*|日[T ]*|[T ]+){_HOUR}|日?(?:{_WEEKDAY})?)$"
PEOPLE_OFFSET = rf"^{_DAY}日?[T ]+(\d{{1,2}}):(\d{{2}})(:\d{{2}}(?:\.\d{{1,9}})?)? ?{_OFFSET}$"
MONTH = r"^(\d{4}) ?(?:[-/] ?(\d{1,2})|年 ?(\d{1,2}) ?月[分度]?)$"
COMPACT = r"^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$"
AMBIGUOUS = r"\d{1,2}[-/. ]\d{1,2}[-/. ](\d{4}|\d{2})([ T,].*)?"


@dataclass(frozen=True, slots=True)
class Writing:
    """How a source writes its times and numbers."""

    zone: str = "UTC"
    dates: str | None = None
    group: str = ","
    point: str = "."
    currency: str | None = None  # whose signs a number may have; any where it is not known

    @property
    def year_first(self) -> bool:
        """Whether year-first dates keep their usual order: a stated `%Y/%d/%m` says otherwise."""
        return self.dates is None or not re.search(r"%Y.*%d.*%m", self.dates)

    @property
    def states_zone(self) -> bool:
        """Whether the stated format holds an offset."""
        return self.dates is not None and bool(re.search(r"%[zZ]", self.dates))

    @property
    def states_clock(self) -> bool:
        """Whether the stated format holds a time of day."""
        return self.dates is not None and bool(re.search(r"%-?[HIcX]", self.dates))


@dataclass(frozen=True, slots=True)
class Steps:
    """How a kind is read: `quick` from the cell, `rough` from the narrow text, `read` from the rough and the narrow."""

    quick: str
    rough: str
    read: str


def grouping(numbers: str | None) -> tuple[str, str] | None:
    """The signs of thousands and of decimals in a stated sample (`1.234,56`); None where it is no such sample."""
    if numbers is None:
        return ",", "."
    match = re.fullmatch(r"\d{1,3}([.,' ’\u00a0])\d{3}([.,])\d{1,4}", numbers.strip())
    if match is None or match[1] == match[2]:
        return None
    return match[1], match[2]


def trimmed(cell: str) -> str:
    """Without space around it, the ideographic space among it; NULL where nothing is left."""
    return f"nullif(trim({cell}, {literal(SPACES)}), '')"


def present(cell: str) -> str:
    """Whether a text cell holds more than space. The first test compares bytes, and answers for most."""
    more = f"regexp_matches({cell}, {literal(f'[^{SPACES}]')})"
    return f"CASE WHEN {cell} BETWEEN '!' AND '~' THEN TRUE ELSE coalesce({more}, FALSE) END"


def untrimmed(cell: str) -> str:
    """Whether trimming changes a cell."""
    return f"regexp_matches({cell}, {literal(f'^[{SPACES}]|[{SPACES}]$|^$')})"


def narrowed(cell: str) -> str:
    """Full-width digits and signs as ASCII, trimmed; most cells have none, and pass as they are."""
    wide = f"trim(translate({cell}, {literal(WIDE)}, {literal(NARROW)}), {literal(SPACES)})"
    return f"CASE WHEN regexp_matches({cell}, {literal(USUAL)}) THEN {wide} ELSE trim({cell}) END"


def full(cell: str, pattern: str) -> str:
    """Whether the whole cell matches."""
    return f"regexp_full_match({cell}, {literal(pattern)})"


def _replaced(cell: str, pattern: str, by: str) -> str:
    return f"regexp_replace({cell}, {literal(pattern)}, {literal(by)})"


def number(cell: str, narrow: str, rough: str, writing: Writing) -> Steps:
    """`1,200,000円`, `▲1,200`, `(1,200)`, `12.5%`, `３万` as a decimal; a comma cuts off three digits.

    The rough form is `@sign@digits@scale@currency before@currency after`.
    """
    plain = PLAIN if (writing.group, writing.point) == (",", ".") else WHOLE
    quick = f"CASE WHEN {full(cell, plain)} THEN TRY_CAST({cell} AS DECIMAL(38, 9)) END"
    signed, bracket = _forms(writing, writing.currency)
    parts = _replaced(narrow, f"^{signed}$", r"@\1\3@\4@\5@\2@\6")
    parts = _replaced(parts, f"^{bracket}$", r"@-@\2@\3@\1@\4")
    return Steps(quick, parts, _number(rough, writing))


def _forms(writing: Writing, currency: str | None) -> tuple[str, str]:
    """How a number is written, and one in brackets; with the signs of a currency, or of any."""
    codes = sorted(CURRENCIES) if currency is None else [currency]
    before, after = ("|".join([*_signs(signs, currency), *codes]) for signs in (BEFORE, AFTER))
    group, point = re.escape(writing.group), re.escape(writing.point)
    digits = rf"((?:\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{point}\d*)?(?:[eE][-+]?\d{{1,3}})?|{point}\d+)"
    scale = rf"([千万億]?%?) ?((?:{after})?)"
    signed = rf"([{MINUS}]?) ?((?:{before})?) ?([{MINUS}]?){digits} ?{scale}"
    return signed, rf"\(((?:{before})?) ?{digits} ?{scale}\)"


def own_unit(rough: str) -> str:
    """Whether a number says itself what it is in: `30万円`, `300千円`, `300,000円`."""
    scale, currency = (f"split_part({rough}, '@', {n})" for n in (4, 6))
    return f"(prefix({rough}, '@') AND ({scale} IN ('千', '万', '億') OR {currency} <> ''))"


def sign_before(rough: str) -> str:
    """Whether a number stands behind the sign of a currency, and says no more of what it is in: `¥300`."""
    return f"(prefix({rough}, '@') AND split_part({rough}, '@', 5) <> '' AND NOT {own_unit(rough)})"


def _signs(signs: Mapping[str, AbstractSet[str]], currency: str | None) -> list[str]:
    return [re.escape(sign) for sign, of in signs.items() if currency is None or currency in of]


def foreign(cell: str, writing: Writing) -> str:
    """Whether a cell that could not be read is a number with another currency's sign."""
    if writing.currency is None:
        return "FALSE"
    sign = "|".join([*_signs(BEFORE, None), *AFTER, *sorted(CURRENCIES)])
    narrow = narrowed(cell)
    numbers = " OR ".join(full(narrow, form) for form in _forms(writing, None))
    return f"(regexp_matches({narrow}, {literal(sign)}) AND ({numbers}))"


def _number(rough: str, writing: Writing) -> str:
    digits = f"split_part({rough}, '@', 3)"
    for sign, by in ((writing.group, ""), (writing.point, ".")):
        digits = digits if sign == by else f"replace({digits}, {literal(sign)}, {literal(by)})"
    minus = f"CASE split_part({rough}, '@', 2) WHEN '' THEN '' WHEN '+' THEN '' ELSE '-' END"
    powers = "WHEN '' THEN '' WHEN '%' THEN 'e-2' WHEN '千' THEN 'e3' WHEN '万' THEN 'e4' WHEN '億' THEN 'e8'"
    power = f"CASE split_part({rough}, '@', 4) {powers} END"
    known = f"prefix({rough}, '@') AND length(split_part({rough}, '@', 2)) <= 1"
    return f"CASE WHEN {known} THEN TRY_CAST({minus} || {digits} || {power} AS DECIMAL(38, 9)) END"


def truth(cell: str, narrow: str, rough: str) -> Steps:
    """`yes`, `はい`, `○`, `1` as TRUE, their opposites as FALSE."""
    return Steps(_truth(cell), f"lower({narrow})", _truth(rough))


def _truth(text: str) -> str:
    # A pattern, since the engine makes a join of a long IN and then works the layers out many times.
    yes, no = (f"(?i:{'|'.join(words)})" for words in (TRUE, FALSE))
    return f"CASE WHEN {full(text, yes)} THEN TRUE WHEN {full(text, no)} THEN FALSE END"


def is_moment(cell: str, writing: Writing) -> str:
    """Whether a cell is a moment, not a plain date."""
    rarely = f"contains({cell}, '：') OR contains({cell}, '時') OR length({cell}) = 14"
    if writing.states_clock:
        rarely += f" OR {_stated(narrowed(cell), writing)} IS NOT NULL"
    return f"CASE WHEN contains({cell}, ':') THEN TRUE ELSE {rarely} END"


def time(cell: str, narrow: str, rough: str, writing: Writing) -> Steps:
    """A date, or a moment without an offset, as a TIMESTAMP in the source's own zone.

    `2026年4月1日(水) 9時5分`, `2026/4/1 9:05`, `令和8年4月1日`, `20260401`; a month as its first day.
    The rough form is `@2026-4-1 9:5:`.
    """
    iso = f"CASE WHEN {full(cell, ISO)} THEN TRY_CAST({cell} AS TIMESTAMP) END"
    people = _replaced(_western(narrow), PEOPLE, r"@\1-\2-\3 \4:\5\7:\6\8")
    people = _replaced(people, MONTH, r"@\1-\2\3-1 ::")
    compact = _replaced(narrow, COMPACT, r"@\1-\2-\3 \4:\5:\6")
    parts = f"CASE WHEN length({narrow}) IN (8, 14) AND {full(narrow, DIGITS)} THEN {compact} ELSE {people} END"
    close = f"rtrim(replace(replace(substr({rough}, 2), ' ::', ''), '::', ':00'), ':')"
    read = f"CASE WHEN prefix({rough}, '@') THEN TRY_CAST({close} AS TIMESTAMP) END"
    if writing.dates is None:
        return Steps(iso, parts, read)
    if writing.states_zone:
        return Steps("CAST(NULL AS TIMESTAMP)", parts, read)
    usual = read if writing.year_first else "NULL"
    return Steps(_stated(cell, writing), parts, f"coalesce({_stated(narrow, writing)}, {usual})")


def quick_offset(cell: str) -> str:
    """An ISO moment with an offset, as a TIMESTAMP in UTC. The engine's own TIMESTAMP cast would drop the offset."""
    return f"CASE WHEN {full(cell, ISO_OFFSET)} THEN {_utc(cell)} END"


def offset(narrow: str, writing: Writing) -> str:
    """Any other moment with an offset, as a TIMESTAMP in UTC."""
    text = _replaced(narrow, PEOPLE_OFFSET, r"\1-\2-\3 \4:\5\6\7")
    usual = f"CASE WHEN regexp_matches({narrow}, {literal(PEOPLE_OFFSET)}) THEN {_utc(text)} END"
    if not writing.states_zone:
        return usual
    return f"coalesce(CAST({_stated(narrow, writing)} AS TIMESTAMP), {usual})"


def _utc(text: str) -> str:
    close = _replaced(_replaced(text, " ?([Zz]|UTC)$", "+00"), r" ([+-][0-9:]+)$", r"\1")
    return f"CAST(TRY_CAST({close} AS TIMESTAMPTZ) AS TIMESTAMP)"


def ambiguous(cell: str) -> str:
    """Whether a cell is a date whose order nobody can tell: `01/02/2026`, `1.2.26`."""
    return full(narrowed(cell), AMBIGUOUS)


def _western(text: str) -> str:
    """The year of an era as a year: 令和8年 is 2026年, R8.4 is 2026/4. A day before its era stays, and is not read."""
    cases, lower = "", f"lower({text})"
    for name, letter, first in ERAS:
        names = f"{name}|{ERA_SIGNS[name]}|{letter.lower()}"
        pattern = literal(rf"^({names}){ERA_YEAR}([年./-])")
        year = f"TRY_CAST(replace(regexp_extract({lower}, {pattern}, 2), '元', '1') AS INTEGER) + {first.year - 1}"
        mark = f"replace(regexp_extract({lower}, {pattern}, 3), '.', '/')"
        rest = f"regexp_replace({lower}, {pattern}, '')"
        found = f"regexp_matches({lower}, {pattern}) AND NOT regexp_matches({lower}, {literal(_before(names, first))})"
        cases += f" WHEN {found} THEN CAST({year} AS VARCHAR) || {mark} || {rest}"
    return f"CASE WHEN {text} BETWEEN '0' AND ':' THEN {text}{cases} ELSE {text} END"


def _before(names: str, first: date) -> str:
    """Days and months in the first year of an era that are over when it begins."""
    months = _numbers(first.month)
    days = rf"0?{first.month} ?[月./-] ?(?:{_numbers(first.day)})"
    return rf"^(?:{names}) ?(?:0?1|元) ?[年./-] ?(?:{months}|{days})(?:[^0-9]|$)"


def _numbers(below: int) -> str:
    """The numbers from 1 to below one, as a pattern; one that nothing matches where there are none."""
    return "|".join(f"0?{number}" for number in range(1, below)) or r"[^\s\S]"


def _stated(text: str, writing: Writing) -> str:
    """By the stated format; where it is a date's, also with a time of day behind it. Years before 1000 are no years."""
    clocks = [""] if writing.states_clock else ["", " %H:%M:%S", " %H:%M", " %H:%M:%S.%f", "T%H:%M:%S"]
    formats = ", ".join(literal(f"{writing.dates}{clock}") for clock in clocks)
    read = f"try_strptime({text}, [{formats}])"
    return f"CASE WHEN year({read}) >= 1000 THEN {read} END"
