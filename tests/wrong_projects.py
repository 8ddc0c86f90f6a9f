"""Wrong project files on purpose: what is wrong -> the text, a code that must be said, its line (0 for the whole file).

The parts that the texts are put together from are right by themselves.
"""

from __future__ import annotations

CRM = """\
company: 青空クラウド
currency: JPY
timezone: Asia/Tokyo
story: {starts: 2026-04-01}
sources:
  crm: {type: files, path: data/*.csv}
tables:
  leads: {from: crm.leads, key: lead_id, time: created_at, entity: lead_id, dimensions: [channel]}
  contacts: {from: crm.contacts, key: id, time: at, entity: lead_id, dimensions: [rep], joins: {leads: lead_id}}
  deals: {from: crm.deals, key: id, time: created_at, times: {closed: closed_at}, amount: amount}
  customers: {from: crm.customers, key: id, starts: started_on, ends: ended_on}
metrics:
  leads: {label: リード数, count: leads}
  calls: {label: コール数, count: contacts, where: kind = 'call', kind: activity}
  qualified_leads: {label: 商談化リード数, count_distinct: contacts.lead_id, where: kind = 'meeting'}
  won: {label: 受注数, count: deals, at: closed, where: stage = 'won'}
  closed: {label: 決着した商談, count: deals, at: closed}
  win_rate: {label: 受注率, ratio: won / closed}
  reply_rate: {label: 返信率, ratio: qualified_leads / calls}
  companies: {label: 有料社数, stock: customers}
  sales: {label: 売上, sum: deals.amount, at: closed}
"""  # 21 lines: what follows starts at line 22
METRICS = "\n".join(CRM.split("\n")[:12]) + "\n"  # the same up to `metrics:`; what follows starts at line 13


def crm(*lines: str) -> str:
    return CRM + "\n".join(lines) + "\n"


def metric(*lines: str) -> str:
    return METRICS + "  leads: {count: leads}\n" + "\n".join(lines) + "\n"  # from line 14 on


def goal(text: str) -> str:
    return crm("milestones:", "  - id: m6", "    by: +6 months", "    reach:", f"      - {text}")


def formula(text: str) -> str:
    return crm("tree:", f"  qualified_leads: {text}")


BOMB = "a: &a [x, x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]\n"
STAR = "north_star: {metric: qualified_leads}"

WRONG: dict[str, tuple[str, str, int]] = {
    # The articles' traps.
    "calls as the star": (crm("north_star: {metric: calls}"), "N102", 22),
    "sales as the star": (crm("north_star: {metric: sales}"), "N103", 22),
    "no star at all": (crm(), "N101", 1),
    "two stars": (crm("north_star:", "  - qualified_leads", "  - won"), "N101", 24),
    "a trade show as a milestone": (goal("展示会出展"), "M402", 26),
    "a release as a milestone": (crm("milestones:", "  - {name: リリース, on: 2026-06-15}"), "M402", 23),
    "a milestone without its date": (crm("milestones:", "  - id: m", "    reach: [leads >= 3 per month]"), "M401", 23),
    "a department without a tie": (crm(STAR, "departments:", "  cs: {owns: [companies]}"), "N106", 24),
    "an orphan KPI": (crm(STAR, "kpis:", "  companies: {owner: 田中, cadence: weekly}"), "K304", 24),
    "an initiative that moves nothing": (crm("initiatives:", "  - {name: 展示会, on: 2026-07-01}"), "I501", 23),
    # YAML's traps.
    "a flow mapping cut at a comma": (metric("  won: {count: deals, where: stage in ('a', 'b')}"), "S102", 14),
    "thousands in a flow list": (
        crm("milestones:", "  - id: m", "    reach: [sales >= 1,000,000 per month]"), "S102", 24,
    ),
    "a condition cut inside braces": (metric("  won: {count: deals, where: a = 1, b = 2}"), "S102", 14),
    "a percent sign first": (METRICS.replace("path: data/*.csv", "path: x, dates: %Y/%m/%d"), "S102", 6),
    "an at sign first": ("company: @acme\n", "S102", 1),
    "a backquote first": ("company: `acme`\n", "S102", 1),
    "a bracket before more": ("company: [acme] inc\n", "S102", 1),
    "a colon in a text": ("company: acme: the company\n", "S102", 1),
    "a colon in braces": (metric("  won: {label: won: deals, count: deals}"), "S102", 14),
    "a text that goes on behind its quote": (
        metric("  won:", "    count: deals", "    where: 'won' = stage"), "S102", 16,
    ),
    "a comparison first": (goal("> 30"), "S102", 26),
    "a tab": ("story:\n\tstarts: 2026-04-01\n", "S118", 2),
    "a tab behind spaces": ("story:\n  \tstarts: 2026-04-01\n   x: 1\n", "S118", 2),
    "an anchor": ("company: &a acme\n", "S103", 1),
    "an alias": ("company: *a\n", "S103", 1),
    "a bomb": (BOMB, "S103", 1),
    "a tag": ("company: !!python/object:os.system acme\n", "S104", 1),
    "a tag of its own": ("company: !acme x\n", "S104", 1),
    "a merge key": (metric("  won: {<<: *base, count: deals}"), "S103", 14),
    "a merge key in words": (metric("  won:", "    <<: {count: deals}"), "S111", 15),
    "a section twice": ("company: a\ncurrency: JPY\ncompany: b\n", "S105", 3),
    "a metric twice": (metric("  leads: {count: deals}"), "S105", 14),
    "a key twice in braces": (metric("  won: {count: deals, count: leads}"), "S105", 14),
    "NO as a currency": ("company: a\ncurrency: NO\n", "S126", 2),
    "a truth that is none": (crm("kpis:", "  leads: {owner: 田中, focus: maybe}"), "S114", 23),
    "an octal date": ("company: a\nstory: {starts: 0777}\n", "S120", 2),
    "a day that is none": ("company: a\nstory: {starts: 2026-02-30}\n", "S120", 2),
    "a date with a time": ("company: a\nstory: {starts: 2026-04-01 10:00}\n", "S120", 2),
    "a date by month": ("company: a\nstory: {starts: 04/01/2026}\n", "S120", 2),
    "a date in words": ("company: a\nstory: {starts: April 1}\n", "S120", 2),
    "a date of an era": ("company: a\nstory: {starts: 令和8年4月1日}\n", "S120", 2),
    "nested too deep": (f"company: {'[' * 40}{']' * 40}\n", "S106", 1),
    "nested deeper than the parser": (f"company: {'[' * 5000}{']' * 5000}\n", "S106", 1),
    "mappings too deep": ("".join(f"{' ' * n}a:\n" for n in range(40)), "S106", 33),
    "too large": ("company: " + "あ" * 100_000 + "\n", "S107", 0),
    "a mark inside": ("company: a\n\ufeffcurrency: JPY\n", "S108", 2),
    "a zero byte": ("company: a\0b\n", "S108", 1),
    "a bell": ("company: a\acme\n", "S108", 1),
    "a line of another kind": ("company: a\u2028currency: JPY\n", "S108", 1),
    "a turned direction": ("company: a\ncurrency: \u202eYPJ\n", "S108", 2),
    "no width": ("company: a\ncur\u200brency: JPY\n", "S108", 2),
    "a soft hyphen": ("company: a\ncur\u00adrency: JPY\n", "S108", 2),
    "half a surrogate": ("company: a\ud800\n", "S108", 1),
    "nothing": ("", "S109", 0),
    "blank lines": ("\n\n  \n", "S109", 0),
    "comments alone": ("# company: a\n# currency: JPY\n", "S109", 0),
    "a mark alone": ("\ufeff", "S109", 0),
    "a list": ("- company: a\n", "S110", 1),
    "one word": ("acme:inc\n", "S138", 1),
    "a sentence": ("Our company grows.\n", "S138", 1),
    "a quoted sentence": ('"Our company grows."\n', "S110", 1),
    "JSON of a list": ('["company", "currency"]\n', "S110", 1),
    "two documents": ("company: a\n---\ncompany: b\n", "S117", 2),
    "a full-width colon": ("company：青空クラウド\n", "S138", 1),
    "a full-width colon between": ("company: a\ncurrency：JPY\ntimezone: UTC\n", "S138", 2),
    "a full-width colon below": ("story:\n  starts：2026-04-01\n", "S138", 2),
    "a full-width space behind the colon": ("company:\u3000青空\ncurrency: JPY\n", "S138", 1),
    "a hard space behind the colon": ("company:\u00a0acme\ncurrency: JPY\n", "S138", 1),
    "no space behind the colon": ("company: a\ncurrency:JPY\ntimezone: UTC\n", "S138", 2),
    "no colon": ("company: a\ncurrency JPY\ntimezone: UTC\n", "S138", 2),
    "no colon at the top": ("company acme\ncurrency: JPY\n", "S138", 1),
    "full-width indentation": ("story:\n\u3000\u3000starts: 2026-04-01\n", "S116", 2),
    "an open brace": ("story: {starts: 2026-04-01\ncurrency: JPY\n", "S140", 1),
    "an open bracket": ("languages: [ja, en\ncurrency: JPY\n", "S140", 1),
    "an open brace at the end": ("company: a\nstory: {starts: 2026-04-01\n", "S140", 2),
    "a brace too many": ("story: {starts: 2026-04-01}}\n", "S140", 1),
    "a comma too many": ("languages: [ja,, en]\n", "S101", 1),
    "an open quote": ("company: 'acme\ncurrency: JPY\n", "S119", 1),
    "an open double quote": ('company: a\ncurrency: "JPY\n', "S119", 2),
    "a Windows path in double quotes": ('sources:\n  crm: {type: files, path: "C:\\data\\*.csv"}\n', "S139", 2),
    "indented too far": ("story:\n  starts: 2026-04-01\n   picture: x\n", "S116", 3),
    "indented too little": ("story:\n    starts: 2026-04-01\n  picture: x\n", "S116", 3),
    "a list among keys": ("company: a\n- b\n", "S116", 2),
    "a key that leaves its list item": ("milestones:\n  - id: m3\n  by: +3 months\n", "S116", 3),
    "a quoted key that is unknown": ('"compnay": a\n', "S111", 1),
    "a key that is a list": ("? [company]\n: a\n", "S113", 1),
    "a key that is empty": ("company: a\n'': b\n", "S111", 2),
    "a directive": ("%ACME\n---\ncompany: a\n", "S101", 1),
    "old Mac line ends": ("company: a\rcompany: b\r", "S105", 2),
    "Windows line ends": ("company: a\r\ncurrency: YEN\r\n", "S126", 2),
    # Shapes.
    "an unknown section": ("company: a\nmetric: {}\n", "S111", 2),
    "an unknown section far from all": ("company: a\nqqqqqq: 1\n", "S111", 2),
    "an unknown key of a metric": (metric("  won: {count: deals, wehre: stage = 'won'}"), "S111", 14),
    "a key in capitals": ("Company: a\n", "S111", 1),
    "a Japanese key": ("会社: 青空\n", "S111", 1),
    "a missing key": ("company: a\nstory: {picture: x}\n", "S112", 2),
    "a source without a path": ("sources:\n  crm: {type: files}\n", "S112", 2),
    "a conversion without an end": (metric("  c: {conversion: leads, within: 90 days}"), "S112", 14),
    "a reported metric without its period": (metric("  nps: {reported: crm.nps, value: score}"), "S112", 14),
    "a list for a text": ("company: [a, b]\n", "S113", 1),
    "a mapping for a text": ("company: {name: a}\n", "S113", 1),
    "a mapping for a formula": (formula("{a: b}"), "S113", 23),
    "a list for a mapping": ("metrics: [leads, won]\n", "S137", 1),
    "a text for a mapping": ("company: a\nmetrics: leads and won\n", "S138", 2),
    "a list for a block": (metric("  won: [count, deals]"), "S137", 14),
    "a text for a block": (metric("  won: 'count deals'"), "S137", 14),
    "an empty value": ("company:\ncurrency: JPY\n", "S115", 1),
    "an empty section": ("company: a\nmetrics:\n", "S115", 2),
    "an empty metric": (metric("  won:"), "S115", 14),
    "an empty item": (crm("milestones:", "  -"), "S115", 23),
    "an unknown type": ("sources:\n  crm: {type: oracle}\n", "S114", 2),
    "a weekday in Japanese": ("company: a\nweek_starts: 月曜\n", "S114", 2),
    "a month as a number": ("company: a\nfiscal_year_starts: 4\n", "S114", 2),
    "a cadence misspelt": (crm("kpis:", "  leads: {owner: 田中, cadence: weakly}"), "S114", 23),
    "a language that we do not speak": ("company: a\nlanguages: [ja, fr]\n", "S114", 2),
    "a label in a language that we do not speak": (metric("  won: {label: {fr: x}, count: deals}"), "S121", 14),
    "an unknown zone": ("company: a\ntimezone: Asia/Tokio\n", "S125", 2),
    "a zone by its letters": ("company: a\ntimezone: JST\n", "S125", 2),
    "a source's zone": ("sources:\n  crm: {type: files, path: x, timezone: Tokyo}\n", "S125", 2),
    "an unknown currency": ("company: a\ncurrency: 円\n", "S126", 2),
    "a password in a url": ("sources:\n  b: {type: postgres, url: 'postgresql://me:pw@db/x'}\n", "S130", 2),
    "an include that is not there": ("company: a\ninclude: [none.yaml]\n", "S128", 2),
    "an include outside": ("company: a\ninclude: ../../secrets.yaml\n", "S128", 2),
    "an include of itself": ("company: a\ninclude: [./shinro.yaml]\n", "S129", 2),
    "an include of a list": ("company: a\ninclude: [[a, b]]\n", "S113", 2),
    # Names, tables, metrics.
    "a reserved name": (metric("  previous: {count: deals}"), "S122", 14),
    "a name with a space": (metric("  won deals: {count: deals}"), "S122", 14),
    "a name with a hyphen": (metric("  won-deals: {count: deals}"), "S122", 14),
    "a name that starts with a digit": (metric("  2nd: {count: deals}"), "S122", 14),
    "a name of signs": (metric("  🚀: {count: deals}"), "S122", 14),
    "a reference of three names": (crm("north_star: {metric: a.b.c}"), "S122", 22),
    "a column without its table": (metric("  c: {count_distinct: lead_id}"), "S123", 14),
    "a table without its source": (METRICS.replace("from: crm.leads", "from: leads"), "S123", 8),
    "no way to measure": (metric("  won: {label: 受注}"), "S124", 14),
    "two ways to measure": (metric("  won: {count: deals, sum: deals.amount}"), "S124", 14),
    "a ratio that is a product": (metric("  r: {ratio: won * leads}"), "S127", 14),
    **{
        f"a ratio of {text} alone": (metric(f'  r: {{ratio: "{text}"}}'), "S127", 14)
        for text in ("leads", "(leads)", "-leads", "12", "100%", "previous(leads)", "positive(leads)", "cmgr(leads, 3)")
    },
    "a time on a ratio": (metric("  r: {ratio: won / leads, at: closed}"), "S131", 14),
    "an unknown table": (metric("  c: {count: dealz}"), "T201", 14),
    "an unknown metric in a ratio": (metric("  r: {ratio: wonn / leads}"), "T201", 14),
    "an unknown source": (METRICS.replace("from: crm.leads", "from: cmr.leads"), "T201", 8),
    "a metric of itself": (metric("  r: {derived: r + 1}"), "T202", 14),
    "a circle of two": (metric("  a: {derived: b + 1}", "  b: {derived: a + 1}"), "T202", 14),
    "a circle in the tree": (formula("qualified_leads * 2"), "T202", 23),
    # Expressions.
    "a sign that is none": (formula("leads ^ 2"), "Q102", 23),
    "an open parenthesis": (formula("(leads * reply_rate"), "Q121", 23),
    "an operator at the end": (formula("leads *"), "Q122", 23),
    "two names in a row": (formula("leads reply_rate"), "Q123", 23),
    "an unknown function": (formula("maximum(leads, won)"), "Q105", 23),
    "SQL in a formula": (formula("select * from leads"), "Q123", 23),
    "a formula too deep": (formula("(" * 100 + "leads" + ")" * 100), "Q107", 23),
    "a formula too long": (formula(" + ".join(["leads"] * 1000)), "Q107", 23),
    "a where with an open text": (metric("  w:", "    count: deals", "    where: stage = 'won"), "Q103", 16),
    "a where in typographic quotes": (metric("  w:", "    count: deals", "    where: stage = “won”"), "Q116", 16),
    "a where that divides": (metric("  w: {count: deals, where: amount / 2 > 1}"), "Q125", 14),
    "a where that asks for null": (metric("  w: {count: deals, where: stage = null}"), "Q117", 14),
    "a where with a statement": (metric("  w: {count: deals, where: stage = 1; drop}"), "Q102", 14),
    "a column of two kinds": (metric("  w: {count: deals, where: amount = 'x'}"), "Q130", 14),
    # Conditions, targets, changes.
    "a flow without its period": (goal("qualified_leads >= 80"), "Q131", 26),
    "a stock per month": (goal("companies >= 30 per month"), "Q137", 26),
    "a stock since the start": (goal("companies >= 30 since start"), "Q136", 26),
    "a stock over months": (goal("companies >= 30 over 3 months"), "Q138", 26),
    "a noun for a unit": (goal("companies >= 30社"), "Q115", 26),
    "points for a level": (goal("win_rate >= 2pt"), "Q119", 26),
    "a name for a level": (goal("companies >= goal"), "Q109", 26),
    "a condition on nothing": (goal("customers >= 30"), "T201", 26),
    "a condition in full width that is none": (goal("ｃｏｍｐａｎｉｅｓ　＞＝"), "Q122", 26),
    "a date for a level": (goal("companies >= 2026-04-01"), "Q120", 26),
    "a due that is none": (crm("milestones:", "  - {id: m, by: soon, reach: companies >= 3}"), "Q129", 23),
    "a due of an unknown unit": (crm("milestones:", "  - {id: m, by: +3 moons, reach: companies >= 3}"), "Q112", 23),
    "a lag that is none": (crm("influences:", "  - {from: leads, to: won, lag: long}"), "Q112", 23),
    "a change without its sign": (crm("initiatives:", "  - {name: a, moves: leads, expect: 80}"), "Q111", 23),
    "a target without its period": (crm("targets:", "  calls: 200"), "Q139", 23),
    "a target in a currency that is none": (crm("targets:", "  sales: {level: 20 ZZZ, per: month}"), "Q123", 23),
    "a target that is text": (crm("targets:", "  calls: {level: many, per: week}"), "Q109", 23),
    "a distinct count accumulated": (
        metric("  c: {count_distinct: leads.lead_id}", "  t: {cumulative: c}"), "Q135", 15,
    ),
    "rates added": (
        metric("  r: {ratio: d / leads, unit: '%'}", "  s: {ratio: leads / d, unit: '%'}", "  t: {derived: r + s}",
               "  d: {count: deals}"), "Q134", 16,
    ),
    # Settings.
    "a rule silenced without a reason": (crm("checks:", "  N103: {severity: off}"), "S112", 23),
    "a rule of an unknown severity": (crm("checks:", "  N103: {severity: fatal, because: x}"), "S114", 23),
}  # fmt: skip
