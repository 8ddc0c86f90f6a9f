"""enter: a number that somebody types in, kept in the sheet that its metric reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from shinro.definitions.literals import misfit
from shinro.definitions.meaning import meanings
from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.definitions.tokens import Mistake
from shinro.drafts.typed import Figure, number, typed
from shinro.drafts.wide import Left, of_wide
from shinro.periods import Grain, add_months, day_named, grain_named
from shinro.problems import CannotGoOn, Listed, Place, Problem
from shinro.run.opening import Opened
from shinro.run.replacing import alone, put
from shinro.run.sheet_files import SheetFile, decoded, path_of, plan_of, read_bytes, sheet_file, sheet_of
from shinro.run.values import known_metric
from shinro.series import Meaning

YEARS = 5  # our own decision: who types in months by hand goes no further back than this before the story


@dataclass(frozen=True, slots=True)
class Entered:
    """One number as it was written: whose, of which period (by its first day), where."""

    metric: str
    day: date
    value: Fraction
    file: Path
    period: str


def enter(opened: Opened, metric: str, value: str, period: str, today: date, *, replaced: bool = False) -> Entered:
    """Writes one number; `period` as people write it, or empty for the last whole one before today.

    Raises CannotGoOn where the metric is not typed in, the number or the period is none, or another is there already.
    """
    found, value = _reported(opened, metric), value.strip()
    try:
        exact = number(value)
    except Mistake as mistake:
        raise CannotGoOn([mistake.problem]) from None
    day = _day(opened.project, found, period, today)
    return _kept(opened, [Figure(metric, day, exact, Place(value), period)], today, replaced=replaced)[0]


def enter_wide(
    opened: Opened, file: Path, today: date, metrics: Sequence[str] = (), *, replaced: bool = False
) -> tuple[list[Entered], tuple[Left, ...]]:
    """Writes the numbers of a wide sheet whose rows are called as reported metrics are, by name or label: all or none.

    Gives those written and what of the sheet was left out; of the rows nothing where `metrics` says which are meant.
    Raises CannotGoOn as `enter` does, where no row is called so, and where a header over numbers is no period (Q129).
    """
    project = opened.project
    known = {str(name) for name, metric in project.metrics.items() if metric.reported and not metric.row}
    names = {text: name for name in known if not metrics or name in metrics for text in _called(project, name)}
    others = {text for name in project.metrics if str(name) not in known for text in _called(project, str(name))}
    try:
        wide = of_wide(decoded(read_bytes(file), file, "utf-8", "cp932"), names, others, file.name)
    except Mistake as mistake:
        raise CannotGoOn([mistake.problem]) from None
    if not wide.figures:
        args = {"case": "wide", "file": file.name, "known": ", ".join(sorted(known)) or Listed.NOTHING}
        raise CannotGoOn([Problem(Place(file.name), "L111", args)])
    if wide.unread:
        args = {"case": "head", "file": file.name}
        raise CannotGoOn([Problem(head.place, "Q129", {**args, "text": head.name or "–"}) for head in wide.unread])
    made = _kept(opened, wide.figures, today, replaced=replaced)
    return made, tuple(each for each in wide.left if not (metrics and each.line))


def _kept(opened: Opened, cells: Sequence[Figure], today: date, *, replaced: bool) -> list[Entered]:
    """All numbers written into their sheets; raises CannotGoOn, and writes none, where one of them cannot be."""
    known = meanings(opened.project)
    wrong = [each for cell in cells for each in _wrong(opened, known, cell, today)]
    if wrong:
        raise CannotGoOn(wrong)
    with alone(opened.store):
        return _put(opened, cells, replaced=replaced)


def _put(opened: Opened, cells: Sequence[Figure], *, replaced: bool) -> list[Entered]:
    """Again from the start where somebody else wrote meanwhile: what stands there already is not put there twice."""
    files: dict[Path, SheetFile] = {}
    made = [_made(opened, cell, files, replaced=replaced) for cell in cells]
    if all(put(file.path, file.content, file.seen) for file in files.values()):
        return made
    return _put(opened, cells, replaced=replaced)


def _wrong(opened: Opened, known: Mapping[str, Meaning], cell: Figure, today: date) -> Iterator[Problem]:
    """A number in another unit than its metric, of a period that is not its own, or of a day that cannot be meant.

    That is one that has not come, or that is so far back that it is a slip.
    """
    yield from misfit(known.get(cell.metric), cell.number, cell.place)
    every, named = _every(opened.project, cell.metric), grain_named(cell.period)
    if named not in (None, Grain.DAY, every):
        form = _form(opened.project, every, cell.day)
        said = {"case": f"as_{every.value}", "text": cell.period, "metric": cell.metric, "form": form}
        yield Problem(_of_period(cell), "Q129", said)
    story = opened.project.story
    since = min(today, story.starts) if story else today
    if today + timedelta(days=1) < cell.day:
        yield Problem(_of_period(cell), "Q129", {"case": "future", "text": cell.period})
    elif cell.day < add_months(since, -12 * YEARS):
        args = {"case": "past", "text": cell.period, "since": since, "years": YEARS}
        yield Problem(_of_period(cell), "Q129", {**args, "file": path_of(plan_of(opened, cell.metric)).name})


def _form(project: Project, every: Grain, day: date) -> str:
    """A period as it is to be named: that of a day."""
    if every is Grain.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    start = project.calendar.period(day, every).start
    return f"{start:%Y-%m}" if every is Grain.MONTH else start.isoformat()


def _of_period(cell: Figure) -> Place:
    """Where a period stands: in the sheet that its number is in, else as it was typed in."""
    return cell.place if cell.place.line else Place(cell.period)


def _called(project: Project, metric: str) -> Iterator[str]:
    yield metric
    found = project.metric(metric)
    if found and found.label:
        yield from found.label.texts.values()


def _reported(opened: Opened, metric: str) -> Metric:
    known_metric(opened.project, metric, opened.name)
    found = opened.project.metric(metric)
    if found is None or not found.reported or found.row:
        case = "wide" if found and found.row else "measured"
        known = [str(name) for name, each in opened.project.metrics.items() if each.reported and not each.row]
        args = {"case": case, "name": metric, "known": ", ".join(known) or Listed.NOTHING}
        raise CannotGoOn([Problem(Place(opened.name), "Q140", args)])
    return found


def _day(project: Project, metric: Metric, period: str, today: date) -> date:
    every = metric.every or Grain.MONTH
    calendar = project.calendar
    if not period:
        return calendar.step(calendar.period(today, every), every, -1).start
    day = day_named(period)
    if day is None:
        raise CannotGoOn([Problem(Place(period), "Q129", {"case": "period", "text": period})])
    return day


def _made(opened: Opened, cell: Figure, files: dict[Path, SheetFile], *, replaced: bool) -> Entered:
    """One number put into the text of its sheet, on top of those put there before."""
    metric, day, value = cell.metric, cell.day, cell.number.value
    plan, every = plan_of(opened, metric), _every(opened.project, metric)
    path = path_of(plan)
    file = files.get(path) or sheet_file(plan)
    made = typed(file.text, sheet_of(opened.project, plan, file, every), day, value, replaced=replaced)
    calendar = opened.project.calendar
    label = calendar.label(calendar.period(day, every), every)
    if made.before is not None:
        args = {"case": "entered", "metric": metric, "period": label, "before": made.before}
        raise CannotGoOn([Problem(Place(path.name), "S136", args)])
    files[path] = replace(file, text=made.text)
    return Entered(metric, day, value, path, label)


def _every(project: Project, metric: str) -> Grain:
    found = project.metric(metric)
    return (found.every if found else None) or Grain.MONTH
