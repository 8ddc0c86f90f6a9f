"""Spans: chained beside end to end; a stock as its flows; ranking; times."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from shinro.analysis.decompose import Reader, Tree, decompose, reader
from shinro.analysis.movement import is_stock, movement
from shinro.analysis.ranking import costliest
from shinro.analysis.stocks import split
from shinro.analysis.times import times
from shinro.definitions.grammar import formula
from shinro.findings.gaps import Decomposition, Hurdle, Kind, Leaf, NotTimes, Off, Times, Way, Why
from shinro.series import Better


def tree(**formulas: str) -> Tree:
    return Tree({name: formula(text) for name, text in formulas.items()})


def values(**numbers: str | int | None) -> Reader:
    return reader({name: None if n is None else Fraction(n) for name, n in numbers.items()})


def brought(found: Decomposition) -> dict[str, Fraction]:
    return {leaf.name: leaf.contribution for leaf in found.leaves}


MONTHS = [values(calls=100, rate="1/10"), values(calls=200, rate="1/10"), values(calls=100, rate="1/5")]


def test_chained_and_end_to_end_add_up_and_differ() -> None:
    """Calls double and come back; the rate doubles when they are back."""
    meetings = tree(meetings="calls * rate")
    chain, ends = (
        split(meetings, "meetings", MONTHS, chained=True),
        decompose(meetings, "meetings", MONTHS[0], MONTHS[-1]),
    )
    assert brought(ends) == {"calls": 0, "rate": 10}
    assert brought(chain) == {"calls": -5, "rate": 15}
    assert chain.change == ends.change == 10
    assert (chain.way, chain.steps, ends.way, ends.steps) == (Way.CHAINED, 2, Way.ENDS, 1)
    assert [part.contribution for part in chain.root.children] == [-5, 15]
    assert [chain.root.before, chain.root.after] == [10, 20]


def test_what_a_chain_does_not_explain_is_told_by_numbers_only_where_it_lies_at_an_end() -> None:
    """What is off in the middle month is off before the next one too, and goes away; of a stock it stays, and adds."""
    total = tree(t="a + b")
    months = [values(t=14, a=10, b=2), values(t=20, a=12, b=3), values(t=19, a=15, b=4)]
    found = split(total, "t", months, chained=True)
    assert found.off == (Off("t", Fraction(14), Fraction(12), Fraction(-2), after=False),)
    last = split(total, "t", [*months[2:], months[0]], chained=True)
    assert last.off == (Off("t", Fraction(14), Fraction(12), Fraction(2), after=True),)
    stock = tree(companies="previous + new")
    levels = [values(companies=100, new=10), values(companies=118, new=12), values(companies=136, new=15)]
    summed = split(stock, "companies", levels, chained=True)
    assert summed.off == (Off("companies", None, None, Fraction(9), after=True, over=2),)


def test_a_stocks_flow_in_a_chain_is_all_that_flowed() -> None:
    stock = tree(companies="previous + new")
    levels = [values(companies=100, new=10), values(companies=112, new=12), values(companies=127, new=15)]
    found = split(stock, "companies", levels, chained=True)
    (part,), (leaf,) = found.root.children, found.leaves
    assert part.before is leaf.before is None
    assert part.after == part.contribution == leaf.after == leaf.contribution == 27


def test_what_a_metric_was_one_period_before_and_two_are_two_drivers() -> None:
    before = reader({"a": Fraction(9)}, {("a", 1): Fraction(0), ("a", 2): Fraction(15)})
    after = reader({"a": Fraction(9)}, {("a", 1): Fraction(9), ("a", 2): Fraction(0)})
    found = decompose(tree(t="mean(a, 3) * 3"), "t", before, after)
    assert {(leaf.kind, leaf.back): leaf.contribution for leaf in found.leaves} == {
        (Kind.METRIC, 0): 0,
        (Kind.PREVIOUS, 1): 9,
        (Kind.PREVIOUS, 2): -15,
    }


def test_a_chain_with_a_step_that_cannot_be_told_is_not_told() -> None:
    found = split(tree(meetings="calls * rate"), "meetings", [MONTHS[0], values(calls=200), MONTHS[2]], chained=True)
    assert (found.change, found.leaves) == (None, ())
    assert {each.name for each in found.missing} == {"rate"}


def test_a_node_that_is_opened_in_some_steps_adds_up() -> None:
    """The middle month knows the deals, not what they are made of."""
    deals = tree(deals="a + b", a="leads * rate")
    months = [values(leads=10, rate="1/2", b=1), values(a=8, leads=10, b=2), values(a=6, leads=12, rate="1/2", b=2)]
    found = split(deals, "deals", months, chained=True)
    assert brought(found) == {"a": 1, "b": 1}
    assert {leaf.name: leaf.why for leaf in found.leaves}["a"] is Why.BELOW


def test_a_zero_reply_day_of_28_is_told() -> None:
    """A day without replies has no appointment rate and no meetings: the rate is held, and brings nothing."""
    day = values(meetings=2, calls=40, reply="1/10", meet="1/2")
    days = [values(meetings=0, calls=40, reply=0, meet=None) if n == 9 else day for n in range(28)]
    found = split(tree(meetings="calls * reply * meet"), "meetings", days, chained=True)
    assert found.change == 0
    assert brought(found) == {"calls": 0, "reply": 0, "meet": 0}
    there = decompose(tree(meetings="calls * reply * meet"), "meetings", days[8], days[9])
    assert brought(there) == {"calls": 0, "reply": -2, "meet": 0}
    assert [leaf.why for leaf in there.leaves] == [None, None, Why.HELD]


def test_a_stock_moves_by_its_flows_over_a_span() -> None:
    companies = tree(companies="previous + new - churned")
    august, september = values(companies=12, new=3, churned=1), values(companies=12, new=2, churned=2)
    months = [values(companies=10, new=9), august, september]
    found = movement(companies, "companies", months)
    assert found is not None
    assert (found.way, found.steps, found.off) == (Way.MOVEMENT, 2, ())
    assert [found.root.before, found.root.after, found.change] == [10, 12, 2]
    assert brought(found) == {"new": 5, "churned": -3}


def test_what_the_flows_do_not_give_is_a_line_of_its_own() -> None:
    months = [values(companies=10), values(companies=12, new=1, churned=0)]
    found = movement(tree(companies="-(churned - new) + previous"), "companies", months)
    assert found is not None
    assert found.off == (Off("companies", Fraction(12), Fraction(11), Fraction(1), after=True),)


def test_a_flow_that_is_worked_out_is_named_by_its_text() -> None:
    stock = tree(companies="previous + leads * win_rate - previous * churn_rate")
    earlier = {("companies", 1): Fraction(10)}
    month = {"companies": Fraction(11), "leads": Fraction(4), "win_rate": Fraction(1, 2), "churn_rate": Fraction(1, 10)}
    found = movement(stock, "companies", [values(companies=10), reader(month, earlier)])
    assert found is not None
    assert brought(found) == {"leads * win_rate": 2, "previous * churn_rate": -1}
    assert {leaf.kind for leaf in found.leaves} == {Kind.FORMULA}


def test_what_is_no_stock_or_not_known_has_no_movement() -> None:
    assert not is_stock(tree(a="b * c"), "a")
    assert not is_stock(tree(a="b - previous"), "a")
    assert movement(tree(a="b * c"), "a", [values(a=1), values(a=2)]) is None
    assert movement(tree(a="previous + b"), "a", [values(a=1), values(a=2)]) is None
    assert movement(tree(a="previous + b"), "a", [values(), values(a=2, b=1)]) is None


def test_a_stock_against_its_plan_is_opened_down_to_where_it_began() -> None:
    """Two months of flows, planned and real, from the same opening level."""
    companies = tree(companies="previous + new - churned")
    month = {("companies", 2): Fraction(10), ("new", 1): Fraction(4), ("churned", 1): Fraction(1)}
    real = {("companies", 2): Fraction(10), ("new", 1): Fraction(2), ("churned", 1): Fraction(1)}
    plan = reader({"new": Fraction(4), "churned": Fraction(1)}, month)
    actual = reader({"new": Fraction(3), "churned": Fraction(2)}, real)
    found = decompose(companies, "companies", plan, actual, unroll=1)
    assert [found.root.before, found.root.after, found.change] == [16, 12, -4]
    assert {(leaf.name, leaf.kind): leaf.contribution for leaf in found.leaves} == {
        ("companies", Kind.PREVIOUS): 0,
        ("new", Kind.METRIC): -3,
        ("churned", Kind.METRIC): -1,
    }
    assert [leaf.places for leaf in found.leaves] == [1, 2, 2]


LEAVES = tuple(Leaf(name, Kind.METRIC, Fraction(n)) for name, n in (("up", 20), ("down", -25), ("little", -1)))


def test_what_helped_never_stands_above_what_fell() -> None:
    assert [leaf.name for leaf in costliest(LEAVES, Better.HIGHER)] == ["down", "little", "up"]
    assert [leaf.name for leaf in costliest(LEAVES, Better.LOWER)] == ["up", "little", "down"]


def test_times_multiply_to_the_ratio() -> None:
    """A. Ang 2005 by symmetry: every factor doubles."""
    found = times(tree(x="a * b + c * d"), "x", values(a=1, b=2, c=3, d=4), values(a=2, b=4, c=6, d=8))
    assert isinstance(found, Times)
    assert found.total == 4
    assert {factor.name: round(factor.times, 6) for factor in found.factors} == {
        "a": Decimal("1.104090"),
        "b": Decimal("1.104090"),
        "c": Decimal("1.811447"),
        "d": Decimal("1.811447"),
    }
    product = Decimal(1)
    for factor in found.factors:
        product *= factor.times
    assert round(product, 24) == 4
    assert round(sum(factor.amount for factor in found.factors), 24) == 42


def test_times_are_refused_where_a_number_is_not_above_0() -> None:
    margin = tree(margin="(revenue - cost) / revenue")
    found = times(margin, "margin", values(revenue=100, cost=120), values(revenue=150, cost=120))
    assert found == NotTimes("margin", Fraction(-1, 5), after=False)
    assert times(tree(x="a * b"), "x", values(a=1, b=0), values(a=1, b=1)) == NotTimes("x", Fraction(0), after=False)
    unknown = times(tree(x="a * b"), "x", values(a=1, b=1), values(a=1))
    assert unknown == NotTimes("x", None, after=True, why=Hurdle.UNKNOWN)
    crossing = times(tree(x="a * (b - 2) * (b - 2) * (b - 2) * (b - 2)"), "x", values(a=1, b=1), values(a=1, b=3))
    assert isinstance(crossing, NotTimes)
    assert crossing.why is Hurdle.TERM
    factor = times(tree(s="x * y + z"), "s", values(x=6, y=0, z=1), values(x=8, y=6, z=2))
    assert factor == NotTimes("y", Fraction(0), after=False)
    called = times(tree(x="greatest(a, b)"), "x", values(a=1, b=2), values(a=3, b=4))
    assert called == NotTimes("greatest(a, b)", None, after=False, why=Hurdle.CALL)


def test_a_node_that_its_parts_do_not_give_is_a_factor_itself() -> None:
    found = times(tree(x="a * y", y="b * c"), "x", values(a=1, y=5, b=2, c=2), values(a=2, y=10, b=2, c=2))
    assert isinstance(found, Times)
    assert {factor.name: round(factor.times, 9) for factor in found.factors} == {"a": 2, "y": 2}
