"""Story: the parts of all files put together: one star, its tree, departments, KPIs; what is still asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from shinro.drafts.boards import board
from shinro.drafts.currencies import in_one, said
from shinro.drafts.keeping import events, records, subscriptions
from shinro.drafts.parts import Note, Part, Star
from shinro.drafts.paying import charges
from shinro.drafts.selling import activities, deals, leads
from shinro.drafts.sheets import sheet
from shinro.drafts.sighting import Sighted

# The way of a customer: an earlier kind moves a later one.
WAY = ("leads", "activities", "deals", "subscriptions", "sheet", "charges", "events", "records")
# Whose star is taken, where several could carry one: the first step that shows value, not the money behind it.
STARS = ("activities", "leads", "deals", "subscriptions", "sheet", "charges", "events", "records")
GUARDRAILS = ("win_rate", "churn_rate", "appointment_rate", "success_rate", "deal_size", "amount_per_customer")
MOST_IN_FOCUS = 3
USUAL_LAG = "4 weeks"

Parts = Sequence[tuple[Sighted, Part]]


@dataclass(frozen=True, slots=True)
class Outline:
    """A story without levels: what the text of a project is made of, beside its sources and tables.

    `focus` are the KPIs that everybody keeps in mind, the star's own; `promised` the metrics that want levels in the
    milestones, `told` those of them that traction shows.
    """

    parts: tuple[tuple[Sighted, Part], ...]
    star: Star | None
    influences: tuple[Mapping[str, str], ...] = ()
    kpis: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    promised: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def outlined(files: Sequence[Sighted]) -> Outline:
    """The story that files tell; no star where all that they tell is work. Law: its star is neither money nor work."""
    parts = _parts(files)
    able = [each for each in parts if each[1].star]
    owner = min(able, key=lambda each: (_is_weak(each[1]), STARS.index(each[0].kind)), default=None)
    if owner is None or owner[1].star is None:
        counted = dict.fromkeys(kpi for _, part in parts for kpi in part.kpis)
        why = "no_star" if counted else "no_star_typed"
        return Outline(tuple(parts), None, kpis=tuple(counted), notes=(Note("guess", why),))
    steered = [each for each in parts if not _is_weak(each[1]) or each[0].kind == "leads" or each is owner]
    star = _star(steered, owner[1], owner[1].star)
    kpis = dict.fromkeys(kpi for _, part in (owner, *steered) for kpi in part.kpis)
    measured = {name: body for _, part in parts for name, body in part.metrics.items()}
    rate = next((name for name in GUARDRAILS[:-2] if name in measured), None)
    promised = dict.fromkeys(filter(None, [star.metric, *star.outcomes[:1], rate]))
    told = [name for name in promised if "cumulative" not in measured[name]]
    key = "star" if star.outcomes else "star_alone"
    chosen = Note("guess", key, {"metric": star.metric, "outcomes": star.outcomes})
    return Outline(
        tuple(parts),
        star,
        tuple(_influences(steered)),
        tuple(kpis),
        owner[1].kpis[:MOST_IN_FOCUS],
        tuple(promised),
        tuple(told),
        (chosen,),
    )


def _is_weak(part: Part) -> bool:
    return part.work or (part.star is not None and part.star.weak)


def _parts(files: Sequence[Sighted]) -> list[tuple[Sighted, Part]]:
    """One part a kind, of its largest file, in the order of the way; further files of a kind are rows to count."""
    contracts = any(file.kind == "subscriptions" for file in files)  # they say the same as a sheet, and better
    telling = [file for file in files if file.kind in WAY and not (contracts and file.kind == "sheet")]
    telling.sort(key=lambda file: (WAY.index(file.kind), -file.survey.rows, file.survey.path))
    people = next((file for file in telling if file.kind == "leads"), None)
    met = any(file.kind == "activities" and activities(file, people) for file in telling)
    used: set[str] = set()
    found: list[tuple[Sighted, Part]] = []
    for file in telling:
        part = None if file.kind in used else _part(file, people, met=met)
        used.add(file.kind)
        if part or not file.across:
            found.append((file, part or (file.kind == "records" and board(file)) or records(file)))
    return found


def _part(file: Sighted, people: Sighted | None, *, met: bool) -> Part | None:
    if file.kind == "activities":
        return activities(file, people)
    if file.kind == "leads":
        return leads(file, met=met)
    if file.kind == "sheet":
        return sheet(file.table, across=file.across, only=in_one(file, {}), notes=said(file))
    if file.kind == "records" and (typed := board(file)):
        return typed
    makers = {"deals": deals, "subscriptions": subscriptions, "charges": charges, "events": events}
    return makers.get(file.kind, records)(file)


def _star(parts: Parts, own: Part, star: Star) -> Star:
    """The star with the outcomes of the parts behind it, and a guardrail."""
    others = [part.outcome for _, part in parts if part is not own and part.outcome]
    metrics = {name for _, part in parts for name in part.metrics}
    guardrail = star.guardrail or next((name for name in GUARDRAILS if name in metrics - {star.metric}), None)
    return replace(star, outcomes=tuple(dict.fromkeys([*star.outcomes, *others])), guardrail=guardrail)


def _influences(parts: Parts) -> Iterator[Mapping[str, str]]:
    """Each part moves the next; in it, what comes in moves what comes out, and that the outcome, but for identities."""
    chain = [part for _, part in parts]
    for before, after in pairwise(chain):
        if before.moves and before.moves != after.leads_to and not _within(after, before.moves):
            yield {"from": before.moves, "to": after.leads_to, "lag": USUAL_LAG}
    for part in chain:
        if part.moves != part.leads_to and not _within(part, part.leads_to):
            yield {"from": part.leads_to, "to": part.moves, "lag": part.lag or USUAL_LAG}
        if part.outcome not in {"", part.moves, *part.tree}:
            yield {"from": part.moves, "to": part.outcome}


def _within(part: Part, metric: str) -> bool:
    """Whether an identity of a part reads a metric."""
    return any(metric in formula.split() for formula in part.tree.values())
