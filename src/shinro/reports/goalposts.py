"""Moved goalposts: the targets that stood before, each with the day until which it held."""

from __future__ import annotations

from collections.abc import Iterator

from shinro.definitions.formers import NO_TARGET
from shinro.reports.dates import day
from shinro.reports.readings import Telling


def moved_goalposts(telling: Telling) -> Iterator[str]:
    """Every former target in a sentence, in the order written."""
    for metric, target in telling.project.targets.items():
        for former in target.before:
            key = "back.kept_none" if former.was == NO_TARGET else "back.kept"
            kept = {"before": former.was, "until": day(former.until, telling.lang)}
            yield telling.say(key, metric=telling.label(str(metric)), **kept)
        if target.before and target.is_blank:
            until = day(target.before[-1].until, telling.lang)
            yield telling.say("back.ended", metric=telling.label(str(metric)), until=until)
