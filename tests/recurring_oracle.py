"""A slow, obviously right walk over subscriptions: what everybody pays at the end of every day, and what changed."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from hashlib import md5
from math import floor

from oracle import DAY, World, counts, periods, segment_of
from shinro.definitions.evaluate import value
from shinro.definitions.metric import Metric
from shinro.periods import Grain, Period
from shinro.series import Segment
from shinro.units import minor_digits

Row = Mapping[str, object]
MONTHS = {
    "month": 1,
    "Monthly": 1,
    "3 months": 3,
    "四半期": 3,
    "year": 12,
    "１２ヶ月": 12,
    "2 years": 24,
    None: 1,
    "": 1,
}
MONTHS_OF_WEEK = Fraction(12, 52)
ON_TRIAL, NEVER = ("trialing", "trial_start"), ("paused", "Unpaid", "incomplete")
OVER = ("canceled", "解約済み", "cancel")
ZERO = Fraction(0)


@dataclass(frozen=True)
class Ledger:
    """What every company pays for every segment, day by day."""

    world: World
    by: tuple[str, ...] = ()

    @cached_property
    def rows(self) -> list[dict[str, object]]:
        return self.changes if self.world.table("subs").starts is None else self.periods

    @cached_property
    def changes(self) -> list[dict[str, object]]:
        """Change events as the periods that they mean: each from its day to that of the next of its subscription."""
        table, zipped = self.world.table("subs"), zip(self.world.rows["subs"], self.world.lines["subs"], strict=True)
        there = [
            (row, line | self.blank)
            for row, line in zipped
            if isinstance(row["at"], datetime) and line["company"] is not None
        ]
        there = [each for each in there if table.where is None or value(table.where.node, each[1]) is True]
        streams: dict[object, list[tuple[Row, dict[str, object]]]] = {}
        for row, line in there:
            streams.setdefault((line["company"], table.subscription and line[str(table.subscription)]), []).append(
                (row, line)
            )
        found = []
        for stream in streams.values():
            stream.sort(key=lambda each: (each[0]["at"], *self.place(each[1])))
            for (_, line), following in zip(stream, [*(line["at"] for _, line in stream[1:]), None], strict=True):
                ends = min((day for day in (following, line["ends"]) if isinstance(day, date)), default=None)
                if self.is_worth(line):
                    found.append(line | {"starts": line["at"], "ends": ends, "own end": line["ends"]})
        return [line for line in found if line["ends"] is None or str(line["starts"]) < str(line["ends"])]

    @property
    def blank(self) -> dict[str, None]:
        """The columns that the table does not name: nothing stands in them."""
        table = self.world.table("subs")
        used = {"every": table.every, "seats": table.quantity, "status": table.status}
        used |= {"trial": table.trial_ends, "ends": table.ends}
        return {name: None for name, column in used.items() if column is None}

    def is_worth(self, line: Row) -> bool:
        """Whether a change event is not the end of a subscription, and meant."""
        return counts(self.world, self.metric, line) and line["status"] not in OVER

    def place(self, line: Row) -> tuple[object, ...]:
        """Where a change event stands among those of its instant."""
        pays = self.is_worth(line) and not self.is_unpaid(line["status"])
        trial, ends = line["trial"], line["ends"]
        tries = self.is_worth(line) and (line["status"] in ON_TRIAL or not self.is_unpaid(line["status"]))
        tries = tries and (isinstance(trial, date) or line["status"] in ON_TRIAL)
        dims = [*(_order((each,))[0] for each in self.segment(line))]
        return (self.price(line) if pays else ZERO, tries, ends is None, str(ends), trial is None, str(trial), *dims)

    @cached_property
    def periods(self) -> list[dict[str, object]]:
        found = [line | self.blank for line in self.world.lines["subs"] if counts(self.world, self.metric, line)]
        return [line for line in found if line["company"] is not None and isinstance(line["starts"], date)]

    @cached_property
    def metric(self) -> Metric:
        known = self.world.metric("revenue")
        return Metric(count=known.recurring, where=known.where, place=known.place)

    def segment(self, row: Row) -> Segment:
        return segment_of(self.world, "subs", self.by, row)

    @cached_property
    def owners(self) -> list[tuple[object, Segment]]:
        return list(dict.fromkeys((row["company"], self.segment(row)) for row in self.rows))

    @cached_property
    def companies(self) -> list[object]:
        return list(dict.fromkeys(company for company, _ in self.owners))

    def paid(self, company: object, day: date, segment: Segment | None = None) -> Fraction:
        """MRR at the end of a day, of all segments or of one."""
        mine = [row for row in self.rows if row["company"] == company and segment in (None, self.segment(row))]
        return sum((self.price(row) for row in mine if self.is_paid(row, day)), ZERO)

    def tries(self, company: object, day: date, segment: Segment) -> bool:
        mine = [row for row in self.rows if row["company"] == company and segment == self.segment(row)]
        return any(self.is_tried(row, day) for row in mine)

    def is_open(self, row: Row, day: date) -> bool:
        start, end = row["starts"], row["ends"]
        assert isinstance(start, date)
        if not isinstance(end, date):
            return day >= start
        return start <= day <= end if self.inclusive else start <= day < end

    @property
    def inclusive(self) -> bool:
        return self.world.table("subs").ends_are == "inclusive"

    def is_paid(self, row: Row, day: date) -> bool:
        trial, status = row["trial"], row["status"]
        if self.is_unpaid(status) or (status in OVER and row["ends"] is None):
            return False
        free = isinstance(trial, date) and day < trial and not self.counts("trials")
        return self.is_open(row, day) and not free

    def is_unpaid(self, status: object) -> bool:
        """Whether a row of a status counts 0, by the metric's policies."""
        if status == "past_due":
            return not self.counts("past_due")
        if status == "paused":
            return not self.counts("pauses")
        return status in NEVER or (status in ON_TRIAL and not self.counts("trials"))

    def counts(self, option: str) -> bool:
        """Whether what an option is about counts."""
        written = {str(name): str(choice) for name, choice in self.world.metric("revenue").options.items()}
        return written.get(option, "count" if option == "past_due" else "0") == "count"

    def is_tried(self, row: Row, day: date) -> bool:
        trial, status = row["trial"], row["status"]
        if (status not in ON_TRIAL and self.is_unpaid(status)) or (status in OVER and row["ends"] is None):
            return False
        if isinstance(trial, date):
            return self.is_open(row, day) and day < trial
        return status in ON_TRIAL and self.is_open(row, day)

    def price(self, row: Row) -> Fraction:
        """The MRR of a row: its invoice without the tax in it, by the months that it is for."""
        amount, seats, every = row["amount"], row["seats"], row["every"]
        if not isinstance(amount, Decimal) or every == "fortnight":
            return ZERO
        unit = 10 ** minor_digits(str(self.world.project.currency))
        invoice = Fraction(amount) * (Fraction(seats) if isinstance(seats, Decimal | int) else 1) * unit
        tax = self.world.table("subs").tax_included
        rate = tax.level.number.value if tax else ZERO
        kept = floor(floor(abs(invoice)) * rate / (1 + rate))
        invoice -= kept if invoice >= 0 else -kept
        invoice = self.whole(row, invoice)
        months = MONTHS_OF_WEEK if every == "week" else Fraction(MONTHS[None if every is None else str(every)])
        return Fraction(invoice / unit / months)

    def whole(self, row: Row, invoice: Fraction) -> Fraction:
        """An invoice as of all of its interval, where it is prorated and of a part of it."""
        start, end = row.get("starts", row.get("at")), row.get("own end", row["ends"])
        if not (self.is_prorated and isinstance(start, date) and isinstance(end, date)):
            return invoice
        end += DAY * self.inclusive
        if row["every"] == "week":
            first, last = end - 7 * DAY, start + 7 * DAY
        else:
            months = MONTHS[None if row["every"] is None else str(row["every"])]
            first, last = moved(end, -months), moved(start, months)
        if not first < start < end < last or row["every"] == "2 years":
            return invoice
        exact = abs(invoice) * (end - first).days / (end - start).days
        return Fraction(floor(exact + Fraction(1, 2)) * (1 if invoice >= 0 else -1))

    @property
    def is_prorated(self) -> bool:
        return str(self.world.metric("revenue").options.get("proration")) == "daily"


def moved(day: date, months: int) -> date:
    """A day some months later, or earlier."""
    month = day.year * 12 + day.month - 1 + months
    first = date(month // 12, month % 12 + 1, 1)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


Moves = dict[str, Fraction]


def bridge(
    ledger: Ledger, grain: Grain, span: Period | None = None, *, parted: bool = False
) -> dict[Segment, dict[Period, Moves]]:
    """Opening, movements and closing of every segment in every period; what lies before a span ends with it."""
    cuts = periods(ledger.world, "subs", grain)
    if span:
        before, within = _within(cuts, Period(date.min, span.start)), _within(cuts, span)
        cuts = [*before, *(within if parted else [span])]
    segments = list(dict.fromkeys(segment for _, segment in ledger.owners)) if ledger.by else [()]
    made: dict[Segment, dict[Period, Moves]] = {segment: {} for segment in segments}
    ever: set[object] = set()
    for cut in cuts:
        for segment in segments:
            made[segment][cut] = dict.fromkeys(NAMES, ZERO)
        for company in ledger.companies:
            _company(ledger, company, cut, {segment: made[segment][cut] for segment in segments}, ever)
        last = min(cut.last, ledger.world.as_of)
        ever |= {company for company in ledger.companies if ledger.paid(company, last) > 0}
    return made


def _within(found: list[Period], days: Period) -> list[Period]:
    cut = [Period(max(each.start, days.start), min(each.end, days.end)) for each in found]
    return [each for each in cut if each.length > 0]


NAMES = (
    "opening", "mrr", "new_mrr", "expansion", "contraction", "churned_mrr", "reactivation", "moved_in", "moved_out",
    "opening_companies", "companies", "new_companies", "churned_companies", "reactivated_companies",
    "companies_moved_in", "companies_moved_out", "trials", "trials_started", "trials_ended", "trials_paid",
)  # fmt: skip


def _company(ledger: Ledger, company: object, cut: Period, into: dict[Segment, Moves], ever: set[object]) -> None:
    first, last = cut.start - DAY, min(cut.last, ledger.world.as_of)
    before, after = ledger.paid(company, first), ledger.paid(company, last)
    kind = "stays"
    if before <= 0 < after:
        kind = "reactivation" if company in ever else "new_mrr"
    elif after <= 0 < before:
        kind = "churned_mrr"
    mine = [segment for owner, segment in ledger.owners if owner == company]
    changes = {one: ledger.paid(company, last, one) - ledger.paid(company, first, one) for one in mine}
    for segment in mine:
        moves = into[segment]
        was, now = ledger.paid(company, first, segment), ledger.paid(company, last, segment)
        moves["opening"] += was
        moves["mrr"] += now
        moves["opening_companies"] += was > 0
        moves["companies"] += now > 0
        if kind != "stays":
            moves[kind] += was - now if kind == "churned_mrr" else now - was
        _count(moves, kind, entered=was <= 0 < now, left=now <= 0 < was)
        _try(ledger, company, segment, cut, moves)
    if kind == "stays":
        _move(changes, into)


def _count(moves: Moves, kind: str, *, entered: bool, left: bool) -> None:
    names = {"new_mrr": "new_companies", "reactivation": "reactivated_companies"}
    if entered:
        moves[names.get(kind, "companies_moved_in")] += 1
    if left:
        moves["churned_companies" if kind == "churned_mrr" else "companies_moved_out"] += 1


def _move(changes: Mapping[Segment, Fraction], into: Mapping[Segment, Moves]) -> None:
    """What one segment loses and another gains has moved; only what is left over is expansion or contraction."""
    ups = {segment: change for segment, change in changes.items() if change > 0}
    downs = {segment: -change for segment, change in changes.items() if change < 0}
    moved = min(sum(ups.values(), ZERO), sum(downs.values(), ZERO))
    for sides, move, rest in ((ups, "moved_in", "expansion"), (downs, "moved_out", "contraction")):
        left = moved
        for segment in sorted(sides, key=_order):
            part = min(left, sides[segment])
            into[segment][move] += part
            into[segment][rest] += sides[segment] - part
            left -= part


def _order(segment: Segment) -> list[str]:
    return ["" if name is None else md5(name.encode(), usedforsecurity=False).hexdigest() for _, name in segment]


def _try(ledger: Ledger, company: object, segment: Segment, cut: Period, moves: Moves) -> None:
    day, last = cut.start, min(cut.last, ledger.world.as_of)
    while day <= last:
        was, now = ledger.tries(company, day - DAY, segment), ledger.tries(company, day, segment)
        moves["trials_started"] += now and not was
        moves["trials_ended"] += was and not now
        moves["trials_paid"] += was and not now and ledger.paid(company, day) > 0
        day += DAY
    moves["trials"] += ledger.tries(company, last, segment)


def part(moves: Moves, name: str) -> Fraction | None:
    """A part of a recurring metric from its movements."""
    lost = moves["contraction"] + moves["churned_mrr"]
    won = moves["new_mrr"] + moves["reactivation"] + moves["expansion"]
    rates = {
        "arpa": (moves["mrr"], moves["companies"]),
        "nrr": (moves["opening"] + moves["expansion"] - lost, moves["opening"]),
        "grr": (moves["opening"] - lost, moves["opening"]),
        "quick_ratio": (won, lost),
        "churn_rate": (moves["churned_companies"], moves["opening_companies"]),
        "mrr_churn_rate": (lost, moves["opening"]),
        "trial_to_paid": (moves["trials_paid"], moves["trials_ended"]),
    }
    if name in rates:
        over, base = rates[name]
        return over / base if base else None
    if name == "fx":
        return ZERO  # all is of one currency
    return moves["mrr"] * 12 if name == "arr" else moves[name]
