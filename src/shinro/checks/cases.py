"""Cases: one sentence of a claim beside the window of the record that it speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from shinro.checks import tall
from shinro.checks.holding import Held, Role, held
from shinro.checks.levels import shown
from shinro.checks.promises import name_of, promises
from shinro.checks.sentences import Sentence
from shinro.checks.windows import Window, window
from shinro.definitions.project import Project
from shinro.definitions.story import Milestone, Said, Traction
from shinro.problems import Place, Problem
from shinro.series import Meaning

if TYPE_CHECKING:  # a static check reads none, and its import would cost it
    from shinro.findings.claims import Step, Track


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, its window, and what each of its numbers stands for in it (None: nothing)."""

    said: Sentence
    found: Window
    numbers: tuple[Held | None, ...]
    place: Place
    project: Project
    traction: Traction
    milestone: Milestone | None
    recorded: frozenset[str]  # the metrics with a value at both ends

    def problem(self, code: str, case: str, **args: object) -> Problem:
        """A problem of this claim, with its ends and their values."""
        return Problem(self.place, code, {"case": case, **bounds(self.found, self.project), **args})

    def tells(self, *roles: Role) -> bool:
        """Whether one of its numbers is one of these."""
        return any(each is not None and each.role in roles for each in self.numbers)

    @property
    def both(self) -> bool:
        """Whether it tells where it started and where it ended."""
        return self.tells(Role.FIRST) and self.tells(Role.LAST)


def bounds(found: Window, project: Project) -> dict[str, object]:
    """A window's metric, its ends and their values, as one would write them."""
    track = found.track
    return {
        "metric": track.metric,
        "starts": named(found.first, track, project),
        "ends": named(found.last, track, project),
        "first": valued(found.first.value, track.meaning),
        "last": valued(found.last.value, track.meaning),
    }


def named(step: Step, track: Track, project: Project) -> str:
    """A step's period by name."""
    return project.calendar.label(step.period, track.grain)


def valued(value: Fraction | None, meaning: Meaning) -> str:
    """A value as one would write it: `27.5%`, `2,988,000 JPY`; `–` where there is none."""
    return "–" if value is None else str(replace(shown(value, meaning), per=""))


def case_of(
    said: Said, words: Sentence, traction: Traction, paths: Mapping[str, Track], project: Project
) -> Case | None:
    """A sentence with its window; None where the record has no value at one of its ends."""
    days = (said.starts, said.ends) if said.starts and said.ends else None
    beside = {name: each for name, path in paths.items() if days and (each := window(path, *days))}
    if words.metric not in beside:
        return None
    numbers = tuple(_held(n, words, beside, project) for n in range(len(words.quantities)))
    milestone = next((each for each in project.milestones if name_of(each) == said.milestone), None)
    return Case(words, beside[words.metric], numbers, said.at("says"), project, traction, milestone, frozenset(beside))


def _held(n: int, words: Sentence, beside: Mapping[str, Window], project: Project) -> Held | None:
    """What a number stands for, of the metric that it is said of or of the claim's own; a middle value comes last."""
    told = words.quantities[n]
    tried = (
        held(told, beside[metric], words, aims(metric, words, project))
        for metric in words.subjects(told)
        if metric in beside
    )
    return min((each for each in tried if each), key=lambda each: each.role is Role.INNER, default=None)


def aims(metric: str, words: Sentence, project: Project) -> tuple[Fraction, ...]:
    """The levels that milestones promise of a metric, where the sentence speaks of what was meant."""
    if not tall.AIMED.search(words.text):
        return ()
    return tuple(each.level for each in promises(project) if each.metric == metric)
