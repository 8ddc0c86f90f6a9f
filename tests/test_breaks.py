"""Where did it break: on cells whose answer is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest

from shinro.analysis.breaks import Rules, breaks
from shinro.analysis.cubes import cube
from shinro.analysis.mix import Cut, ratio_cell
from shinro.analysis.searching import best
from shinro.analysis.strains import CAP, Kind, Strains, Sums, strains
from shinro.findings.segments import Breaks, Side
from shinro.series import Segment

DIMENSIONS: Mapping[str, tuple[str | None, ...]] = {
    "channel": ("web", "event", "mail", None),
    "rep": ("a", "b", "c", "d", "e"),
    "plan": ("free", "pro"),
}
Parts = tuple[int, int]


def segments() -> list[Segment]:
    return [tuple(zip(DIMENSIONS, values, strict=True)) for values in product(*DIMENSIONS.values())]


def rates(change: Callable[[Mapping[str, str | None]], float], seed: int = 1, base: int = 400) -> Cut:
    """Replies of calls: 20 % before, times `change` after."""
    chance = Random(seed)  # noqa: S311 - seeded
    made: dict[Segment, tuple[Side, Side]] = {}
    for segment in segments():
        sides = []
        for rate in (0.2, 0.2 * change(dict(segment))):
            calls = chance.randrange(base // 2, base)
            replies = sum(chance.random() < rate for _ in range(calls))
            sides.append(ratio_cell(Fraction(replies), Fraction(calls)))
        made[segment] = (sides[0], sides[1])
    return made


def named(found: Breaks | None) -> list[dict[str, str | None]]:
    assert found is not None
    return [dict(one.segment) for one in found.breaks]


def test_one_value_of_one_dimension() -> None:
    found = breaks(rates(lambda at: 0.45 if at["channel"] == "event" else 1.0), Kind.ODDS)

    assert named(found) == [{"channel": "event"}]
    assert found is not None
    assert found.breaks[0].share == pytest.approx(1, abs=0.25)
    assert found.breaks[0].change < 0
    assert found.leaves == 40
    assert found.others


def test_a_combination_and_no_more_than_it() -> None:
    found = breaks(rates(lambda at: 0.3 if (at["channel"], at["plan"]) == ("web", "pro") else 1.0), Kind.ODDS)

    assert named(found) == [{"channel": "web", "plan": "pro"}]


def test_several_one_after_the_other() -> None:
    def fell(at: Mapping[str, str | None]) -> float:
        return 0.4 if at["channel"] == "mail" or (at["rep"], at["plan"]) == ("b", "free") else 1.0

    assert named(breaks(rates(fell), Kind.ODDS)) == [{"channel": "mail"}, {"plan": "free", "rep": "b"}]


def test_rows_without_a_value_are_a_segment() -> None:
    assert named(breaks(rates(lambda at: 0.4 if at["channel"] is None else 1.0), Kind.ODDS)) == [{"channel": None}]


def test_what_moved_everywhere_has_no_place() -> None:
    assert named(breaks(rates(lambda _: 0.6), Kind.ODDS)) == [{}]


def test_one_more_than_all_the_others() -> None:
    found = breaks(rates(lambda at: 0.3 if at["channel"] == "web" else 0.7, base=2000), Kind.ODDS)

    assert named(found) == [{"channel": "web"}, {}]


@pytest.mark.parametrize("seed", range(10))
def test_where_nothing_broke_nothing_is_named(seed: int) -> None:
    found = breaks(rates(lambda _: 1.0, seed), Kind.ODDS)

    assert named(found) == []


def test_a_new_mix_breaks_nothing() -> None:
    cells: Cut = {
        (("size", "small"),): (ratio_cell(Fraction(50), Fraction(100)), ratio_cell(Fraction(450), Fraction(900))),
        (("size", "large"),): (ratio_cell(Fraction(90), Fraction(900)), ratio_cell(Fraction(10), Fraction(100))),
    }

    assert named(breaks(cells, Kind.ODDS)) == []


def test_what_moved_the_other_way_does_not_explain_the_whole() -> None:
    def moved(at: Mapping[str, str | None]) -> float:
        return {"event": 0.3, "mail": 1.6}.get(str(at["channel"]), 1.0)

    cells = rates(moved)
    assert named(breaks(cells, Kind.ODDS)) == [{"channel": "event"}]
    both = breaks(cells, Kind.ODDS, Rules(one_way=False))
    assert named(both)[0] == {"channel": "event"}


def amounts(factor: Callable[[Mapping[str, str | None]], float], noise: float = 0.1) -> Cut:
    chance = Random(5)  # noqa: S311 - seeded
    made: dict[Segment, tuple[Side, Side]] = {}
    for segment in segments():
        before = chance.lognormvariate(8, 1)
        after = before * chance.lognormvariate(0, noise) * factor(dict(segment))
        made[segment] = (Side(Fraction(round(before))), Side(Fraction(round(after))))
    return made


def test_amounts() -> None:
    found = breaks(amounts(lambda at: 0.5 if at["rep"] == "c" else 1.0), Kind.AMOUNTS)

    assert named(found) == [{"rep": "c"}]
    assert found is not None
    one = found.breaks[0]
    assert one.observed.value is not None
    assert one.expected.value is not None
    assert float(one.change) == pytest.approx(float(one.observed.value - one.expected.value))


def test_what_is_gone_and_what_is_new() -> None:
    gone = amounts(lambda at: 0.0 if at["channel"] == "mail" else 1.0)
    missing: Cut = {at: (before, None if after == Side(Fraction(0)) else after) for at, (before, after) in gone.items()}

    assert named(breaks(gone, Kind.COUNTS)) == [{"channel": "mail"}]
    assert named(breaks(missing, Kind.AMOUNTS)) == [{"channel": "mail"}]


def test_one_cell_is_the_whole() -> None:
    assert breaks({(("channel", "web"),): (Side(Fraction(1)), Side(Fraction(9)))}, Kind.COUNTS) is None


def test_more_successes_than_tries_are_counted() -> None:
    cells = {
        at: (before, ratio_cell((after.over or Fraction(0)) * 6, after.base or Fraction(0)))
        for at, (before, after) in rates(lambda at: 0.4 if at["rep"] == "a" else 1.0).items()
        if before and after
    }

    assert {} in named(breaks(cells, Kind.ODDS))


def test_the_pruned_search_finds_what_a_search_of_all_finds() -> None:
    """Every combination written out, summed one by one."""
    for seed in range(30):
        chance = Random(seed)  # noqa: S311 - seeded
        kept = [segment for segment in segments() if chance.random() < 0.8]
        strain = np.array([chance.gauss(0, 1) + 3 * (chance.random() < 0.2) for _ in kept])
        weight = np.array([chance.choice([0.0, 0.5, 1, 4]) for _ in kept])
        scores: dict[frozenset[int], float] = {}
        for choice in product(*[(*values, "*") for values in DIMENSIONS.values()]):
            at = [
                place
                for place, segment in enumerate(kept)
                if weight[place] > 0
                and all(want in ("*", value) for want, (_, value) in zip(choice, segment, strict=True))
            ]
            depth = sum(want != "*" for want in choice)
            shift = float((weight[at] * strain[at]).sum())
            if depth and at and shift > 0:
                net = shift**2 / (2 * float(weight[at].sum())) - 3 * (depth - 1)
                scores[frozenset(at)] = max(net, scores.get(frozenset(at), -9.0))
        slow = sorted((score for score in scores.values() if score > 0), reverse=True)[:4]
        fast = best(cube(kept), Strains(strain, weight, 0.1), np.ones(len(kept), dtype=bool), 1)
        assert [one.net for one in fast] == pytest.approx(slow)


def test_noise_is_read_off_the_cells_and_a_broken_majority_is_not_taken_for_it() -> None:
    chance = np.random.default_rng(3)
    expected = np.full(400, 1000.0)
    one = np.ones(400)

    quiet = strains(Kind.AMOUNTS, Sums(expected * np.exp(chance.normal(0, 0.2, 400)), expected, one, one))
    assert quiet.spread == pytest.approx(0.2, abs=0.03)
    broken = strains(Kind.COUNTS, Sums(expected * 0.2, expected, one, one))
    assert broken.spread == CAP


def test_few_cells_say_nothing_of_noise_and_earlier_periods_do() -> None:
    """One dimension of four values, thousands of each: half as many of one."""
    chance = Random(2)  # noqa: S311 - seeded
    names = ("web", "event", "mail", "fair")

    def counts(factor: float = 1.0) -> Cut:
        return {
            (("channel", name),): (
                Side(Fraction(round(chance.gauss(4000, 80)))),
                Side(Fraction(round(chance.gauss(4000, 80) * (factor if name == "mail" else 1)))),
            )
            for name in names
        }

    earlier = [counts() for _ in range(8)]
    assert named(breaks(counts(0.5), Kind.COUNTS)) == []
    assert named(breaks(counts(0.5), Kind.COUNTS, earlier=earlier)) == [{"channel": "mail"}]
    assert named(breaks(counts(), Kind.COUNTS, earlier=earlier)) == []


def test_amounts_of_few_cells_cannot_tell() -> None:
    cells: Cut = {(("plan", str(n)),): (Side(Fraction(100)), Side(Fraction(100 - 60 * (n == 0)))) for n in range(4)}

    found = breaks(cells, Kind.AMOUNTS)
    assert named(found) == []
    assert found is not None
    assert dict(found.others[0].segment) == {"plan": "0"}


def test_a_difference_of_about_nothing_has_no_shares() -> None:
    cells: Cut = {
        (("plan", str(n)),): (Side(Fraction(1000)), Side(Fraction(1000 + 500 * s))) for n, s in enumerate((1, -1))
    }

    found = breaks(cells, Kind.COUNTS)
    assert found is not None
    assert all(one.share is None for one in found.others)


def test_earlier_periods_in_which_more_succeeded_than_tried_are_counted() -> None:
    now = rates(lambda at: 0.4 if at["rep"] == "a" else 1.0)
    over: Cut = {at: (ratio_cell(Fraction(300), Fraction(200)), after) for at, (_, after) in now.items()}

    assert breaks(now, Kind.ODDS, earlier=[over]) is not None


def test_a_forecast_has_no_chance_in_it() -> None:
    cells = rates(lambda at: 0.6 if at["channel"] == "event" else 1.0)
    counted, foretold = (breaks(cells, Kind.ODDS, Rules(sampled=sampled)) for sampled in (True, False))

    assert counted is not None
    assert foretold is not None
    assert foretold.breaks[0].segment == (("channel", "event"),)
    assert foretold.breaks[0].score > max(one.score for one in (*counted.breaks, *counted.others))


def test_no_more_than_five_are_named() -> None:
    values = [f"v{n}" for n in range(30)]
    cells: Cut = {
        (("shop", shop), ("day", str(day))): (
            Side(Fraction(1000)),
            Side(Fraction(200 if shop in values[:8] else 1000 + day)),
        )
        for shop in values
        for day in range(6)
    }

    assert len(named(breaks(cells, Kind.COUNTS, Rules(material=0)))) == 5
