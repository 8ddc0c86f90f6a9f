"""A forecast as a fan: the last year, the medians to come, where four in five and 19 in 20 of the paths lie, goals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shinro.findings.forecasts import Forecast, Step
from shinro.findings.readings import Goal
from shinro.periods import Period
from shinro.reports.charts import point_text
from shinro.reports.course_chart import Course, course_spec
from shinro.reports.dates import period as period_name
from shinro.reports.forecasts import value_text
from shinro.reports.numbers import level
from shinro.reports.parts import Chart
from shinro.reports.readings import Telling
from shinro.series import Mark, Point

PAST = 12  # periods that are shown of what was
WIDE, INNER = (0, -1), (1, -2)  # which quantiles bound 95 % and 80 %
COLUMNS = ("story.month", "status.value", "story.median", "story.in_80", "story.in_95")


def fan(found: Forecast, goals: Sequence[Goal], telling: Telling) -> Chart:
    """A metric's fan with the levels that milestones ask for. Cost: linear in periods."""
    past = _past(found, telling)
    label, end = telling.label(found.metric), found.steps[-1]
    low, high = (value_text(value, found.meaning, telling) for value in _ends(end, INNER))
    says = telling.say(
        "story.fan_says",
        metric=label,
        period=_when(end.period, found, telling),
        median=value_text(end.median, found.meaning, telling),
        low=low,
        high=high,
    )
    course = _course(found, past, goals, telling)
    keys = [("line", "status.value"), ("target", "story.median"), ("band", "story.bands")]
    keys += [("goal", "story.goal")] if course.goals else []
    return Chart(
        telling.say("story.fan", metric=label),
        says,
        course_spec(course, found.meaning, telling.lang),
        tuple(map(telling.say, COLUMNS)),
        tuple(_rows(found, past, telling)),
        tuple((key, telling.say(word)) for key, word in keys),
    )


def _past(found: Forecast, telling: Telling) -> Sequence[Point]:
    """The last periods before the first to come, without a gap in time: what is not known of them is unknown."""
    known = {point.period: point for point in found.past if point.mark is Mark.COMPLETE}
    if not known:
        return ()
    last = telling.calendar.step(found.steps[0].period, found.grain, -1)
    cuts = list(telling.calendar.periods(min(known).start, last.start, found.grain))[-PAST:]
    return [known.get(cut, Point(cut, None, Mark.UNKNOWN)) for cut in cuts]


def _course(found: Forecast, past: Sequence[Point], goals: Sequence[Goal], telling: Telling) -> Course:
    """The past, then the fan, which begins where the past ends."""
    was = [None if point.value is None else float(point.value) for point in past]
    known = {step.period: step for step in found.steps}
    first, last = found.steps[0].period.start, found.steps[-1].period.start
    ahead = list(telling.calendar.periods(first, last, found.grain))
    steps = [known.get(cut) for cut in ahead]
    before = [None] * max(len(was) - 1, 0)
    ends = [None if value is None else (value, value) for value in was[-1:]]
    periods = [*(point.period for point in past), *ahead]
    return Course(
        periods,
        [*was, *[None] * len(ahead)],
        [*before, *was[-1:], *(step.median if step else None for step in steps)],
        [[*before, *ends, *(_ends(step, which) if step else None for step in steps)] for which in (WIDE, INNER)],
        len(was),
        [
            (periods.index(goal.month), float(goal.level), level(goal.level, found.meaning, telling.lang))
            for goal in goals
            if goal.month in periods
        ],
    )


def _rows(found: Forecast, past: Sequence[Point], telling: Telling) -> Iterator[tuple[str, ...]]:
    for point in past:
        yield _when(point.period, found, telling), point_text(point, found.meaning, telling), "", "", ""
    for step in found.steps:
        inner, wide = (
            " – ".join(value_text(end, found.meaning, telling) for end in _ends(step, which)) for which in (INNER, WIDE)
        )
        yield _when(step.period, found, telling), "", value_text(step.median, found.meaning, telling), inner, wide


def _ends(step: Step, which: tuple[int, int]) -> tuple[float, float]:
    return step.quantiles[which[0]], step.quantiles[which[1]]


def _when(period: Period, found: Forecast, telling: Telling) -> str:
    return period_name(period, found.grain, telling.calendar, telling.words)
