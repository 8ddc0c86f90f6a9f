"""Terms: what of a table says how a subscription is paid; intervals and states as billing systems write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from shinro.definitions.expression import Node, names
from shinro.definitions.metric import Metric
from shinro.definitions.paid_in import adds, left, paid_in, stated_in
from shinro.definitions.policies import policies_of
from shinro.definitions.printing import text
from shinro.definitions.project import Project
from shinro.definitions.sources import Table
from shinro.loads import Strange
from shinro.units import CURRENCY_SIGNS, decimal_text, minor_digits

SCALE = 30_240  # parts of the minor unit that MRR is carried in: twelfths, and parts of them for all usual terms
DROPPED = " \u3000-_|"  # within an interval or a state

# What a scan of a recurring metric finds for each period, in order; the first of each group is a change of a stock.
MOVES = (
    "mrr", "new_mrr", "expansion", "contraction", "churned_mrr", "reactivation", "moved_in", "moved_out",
    "companies", "new_companies", "churned_companies", "reactivated_companies", "companies_moved_in",
    "companies_moved_out", "trials", "trials_started", "trials_ended", "trials_paid",
)  # fmt: skip
MONEY_MOVES = MOVES[: MOVES.index("companies")]

_MONTHS = ("month", "months", "mo", "m", "ヶ月", "か月", "カ月", "ケ月", "ヵ月", "箇月")
_YEARS = ("year", "years", "yr", "y", "年", "年間")
_QUARTERS = ("quarter", "quarters", "四半期")
_WEEKS = ("week", "weeks", "週", "週間")
_PLAIN = {
    1: ("monthly", "月", "月次", "月額", "毎月", "月払い", "月払"),
    3: ("quarterly",),
    6: ("halfyear", "halfyearly", "semiannual", "semiannually", "半年", "半期"),
    12: ("yearly", "annual", "annually", "年次", "年額", "毎年", "年払い", "年払"),
}
_EACH_WEEK = ("weekly", "週次", "毎週")
_EACH_DAY = ("day", "daily", "日", "日次", "毎日")
_DAYS = ("day", "days", "日", "日間")
_NUMBERED = {"months": _MONTHS, "years": _YEARS, "quarters": _QUARTERS, "weeks": _WEEKS, "days": _DAYS}
# Unit -> by what an amount of one is multiplied, and its length in months, or in days below 0.
_UNITS: Mapping[str, tuple[int, int]] = {
    "months": (SCALE, 1),
    "years": (SCALE // 12, 12),
    "quarters": (SCALE // 3, 3),
    "weeks": (SCALE * 52 // 12, -7),
    "days": (SCALE * 365 // 12, -1),
}
LONGEST = 120  # months: nobody means a longer interval
_DAYS_OF: Mapping[str, int] = {"months": 30, "years": 365, "quarters": 91, "weeks": 7, "days": 1}
_LENGTHS: Mapping[str, Iterable[int]] = {
    "months": range(1, LONGEST + 1),
    "years": range(1, 61),
    "quarters": range(1, 41),
    "weeks": range(1, 61),
    "days": range(1, 366),
}

TRIALS = (
    "trialing",
    "trial",
    "intrial",
    "ontrial",
    "trialstart",
    "trialstarted",
    "トライアル",
    "トライアル中",
    "試用",
    "試用中",
    "お試し",
)
PAUSED = ("paused", "onhold", "一時停止", "停止", "停止中", "休止", "休止中")
PAST_DUE = ("pastdue", "overdue", "延滞", "延滞中", "滞納")
UNPAID = (
    "unpaid", "incomplete", "incompleteexpired", "pending", "draft", "suspended", "未払い", "未払",
)  # fmt: skip
ENDED = (
    "canceled", "cancelled", "ended", "expired", "churned", "terminated", "deleted", "解約", "解約済", "解約済み",
    "終了", "失効", "退会", "退会済", "退会済み", "cancel", "cancellation", "churn", "end",
)  # fmt: skip
PAYING = (
    "active", "live", "paid", "nonrenewing", "cancelatperiodend", "canceling", "cancelling",
    "有効", "契約中", "利用中", "課金中", "アクティブ", "解約予定",
    "start", "started", "new", "upgrade", "downgrade", "expansion", "contraction", "change", "renew", "renewal",
    "reactivate", "reactivated", "reactivation", "新規", "新規契約", "更新", "変更", "プラン変更", "アップグレード",
    "ダウングレード", "増額", "減額", "再開", "再契約",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """The columns that say who pays how much how often, and what of it is tax."""

    entity: str
    amount: str
    minor: int  # decimal places of the currency
    every: str | None = None  # without it an amount is of a month
    quantity: str | None = None
    status: str | None = None
    trial_ends: str | None = None
    currency: str | None = None
    tax: Fraction = Fraction(0)  # included in the amount
    money: tuple[str, ...] = ()  # what the currency that counts is called in its column
    events: bool = False  # a row is worth its amount until the next of its subscription, or of its entity
    subscription: str | None = None  # the column that names it
    lists: Literal["day", "month"] | None = None  # the rows of each are all that is paid, until there are rows again
    places: int = 0  # decimal places of the currency that an amount is multiplied by
    in_minor: bool = False  # amounts are of the smallest unit of their currency
    every_count: str | None = None  # how many of `every`
    policies: tuple[tuple[str, str], ...] = ()
    rates: tuple[tuple[str, tuple[str, ...]], ...] = ()  # currencies that are converted, and what they are called
    prorated: bool = False  # an amount is of the days from start to end, where they are less than the interval
    cohorts: bool = False  # by the period in which a company first pays, in place of movements
    listed: str | None = None  # the list price, which counts in place of the amount where a row has one
    kept: Node | None = None  # of change events and lists: which rows there are at all, before others follow them

    def counts(self, option: str) -> bool:
        """Whether what an option is about counts, and is not 0."""
        return dict(self.policies).get(option) == "count"

    @property
    def rounds(self) -> bool:
        """Whether invoices are rounded to the minor unit before they are summed."""
        return bool(self.tax or self.prorated)

    @property
    def may_stop(self) -> bool:
        """Whether a change event may be worth nothing whatever its amount."""
        return bool(self.status or self.currency)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read, each once."""
        priced = (self.entity, self.amount, self.every, self.quantity, self.status, self.trial_ends, self.currency)
        found = (*priced, self.listed, self.subscription, self.every_count)
        return tuple(dict.fromkeys(column for column in found if column))

    @property
    def normal(self) -> str:
        """The policy's normal form: the same meaning, the same text."""
        parts = (self.amount, self.quantity, self.every, self.status, self.trial_ends, self.currency)
        read = ", ".join(part or "-" for part in parts)
        money = " ".join(self.money)
        until = f" until the next of {self.subscription or '-'}" if self.events else ""
        until += f" until the next list of a {self.lists}" if self.lists else ""
        until += f" kept {text(self.kept)}" if self.kept else ""
        until += f" times {self.every_count or '-'} in {self.places} by {self.policies}"
        until += " prorated" if self.prorated else ""
        until += " by cohort" if self.cohorts else ""
        until += f" at {self.listed} where it is told" if self.listed else ""
        until += "".join(f" {code} {' '.join(words)}" for code, words in self.rates)
        return f"of {self.entity} paid ({read}) in {money} tax {decimal_text(self.tax)} places {self.minor}{until}"


def terms_of(project: Project, metric: Metric) -> Terms | None:
    """The terms of a recurring metric's table; None where it does not say who pays, how much, or from when."""
    table = project.table(metric.recurring)
    if table is None or not (table.entity and table.amount and (table.starts or table.time)):
        return None
    every, quantity, status, trial, currency = (
        str(column) if column else None
        for column in (table.every, table.quantity, table.status, table.trial_ends, table.currency)
    )
    tax = table.tax_included.level.number.value if table.tax_included else Fraction(0)
    code = paid_in(project, metric)
    paid = (str(table.entity), str(table.amount), minor_digits(code))
    terms = Terms(*paid, every, quantity, status, trial, currency, tax, money_words(code))
    terms = replace(
        terms,
        places=0 if table.amounts_in == "minor" else terms.minor,
        in_minor=table.amounts_in == "minor",
        every_count=str(table.every_count) if table.every and table.every_count else None,
        policies=tuple(policies_of(metric).items()),
        listed=str(table.list_amount)
        if policies_of(metric)["annual_discounts"] == "list" and table.list_amount
        else None,
        prorated=policies_of(metric)["proration"] == "daily" and table.ends is not None,
        rates=_rates(table, code),
    )
    if table.starts:
        return terms
    kept = table.where.node if table.where else None
    if table.lists:
        return replace(terms, lists=table.lists, kept=kept)
    subscription = str(table.subscription) if table.subscription else None
    return replace(terms, events=True, subscription=subscription, kept=kept)


def rates_of(project: Project, metric: str) -> Mapping[str, str]:
    """Currency -> the reported metric that says what one of it is worth, of a recurring metric or a part of one."""
    found = project.metric(metric)
    table = project.table(found.recurring) if found and found.recurring else None
    own = project.currency or "JPY"
    rates = {str(code).upper(): str(rate) for code, rate in table.rates.items()} if table and table.currency else {}
    return {code: rate for code, rate in rates.items() if code != own}


def _rates(table: Table, own: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The project's currency and those that the table has rates of; nothing where it has none, or no currencies."""
    codes = [own, *(str(code).upper() for code in table.rates)] if table.rates and table.currency else []
    return tuple((code, money_words(code)) for code in dict.fromkeys(codes))


def money_words(code: str) -> tuple[str, ...]:
    """What a currency is called, squeezed: its code, and its signs."""
    signs = [sign for sign, known in CURRENCY_SIGNS.items() if known == code]
    return tuple(dict.fromkeys(squeezed(word) for word in (code, *signs)))


def _intervals() -> dict[str, tuple[str, int]]:
    """Words, and numbers before words, of all lengths that are a whole number of parts: how many of which unit."""
    found = {word: ("months", months) for months, words in _PLAIN.items() for word in words}
    for unit, words in _NUMBERED.items():
        lengths = (n for n in _LENGTHS[unit] if _UNITS[unit][0] % n == 0)
        found |= {f"{n}{word}": (unit, n) for n in lengths for word in words}
    found |= dict.fromkeys(_MONTHS[:4], ("months", 1)) | dict.fromkeys(_YEARS[:5], ("years", 1))
    found |= dict.fromkeys(_QUARTERS, ("quarters", 1)) | dict.fromkeys((*_WEEKS[:3], *_EACH_WEEK), ("weeks", 1))
    return found | dict.fromkeys(_EACH_DAY, ("days", 1))


# An interval, squeezed -> its unit, and how many of it: 6 of months. The two written together are one, too (`6months`).
NUMBERS: Mapping[str, tuple[str, int]] = MappingProxyType(_intervals())
# An interval, squeezed -> by what an amount of it is multiplied to give MRR in parts of its unit.
INTERVALS: Mapping[str, int] = MappingProxyType({word: _UNITS[unit][0] // n for word, (unit, n) in NUMBERS.items()})
# An interval, squeezed -> how many months it is long, or how many days below 0.
LENGTHS: Mapping[str, int] = MappingProxyType({word: _UNITS[unit][1] * n for word, (unit, n) in NUMBERS.items()})
COUNTS = tuple(sorted({n for _, n in NUMBERS.values()}))  # of intervals, as `every_count` tells them


def squeezed(text: str) -> str:
    """A word as it is looked up: `Past Due` is `pastdue`, `３ ヶ月` is `3ヶ月`."""
    for character in DROPPED:
        text = text.replace(character, "")
    return text.translate(str.maketrans("０１２３４５６７８９", "0123456789")).lower()


def unknown_words(project: Project, metric: Metric, values: Mapping[str, Iterable[str]]) -> Strange | None:
    """The first column that holds words that are not known, by the values of each; None where all is known.

    A column that a filter reads is the user's affair: what the filter leaves is not known here. Currencies alone are
    held against the filters that read nothing else; a sum knows its own currency alone.
    """
    if summed := adds(project, metric):
        column = str(summed.currency)
        words = left(project, metric, values.get(column, ()))
        foreign = _strange(column, money_words(stated_in(project, metric)), {column: words})
        return Strange("foreign", column, foreign) if foreign else None
    table = project.table(metric.recurring)
    if table is None:
        return None
    read = {name.part or name.name for where in (table.where, metric.where) if where for name in names(where.node)}
    values, money = {**values}, str(table.currency or "")
    values[money] = left(project, metric, values.get(money, ()))
    known: tuple[tuple[str, str | None, Iterable[str]], ...] = (
        ("intervals", table.every, INTERVALS),
        ("statuses", table.status, (*TRIALS, *PAUSED, *PAST_DUE, *UNPAID, *ENDED, *PAYING)),
    )
    if table.every_count and (counts := _uncounted(str(table.every), str(table.every_count), values)):
        return Strange("intervals", str(table.every_count), counts)
    found = (
        Strange(kind, str(column), said)
        for kind, column, words in known
        if column and column not in read and (said := _strange(column, words, values))
    )
    foreign = _strange(money, _known_money(table, paid_in(project, metric)), values) if money else ()
    return next(found, Strange("currencies", money, foreign) if foreign else None)


def _known_money(table: Table, own: str) -> tuple[str, ...]:
    return tuple(word for _, words in _rates(table, own) for word in words) or money_words(own)


def _uncounted(every: str, count: str, values: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The numbers of intervals that make, with one of the intervals that there are, none that is known.

    Which of them stand together is not known: one that somebody may mean is enough, one of a hundred years is not.
    """
    words = [NUMBERS[word] for value in values.get(every, ()) if (word := squeezed(value)) in NUMBERS]
    counts = [number for number in values.get(count, ()) if squeezed(number)]
    return tuple(each for each in counts if not _makes(squeezed(each), words))


def _makes(count: str, words: Iterable[tuple[str, int]]) -> bool:
    if not count.isdecimal() or int(count) not in COUNTS:
        return False
    several = [(unit, n * int(count)) for unit, n in words]
    meant = [(unit, n) for unit, n in several if n * _DAYS_OF[unit] <= LONGEST * 31]
    return all(f"{n}{unit}" in NUMBERS for unit, n in meant) and bool(meant or not several)


def _strange(column: str, known: Iterable[str], values: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    among = {"", *known}
    return tuple(value for value in values.get(str(column), ()) if squeezed(value) not in among)
