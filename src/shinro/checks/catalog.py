"""The catalog: every rule, and every code that has a page."""

from __future__ import annotations

from shinro.checks import (
    agreement,
    bounds,
    data,
    identities,
    influences,
    initiatives,
    kpis,
    levels,
    milestones,
    north_star,
    prices,
    products,
    published,
    reachable,
    reviews,
    segments,
    shares,
    stages,
    sums,
    traction,
    tree,
    typed,
    vanity,
)
from shinro.checks.rule import Rule

RULES: tuple[Rule, ...] = (
    *north_star.RULES,
    *tree.RULES,
    *identities.RULES,
    *products.RULES,
    *sums.RULES,
    *shares.RULES,
    *stages.RULES,
    *influences.RULES,
    *kpis.RULES,
    *milestones.RULES,
    *agreement.RULES,
    *levels.RULES,
    *bounds.RULES,
    *reachable.RULES,
    *initiatives.RULES,
    *reviews.RULES,
    *traction.RULES,
    *vanity.RULES,
    *data.RULES,
    *prices.RULES,
    *typed.RULES,
    *segments.RULES,
    *published.RULES,
)
# Of structure (S), of the language and of questions without an answer (Q), of loading (L), of the record (B): no rule
# here finds them.
CODES: tuple[str, ...] = (
    *(f"S{number}" for number in (*range(101, 144), 150)),
    *(f"Q{number}" for number in (*range(101, 132), *range(133, 151), *range(152, 161), 170, 171, 172)),
    *(f"L{number}" for number in (*range(101, 135), *range(140, 146))),
    *(f"B{number}" for number in (*range(801, 825), *range(831, 834))),
)
