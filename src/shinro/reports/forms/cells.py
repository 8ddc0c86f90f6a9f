"""What a sheet's cell holds: a number with the format that shows it as it is told, a name, a foot, a text's size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import accumulate, chain, count

from rich.cells import cell_len

from shinro.reports.document import Plot, Value
from shinro.reports.inert import inert

LONGEST = 32_767  # characters in a cell
FOOT = 236  # UTF-16 units of a sheet's foot, which Excel cuts at 255
NAME = 31  # UTF-16 units of a sheet's name
FORBIDDEN = re.compile(r"[\[\]:*?/\\]|_(?=x[0-9A-Fa-f]{4}_)")  # and what would be read as an escape
NUMERAL = re.compile(r"([-+±−]?)([^\d]*?)(\d[\d,]*)(?:\.(\d+))?([^\d]*)")
SCALED = re.compile(r"[千万億兆]|(?<![A-Za-z])[KMB](?![A-Za-z])")
LITERAL = 24  # characters that a number's format may carry beside it
EXACT = 10**15  # from here a double does not hold every whole number


def text(words: str) -> str:
    """A text as a cell holds it."""
    return inert(words)[:LONGEST]


def numeral(cell: Value) -> tuple[float, str] | None:
    """A cell's number and the format that shows it as its text does; None where it is a text, or would lose digits.

    What stands around the number (a currency, a unit, `incomplete`) is in the format, so that the cell still adds up.
    """
    if cell.number is None or abs(cell.number) >= EXACT:
        return None
    found = NUMERAL.fullmatch(inert(cell.text).strip())
    if found is None or SCALED.search(cell.text):
        return float(cell.number), _plain(cell)
    sign, before, _, decimals, after = found.groups()
    points = after.startswith("pt")
    number = float(cell.number * 100) if points and cell.form == "percent" else float(cell.number)
    after = after.removeprefix("%").removeprefix("％") if cell.form == "percent" else after
    digits = f"#,##0{'.' + '0' * len(decimals) if decimals else ''}"
    percent = "%" if cell.form == "percent" and not points else ""
    shape = f"{literal(before)}{digits}{percent}{literal(after)}"
    return number, f"+{shape};-{shape};{shape}" if sign in ("+", "±") else shape


def _plain(cell: Value) -> str:
    whole = cell.number is not None and cell.number.denominator == 1
    return {"percent": "0.0%", "count": "#,##0" if whole else "#,##0.0", "decimal": "#,##0.00"}.get(cell.form, "#,##0")


def literal(words: str) -> str:
    """Words within a number's format, that show just as they are."""
    said = words.replace('"', "")[:LITERAL]
    return f'"{said}"' if said else ""


def widest(cell: Value) -> str:
    """What a cell shows, or more: an amount that is told in 万 or M is written out in a sheet."""
    if cell.number is None or not SCALED.search(cell.text):
        return cell.text
    return max(f"{float(cell.number):,.1f}", cell.text, key=len)


def written(value: Fraction | None, plot: Plot) -> str:
    """A plot's number as its sheet writes it."""
    return "" if value is None else "100.0%" if plot.form == "percent" else f"{float(value):,.2f}"


def axis_format(plot: Plot, step: Fraction) -> str:
    """The format of a scale's steps."""
    shown = step * 100 if plot.form == "percent" else step
    places = next((found for found in range(4) if (shown * 10**found).denominator == 1), 4)
    return f"#,##0{'.' + '0' * places if places else ''}{'%' if plot.form == 'percent' else ''}"


def cell_format(plot: Plot, values: Iterable[Fraction | None]) -> str:
    """The format of a plot's numbers in its table."""
    if plot.form == "percent":
        return "0.0%"
    return "#,##0" if all(value is None or value.denominator == 1 for value in values) else "#,##0.00"


def sheet_names(titles: Iterable[str], taken: Iterable[str] = ()) -> Iterator[str]:
    """A name a sheet: nothing that Excel forbids, within its length, no two alike whatever the case."""
    used = {name.casefold() for name in (*taken, "history")}
    for n, title in enumerate(titles, start=1):
        name = _cut(" ".join(FORBIDDEN.sub(" ", inert(title)).split()), NAME).strip(" '") or str(n)
        more = (f"{_cut(name, NAME - len(f' {again}')).strip()} {again}" for again in count(2))
        tries = chain([name], more)
        found = next(each for each in tries if each.casefold() not in used)
        used.add(found.casefold())
        yield found


def _cut(words: str, units: int) -> str:
    """The beginning of a text, in UTF-16 units, no letter cut in two."""
    return words.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")


def foot(words: str) -> str:
    """A sheet's foot: the words at the left, the page at the right. An `&` of a user's is no code."""
    letters = [each.replace("&", "&&") for each in inert(words)]
    ends = accumulate(len(each.encode("utf-16-le")) // 2 for each in letters)
    said = "".join(each for each, end in zip(letters, ends, strict=True) if end <= FOOT)
    return f"&L&8 {said}&R&8&P / &N"


def lines(words: str, columns: float) -> int:
    """How many lines a text takes in so many columns, words that do not fit at a line's end allowed for."""
    return max(1, -(-round(cell_len(inert(words)) * 1.1) // max(1, round(columns))))
