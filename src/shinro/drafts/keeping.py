"""Keeping: what subscriptions, use of a product and rows of an unknown kind tell of the story."""

from __future__ import annotations

from collections.abc import Mapping

from shinro.definitions.writing import Plain
from shinro.drafts import words
from shinro.drafts.currencies import in_one, is_mixed, said
from shinro.drafts.parts import Note, Part, Star, matching, one_of
from shinro.drafts.sighting import Sighted

Metrics = dict[str, Mapping[str, Plain]]


def subscriptions(file: Sighted) -> Part:
    """Contracts that begin and end: how many are in force, and the monthly amount of them."""
    table, where, notes = file.table, _paying(file), _terms(file)
    metrics: Metrics = {
        "active_subscriptions": {"stock": table, **where},
        "new_subscriptions": {"count": table, **where},
        "ended_subscriptions": {"count": table, "at": "ended", **where, "better": "lower"},
        "churn_rate": {"ratio": "ended_subscriptions / previous(active_subscriptions)", "better": "lower", "unit": "%"},
    }
    tree = {"active_subscriptions": "previous + new_subscriptions - ended_subscriptions"}
    recurring = {"entity", "amount", "interval"} <= file.roles.keys()
    outcome = "mrr" if "amount" in file.roles and _is_monthly(file) else ""
    if outcome:
        metrics |= _monthly(table, file.name("amount"), in_one(file, where))
        if not is_mixed(file):
            metrics["arpa"] = {"ratio": "mrr / active_subscriptions"}
            tree["mrr"] = "active_subscriptions * arpa"
    elif "amount" in file.roles and not recurring:
        notes.append(Note("ask", "amount_per", {"table": table, "column": file.roles["amount"]}))
    if recurring:
        metrics["revenue"] = {"recurring": table, **in_one(file, {})}
    return Part(
        "customer_success",
        metrics,
        ("new_subscriptions", "ended_subscriptions"),
        tree,
        Star("active_subscriptions", (outcome,) if outcome else (), "churn_rate"),
        leads_to="new_subscriptions",
        moves="active_subscriptions",
        outcome=outcome or "active_subscriptions",
        notes=(*notes, *said(file)),
    )


def _paying(file: Sighted) -> dict[str, Plain]:
    """Which rows are subscriptions that pay: not on trial, paused, unpaid or never begun."""
    never = _unpaid(file)
    tests = [f"{file.name('amount')} > 0"] if "amount" in file.roles else []
    tests += [f"not ({one_of(_told(file, 'status'), never)})"] if never else []
    return {"where": " and ".join(tests)} if tests else {}


def _told(file: Sighted, role: str) -> str:
    """A role's column in a condition: where some rows say nothing, nothing is a value like others."""
    column, name = file.column(role), file.name(role)
    return f"coalesce({name}, '')" if column and column.filled < len(column.cells) else name


def _unpaid(file: Sighted) -> tuple[str, ...]:
    """The states in which nothing is paid: all that the vendor has, or those that the file shows."""
    if "status" in file.roles and file.export and file.export.unpaid:
        return file.export.unpaid
    return matching(file.values("status"), words.UNPAID)


def _terms(file: Sighted) -> list[Note]:
    """What is to be said of how they begin and end."""
    table, ends, entity = file.table, file.column("ends"), file.column("entity")
    notes = [Note("guess", "subscribed", {"table": table, "starts": file.roles["starts"], "ends": file.roles["ends"]})]
    if "amount" in file.roles:
        notes.append(Note("guess", "paying_only", {"table": table, "column": file.name("amount")}))
    if states := _unpaid(file):
        notes.append(Note("guess", "paying_states", {"table": table, "states": ", ".join(states)}))
    if entity and entity.filled > len(entity.counts):
        args = {"table": table, "column": entity.header, "rows": entity.filled, "values": len(entity.counts)}
        notes.append(Note("guess", "several_terms", args))
    if ends and ends.filled == len(ends.cells):
        notes.append(Note("ask", "all_ended", {"table": table, "column": ends.header}))
    return notes


def _monthly(table: str, amount: str, where: Mapping[str, Plain]) -> Metrics:
    return {
        "new_mrr": {"sum": f"{table}.{amount}", **where},
        "lost_mrr": {"sum": f"{table}.{amount}", "at": "ended", **where, "better": "lower"},
        "net_new_mrr": {"derived": "new_mrr - lost_mrr"},
        "mrr": {"cumulative": "net_new_mrr"},
    }


def _is_monthly(file: Sighted) -> bool:
    intervals = file.values("interval")
    if intervals:
        return all(words.MONTH.search(value) for value in intervals)
    return bool(words.MONTHLY.search(file.roles["amount"]))


def events(file: Sighted) -> Part:
    """What users did in a product."""
    table, entity = file.table, file.name("entity")
    kinds = file.values("kind")
    where: dict[str, Plain] = {"where": one_of(file.name("kind"), kinds[:1])} if kinds else {}
    metrics: Metrics = {
        "actions": {"count": table, **where},
        "active_users": {"count_distinct": f"{table}.{entity}", **where},
        "actions_per_user": {"ratio": "actions / active_users"},
    }
    ask = (
        Note("ask", "core_action", {"table": table, "kinds": kinds[:8]})
        if kinds
        else Note("ask", "core_row", {"table": table})
    )
    return Part(
        "product",
        metrics,
        ("actions", "actions_per_user"),
        {"active_users": "actions / actions_per_user"},
        Star("active_users"),
        leads_to="active_users",
        moves="active_users",
        notes=(ask,),
    )


def records(file: Sighted) -> Part:
    """Dated rows of a kind that nobody told us of; calls and the like are work done, and carry no star."""
    table, work = file.table, _is_work(file)
    counted: Mapping[str, Plain] = {"count": table, **({"kind": "activity"} if work else {})}
    metrics: Metrics = {table: counted}
    if "amount" in file.roles:
        metrics[f"{table}_{file.name('amount')}"] = {"sum": f"{table}.{file.name('amount')}", **in_one(file, {})}
    star = Star(table, weak=True)
    if "entity" in file.roles:
        name = f"{table}_{file.name('entity')}_count"
        metrics[name] = {"count_distinct": f"{table}.{file.name('entity')}"}
        star = Star(name, weak=True)
    note = Note("ask", "what_is_it", {"table": table, "file": file.survey.stem})
    if work:
        note = Note("guess", "is_work", {"table": table})
        notes = (note, *said(file))
        return Part("operations", metrics, (table,), leads_to=table, moves=table, notes=notes, work=True)
    return Part("operations", metrics, (table,), {}, star, table, star.metric, notes=(note, *said(file)))


def _is_work(file: Sighted) -> bool:
    """Whether rows are what people of the company did: by what they tell, what the file or its days are called."""
    names = [file.survey.stem, *(header for role, header in file.roles.items() if role == "created")]
    return file.kind == "activities" or any(map(words.WORK.search, names))
