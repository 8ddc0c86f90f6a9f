"""Story -> the sections of its page, in the story's language."""

from __future__ import annotations

from collections.abc import Sequence

from shinro.reports.faces import badge_face, card_face, dotted, said
from shinro.reports.figures import figure
from shinro.reports.markup import Markup, joined, sentence, tag
from shinro.reports.parts import Aim, Branch, Card, Concern, Effort, Fix, Group, Stage, Story
from shinro.reports.pictures import bar, spark
from shinro.reports.plan_section import plan
from shinro.reports.why import ahead, leads, odds, seen, why
from shinro.reports.words import Words

WORST = 3  # problems that are shown at once
OUTLINE = 4  # a tree deeper than this is an outline everywhere


def article(story: Story, drawings: Sequence[str], words: Words) -> Markup:
    """The whole story; a drawing for each of its charts, in order."""
    sections = (
        ("now", "story.now", _concerns(story, words)),
        ("why", "story.why", why(story, words)),
        ("questions", "status.questions", _replies(story)),
        ("tree", "story.tree", _trees(story, words)),
        ("leads", "story.leads", leads(story, words)),
        ("departments", "story.departments", _departments(story, words)),
        ("trends", "story.trends", _charts(story, drawings[: len(story.charts)], words)),
        ("milestones", "story.milestones", joined(_stages(story, words), ahead(story, drawings, words))),
        ("plan", "story.plan", plan(story, words)),
        ("initiatives", "story.initiatives", joined(_efforts(story, words), seen(story, drawings, words))),
        ("problems", "story.problems", _fixes(story, words)),
        ("data", "story.data", _data(story, words)),
    )
    titles = [(f"{story.lang}-{name}", words.say(key)) for name, key, _ in sections]
    links = [tag("li", tag("a", title, href=f"#{at}")) for at, title in titles]
    return tag(
        "article",
        _head(story, words),
        tag("nav", tag("ul", *links), aria_label=words.say("story.contents")),
        *(_section(at, title, body) for (at, title), (_, _, body) in zip(titles, sections, strict=True)),
        lang=story.lang,
        class_=f"only-{story.lang}",
    )


def _section(at: str, title: str, body: Markup) -> Markup:
    heading = f"{at}-title"
    return tag("section", tag("h2", title, id=heading), body, id=at, aria_labelledby=heading)


def _head(story: Story, words: Words) -> Markup:
    picture = tag("p", story.picture, class_="picture") if story.picture else _empty("story.no_picture", words)
    dates = " · ".join(filter(None, (story.span, words.say("story.as_of", day=story.as_of))))
    return tag(
        "div",
        tag(
            "div",
            tag("h1", story.title),
            tag("p", words.say("story.picture"), class_="over"),
            picture,
            tag("p", dates, class_="quiet"),
            _ahead(story.ahead, words) if story.ahead else None,
            class_="vision",
        ),
        _star(story, words),
        class_="head",
    )


def _ahead(stage: Stage, words: Words) -> Markup:
    """The next milestone in two lines."""
    aims = [tag("li", tag("span", aim.text), badge_face(aim.badge)) for aim in stage.aims]
    return tag(
        "div",
        tag("p", words.say("story.ahead"), class_="over"),
        tag("p", tag("span", stage.title, class_="name"), " ", tag("span", stage.when, class_="quiet")),
        tag("ul", *aims),
        class_="ahead-of-us",
    )


def _star(story: Story, words: Words) -> Markup:
    if story.star is None:
        return tag("div", _empty("status.no_star", words), class_="star card")
    return tag(
        "div",
        tag("p", words.say("status.star"), class_="over"),
        card_face(story.star, words, big=True),
        tag("p", story.meaning, class_="quiet meaning") if story.meaning else None,
        _guardrail(story.guardrail, words) if story.guardrail else None,
        class_="star card",
    )


def _guardrail(card: Card, words: Words) -> Markup:
    return tag("div", card_face(card, words), class_="guardrail")


def _empty(key: str, words: Words) -> Markup:
    return tag("p", sentence(words.say(key)), class_="empty")


def _concerns(story: Story, words: Words) -> Markup:
    if not story.concerns:
        return tag("p", story.calm, class_="empty")
    return tag("ul", *(_concern(each, words) for each in story.concerns), class_="grid")


def _concern(concern: Concern, words: Words) -> Markup:
    card = concern.card
    return tag(
        "li",
        card_face(card, words),
        tag("p", sentence(concern.doing), class_="doing"),
        tag("p", words.say("story.decides", what=card.decides), class_="quiet") if card.decides else None,
        class_=f"card {card.badge.tone if card.badge else ''}",
    )


def _replies(story: Story) -> Markup:
    return tag("ol", *(_reply(each.asks, each.says, fine=each.fine) for each in story.replies), class_="replies")


def _reply(asks: str, says: str, *, fine: bool) -> Markup:
    shape = tag("span", "✓" if fine else "!", class_="reached" if fine else "behind", aria_hidden="true")
    return tag("li", tag("h3", asks), tag("p", shape, " ", sentence(says)))


def _trees(story: Story, words: Words) -> Markup:
    if not story.trees:
        return _empty("status.no_star", words)
    return joined(
        tag("p", words.say("story.tree_says"), class_="lead"),
        *(tag("ul", _branch(tree, words, top=True), class_=_form(tree)) for tree in story.trees),
    )


def _form(tree: Branch) -> str:
    deep = _depth(tree)
    return f"tree depth-{deep}" if deep <= OUTLINE else "tree deep"


def _depth(tree: Branch) -> int:
    return 1 + max(map(_depth, tree.drivers), default=0)


def _branch(branch: Branch, words: Words, *, top: bool = False) -> Markup:
    tone = branch.brought.tone if branch.brought and not top else ""
    classes = " ".join(filter(None, ("card node", "top" if top else "", "believed" if branch.believed else "", tone)))
    edge = tag("p", f"⇢ {branch.edge}", class_="edge") if branch.believed else None
    again = tag("p", words.say("story.again"), class_="quiet") if branch.again else None
    part = branch.brought
    brought = tag("p", words.say("story.brought", amount=part.amount), class_=f"brought {part.tone}") if part else None
    formula = tag("p", f"= {branch.formula}", class_="formula") if branch.formula else None
    node = tag(
        "div",
        edge,
        card_face(branch.card, words, sign="" if branch.believed else branch.edge),
        brought,
        formula,
        again,
        class_=classes,
    )
    below = tag("ul", *(_branch(each, words) for each in branch.drivers)) if branch.drivers else None
    return tag("li", node, below, class_="believed" if branch.believed else None)


def _departments(story: Story, words: Words) -> Markup:
    if not story.departments:
        return _empty("story.no_departments", words)
    groups = list(story.departments)
    if story.segments:
        groups.append(Group(words.say("status.segments"), story.segments))
    return tag("div", *(_group(each, words) for each in groups), class_="groups")


def _group(group: Group, words: Words) -> Markup:
    return tag("div", tag("h3", group.title), tag("ul", *(_row(each, words) for each in group.cards), class_="rows"))


def _row(card: Card, words: Words) -> Markup:
    who = [words.say("story.owner", name=card.owner) if card.owner else ""]
    who += [words.say("story.decides", what=card.decides) if card.decides else ""]
    facts = [words.say("story.target", level=card.target) if card.target else "", card.period]
    facts += [words.say("story.before", value=card.before) if card.before else "", card.pace]
    return tag(
        "li",
        tag("div", tag("p", card.label, class_="name"), tag("p", *dotted(who), class_="facts"), class_="whose"),
        tag("p", said(card.value, card.badge), class_="number"),
        tag("p", badge_face(card.badge) if card.badge else None, class_="state"),
        tag("p", *dotted(facts), class_="facts"),
        spark(card.spark),
    )


def _charts(story: Story, drawings: Sequence[str], words: Words) -> Markup:
    if not story.charts:
        return _empty("story.no_trends", words)
    figures = [
        figure(chart, drawing, f"{story.lang}-chart-{n}", words)
        for n, (chart, drawing) in enumerate(zip(story.charts, drawings, strict=True))
    ]
    return tag("div", *figures, class_="charts")


def _stages(story: Story, words: Words) -> Markup:
    if not story.stages:
        return _empty("status.no_milestones", words)
    items = [_point(words.say("story.began"), story.began, "began")] if story.began else []
    items += [_stage(stage, words) for stage in story.stages if stage.past]
    items.append(_point(words.say("story.today"), story.as_of, "today"))
    items += [_stage(stage, words) for stage in story.stages if not stage.past]
    return tag("ol", *items, class_="line")


def _point(name: str, day: str, kind: str) -> Markup:
    return tag("li", tag("p", name, class_="name"), tag("p", day, class_="quiet"), class_=f"point {kind}")


def _stage(stage: Stage, words: Words) -> Markup:
    aims = [_aim(each, words) for each in stage.aims]
    return tag(
        "li",
        tag("h3", stage.title),
        tag("p", stage.when, class_="quiet"),
        tag("p", badge_face(stage.badge), " ", stage.early, class_="state"),
        odds(stage.odds, words),
        tag("ul", *aims, class_="aims") if aims else _empty("milestone.no_conditions", words),
        class_=f"stage {stage.badge.tone}",
    )


def _aim(aim: Aim, words: Words) -> Markup:
    facts = [words.say("story.expected", level=aim.expected) if aim.expected else ""]
    facts += [words.say("story.progress", share=aim.covered) if aim.covered else "", aim.period]
    return tag(
        "li",
        tag("p", aim.text, class_="name"),
        tag(
            "p",
            tag("span", aim.value, class_="value") if aim.value != aim.badge.word else None,
            badge_face(aim.badge),
            class_="number",
        ),
        bar(aim.progress, aim.badge.tone),
        tag("p", *dotted(facts), class_="facts"),
        tag("p", aim.why, class_="facts") if aim.why else None,
    )


def _efforts(story: Story, words: Words) -> Markup:
    if not story.efforts:
        return _empty("story.no_initiatives", words)
    return tag("ul", *(_effort(each, words) for each in story.efforts), class_="grid")


def _effort(effort: Effort, words: Words) -> Markup:
    facts = (
        ("story.when", effort.when),
        ("story.moves", effort.moves),
        ("story.expect", effort.expect),
        ("status.owner", effort.owner),
        ("story.cost", effort.cost),
        ("effect.verdict", effort.effect),
        ("story.verdict", effort.verdict),
    )
    pairs = [joined(tag("dt", words.say(key)), tag("dd", text)) for key, text in facts if text]
    state = tag("p", effort.moves, " ", badge_face(effort.badge), class_="state") if effort.badge else None
    return tag(
        "li",
        tag("p", effort.phase, class_="over"),
        tag("h3", effort.name),
        tag("dl", *pairs),
        state,
        class_="card",
    )


def _fixes(story: Story, words: Words) -> Markup:
    if not story.fixes:
        return tag("p", words.say("problems.none"), class_="empty")
    first, others = story.fixes[:WORST], story.fixes[WORST:]
    rest = tag("summary", words.plural("story.more_fixes", len(others)))
    return joined(
        tag("ul", *map(_fix, first), class_="fixes"),
        tag("details", rest, tag("ul", *map(_fix, others), class_="fixes")) if others else None,
    )


def _fix(fix: Fix) -> Markup:
    return tag(
        "li",
        tag("p", badge_face(fix.badge), " ", tag("span", f"{fix.code} · {fix.place}", class_="quiet"), class_="state"),
        tag("p", sentence(fix.says)),
        tag("p", "→ ", sentence(fix.following), class_="next") if fix.following else None,
    )


def _data(story: Story, words: Words) -> Markup:
    lead = tag("p", words.say("story.data_says", day=story.as_of), class_="lead")
    missing = [tag("p", sentence(each), class_="quiet") for each in story.unmeasured]
    if not story.sheets:
        return joined(_empty("status.no_data", words), *missing)
    keys = ("table", "source", "until", "rows", "rejected", "files")
    head = tag("tr", *(tag("th", words.say(f"story.{key}"), scope="col") for key in keys))
    rows = [
        tag(
            "tr",
            tag("th", sheet.table, scope="row"),
            *(tag("td", cell) for cell in (sheet.source, sheet.until, sheet.rows, sheet.rejected, sheet.files)),
        )
        for sheet in story.sheets
    ]
    table = tag("table", tag("thead", head), tag("tbody", *rows), class_="sheets")
    return joined(
        lead,
        tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=words.say("story.table")),
        *missing,
    )
