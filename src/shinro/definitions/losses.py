"""Losses: what the parts of recurring revenue are of each other, by definition: equations for a plan.

A rate is what a plan moves, and the losses follow from it; where a loss is set directly, its rate follows from that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from shinro.definitions.expression import Binary, Call, Name, Node, Number

MONEY = ("churned_mrr", "contraction")
ONE, TWELVE = Number(Fraction(1)), Number(Fraction(12))


def of_recurring(name: str, part: str, direct: frozenset[str]) -> Node | None:
    """The equation of a part of recurring revenue; None where it stands alone."""
    is_direct = {one for one in (*MONEY, "churned_companies", "mrr_churn_rate", "grr") if f"{name}.{one}" in direct}

    def of(other: str) -> Name:
        return Name(name, other)

    opened = Call("previous", (of("companies"),))
    match part:
        case "companies":
            joined = Binary("+", Binary("+", Name("previous"), of("new_companies")), of("reactivated_companies"))
            return Binary("-", joined, of("churned_companies"))
        case "churned_companies":
            return None if part in is_direct else Binary("*", opened, of("churn_rate"))
        case "churn_rate":
            return Binary("/", of("churned_companies"), opened) if "churned_companies" in is_direct else None
        case "mrr":
            return Binary("*", of("companies"), of("arpa"))
        case "arr":
            return Binary("*", of("mrr"), TWELVE)
    return _of_money(name, part, is_direct)


def _of_money(name: str, part: str, is_direct: set[str]) -> Node | None:
    """What is lost: mrr_churn_rate × opening = contraction + churned_mrr, and GRR = 1 - mrr_churn_rate."""
    lost, set_so = lost_of(name), bool(is_direct & set(MONEY))
    grr_leads = "grr" in is_direct and not set_so and "mrr_churn_rate" not in is_direct
    match part:
        case "contraction":
            return None if set_so else _contraction(name)
        case "churned_mrr":
            return None if set_so else Binary("-", lost, Name(name, "contraction"))
        case "mrr_churn_rate" if set_so:
            both = Binary("+", Name(name, "churned_mrr"), Name(name, "contraction"))
            return Binary("/", both, Call("previous", (Name(name, "mrr"),)))
        case "mrr_churn_rate" if grr_leads:
            return Binary("-", ONE, Name(name, "grr"))
        case "grr" if not grr_leads:
            return Binary("-", ONE, Name(name, "mrr_churn_rate"))
    return None


def settled(equations: Mapping[str, Node], past: Mapping[str, Sequence[Fraction]], recent: int) -> Mapping[str, Node]:
    """The equations with what is lost split between contraction and churn as it was in so many last periods together.

    Where nothing was lost in them, all that will be is churn.
    """
    found = dict(equations)
    for metric, node in equations.items():
        name, _, part = metric.partition(".")
        if part == "contraction" and node == _contraction(name):
            gone, less = (sum(past.get(f"{name}.{one}", ())[-recent:], Fraction(0)) for one in MONEY)
            share = less / (less + gone) if less + gone else Fraction(0)
            found[metric] = Binary("*", lost_of(name), Number(share))
    return found


def _contraction(name: str) -> Node:
    """Of what is lost, the part that it was in the period before."""
    less, gone = (Call("previous", (Name(name, one),)) for one in ("contraction", "churned_mrr"))
    return Binary("*", lost_of(name), Binary("/", less, Binary("+", less, gone)))


def lost_of(name: str) -> Node:
    """What is lost of a metric's opening MRR."""
    return Binary("*", Call("previous", (Name(name, "mrr"),)), Name(name, "mrr_churn_rate"))
