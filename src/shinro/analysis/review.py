"""Review: what a meeting is prepared with, put together from what was found; and what is put into the record of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from shinro.analysis.measured import Bearings
from shinro.analysis.misses import misses, period_read
from shinro.analysis.reviewed import due_actions, held, until
from shinro.definitions.project import Project
from shinro.drafts.goalposts import was
from shinro.entries import Entry, Json, Kind, days_written
from shinro.findings.effects import Effects
from shinro.findings.forecasts import MilestoneOdds, Prospects
from shinro.findings.readings import MilestoneReading, Reading, Status
from shinro.findings.reviews import Change, Held, Review, What
from shinro.periods import Grain
from shinro.series import Better, Mark, Nature
from shinro.units import decimal_text

TARGET = "target."  # the role of a target's text in an entry


def review(
    bearings: Bearings, status: Status, prospects: Prospects, effects: Effects, entries: Sequence[Entry], grain: Grain
) -> Review:
    """A review of a status, with what the record knows of the ones before. Cost: linear in entries and metrics.

    Law: what was decided on its own day or later changes nothing in it, so that its blanks stay the same.
    """
    entries = until(entries, bearings.as_of)
    every = held(entries)
    past = tuple(each for each in every if each.grain is grain)
    last = past[-1] if past else None
    targets = {str(metric): was(target) for metric, target in bearings.project.targets.items()}
    found = Review(
        status,
        grain,
        prospects,
        effects,
        guardrail=_guardrail(bearings.project, status),
        unjudged=tuple(str(each.args["initiative"]) for each in status.problems if each.code == "I503"),
        last=last,
        others=len(past) < len(every),
        actions=due_actions(entries),
        misses=misses(bearings, status, past, entries),
        targets=targets,
    )
    return replace(
        found, changes=tuple(_changes(found, last, _days(entries, last, bearings.calendar.zone))) if last else ()
    )


def _guardrail(project: Project, status: Status) -> Reading | None:
    owned = (reading for _, readings in status.departments for reading in readings)
    name = str(project.star.guardrail) if project.star else ""
    return next((each for each in (*status.others, *status.focus, *owned) if each.metric == name), None)


def _changes(found: Review, last: Held, days: Mapping[str, date]) -> Iterator[Change]:
    """What is in focus, targeted and promised now, against what the last review held."""
    focus = [str(one["metric"]) for one in _listed(last.data, "focus")]
    now = [reading.metric for reading in found.status.focus]
    yield from (Change(What.FOCUS_ADDED, each) for each in now if each not in focus)
    yield from (Change(What.FOCUS_DROPPED, each) for each in focus if each not in now)
    old = {role.removeprefix(TARGET): text for role, text in last.words.items() if role.startswith(TARGET)}
    known = [str(each) for each in _names(last.data)]
    moved = (What.TARGET_SET, What.TARGET_MOVED, What.TARGET_DROPPED)
    yield from _moves({each: old.get(each, found.targets.get(each, "")) for each in known}, found.targets, moved, days)
    promised = {str(one["id"]): _promise(one) for one in _listed(last.data, "milestones")}
    mine = {each.title: _promise(_milestone(each, None)) for each in found.status.milestones}
    yield from _moves(promised, mine, (What.MILESTONE_SET, What.MILESTONE_MOVED, What.MILESTONE_DROPPED), days)


def _moves(
    old: Mapping[str, str], new: Mapping[str, str], what: tuple[What, What, What], days: Mapping[str, date]
) -> Iterator[Change]:
    for name in dict.fromkeys((*new, *old)):
        if old.get(name) != new.get(name):
            kind = what[0] if name not in old else what[2] if name not in new else what[1]
            yield Change(kind, name, old.get(name, ""), new.get(name, ""), days.get(name))


def _days(entries: Sequence[Entry], last: Held, zone: str) -> Mapping[str, date]:
    """When targets and milestones were put into the record since the last review."""
    kinds = (Kind.TARGET, Kind.MILESTONE)
    since = [each for each in entries if each.seq > last.seq and each.draft.kind in kinds]
    written = days_written(entries, zone)
    return {each.draft.subject: written[each.seq] for each in since}


def _promise(one: Mapping[str, object]) -> str:
    reach = one.get("reach")
    return "; ".join((str(one.get("due") or ""), *map(str, reach if isinstance(reach, list | tuple) else ())))


def _listed(data: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    found = data.get(key)
    needs = "id" if key == "milestones" else "metric"
    every = found if isinstance(found, list | tuple) else ()
    return [each for each in every if isinstance(each, Mapping) and needs in each]


def _names(data: Mapping[str, object]) -> Sequence[object]:
    found = data.get("targets")
    return found if isinstance(found, list | tuple) else ()


def found_data(found: Review) -> dict[str, Json]:
    """Where we stood, as a review's entry holds it: numbers as text, no free words."""
    star, guardrail = found.status.star, found.guardrail
    return {
        "as_of": found.day.isoformat(),
        "star": _read(star) if star else None,
        "guardrail": _read(guardrail) if guardrail else None,
        "focus": [_read(each) for each in found.status.focus],
        "milestones": [_milestone(each, found.odds(each.title)) for each in found.status.milestones],
        "targets": list(found.targets),
    }


def _read(reading: Reading) -> dict[str, Json]:
    point = reading.now if reading.meaning.nature is Nature.STOCK else reading.last
    period = period_read(reading)
    return {
        "metric": reading.metric,
        "period": period.start.isoformat() if period else None,
        "value": None if point is None or point.value is None else decimal_text(point.value),
        "state": reading.state.value if reading.state else None,
        "moved": moved(reading),
    }


def moved(reading: Reading) -> str | None:
    """`better`, `worse` or `same` than the period before; None where that is not known, or neither way is good."""
    last, earlier, better = reading.last, reading.before, reading.meaning.better
    if not last or not earlier or last.value is None or earlier.value is None or last.mark is not Mark.COMPLETE:
        return None
    if last.value == earlier.value:
        return "same"
    if better is Better.NONE:
        return None
    return "better" if (last.value > earlier.value) == (better is Better.HIGHER) else "worse"


def _milestone(found: MilestoneReading, odds: MilestoneOdds | None) -> dict[str, Json]:
    likely = odds.probability if odds else None
    return {
        "id": found.title,
        "due": found.due.isoformat() if found.due else None,
        "reach": [each.text for each in found.conditions],
        "state": found.state.value,
        "permille": None if likely is None else round(likely * 1000),
    }
