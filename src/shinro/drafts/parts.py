"""Parts: what one kind of file tells of the story: metrics, an identity, a star that it could carry, what it asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from re import Pattern
from statistics import median

from shinro.definitions.writing import Plain
from shinro.drafts import words
from shinro.drafts.sighting import Sighted

Bodies = Mapping[str, Mapping[str, Plain]]
WEEK = 7
FEW_OPEN_ARE_DATED = 20  # one open deal in so many may carry a closing day


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to say to the reader: found, guessed or asked; the sentence is in the catalog under `key`."""

    how: str  # found, guess, ask
    key: str
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Star:
    """A metric that could be the North Star, what it leads to, and what shows that it is raised at a cost.

    A `weak` one counts what came in, not what anybody got: it is taken where there is no other.
    """

    metric: str
    outcomes: tuple[str, ...] = ()
    guardrail: str | None = None
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What the story takes from one file. `kpis` are those that its department answers for, the first in focus."""

    department: str
    metrics: Bodies
    kpis: tuple[str, ...]
    tree: Mapping[str, str] = field(default_factory=dict)
    star: Star | None = None
    leads_to: str = ""  # the metric by which an earlier part moves this one
    moves: str = ""  # the metric by which it moves a later one
    outcome: str = ""
    lag: str = ""
    table: Mapping[str, Plain] = field(default_factory=dict)  # keys of its table beyond the plain ones
    notes: tuple[Note, ...] = ()


def literal(text: str) -> str:
    """A text of the expression language."""
    return "'" + text.replace("'", "''") + "'"


def one_of(column: str, values: Sequence[str]) -> str:
    """The condition that a column has one of some values."""
    name = column
    if len(values) == 1:
        return f"{name} = {literal(values[0])}"
    return f"{name} in ({', '.join(map(literal, values))})"


def matching(values: Iterable[str], yes: Pattern[str], no: Pattern[str] | None = None) -> tuple[str, ...]:
    """The values that say one thing and not another."""
    return tuple(value for value in values if yes.search(value) and not (no and no.search(value)))


def deals(file: Sighted) -> Part:
    """Deals that are won or lost."""
    table, values = file.table, file.values("stage")
    stage = file.name("stage") if "stage" in file.roles else "stage"
    won = matching(values, words.WON, words.LOST)
    lost = matching(values, words.LOST)
    key = "won_is" if lost else "won_only"
    notes = [Note("guess", key, {"table": table, "won": won, "lost": lost})] if won else []
    if not won:
        notes.append(Note("ask", "which_is_won", {"table": table, "column": stage, "values": values[:8]}))
        won = ("won",)
    both = "closed" in file.roles and "created" in file.roles
    at: dict[str, Plain] = {"at": "closed"} if both else {}
    metrics: dict[str, Mapping[str, Plain]] = {}
    if "created" in file.roles:
        metrics["new_deals"] = {"count": table}
    metrics["won"] = {"count": table, **at, "where": one_of(stage, won)}
    tree, kpis = {}, ["won"]
    if lost:
        metrics["closed"] = {"count": table, **at, "where": one_of(stage, (*won, *lost))}
        metrics["win_rate"] = {"ratio": "won / closed"}
        tree["won"], kpis = "closed * win_rate", ["closed", "win_rate"]
    else:
        notes.append(Note("ask", "no_lost", {"table": table}))
    if "amount" in file.roles:
        metrics["won_amount"] = {"sum": f"{table}.{file.name('amount')}", **at, "where": one_of(stage, won)}
        metrics["deal_size"] = {"ratio": "won_amount / won"}
        tree["won_amount"] = "won * deal_size"
    own: dict[str, Plain] = {}
    if both and _open_are_undated(file, (*won, *lost)):
        own = {"starts": file.name("created"), "ends": file.name("closed")}
        metrics["open_deals"] = {"stock": table}
    elif both:
        notes.append(Note("guess", "closing_is_expected", {"table": table, "column": file.roles["closed"]}))
    notes.append(Note("guess", "current_state", {"table": table, "column": file.roles.get("stage", stage)}))
    amount = "won_amount" if "won_amount" in metrics else ""
    star = Star("won", (amount,) if amount else (), "deal_size" if amount else "win_rate" if lost else None)
    return Part(
        "sales",
        metrics,
        tuple(kpis),
        tree,
        star,
        leads_to="new_deals" if "new_deals" in metrics else "won",
        moves="won",
        outcome=amount or "won",
        lag=_lag(file, won),
        table=own,
        notes=tuple(notes),
    )


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


def leads(file: Sighted) -> Part:
    """People or companies that left their name, and which of them became real."""
    table = file.table
    metrics: dict[str, Mapping[str, Plain]] = {"leads": {"count": table}}
    qualified = matching(file.values("stage"), words.QUALIFIED, words.NOT_QUALIFIED)
    notes: list[Note] = []
    if "qualified" in file.roles:
        metrics["qualified_leads"] = {"count": table, "at": "qualified"}
        notes.append(Note("guess", "qualified_at", {"table": table, "column": file.roles["qualified"]}))
    elif qualified:
        metrics["qualified_leads"] = {"count": table, "where": one_of(file.name("stage"), qualified)}
        notes.append(Note("guess", "qualified_is", {"table": table, "values": qualified}))
        notes.append(Note("guess", "current_state", {"table": table, "column": file.roles["stage"]}))
    if "qualified_leads" not in metrics:
        notes.append(Note("ask", "which_qualified", {"table": table}))
        star = Star("leads", weak=True)
        return Part("marketing", metrics, ("leads",), {}, star, leads_to="leads", moves="leads", notes=tuple(notes))
    metrics["qualification_rate"] = {"ratio": "qualified_leads / leads"}
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


def activities(file: Sighted, people: Sighted | None) -> Part | None:
    """What was done with leads: calls, and the meetings that came of them; None where no meeting is told."""
    kinds = file.values("kind")
    calls, meetings = matching(kinds, words.CALL), matching(kinds, words.MEETING)
    if not meetings or "entity" not in file.roles:
        return None
    table, kind, outcomes = file.table, file.name("kind"), file.values("outcome")
    held = matching(outcomes, words.HELD, words.NOT_REACHED)
    reached = matching(outcomes, words.REACHED, words.NOT_REACHED)
    where = one_of(kind, meetings) + (f" and {one_of(file.name('outcome'), held)}" if held else "")
    star: Mapping[str, Plain] = {"count_distinct": f"{table}.{file.name('entity')}", "where": where}
    metrics: dict[str, Mapping[str, Plain]] = {"qualified_leads": star}
    notes = [Note("guess", "meetings_are", {"table": table, "kinds": meetings, "held": held or ("–",)})]
    kpis: list[str] = []
    if calls:
        metrics["calls"] = {"count": table, "where": one_of(kind, calls), "kind": "activity"}
        notes.append(Note("guess", "calls_are", {"table": table, "kinds": calls}))
    tree = {}
    if calls and reached and people:
        replied = f"{one_of(kind, calls)} and {one_of(file.name('outcome'), reached)}"
        metrics["replies"] = {"count": table, "where": replied}
        metrics["calls_per_lead"] = {"ratio": "calls / leads"}
        metrics["reply_rate"] = {"ratio": "replies / calls"}
        metrics["appointment_rate"] = {"ratio": "qualified_leads / replies"}
        tree["qualified_leads"] = "leads * calls_per_lead * reply_rate * appointment_rate"
        kpis = ["reply_rate", "appointment_rate", "calls_per_lead"]
    elif people:
        metrics["qualification_rate"] = {"ratio": "qualified_leads / leads"}
        tree["qualified_leads"] = "leads * qualification_rate"
        kpis = ["qualification_rate"]
    return Part(
        "inside_sales",
        metrics,
        tuple(kpis) or ("qualified_leads",),
        tree,
        Star("qualified_leads"),
        leads_to="qualified_leads",
        moves="qualified_leads",
        notes=tuple(notes),
    )


def subscriptions(file: Sighted) -> Part:
    """Contracts that begin and end: how many are in force, and the monthly amount of them."""
    table = file.table
    never = matching(file.values("status"), words.NEVER_BEGAN)
    amount = file.name("amount") if "amount" in file.roles else ""
    tests = [f"{amount} > 0"] if amount else []
    tests += [f"not ({one_of(file.name('status'), never)})"] if never else []
    where: dict[str, Plain] = {"where": " and ".join(tests)} if tests else {}
    metrics: dict[str, Mapping[str, Plain]] = {
        "active_subscriptions": {"stock": table, **where},
        "new_subscriptions": {"count": table, **where},
        "ended_subscriptions": {"count": table, "at": "ended", **where, "better": "lower"},
        "churn_rate": {"ratio": "ended_subscriptions / previous(active_subscriptions)", "better": "lower", "unit": "%"},
    }
    tree = {"active_subscriptions": "previous + new_subscriptions - ended_subscriptions"}
    notes = [Note("guess", "subscribed", {"table": table, "starts": file.roles["starts"], "ends": file.roles["ends"]})]
    outcome = ""
    if amount and _is_monthly(file):
        metrics["new_mrr"] = {"sum": f"{table}.{amount}", **where}
        metrics["lost_mrr"] = {"sum": f"{table}.{amount}", "at": "ended", **where, "better": "lower"}
        metrics["net_new_mrr"] = {"derived": "new_mrr - lost_mrr"}
        metrics["mrr"] = {"cumulative": "net_new_mrr"}
        metrics["arpa"] = {"ratio": "mrr / active_subscriptions"}
        tree["mrr"] = "active_subscriptions * arpa"
        outcome = "mrr"
    elif amount:
        notes.append(Note("ask", "amount_per", {"table": table, "column": file.roles["amount"]}))
    if amount:
        notes.append(Note("guess", "paying_only", {"table": table, "column": amount}))
    return Part(
        "customer_success",
        metrics,
        ("new_subscriptions", "ended_subscriptions"),
        tree,
        Star("active_subscriptions", (outcome,) if outcome else (), "churn_rate"),
        leads_to="new_subscriptions",
        moves="active_subscriptions",
        outcome=outcome or "active_subscriptions",
        notes=tuple(notes),
    )


def _is_monthly(file: Sighted) -> bool:
    intervals = file.values("interval")
    if intervals:
        return all(words.MONTH.search(value) for value in intervals)
    return bool(words.MONTHLY.search(file.roles["amount"]))


def charges(file: Sighted) -> Part:
    """Payments, tried and made."""
    table, paid = file.table, matching(file.values("status"), words.PAID)
    where: dict[str, Plain] = {"where": one_of(file.name("status"), paid)} if paid else {}
    metrics: dict[str, Mapping[str, Plain]] = {"payments": {"count": table, **where}}
    notes = [Note("guess", "paid_is", {"table": table, "paid": paid})] if paid else []
    tree, kpis = {}, ["payments"]
    if paid and len(file.values("status")) > len(paid):
        metrics["attempts"] = {"count": table}
        metrics["success_rate"] = {"ratio": "payments / attempts"}
        tree["payments"], kpis = "attempts * success_rate", ["attempts", "success_rate"]
    if "amount" in file.roles:
        metrics["paid_amount"] = {"sum": f"{table}.{file.name('amount')}", **where}
    if "entity" not in file.roles:
        return _anonymous(metrics, tuple(kpis), tree, tuple(notes))
    metrics["paying_customers"] = {"count_distinct": f"{table}.{file.name('entity')}", **where}
    metrics["payments_per_customer"] = {"ratio": "payments / paying_customers"}
    tree["paying_customers"] = "payments / payments_per_customer"
    kpis = [*kpis, "payments_per_customer"]
    outcome = ""
    if "paid_amount" in metrics:
        metrics["amount_per_customer"] = {"ratio": "paid_amount / paying_customers"}
        tree["paid_amount"], outcome = "paying_customers * amount_per_customer", "paid_amount"
    star = Star("paying_customers", (outcome,) if outcome else (), "amount_per_customer" if outcome else None)
    return Part(
        "customer_success", metrics, tuple(kpis), tree, star,
        leads_to="paying_customers", moves="paying_customers", outcome=outcome, notes=tuple(notes),
    )  # fmt: skip


def _anonymous(
    metrics: dict[str, Mapping[str, Plain]], kpis: tuple[str, ...], tree: dict[str, str], notes: tuple[Note, ...]
) -> Part:
    """Payments of which nobody knows whose they are."""
    outcome = "paid_amount" if "paid_amount" in metrics else ""
    if outcome:
        metrics["amount_per_payment"] = {"ratio": "paid_amount / payments"}
        tree["paid_amount"] = "payments * amount_per_payment"
    star = Star("payments", (outcome,) if outcome else (), "amount_per_payment" if outcome else None)
    return Part(
        "operations", metrics, kpis, tree, star, leads_to="payments", moves="payments", outcome=outcome, notes=notes
    )


def events(file: Sighted) -> Part:
    """What users did in a product."""
    table, entity = file.table, file.name("entity")
    kinds = file.values("kind")
    where: dict[str, Plain] = {"where": one_of(file.name("kind"), kinds[:1])} if kinds else {}
    metrics: dict[str, Mapping[str, Plain]] = {
        "actions": {"count": table, **where},
        "active_users": {"count_distinct": f"{table}.{entity}", **where},
        "actions_per_user": {"ratio": "actions / active_users"},
    }
    notes = [Note("ask", "core_action", {"table": table, "kinds": kinds[:8] or ("–",)})]
    return Part(
        "product",
        metrics,
        ("actions", "actions_per_user"),
        {"active_users": "actions / actions_per_user"},
        Star("active_users"),
        leads_to="active_users",
        moves="active_users",
        notes=tuple(notes),
    )


def records(file: Sighted) -> Part:
    """Dated rows of a kind that nobody told us of."""
    table = file.table
    counted: Mapping[str, Plain] = {"count": table}
    metrics: dict[str, Mapping[str, Plain]] = {table: counted}
    if "amount" in file.roles:
        metrics[f"{table}_{file.name('amount')}"] = {"sum": f"{table}.{file.name('amount')}"}
    star = Star(table, weak=True)
    if "entity" in file.roles:
        name = f"{table}_{file.name('entity')}_count"
        metrics[name] = {"count_distinct": f"{table}.{file.name('entity')}"}
        star = Star(name)
    note = Note("ask", "what_is_it", {"table": table, "file": file.survey.stem})
    return Part("operations", metrics, (table,), {}, star, table, star.metric, notes=(note,))
