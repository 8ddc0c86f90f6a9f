"""Ways on from a miss, as people write them: another date, another level, another lever.

```
way = "date" DAY | "level" CONDITION ["by"] DAY | "level" LEVEL | "lever" NAME ":" METRIC CHANGE | "stay"
```
Of a milestone a level is a condition with its day, of a KPI the level of its target.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from shinro.analysis.review_words import WORDS, Asked, NotUnderstood, Raw, day_of, metric_of, near, plain, wrong
from shinro.definitions.phrases import change, condition, level
from shinro.definitions.tokens import Mistake
from shinro.findings.reviews import Miss, Onward, Way

COLONS = re.compile(r"[:：]")
BY = re.compile(r"[\s　]+(?:by[\s　]+|期日[\s　]*)?([^\s　]+?)(?:まで(?:に)?)?$", re.IGNORECASE)


def onward(raw: Raw, miss: Miss, asked: Asked) -> Onward:
    """`date DAY`, `level CONDITION`, `lever NAME: METRIC CHANGE`, `stay`, in either language."""
    text = raw.text.strip()
    if plain(text) in WORDS["stay"]:
        return Onward(Way.STAY)
    for way, read in _WAYS.items():
        word = next((each for each in WORDS[way.value] if plain(text).startswith(each)), None)
        rest = text[len(word) :] if word else ""
        if word and rest[:1] in (" ", "　", ":", "："):
            body = rest.lstrip(" 　:：")
            place = raw.place.shifted(len(raw.text) - len(raw.text.lstrip()) + len(text) - len(body))
            try:
                return replace(read(Raw(body, place), miss, asked), place=place)
            except Mistake as mistake:
                raise NotUnderstood(mistake.problem) from None
    raise NotUnderstood(wrong(raw.place, "way", found=text))


def _dated(raw: Raw, _miss: Miss, asked: Asked) -> Onward:
    due = day_of(raw.text, asked.day)
    if due is None:
        raise NotUnderstood(wrong(raw.place, "due", found=raw.text))
    if due <= asked.day:
        raise NotUnderstood(wrong(raw.place, "past", found=raw.text, day=asked.day))
    return Onward(Way.DATE, date=due)


def _levelled(raw: Raw, miss: Miss, asked: Asked) -> Onward:
    """A condition of the milestone at another level, with its day; a bare level for a KPI's target."""
    if miss.is_kpi:
        level(raw.text, raw.place)
        return Onward(Way.LEVEL, condition=raw.text)
    cut = BY.search(raw.text)
    due = day_of(cut[1], asked.day) if cut else None
    if cut is None or due is None or due <= asked.day:
        raise NotUnderstood(wrong(raw.place, "level_day", found=raw.text))
    text = raw.text[: cut.start()]
    wanted = condition(text, raw.place)
    name = f"{wanted.metric}.{wanted.part}" if wanted.part else wanted.metric
    promised = [each.metric for each in miss.milestone.conditions] if miss.milestone else []
    if name not in promised:
        raise NotUnderstood(wrong(raw.place, "level", found=name, known=", ".join(dict.fromkeys(promised))))
    return Onward(Way.LEVEL, date=due, condition=text, metric=name)


def _levered(raw: Raw, _miss: Miss, asked: Asked) -> Onward:
    cut = COLONS.search(raw.text)
    body = raw.text[cut.end() :] if cut else ""
    metric, _, expect = body.strip().partition(" ")
    known = metric_of(metric, asked) if metric else None
    if not cut or not raw.text[: cut.start()].strip() or not expect:
        raise NotUnderstood(wrong(raw.place, "lever", found=raw.text))
    at = cut.end() + len(body) - len(body.lstrip())
    if known is None:
        raise NotUnderstood(wrong(raw.place.shifted(at), "metric", found=metric, near=near(metric, asked)))
    change(expect.strip(), raw.place.shifted(at + len(metric) + 1))
    return Onward(Way.LEVER, metric=known, expect=expect.strip(), name=raw.text[: cut.start()].strip())


_WAYS: Mapping[Way, Callable[[Raw, Miss, Asked], Onward]] = {
    Way.DATE: _dated,
    Way.LEVEL: _levelled,
    Way.LEVER: _levered,
}
