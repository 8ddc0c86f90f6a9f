"""Paying: what payments tell of the story: who paid, what came in, what was given back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shinro.definitions.writing import Plain
from shinro.drafts import words
from shinro.drafts.currencies import in_one, is_mixed, said
from shinro.drafts.parts import Note, Part, Star, matching, one_of
from shinro.drafts.sighting import Sighted

Metrics = dict[str, Mapping[str, Plain]]


def charges(file: Sighted) -> Part:
    """Payments, tried and made. One that was given back was made."""
    table, states = file.table, file.values("status")
    paid, back = matching(states, words.PAID, words.BACK), matching(states, words.BACK)
    made = (*paid, *back) if paid else ()
    where = _among(file, made)
    metrics: Metrics = {"payments": {"count": table, **where}}
    tree, kpis = {}, ["payments"]
    if made and len(states) > len(made):
        metrics["attempts"] = {"count": table}
        metrics["success_rate"] = {"ratio": "payments / attempts"}
        tree["payments"], kpis = "attempts * success_rate", ["attempts", "success_rate"]
    if "amount" in file.roles:
        metrics |= _amounts(file, made, paid)
    notes = tuple(_told(file, paid, back))
    if "entity" not in file.roles:
        return _anonymous(file, metrics, tuple(kpis), tree, notes)
    metrics["paying_customers"] = {"count_distinct": f"{table}.{file.name('entity')}", **where}
    metrics["payments_per_customer"] = {"ratio": "payments / paying_customers"}
    tree["paying_customers"] = "payments / payments_per_customer"
    kpis = [*kpis, "payments_per_customer"]
    guardrail = _per(file, "amount_per_customer", "paying_customers", metrics, tree)
    outcome = "paid_amount" if "paid_amount" in metrics else ""
    star = Star("paying_customers", (outcome,) if outcome else (), guardrail)
    return Part(
        "customer_success", metrics, tuple(kpis), tree, star,
        leads_to="paying_customers", moves="paying_customers", outcome=outcome, notes=notes,
    )  # fmt: skip


def _among(file: Sighted, states: Sequence[str]) -> dict[str, Plain]:
    return {"where": one_of(file.name("status"), states)} if states else {}


def _amounts(file: Sighted, made: Sequence[str], paid: Sequence[str]) -> Metrics:
    """What came in: less what was given back where a column says how much, else of what was not given back."""
    amount = f"{file.table}.{file.name('amount')}"
    if "refunded" not in file.roles:
        return {"paid_amount": {"sum": amount, **in_one(file, _among(file, paid))}}
    where, back = in_one(file, _among(file, made)), f"{file.table}.{file.name('refunded')}"
    return {
        "charged_amount": {"sum": amount, **where},
        "refunded_amount": {"sum": back, **where, "unit": "money", "better": "lower"},
        "paid_amount": {"derived": "charged_amount - refunded_amount"},
    }


def _per(file: Sighted, name: str, over: str, metrics: Metrics, tree: dict[str, str]) -> str | None:
    """The amount for each of something; none where amounts are left out, for they would be set against all of them."""
    if "paid_amount" not in metrics or is_mixed(file):
        return None
    metrics[name] = {"ratio": f"paid_amount / {over}"}
    tree["paid_amount"] = f"{over} * {name}"
    return name


def _told(file: Sighted, paid: Sequence[str], back: Sequence[str]) -> list[Note]:
    """What is to be said of the payments that count, and of money that was given back."""
    notes = [Note("guess", "paid_is", {"table": file.table, "paid": tuple(paid)})] if paid else []
    if "amount" in file.roles and "refunded" in file.roles:
        notes.append(Note("guess", "given_back", {"table": file.table, "column": file.roles["refunded"]}))
    elif paid and back and "amount" in file.roles:
        notes.append(Note("guess", "given_back_whole", {"table": file.table, "back": tuple(back)}))
    if paid and back:
        notes.append(Note("guess", "was_made", {"table": file.table, "back": tuple(back)}))
    return [*notes, *said(file)]


def _anonymous(
    file: Sighted, metrics: Metrics, kpis: tuple[str, ...], tree: dict[str, str], notes: tuple[Note, ...]
) -> Part:
    """Payments of which nobody knows whose they are."""
    guardrail = _per(file, "amount_per_payment", "payments", metrics, tree)
    outcome = "paid_amount" if "paid_amount" in metrics else ""
    star = Star("payments", (outcome,) if outcome else (), guardrail)
    return Part(
        "operations", metrics, kpis, tree, star, leads_to="payments", moves="payments", outcome=outcome, notes=notes
    )
