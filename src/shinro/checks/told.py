"""Told: which metrics a traction report tells of, the same each time: nobody picks those that look well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from shinro.definitions.phrases import condition
from shinro.definitions.project import Project
from shinro.definitions.story import Traction
from shinro.definitions.tokens import Mistake

if TYPE_CHECKING:  # a static check reads none, and its import would cost it
    from shinro.entries import Entry

MILESTONE = "milestone"  # the kind of entry that says what was promised


def always_told(project: Project, traction: Traction) -> list[str]:
    """The headline and its supports, the star with what stands beside it, what is in focus; some may stand twice."""
    star = project.star
    beside = (star.metric, star.guardrail, *star.outcomes) if star else ()
    focus = (ref for ref, kpi in project.kpis.items() if kpi.focus)
    return [str(ref) for ref in (traction.headline, *traction.supports, *beside, *focus) if ref]


def with_gross(names: Iterable[str]) -> list[str]:
    """NRR is told with GRR, each once."""
    gross = ((name, f"{name.partition('.')[0]}.grr" if name.endswith(".nrr") else name) for name in names)
    return list(dict.fromkeys(each for pair in gross for each in pair))


def promised_in(entries: Iterable[Entry]) -> Iterator[str]:
    """Every metric that a milestone of the record speaks of, in any of its forms."""
    reaches = (each.draft.data.get("reach") for each in entries if each.draft.kind.value == MILESTONE)
    for text in (text for reach in reaches if isinstance(reach, list | tuple) for text in reach):
        try:
            asked = condition(str(text))
        except Mistake:
            continue
        yield f"{asked.metric}.{asked.part}" if asked.part else asked.metric
