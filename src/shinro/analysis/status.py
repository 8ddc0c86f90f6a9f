"""Status: where we are, put together from the readings."""

from __future__ import annotations

from collections.abc import Iterable

from shinro.analysis.measured import Bearings
from shinro.analysis.milestones import milestone_readings
from shinro.analysis.questions import answers, in_focus
from shinro.analysis.readings import read_metric, read_segments
from shinro.analysis.sought import measurable, shown
from shinro.analysis.targets import metric_of
from shinro.findings.readings import Freshness, Reading, Status
from shinro.loads import Load
from shinro.periods import Grain
from shinro.problems import Problem


def status(
    bearings: Bearings, problems: Iterable[Problem] = (), asked: Grain | None = None, *, everything: bool = False
) -> Status:
    """Where we are. `problems` come worst first; `asked` is the grain to read every metric by.

    Departments list all that they own, what is in focus too; `others` are what is shown nowhere else.
    """
    project = bearings.project
    star = str(project.star.metric) if project.star else None
    departments = tuple(
        (str(name), tuple(_read(bearings, map(str, department.owns), asked)))
        for name, department in project.departments.items()
    )
    focus = in_focus(bearings)
    placed = {star, *focus, *(reading.metric for _, readings in departments for reading in readings)}
    rest = (metric for metric in shown(project, everything=everything) if metric not in placed)
    return Status(
        company=str(project.company or ""),
        as_of=bearings.as_of,
        star=read_metric(bearings, star, asked) if star in bearings.meanings and star else None,
        focus=tuple(_read(bearings, focus, asked)),
        departments=departments,
        segments=tuple(
            reading for metric in project.targets for reading in read_segments(bearings, str(metric), asked)
        ),
        others=tuple(_read(bearings, rest, asked)),
        milestones=milestone_readings(bearings),
        answers=answers(bearings),
        problems=tuple(problems),
        freshness=tuple(map(_freshness, bearings.measured.loads.values())),
        unmeasured=tuple(_unmeasured(bearings, everything=everything).items()),
    )


def _read(bearings: Bearings, metrics: Iterable[str], asked: Grain | None) -> Iterable[Reading]:
    """Readings of what is defined; names that are not are a rule's to tell."""
    return (read_metric(bearings, metric, asked) for metric in metrics if metric in bearings.meanings)


def _freshness(load: Load) -> Freshness:
    return Freshness(
        load.table,
        load.source,
        load.rows,
        load.rejected,
        load.newest,
        load.known_until,
        load.files,
        load.seconds,
        load.read_at,
    )


def _unmeasured(bearings: Bearings, *, everything: bool) -> dict[str, str]:
    """Metric -> why it has no numbers, a catalog key."""
    asked = [
        metric_of(goal.condition)
        for milestone in bearings.project.milestones
        for goal in milestone.reach
        if goal.condition
    ]
    metrics = [
        metric for metric in (*shown(bearings.project, everything=everything), *asked) if metric in bearings.meanings
    ]
    undefined = {metric: "unmeasured.undefined" for metric in metrics if not measurable(bearings.project, metric)}
    return undefined | dict(bearings.measured.unmeasured)
