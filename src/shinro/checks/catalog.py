"""The catalog: every rule, and every code that has a page."""

from __future__ import annotations

from shinro.checks import kpis, north_star
from shinro.checks.rule import Rule

RULES: tuple[Rule, ...] = (*north_star.RULES, *kpis.RULES)
CODES: tuple[str, ...] = ()  # of structure (S), expressions (Q) and loading (L), which no rule here finds
