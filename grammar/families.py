"""Which family of builtins holds which name, so that a program imports only the families it calls.

`python -m pipekeras.grammar.families` writes builtins/index.json: for every builtin its family, signature and flags,
and for every family a digest of its text. A session enters the builtins of families whose digest fits from the index,
and imports such a family when one of its functions is first called; a family that has changed is imported at once.
So a stale index costs time and nothing else; a test says when it is stale.
"""

from __future__ import annotations

import ast
import json
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, Builtin

PACKAGE = "pipekeras.grammar.builtins"
FOLDER = Path(__file__).with_name("builtins")
INDEX_PATH = FOLDER / "index.json"
FLAGS = ("special", "lazy", "needs_environment", "needs_call", "generic", "group", "invisible", "package")
_TABLE_ENTRIES = frozenset(("constant", "register_adapter", "form", "setattr"))
_PLAIN_DECORATORS = frozenset(("builtin", "lru_cache", "cache", "dataclass", "property", "contextmanager"))


def family_paths() -> list[Path]:
    """The files of the families, in the order in which they are imported."""
    return sorted(path for path in FOLDER.glob("*/*.py") if path.stem != "__init__")


def family_name(path: Path) -> str:
    """A family's name: its room and its file, as they are imported."""
    return f"{path.parent.name}.{path.stem}"


def digest(path: Path) -> str:
    """Digest of a family's text."""
    return blake2b(path.read_bytes(), digest_size=8).hexdigest()


def load_families() -> None:
    """Enter every builtin into the table, from the index where it fits."""
    index = _stored_index()
    stored = index["families"]
    changed = [name for path in family_paths() if stored.get(name := family_name(path)) != digest(path)]
    for owner, name, signature, *flags in index["builtins"]:
        if owner not in changed and name not in REGISTRY:
            REGISTRY[name] = Builtin.declared(f"{PACKAGE}.{owner}", name, signature, **dict(zip(FLAGS, flags, strict=True)))
    for family in sorted({*changed, *index["eager"]}):
        import_module(f"{PACKAGE}.{family}")


def import_families() -> None:
    """Import every family."""
    for path in family_paths():
        import_module(f"{PACKAGE}.{family_name(path)}")


def _stored_index() -> dict[str, Any]:
    try:
        index: dict[str, Any] = json.loads(INDEX_PATH.read_text("utf-8"))
    except (OSError, ValueError):
        return {"families": {}, "eager": [], "builtins": []}
    return index


def build_index() -> dict[str, Any]:
    """The index as it should be; needs every family imported, which `import_families` does in a fresh process."""
    import_families()
    rows = []
    for name, entry in REGISTRY.items():
        family = entry.owner.removeprefix(f"{PACKAGE}.")
        if family != entry.owner:
            rows.append([family, name, entry.signature, *(getattr(entry, flag) for flag in FLAGS)])
    return {
        "families": {family_name(path): digest(path) for path in family_paths()},
        "eager": [family_name(path) for path in family_paths() if _must_be_imported(path)],
        "builtins": sorted(rows, key=lambda row: (row[0], row[1])),
    }


def _must_be_imported(path: Path) -> bool:
    """Whether importing a family does more than entering builtins: constants, compiled forms, other tables."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, (ast.Expr, ast.For)):
            calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
            if any(isinstance(call.func, ast.Name) and call.func.id in _TABLE_ENTRIES for call in calls):
                return True
        elif isinstance(node, ast.FunctionDef):
            if any(_called_name(decorator) not in _PLAIN_DECORATORS for decorator in node.decorator_list):
                return True
        elif isinstance(node, ast.Assign) and any(not isinstance(target, ast.Name) for target in node.targets):
            return True
    return False


def _called_name(node: ast.expr) -> str:
    target = node.func if isinstance(node, ast.Call) else node
    return target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""


def stored_text() -> str:
    """The text that index.json should hold."""
    index = build_index()
    families = ",\n".join(f"{json.dumps(name)}: {json.dumps(text)}" for name, text in index["families"].items())
    builtins = ",\n".join(json.dumps(row) for row in index["builtins"])
    return (
        f'{{"families": {{\n{families}\n}},\n"eager": {json.dumps(index["eager"])},\n"builtins": [\n{builtins}\n]}}\n'
    )


if __name__ == "__main__":
    INDEX_PATH.write_text(stored_text(), "utf-8")
