"""The rules of the house as functions: source text in, faults in words out. Each is proved by breaking it once."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from ij8.embedded.places import CHECKOUT

FILE_LINES, FUNCTION_LINES = 400, 50
# longer on purpose, each with its reason
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
UNNAMED = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handler", "managers", "handlers"}
TEXT = (".py", ".mjs", ".js", ".css", ".html", ".md", ".toml", ".txt", ".in", ".json", ".yaml", ".yml", ".example", "")
VIEWS = re.compile(r"(^|/)(views|pages|api|consumers)(/|\.py$)")
REGISTRY = re.compile(
    r"registry\.(npmjs|yarnpkg)|npmmirror|pypi\.org|pythonhosted\.org|(?<!emit-)index-url|registry\.npm|artifactory|\"resolved\":"
    r"|proxy\.golang|crates\.io"
)
MACHINE_PATH = re.compile(r"(?<![\w.~}/-])/(work|root|home|Users|mnt|workspace)/[\w.-]+")
SOURCES = ("ij8", "studio", "gallery", "tutorials", "classroom", "showcase", "nft", "tests")


def tracked(*suffixes: str) -> list[str]:
    """Paths of the files that git tracks (and of new ones it would), with one of these endings."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [name for name in names if Path(name).suffix in suffixes and (CHECKOUT / name).is_file()]


def read(name: str) -> str:
    return (CHECKOUT / name).read_text(encoding="utf-8")


def is_generated(name: str) -> bool:
    return "/migrations/" in name or name == "package-lock.json" or name.startswith("requirements/")


def size_faults(name: str, source: str) -> Iterator[str]:
    """Files to 400 lines; of Python, functions to 50."""
    lines = source.count("\n") + 1
    if lines > FILE_LINES + 1 and name not in LONG_FILES:
        yield f"{name} has {lines} lines"
    if name.endswith(".py"):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES and f"{name}:{node.name}" not in LONG_FUNCTIONS:
                    yield f"{name}: {node.name} has {length} lines"


def name_faults(name: str) -> Iterator[str]:
    if UNNAMED & {part.split(".")[0].lower() for part in Path(name).parts}:
        yield f"{name} says nothing about what is in it"


def banned_faults(name: str, source: str) -> Iterator[str]:
    """What STYLE.md bans and a parser can see."""
    is_view = VIEWS.search(name) is not None and not name.startswith("tests/")
    for node in ast.walk(ast.parse(source)):
        where = f"{name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.ExceptHandler) and _is_swallowed(node):
            yield f"{where}: an error is swallowed"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "delay":
                yield f"{where}: .delay()"
            if node.func.attr == "get" and _ends_with_objects(node.func.value) and is_view:
                yield f"{where}: .objects.get( in a view"
        if isinstance(node, ast.ClassDef) and any(_names(base, "Model") for base in node.bases) and _overrides(node, "save"):
            yield f"{where}: save() is overridden"


def _is_swallowed(node: ast.ExceptHandler) -> bool:
    broad = node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))
    return broad and all(isinstance(line, ast.Pass | ast.Continue) for line in node.body)


def _ends_with_objects(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "objects"


def _names(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name


def _overrides(node: ast.ClassDef, name: str) -> bool:
    return any(isinstance(part, ast.FunctionDef) and part.name == name for part in node.body)


def address_faults(name: str, source: str) -> Iterator[str]:
    """Addresses of package registries, and paths that exist on one machine only."""
    for number, line in enumerate(source.splitlines(), 1):
        if found := REGISTRY.search(line) or MACHINE_PATH.search(line):
            yield f"{name}:{number}: {found[0]}"


def variables_read(source: str) -> set[str]:
    """Names of environment variables that product code reads past `ij8.core.env`."""
    return set(re.findall(r"""(?:environ|env)(?:\.get\(|\[)["']([A-Z][A-Z0-9_]+)["']""", source))


def documented(source: str) -> dict[str, str]:
    """`.env.example`: each variable with the comment above it (a second line shares the comment of the first)."""
    found, comment = {}, ""
    for line in source.splitlines():
        if line.startswith("#"):
            comment = line[1:].strip()
        elif "=" in line:
            found[line.partition("=")[0]] = comment
        elif not line:
            comment = ""
    return found
