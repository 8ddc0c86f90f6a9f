"""Telling: what a claim must be read with, why a written one is not told, what is wrong with a report as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from shinro.checks.marking import marked
from shinro.checks.recorded import recorded
from shinro.checks.sentences import sentence
from shinro.checks.whole import whole
from shinro.checks.worded import LONGEST, incomplete, too_long, traced, worded
from shinro.definitions.project import Project
from shinro.definitions.story import Said, Traction
from shinro.problems import Problem

if TYPE_CHECKING:  # a static check reads none, and its import would cost it
    from shinro.findings.claims import Claim, Tale, Track

Paths: TypeAlias = "Mapping[str, Track]"  # each metric's whole published path at the declared cadence, by metric


def marks(claim: Claim, traction: Traction, project: Project) -> tuple[Problem, ...]:
    """What a found or a written claim must be read with: R602, R605, R610, R611, R612, R613."""
    return tuple(dict.fromkeys(marked(claim, traction, project)))


def refusals(said: Said, traction: Traction, paths: Paths, project: Project) -> tuple[Problem, ...]:
    """Why a claim that the company wrote is not told; none: it is told, with its marks.

    Every language of its words is judged. Cost: linear in its words and in the paths of the metrics that it names.
    """
    return tuple(dict.fromkeys([*judged_words(said, traction, project), *_by_record(said, traction, paths, project)]))


def judged_words(said: Said, traction: Traction, project: Project) -> Iterator[Problem]:
    """What can be said of a written claim without the record."""
    yield from incomplete(said)
    yield from too_long(said)
    for text in _texts(said):
        yield from worded(said, sentence(text, str(said.kpi), project), traction, project)


def unplanned(said: Said, project: Project) -> Iterator[Problem]:
    """Whether a written claim fulfils a milestone; one that does not is told as unplanned."""
    yield from traced(said, project)


def _by_record(said: Said, traction: Traction, paths: Paths, project: Project) -> Iterator[Problem]:
    if said.starts and said.ends and said.starts < said.ends:
        for text in _texts(said):
            yield from recorded(said, sentence(text, str(said.kpi), project), traction, paths, project)


def _texts(said: Said) -> list[str]:
    """A claim's words in each language, each once; none where it has no KPI, or is too long to be a sentence."""
    if said.says is None or said.kpi is None:
        return []
    return [text for text in dict.fromkeys(said.says.texts.values()) if len(text) <= LONGEST]


def faults(tale: Tale, traction: Traction, project: Project) -> tuple[Problem, ...]:
    """What is wrong with the report as a whole: R603, R604, R605, R607, R608, R609, R610."""
    return tuple(dict.fromkeys(whole(tale, traction, project)))
