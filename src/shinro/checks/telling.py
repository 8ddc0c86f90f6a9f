"""Telling: what a claim must be read with, why a written one is not told, what is wrong with a report as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from shinro.definitions.project import Project
from shinro.definitions.story import Said, Traction
from shinro.findings.claims import Claim, Tale, Track
from shinro.problems import Problem

Paths = Mapping[str, Track]  # each metric's whole published path at the declared cadence, by metric


def marks(claim: Claim, traction: Traction, project: Project) -> tuple[Problem, ...]:
    """What a found or a written claim must be read with: R602, R605, R610, R611, R612, R613."""
    del claim, traction, project
    return ()


def refusals(said: Said, traction: Traction, paths: Paths, project: Project) -> tuple[Problem, ...]:
    """Why a claim that the company wrote is not told; none: it is told, with its marks."""
    del said, traction, paths, project
    return ()


def faults(tale: Tale, traction: Traction, project: Project) -> tuple[Problem, ...]:
    """What is wrong with the report as a whole: R604, R605, R607, R608, R609, R610."""
    del tale, traction, project
    return ()
