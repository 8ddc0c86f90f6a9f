"""enter: a number that somebody types in, kept in the sheet that its metric reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from shinro.definitions.columns import plans
from shinro.definitions.literals import misfit
from shinro.definitions.meaning import meanings
from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.definitions.tokens import Mistake
from shinro.drafts.typed import Figure, Sheet, number, of_wide, typed
from shinro.loads import TablePlan
from shinro.periods import Grain, add_months, day_named
from shinro.problems import CannotGoOn, Place, Problem
from shinro.run.opening import Opened
from shinro.run.values import known_metric
from shinro.series import Meaning
from shinro.warehouse.files import candidates, in_order, matching
from shinro.warehouse.snapshots import whole_file

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
    found = _reported(opened, metric)
    try:
        exact = number(value)
    except Mistake as mistake:
        raise CannotGoOn([mistake.problem]) from None
    day = _day(opened.project, found, period, today)
    return _kept(opened, [Figure(metric, day, exact, Place(value), period)], today, replaced=replaced)[0]


def enter_wide(
    opened: Opened, file: Path, today: date, metrics: Sequence[str] = (), *, replaced: bool = False
) -> list[Entered]:
    """Writes the numbers of a wide sheet whose rows are called as reported metrics are, by name or label: all or none.

    Raises CannotGoOn as `enter` does, and where no row is called so.
    """
    project = opened.project
    known = {str(name) for name, metric in project.metrics.items() if metric.reported and not metric.row}
    names = {text: name for name in known if not metrics or name in metrics for text in _called(project, name)}
    try:
        cells = list(of_wide(_read(file, "utf-8", "cp932"), names, file.name))
    except Mistake as mistake:
        raise CannotGoOn([mistake.problem]) from None
    if not cells:
        args = {"case": "wide", "file": file.name, "known": ", ".join(sorted(known)) or "–"}
        raise CannotGoOn([Problem(Place(file.name), "L111", args)])
    return _kept(opened, cells, today, replaced=replaced)


def _kept(opened: Opened, cells: Sequence[Figure], today: date, *, replaced: bool) -> list[Entered]:
    """All numbers written into their sheets; raises CannotGoOn, and writes none, where one of them cannot be."""
    texts: dict[Path, bytes] = {}
    known = meanings(opened.project)
    wrong = [each for cell in cells for each in _wrong(opened, known, cell, today)]
    if wrong:
        raise CannotGoOn(wrong)
    made = [_made(opened, cell, texts, replaced=replaced) for cell in cells]
    for file, content in texts.items():
        with whole_file(file) as target:
            target.write(content)
    return made


def _wrong(opened: Opened, known: Mapping[str, Meaning], cell: Figure, today: date) -> Iterator[Problem]:
    """A number in another unit than its metric, or of a day that has not come or is so far back that it is a slip."""
    yield from misfit(known.get(cell.metric), cell.number, cell.place)
    story = opened.project.story
    since = min(today, story.starts) if story else today
    if today + timedelta(days=1) < cell.day:
        yield Problem(_of_period(cell), "Q129", {"case": "future", "text": cell.period})
    elif cell.day < add_months(since, -12 * YEARS):
        args = {"case": "past", "text": cell.period, "since": since, "years": YEARS}
        yield Problem(_of_period(cell), "Q129", {**args, "file": _file(_plan(opened, cell.metric)).name})


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
        args = {"case": case, "name": metric, "known": ", ".join(known) or "–"}
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


def _made(opened: Opened, cell: Figure, texts: dict[Path, bytes], *, replaced: bool) -> Entered:
    """One number put into the text of its sheet, on top of those put there before."""
    metric, day, value = cell.metric, cell.day, cell.number.value
    plan = _plan(opened, metric)
    found, file = opened.project.metric(metric), _file(plan)
    every = (found.every if found else None) or Grain.MONTH
    calendar, columns = opened.project.calendar, [column.header for column in plan.columns]
    delimiter = "\t" if file.suffix.lower() in (".tsv", ".tab") else ","
    encoding = plan.source.encoding
    text = texts[file].decode(encoding) if file in texts else _read(file, encoding) if file.exists() else ""
    made = typed(text, Sheet(columns[0], columns[1], calendar, every, delimiter), day, value, replaced=replaced)
    label = calendar.label(calendar.period(day, every), every)
    if made.before is not None:
        args = {"case": "entered", "metric": metric, "period": label, "before": made.before}
        raise CannotGoOn([Problem(Place(file.name), "S136", args)])
    texts[file] = made.text.encode(encoding)
    return Entered(metric, day, value, file, label)


def _plan(opened: Opened, metric: str) -> TablePlan:
    planned, problems = plans(opened.project, str(opened.folder), {})
    plan = planned.get(metric)
    if plan is None or plan.source.type != "files" or not plan.source.path:
        args = {"type": plan.source.type if plan else "–"}
        raise CannotGoOn(problems or [Problem(Place(opened.name), "L120", args)])
    return plan


def _file(plan: TablePlan) -> Path:
    """The file that a sheet is read from; where there is none yet, the one that its path would find."""
    pattern = plan.source.path or ""
    there = [file.path for file in in_order(matching(candidates(pattern), plan.stem)) if file.kind == "text"]
    if there:
        return there[-1]
    path = Path(pattern)
    if "*" in path.name:
        return path.with_name(path.name.replace("*", plan.stem))
    return path if path.suffix else path / f"{plan.stem}.csv"


def _read(file: Path, *encodings: str) -> str:
    """A sheet's text, in the first encoding that reads all of it."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        args = {"file": file.name, "says": error.strerror or str(error)}
        raise CannotGoOn([Problem(Place(file.name), "L121", args)]) from None
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    args = {"case": "binary", "file": file.name}
    raise CannotGoOn([Problem(Place(file.name), "L117", args)])
