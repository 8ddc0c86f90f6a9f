"""Sheets: who pays what in each month, a line a customer and month or a column a month, as recurring revenue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from shinro.definitions.writing import Plain
from shinro.drafts import words
from shinro.drafts.parts import Note, Part, Star
from shinro.loads import is_total
from shinro.periods import day_named
from shinro.surveys import Column, Survey

FEWEST = 2  # months, and rows of one customer: fewer are no sheet of months


def months_across(survey: Survey) -> str | None:
    """The column with the customers of a sheet that has a column a month; None where a file is no such sheet."""
    months = [column for column in survey.columns if day_named(column.header)]
    if len(months) < FEWEST or any(column.kind not in ("number", "empty") for column in months):
        return None
    named = [column for column in survey.columns if column not in months and words.ENTITY.search(column.header)]
    return next((column.header for column in named if column.kind in ("text", "number")), None)


def months_down(survey: Survey, roles: Mapping[str, str]) -> bool:
    """Whether a file has a line a customer and month: whose days are all the first or the last of a month."""
    month, entity = survey.column(roles.get("created")), survey.column(roles.get("entity"))
    if month is None or entity is None or "amount" not in roles:
        return False
    several = len(month.counts) >= FEWEST and max(entity.counts.values(), default=0) >= FEWEST
    return several and (_are_firsts(month, 0) or _are_firsts(month, 1))


def _are_firsts(column: Column, later: int) -> bool:
    """Whether every day, or the one so many days later, is the first of a month."""
    days = [day_named(cell) for cell in column.counts if not is_total(cell)]
    return all(day is not None and (day + timedelta(days=later)).day == 1 for day in days)


def sheet(
    table: str, *, across: bool, only: Mapping[str, Plain] = MappingProxyType({}), notes: Sequence[Note] = ()
) -> Part:
    """Who pays in each month: how many, how many began and left, and the monthly amount; `only` is a filter of it."""
    metrics: dict[str, Mapping[str, Plain]] = {
        "revenue": {"recurring": table, **only},
        "payers": {"derived": "revenue.companies", "better": "higher"},
        "new_payers": {"derived": "revenue.new_companies + revenue.reactivated_companies", "better": "higher"},
        "lost_payers": {"derived": "revenue.churned_companies", "better": "lower"},
        "churn_rate": {"ratio": "lost_payers / previous(payers)", "better": "lower", "unit": "%"},
        "mrr": {"derived": "revenue.mrr", "better": "higher"},
        "mrr_per_payer": {"ratio": "mrr / payers", "better": "higher"},
    }
    keys: dict[str, Plain] = {"wide": "true", "time": "month", "amount": "paid"} if across else {"full_list": "month"}
    return Part(
        "customer_success",
        metrics,
        ("new_payers", "lost_payers"),
        {"payers": "previous + new_payers - lost_payers", "mrr": "payers * mrr_per_payer"},
        Star("payers", ("mrr",), "churn_rate"),
        leads_to="new_payers",
        moves="payers",
        outcome="mrr",
        table=keys,
        notes=(Note("guess", "each_month", {"table": table}), Note("ask", "recurs", {"table": table}), *notes),
    )
