"""Goalposts: a plan's levels written as targets; what stood there before is kept beside them, with its last day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import ceil, floor

from shinro.definitions.formers import NO_TARGET
from shinro.definitions.periodic import accrues, counts_once
from shinro.definitions.project import Project, ref
from shinro.definitions.story import Target
from shinro.definitions.unfolding import DAYS
from shinro.definitions.writing import Plain, flow, set_value
from shinro.periods import Grain
from shinro.series import Better, Meaning
from shinro.units import decimal_text

PARTS = ("per", "each")  # what a target says of segments
PLACES, LARGE = 2, 100  # decimal places of a level, none from here on


@dataclass(frozen=True, slots=True)
class Goalpost:
    """The levels that a metric should stand at, each from a day on; `planned` where a plan found them.

    `grain`: the period that the levels are of. `per`: the one that they are written for, of what accrues.
    """

    meaning: Meaning
    steps: Mapping[date, Fraction]
    grain: Grain
    planned: bool = False
    per: Grain | None = None


def with_goalposts(text: str, project: Project, posts: Mapping[str, Goalpost], day: date) -> str:
    """The text with targets of steps from a day on, dated by it. A target that says the same already stays as it is.

    Law: no day before it is judged by another target than before: what was meant until then is kept as it was written,
    and the course is read from it (`analysis.targets.written`). Levels of days that have passed are never written.
    """
    for metric, given in posts.items():
        old = project.targets.get(ref(metric))
        steps, post = ahead(given.steps, day), replace(given, per=_per(project, metric, given, old))
        if steps and not (old and _says(old, steps, post)):
            text = set_value(text, ["targets", metric], _value(project, metric, post, steps, old, day))
    return text


def without_goalposts(text: str, project: Project, metrics: Iterable[str], day: date) -> str:
    """The text with the targets of some metrics ended on a day: what they said is kept, and judges the days before.

    Levels of single segments stay: no plan moves them.
    """
    for metric in metrics:
        old = project.targets.get(ref(metric))
        if old and not old.is_blank:
            value: dict[str, Plain] = {key: each for key, each in plain(old).items() if old.each and key in PARTS}
            value |= {"declared": day.isoformat(), "before": _before(project, metric, old, day)}
            text = set_value(text, ["targets", metric], value)
    return text


def ahead(steps: Mapping[date, Fraction], day: date) -> dict[date, Fraction]:
    """Steps as they hold from a day on: the last one begun by then begins on it."""
    begun = [when for when in sorted(steps) if when <= day]
    now = {max(begun[-1], day): steps[begun[-1]]} if begun else {}
    return now | {when: level for when, level in sorted(steps.items()) if when > day}


def _says(old: Target, steps: Mapping[date, Fraction], post: Goalpost) -> bool:
    """Whether a target says the same of every day from the first step on."""
    if _levels(plain(old)).keys() - {"per", "steps", "each"} or not old.steps or old.shape == "linear":
        return False
    if _said(old) not in (None, post.per):
        return False
    held = ahead({when: amount.level.number.value for when, amount in old.steps.items()}, min(steps))
    return _texts(steps, post) == _turns({when: level_text(level, post) for when, level in held.items()})


def _levels(value: Mapping[str, Plain]) -> dict[str, Plain]:
    """A target without its history."""
    return {key: each for key, each in value.items() if key not in ("declared", "planned", "before")}


def _value(
    project: Project, metric: str, post: Goalpost, steps: Mapping[date, Fraction], old: Target | None, day: date
) -> dict[str, Plain]:
    value: dict[str, Plain] = {}
    if post.per:
        value["per"] = post.per.value
    value["steps"] = {when.isoformat(): text for when, text in _texts(steps, post).items()}
    if old and old.each:
        value["each"] = _each(old, post)
    value["declared"] = day.isoformat()
    if post.planned:
        value["planned"] = "yes"
    before = _before(project, metric, old, min(steps))
    return {**value, "before": before} if before else value


def _texts(steps: Mapping[date, Fraction], post: Goalpost) -> dict[date, str]:
    """The steps as they are written."""
    factor = DAYS[post.per] / DAYS[post.grain] if post.per else Fraction(1)
    return _turns({when: level_text(level * factor, post, turned=factor != 1) for when, level in steps.items()})


def _turns(texts: Mapping[date, str]) -> dict[date, str]:
    """The days on which the level changes."""
    days = sorted(texts)
    return {day: texts[day] for n, day in enumerate(days) if not n or texts[day] != texts[days[n - 1]]}


def _per(project: Project, metric: str, post: Goalpost, old: Target | None) -> Grain | None:
    """The period that levels are written for: the one asked for, else the one people think in; None: as it stands."""
    if counts_once(project, metric):
        return post.grain
    return post.per or _said(old) or post.grain if accrues(project, metric) else None


def _each(old: Target, post: Goalpost) -> Plain:
    """The levels of segments as they were meant: with their period, where the target does not say it any more."""
    said = _said(old)
    turned = post.per and said is not post.per
    return {
        str(name): {
            value: f"{amount.text} per {said.value}" if said and turned and not amount.level.per else str(amount.text)
            for value, amount in levels.items()
        }
        for name, levels in old.each.items()
    }


def _said(old: Target | None) -> Grain | None:
    """The period that a target's levels were written for."""
    if old is None:
        return None
    amounts = [old.level, old.from_, old.to, *old.steps.values()]
    amounts += [amount for levels in old.each.values() for amount in levels.values()]
    return old.per or next((amount.level.per for amount in amounts if amount and amount.level.per), None)


def _before(project: Project, metric: str, old: Target | None, until: date) -> list[Plain]:
    """The targets before, the oldest first, with that of now; where there is none, the path through the milestones."""
    kept: list[Plain] = [{"until": each.until.isoformat(), "was": str(each.was)} for each in old.before] if old else []
    if old or metric in _promised(project):
        kept.append({"until": until.isoformat(), "was": was(old) if old and not old.is_blank else NO_TARGET})
    return kept


def _promised(project: Project) -> set[str]:
    """The metrics that milestones ask a level of."""
    asked = [goal.condition for milestone in project.milestones for goal in milestone.reach if goal.condition]
    return {f"{each.metric}.{each.part}" if each.part else each.metric for each in asked}


def was(old: Target) -> str:
    """A target on one line, as it would be written, without its history."""
    found = _levels(plain(old))
    only = found.get("level")
    return str(only) if isinstance(only, str) and len(found) == 1 else flow(found)


def plain(target: Target) -> dict[str, Plain]:
    """A target as it would be written."""
    amounts = {"level": target.level, "from": target.from_, "to": target.to, "growth": target.growth}
    found: dict[str, Plain] = {"per": target.per.value} if target.per else {}
    found |= {key: str(amount.text) for key, amount in amounts.items() if amount}
    texts = {"starts": target.starts, "by": target.by.text if target.by else None, "shape": target.shape}
    found |= {key: str(text) for key, text in texts.items() if text}
    if target.steps:
        found["steps"] = {when.isoformat(): str(amount.text) for when, amount in sorted(target.steps.items())}
    if target.file:
        found["file"] = str(target.file)
    if target.each:
        found["each"] = {
            str(name): {value: str(amount.text) for value, amount in levels.items()}
            for name, levels in target.each.items()
        }
    return found


def level_text(level: Fraction, post: Goalpost, *, turned: bool = False) -> str:
    """A level as one writes it in the file: `4.6%`, `15000`; whole things turned into another period stay whole."""
    percent = post.meaning.percent
    counted = any(base.startswith("count:") for base, _ in post.meaning.unit.powers)
    if turned and counted:
        level = Fraction(floor(level) if post.meaning.better is Better.LOWER else ceil(level))
    shown = level * 100 if percent else level
    places = 0 if shown.denominator == 1 or (not percent and abs(shown) >= LARGE) else PLACES
    return f"{decimal_text(Fraction(round(shown * 10**places), 10**places))}{'%' if percent else ''}"
