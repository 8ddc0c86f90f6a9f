"""Sighting: what each file's rows are, and which of its columns is what; every guess is told with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from shinro.definitions.tokens import is_plain_name
from shinro.drafts import words
from shinro.drafts.sheets import months_across, months_down
from shinro.drafts.vendors import Export, export_of, header_of
from shinro.surveys import Column, Link, Survey, Surveyed
from shinro.units import SAID_IN

MOST_VALUES = 40  # of a dimension
MOST_DIMENSIONS = 6
FEW_REPEAT = 10  # one row in so many may have the id of another
LIKE = 0.8  # from here on an id is called as its file is
TIMES = ("date", "moment")
NAMES = {  # what a role's column is called in the project, where the file's own header is a vendor's
    "created": "created_at",
    "closed": "closed_at",
    "qualified": "qualified_at",
    "starts": "started_at",
    "ends": "ended_at",
    "stage": "stage",
    "status": "status",
    "amount": "amount",
    "refunded": "amount_refunded",
    "interval": "interval",
    "interval_count": "interval_count",
    "trial_ends": "trial_ends_at",
    "quantity": "quantity",
    "currency": "currency",
}
OWN_KEY = {"deals": "deal_id", "leads": "contact_id", "subscriptions": "subscription_id", "charges": "charge_id"}


@dataclass(frozen=True, slots=True)
class Sighted:
    """A file with what it is. `roles` and `dimensions` map to the file's headers, `names` headers to columns' names.

    `kind`: deals, leads, activities, subscriptions, sheet (who pays what in each month), charges, events, records
    (dated, of no known kind), lookup (keys and their attributes, no time), unknown.
    """

    survey: Survey
    kind: str
    table: str
    roles: Mapping[str, str]
    dimensions: tuple[str, ...]
    names: Mapping[str, str]
    export: Export | None = None
    joins: Mapping[str, str] = field(default_factory=dict)  # path of the other file -> header here
    dates: tuple[str, ...] = ()  # headers of further days, such as those of stages between

    def column(self, role: str) -> Column | None:
        """The column of a role."""
        return self.survey.column(self.roles.get(role))

    def name(self, role: str) -> str:
        """The project's name of the column of a role."""
        return self.names[self.roles[role]]

    @property
    def across(self) -> bool:
        """Whether it is a sheet with a column a month."""
        return self.kind == "sheet" and "created" not in self.roles

    def values(self, role: str) -> tuple[str, ...]:
        """The sampled values of a role's column."""
        column = self.column(role)
        return column.values if column else ()


def sighted(surveyed: Surveyed) -> tuple[Sighted, ...]:
    """What every file is, in the order given. Cost: linear in the sampled cells."""
    taken: dict[str, int] = {}
    keys = {survey.path: _own_key(survey) for survey in surveyed.files}
    links = [link for link in surveyed.links if link.key == keys[link.other]]
    found = [_sighted(survey, links) for survey in surveyed.files]
    return tuple(_with_own_name(each, taken) for each in found)


def _with_own_name(each: Sighted, taken: dict[str, int]) -> Sighted:
    taken[each.table] = taken.get(each.table, 0) + 1
    count = taken[each.table]
    return each if count == 1 else replace(each, table=f"{each.table}_{count}")


def _sighted(survey: Survey, links: Iterable[Link]) -> Sighted:
    own = [link for link in links if link.file == survey.path]
    export = export_of(survey)
    roles = _exported(survey, export) if export else _guessed(survey, own)
    kind = export.kind if export else _kind(survey, roles, keyed=any(link.other == survey.path for link in links))
    payer = None if export else months_across(survey)
    if payer:
        kind, roles = "sheet", {"entity": payer}
    if not export:
        roles = {role: header for role, header in roles.items() if role in ROLES[kind]}
    dimensions = tuple(_dimensions(survey, export, kind, roles))
    joins = _joins(survey, own, roles)
    dates = tuple(_further_days(survey, roles)) if kind == "deals" and not export else ()
    names = dict(_names(survey, export, kind, roles, (*dimensions, *dates), joins))
    return Sighted(survey, kind, _table(survey, export, kind), roles, dimensions, names, export, joins, dates)


ROLES = {
    "deals": ("key", "created", "closed", "stage", "amount", "entity", "currency"),
    "leads": ("key", "created", "stage", "qualified", "entity"),
    "activities": ("key", "created", "kind", "outcome", "entity"),
    "subscriptions": ("key", "entity", "starts", "ends", "amount", "interval", "quantity", "status", "currency"),
    "charges": ("key", "created", "entity", "amount", "status", "currency"),
    "sheet": ("created", "entity", "amount", "currency"),
    "events": ("key", "created", "entity", "kind"),
    "records": ("key", "created", "entity", "amount", "stage", "currency"),
    "lookup": ("key",),
    "unknown": (),
}


def _own_key(survey: Survey) -> str | None:
    """The column by which other files may name a row of this one."""
    export = export_of(survey)
    return _exported(survey, export).get("key") if export else _key(survey)


def _exported(survey: Survey, export: Export) -> dict[str, str]:
    found = {role: header_of(survey, spellings) for role, spellings in export.roles.items()}
    if export.kind == "leads" and not found["qualified"]:
        found["qualified"] = next((header for header in survey.headers if words.QUALIFIED_ON.search(header)), None)
    roles = {role: header for role, header in found.items() if header} | _converted(survey, export, found)
    times = [role for role in ("created", "closed", "qualified", "starts", "ends") if role in roles]
    for role in times:
        column = survey.column(roles[role])
        if column and column.kind not in (*TIMES, "empty"):
            del roles[role]
    key = survey.column(roles.get("key"))
    if key and not (key.unique or repeats(key)):
        del roles["key"]
    return roles


def _converted(survey: Survey, export: Export, found: Mapping[str, str | None]) -> dict[str, str]:
    """The amounts in the account's own currency, where those that were charged are of several and all are converted."""
    columns = {role: survey.column(header_of(survey, [header])) for role, header in export.converted.items()}
    there = {role: column for role, column in columns.items() if column}
    charged, own = survey.column(found.get("currency")), there.get("currency")
    if not (charged and own) or len(charged.counts) == 1 or len(own.counts) != 1 or len(there) < len(columns):
        return {}
    return {role: column.header for role, column in there.items()}


def _guessed(survey: Survey, links: list[Link]) -> dict[str, str]:
    """Roles by headers and cells, for a file that no vendor is known of."""
    columns = [column for column in survey.columns if column.kind != "empty"]
    times = [column for column in columns if column.kind in TIMES and not words.MODIFIED.search(column.header)]
    found: dict[str, str | None] = {"key": _key(survey) or _repeated_key(survey)}
    found["ends"] = _first(times, words.ENDS)
    found["closed"] = _first(times, words.CLOSED) or found["ends"]
    rest = [column for column in times if column.header not in (found["ends"], found["closed"])]
    found["created"] = _first(rest, words.CREATED) or (rest[0].header if rest else None)
    found["starts"] = found["created"]
    texts = [column for column in columns if column.kind == "text" and len(column.counts) <= MOST_VALUES]
    found["stage"] = _first(_decided(texts), words.STAGE) or _first(_decided(texts)) or _first(texts, words.STAGE)
    found["status"] = found["stage"]
    deeds = [column for column in texts if _has(column, words.CALL, words.MEETING)]
    found["kind"] = next((column.header for column in deeds if not words.STAGE.search(column.header)), None)
    found["kind"] = found["kind"] or _first(texts, words.KIND)
    others = [column for column in texts if column.header != found["kind"]]
    found["outcome"] = _first(others, words.OUTCOME)
    found["amount"] = _amount(columns)
    found["entity"] = _entity(survey, links, found["key"])
    found["interval"] = next(
        (c.header for c in texts if re.search(r"interval|cycle|周期|間隔|請求サイクル", c.header, re.IGNORECASE)), None
    )
    found["currency"] = next((c.header for c in texts if re.search(r"currency|通貨", c.header, re.IGNORECASE)), None)
    return {role: header for role, header in found.items() if header}


def _first(columns: Iterable[Column], pattern: re.Pattern[str] | None = None) -> str | None:
    return next((column.header for column in columns if pattern is None or pattern.search(column.header)), None)


def _decided(columns: Iterable[Column]) -> list[Column]:
    """Columns whose cells speak of winning."""
    return [column for column in columns if _has(column, words.WON)]


def _has(column: Column, *patterns: re.Pattern[str]) -> bool:
    return any(pattern.search(value) for value in column.counts for pattern in patterns)


def _key(survey: Survey) -> str | None:
    """The unique column that is most likely the rows' own: an id, and the more so the more it sounds like the file."""
    unique = [column for column in survey.columns if column.unique and column.kind in ("text", "number")]
    likely = [column for column in unique if words.ID.search(column.header) or column is survey.columns[0]]
    return max(likely, key=lambda column: _closeness(column, survey)).header if likely else None


def _repeated_key(survey: Survey) -> str | None:
    """The id that must be the rows' own by its name or its place, and that a few rows have twice."""
    ids = [column for column in survey.columns if words.ID.search(column.header) and repeats(column)]
    first = survey.columns[0]
    own = [
        column
        for column in ids
        if _closeness(column, survey)[1] >= LIKE or (column is first and not words.ENTITY.search(column.header))
    ]
    return max(own, key=lambda column: _closeness(column, survey)).header if own else None


def repeats(column: Column) -> bool:
    """Whether nearly every row of a sample has a value of its own, and a few have that of another."""
    again = column.filled - len(column.counts)
    return column.filled == len(column.cells) and 0 < again * FEW_REPEAT <= column.filled


def _closeness(column: Column, survey: Survey) -> tuple[bool, float, bool]:
    bare = re.sub(r"[_\s]?(?:id|ID|番号|コード)$", "", column.header).lower()
    alike = SequenceMatcher(None, bare, survey.stem.lower()).ratio() if bare else 1.0
    return bool(words.ID.search(column.header)), round(alike, 1), column is survey.columns[0]


def _amount(columns: Iterable[Column]) -> str | None:
    numbers = [column for column in columns if column.kind == "number" and not words.NO_AMOUNT.search(column.header)]
    likely = [column for column in numbers if not words.ID.search(column.header)]
    return _first(likely, words.AMOUNT) or _first(likely, words.MONTHLY)


def _entity(survey: Survey, links: list[Link], key: str | None) -> str | None:
    """Whose rows they are: a column that leads to another file, or one that is called so; an id before a name."""
    named = [
        column
        for column in survey.columns
        if column.header != key and column.kind in ("text", "number") and words.ENTITY.search(column.header)
    ]
    linked = {link.column for link in links}
    named.sort(key=lambda column: (column.header not in linked, not words.ID.search(column.header)))
    return named[0].header if named else None


def _kind(survey: Survey, roles: Mapping[str, str], *, keyed: bool) -> str:
    stage, kind = survey.column(roles.get("stage")), survey.column(roles.get("kind"))
    subscribed = words.SUBSCRIPTIONS.search(survey.stem) or any(map(words.SUBSCRIPTIONS.search, survey.headers))
    if stage and _has(stage, words.WON) and ("closed" in roles or "created" in roles):
        return "deals"
    if subscribed and "starts" in roles and "ends" in roles:
        return "subscriptions"
    if "created" not in roles:
        return "lookup" if "key" in roles and keyed else "unknown"
    if kind and _has(kind, words.CALL, words.MEETING):
        return "activities"
    if stage and "amount" in roles and _has(stage, words.PAID):
        return "charges"
    if months_down(survey, roles):
        return "sheet"
    if words.LEADS.search(survey.stem) and "amount" not in roles:
        return "leads"
    if words.EVENTS.search(survey.stem) and "entity" in roles:
        return "events"
    return "charges" if words.CHARGES.search(survey.stem) and "amount" in roles else "records"


def _dimensions(survey: Survey, export: Export | None, kind: str, roles: Mapping[str, str]) -> Iterator[str]:
    """What rows are cut by; not the stage of a deal or a lead: rates are defined by it, and it moves on afterwards."""
    if export:
        found = [header_of(survey, spellings) for spellings in export.dimensions.values()]
        yield from dict.fromkeys(header for header in found if header)
        return
    states = ("stage",) if kind in ("deals", "leads") else ()
    taken = {roles[role] for role in roles if role in ("key", "entity", "currency", "interval", *states)}
    texts = [column for column in survey.columns if column.kind == "text" and column.header not in taken]
    likely = [column for column in texts if _divides(column)]
    likely.sort(key=lambda column: not words.DIMENSION.search(column.header))
    chosen = {column.header for column in likely[:MOST_DIMENSIONS]}
    yield from (column.header for column in texts if column.header in chosen)


def _divides(column: Column) -> bool:
    """Whether a column cuts the rows into few groups."""
    few = 1 < len(column.counts) <= MOST_VALUES and len(column.counts) * 2 <= column.filled
    return few and not words.FREE.search(column.header) and max(map(len, column.counts)) <= MOST_VALUES


def _further_days(survey: Survey, roles: Mapping[str, str]) -> Iterator[str]:
    for column in survey.columns:
        if column.kind in TIMES and column.header not in roles.values() and not words.MODIFIED.search(column.header):
            yield column.header


def _joins(survey: Survey, links: list[Link], roles: Mapping[str, str]) -> dict[str, str]:
    """One join to each other file, by the column of most keys; none by the rows' own key."""
    found: dict[str, Link] = {}
    for link in links:
        column = survey.column(link.column)
        if link.column == roles.get("key") or column is None:
            continue
        best = found.get(link.other)
        if best is None or link.found > best.found:
            found[link.other] = link
    return {other: link.column for other, link in found.items()}


def _names(
    survey: Survey,
    export: Export | None,
    kind: str,
    roles: Mapping[str, str],
    dimensions: Iterable[str],
    joins: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """Names of the columns in use: a vendor's by their part, others as they are where the language can say them."""
    said: dict[str, str] = {}
    if export:
        said |= {header: NAMES.get(role, role) for role, header in roles.items() if role not in ("key", "entity")}
        own = {name: header_of(survey, spellings) for name, spellings in export.dimensions.items()}
        said |= {header: name for name, header in own.items() if header and header not in said}
        whose = "customer" if export.vendor == "Stripe" else "company"
        said |= {header: whose for role, header in roles.items() if role == "entity"}
        said |= {header: OWN_KEY[kind] for role, header in roles.items() if role == "key"}
    used = dict.fromkeys([*roles.values(), *dimensions, *joins.values()])
    taken: set[str] = set()
    for header in used:
        bare = SAID_IN.sub("", header) if header == roles.get("amount") else header
        name = said.get(header) or plain_name(bare or header)
        while name in taken:
            name += "_2"
        taken.add(name)
        yield header, name


def plain_name(header: str) -> str:
    """A header as a name that needs no quotes: itself, or in small letters with `_` for all else; `column` for none."""
    if is_plain_name(header) and header.lower() != "previous":
        return header
    name = re.sub(r"\W+", "_", header).strip("_").lower()
    if not name or not is_plain_name(name) or name == "previous":
        name = f"column_{name}".rstrip("_")
    return name


def _table(survey: Survey, export: Export | None, kind: str) -> str:
    known = {"deals": "deals", "leads": "contacts", "subscriptions": "subscriptions", "charges": "charges"}
    return known[kind] if export else plain_name(survey.stem)
