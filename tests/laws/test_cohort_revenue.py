"""What cohorts pay is what a slow walk finds, never a new customer's, and adds up to MRR; on both engines.

`SHINRO_EXAMPLES=2000 pytest tests/laws/test_cohort_revenue.py` tries 2,000 worlds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

import oracle
from measuring import Duck, Engine, Server, loads_of, project_of
from oracle import Row, World
from recurring_oracle import Ledger
from shinro.cohorts import Paid
from shinro.periods import Grain
from shinro.queries.scans import Want, scans
from shinro.series import Mark
from shinro.units import minor_digits
from shinro.warehouse.frame import frame
from shinro.warehouse.revenue import paid_cohorts
from subscribing import Remembering
from worlds import WORLDS

TYPES = {
    "subs": {
        "company": "text", "plan": "text", "at": "moment", "starts": "date", "ends": "date", "amount": "number",
        "every": "text", "seats": "integer", "status": "text", "trial": "date",
    }
}  # fmt: skip
PROJECT = """
currency: USD
timezone: Asia/Tokyo
week_starts: sunday
sources: {{billing: {{type: files, path: "*.csv"}}}}
tables:
  subs: {{from: billing.subs, entity: company, {moment}, amount: amount, status: status{more}}}
metrics:
  revenue: {{recurring: subs}}
"""
MOMENTS = (
    "starts: starts, ends: ends",
    "starts: starts, ends: ends, trial_ends: trial",
    "time: at",
    "time: at, ends: ends",
)


@dataclass(frozen=True)
class Asked:
    world: World
    grain: Grain


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    day = st.integers(0, 60).map(lambda n: date(2026, 2, 10) + timedelta(days=n))
    columns = {
        "company": st.sampled_from(("A", "A", "B", "C", None)),
        "plan": st.just("pro"),
        "starts": day,
        "ends": st.none() | day,
        "amount": st.sampled_from(("0", "10", "20", "50", "0.01")).map(Decimal),
        "every": st.just("month"),
        "seats": st.just(1),
        "status": st.sampled_from(("active", "active", "active", "trialing", "canceled", "paused")),
        "trial": st.none() | st.none() | day,
    }
    rows: list[Row] = draw(st.lists(st.fixed_dictionaries(columns), max_size=10))
    rows = [row | {"at": _at(row["starts"])} for row in rows]  # type: ignore[operator]  # a plain dict
    text = PROJECT.format(moment=draw(st.sampled_from(MOMENTS)), more=draw(st.sampled_from(("", ", every: every"))))
    as_of = draw(st.sampled_from((date(2026, 4, 1), date(2026, 4, 20), date(2026, 3, 31))))
    return Asked(World(project_of(text), TYPES, {"subs": rows}, as_of, as_of), draw(st.sampled_from(Grain)))


def _at(day: object) -> datetime:
    assert isinstance(day, date)
    return datetime(day.year, day.month, day.day, 3)  # noqa: DTZ001 - UTC


def found(asked: Asked, engine: Engine) -> tuple[Paid, ...]:
    """The cohorts that an engine finds."""
    world = asked.world
    (scan,) = scans(world.project, [Want("revenue.mrr", asked.grain)], {"subs": world.as_of}, world.as_of)
    assert scan.terms is not None
    scan = replace(scan, terms=replace(scan.terms, cohorts=True))
    rows = Remembering(world, TYPES, engine).read(scan).get((), {}).values()
    units = frame(loads_of(world, TYPES)["subs"], asked.grain, world.calendar, world.as_of)
    return paid_cohorts(units, rows, minor_digits("USD"), 1000)


def walked(asked: Asked) -> tuple[Paid, ...]:
    """The cohorts that a walk over companies and periods finds."""
    ledger, world = Ledger(asked.world), asked.world
    marked = [(cut, oracle.mark(world, "subs", cut)) for cut in oracle.periods(world, "subs", asked.grain)]
    cuts = [cut for cut, mark in marked if mark is not Mark.UNKNOWN]
    ends = [min(cut.last, world.as_of) for cut in cuts]
    paid = {company: [ledger.paid(company, day) for day in ends] for company in ledger.companies}
    made = []
    for n, cut in enumerate(cuts):
        mine = [each for each in paid.values() if each[n] > 0 and not any(before > 0 for before in each[:n])]
        amounts = tuple(sum((each[m] for each in mine), Fraction(0)) for m in range(n, len(cuts)))
        companies = tuple(sum(each[m] > 0 for each in mine) for m in range(n, len(cuts)))
        complete = sum(mark is Mark.COMPLETE for _, mark in marked) - n
        made.append(Paid(cut, amounts, companies, max(complete, 0)))
    first = next((n for n, each in enumerate(made) if each.companies[0]), len(made))
    return tuple(made[first:])


@WORLDS
@given(asked())
def test_what_cohorts_pay_is_what_a_walk_over_companies_finds(duck: Duck, server: Server, asked: Asked) -> None:
    cohorts = found(asked, duck)
    assert cohorts == walked(asked)
    assert found(asked, server) == cohorts
    server.connection.rollback()


@WORLDS
@given(asked())
def test_cohorts_add_up_to_all_that_is_paid_in_every_period(duck: Duck, asked: Asked) -> None:
    cohorts, ledger = found(asked, duck), Ledger(asked.world)
    for each in cohorts[:1]:
        for later in range(len(each.amounts)):
            at = [one for one in cohorts if len(one.amounts) + later >= len(each.amounts)]
            whole = sum((one.amounts[later - n] for n, one in enumerate(at) if later >= n), Fraction(0))
            ends = oracle.periods(asked.world, "subs", asked.grain)
            start = next(n for n, cut in enumerate(ends) if cut == each.period)
            day = min(ends[start + later].last, asked.world.as_of)
            assert whole == sum((ledger.paid(company, day) for company in ledger.companies), Fraction(0))
