"""Prices: what a subscription's row is worth a month and from when to when, as Ibis columns. Nothing is divided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_DOWN, Decimal, localcontext
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

import ibis

from shinro.queries.lists import until_the_next_list
from shinro.queries.proration import length_of, whole
from shinro.queries.scans import Scan
from shinro.queries.terms import (
    COUNTS,
    DROPPED,
    ENDED,
    INTERVALS,
    NUMBERS,
    PAST_DUE,
    PAUSED,
    SCALE,
    TRIALS,
    UNPAID,
    Terms,
)

Table = Any
Column = Any
Meaning = TypeVar("Meaning", int, str)

WIDE_FROM = "０１２３４５６７８９ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WIDE_TO = "0123456789abcdefghijklmnopqrstuvwxyz"
RECIPROCAL = 20  # decimal places
PAYS, PAYS_UNTIL, TRIES, NEITHER = 1, 2, 3, 0  # what a status says; PAYS_UNTIL only where the row has an end


@ibis.udf.scalar.builtin(name="md5")  # type: ignore[untyped-decorator]  # Ibis ships no types
def hashed(text: str) -> str:  # type: ignore[empty-body]  # the engine's own function
    """The MD5 of a text: an order of texts that no collation changes."""


def priced(rows: Table, scan: Scan, terms: Terms) -> Table:
    """Rows with their MRR, the days from and to which it is paid, and those of the trial before it.

    Adds `mrr`, `paid_from`, `to` (null: open), `tried_to` (a trial starts on `day`), `pays` and `tries`.
    """
    rows = rows.filter(rows.entity.notnull())
    end = rows.end if scan.ends else ibis.null("date")
    if scan.ends and scan.ends_inclusive:
        end = (end.cast("timestamp(6)") + ibis.interval(days=1)).date()
    rows = until_the_next_list(rows, scan, terms.lists) if terms.lists else rows.mutate(to=end)
    rows = valued(rows, terms) if terms.events else rows.filter(rows.is0) if "is0" in rows.columns else rows
    if terms.events:
        rows = _until_the_next(rows, scan, terms)
    rows = rows.filter(rows.to.isnull() | (rows.to > rows.day))
    rows = rows if terms.events else _worded(rows, terms)
    if not terms.events:
        until = (rows.state == PAYS_UNTIL) & rows.to.notnull() & ibis.literal(value=terms.lists is None)
        rows = rows.mutate(mrr=_mrr(rows, terms), pays=_pays(rows, terms) | until, tries=_tries(rows, terms, until))
    trial = rows.trial if terms.trial_ends else ibis.null("date")
    free = ibis.null("date") if terms.counts("trials") else trial
    return rows.mutate(
        paid_from=ibis.coalesce(ibis.greatest(free, rows.day), rows.day),
        tried_to=ibis.coalesce(ibis.least(trial, rows.to), trial, rows.to),
    )


def valued(rows: Table, terms: Terms) -> Table:
    """Change events with what each is worth a month from its moment on: 0 where it does not count, or all is over."""
    rows = rows.filter(rows.kept) if "kept" in rows.columns else rows
    rows = _worded(rows, terms)
    counts = rows.counts == 1
    counts = counts & ibis.coalesce(rows.is0, ibis.literal(value=False)) if "is0" in rows.columns else counts
    pays = _pays(rows, terms) & counts
    mrr = _mrr(rows, terms)
    return rows.mutate(
        mrr=ibis.cases((pays, mrr), else_=mrr * 0) if terms.may_stop or "is0" in rows.columns else mrr,
        pays=pays,
        tries=_tries(rows, terms, ibis.literal(value=False)) & counts,
    )


def _until_the_next(rows: Table, scan: Scan, terms: Terms) -> Table:
    """Change events, each until the next of its subscription, or to its own end if that comes first.

    At one instant the larger MRR is the later one, then a trial; what still ties is ordered by what else is read.
    """
    dims = [column for column in rows.columns if column.startswith("dim")]
    order = [rows.to] if scan.ends else []
    order += [rows.trial] if terms.trial_ends else []
    order += [ibis.coalesce(hashed(rows[name].cast("string")), "") for name in dims]
    stream = ["entity", "stream"] if terms.subscription else ["entity"]
    line = ibis.window(group_by=stream, order_by=[rows.instant, rows.mrr, rows.tries, *order])
    rows = rows.mutate(following=rows.day.lead().over(line))
    return rows.mutate(to=ibis.coalesce(ibis.least(rows.to, rows.following), rows.to, rows.following))


def _pays(rows: Table, terms: Terms) -> Column:
    pays = rows.state == PAYS
    return pays | (rows.state == TRIES) if terms.counts("trials") else pays


def _tries(rows: Table, terms: Terms, until: Column) -> Column:
    trying = rows.state == TRIES
    if not terms.trial_ends:
        return trying
    return trying | (rows.trial.notnull() & ((rows.state == PAYS) | trying | until))


def _worded(rows: Table, terms: Terms) -> Table:
    """Rows with what their interval, status and currency mean; each word is looked up once, not in every row.

    What a word means is an aggregate, so that no engine moves a test of it below, to every row.
    """
    read = rows = _several(rows) if terms.every_count else rows
    meant: dict[str, Column] = {}
    for name, column, meaning, otherwise in (
        ("weight", "every", _weight, SCALE),
        ("state", "status", _state(terms), PAYS),
        ("money", "currency", _code(terms), terms.rates[0][0])
        if terms.rates
        else ("counts", "currency", _counts(terms), 1),
        *((("length", "every", length_of, 1),) if terms.prorated else ()),
    ):
        if getattr(terms, column) is None:
            meant[name] = ibis.literal(otherwise, "int64")
            continue
        words = read.filter(read[column].notnull()).select(word=read[column]).distinct()
        words = words.mutate(plain=_squeezed(words.word)).distinct()  # else the compiler squeezes at every use
        words = words.group_by(**{f"{column}_word": words.word}).aggregate(**{name: meaning(words.plain).max()})
        rows = rows.left_join(words, rows[column] == words[f"{column}_word"]).drop(f"{column}_word")
        rows = rows.mutate(**{name: ibis.coalesce(rows[name], otherwise)})
    rows = rows.mutate(**meant)
    rows = rows.mutate(counts=flag(rows.money != "")) if terms.rates else rows
    return rows.filter(rows.counts == 1) if terms.currency and not terms.events else rows


def _several(rows: Table) -> Table:
    """Rows with their interval as so many of it as stand beside it: 2 of `6 months` is `12months`."""
    rows = rows.mutate(often=ibis.coalesce(rows.every_count, ""))
    told = rows.filter(rows.every.notnull()).select("every", "often").distinct()
    told = told.mutate(word=_squeezed(told.every), number=_squeezed(told.often))
    each = ibis.cases(*((told.number == str(n), ibis.literal(n, "int64")) for n in COUNTS), (told.number == "", 1))
    numbers, units = (
        _listed({word: n for word, (_, n) in NUMBERS.items()}),
        _listed({word: unit for word, (unit, _) in NUMBERS.items()}),
    )
    many = ibis.cases(*((_among(told.word, words), ibis.literal(n, "int64")) for n, words in numbers.items()))
    unit = ibis.cases(*((_among(told.word, words), unit) for unit, words in units.items()))
    made = ibis.coalesce((each * many).cast("string") + unit, "?")
    made = told.group_by(told_every=told.every, told_often=told.often).aggregate(several=made.max())
    rows = rows.left_join(made, [rows.every == made.told_every, rows.often == made.told_often])
    return rows.mutate(every=rows.several).drop("often", "several", "told_every", "told_often")


def _listed(meant: Mapping[str, Meaning]) -> dict[Meaning, list[str]]:
    """What words mean, with all the words that mean it."""
    found: dict[Meaning, list[str]] = {}
    for word, meaning in meant.items():
        found.setdefault(meaning, []).append(word)
    return found


def _state(terms: Terms) -> Callable[[Column], Column]:
    unpaid = (*UNPAID, *(() if terms.counts("pauses") else PAUSED), *(() if terms.counts("past_due") else PAST_DUE))
    return partial(_state_of, unpaid=unpaid)


def _state_of(status: Column, unpaid: Iterable[str]) -> Column:
    kinds = ((unpaid, NEITHER), (TRIALS, TRIES), (ENDED, PAYS_UNTIL))
    return ibis.cases(*((_among(status, words), ibis.literal(kind, "int64")) for words, kind in kinds), else_=PAYS)


def _counts(terms: Terms) -> Callable[[Column], Column]:
    return lambda money: flag(_among(money, ("", *terms.money)))


def _code(terms: Terms) -> Callable[[Column], Column]:
    """The code of a currency that is converted; nothing for any other."""
    own, *others = ((code, ("", *words) if not n else words) for n, (code, words) in enumerate(terms.rates))
    return lambda money: ibis.cases(*((_among(money, words), code) for code, words in (own, *others)), else_="")


def _weight(every: Column) -> Column:
    words = _listed({**INTERVALS, "": SCALE})
    return ibis.cases(*((_among(every, of), ibis.literal(weight, "int64")) for weight, of in words.items()), else_=0)


def _among(word: Column, words: Iterable[str]) -> Column:
    """Whether a squeezed word is one of some, as one search in one text: lists of literals are slow to compile."""
    return ibis.literal(f"|{'|'.join(words)}|").contains(ibis.literal("|") + word + "|")


def _squeezed(text: Column) -> Column:
    for character in DROPPED:
        text = text.replace(character, "")
    return text.translate(WIDE_FROM, WIDE_TO)


def _mrr(rows: Table, terms: Terms) -> Column:
    """A row's MRR: its invoice, less the tax in it, by how often it comes. Times `factor` it is in parts."""
    invoice = rows.amount.cast("decimal(38, 9)")
    if terms.quantity:
        invoice = invoice * ibis.coalesce(rows.quantity, 1)
    if terms.rounds:
        invoice = invoice * 10**terms.places
    if terms.tax:
        invoice = invoice - _tax(invoice, terms.tax / (1 + terms.tax))
    if terms.prorated:
        invoice = whole(rows, invoice)
    return ibis.coalesce(invoice * rows.weight if terms.every else invoice, 0)


def factor(terms: Terms) -> int:
    """By what sums of MRR are multiplied in the end: small numbers are sorted and summed faster than large ones."""
    return (1 if terms.rounds else 10**terms.places) * (1 if terms.every else SCALE)


def _tax(invoice: Column, share: Fraction) -> Column:
    """The tax in an invoice, rounded down: a multiplication by the reciprocal, at most one too small, put right."""
    over, under = share.numerator, share.denominator
    whole = (invoice.abs().floor().cast("decimal(18, 0)") * over).cast("decimal(18, 0)")
    with localcontext(prec=RECIPROCAL, rounding=ROUND_DOWN):
        part = Decimal(1) / Decimal(under)
    reciprocal = ibis.literal(part.quantize(Decimal(1).scaleb(-RECIPROCAL), ROUND_DOWN), "decimal(20, 20)")
    found = (whole * reciprocal).cast("decimal(38, 20)").floor().cast("decimal(18, 0)")
    found = ibis.cases(((found + 1) * under <= whole, found + 1), else_=found)
    return ibis.cases((invoice < 0, -found), else_=found)


def flag(truth: Column) -> Column:
    """1 where something is true, else 0."""
    return ibis.cases((truth, ibis.literal(1, "int64")), else_=ibis.literal(0, "int64"))
