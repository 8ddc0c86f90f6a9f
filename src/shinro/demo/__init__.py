"""A made-up company, generated: nothing in it is real."""
