"""The access table's parts beyond the studio's own, one module an area. Each may have:

TABLE    rows as in access_table.py, with roles in its order
BODIES   what is sent, by name
FOREIGN  names of further ids that the rows use
furnish  (member, cohort, secret) -> {name: id}: makes one thing of every kind for that person, `secret` in all its texts
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

AREAS: list[ModuleType] = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
