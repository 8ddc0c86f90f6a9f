"""shinro: a company's growth story as one checked object, kept true to the data."""
