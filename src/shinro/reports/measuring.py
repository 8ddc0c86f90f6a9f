"""Measuring: the normal form of a definition in the reader's words, as far as it says what is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from shinro.reports.readings import Telling

METRIC, TABLE = "metric", "table"  # the lines that a reader wants
NAMED = ("step", "column", "join")  # keys that a name follows


def measuring(metric: str, form: Mapping[str, str], telling: Telling) -> str:
    """`win_rate 比: won / closed; 受注数 (won) 件数: deals、条件: stage = '受注'; 表 deals 列 stage: フェーズ`.

    The metric itself first, whose label the reader has seen, then what it is measured from. What is written in the
    project stays as it is written.
    """
    found = [(*key.split(" ", 2), said) for key, said in form.items() if key.startswith((METRIC, TABLE))]
    own = metric.partition(".")[0]
    lines = sorted(found, key=lambda line: (line[0] != METRIC, line[1] != own, line[1]))
    return "; ".join(
        f"{name if name == own else _owner(kind, name, telling)} {telling.say('list.comma').join(_said(rest, telling))}"
        for (kind, name), rest in groupby(lines, key=lambda line: (line[0], line[1]))
    )


def _owner(kind: str, name: str, telling: Telling) -> str:
    if kind == TABLE:
        return telling.say("how.table", name=name)
    label = telling.label(name)
    return name if label == name else f"{label} ({name})"


def _said(lines: Iterator[tuple[str, ...]], telling: Telling) -> Iterator[str]:
    for _, _, key, said in lines:
        head, _, name = key.partition(" ")
        word = head if head in NAMED else key
        called = telling.say(f"how.{word}", name=name) if telling.words.knows(f"how.{word}") else key
        yield f"{called}: {said}"
