from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from recounting import (
    FIRST,
    MEANINGS,
    Number,
    milestone,
    month,
    paths,
    plain,
    reports,
    restated,
    scene,
    shuffled,
    written,
)
from shinro.analysis.claims import PARTS, Role, claims, noise_of, promised, span_of, strength
from shinro.analysis.claims import written as said
from shinro.analysis.lows import lows, stale
from shinro.analysis.promises import promises
from shinro.analysis.tracks import tracks
from shinro.entries import Entry
from shinro.findings.claims import Claim, Former, Kept, Low, Promise, Shape, Track
from shinro.findings.forecasts import MilestoneOdds
from shinro.periods import Duration, Grain, Period
from shinro.series import Mark

HALF_YEAR = Duration(6, "month")
ROLES = {"leads": Role.TOP, "companies": Role.BESIDE}


def told(known: Mapping[tuple[str, Grain], Track]) -> list[Track]:
    return list(known.values())


def found(*of: tuple[str, Sequence[Number]], length: Duration | None = HALF_YEAR) -> tuple[Claim, ...]:
    every = told(paths(*of))
    span = span_of(every, length)
    assert span
    return claims(every, ROLES, (), span)


def test_companies_in_six_months_from_3_to_12_are_four_times() -> None:
    (claim,) = found(("companies", [3, 4, 6, 7, 9, 10, 12]))
    assert plain(claim.shape, claim.months, claim.factor, claim.change) == [Shape.TIMES, 6, 4, 9]
    assert (claim.first.seq, claim.last.seq, claim.pledge.kept) == (0, 6, Kept.UNPLANNED)


def test_the_span_is_the_declared_one_and_never_the_best_window() -> None:
    (claim,) = found(("companies", [9, 1, 4, 5, 6, 7, 8, 9, 12]))
    assert plain(claim.first.value, claim.last.value) == [4, 12]
    assert found(("companies", [20, 1, 4, 5, 6, 7, 12]), length=None) == ()
    assert span_of(told(paths(("leads", [1, 2]))), None) == Period(date(2025, 2, 1), date(2026, 3, 1))
    assert span_of([], HALF_YEAR) is None


def test_a_rate_moves_by_points_and_never_by_times() -> None:
    (claim,) = found(("rate", [(182, 1000), (200, 1000), (230, 1000), (275, 1000)]))
    assert (claim.shape, claim.factor, claim.change) == (Shape.POINTS, None, Fraction(93, 1000))


def test_nothing_is_a_multiple_of_next_to_nothing_or_of_less() -> None:
    (zero,) = found(("companies", [0, 4, 8, 12]))
    assert (zero.shape, zero.factor) == (Shape.FROM_ZERO, None)
    (few,) = found(("companies", [2, 4, 8, 12]))
    assert (few.shape, few.factor) == (Shape.FROM_ZERO, None)
    (below,) = found(("mrr", [-4, 1, 6, 11]))
    assert (below.shape, below.factor) == (Shape.SCORE, None)
    (less,) = found(("cost", [40, 30, 20, 10]))
    assert (less.shape, less.factor) == (Shape.SCORE, None)


def test_only_the_good_direction_is_a_claim() -> None:
    assert found(("companies", [12, 9, 6, 3])) == ()
    assert found(("churn", [(10, 1000), (20, 1000), (40, 1000)])) == ()
    assert found(("plain", [1, 2, 3, 4])) == ()
    assert found(("companies", [3, 3, 3])) == ()
    (fell,) = found(("churn", [(80, 1000), (60, 1000), (28, 1000)]))
    assert fell.shape is Shape.POINTS


def test_running_periods_and_too_few_of_them_claim_nothing() -> None:
    assert found(("companies", [3, 12])) == ()
    entries = reports("companies", [3, 5, 7, 100])
    last = entries[-1]
    assert last.draft.figure
    running = replace(last.draft.figure, mark=Mark.INCOMPLETE)
    entries[-1] = replace(last, draft=replace(last.draft, figure=running))
    every = told(tracks(entries, MEANINGS))
    span = span_of(every, HALF_YEAR)
    assert span
    (claim,) = claims(every, {}, (), span)
    assert claim.last.value == 7


def test_what_does_not_stand_out_from_its_noise_is_no_claim() -> None:
    assert found(("leads", [10, 30, 8, 32, 12])) == ()
    assert found(("rate", [(2, 11), (4, 20), (6, 25), (11, 40)])) == ()
    (clear,) = found(("rate", [(1, 25), (6, 25), (11, 25), (16, 25)]))
    assert clear.interval is not None
    low, high = clear.interval
    assert low < Fraction(16, 25) < high


def test_a_straight_line_has_no_noise() -> None:
    assert noise_of([Fraction(n) for n in (1, 3, 5, 7)]) == 0
    assert noise_of([Fraction(n) for n in (0, 4, 0, 4)]) > 2


def test_a_claim_says_which_milestone_it_fulfils() -> None:
    known = paths(("companies", [3, 4, 6, 7, 9, 10, 12]), ("leads", [5, 6, 7, 8, 9, 10, 11]))
    declared = [
        milestone("m3", "2026-04-01", ["companies >= 6"], date(2025, 12, 1), 500),
        milestone("m6", "2026-07-01", ["companies >= 10", "leads <= 3 per month"], date(2025, 12, 1), 501),
        milestone("m12", "2027-01-01", ["companies >= 30", "leads >= 50 per month"], date(2025, 12, 1), 502),
    ]
    kept = promises(declared, scene(known, date(2026, 8, 10)))
    span = span_of(known.values(), HALF_YEAR)
    assert span
    by_metric = {claim.track.metric: claim for claim in claims(told(known), ROLES, kept, span)}
    companies, leads = by_metric["companies"].pledge, by_metric["leads"].pledge
    assert (companies.title, companies.kept) == ("m6", Kept.ON_TIME)
    assert promised(by_metric["companies"])
    assert (leads.title, leads.kept) == ("m12", Kept.AHEAD_OF_US)
    assert not promised(by_metric["leads"])


def test_the_last_milestone_whose_day_has_come_stands_with_a_claim_even_where_it_was_missed() -> None:
    known = paths(("companies", [3, 4, 6, 7, 9, 10, 32]))
    declared = [
        milestone("m3", "2026-04-01", ["companies >= 6"], date(2025, 12, 1), 500),
        milestone("m6", "2026-07-01", ["companies >= 90"], date(2025, 12, 1), 501),
        milestone("m12", "2027-01-01", ["companies >= 30"], date(2025, 12, 1), 502),
    ]
    span = span_of(known.values(), HALF_YEAR)
    assert span
    (claim,) = claims(told(known), ROLES, promises(declared, scene(known, date(2026, 8, 10))), span)
    assert (claim.pledge.title, claim.pledge.kept) == ("m6", Kept.MISSED)
    (ahead,) = claims(told(known), ROLES, promises(declared[2:], scene(known, date(2026, 8, 10))), span)
    assert (ahead.pledge.title, ahead.pledge.kept) == ("m12", Kept.HOLDING)


def test_net_retention_stands_with_gross_whichever_way_that_went() -> None:
    net = [(100, 100), (104, 100), (108, 100)]
    (claim,) = found(("r.nrr", net), ("r.grr", [(95, 100), (92, 100), (90, 100)]))
    assert [each.track.metric for each in claim.beside] == ["r.grr"]
    assert claim.beside[0].change < 0
    (alone,) = found(("r.nrr", net))
    assert alone.beside == ()


def test_a_churn_that_fell_stands_with_the_lifetime_value_that_rose() -> None:
    (claim,) = found(("churn", [(400, 10000), (340, 10000), (280, 10000)]), ("ltv", [100, 120, 140]))
    assert claim.track.metric == "churn"
    assert [(each.track.metric, each.factor) for each in claim.beside] == [("ltv", Fraction(7, 5))]
    (alone,) = found(("churn", [(400, 10000), (340, 10000), (280, 10000)]), ("ltv", [140, 120, 100]))
    assert alone.beside == ()


def test_strength_is_what_the_page_says() -> None:
    assert sum(PARTS.values()) == 1
    assert strength(Kept.ON_TIME, Role.TOP, Fraction(1), 12) == 1
    assert strength(Kept.UNPLANNED, Role.OTHER, Fraction(0), 0) == 0
    late, unplanned = (strength(kept, Role.TOP, Fraction(1), 12) for kept in (Kept.LATE, Kept.UNPLANNED))
    assert late - unplanned == Fraction(1, 5)


def test_the_strongest_is_first_and_its_order_is_stable_under_shuffling() -> None:
    rising: list[tuple[str, Sequence[Number]]] = [
        ("mrr", [3, 4, 5, 6]), ("companies", [3, 4, 5, 6]), ("leads", [3, 4, 5, 6]),
    ]  # fmt: skip
    assert [claim.track.metric for claim in found(*rising)] == ["leads", "companies", "mrr"]
    entries = [each for n, (metric, numbers) in enumerate(rising) for each in reports(metric, numbers, 100 * n)]
    order = ["mrr", "companies", "leads"]
    expected = None
    for seed in range(5):
        known = tracks(shuffled(entries, seed), MEANINGS)
        every = [known[metric, Grain.MONTH] for metric in order]
        span = span_of(every, HALF_YEAR)
        assert span
        ranked = claims(every, ROLES, (), span)
        expected = expected or ranked
        assert ranked == expected


def test_a_claim_stands_on_the_restated_value_with_the_old_one_in_sight() -> None:
    entries = reports("companies", [3, 4, 6])
    entries.append(restated(entries[2], 5, 9, written(month(5)), "twice counted"))
    every = told(tracks(entries, MEANINGS))
    span = span_of(every, HALF_YEAR)
    assert span
    (claim,) = claims(every, {}, (), span)
    assert plain(claim.last.value, *(was.value for was in claim.last.was)) == [5, 6]


def test_what_the_company_wrote_is_read_over_its_own_days_whichever_way_it_went() -> None:
    (path,) = told(paths(("companies", [9, 3, 6, 4])))
    claim = said(path, Period(month(1).start, month(3).start), "twice as many", {}, ())
    assert claim
    assert plain(claim.factor, claim.written) == [2, "twice as many"]
    fell = said(path, Period(month(0).start, month(4).start), "", {}, ())
    assert fell
    assert fell.change == -5
    assert said(path, month(1), "", {}, ()) is None


def low_of(*of: tuple[str, Sequence[Number]], kept: tuple[Promise, ...] = ()) -> list[tuple[str, str | None]]:
    return [(low.key, low.metric) for low in every_low(*of, kept=kept)]


def every_low(*of: tuple[str, Sequence[Number]], kept: tuple[Promise, ...] = ()) -> tuple[Low, ...]:
    every = told(paths(*of))
    span = span_of(every, HALF_YEAR)
    assert span
    return lows(every, kept, (), span)


def test_what_fell_is_told_and_what_cannot_be_told_from_noise() -> None:
    assert low_of(("companies", [12, 9, 6, 3])) == [("low.fell", "companies")]
    assert low_of(("leads", [30, 8, 32, 12, 28])) == [("low.dipped", "leads")]
    assert low_of(("leads", [28, 8, 32, 12, 30])) == [("low.unclear", "leads")]
    assert low_of(("plain", [9, 1, 5])) == []


def test_a_headline_that_slows_is_told() -> None:
    assert low_of(("companies", [10, 20, 30, 34, 38])) == [("low.slower", "companies")]
    assert low_of(("companies", [10, 20, 30, 40, 50])) == []
    assert low_of(("leads", [1, 2, 3, 4, 5]), ("companies", [10, 20, 30, 34, 38])) == []


def test_periods_that_were_not_published_are_told() -> None:
    entries: list[Entry] = [each for each in reports("companies", [1, 2, 3, 4, 5, 6]) if each.seq != 2]
    entries += reports("leads", [1, 2, 3, 4], 100)
    every = told(tracks(entries, MEANINGS))
    span = span_of(every, HALF_YEAR)
    assert span
    found = lows(every, (), (), span)
    assert [(low.key, low.metric) for low in found] == [("low.holes", "companies"), ("low.stopped", "leads")]
    assert found[0].args["n"] == 1


def test_milestones_that_were_missed_or_moved_and_poor_prospects_are_lowlights() -> None:
    def made(kept: Kept) -> Promise:
        return Promise(kept.value, date(2026, 3, 1), date(2026, 1, 1), kept, ())

    kept = tuple(made(each) for each in Kept)
    assert [low.promise.kept for low in every_low(("plain", [1, 2, 3]), kept=kept) if low.promise] == [
        Kept.LATE, Kept.MISSED, Kept.MOVED, Kept.UNKNOWN,
    ]  # fmt: skip
    former = Former(date(2026, 2, 1), date(2026, 1, 1), date(2026, 1, 9), Kept.AHEAD_OF_US, (), 1)
    ahead = Promise("x", date(2026, 9, 1), date(2026, 1, 1), Kept.AHEAD_OF_US, (), (former,))
    gone = replace(ahead, moved=(), given_up=date(2026, 2, 2))
    assert [low.key for low in every_low(("plain", [1, 2, 3]), kept=(ahead, gone))] == ["low.replaced", "low.given_up"]
    odds = [MilestoneOdds("a", FIRST, 0.2, ()), MilestoneOdds("b", FIRST, 0.9, ()), MilestoneOdds("c", FIRST, None, ())]
    span = Period(FIRST, FIRST + timedelta(days=90))
    assert [low.args["title"] for low in lows((), (), odds, span)] == ["a"]


def test_a_record_that_ends_long_before_today_is_told() -> None:
    span, length = Period(FIRST, FIRST + timedelta(days=90)), timedelta(days=30)
    assert [low.key for low in stale(span, length, span.end + timedelta(days=60))] == ["low.stale"]
    assert list(stale(span, length, span.end + timedelta(days=59))) == []
