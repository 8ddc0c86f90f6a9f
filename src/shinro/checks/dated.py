"""Dated: the months and years that a sentence names, in Japanese and in English."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shinro.checks.numerals import Words

NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LAST = len(NAMES)
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_MAY = r"(?:(?<=\bin )|(?<=\bsince )|(?<=\bfrom )|(?<=\bby )|(?<=\bof )|(?<=\bto )|(?<=\blast ))may\b|may(?= '?\d)"
_DAY = r"(?: \d{1,2}(?:st|nd|rd|th)?\b(?!\d|[.,]\d| ?[%x]))?"
DATED = Words(
    r"(?P<y1>(?:19|20)\d{2}) ?[年/.-] ?(?P<m1>\d{1,2})(?!\d)(?: ?月)?(?:(?<=月) ?\d{1,2} ?日|[/.-]\d{1,2})?"
    rf"|\b(?P<m2>{_MONTH}|{_MAY})\b\.?{_DAY}(?:,? (?P<y2>20\d{{2}})\b|,? ?'(?P<y3>\d{{2}})\b)?"
    r"|(?<![\d/.¥])(?P<m4>1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9])(?![\d/])"
    r"|(?<![\dかヶカヵケ箇])(?P<m3>1[0-2]|[1-9])月(?!間)(?:\d{1,2}日)?"
    r"|(?:fy ?)?(?<![\d,.¥])(?P<y4>20\d{2}) ?(?:年度?(?!間)|[hq][1-4]\b)"
    r"|\b(?:in|since|by|of|during|fy) ?(?P<y5>20\d{2})\b"
    r"|\b[hq][1-4](?: (?P<y6>20\d{2}))?\b|\b[1-4]q\b|第[1-4]四半期"
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A month or a year that a sentence names; `year` None where it is not said, `month` where only a year is."""

    text: str
    year: int | None
    month: int | None
    start: int
    end: int


def dates(text: str) -> tuple[Dated, ...]:
    """The months and years that a narrowed sentence names.

    >>> [(each.year, each.month) for each in dates("2026年4月から10月まで, oct '26")]
    [(2026, 4), (None, 10), (2026, 10)]
    """
    return tuple(_dated(found) for found in DATED.finditer(text))


def _dated(found: re.Match[str]) -> Dated:
    part = found.groupdict()
    year = next((int(part[key]) for key in ("y1", "y2", "y4", "y5", "y6") if part[key]), None)
    year = 2000 + int(part["y3"]) if part["y3"] else year
    digits = part["m1"] or part["m3"] or part["m4"]
    month = int(digits) if digits else NAMES.index(part["m2"][:3]) + 1 if part["m2"] else None
    return Dated(found[0], year, month if month and month <= LAST else None, found.start(), found.end())
