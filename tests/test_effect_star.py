"""An effect passed up the tree: products, nested nodes, what comes before, and where no way leads."""

from __future__ import annotations

from fractions import Fraction

import pytest

from checking import project_of
from shinro.analysis.effect_star import drivers_to_star, gained
from shinro.findings.effects import Interval
from shinro.series import Meaning, Nature

TEXT = """\
company: A
sources: {crm: {type: files, path: data/*.csv}}
tables: {rows: {from: crm.rows, key: id, time: day}}
metrics:
  star: {count: rows}
  calls: {count: rows}
  rate: {ratio: star / calls}
  new: {count: rows}
  gone: {count: rows}
  other: {count: rows}
north_star: {metric: star}
"""
STAR = Meaning("star", Nature.FLOW)
MEANS = {name: Fraction(value) for name, value in {"star": 40, "calls": 100, "new": 12, "gone": 5}.items()}
MEANS["rate"] = Fraction(2, 5)
Numbers = tuple[float, float, float]


def gain(tree: str, metric: str, effect: Numbers, share: Fraction = Fraction(1)) -> Numbers | None:
    found = gained(project_of(TEXT + tree), STAR, metric, Interval(*effect), share, MEANS)
    return (found.mean.value, found.mean.low, found.mean.high) if found else None


def test_along_a_product_it_is_the_effect_times_the_rest() -> None:
    tree = "tree: {star: calls * rate}\n"
    assert gain(tree, "rate", (0.1, 0.05, 0.2)) == pytest.approx((10, 5, 20))
    assert gain(tree, "rate", (0.1, 0.05, 0.2), Fraction(1, 2)) == pytest.approx((5, 2.5, 10))


def test_what_is_taken_away_turns_the_interval_round() -> None:
    assert gain("tree: {star: new - gone}\n", "gone", (2.0, -1.0, 5.0)) == pytest.approx((-2, -5, 1))


def test_through_a_node_and_what_it_was_before() -> None:
    tree = "tree: {star: calls * rate, calls: previous + new - gone + previous(other)}\n"
    assert gain(tree, "new", (3.0, 3.0, 3.0)) is None  # other has no value
    found = gained(project_of(TEXT + tree), STAR, "new", Interval(3, 1, 5), Fraction(1), MEANS | {"other": Fraction(2)})
    assert found is not None
    assert found.mean.value == pytest.approx(1.2)


def test_the_stars_own_effect_is_itself() -> None:
    assert gain("tree: {star: calls * rate}\n", "star", (4.0, 1.0, 6.0)) == pytest.approx((4, 1, 6))


def test_dividing_by_nothing_is_undefined() -> None:
    means = MEANS | {"calls": Fraction(0)}
    project = project_of(TEXT + "tree: {star: new / calls}\n")
    assert gained(project, STAR, "new", Interval(1, 1, 1), Fraction(1), means) is None


def test_drivers_are_those_on_the_way_and_beside_it() -> None:
    project = project_of(TEXT + "tree: {star: calls * rate, calls: new - gone}\n")
    assert drivers_to_star(project, "new") == ("calls", "gone", "new", "rate", "star")
    assert drivers_to_star(project, "other") == ()
    without = project_of(TEXT.replace("north_star: {metric: star}\n", ""))
    assert drivers_to_star(without, "new") == ()
    assert gained(without, STAR, "new", Interval(1, 1, 1), Fraction(1), MEANS) is None
