"""How dates and times are written, per language; what is missing here is as Django has it."""
