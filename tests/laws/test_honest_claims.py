"""What the record has is told however it is written; what it does not have is not.

`SHINRO_EXAMPLES=5000 pytest tests/laws/test_honest_claims.py` tries 5,000 sentences a law.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

import wording
from claiming import company, paths, said_of
from shinro.checks.quantities import quantities
from shinro.checks.telling import refusals
from shinro.findings.claims import Track
from shinro.problems import Problem
from shinro.series import Mark
from strategies import MANY, SOME

JAPANESE = ("から", "が", "に", "は", "へ", "で", "：", "⇒", ":{a}")
NAMES = {"revenue.companies": ("有料契約社数", "paying companies"), "revenue.mrr": ("MRR", "MRR")}


@dataclass(frozen=True)
class Drawn:
    """A path that rises over so many months up to October 2026, and how one would write its ends."""

    metric: str
    months: int
    track: Track

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        first, last = self.track.steps[12 - self.months].value, self.track.steps[11].value
        assert first is not None
        assert last is not None
        return first, last

    def refused(self, says: str) -> tuple[Problem, ...]:
        (traction,) = company().traction
        steps = self.track.steps
        said = said_of(says, self.metric, steps[12 - self.months].period.start, steps[11].period.last, "m6")
        return refusals(said, traction, {**paths(), self.metric: self.track}, company())


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    metric = draw(st.sampled_from(sorted(NAMES)))
    months = draw(st.sampled_from((6, 8, 12)))
    least = 30 if metric == "revenue.companies" else 100_000
    first = draw(st.integers(least, least * 200))
    gain = draw(st.integers(first // 5 + 1, first * 7))
    inner = sorted(draw(st.lists(st.integers(0, gain), min_size=months - 2, max_size=months - 2)))
    return Drawn(metric, months, risen(metric, months, first, [*inner, gain]))


def risen(metric: str, months: int, first: int, gains: Sequence[int]) -> Track:
    """The path; before its first month it was a little lower, so that no low is picked."""
    path = paths()[metric]
    before = [max(first - 1 - n, 0) for n in range(12 - months)][::-1]
    values = [*before, first, *(first + gain for gain in gains)]
    steps = tuple(
        replace(step, value=Fraction(value), mark=Mark.COMPLETE)
        for step, value in zip(path.steps, values, strict=False)
    )
    return replace(path, steps=steps)


@st.composite
def told(draw: st.DrawFn, path: Drawn, last: Fraction | None = None) -> str:
    """One sentence of the path's two ends; its last told as another number where one is given."""
    template = draw(st.sampled_from((*wording.FROM_TO, *wording.TIMES, *wording.GROWTH)))
    japanese = any(each in template for each in JAPANESE)
    first, true = path.ends

    def written(value: Fraction) -> str:
        if path.metric == "revenue.companies":
            return draw(st.sampled_from(sorted(wording.counts(int(value), "社" if japanese else ""))))
        ways = wording.yen_ja(int(value)) if japanese else wording.yen_en(int(value))
        return draw(st.sampled_from(sorted(ways)))

    return template.format(
        name=NAMES[path.metric][0 if japanese else 1],
        a=written(first),
        b=written(true if last is None else last),
        n=path.months,
        x=wording.decimals(true / first, 1),
        g=wording.decimals((true / first - 1) * 100, 0),
    )


@SOME
@given(path=drawn(), data=st.data())
def test_both_ends_of_the_record_are_told_however_they_are_written(path: Drawn, data: st.DataObject) -> None:
    assert path.refused(data.draw(told(path))) == ()


@SOME
@given(path=drawn(), data=st.data(), more=st.integers(112, 900))
def test_an_end_told_higher_by_an_eighth_or_more_is_refused(path: Drawn, data: st.DataObject, more: int) -> None:
    inflated = Fraction(int(path.ends[1] * more / 100) + 1)
    assert path.refused(data.draw(told(path, inflated))) != ()


@MANY
@given(st.integers(0, 10**12))
def test_a_written_amount_is_read_as_what_it_is(amount: int) -> None:
    for way in (*wording.yen_ja(amount), *wording.yen_en(amount), *wording.counts(amount, "社")):
        (found,) = quantities(way)
        assert abs(found.value - amount) <= found.unit / 2


PIECES = (
    "3社",
    "から",
    "12社",
    "に",
    "MRR",
    "¥",
    "1.2",
    "M",
    "%",
    "倍",
    "約",
    "x",
    "→",
    "2026年",
    "4月",
    "分の",
    "万",
    ",",
    " to ",
    "解約率",
)


@SOME
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=14).map("".join)))
def test_any_words_are_judged_and_the_same_way_each_time(says: str) -> None:
    path = Drawn("revenue.companies", 6, risen("revenue.companies", 6, 34, [5, 12, 18, 26, 32]))
    assert path.refused(says) == path.refused(says)
