"""The inventory and the candidates for the star -> blocks, and plain values for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shinro.findings.inventory import Answer, Candidate, Candidates, Inventory, Item, Question, Reason, Sort, Trial
from shinro.reports.dates import day
from shinro.reports.readings import Telling, without_blanks
from shinro.reports.report import Block, Cell, Column, Heading, Line, Lines, Plain, Report, Table, Tone, lines
from shinro.series import State

COLUMNS = (
    Column("inventory.kpi", main=True),
    Column("inventory.metric"),
    Column("inventory.owner"),
    Column("inventory.why", main=True),
)
TONES: Mapping[Sort, Tone] = {Sort.STAR: "strong", Sort.DROP: State.BEHIND, Sort.WATCH: "quiet"}
ANSWERED: Mapping[Answer, Tone] = {Answer.YES: State.AHEAD, Answer.NO: State.BEHIND, Answer.ASK: "quiet"}
SIGNS = {Answer.YES: "✓", Answer.NO: "✗", Answer.ASK: "?"}
DETAILED = 3  # candidates whose tests are all shown; of the others the score


def inventory_report(found: Inventory, telling: Telling) -> Report:
    """Every KPI in use under what it is for, with the reason and the next move."""
    blocks: list[Block] = [Heading(_title(found, telling), 1)]
    if not found.items:
        blocks.append(lines(telling.say("inventory.none")))
    for sort in Sort:
        items = found.of(sort)
        if items:
            title = telling.say("inventory.sorted", sort=telling.say(f"inventory.sort.{sort.value}"), n=len(items))
            blocks += [Heading(title), _table(items, sort, telling), lines(telling.say(f"inventory.next.{sort.value}"))]
    blocks.append(Lines(tuple(_rest(found, telling))))
    return Report(telling.lang, tuple(block for block in blocks if block != Lines(())))


def _title(found: Inventory, telling: Telling) -> str:
    key = "inventory.title_file" if found.file else "inventory.title"
    return telling.say(key, file=found.file, n=len(found.items))


def _table(items: tuple[Item, ...], sort: Sort, telling: Telling) -> Table:
    columns = tuple(Column(telling.say(each.title), each.align, each.main, each.bare) for each in COLUMNS)
    return without_blanks(Table(columns, tuple(_row(item, TONES.get(sort), telling) for item in items)))


def _row(item: Item, tone: Tone, telling: Telling) -> tuple[Cell, ...]:
    name = item.name if item.listed else telling.label(item.name)
    metric = telling.label(item.metric) if item.listed and item.metric else ""
    owners = telling.say("list.comma").join(item.owners) or (item.department or "")
    return Cell(name, tone), Cell("" if metric == name else metric), Cell(owners), Cell(because(item, telling))


def because(item: Item, telling: Telling) -> str:
    """Why an item is sorted as it is, in sentences."""
    return telling.sentences(_reason(reason, telling) for reason in item.reasons)


def _reason(reason: Reason, telling: Telling) -> str:
    args = dict(reason.args)
    if "top" in args:
        args["top"] = telling.label(str(args["top"]))
    return telling.say(f"inventory.because.{reason.key}", **args)


def _rest(found: Inventory, telling: Telling) -> Iterator[Line]:
    if found.missing:
        yield Line(telling.say("inventory.missing", metrics=telling.labels(found.missing)))
    yield Line(telling.say("inventory.seen" if found.with_data else "inventory.unseen"), "quiet")


def inventory_json(found: Inventory, telling: Telling) -> Plain:
    """Every item with its sort, the keys of its reasons, and the sentences."""
    return {
        "file": found.file or None,
        "items": [_item(item, telling) for item in found.items],
        "missing": list(found.missing),
        "with_data": found.with_data,
    }


def _item(item: Item, telling: Telling) -> Plain:
    return {
        "name": item.name,
        "row": item.listed.row if item.listed else None,
        "metric": item.metric,
        "sort": item.sort.value,
        "reasons": [reason.key for reason in item.reasons],
        "because": because(item, telling),
        "owners": list(item.owners),
        "department": item.department,
    }


def candidates_report(found: Candidates, telling: Telling) -> Report:
    """Candidates with their scores, the best first, and each test of the first ones."""
    blocks: list[Block] = [Heading(telling.say("candidates.title", day=day(found.as_of, telling.lang)), 1)]
    if not found.found:
        blocks.append(lines(telling.say("candidates.none")))
        return Report(telling.lang, tuple(blocks))
    blocks.append(_scores(found, telling))
    shown = [each for n, each in enumerate(found.found) if n < DETAILED or each.is_star]
    for each in shown:
        blocks += [Heading(telling.label(each.metric)), Lines(tuple(_tests(each, telling)))]
    blocks.append(Lines(tuple(_closing(found, telling))))
    return Report(telling.lang, tuple(blocks))


def _scores(found: Candidates, telling: Telling) -> Table:
    titles = [telling.say(f"candidates.question.{question.value}") for question in Question]
    columns = (
        Column(telling.say("candidates.metric"), main=True),
        Column(telling.say("candidates.total"), "right", main=True),
        *(Column(title, "right") for title in titles),
        Column(telling.say("candidates.remark")),
    )
    return without_blanks(Table(columns, tuple(_score(each, telling) for each in found.found)))


def _score(each: Candidate, telling: Telling) -> tuple[Cell, ...]:
    tone: Tone = State.BEHIND if each.barred else "strong" if each.is_star else None
    barred = [telling.say(f"candidates.barred.{reason}") for reason in each.barred]
    remark = barred or ([telling.say("candidates.is_star")] if each.is_star else [])
    cells = [Cell(_of(each.score(question))) for question in Question]
    joined = telling.say("list.comma").join(remark)
    return Cell(telling.label(each.metric), tone), Cell(_of(each.total)), *cells, Cell(joined, tone)


def _of(score: tuple[int, int]) -> str:
    passed, asked = score
    return f"{passed}/{asked}" if asked else "–"


def _tests(each: Candidate, telling: Telling) -> Iterator[Line]:
    for question in Question:
        yield Line(telling.say(f"candidates.question.{question.value}"), "strong")
        for trial in each.of(question):
            yield Line(f"{SIGNS[trial.answer]} {test(trial, telling)}", ANSWERED[trial.answer], indent=2)


def test(trial: Trial, telling: Telling) -> str:
    """One test and how it came out, in a sentence."""
    args = dict(trial.args)
    if args.get("top"):
        args["top"] = telling.label(str(args["top"]))
    if "departments" in args:
        names = [telling.department(name) for name in str(args["departments"]).split(", ") if name]
        args["departments"] = telling.say("list.comma").join(names)
    if "department" in args:
        args["department"] = telling.department(str(args["department"]))
    return telling.say(f"candidates.test.{trial.key}.{trial.answer.value}", **args)


def _closing(found: Candidates, telling: Telling) -> Iterator[Line]:
    yield Line(_first(found, telling))
    for metric, why in found.unmeasured:
        yield Line(f"{telling.label(metric)}: {telling.say(why, metrics=metric)}", "quiet")
    yield Line(telling.say("candidates.people"), "quiet")


def _first(found: Candidates, telling: Telling) -> str:
    """Which candidates come out first, of those that can be a North Star at all."""
    best = found.first
    if not best:
        return telling.say("candidates.all_barred")
    field = telling.say(f"candidates.field.{'free' if any(each.barred for each in found.found) else 'all'}")
    if len(best) > 1:
        return telling.say("candidates.alike", metrics=telling.labels(each.metric for each in best), field=field)
    starred = any(each.is_star for each in found.found)
    key = "star_first" if best[0].is_star else "other_first" if starred else "first"
    return telling.say(f"candidates.{key}", metric=telling.label(best[0].metric), field=field)


def candidates_json(found: Candidates, telling: Telling) -> Plain:
    """Every candidate with every test."""
    return {"as_of": found.as_of.isoformat(), "candidates": [_candidate(each, telling) for each in found.found]}


def _candidate(each: Candidate, telling: Telling) -> Plain:
    return {
        "metric": each.metric,
        "label": telling.label(each.metric),
        "is_star": each.is_star,
        "barred": list(each.barred),
        "score": {question.value: list(each.score(question)) for question in Question},
        "total": list(each.total),
        "tests": [
            {
                "question": trial.question.value,
                "test": trial.key,
                "answer": trial.answer.value,
                "says": test(trial, telling),
            }
            for trial in each.trials
        ],
    }
