"""Story: the parts of all files put together: one star, its tree, departments, KPIs; what is still asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from shinro.drafts.parts import (
    Note,
    Part,
    Star,
    activities,
    charges,
    deals,
    events,
    leads,
    records,
    subscriptions,
)
from shinro.drafts.sighting import Sighted

ORDER = ("activities", "leads", "deals", "subscriptions", "charges", "events", "records")
MOST_IN_FOCUS = 3
USUAL_LAG = "4 weeks"


@dataclass(frozen=True, slots=True)
class Outline:
    """A story without levels: what the text of a project is made of, beside its sources and tables."""

    parts: tuple[tuple[Sighted, Part], ...]
    star: Star | None
    influences: tuple[Mapping[str, str], ...] = ()
    focus: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()  # the star and what it leads to: these want levels
    notes: tuple[Note, ...] = field(default=())
    kpis: tuple[str, ...] = ()


def outlined(files: Sequence[Sighted]) -> Outline:
    """The story that files tell. Law: its star is neither money nor work."""
    parts = _parts(files)
    star = _star(parts)
    if star is None:
        return Outline(tuple(parts), None, notes=(Note("ask", "no_time"),))
    influences, outcomes = _ties(parts, star)
    star = replace(star, outcomes=tuple(dict.fromkeys([*star.outcomes, *outcomes])))
    star = replace(star, guardrail=star.guardrail or _guardrail(parts, star))
    kpis = [kpi for _, part in _star_first(parts, star) for kpi in part.kpis]
    headline = dict.fromkeys([star.metric, *star.outcomes[:1], *([star.guardrail] if star.guardrail else [])])
    return Outline(
        tuple(parts),
        star,
        tuple(influences),
        tuple(kpis[:MOST_IN_FOCUS]),
        tuple(headline),
        (),
        tuple(dict.fromkeys(kpis)),
    )


def _parts(files: Sequence[Sighted]) -> list[tuple[Sighted, Part]]:
    """One part a kind, of its largest file; further files of a kind are rows to count."""
    found: list[tuple[Sighted, Part]] = []
    used: set[str] = set()
    biggest = sorted(files, key=lambda file: (ORDER.index(file.kind) if file.kind in ORDER else 9, -file.survey.rows))
    people = next((file for file in biggest if file.kind == "leads"), None)
    for file in biggest:
        if file.kind not in ORDER:
            continue
        part = None if file.kind in used else _part(file, people)
        used.add(file.kind)
        found.append((file, part or records(file)))
    return found


def _part(file: Sighted, people: Sighted | None) -> Part | None:
    if file.kind == "activities":
        return activities(file, people)
    makers = {"deals": deals, "leads": leads, "subscriptions": subscriptions, "charges": charges, "events": events}
    return makers.get(file.kind, records)(file)


def _star(parts: Sequence[tuple[Sighted, Part]]) -> Star | None:
    return next((part.star for _, part in parts if part.star), None)


def _star_first(parts: Sequence[tuple[Sighted, Part]], star: Star) -> list[tuple[Sighted, Part]]:
    return sorted(parts, key=lambda each: each[1].star is None or each[1].star.metric != star.metric)


def _ties(parts: Sequence[tuple[Sighted, Part]], star: Star) -> tuple[list[Mapping[str, str]], list[str]]:
    """The influences by which each part moves the next, and the outcomes of those behind the star."""
    known = {name for _, part in parts for name in part.metrics}
    inside = {name for _, part in parts for formula in part.tree.values() for name in known if name in formula.split()}
    chain = [part for _, part in parts if part.star or part.moves]
    influences: list[Mapping[str, str]] = []
    outcomes: list[str] = []
    for before, after in zip(chain, chain[1:], strict=False):
        source, target = before.moves or before.kpis[0], after.leads_to
        if source == target or (source in inside and source == "leads"):
            continue
        tie = {"from": source, "to": target, "lag": before.lag or after.lag or USUAL_LAG}
        influences.append(tie)
    for part in chain:
        own = part.star is not None and part.star.metric == star.metric
        if not own and part.outcome:
            outcomes.append(part.outcome)
            if part.leads_to not in part.tree.get(part.outcome, "").split() and part.leads_to != part.moves:
                influences.append(
                    {"from": part.leads_to, "to": part.moves or part.outcome, "lag": part.lag or USUAL_LAG}
                )
    return influences, outcomes


def _guardrail(parts: Sequence[tuple[Sighted, Part]], star: Star) -> str | None:
    """A rate of another part that falls where the star is raised by poorer ones."""
    names = [name for _, part in parts for name in part.metrics if name != star.metric]
    return next(
        (name for name in ("win_rate", "churn_rate", "appointment_rate", "success_rate") if name in names), None
    )
