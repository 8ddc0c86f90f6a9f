"""Text: a drafted story as the text of a project file; what only people can answer stands there as `# ask:`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shinro.definitions.writing import Plain, block, flow, scalar
from shinro.drafts.labels import DEPARTMENTS, MEANINGS, METRICS, metric_label, pair
from shinro.drafts.parts import Note
from shinro.drafts.story import Outline
from shinro.drafts.tables import Tables

Say = Callable[..., str]
WIDTH = 118
ASK = "# ask: "
FISCAL_YEARS = {"ja": "april", "en": "january"}  # when they begin, unless a company says otherwise

Step = str | int


@dataclass(frozen=True, slots=True)
class Settings:
    """How a company cuts time and counts money."""

    languages: tuple[str, ...]
    timezone: str
    currency: str
    starts: date
    holidays: str | None = None


def drafted(
    outline: Outline, tables: Tables, settings: Settings, say: Say, milestones: Sequence[Mapping[str, object]] = ()
) -> str:
    """The text; `say` gives the sentences of its comments. Law: it reads back without a problem of structure."""
    sections = [
        _head(settings, say, money=bool(tables.tables)),
        _section("sources", tables.sources, {name: [note] for name, note in tables.asks.items()}, say),
        _section("tables", tables.tables, _asks(outline, tables), say),
        _section("metrics", _metrics(outline, settings), {}, say),
        _north_star(outline, settings, say),
        _section("tree", {node: formula for _, part in outline.parts for node, formula in part.tree.items()}, {}, say),
        _influences(outline, say),
        _section("departments", _departments(outline, settings), {}, say),
        _kpis(outline, say),
        _milestones(milestones, say),
        _traction(outline, milestones),
    ]
    return "\n".join("\n".join(section) + "\n" for section in sections if section)


def comment(text: str, indent: int = 0) -> Iterator[str]:
    """A sentence as comment lines, not wider than the file."""
    line = ""
    for word in _words(text):
        if len(line) + len(word) > WIDTH - indent - 2 and line:
            yield f"{' ' * indent}# {line.strip()}"
            line = ""
        line += word
    if line.strip():
        yield f"{' ' * indent}# {line.strip()}"


def _words(text: str) -> Iterator[str]:
    """Pieces that a line may end behind: words with their blank, or a character of Japanese."""
    word = ""
    for character in text:
        word += character
        if character == " " or ord(character) > 0x3000:  # noqa: PLR2004 - from here on no blanks stand between words
            yield word
            word = ""
    yield word


def _section(name: str, entries: Mapping[str, Plain], asks: Mapping[str, Sequence[Note]], say: Say) -> list[str]:
    """A section, what is asked of an entry above it."""
    lines = [f"{name}:"] if entries else []
    for key, value in entries.items():
        for note in asks.get(key, ()):
            lines += comment(f"ask: {sentence(note, say)}", 2)
        lines += entry(key, value)
    return lines


def _asks(outline: Outline, tables: Tables) -> dict[str, Sequence[Note]]:
    """What is asked of the rows, by their tables."""
    found = {name: [note] for name, note in tables.doubles.items()}
    for file, part in outline.parts:
        found.setdefault(file.table, []).extend(note for note in part.notes if note.how == "ask")
    return {**found}


def sentence(note: Note, say: Say) -> str:
    """A note in words."""
    args = {
        name: ", ".join(map(str, value)) if isinstance(value, tuple) else value for name, value in note.args.items()
    }
    return say(f"drafts.{note.how}.{note.key}", **args)


def entry(key: str, value: Plain, indent: int = 2) -> list[str]:
    """An entry on one line where it fits, else as a block."""
    pad = " " * indent
    line = f"{pad}{scalar(key)}: {flow(value)}"
    if len(line) <= WIDTH or isinstance(value, str):
        return [line]
    if isinstance(value, Mapping):
        inner = [line for name, part in value.items() for line in entry(name, part, indent + 2)]
        return [f"{pad}{scalar(key)}:", *inner]
    return [pad + line for line in block(key, value)]


def _head(settings: Settings, say: Say, *, money: bool) -> list[str]:
    lines = [*comment(say("drafts.head")), f"{ASK}{say('drafts.ask.company')}"]
    currency = f"currency: {settings.currency}"
    lines.append(f"{currency}  {ASK}{say('drafts.ask.currency')}" if money else currency)
    lines.append(f"timezone: {settings.timezone}  {ASK}{say('drafts.ask.timezone')}")
    lines.append(f"fiscal_year_starts: {FISCAL_YEARS[settings.languages[0]]}  {ASK}{say('drafts.ask.fiscal_year')}")
    if settings.holidays:
        lines.append(f"holidays: {settings.holidays}")
    lines.append(f"languages: {flow(list(settings.languages))}")
    lines.append(f"story: {{starts: {settings.starts.isoformat()}}}  {ASK}{say('drafts.ask.picture')}")
    return lines


def _metrics(outline: Outline, settings: Settings) -> dict[str, Plain]:
    found: dict[str, Plain] = {}
    for _, part in outline.parts:
        for name, body in part.metrics.items():
            label = {"label": metric_label(name, settings.languages)} if name in METRICS else {}
            found.setdefault(name, {**label, **body})
    return found


def _north_star(outline: Outline, settings: Settings, say: Say) -> list[str]:
    star = outline.star
    if star is None:
        return [*comment(f"ask: {say('drafts.ask.star')}")]
    lines = ["north_star:", f"  metric: {scalar(star.metric)}"]
    if star.metric in MEANINGS:
        lines += entry("meaning", pair(MEANINGS[star.metric], settings.languages))
    else:
        lines += comment(f"ask: {say('drafts.ask.meaning')}", 2)
    if star.guardrail:
        lines.append(f"  guardrail: {scalar(star.guardrail)}")
    if star.outcomes:
        lines.append(f"  outcomes: {flow(list(star.outcomes))}")
    else:
        lines[1] += f"  {ASK}{say('drafts.ask.outcome')}"
    lines += comment(f"ask: {say('drafts.ask.because')}", 2)
    lines += comment(f"ask: {say('drafts.ask.confirmed')}", 2)
    return lines


def _influences(outline: Outline, say: Say) -> list[str]:
    if not outline.influences:
        return []
    lines = [f"influences:  {ASK}{say('drafts.ask.influences')}"]
    return lines + [f"  - {flow(influence)}" for influence in outline.influences]


def _departments(outline: Outline, settings: Settings) -> dict[str, Plain]:
    owned: dict[str, list[str]] = {}
    for _, part in outline.parts:
        mine = owned.setdefault(part.department, [])
        mine += [kpi for kpi in part.kpis if kpi not in mine and kpi in outline.kpis]
    return {
        name: {"label": pair(DEPARTMENTS[name], settings.languages), "owns": owns}
        for name, owns in owned.items()
        if owns
    }


def _kpis(outline: Outline, say: Say) -> list[str]:
    lines = ["kpis:"] if outline.kpis else []
    for kpi in outline.kpis:
        body: dict[str, Plain] = {"cadence": "weekly"}
        if kpi in outline.focus:
            body["focus"] = "true"
        lines.append(f"  {scalar(kpi)}: {flow(body)}  {ASK}{say('drafts.ask.owner')}")
    return lines


def _milestones(milestones: Sequence[Mapping[str, object]], say: Say) -> list[str]:
    if not milestones:
        return [*comment(f"ask: {say('drafts.ask.milestones')}")]
    lines = [*comment(say("drafts.levels")), f"milestones:  {ASK}{say('drafts.ask.levels')}"]
    for milestone in milestones:
        lines += [f"  - id: {milestone['id']}", f"    by: {milestone['by']}", "    reach:"]
        lines += [f"      - {scalar(str(goal))}" for goal in _goals(milestone)]
    return lines


def _goals(milestone: Mapping[str, object]) -> Iterable[object]:
    goals = milestone["reach"]
    return goals if isinstance(goals, list) else []


def _traction(outline: Outline, milestones: Sequence[Mapping[str, object]]) -> list[str]:
    if outline.star is None or not milestones:
        return []
    others = [name for name in outline.told if name != outline.star.metric]
    body: dict[str, Plain] = {"audience": "investors", "headline": outline.star.metric}
    body |= {"supports": others} if others else {}
    return ["traction:", f"  - {flow({**body, 'period': '12 months', 'cadence': 'month'})}"]


def asked(text: str) -> tuple[str, ...]:
    """What a text asks, each once, in order; a question that goes over several lines is one."""
    found: list[str] = []
    going = False
    for line in text.splitlines():
        before, mark, words = line.partition(ASK)
        if mark:
            found.append(words.strip())
        elif going and line.strip().startswith("# "):
            found[-1] = f"{found[-1]} {line.strip()[2:]}"
        going = line.strip().startswith("#") and (not before.strip() if mark else going)
    return tuple(dict.fromkeys(found))


def without_ask(text: str, path: Sequence[Step]) -> str:
    """Without the question on the line of a key that was answered, or of the one that it stands in."""
    keys = [str(step) for step in path if isinstance(step, str)]
    lines = text.split("\n")
    for n, line in enumerate(lines):
        if ASK in line and line.strip().startswith(tuple(f"{scalar(key)}:" for key in keys[-2:])):
            lines[n] = line.partition(ASK)[0].rstrip()
    return "\n".join(lines)


def notes_of(outline: Outline, tables: Tables) -> tuple[Note, ...]:
    """All that was found, guessed and is asked."""
    return (*tables.notes, *(note for _, part in outline.parts for note in part.notes), *outline.notes)
