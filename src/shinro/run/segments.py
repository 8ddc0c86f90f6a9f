"""Segments: a metric's change cut by dimensions, and where it broke, from one aggregate of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from shinro.analysis.breaks import Rules, breaks
from shinro.analysis.mix import Cut, Whole, pooled, split
from shinro.analysis.sides import (
    Spans,
    cut_of,
    doubles,
    earlier_cuts,
    mean_of,
    moved_of,
    scaled,
    sides_of,
    tiled,
    with_moved,
)
from shinro.analysis.since import dated, unusual
from shinro.analysis.strains import Kind
from shinro.definitions.ends import cut_from, uncut
from shinro.definitions.fixed import fixed
from shinro.definitions.metric import PARTS
from shinro.definitions.project import Project
from shinro.definitions.tree import below, measured_from
from shinro.findings.segments import Against, Breaks, SegmentFindings, Side, Split
from shinro.periods import Grain, Period, add_months
from shinro.queries.scans import Want, dimensions
from shinro.run.gathering import Gathered
from shinro.run.values import known_dimensions
from shinro.series import Meaning, Nature, Segment, Series
from shinro.warehouse.measure import Measured

DISTINCT = ("active", "count_distinct")
OF_COMPANIES = ("churn_rate", "trial_to_paid")  # rates of what may be in several segments at once
WINDOWS = {Grain.DAY: (1, 7, 28), Grain.WEEK: (1, 4, 13), Grain.MONTH: (1, 3)}  # periods that are looked at together
MOVED = {"mrr": ("moved_in", "moved_out"), "companies": ("companies_moved_in", "companies_moved_out")}


@dataclass(frozen=True, slots=True)
class Cutting:
    """One metric to be cut by dimensions, between two spans."""

    gathered: Gathered
    metric: str
    grain: Grain
    names: tuple[str, ...]
    spans: Spans
    target: Fraction | None

    @property
    def overlaps(self) -> bool:
        """Whether one thing can count in several segments, so that segments are not summed but counted again."""
        project = self.gathered.opened.project
        return any(_is_distinct(project, name) for name in below([self.metric], measured_from(project)))

    def want(self, names: Sequence[str], metric: str = "") -> Want:
        """A metric by dimensions."""
        return Want(metric or self.metric, self.grain, tuple(names))

    def moves(self, names: Sequence[str]) -> list[Want]:
        """What moved into its segments, and out of them; nothing of most metrics, nor against a target."""
        name, _, part = self.metric.partition(".")
        parts = MOVED.get(part, ()) if self.target is None else ()
        return [self.want(names, f"{name}.{each}") for each in parts]


@dataclass(frozen=True, slots=True)
class Ground:
    """What is cut: the whole, its cells by all dimensions, what was before times `factor`, and what moved."""

    ends: Whole
    cells: Cut
    factor: Fraction
    moved: Mapping[Segment, Fraction]


@dataclass(frozen=True, slots=True)
class Shown:
    """A cut that is shown: its cells, and what of each moved between segments."""

    cells: Cut
    moved: Mapping[Segment, Fraction]


def segments_of(
    gathered: Gathered,
    metric: str,
    grain: Grain,
    before: Period | None,
    after: Period,
    asked: Sequence[str] = (),
    against: Against = Against.LAST,
    target: Fraction | None = None,
) -> SegmentFindings:
    """A metric's change from one span of whole periods to another: by each dimension, nested, and where it broke.

    No dimension asked for means every one that the metric can be cut by, but for those that cut as another does and
    those that a ratio's own definition decides.
    With a `target` the cells of `before` are scaled to add up to it: every segment is expected to keep its share of
    it, of a ratio its standing; `before` None then means the twelve months before, or as many as are known.
    Raises CannotGoOn for a dimension that the metric cannot be cut by.
    Cost: one aggregate of all the dimensions; of distinct counts, which do not add up, one more for every cut shown.
    """
    known_dimensions(gathered, metric, tuple(asked))
    every = tuple(dict.fromkeys(asked)) or dimensions_of(gathered, metric)
    decided = fixed(gathered.opened.project, metric, every)
    names = every if asked else tuple(name for name in every if name not in decided)
    meaning = gathered.meanings[metric]
    before = before or _long_before(gathered, metric, grain, after)
    spans = Spans(before, after, meaning.nature is Nature.STOCK)
    found = SegmentFindings(meaning, before, after, against, names, grain, by_definition=decided if asked else ())
    cutting = Cutting(gathered, metric, grain, names, spans, target)
    why = next((why for _, why in gathered.unmeasured([metric])), None) if names else _no_dimension(decided)
    return replace(found, unsplit=why) if why else _measured(cutting, found, tuple(asked))


def _no_dimension(decided: tuple[str, ...]) -> str:
    return "segments.only_defined" if decided else "segments.no_dimension"


def dimensions_of(gathered: Gathered, metric: str) -> tuple[str, ...]:
    """Every dimension that all of a metric's tables can be cut by, in the order of the first; none of whole numbers."""
    project = gathered.opened.project
    known = [dimensions(project, table) for table in cut_from(project, metric) if not uncut(project, metric)]
    return tuple(name for name in known[0] if all(name in other for other in known[1:])) if known else ()


def _long_before(gathered: Gathered, metric: str, grain: Grain, after: Period) -> Period:
    """The whole periods of the twelve months before one, as far as the metric's tables are known."""
    calendar = gathered.opened.project.calendar
    loads = [gathered.loads[table] for table in gathered.tables(metric) if table in gathered.loads]
    oldest = max((load.oldest for load in loads if load.oldest), default=after.start)
    first = calendar.period(max(oldest, add_months(after.start, -12)), grain)
    whole = first if first.start >= oldest else calendar.step(first, grain)
    return Period(min(whole.start, calendar.step(after, grain, -1).start), after.start)


def _measured(cutting: Cutting, found: SegmentFindings, asked: tuple[str, ...]) -> SegmentFindings:
    """What the aggregate says."""
    wants = [cutting.want(()), cutting.want(cutting.names)]
    wants += [] if cutting.overlaps else cutting.moves(cutting.names)
    measured = cutting.gathered.measure(wants)
    whole, series = measured.get(wants[0], ()), measured.get(wants[1], ())
    if not whole or not series or not all(tiled(whole[0], span) for span in (found.before, found.after)):
        return replace(found, unsplit="segments.undefined")
    before, after = sides_of(whole[0], cutting.spans)
    factor = _factor(before, cutting.target)
    if before is None or after is None or factor is None or before.value is None or after.value is None:
        return replace(found, unsplit="segments.undefined")
    ends = Whole(scaled(before, factor), after)
    cut, leaves = _told_apart(cut_of(series, cutting.spans, factor), series, asked)
    found = replace(found, cells=len(cut))
    if not cutting.overlaps and not _adds_up(ends, cut):
        return replace(found, unsplit="segments.not_additive")
    found = replace(found, breaks=None if found.by_definition else _broke(cutting, found, leaves, ends))
    return _with_splits(cutting, found, Ground(ends, cut, factor, _moved(cutting, measured, cutting.names)), asked)


def _broke(cutting: Cutting, found: SegmentFindings, leaves: Sequence[Series], ends: Whole) -> Breaks | None:
    """Where it broke, and since when.

    A target may ask for more of every segment alike, which breaks none: what broke is told by the year before. A level
    that fell some time ago shows in several periods where it does not in one, so those are looked at together then.
    Law: what is named moved the way of the gap, and so did the whole of the periods that are looked at together.
    """
    kind = _kind(cutting.gathered, found.meaning)
    earlier = earlier_cuts(leaves, cutting.spans)
    if cutting.target is None:
        broke = breaks(cut_of(leaves, cutting.spans), kind, Rules(found.against), earlier)
        broke = unusual(broke, leaves, found.before, found.after.end) if broke else None
        return dated(broke, leaves, found.before.last, found.after.end) if broke and kind is not Kind.AMOUNTS else broke
    nothing: Breaks | None = None
    moved = ends.gap or Fraction(0)
    rules = Rules(found.against, way=(moved > 0) - (moved < 0))
    for spans in _windows(cutting, found):
        broke = breaks(cut_of(leaves, spans, mean_of(leaves[0], spans)), kind, rules, earlier)
        told = replace(broke, before=spans.before, after=spans.after) if broke else None
        apt = told and (told.agrees or spans.after == found.after)
        if told and apt and any(one.segment for one in told.breaks):
            return dated(told, leaves, spans.before.start, spans.after.end)
        nothing = nothing or told
    return nothing


def _windows(cutting: Cutting, found: SegmentFindings) -> Iterator[Spans]:
    """The period by itself, then with those before it, each against the year before."""
    calendar = cutting.gathered.opened.project.calendar
    single = calendar.period(found.after.start, cutting.grain) == found.after
    for steps in WINDOWS.get(cutting.grain, (1,)) if single and not cutting.spans.stock else (1,):
        start = calendar.step(found.after, cutting.grain, 1 - steps).start if steps > 1 else found.after.start
        if start > found.before.start:
            after = Period(start, found.after.end)
            yield Spans(Period(found.before.start, start), after, cutting.spans.stock)


def _with_splits(cutting: Cutting, found: SegmentFindings, ground: Ground, asked: tuple[str, ...]) -> SegmentFindings:
    """The gap by each dimension, those that a break names first; nested by those asked for, or named together."""
    broke = found.breaks.breaks if found.breaks else ()
    named = [name for one in broke for name, _ in one.segment]
    order = asked or tuple(dict.fromkeys([*named, *(name for name, _ in next(iter(ground.cells)))]))
    deep = asked or tuple(name for one in broke[:1] for name, _ in one.segment)
    cuts = _cuts(cutting, ground, order, deep)
    splits = tuple(_split(ground, (name,), cuts) for name in order)
    nested = _split(ground, deep, cuts) if len(deep) > 1 else None
    return replace(found, dimensions=order, splits=splits, nested=nested)


def _told_apart(cut: Cut, leaves: Sequence[Series], asked: Sequence[str]) -> tuple[Cut, Sequence[Series]]:
    """Cells without the dimensions that cut as an earlier one does, where nobody asked for them."""
    same = () if asked else doubles(tuple(cut))
    if not same:
        return cut, leaves

    def less(segment: Segment) -> Segment:
        return tuple(each for each in segment if each[0] not in same)

    cells = {less(segment): sides for segment, sides in cut.items()}
    return cells, [replace(one, segment=less(one.segment)) for one in leaves]


def _factor(before: Side | None, target: Fraction | None) -> Fraction | None:
    """What the cells before are multiplied by to add up to a target; None where they cannot."""
    if target is None:
        return Fraction(1)
    return target / before.value if before and before.value else None


def _adds_up(ends: Whole, cut: Cut) -> bool:
    """Whether the segments make the whole: those of a median do not, nor those of a product of amounts."""
    sums = pooled(cut, ()).get((), (None, None))
    whole = (ends.before, ends.after)
    return all(_same(cell, other) for cell, other in zip(whole, sums, strict=True))


def _same(cell: Side, other: Side | None) -> bool:
    if other is None or cell.is_ratio != other.is_ratio:
        return False
    pairs = ((cell.over, other.over), (cell.base, other.base)) if cell.is_ratio else ((cell.value, other.value),)
    return all((one or 0) == (two or 0) for one, two in pairs)


def _kind(gathered: Gathered, meaning: Meaning) -> Kind:
    """What is counted: of a ratio its numerator."""
    told = gathered.meanings.get(meaning.numerator or "", meaning)
    if meaning.nature is Nature.RATIO and (told is meaning or _counts(told)):
        return Kind.ODDS
    return Kind.COUNTS if _counts(told) else Kind.AMOUNTS


def _counts(meaning: Meaning) -> bool:
    return bool(meaning.unit.powers) and all(base.startswith("count:") for base, _ in meaning.unit.powers)


def _cuts(cutting: Cutting, ground: Ground, order: Sequence[str], deep: Sequence[str]) -> dict[tuple[str, ...], Shown]:
    """The cuts that are shown: by each dimension, and by the first ones together."""
    shown = dict.fromkeys([(name,) for name in order] + [tuple(deep[: n + 1]) for n in range(len(deep))])
    if not cutting.overlaps:
        return {names: Shown(pooled(ground.cells, names), ground.moved) for names in shown}
    wants = {names: cutting.want(names) for names in shown}
    measured = cutting.gathered.measure([*wants.values(), *(want for names in shown for want in cutting.moves(names))])
    return {
        names: Shown(cut_of(measured.get(want, ()), cutting.spans, ground.factor), _moved(cutting, measured, names))
        for names, want in wants.items()
    }


def _split(ground: Ground, names: tuple[str, ...], cuts: Mapping[tuple[str, ...], Shown]) -> Split:
    levels = [cuts[names[: depth + 1]] for depth in range(len(names))]
    made = split(names, ground.ends, [level.cells for level in levels])
    assert made is not None  # noqa: S101 - the gap is defined
    moved = [level.moved for level in levels]
    return with_moved(made, moved) if any(moved) else made


def _moved(cutting: Cutting, measured: Measured, names: Sequence[str]) -> dict[Segment, Fraction]:
    """What moved in less what moved out, by dimensions, from the end of one span to that of the other."""
    signs = zip((1, -1), cutting.moves(names), strict=False)
    series = [(sign, one) for sign, want in signs for one in measured.get(want, ())]
    return moved_of(series, cutting.spans.before.end, cutting.spans.after.end)


def _is_distinct(project: Project, name: str) -> bool:
    found = project.metric(name)
    if found and len(found.ways) == 1 and found.recurring:
        part = name.partition(".")[2]
        return part in OF_COMPANIES or (part in PARTS and PARTS[part][1] in ("companies", "money per company"))
    return bool(found and found.ways and found.way in DISTINCT)
