"""Selling: what leads, activities with them and deals tell of the story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median

from shinro.definitions.writing import Plain
from shinro.drafts import words
from shinro.drafts.currencies import in_one, is_mixed, said
from shinro.drafts.parts import Note, Part, Star, matching, one_of
from shinro.drafts.sighting import Sighted

WEEK = 7
FEW_OPEN_ARE_DATED = 20  # one open deal in so many may carry a closing day

Metrics = dict[str, Mapping[str, Plain]]


def leads(file: Sighted, *, met: bool = False) -> Part:
    """People or companies that left their name, and which became real; where meetings are `met`, those tell it."""
    if met:
        return Part("marketing", {"leads": {"count": file.table}}, ("leads",), leads_to="leads", moves="leads")
    body, note = _qualified(file)
    metrics: Metrics = {"leads": {"count": file.table}}
    if body is None:
        star = Star("leads", weak=True)
        return Part("marketing", metrics, ("leads",), {}, star, leads_to="leads", moves="leads", notes=(note,))
    metrics |= {"qualified_leads": body, "qualification_rate": {"ratio": "qualified_leads / leads"}}
    notes = [note]
    if "where" in body:
        notes.append(Note("guess", "current_state", {"table": file.table, "column": file.roles["stage"]}))
    return Part(
        "marketing",
        metrics,
        ("leads", "qualification_rate"),
        {"qualified_leads": "leads * qualification_rate"},
        Star("qualified_leads"),
        leads_to="leads",
        moves="qualified_leads",
        notes=tuple(notes),
    )


def _qualified(file: Sighted) -> tuple[Mapping[str, Plain] | None, Note]:
    """How leads that became real are counted: by the day on which they did, else by where they stand today."""
    table = file.table
    if "qualified" in file.roles:
        note = Note("guess", "qualified_at", {"table": table, "column": file.roles["qualified"]})
        return {"count": table, "at": "qualified"}, note
    values = matching(file.values("stage"), words.QUALIFIED, words.NOT_QUALIFIED)
    if values:
        note = Note("guess", "qualified_is", {"table": table, "values": values})
        return {"count": table, "where": one_of(file.name("stage"), values)}, note
    return None, Note("ask", "which_qualified", {"table": table})


def activities(file: Sighted, people: Sighted | None) -> Part | None:
    """What was done with leads: calls, and the meetings that came of them; None where no meeting is told."""
    kinds, outcomes = file.values("kind"), file.values("outcome")
    calls, meetings = matching(kinds, words.CALL), matching(kinds, words.MEETING)
    if not meetings or "entity" not in file.roles:
        return None
    table, kind = file.table, file.name("kind")
    held = matching(outcomes, words.HELD, words.NOT_REACHED)
    where = one_of(kind, meetings) + (f" and {one_of(file.name('outcome'), held)}" if held else "")
    metrics: Metrics = {"qualified_leads": {"count_distinct": f"{table}.{file.name('entity')}", "where": where}}
    notes = [Note("guess", "meetings_are", {"table": table, "kinds": meetings, "held": held or ("–",)})]
    if calls:
        metrics["calls"] = {"count": table, "where": one_of(kind, calls), "kind": "activity"}
        notes.append(Note("guess", "calls_are", {"table": table, "kinds": calls}))
    tree, kpis = _calling(file, calls, metrics) if people else ({}, ("qualified_leads",))
    star = Star("qualified_leads")
    return Part("inside_sales", metrics, kpis, tree, star, star.metric, star.metric, notes=tuple(notes))


def _calling(file: Sighted, calls: Sequence[str], metrics: Metrics) -> tuple[dict[str, str], tuple[str, ...]]:
    """The way from leads to meetings: by calls and replies where both are told, else by one rate."""
    reached = matching(file.values("outcome"), words.REACHED, words.NOT_REACHED)
    if not (calls and reached):
        metrics["qualification_rate"] = {"ratio": "qualified_leads / leads"}
        return {"qualified_leads": "leads * qualification_rate"}, ("qualification_rate",)
    replied = f"{one_of(file.name('kind'), calls)} and {one_of(file.name('outcome'), reached)}"
    metrics["replies"] = {"count": file.table, "where": replied}
    metrics["calls_per_lead"] = {"ratio": "calls / leads"}
    metrics["reply_rate"] = {"ratio": "replies / calls"}
    metrics["appointment_rate"] = {"ratio": "qualified_leads / replies"}
    tree = {"qualified_leads": "leads * calls_per_lead * reply_rate * appointment_rate"}
    return tree, ("reply_rate", "appointment_rate", "calls_per_lead")


def deals(file: Sighted) -> Part:
    """Deals that are won or lost."""
    won, lost, notes = _stages(file)
    undated = "closed" in file.roles and _open_are_undated(file, (*won, *lost))
    hoped = "closed" in file.roles and not undated
    metrics, tree = _deals(file, won, lost, apart=hoped or _is_dated_twice(file))
    own: dict[str, Plain] = {}
    if _is_dated_twice(file) and undated:
        own = {"starts": file.name("created"), "ends": file.name("closed")}
        metrics["open_deals"] = {"stock": file.table}
    elif hoped:
        # no day of the rows themselves: what is hoped for is none
        own = {} if "created" in file.roles else {"times": {"closed": file.name("closed")}}
        notes.append(Note("guess", "closing_is_expected", {"table": file.table, "column": file.roles["closed"]}))
    notes.append(Note("guess", "current_state", {"table": file.table, "column": file.roles.get("stage", "stage")}))
    amount = "won_amount" if "won_amount" in metrics else ""
    guardrail = next((name for name in ("deal_size", "win_rate") if name in metrics), None)
    star = Star("won", (amount,) if amount else (), guardrail)
    return Part(
        "sales",
        metrics,
        ("closed", "win_rate") if lost else ("won",),
        tree,
        star,
        leads_to="new_deals" if "new_deals" in metrics else "won",
        moves="won",
        outcome=amount or "won",
        lag=_lag(file, won),
        table=own,
        notes=(*notes, *said(file)),
    )


def _stages(file: Sighted) -> tuple[tuple[str, ...], tuple[str, ...], list[Note]]:
    """The values that are won and those that are lost, and what is to be said of them."""
    values, table = file.values("stage"), file.table
    won, lost = matching(values, words.WON, words.LOST), matching(values, words.LOST)
    key = "won_is" if lost else "won_only"
    notes = [Note("guess", key, {"table": table, "won": won, "lost": lost})] if won else []
    if not won:
        column = file.name("stage") if "stage" in file.roles else "stage"
        notes.append(Note("ask", "which_is_won", {"table": table, "column": column, "values": values[:8]}))
    if not lost:
        notes.append(Note("ask", "no_lost", {"table": table}))
    return won or ("won",), lost, notes


def _is_dated_twice(file: Sighted) -> bool:
    return "closed" in file.roles and "created" in file.roles


def _deals(file: Sighted, won: Sequence[str], lost: Sequence[str], *, apart: bool) -> tuple[Metrics, dict[str, str]]:
    """The metrics of deals and their identities; `apart`: closings are counted by a day that is not the table's own."""
    table, stage = file.table, file.name("stage") if "stage" in file.roles else "stage"
    at: dict[str, Plain] = {"at": "closed"} if apart else {}
    metrics: Metrics = {"new_deals": {"count": table}} if "created" in file.roles else {}
    metrics["won"] = {"count": table, **at, "where": one_of(stage, won)}
    tree = {}
    if lost:
        metrics["closed"] = {"count": table, **at, "where": one_of(stage, (*won, *lost))}
        metrics["win_rate"] = {"ratio": "won / closed"}
        tree["won"] = "closed * win_rate"
    if "amount" in file.roles:
        where = in_one(file, {"where": one_of(stage, won)})
        metrics["won_amount"] = {"sum": f"{table}.{file.name('amount')}", **at, **where}
        if not is_mixed(file):
            metrics["deal_size"] = {"ratio": "won_amount / won"}
            tree["won_amount"] = "won * deal_size"
    return metrics, tree


def _open_are_undated(file: Sighted, closed: Sequence[str]) -> bool:
    """Whether deals that are not decided have no closing day: else it is the day that is hoped for."""
    stage, day = file.column("stage"), file.column("closed")
    if stage is None or day is None:
        return False
    dates = [at for state, at in zip(stage.cells, day.cells, strict=True) if state not in closed]
    return sum(at is not None for at in dates) * FEW_OPEN_ARE_DATED <= len(dates)


def _lag(file: Sighted, won: Sequence[str]) -> str:
    """The median time from opening to winning, in weeks, where days are written in the usual order."""
    stage, start, end = file.column("stage"), file.column("created"), file.column("closed")
    if stage is None or start is None or end is None:
        return ""
    rows = zip(stage.cells, start.cells, end.cells, strict=True)
    spans = [_days(opened, decided) for state, opened, decided in rows if state in won and opened and decided]
    known = [span for span in spans if span is not None and span >= 0]
    weeks = round(median(known) / WEEK) if known else 0
    return f"{weeks} weeks" if weeks else ""


def _days(start: str, end: str) -> int | None:
    try:
        return (_day(end) - _day(start)).days
    except ValueError:
        return None


def _day(text: str) -> date:
    return date.fromisoformat(text[:10].replace("/", "-"))
