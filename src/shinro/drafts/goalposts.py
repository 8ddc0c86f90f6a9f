"""Goalposts: a plan's levels written as targets; what stood there before is kept beside them, with its last day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import ceil

from shinro.definitions.project import Project, ref
from shinro.definitions.story import Target
from shinro.definitions.unfolding import DAYS
from shinro.definitions.writing import Plain, flow, set_value
from shinro.periods import Grain
from shinro.series import Meaning, Nature
from shinro.units import decimal_text

PLACES, LARGE = 2, 100  # decimal places of a level, none from here on


@dataclass(frozen=True, slots=True)
class Goalpost:
    """The levels that a metric should stand at, each from a day on; `past`: those of the target before, up to now."""

    meaning: Meaning
    steps: Mapping[date, Fraction]
    grain: Grain
    past: Mapping[date, Fraction] = field(default_factory=dict)


def with_goalposts(text: str, project: Project, posts: Mapping[str, Goalpost], day: date) -> str:
    """The text with targets of steps, dated. A target that says the same already stays as it is.

    What was meant until now is kept twice: as steps, so that the past is judged by it, and as it was written.
    """
    for metric, post in posts.items():
        old = project.targets.get(ref(metric))
        value = _value(post, old, day)
        if old is None or _levels(value) != _levels(plain(old)):
            text = set_value(text, ["targets", metric], value)
    return text


def _levels(value: Mapping[str, Plain]) -> dict[str, Plain]:
    """A target without its history."""
    return {key: each for key, each in value.items() if key not in ("declared", "before")}


def _value(post: Goalpost, old: Target | None, day: date) -> dict[str, Plain]:
    levels = {**{when: level for when, level in post.past.items() if when < min(post.steps)}, **post.steps}
    value: dict[str, Plain] = {}
    factor = Fraction(1)
    if post.meaning.nature is Nature.FLOW:
        per = _per(old) or post.grain
        factor = DAYS[per] / DAYS[post.grain]
        value["per"] = per.value
    turns = [(when, level * factor) for when, level in _turns(levels)]
    value["steps"] = {when.isoformat(): level_text(level, post, turned=factor != 1) for when, level in turns}
    if old and old.each:
        value["each"] = plain(old)["each"]
    value["declared"] = day.isoformat()
    before = _before(old, day)
    return {**value, "before": before} if before else value


def _per(old: Target | None) -> Grain | None:
    """The period that a target's levels were written for: people go on to think in it."""
    if old is None:
        return None
    amounts = [old.level, old.from_, old.to, *old.steps.values()]
    amounts += [amount for levels in old.each.values() for amount in levels.values()]
    return old.per or next((amount.level.per for amount in amounts if amount and amount.level.per), None)


def _turns(levels: Mapping[date, Fraction]) -> list[tuple[date, Fraction]]:
    """The days on which the level changes."""
    found: list[tuple[date, Fraction]] = []
    for when, level in sorted(levels.items()):
        if not found or found[-1][1] != level:
            found.append((when, level))
    return found


def _before(old: Target | None, day: date) -> list[Plain]:
    """The targets before, the oldest first; one that was set on the same day is not one of them."""
    if old is None:
        return []
    kept: list[Plain] = [{"until": each.until.isoformat(), "was": str(each.was)} for each in old.before]
    return kept if old.declared == day else [*kept, {"until": day.isoformat(), "was": was(old)}]


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
        level = Fraction(ceil(level))
    shown = level * 100 if percent else level
    places = 0 if shown.denominator == 1 or (not percent and abs(shown) >= LARGE) else PLACES
    return f"{decimal_text(Fraction(round(shown * 10**places), 10**places))}{'%' if percent else ''}"
