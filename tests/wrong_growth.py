"""Wrong growth metrics on purpose, as in `wrong_projects`: what is wrong -> the text, a code, its line."""

from __future__ import annotations

from wrong_projects import metric

GROWTH: dict[str, tuple[str, str, int]] = {
    "active: window of no days": (metric("  a: {active: leads, within: 0 days}"), "Q148", 14),
    "active: negative window": (metric("  a: {active: leads, within: -3 days}"), "Q112", 14),
    "active: window in hours": (metric("  a: {active: leads, within: 5 hours}"), "Q148", 14),
    "active: window in words": (metric("  a: {active: leads, within: long}"), "Q112", 14),
    "active: window list": (metric("  a: {active: leads, within: [7 days]}"), "S113", 14),
    "active: window mapping": (metric("  a: {active: leads, within: {days: 7}}"), "S113", 14),
    "active: window number": (metric("  a: {active: leads, within: 28}"), "Q112", 14),
    "active: huge window": (metric("  a: {active: leads, within: 99999999 days}"), "Q112", 14),
    "active: window null": (metric("  a: {active: leads, within: }"), "S115", 14),
    "active: at_least 0": (metric("  a: {active: leads, at_least: 0}"), "Q148", 14),
    "active: at_least negative": (metric("  a: {active: leads, at_least: -2}"), "Q148", 14),
    "active: at_least 2.5": (metric("  a: {active: leads, at_least: 2.5}"), "Q148", 14),
    "active: at_least percent": (metric("  a: {active: leads, at_least: 5%}"), "Q148", 14),
    "active: at_least yen": (metric("  a: {active: leads, at_least: 3円}"), "Q148", 14),
    "active: at_least per": (metric("  a: {active: leads, at_least: 3 per week}"), "Q148", 14),
    "active: at_least word": (metric("  a: {active: leads, at_least: many}"), "Q109", 14),
    "active: unknown table": (metric("  a: {active: leadz}"), "T201", 14),
    "active: a metric, not a table": (metric("  a: {active: calls}"), "T201", 14),
    "active: table without entity": (metric("  a: {active: deals}"), "Q154", 14),
    "active: table without time": (metric("  a: {active: customers}"), "Q154", 14),
    "active: with steps": (metric("  a: {active: leads, steps: {x: channel = 'a'}}"), "S131", 14),
    "active: with to": (metric("  a: {active: leads, to: won}"), "S131", 14),
    "active: with after": (metric("  a: {active: leads, after: 7 days}"), "S131", 14),
    "active: with at": (metric("  a: {active: leads, at: closed}"), "S131", 14),
    "active: two ways": (metric("  a: {active: leads, count: leads}"), "S124", 14),
    "active: empty": (metric("  a: {active: }"), "S115", 14),
    "active: unknown part": (metric("  a: {active: leads}", "  b: {ratio: a.nww / leads}"), "T201", 15),
    "retention: no after": (metric("  r: {retention: leads}"), "S112", 14),
    "retention: after 90 minutes": (metric("  r: {retention: leads, after: 90 minutes}"), "Q152", 14),
    "retention: after 1 year": (metric("  r: {retention: leads, after: 1 year}"), "Q152", 14),
    "retention: after 0": (metric("  r: {retention: leads, after: 0 days}"), "Q152", 14),
    "retention: after word": (metric("  r: {retention: leads, after: soon}"), "Q112", 14),
    "retention: until before after": (metric("  r: {retention: leads, after: 30 days, until: 7 days}"), "Q152", 14),
    "retention: until same": (metric("  r: {retention: leads, after: 7 days, until: 7 days}"), "Q152", 14),
    "retention: until other unit": (metric("  r: {retention: leads, after: 1 month, until: 60 days}"), "Q152", 14),
    "retention: until alone": (metric("  r: {retention: leads, until: 7 days}"), "S112", 14),
    "retention: until and on or after": (
        metric(
            "  r: {retention: leads, after: 7 days, until: 9 days, counted: on or after}",
        ), "Q152", 14,
    ),
    "retention: counted unknown": (metric("  r: {retention: leads, after: 7 days, counted: after}"), "S114", 14),
    "retention: cohort unknown": (metric("  r: {retention: leads, after: 7 days, cohort: all}"), "S114", 14),
    "retention: no entity": (metric("  r: {retention: deals, after: 7 days}"), "Q154", 14),
    "retention: with within": (metric("  r: {retention: leads, after: 7 days, within: 3 days}"), "S131", 14),
    "retention: with steps": (metric("  r: {retention: leads, after: 7 days, steps: {a: channel = 'x'}}"), "S131", 14),
    "retention: with strict": (metric("  r: {retention: leads, after: 7 days, strict: yes}"), "S131", 14),
    "retention: huge after": (metric("  r: {retention: leads, after: 999999999999 months}"), "Q112", 14),
    "retention: with at_least": (metric("  r: {retention: leads, after: 7 days, at_least: 2}"), "S131", 14),
    "retention: unknown column key": (metric("  r: {retention: leads, aftr: 7 days}"), "S112", 14),
    "funnel: no steps": (metric("  f: {funnel: contacts, within: 7 days}"), "S112", 14),
    "funnel: one step": (metric("  f: {funnel: contacts, within: 7 days, steps: {call: kind = 'call'}}"), "Q154", 14),
    "funnel: steps empty": (metric("  f: {funnel: contacts, within: 7 days, steps: {}}"), "Q154", 14),
    "funnel: steps list": (
        metric(
            "  f: {funnel: contacts, within: 7 days, steps: [kind = 'call', kind = 'meeting']}",
        ), "Q154", 14,
    ),
    "funnel: steps list of maps": (
        metric(
            "  f:",
            "    funnel: contacts",
            "    within: 7 days",
            "    steps:",
            "      - call: kind = 'call'",
            "      - meet: kind = 'meeting'",
        ), "Q154", 18,
    ),
    "funnel: steps text": (metric("  f: {funnel: contacts, within: 7 days, steps: call then meeting}"), "Q154", 14),
    "funnel: step twice": (
        metric(
            "  f: {funnel: contacts, within: 7 days, steps: {call: kind = 'call', call: kind = 'meeting'}}",
        ), "Q154", 14,
    ),
    "funnel: step called as a part of another": (
        metric(
            "  f: {funnel: contacts, within: 7 days, steps: {call: kind = 'c', met: kind = 'x', met_rate: kind = 'y'}}",
        ), "Q154", 14,
    ),
    "funnel: parts of two steps called alike": (
        metric(
            "  f: {funnel: contacts, within: 7 days, steps: {call: kind = 'c', met_mean: kind = 'x', met: kind = 'y'}}",
        ), "Q154", 14,
    ),
    "funnel: step name bad": (
        metric(
            "  f: {funnel: contacts, within: 7 days, steps: {1st: kind = 'call', b: kind = 'x'}}",
        ), "Q154", 14,
    ),
    "funnel: step broken": (
        metric(
            "  f: {funnel: contacts, within: 7 days, steps: {call: kind =, b: kind = 'x'}}",
        ), "Q154", 14,
    ),
    "funnel: step empty": (
        metric(
            "  f: {funnel: contacts, within: 7 days, steps: {call: , b: kind = 'x'}}",
        ), "Q154", 14,
    ),
    "funnel: step ends in rate": (
        metric(
            "  f: {funnel: contacts, within: 7 days, steps: {a: kind = 'x', b: kind = 'y', b_rate: kind = 'z'}}",
        ), "Q154", 14,
    ),
    "funnel: strict word": (
        metric(
            "  f: {funnel: contacts, within: 7 days, strict: maybe, steps: {call: kind = 'c', meet: kind = 'm'}}",
        ), "S114", 14,
    ),
    "funnel: excludes broken": (
        metric(
            "  f: {funnel: contacts, within: 7 days, excludes: kind, steps: {call: kind = 'c', meet: kind = 'm'}}",
        ), "Q130", 14,
    ),
    "funnel: with counted": (
        metric(
            "  f: {funnel: contacts, within: 7 days, counted: on or after, steps: {call: kind = 'c', m: kind = 'm'}}",
        ), "S131", 14,
    ),
    "funnel: no entity": (
        metric(
            "  f: {funnel: deals, within: 7 days, steps: {a: stage = 'a', b: stage = 'b'}}",
        ), "Q154", 14,
    ),
    "funnel: unknown part": (
        metric(
            "  f: {funnel: contacts, within: 7 days, steps: {call: kind = 'c', meet: kind = 'm'}}",
            "  g: {ratio: f.met / leads}",
        ), "T201", 15,
    ),
    "funnel: first step rate": (
        metric(
            "  f: {funnel: contacts, within: 7 days, steps: {call: kind = 'c', meet: kind = 'm'}}",
            "  g: {derived: f.call_rate * 1}",
        ), "T201", 15,
    ),
    "funnel: negative window": (
        metric(
            "  f: {funnel: contacts, within: -7 days, steps: {call: kind = 'c', meet: kind = 'm'}}",
        ), "Q112", 14,
    ),
    "funnel: unknown join": (
        metric(
            "  f: {funnel: contacts, within: 7 days, steps: {call: deals.stage = 'call', meet: kind = 'm'}}",
        ), "T201", 14,
    ),
    "conversion: no to": (metric("  c: {conversion: leads, within: 7 days}"), "S112", 14),
    "conversion: to nothing": (metric("  c: {conversion: leads, to: , within: 7 days}"), "S115", 14),
    "conversion: to empty map": (metric("  c: {conversion: leads, to: {}, within: 7 days}"), "Q154", 14),
    "conversion: to both": (
        metric(
            "  c: {conversion: leads, to: {metric: leads, table: deals}, within: 7 days}",
        ), "Q154", 14,
    ),
    "conversion: to at without table": (
        metric(
            "  c: {conversion: leads, to: {at: closed}, within: 7 days}",
        ), "Q154", 14,
    ),
    "conversion: to unknown time": (
        metric(
            "  c: {conversion: leads, to: {table: deals, at: clozed}, within: 7 days}",
        ), "T201", 14,
    ),
    "conversion: to metric at": (
        metric(
            "  c: {conversion: leads, to: {metric: leads, at: x}, within: 7 days}",
        ), "Q154", 14,
    ),
    "conversion: to list": (metric("  c: {conversion: leads, to: [leads], within: 7 days}"), "Q154", 14),
    "conversion: to itself": (metric("  c: {conversion: leads, to: c, within: 7 days}"), "T202", 14),
    "conversion: to unknown": (metric("  c: {conversion: leads, to: wonn, within: 7 days}"), "T201", 14),
    "conversion: no within": (metric("  c: {conversion: leads, to: {table: contacts}}"), "S112", 14),
    "conversion: within zero": (metric("  c: {conversion: leads, to: {table: contacts}, within: 0 days}"), "Q154", 14),
    "conversion: from ratio": (
        metric(
            "  q: {ratio: leads / leads}",
            "  c: {conversion: q, to: {table: contacts}, within: 7 days}",
        ), "Q154", 15,
    ),
    "conversion: to ratio": (
        metric(
            "  q: {ratio: leads / leads}",
            "  c: {conversion: leads, to: q, within: 7 days}",
        ), "Q154", 15,
    ),
    "conversion: no entity at the end": (
        metric(
            "  c: {conversion: leads, to: {table: deals}, within: 7 days}",
        ), "Q154", 14,
    ),
    "conversion: unknown from": (metric("  c: {conversion: leadz, to: {table: contacts}, within: 7 days}"), "T201", 14),
    "conversion: with steps": (
        metric(
            "  c: {conversion: leads, to: {table: contacts}, within: 7 days, steps: {a: channel = 'x'}}",
        ), "S131", 14,
    ),
    "conversion: with cohort": (
        metric(
            "  c: {conversion: leads, to: {table: contacts}, within: 7 days, cohort: each}",
        ), "S131", 14,
    ),
    "conversion: circle": (
        metric(
            "  c: {conversion: d, to: {table: contacts}, within: 7 days}",
            "  d: {conversion: c, to: {table: contacts}, within: 7 days}",
        ), "Q154", 14,
    ),
    "count: within": (metric("  n: {count: leads, within: 7 days}"), "S131", 14),
    "count: steps": (metric("  n: {count: leads, steps: {a: channel = 'x', b: channel = 'y'}}"), "S131", 14),
    "count: after": (metric("  n: {count: leads, after: 7 days}"), "S131", 14),
    "count: until": (metric("  n: {count: leads, until: 7 days}"), "S131", 14),
    "count: at_least": (metric("  n: {count: leads, at_least: 2}"), "S131", 14),
    "count: to": (metric("  n: {count: leads, to: leads}"), "S131", 14),
    "count: strict": (metric("  n: {count: leads, strict: yes}"), "S131", 14),
    "count: excludes": (metric("  n: {count: leads, excludes: channel = 'x'}"), "S131", 14),
    "count: counted": (metric("  n: {count: leads, counted: on or after}"), "S131", 14),
    "count: cohort": (metric("  n: {count: leads, cohort: each}"), "S131", 14),
    "count: options": (metric("  n: {count: leads, options: {a: b}}"), "S131", 14),
    "count: value": (metric("  n: {count: leads, value: score}"), "S131", 14),
    "count: row": (metric("  n: {count: leads, row: NPS}"), "S131", 14),
    "count: time": (metric("  n: {count: leads, time: day}"), "S131", 14),
    "stock: every": (metric("  n: {stock: customers, every: month}"), "S131", 14),
    "recurring: within": (metric("  n: {recurring: customers, within: 7 days}"), "S131", 14),
    "ratio: steps": (metric("  n: {ratio: leads / leads, steps: {a: channel = 'x', b: channel = 'y'}}"), "S131", 14),
    "reported: within": (metric("  n: {reported: crm.n, within: 7 days}"), "S131", 14),
}  # fmt: skip
