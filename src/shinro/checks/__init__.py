"""Rules by subject: one rule is one function, one code, one page."""
