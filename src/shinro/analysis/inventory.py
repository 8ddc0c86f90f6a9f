"""Inventory: every KPI in use -> what it is for, and why: by the tree, by who owns it, by the signs of vanity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from shinro.analysis.listed import Lines, lines_of
from shinro.analysis.targets import metric_of
from shinro.checks.facts import Facts
from shinro.checks.vanity import VANITY, signs
from shinro.checks.worth import is_cumulative, is_work
from shinro.definitions.project import Project
from shinro.definitions.story import Milestone
from shinro.definitions.tree import below, explained_by, influenced_by, measured_from, tied
from shinro.findings.inventory import Inventory, Item, Listed, Reason, Sort

ORDER = list(Sort)


def inventory(facts: Facts, listed: Sequence[Listed] = (), file: str = "") -> Inventory:
    """The KPIs of a list, or all that the project knows, sorted. Cost: linear in the project, times the list's rows."""
    if not file:
        items = tuple(of_metric(facts, metric) for metric in in_use(facts.project, facts.meanings))
        return Inventory(_in_order(items), (), facts.series is not None)
    lines = lines_of(facts.project, listed)
    items = tuple(_of_line(facts, lines, each) for each in listed)
    named = {item.metric for item in items}
    missing = tuple(str(kpi) for kpi in facts.project.kpis if str(kpi) not in named and str(kpi) in facts.meanings)
    return Inventory(_in_order(items), missing, facts.series is not None, file)


def _in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: ORDER.index(item.sort)))


def in_use(project: Project, known: Iterable[str]) -> tuple[str, ...]:
    """The metrics that a company looks at: all but parts of recurring or followed ones that the project never names."""
    named = {str(kpi) for kpi in project.kpis} | _spoken(project)
    return tuple(metric for metric in known if "." not in metric or metric in named)


def _spoken(project: Project) -> frozenset[str]:
    """Parts that the star, the tree, influences, milestones, targets and traction speak of."""
    star = project.star
    found = {str(ref) for ref in ((star.metric, star.guardrail, *star.outcomes) if star else ()) if ref}
    graphs = (explained_by(project), influenced_by(project))
    found |= {end for graph in graphs for top, drivers in graph.items() for end in (top, *drivers)}
    found |= {metric for each in project.milestones for metric in _asked(each)}
    found |= {str(target) for target in project.targets}
    found |= {str(ref) for told in project.traction for ref in (told.headline, *told.supports)}
    return frozenset(found)


def _asked(milestone: Milestone) -> frozenset[str]:
    """The metrics whose levels a milestone asks for."""
    return frozenset(metric_of(goal.condition) for goal in milestone.reach if goal.condition)


def of_metric(facts: Facts, metric: str, listed: Listed | None = None) -> Item:
    """What a metric of the project is for, and why. Law: every metric has one sort, and at least one reason."""
    project = facts.project
    sort, reasons = _sorted(facts, metric)
    kpi = project.kpi(metric)
    owners = tuple(map(str, kpi.owner)) if kpi else ()
    more = _of_the_list(owners, listed) if listed else ()
    name = listed.name if listed else metric
    return Item(name, sort, (*reasons, *more), metric, listed, owners, project.department_of(metric))


def _of_the_list(owners: Sequence[str], listed: Listed) -> tuple[Reason, ...]:
    """Where the list names another owner than the project."""
    same = any(listed.owner in owner or owner in listed.owner for owner in owners)  # 佐藤 is 佐藤 美咲
    if listed.owner and owners and not same:
        return (Reason("other_owner", {"owner": listed.owner, "owners": ", ".join(owners)}),)
    return ()


def _sorted(facts: Facts, metric: str) -> tuple[Sort, tuple[Reason, ...]]:
    project, star = facts.project, facts.project.star
    found = signs(facts, metric)
    if star and metric == str(star.metric):
        return Sort.STAR, (Reason("star"),)
    if star and metric in map(str, star.outcomes):
        return Sort.OUTCOME, (Reason("outcome"),)
    if star and metric == str(star.guardrail):
        return Sort.GUARDRAIL, (Reason("guardrail"),)
    if is_cumulative(project, metric):
        return Sort.DROP, (Reason("cumulative"),)
    tying = _ties(project, metric)
    if tying:
        return Sort.DRIVER, tying
    if metric in tied(project) and _is_owned(project, metric):
        return Sort.DEPARTMENT, (_meeting(project, metric),)
    used = tuple(_uses(project, metric))
    if used:
        return Sort.WATCH, used
    return _loose(facts, metric, len(found))


def _loose(facts: Facts, metric: str, vain: int) -> tuple[Sort, tuple[Reason, ...]]:
    """A metric that nothing ties: watched while somebody answers for it, dropped where nobody does, or it is vain.

    Without a star nothing can be tied: all is watched until there is one.
    """
    project = facts.project
    if project.star is None:
        return Sort.WATCH, (Reason("no_star"),)
    work = (Reason("work"),) if is_work(project, metric) else ()
    vanity = (Reason("vain", {"score": vain}),) if vain >= VANITY else ()
    if not _is_owned(project, metric):
        return Sort.DROP, (Reason("nobody"), *work, *vanity)
    return (Sort.DROP if vanity else Sort.WATCH), (Reason("untied"), *work, *vanity)


def _is_owned(project: Project, metric: str) -> bool:
    kpi = project.kpi(metric)
    return bool(kpi and kpi.owner) or project.department_of(metric) is not None


def _ties(project: Project, metric: str) -> tuple[Reason, ...]:
    """How a metric drives the star: in its tree, or through an influence."""
    if project.star is None:
        return ()
    star = str(project.star.metric)
    trees, influences = explained_by(project), influenced_by(project)
    if metric in below([star], trees):
        return (Reason("in_tree", {"top": star}),)
    if metric in below([star], trees, influences):
        tops = [top for top, drivers in influences.items() if metric in drivers]
        return (Reason("influence", {"top": tops[0] if tops else star}),)
    return ()


def _meeting(project: Project, metric: str) -> Reason:
    """How a metric that drives nothing is tied: it is computed into what is, or it meets the star at an outcome."""
    tops = [top for top, inputs in measured_from(project).items() if metric in inputs and top in tied(project)]
    return Reason("into", {"top": tops[0]}) if tops else Reason("tied")


def _uses(project: Project, metric: str) -> Iterator[Reason]:
    """What an untied or unowned metric is read for, all the same."""
    tops = [top for top, inputs in measured_from(project).items() if metric in inputs]
    tops += [top for top, drivers in explained_by(project).items() if metric in drivers and top not in tops]
    if tops:
        yield Reason("part", {"top": tops[0]})
    titles = [each.title for each in project.milestones if metric in _asked(each)]
    if titles:
        yield Reason("milestone", {"title": titles[0]})
    if any(metric in map(str, (told.headline, *told.supports)) for told in project.traction):
        yield Reason("told")
    if metric in tied(project):
        yield Reason("unowned")


def _of_line(facts: Facts, lines: Lines, listed: Listed) -> Item:
    """A row of a list: the project's own sort where it defines it; else by its words, formula and owner."""
    first = lines.repeated.get(listed.row)
    metric = lines.metrics.get(listed.row)
    if first is not None:
        return Item(
            listed.name, Sort.DROP, (Reason("repeats", {"first": first.name, "row": first.row}),), metric, listed
        )
    if metric is not None:
        return of_metric(facts, metric, listed)
    sort, reasons = lines.judged(listed)
    owners = (listed.owner,) if listed.owner else ()
    return Item(listed.name, sort, reasons, None, listed, owners, listed.department or None)
