"""Laws of stocks within a tree: their flows since add up to what they moved, wherever they stand."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shinro.analysis.decompose import Reader, Tree, reader
from shinro.analysis.stocks import split
from shinro.definitions.grammar import formula
from shinro.findings.gaps import Decomposition, Way

NUMBERS = st.fractions(min_value=-50, max_value=50, max_denominator=6)
TREE = Tree(
    {
        "mrr": formula("companies * arpa"),
        "companies": formula("previous + won - lost"),
    }
)
PERIODS = st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=2, max_size=6)


def story(opening: Fraction, periods: list[tuple[Fraction, Fraction, Fraction]]) -> list[Reader]:
    """Periods in order: what was won and lost in each, and the ARPA in it."""
    found, level = [], opening
    for n, (won, lost, arpa) in enumerate(periods):
        level += won - lost if n else 0
        found.append(reader({"won": won, "lost": lost, "arpa": arpa, "companies": level, "mrr": level * arpa}))
    return found


def total(found: Decomposition) -> Fraction:
    return sum((leaf.contribution for leaf in found.leaves), Fraction(0)) + sum(
        (off.contribution for off in found.off), Fraction(0)
    )


@given(NUMBERS, PERIODS)
def test_flows_and_all_else_add_up_to_the_change(
    opening: Fraction, periods: list[tuple[Fraction, Fraction, Fraction]]
) -> None:
    readers = story(opening, periods)
    first, last = periods[0], periods[-1]
    closing = opening + sum((won - lost for won, lost, _ in periods[1:]), Fraction(0))
    for chained in (False, True):
        found = split(TREE, "mrr", readers, chained=chained)
        assert found.change == closing * last[2] - opening * first[2] == total(found)


@given(NUMBERS, PERIODS)
def test_a_stock_alone_moves_by_its_flows(
    opening: Fraction, periods: list[tuple[Fraction, Fraction, Fraction]]
) -> None:
    found = split(TREE, "companies", story(opening, periods))
    assert found.way is Way.MOVEMENT
    assert {leaf.name: leaf.contribution for leaf in found.leaves} == {
        "won": sum((won for won, _, _ in periods[1:]), Fraction(0)),
        "lost": -sum((lost for _, lost, _ in periods[1:]), Fraction(0)),
    }


@given(NUMBERS, PERIODS, NUMBERS)
def test_a_level_that_its_flows_do_not_give_stands_apart(
    opening: Fraction, periods: list[tuple[Fraction, Fraction, Fraction]], more: Fraction
) -> None:
    readers = story(opening, periods)
    read = readers[-1]
    readers[-1] = lambda name, back: (
        _more(read(name, back), more) if name == "companies" and not back else read(name, back)
    )
    found = split(TREE, "companies", readers)
    assert sum((off.contribution for off in found.off), Fraction(0)) == more
    assert found.change == total(found)


def _more(value: object, more: Fraction) -> Fraction:
    assert isinstance(value, Fraction)
    return value + more
