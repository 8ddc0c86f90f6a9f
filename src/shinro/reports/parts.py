"""The parts of a story as its readers are told it, in one language: everything as written, nothing to compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from fractions import Fraction

from shinro.reports.numbers import covered


@dataclass(frozen=True, slots=True)
class Badge:
    """A state or a severity: a shape and a word, and the tone that a colour may add."""

    tone: str  # ahead, on-course, behind, reached, missed, incomplete, unknown, error, warning, info
    shape: str
    word: str


@dataclass(frozen=True, slots=True)
class Card:
    """Where one metric is. Texts are empty where there is nothing to say."""

    metric: str
    label: str
    value: str = ""
    badge: Badge | None = None
    target: str = ""
    period: str = ""
    before: str = ""
    pace: str = ""
    owner: str = ""
    decides: str = ""
    note: str = ""  # what a small base means
    spark: tuple[Fraction | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """What a driver brought to the star's gap, and whether that is good (ahead) or bad (behind)."""

    amount: str
    tone: str


@dataclass(frozen=True, slots=True)
class Fall:
    """One bar of a waterfall: an amount between two places on a scale from 0 to 1, or a whole from its zero."""

    name: str
    amount: str
    tone: str
    low: Fraction
    high: Fraction
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's texts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines under a title, a table, and what is to be said below it."""

    title: str
    lines: tuple[str, ...] = ()
    grid: Grid | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why the star stands where it does: sentences, the waterfall to it, what each rule calls the bottleneck."""

    says: tuple[str, ...]
    falls: tuple[Fall, ...] = ()
    rules: tuple[str, ...] = ()
    cut: tuple[Passage, ...] = ()  # the main cause by segment


@dataclass(frozen=True, slots=True)
class Branch:
    """A card in the tree with what it is made of, and what is believed to move it."""

    card: Card
    edge: str = ""  # how it is tied to the card above: a sign, or an influence with its delay
    believed: bool = False  # an influence, not an identity
    again: bool = False  # its own drivers stand elsewhere in the tree
    formula: str = ""
    drivers: tuple[Branch, ...] = ()
    brought: Brought | None = None


@dataclass(frozen=True, slots=True)
class Concern:
    """A number that is behind, whose it is, and what is being done about it."""

    card: Card
    doing: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One of the closing questions, and what the project answers."""

    asks: str
    says: str
    fine: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs to one department, or is cut by one dimension."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A metric over time: a Vega-Lite spec, what it shows in words, and the table behind it."""

    title: str
    says: str
    spec: Mapping[str, object]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: tuple[tuple[str, str], ...]  # which marks it has (bar, line, target, goal, event), what each means


@dataclass(frozen=True, slots=True)
class Seen:
    """What an initiative did, as far as it can be told: a sentence, what must be said with it, the counterfactual."""

    name: str
    verdict: str
    tone: str
    says: tuple[str, ...]
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Odds:
    """How likely a milestone is to hold on its day, and what is to be said with it."""

    title: str
    says: str
    tone: str
    more: tuple[str, ...] = ()
    aims: tuple[tuple[str, str], ...] = ()  # each condition with its own probability


@dataclass(frozen=True, slots=True)
class Track:
    """A target beside what came of it, month by month: as a picture and as a table; the targets before it in words."""

    card: Card
    says: tuple[str, ...]  # since when it is the plan, what was meant before
    actual: tuple[Fraction | None, ...]
    meant: tuple[Fraction | None, ...]
    grid: Grid


@dataclass(frozen=True, slots=True)
class Studies:
    """What takes statistics to tell, and is kept: where the main cause broke, what leads, what initiatives did."""

    reasons: Reasons | None = None
    leads: tuple[Passage, ...] = ()
    seen: tuple[Seen, ...] = ()
    odds: tuple[Odds, ...] = ()
    fans: tuple[Chart, ...] = ()
    tracks: tuple[Track, ...] = ()
    needs: tuple[Passage, ...] = ()  # driver levels that the milestones need


@dataclass(frozen=True, slots=True)
class Aim:
    """One condition of a milestone."""

    text: str
    badge: Badge
    value: str
    expected: str
    progress: Fraction | None
    period: str
    why: str = ""  # where it is unknown: why, and what to do

    @property
    def covered(self) -> str:
        """The way covered in percent; empty where it cannot be told."""
        return "" if self.progress is None else covered(self.progress)


@dataclass(frozen=True, slots=True)
class Stage:
    """A milestone on the time line."""

    title: str
    when: str
    badge: Badge
    early: str
    aims: tuple[Aim, ...]
    past: bool
    odds: Odds | None = None


@dataclass(frozen=True, slots=True)
class Effort:
    """An initiative: what we do, which KPI it should move, and how far."""

    name: str
    when: str
    phase: str
    moves: str
    expect: str
    owner: str
    cost: str
    effect: str  # what was seen of it
    verdict: str  # what the team says
    badge: Badge | None  # where the KPI stands now


@dataclass(frozen=True, slots=True)
class Fix:
    """A problem and the next move."""

    badge: Badge
    code: str
    place: str
    says: str
    following: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a table, and until when."""

    table: str
    source: str
    until: str
    rows: str
    rejected: str
    files: str


@dataclass(frozen=True, slots=True)
class Story:
    """A company's growth story on one day."""

    lang: str
    company: str
    as_of: str
    title: str
    picture: str
    span: str  # from when to when
    star: Card | None
    meaning: str  # of the star
    guardrail: Card | None
    replies: tuple[Reply, ...]
    concerns: tuple[Concern, ...]
    calm: str  # what is said where there are none
    reasons: Reasons | None
    trees: tuple[Branch, ...]
    departments: tuple[Group, ...]
    segments: tuple[Card, ...]
    charts: tuple[Chart, ...]
    began: str
    stages: tuple[Stage, ...]
    ahead: Stage | None  # the next one
    efforts: tuple[Effort, ...]
    fixes: tuple[Fix, ...]
    sheets: tuple[Sheet, ...]
    unmeasured: tuple[str, ...] = field(default=())
    leads: tuple[Passage, ...] = ()
    seen: tuple[Seen, ...] = ()
    fans: tuple[Chart, ...] = ()
    tracks: tuple[Track, ...] = ()
    needs: tuple[Passage, ...] = ()

    @property
    def drawn(self) -> tuple[Chart, ...]:
        """Everything that is drawn, in order: metrics over time, what may come, what initiatives did."""
        return (*self.charts, *self.fans, *(each.chart for each in self.seen if each.chart))


def plain(value: object) -> object:
    """A story as plain values for JSON; exact numbers as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return str(value) if isinstance(value, Fraction) else value
