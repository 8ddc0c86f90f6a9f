"""Laws of evidence: nothing breaks it, units do not matter, and neither does what else was asked in which order."""

from __future__ import annotations

from math import isfinite

from hypothesis import given
from hypothesis import strategies as st

from shinro.analysis.evidence import Tried, corrected, evidence, judged
from shinro.analysis.evidence_lead import Ahead
from shinro.findings.evidence import Evidence, Verdict

LEVELS = st.one_of(st.none(), st.integers(-3, 3).map(float), st.floats(-1e12, 1e12))
SHARES = st.floats(0, 1)


@st.composite
def two_series(draw: st.DrawFn) -> tuple[list[float | None], list[float | None]]:
    """Two series of the same weeks; the second may be the first, later or in another unit."""
    weeks = draw(st.integers(0, 60))
    one = draw(st.lists(LEVELS, min_size=weeks, max_size=weeks))
    kind = draw(st.sampled_from(["other", "late", "scaled"]))
    if kind == "late":
        return one, [None, *one[:-1]] if one else []
    if kind == "scaled":
        return one, [None if value is None else 3 * value + 2 for value in one]
    return one, draw(st.lists(LEVELS, min_size=weeks, max_size=weeks))


def numbers(found: Evidence) -> list[float]:
    return [value for value in (found.p, found.q, found.back, found.gain, found.power) if value is not None]


@given(two_series(), st.one_of(st.none(), st.integers(0, 80)))
def test_whatever_the_weeks_there_is_an_answer_and_always_the_same(
    series: tuple[list[float | None], list[float | None]], lag: int | None
) -> None:
    found = evidence(*series, lag=lag)
    assert found == evidence(*series, lag=lag)
    assert all(isfinite(value) for value in numbers(found))
    assert (found.lag is None) == (found.verdict in (Verdict.NO_SIGN, Verdict.CANNOT_TELL))


tries = st.builds(Ahead, st.integers(1, 8), st.sampled_from([-1, 1]), SHARES, SHARES, SHARES)
pairs = st.builds(Tried, st.integers(26, 200), tries, tries, st.tuples(st.floats(-1, 1), SHARES))


@given(st.lists(pairs, max_size=8), st.randoms())
def test_the_order_of_the_pairs_does_not_matter(asked: list[Tried], chance: object) -> None:
    order = list(range(len(asked)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    found = judged(asked)
    assert judged([asked[index] for index in order]) == tuple(found[index] for index in order)


@given(st.lists(SHARES, max_size=20))
def test_a_q_is_no_less_than_its_p_and_in_its_order(ps: list[float]) -> None:
    qs = corrected(ps)
    assert all(p <= q <= 1 for p, q in zip(ps, qs, strict=True))
    assert all(q <= s for p, q in zip(ps, qs, strict=True) for r, s in zip(ps, qs, strict=True) if p <= r)


@given(st.lists(pairs, min_size=1, max_size=8))
def test_asking_more_makes_no_new_lead(asked: list[Tried]) -> None:
    alone = judged(asked[:1])[0]
    if (
        judged(asked + [Tried(100, Ahead(1, 1, 1.0, 0.0, 1.0), Ahead(1, 1, 1.0, 0.0, 1.0))] * 5)[0].verdict
        is Verdict.LEADS
    ):
        assert alone.verdict is Verdict.LEADS or judged(asked)[0].verdict is Verdict.LEADS
