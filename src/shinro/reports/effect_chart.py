"""What an initiative did as a chart: what was, what would have been, with its interval, from before the start on."""

from __future__ import annotations

from collections.abc import Sequence

from shinro.findings.effects import Effect, Sight
from shinro.periods import Grain
from shinro.reports.course_chart import Course, course_spec, exact
from shinro.reports.dates import short_period
from shinro.reports.effects import sentence, touched
from shinro.reports.numbers import number
from shinro.reports.parts import Chart
from shinro.reports.readings import Telling
from shinro.series import Meaning

BEFORE = 26  # periods before the start that are shown


def effect_chart(effect: Effect, telling: Telling) -> Chart | None:
    """The counterfactual beside what was; None where nothing was estimated. Cost: linear in periods."""
    if effect.meaning is None or effect.estimate is None:
        return None
    sights = _shown(effect.sights)
    if not any(sight.without for sight in sights):
        return None
    title = f"{effect.initiative} → {touched(effect, telling)}"
    keys = (
        ("line", telling.say("effect.chart.actual")),
        ("target", telling.say("effect.chart.without")),
        ("band", telling.say("effect.chart.interval")),
    )
    columns = tuple(telling.say(f"effect.chart.{key}") for key in ("period", "actual", "without", "interval"))
    rows = tuple(_row(sight, effect.meaning, effect.grain, telling) for sight in sights)
    says = f"{title}: {sentence(effect, telling)}"
    return Chart(
        title,
        says,
        course_spec(_course(sights, effect.grain, telling), effect.meaning, telling.lang),
        columns,
        rows,
        keys,
    )


def _shown(sights: Sequence[Sight]) -> Sequence[Sight]:
    start = next((n for n, sight in enumerate(sights) if sight.after), len(sights))
    return sights[max(0, start - BEFORE) :]


def _row(sight: Sight, meaning: Meaning, grain: Grain, telling: Telling) -> tuple[str, ...]:
    without = sight.without
    return (
        short_period(sight.period, grain, telling.calendar, telling.words),
        _text(sight.actual, meaning, telling) if sight.actual is not None else "",
        _text(without.value, meaning, telling) if without else "",
        f"{_text(without.low, meaning, telling)} – {_text(without.high, meaning, telling)}" if without else "",
    )


def _text(value: float, meaning: Meaning, telling: Telling) -> str:
    return number(exact(value), meaning, telling.lang)


def _course(sights: Sequence[Sight], grain: Grain, telling: Telling) -> Course:
    """Every period from the first to the last, also those that no sight was had of."""
    had = {sight.period: sight for sight in sights}
    cuts = list(telling.calendar.periods(min(had).start, max(had).start, grain))
    without = [had[cut].without if cut in had else None for cut in cuts]
    return Course(
        cuts,
        [had[cut].actual if cut in had else None for cut in cuts],
        [each.value if each else None for each in without],
        [[(each.low, each.high) if each else None for each in without]],
        next((n for n, cut in enumerate(cuts) if cut in had and had[cut].after), None),
    )
