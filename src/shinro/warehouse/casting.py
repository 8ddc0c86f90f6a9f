"""Casting: SQL that reads a text cell as a number, a time or a truth value; NULL where it cannot be read.

Every cell is first tried in the form that most exports have; what fails goes through the forms that people write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shinro.warehouse.engine import literal

SPACES = " \t\r\n\u3000\u00a0"
WIDE = "０１２３４５６７８９．，％＋－−―＊／（）￥＄：；Ｅｅ" + "＿　\u00a0"
NARROW = "0123456789.,%+---*/()¥$:;Ee" + "_  "
TRUE = ("true", "yes", "t", "y", "1", "on", "はい", "○", "〇", "◯", "有", "真", "✓")
FALSE = ("false", "no", "f", "n", "0", "off", "いいえ", "×", "✕", "無", "偽")
ERAS = (("令和|r", 2018), ("平成|h", 1988), ("昭和|s", 1925))

_CLOCK = r"\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?"
ISO = rf"\d{{4}}-\d{{2}}-\d{{2}}([ T]{_CLOCK})?"
OFFSET = rf"\d{{4}}-\d{{2}}-\d{{2}}[ T]{_CLOCK} ?([Zz]|UTC|[+-]\d{{2}}(:?\d{{2}})?)"
WRITTEN = r"\d{4}-\d{1,2}-\d{1,2}( \d{1,2}:\d{1,2}(:\d{1,2}(\.\d{1,9})?)?)?"
AMBIGUOUS = r"\d{1,2}[-/. ]\d{1,2}[-/. ](\d{4}|\d{2})([ T,].*)?"
PLAIN = r"-?\d{1,20}(\.\d{1,9})?"
SIGNS = r"(?:[¥$€£]|JPY|USD|EUR|GBP)"
TRAILS = r"(?:円|ドル|ユーロ|JPY|USD|EUR|GBP)"


@dataclass(frozen=True, slots=True)
class Writing:
    """How a source writes its times and numbers."""

    zone: str = "UTC"
    dates: str | None = None
    group: str = ","
    point: str = "."

    @property
    def year_first(self) -> bool:
        """Whether year-first dates keep their usual order: a stated `%Y/%d/%m` says otherwise."""
        return self.dates is None or not re.search(r"%Y.*%d.*%m", self.dates)


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
    """Whether a text cell holds more than space. The first test is a comparison of bytes, and answers for most."""
    return f"CASE WHEN {cell} BETWEEN '!' AND '~' THEN TRUE ELSE coalesce({full_of(cell)}, FALSE) END"


def full_of(cell: str) -> str:
    """Whether there is anything but space somewhere in a cell; NULL for NULL."""
    return f"regexp_matches({cell}, {literal(f'[^{SPACES}]')})"


def untrimmed(cell: str) -> str:
    """Whether trimming changes a cell."""
    return f"regexp_matches({cell}, {literal(f'^[{SPACES}]|[{SPACES}]$|^$')})"


def narrowed(cell: str) -> str:
    """Full-width digits and signs as ASCII, trimmed."""
    return f"trim(translate({cell}, {literal(WIDE)}, {literal(NARROW)}), {literal(SPACES)})"


def full(cell: str, pattern: str) -> str:
    """Whether the whole cell matches."""
    return f"regexp_full_match({cell}, {literal(pattern)})"


def _replaced(cell: str, pattern: str, by: str) -> str:
    return f"regexp_replace({cell}, {literal(pattern)}, {literal(by)})"


def number(cell: str, writing: Writing) -> str:
    """`1,200,000円`, `▲1,200`, `(1,200)`, `12.5%`, `３万` as a decimal; a comma cuts off three digits."""
    plain = PLAIN if (writing.group, writing.point) == (",", ".") else r"-?\d{1,18}"
    read = f"TRY_CAST({cell} AS DECIMAL(38, 9))"
    return f"CASE WHEN {full(cell, plain)} THEN {read} ELSE {_people_number(cell, writing)} END"


def _people_number(cell: str, writing: Writing) -> str:
    text = narrowed(cell)
    group, point = re.escape(writing.group), re.escape(writing.point)
    digits = rf"(?:(?:\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{point}\d*)?|{point}\d+)(?:[eE][-+]?\d{{1,2}})?"
    body = rf"{SIGNS}? ?{digits} ?[千万億]?(?:%| ?{TRAILS})?"
    whole = rf"\({body}\)|[-+▲△]? ?{body}|{SIGNS} ?[-+▲△]{digits}"
    minus = f"CASE WHEN regexp_matches({text}, '^[(▲△-]|^[^0-9]+[-▲△]') THEN '-' ELSE '' END"
    bare = f"regexp_extract({text}, {literal(digits)})"
    if writing.group != ",":
        bare = f"replace({bare}, {literal(writing.group)}, '')"
    plain = (
        f"replace(replace({bare}, ',', {literal('' if writing.group == ',' else ',')}), {literal(writing.point)}, '.')"
    )
    scale = (
        f"CASE WHEN {text} LIKE '%\\%%' ESCAPE '\\' THEN 'e-2' WHEN contains({text}, '千') THEN 'e3'"
        f" WHEN contains({text}, '万') THEN 'e4' WHEN contains({text}, '億') THEN 'e8' ELSE '' END"
    )
    return f"CASE WHEN {full(text, whole)} THEN TRY_CAST({minus} || {plain} || {scale} AS DECIMAL(38, 9)) END"


def truth(cell: str) -> str:
    """`yes`, `はい`, `○`, `1` as TRUE, their opposites as FALSE."""
    text = f"lower({narrowed(cell)})"
    return f"CASE WHEN {text} IN ({_list(TRUE)}) THEN TRUE WHEN {text} IN ({_list(FALSE)}) THEN FALSE END"


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(literal(word) for word in words)


def is_moment(cell: str, writing: Writing) -> str:
    """Whether a cell is a moment, not a plain date."""
    rarely = f"contains({cell}, '：') OR contains({cell}, '時') OR length({cell}) = 14"
    if writing.dates is not None and states_clock(writing.dates):
        rarely += f" OR {_stated(cell, writing.dates)} IS NOT NULL"
    return f"CASE WHEN contains({cell}, ':') THEN TRUE ELSE {rarely} END"


def local_time(cell: str, writing: Writing) -> str:
    """A date, or a moment without an offset, as a TIMESTAMP in the source's own zone."""
    iso = f"WHEN {full(cell, ISO)} THEN TRY_CAST({cell} AS TIMESTAMP) WHEN {full(cell, OFFSET)} THEN NULL"
    usual = f"CASE {iso} ELSE {_people_time(cell)} END"
    if writing.dates is None:
        return usual
    stated = "NULL" if _states_zone(writing.dates) else _stated(cell, writing.dates)
    return f"coalesce({stated}, {usual})" if writing.year_first else stated


def offset_time(cell: str, writing: Writing) -> str:
    """A moment with an offset, as a TIMESTAMP in UTC, for a cell that is no local time.

    The engine's own TIMESTAMP cast would drop the offset.
    """
    text = f"CASE WHEN {full(cell, OFFSET)} THEN {cell} ELSE {_iso(cell)} END"
    close = _replaced(_replaced(text, " ?([Zz]|UTC)$", "+00"), r" ([+-][0-9:]+)$", r"\1")
    utc = f"CAST(TRY_CAST({close} AS TIMESTAMPTZ) AS TIMESTAMP)"
    usual = f"CASE WHEN {full(text, _loose(OFFSET))} THEN {utc} END"
    if writing.dates is None or not _states_zone(writing.dates):
        return usual
    return f"coalesce(CAST({_stated(cell, writing.dates)} AS TIMESTAMP), {usual})"


def ambiguous(cell: str) -> str:
    """Whether a cell is a date whose order nobody can tell: `01/02/2026`, `1.2.26`."""
    return full(narrowed(cell), AMBIGUOUS)


def _loose(pattern: str) -> str:
    return pattern.replace(r"\d{2}", r"\d{1,2}")


def _people_time(cell: str) -> str:
    text = _iso(cell)
    return f"CASE WHEN {full(text, WRITTEN)} THEN TRY_CAST({text} AS TIMESTAMP) END"


def _iso(cell: str) -> str:
    """`2026年4月1日(水) 9時5分`, `2026/4/1 9:05`, `令和8年4月1日`, `20260401` on the way to `2026-4-1 9:05`."""
    text = _replaced(_western(narrowed(cell)), r"\s*\([月火水木金土日]\)\s*", " ")
    text = _replaced(text, r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3")
    text = _replaced(text, r"^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$", r"\1-\2-\3 \4:\5:\6")
    for cut in ("年月日", "//", "--", r"\.\."):
        first, second = (cut[0], cut[1]) if len(cut) < 4 else (r"\.", r"\.")  # noqa: PLR2004 - two escaped signs
        text = _replaced(
            text, rf"^(\d{{4}}) ?{first} ?(\d{{1,2}}) ?{second} ?(\d{{1,2}})(?:日[T ]*|[T ]+|$)", r"\1-\2-\3 "
        )
    text = _replaced(text, r"(\d{1,2})時$", r"\1:00")
    text = _replaced(text, r"分$", "")
    return f"trim(replace(replace(replace({text}, '時', ':'), '分', ':'), '秒', ''))"


def _western(text: str) -> str:
    """The year of an era as a year: 令和8年 is 2026年."""
    cases, lower = "", f"lower({text})"
    for names, before in ERAS:
        pattern = literal(rf"^({names}) ?(\d{{1,2}}|元) ?([年./-])")
        number = f"TRY_CAST(replace(regexp_extract({lower}, {pattern}, 2), '元', '1') AS INTEGER)"
        rest = f"regexp_replace({lower}, {pattern}, '\\3')"
        cases += f" WHEN regexp_matches({lower}, {pattern}) THEN CAST({number} + {before} AS VARCHAR) || {rest}"
    return f"(CASE{cases} ELSE {text} END)"


def _states_zone(dates: str) -> bool:
    return bool(re.search(r"%[zZ]", dates))


def states_clock(dates: str) -> bool:
    """Whether a stated format holds a time of day."""
    return bool(re.search(r"%-?[HIcX]", dates))


def _stated(cell: str, dates: str) -> str:
    """By the stated format; where it is a date's, also with a time of day behind it. Years before 1000 are no years."""
    clocks = [""] if states_clock(dates) else ["", " %H:%M:%S", " %H:%M", " %H:%M:%S.%f", "T%H:%M:%S"]
    formats = ", ".join(literal(dates + clock) for clock in clocks)
    read = f"try_strptime({narrowed(cell)}, [{formats}])"
    return f"CASE WHEN year({read}) >= 1000 THEN {read} END"
