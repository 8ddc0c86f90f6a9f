"""Roll-ups: several scans of one table read it once, summed up by day and by the columns that they ask about.

A roll-up holds a row for every combination of its keys, with how many rows of the table it stands for and the parts
of what is summed. Law: a scan tells the same over the roll-up as over the table. `summing` compiles them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shinro.definitions.expression import Node, names
from shinro.queries.scans import FEW, Measure, Scan

WEIGHT = "shinro weight"
PARTS: Mapping[str, tuple[str, ...]] = {"sum": ("sum",), "avg": ("sum", "count"), "min": ("min",), "max": ("max",)}
ROLLED = ("count", "count_distinct", *PARTS)
Types = Mapping[str, str]
Joins = Mapping[str, tuple[str, str]]  # other table -> (column here, key there)


@dataclass(frozen=True, slots=True)
class Rollup:
    """What a table is summed up by: the column that dates a row, further keys, and (column, how) of what is summed."""

    table: str
    moment: str
    keys: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    entity: str | None = None  # the key that says who is followed; it is numbered, since nothing else is asked of it
    counts: tuple[Node, ...] = ()  # conditions whose rows are counted in it, so that their columns are no keys

    @property
    def name(self) -> str:
        """What the summed up table is called in the engine."""
        return f"shinro roll-up {hashlib.sha256(repr(self).encode()).hexdigest()[:12]}"

    def holds(self, scan: Scan, joins: Joins, types: Types) -> bool:
        """Whether a scan can be answered from it; `types` are those of the table itself."""
        return (
            may_roll(scan, joins, types)
            and (scan.table, scan.moment) == (self.table, self.moment)
            and {*_keys(scan, joins, self.counts)} <= {*self.keys}
            and {*parts_of(scan)} <= {*self.parts}
            and (self.entity is None or self.entity not in _asked_of(scan, joins, self.counts))
        )

    def count_of(self, measure: Measure) -> str | None:
        """The name of the column that counts a measure's rows; None where its condition is to be looked at."""
        if measure.way in PARTS or measure.where not in (None, *self.counts):
            return None
        return WEIGHT if measure.where is None else count(self.counts.index(measure.where))

    def contains(self, other: Rollup) -> bool:
        """Whether all that another one holds can be had from this one."""
        return (
            (self.table, self.moment) == (other.table, other.moment)
            and {*other.keys} <= {*self.keys}
            and {*other.parts} <= {*self.parts}
            and {*other.counts} <= {*self.counts}
            and (self.entity is None or self.entity not in other.keys or self.entity == other.entity)
        )


def part(column: str, how: str) -> str:
    """The name of a summed column."""
    return f"shinro {how} {column}"


def count(n: int) -> str:
    """The name of the column that counts the rows of a condition."""
    return f"shinro count {n}"


def may_roll(scan: Scan, joins: Joins, types: Types) -> bool:
    """Whether a scan needs no more of rows than their days, their keys and sums.

    A roll-up has the local day in place of a moment: enough for conditions, which read days, but not for what a moment
    itself is asked of, as a dimension, to be counted, or to join by.
    """
    apart = [one.column for one in scan.dimensions if one.table == scan.table]
    apart += [*_entities(scan), *(joins[other][0] for other in scan.joins if other in joins)]
    if any(types.get(column) == "moment" for column in apart):
        return False
    if scan.ends is not None or scan.terms is not None:
        return False
    if scan.growth is not None:
        return scan.growth.daily and not (scan.growth.by_first and scan.dimensions)
    return all(one.way in ROLLED for one in scan.measures)


def rollups(scans: Iterable[Scan], joins: Mapping[str, Joins], types: Mapping[str, Types]) -> tuple[Rollup, ...]:
    """What is worth to be tried for scans that are to be read together, for each table and time that they share.

    One for those that follow the same entity, where they are several; a few conditions, theirs and those of plain
    counts, are counted in it, so that no column of theirs is kept apart beside an entity. One for those that follow
    nobody, where they are several or ask a lot: a condition is then looked at once a combination of its columns, not
    once a row.
    """
    grouped: dict[tuple[str, str], list[Scan]] = {}
    for scan in scans:
        if may_roll(scan, joins.get(scan.table, {}), types.get(scan.table, {})):
            grouped.setdefault((scan.table, scan.moment), []).append(scan)
    found: list[Rollup] = []
    for (table, _), group in grouped.items():
        plain = [scan for scan in group if not _entities(scan)]
        following = [scan for scan in group if _entities(scan)]
        if len(following) > 1 and len({name for scan in following for name in _entities(scan)}) == 1:
            rollup = _rollup(following, joins.get(table, {}), _counted(following, plain))
            plain = [scan for scan in plain if not rollup.holds(scan, joins.get(table, {}), types.get(table, {}))]
            found.append(rollup)
        if len(plain) > 1 or any(len(scan.measures) > FEW for scan in plain):
            found.append(_rollup(plain, joins.get(table, {})))
    return tuple(found)


def _rollup(group: list[Scan], joins: Joins, counts: tuple[Node, ...] = ()) -> Rollup:
    keys = dict.fromkeys(key for scan in group for key in _keys(scan, joins, counts))
    parts = dict.fromkeys(each for scan in group for each in parts_of(scan))
    asked = {name for scan in group for name in _asked_of(scan, joins, counts)}
    entity = next((name for scan in group for name in _entities(scan)), None)
    known = entity if entity not in asked else None
    return Rollup(group[0].table, group[0].moment, tuple(keys), tuple(parts), known, counts)


def _counted(following: list[Scan], plain: list[Scan]) -> tuple[Node, ...]:
    """The conditions that are counted of those that follow an entity, and of plain counts: where few and of the table.

    Whom a condition holds for on a day is known by how many rows it holds for.
    """
    table = following[0].table
    own = [one.where for scan in following for one in scan.measures if one.where and one.way not in PARTS]
    beside = [one.where for scan in plain for one in scan.measures if one.where and one.way == "count"]
    for wheres in (own + beside, own):
        counts = tuple(dict.fromkeys(wheres))
        if len(counts) <= FEW and all(name.part is None or name.name == table for one in counts for name in names(one)):
            return counts
    return ()


def _entities(scan: Scan) -> tuple[str, ...]:
    if scan.growth is not None:
        return (scan.growth.entity,)
    return tuple(dict.fromkeys(one.column for one in scan.measures if one.way == "count_distinct" and one.column))


def parts_of(scan: Scan) -> tuple[tuple[str, str], ...]:
    """What a scan sums up, as (column, how)."""
    return tuple((one.column, how) for one in scan.measures if one.column for how in PARTS.get(one.way, ()))


def _asked_of(scan: Scan, joins: Joins, counts: tuple[Node, ...] = ()) -> tuple[str, ...]:
    """The table's own columns whose values are asked for: dimensions, what conditions read, what it joins by.

    What `counts` holds is counted, and its columns are not asked for.
    """
    found = [one.column for one in scan.dimensions if one.table == scan.table]
    conditions: list[Node] = [
        one.where for one in scan.measures if one.where is not None and (one.way in PARTS or one.where not in counts)
    ]
    conditions += [node for _, node in scan.conditions]
    found += [column for node in conditions for column in own_columns(node, scan.table)]
    found += [joins[other][0] for other in scan.joins if other in joins]
    return tuple(dict.fromkeys(found))


def own_columns(node: Node, table: str) -> list[str]:
    """The columns of a table that a condition on its rows reads, as `column` or `table.column`."""
    found = [
        name.name if name.part is None else name.part for name in names(node) if name.part is None or name.name == table
    ]
    return list(dict.fromkeys(found))


def _keys(scan: Scan, joins: Joins, counts: tuple[Node, ...] = ()) -> tuple[str, ...]:
    """The columns that a row must keep apart: what is asked of, and who is followed."""
    asked = dict.fromkeys((*_asked_of(scan, joins, counts), *_entities(scan)))
    return tuple(name for name in asked if name != scan.moment)


def types_over(rollup: Rollup, types: Types) -> dict[str, str]:
    """The types of the summed up table's columns."""
    found = {name: "date" if types.get(name) == "moment" else types.get(name, "text") for name in rollup.keys}
    found[rollup.moment] = "date"
    if rollup.entity is not None and types.get(rollup.entity, "text") == "text":
        found[rollup.entity] = "integer"
    found |= {part(column, how): "integer" if how == "count" else "number" for column, how in rollup.parts}
    found |= {count(n): "integer" for n in range(len(rollup.counts))}
    return found | {WEIGHT: "integer"}
