"""Listed: the rows of somebody's list of KPIs: which metric each is, which repeats another, what its words say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from shinro.checks.crowds import ACTIVE, CROWD, KEPT, PAYING
from shinro.checks.words import called, is_cumulative, is_revenue, is_workload, plain
from shinro.definitions.project import Project
from shinro.definitions.tree import below, explained_by, influenced_by
from shinro.findings.inventory import Listed, Reason, Sort

LEAST = 3  # characters of a name that may lose its 数: コール数 is コール
ALIKE = 0.86  # of a name beside another: `Reply rates` is `Reply rate`, `Win rate` is not
_OPERATORS = re.compile(r"[*/+=()\-×÷＊／＋−ー=＝（）]|(?<=\s)x(?=\s)")
_WORDY = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Lines:
    """A list read beside a project: rows by their number."""

    project: Project
    metrics: Mapping[int, str]  # rows that the project defines
    repeated: Mapping[int, Listed]  # rows that say again what an earlier one says
    inputs: Mapping[str, tuple[str, ...]]  # folded name -> folded names that its formula reads
    above: Mapping[str, str]  # folded name -> the star's or driver's name that its row is an input of

    def judged(self, listed: Listed) -> tuple[Sort, tuple[Reason, ...]]:
        """A row that the project does not define, by its words, its formula, its owner. Law: at least one reason."""
        words, name = plain(listed.name), folded(listed.name)
        if is_cumulative(words):
            return Sort.DROP, (Reason("cumulative"),)
        if name in self.above:
            return Sort.DRIVER, (Reason("in_formula", {"other": self.above[name]}),)
        if is_workload(words):
            return Sort.WATCH, (Reason("work"),)
        if CROWD.search(words) and not any(pattern.search(words) for pattern in (ACTIVE, KEPT, PAYING)):
            return Sort.WATCH, (Reason("crowd"),)
        if is_revenue(words):
            return Sort.OUTCOME, (Reason("revenue"),)
        if not (listed.owner or listed.department):
            return Sort.DROP, (Reason("nobody"),)
        reads = self.inputs.get(name, ())
        tying = (Reason("reads", {"other": reads[0]}),) if reads else ()
        return Sort.DEPARTMENT, (Reason("define"), *tying)


def folded(text: str) -> str:
    """A name as it is compared: NFKC, small, without space, brackets and counting words at its end."""
    words = plain(unicodedata.normalize("NFKC", text)).replace(" ", "")
    return words.removesuffix("数") if len(words) >= LEAST else words


def lines_of(project: Project, listed: Sequence[Listed]) -> Lines:
    """A list beside a project. Cost: rows times names."""
    names = _names(project)
    metrics = {each.row: metric for each in listed if (metric := _metric_of(each.name, names))}
    repeated: dict[int, Listed] = {}
    seen: dict[str, Listed] = {}
    for each in listed:
        key = metrics.get(each.row, "") or folded(each.name)
        if key in seen:
            repeated[each.row] = seen[key]
        else:
            seen[key] = each
    terms = {folded(each.name): each.name for each in listed} | names
    inputs = {folded(each.name): tuple(_read(each.formula, terms)) for each in listed if each.formula}
    return Lines(project, metrics, repeated, inputs, _above(project, listed, metrics, inputs))


def _names(project: Project) -> dict[str, str]:
    """Every name and label, folded -> its metric; what names two is left out."""
    found: dict[str, set[str]] = {}
    for metric in project.metrics:
        for words in {str(metric), *called(project, str(metric))}:
            found.setdefault(folded(words), set()).add(str(metric))
    return {name: next(iter(metrics)) for name, metrics in found.items() if name and len(metrics) == 1}


def _metric_of(name: str, names: Mapping[str, str]) -> str | None:
    words = folded(name)
    if words in names:
        return names[words]
    near = get_close_matches(words, names, 1, ALIKE)
    return names[near[0]] if near and _same_digits(words, near[0]) else None


def _same_digits(one: str, other: str) -> bool:
    """`Retention D7` is not `Retention D30`, however alike."""
    return re.findall(r"\d+", one) == re.findall(r"\d+", other)


def _read(formula: str, terms: Mapping[str, str]) -> Iterator[str]:
    """The names in a formula that the list or the project knows, folded."""
    for part in _OPERATORS.split(unicodedata.normalize("NFKC", formula)):
        if _WORDY.search(part) and folded(part) in terms:
            yield folded(part)


def _above(
    project: Project, listed: Sequence[Listed], metrics: Mapping[int, str], inputs: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Rows that are an input, by the list's own formulas, of the star or of what drives it, in however many steps."""
    if project.star is None:
        return {}
    driving = below([str(project.star.metric)], explained_by(project), influenced_by(project))
    tops = {folded(each.name): each.name for each in listed if metrics.get(each.row) in driving}
    found: dict[str, str] = {}
    waiting = list(tops)
    while waiting:
        top = waiting.pop()
        for name in inputs.get(top, ()):
            if name not in found and name not in tops:
                found[name] = tops.get(top) or found[top]
                waiting.append(name)
    return found
