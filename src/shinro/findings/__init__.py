"""Findings: what an analysis found, as values; reports turn them into words. One module a subject."""
