"""Changes: a milestone, an initiative, a KPI or a target put into the text of a project; all else stays as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shinro.definitions.project import Project, ref
from shinro.definitions.values import Name
from shinro.definitions.writing import Plain, add_item, set_value
from shinro.drafts.text import without_ask
from shinro.problems import CannotGoOn, Listed, Place, problem


def with_milestone(text: str, project: Project, name: str, by: str, reach: Sequence[str]) -> str:
    """One more milestone. Raises CannotGoOn where one is called so already."""
    for milestone in project.milestones:
        if milestone.title == name:
            raise CannotGoOn([problem("S105", Place(milestone.place.path), key=name, first=str(milestone.place))])
    return add_item(text, ["milestones"], {"id": name, "by": by, "reach": list(reach)})


def with_initiative(text: str, body: Mapping[str, str]) -> str:
    """One more initiative: its name, when, what it moves and by how much, whose, what it costs."""
    return add_item(text, ["initiatives"], _filled(body))


def with_kpi(text: str, project: Project, metric: str, body: Mapping[str, str], department: str = "") -> str:
    """A KPI, or what is given of one that is there, and whose it is. Raises CannotGoOn for no such department.

    What a draft asks of it goes, once it has an owner and a decision.
    """
    values = _filled(body)
    known = project.kpis.get(ref(metric))
    if known is not None:
        for key, value in values.items():
            text = set_value(text, ["kpis", metric, key], value)
        if {"owner", "decides"} <= {*values, *known.places}:
            text = without_ask(text, ["kpis", metric, "owner"])
    else:
        text = set_value(text, ["kpis", metric], values)
    if not department:
        return text
    owner = project.departments.get(Name(department))
    if owner is None:
        there = ", ".join(map(str, project.departments)) or Listed.NOTHING
        raise CannotGoOn([problem("Q140", Place(""), case="department", name=department, known=there)])
    owned = any(str(each) == metric for each in owner.owns)
    return text if owned else add_item(text, ["departments", department, "owns"], metric)


def with_target(text: str, metric: str, body: Mapping[str, str], steps: Mapping[str, str]) -> str:
    """A metric's target: one level, a way from one to another, or steps; it replaces the one that is there."""
    values: dict[str, Plain] = dict(_filled(body))
    if steps:
        values["steps"] = dict(steps)
    only = values.get("level")
    return set_value(text, ["targets", metric], only if only is not None and len(values) == 1 else values)


def _filled(body: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in body.items() if value}
