"""Revenue by cohort: what the companies that first paid in one period pay in each later one, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from shinro.cohorts import Paid
from shinro.queries.terms import SCALE
from shinro.series import Mark
from shinro.warehouse.frame import Frame, Row, exact

Moves = Mapping[int, tuple[Fraction, int]]  # the period's ordinal -> what moved: MRR, companies
ZERO = Fraction(0)


def paid_cohorts(units: Frame, rows: Iterable[Row], minor: int, last: int) -> tuple[Paid, ...]:
    """Every period's cohort with what it pays in its own period and up to `last` later ones, from the first that pays.

    `minor` is the currency's number of decimal places. Periods that lie behind the known days are not there. Cost:
    linear in rows and in cohorts by periods.
    """
    found = tuple(_cohorts(units, _moves(rows, minor), last))
    first = next((n for n, each in enumerate(found) if each.companies[0]), len(found))
    return found[first:]


def _moves(rows: Iterable[Row], minor: int) -> Mapping[int, Moves]:
    found: dict[int, dict[int, tuple[Fraction, int]]] = {}
    for cohort, at, mrr, companies in rows:
        money = (exact(mrr) or ZERO) / (SCALE * 10**minor)
        found.setdefault(int(cohort), {})[int(at)] = money, int(companies)  # type: ignore[call-overload]  # whole
    return found


def _cohorts(units: Frame, moved: Mapping[int, Moves], last: int) -> Iterator[Paid]:
    there = sum(mark is not Mark.UNKNOWN for mark in units.marks)
    over = sum(mark is Mark.COMPLETE for mark in units.marks)
    for n, (period, _, number) in enumerate(units.each):
        if n < there:
            mine, money, companies = moved.get(number, {}), ZERO, 0
            paid: list[tuple[Fraction, int]] = []
            for ordinal in units.ordinals[n : min(there, n + last + 1)]:
                more, joined = mine.get(ordinal, (ZERO, 0))
                money, companies = money + more, companies + joined
                paid.append((money, companies))
            amounts, counts = zip(*paid, strict=True)
            yield Paid(period, amounts, counts, min(max(over - n, 0), last + 1))
