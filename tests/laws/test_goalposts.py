"""A target that is moved leaves the past as it was judged, however often and by whatever it is moved."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from planning import Value, bearings_of
from shinro.analysis.courses import Course
from shinro.analysis.measured import Bearings
from shinro.analysis.targets import course_of, segment_courses
from shinro.definitions.project import read_project
from shinro.drafts.goalposts import Goalpost, with_goalposts, without_goalposts
from shinro.periods import Grain, Period
from strategies import SOME

HEAD = """\
currency: JPY
holidays: JP
story: {starts: 2026-01-05}
sources: {crm: {type: files, path: "data/*.csv"}}
tables:
  contacts: {from: crm.contacts, key: id, time: at, dimensions: [rep]}
metrics:
  calls: {count: contacts}
  replies: {count: contacts, where: outcome = 'reached'}
  reply_rate: {ratio: replies / calls}
  staff: {reported: crm.staff, value: value, every: month, nature: stock, unit: people, better: higher}
milestones:
  - {id: m12, by: 2026-12-31, reach: [calls >= 2000 per month, reply_rate >= 12%]}
"""
TARGETS = {
    "calls": (
        "{per: week, from: 200, to: 250, by: 2026-12-31, each: {rep: {佐藤: 100 per week}}}",
        "{per: month, level: 1300}",
        "{per: week, from: 100, by: 2026-12-31, growth: 3%}",
        "{from: 20 per day, to: 40 per day, by: 2026-09-30, shape: growth}",
        "{per: month, to: 2400, by: 2026-11-15}",
    ),
    "reply_rate": ("8%", "{steps: {2026-01-05: 8%, 2026-06-01: 10%}}", "{from: 8%, to: 14%, by: 2026-12-31}"),
    "staff": ("{steps: {2026-02-01: 3, 2026-09-01: 9}, shape: linear}", "4"),
}  # fmt: skip
VALUES: dict[str, list[Value]] = {
    "calls": [900, 1000],
    "reply_rate": ["7/100", "8/100"],
    "replies": [70, 80],
    "staff": [2, 3],
}
NAMES = tuple(TARGETS)
START = date(2026, 1, 5)
steps = st.dictionaries(st.integers(-90, 200), st.integers(1, 5000), min_size=1, max_size=5)
moves = st.tuples(
    st.sampled_from(NAMES), st.integers(0, 40), st.none() | steps, st.sampled_from([Grain.MONTH, Grain.WEEK])
)


def looked_at(text: str) -> Bearings:
    return bearings_of(text, VALUES, START)


def judged(bearings: Bearings, day: date) -> dict[object, Fraction | None]:
    """Every target of a week or month that is over by a day, and of the day before, of the whole and of segments."""
    found: dict[object, Fraction | None] = {}
    for metric in NAMES:
        segments = segment_courses(bearings, metric, Grain.MONTH)
        courses: list[tuple[object, Course | None]] = [
            ("", course_of(bearings, metric, Grain.MONTH)),
            *segments.items(),
        ]
        for part, meant in courses:
            weeks, months = (bearings.calendar.periods(START, day, grain) for grain in (Grain.WEEK, Grain.MONTH))
            for cut in (*weeks, *months, Period(day - timedelta(days=1), day)):
                if cut.end <= day:
                    found[metric, part, cut] = meant.target(cut) if meant else None
    return found


@SOME
@given(
    st.fixed_dictionaries({name: st.none() | st.sampled_from(texts) for name, texts in TARGETS.items()}),
    st.lists(moves, min_size=1, max_size=3),
)
def test_the_past_keeps_its_targets_through_any_number_of_plans(
    written: dict[str, str | None], moved: list[tuple[str, int, dict[int, int] | None, Grain]]
) -> None:
    said = "".join(f"  {name}: {target}\n" for name, target in written.items() if target)
    text = HEAD + (f"targets:\n{said}" if said else "")
    day = date(2026, 2, 11)
    for metric, later, levels, grain in moved:
        day += timedelta(days=later)
        before = looked_at(text)
        if levels is None:
            text = without_goalposts(text, before.project, [metric], day)
        else:
            share = Fraction(1, 10_000) if metric == "reply_rate" else Fraction(1)
            post = Goalpost(
                before.meaning(metric),
                {day + timedelta(days=n): n2 * share for n, n2 in levels.items()},
                grain,
                planned=True,
            )
            text = with_goalposts(text, before.project, {metric: post}, day)
        assert read_project(text, "shinro.yaml")[1] == ()
        assert judged(looked_at(text), day) == judged(before, day)
