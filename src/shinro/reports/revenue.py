"""Revenue by cohort -> what part of its first MRR each cohort pays later, the amounts, and all cohorts together."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from fractions import Fraction

from shinro.cohorts import Paid, Revenue
from shinro.reports.curve import NEWEST
from shinro.reports.dates import short_period
from shinro.reports.numbers import UNDEFINED, money, percent
from shinro.reports.readings import Telling
from shinro.reports.report import Block, Cell, Column, Heading, Line, Plain, Report, Table, lines
from shinro.reports.states import mark
from shinro.series import SMALL, Mark
from shinro.units import decimal_text, sheet_text


def revenue_report(found: Sequence[Revenue], telling: Telling) -> Report:
    """For each metric: shares of the first MRR by cohort, amounts by cohort, and all cohorts that are so far."""
    blocks = [block for each in found for block in _blocks(each, telling)]
    return Report(telling.lang, tuple(blocks) or (lines(Line(telling.say("values.none"), "quiet")),))


def _blocks(revenue: Revenue, telling: Telling) -> Iterator[Block]:
    yield Heading(telling.label(revenue.metric))
    yield lines(*(Line(telling.say(f"revenue.{name}"), "quiet") for name in ("about", "net")))
    if not revenue.cohorts:
        yield lines(Line(telling.say("values.none"), "quiet"))
        return
    yield _triangle(revenue, telling, shares=True)
    yield _triangle(revenue, telling, shares=False)
    yield _pooled(revenue, telling)
    notes = []
    if len(revenue.cohorts) > NEWEST:
        notes.append(telling.words.plural("curve.older", len(revenue.cohorts) - NEWEST))
    if any(each.complete < len(each.amounts) for each in revenue.cohorts[-NEWEST:]):
        notes.append(telling.say("curve.running", shape=mark(Mark.INCOMPLETE)))
    if any(0 < each.companies[0] < SMALL for each in revenue.cohorts[-NEWEST:]):
        notes.append(telling.say("revenue.small", small=SMALL))
    if notes:
        yield lines(*(Line(note, "quiet") for note in notes))


def _triangle(revenue: Revenue, telling: Telling, *, shares: bool) -> Table:
    """Cohorts by how many periods later, the newest of them: their companies and shares, or amounts."""
    shown = revenue.cohorts[-NEWEST:]
    widest = max(len(each.amounts) for each in shown)
    head = [telling.say("revenue.companies" if shares else "revenue.first"), *map(str, range(1, widest))]
    title = Column(telling.say("curve.shares" if shares else "revenue.mrr"), main=True)
    rows = [
        (
            Cell(short_period(each.period, revenue.unit, telling.calendar, telling.words)),
            *(_cell(revenue, each, later, telling.lang, shares=shares) for later in range(widest)),
        )
        for each in shown
    ]
    return Table((title, *(Column(text, "right") for text in head)), tuple(rows))


def _cell(revenue: Revenue, cohort: Paid, later: int, lang: str, *, shares: bool) -> Cell:
    if later >= len(cohort.amounts):
        return Cell("", "quiet")
    if shares and later:
        text = _share(cohort.rate(later))
    elif shares:
        text = f"{cohort.companies[0]:,}" + ("*" if 0 < cohort.companies[0] < SMALL else "")
    else:
        text = money(cohort.amounts[later], revenue.currency, lang)
    shape = "" if later < cohort.complete else mark(Mark.INCOMPLETE)
    return Cell(f"{text}{shape}", "quiet" if shape else None)


def _share(rate: Fraction | None) -> str:
    return UNDEFINED if rate is None else f"{percent(rate)}%"


def _pooled(revenue: Revenue, telling: Telling) -> Table:
    """All cohorts that are so far together, weighed by what they paid at first."""
    titles = ("later", "mature", "first", "paid", "part")
    columns = tuple(Column(telling.say(f"revenue.{title}"), "right") for title in titles)
    rows = []
    for later in range(revenue.last + 1):
        paid, first, cohorts = revenue.pooled(later)
        if cohorts:
            amounts = (money(first, revenue.currency, telling.lang), money(paid, revenue.currency, telling.lang))
            share = _share(paid / first if first else None)
            rows.append(tuple(map(Cell, (str(later), f"{cohorts:,}", *amounts, share))))
    return Table(columns, tuple(rows))


def revenue_csv(found: Sequence[Revenue]) -> str:
    """One row a cohort and period from its own on; those that have not begun have none."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    head = ("metric", "unit", "first_day", "last_day", "later", "first_mrr", "mrr", "companies", "rate", "mark")
    writer.writerow(head)
    for each in found:
        for cohort in each.cohorts:
            days = [cohort.period.start.isoformat(), cohort.period.last.isoformat()]
            writer.writerows([each.metric, each.unit.value, *days, *row] for row in _rows(cohort))
    return target.getvalue()


def _rows(cohort: Paid) -> Iterator[list[str]]:
    first = sheet_text(cohort.amounts[0])
    for later, (amount, companies) in enumerate(zip(cohort.amounts, cohort.companies, strict=True)):
        how = Mark.COMPLETE if later < cohort.complete else Mark.INCOMPLETE
        rate = cohort.rate(later)
        share = "" if rate is None else sheet_text(rate)
        yield [str(later), first, sheet_text(amount), str(companies), share, how.value]


def revenue_json(found: Sequence[Revenue], telling: Telling) -> list[Plain]:
    """Every metric with all of its cohorts, and all of them together."""
    return [
        {
            "metric": each.metric,
            "label": telling.label(each.metric),
            "unit": each.unit.value,
            "currency": each.currency,
            "policy": each.policy,
            "as_of": each.as_of.isoformat(),
            "cohorts": [_cohort(cohort) for cohort in each.cohorts],
            "pooled": [_pool(each, later) for later in range(each.last + 1)],
        }
        for each in found
    ]


def _cohort(cohort: Paid) -> Plain:
    names = ("later", "first_mrr", "mrr", "companies", "rate", "mark")
    return {
        "first_day": cohort.period.start.isoformat(),
        "last_day": cohort.period.last.isoformat(),
        "periods": [dict(zip(names, row, strict=True)) for row in _rows(cohort)],
    }


def _pool(revenue: Revenue, later: int) -> Plain:
    paid, first, cohorts = revenue.pooled(later)
    rate = decimal_text(paid / first) if first else None
    return {
        "later": later,
        "cohorts": cohorts,
        "first_mrr": decimal_text(first),
        "mrr": decimal_text(paid),
        "rate": rate,
    }
