"""The source as tests of its layout see it: modules, what they import, and where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
#: Where packages lie: the library and the command line.
ROOTS = {"spikecast": REPOSITORY / "src", "spikecast_cli": REPOSITORY / "cli"}


@dataclass(frozen=True)
class Import:
    """One name that a module imports; ``inside`` a function, or for type checkers alone (``typing``)."""

    module: str
    name: str | None
    line: int
    inside: bool = False
    typing: bool = False

    @property
    def full(self) -> str:
        return self.module if self.name is None else f"{self.module}.{self.name}"


@dataclass(frozen=True)
class Module:
    """A file of the source by its dotted name."""

    name: str
    path: Path

    @property
    def is_face(self) -> bool:
        return self.path.name == "__init__.py"

    @property
    def package(self) -> str:
        """The package that it is a file of; its own name if it is a face."""
        return self.name if self.is_face else self.name.rpartition(".")[0]

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        return tuple(_imports(self.tree, self.name))

    @cached_property
    def exports(self) -> dict[str, str]:
        """Public names of a face and the modules that they come from, as its stub says."""
        stub = self.path.with_suffix(".pyi")
        if not stub.exists():
            return {}
        found = (item for item in _imports(ast.parse(stub.read_text(encoding="utf-8")), self.name) if item.name)
        return {str(item.name): item.module for item in found}


@cache
def modules() -> dict[str, Module]:
    """All modules by name."""
    found = {}
    for root in ROOTS.values():
        for path in sorted(root.rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = Module(name, path)
    return found


def imported_modules(module: Module) -> set[str]:
    """The project's own modules that a module names, wherever in it; a face's name stands for where it comes from."""
    known = modules()
    found = set()
    for item in module.imports:
        if item.full in known:
            found.add(item.full)
        elif item.module in known:
            face = known[item.module]
            found.add(face.exports.get(str(item.name), item.module))
    return (found | set(module.exports.values())) & known.keys() - {module.name}


def _imports(tree: ast.AST, name: str, inside: bool = False, typing: bool = False) -> Iterator[Import]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, None, node.lineno, inside, typing) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # Stubs of faces alone import relatively, from the package whose face they are.
            module = ".".join(filter(None, (name if node.level else "", node.module)))
            yield from (Import(module, alias.name, node.lineno, inside, typing) for alias in node.names)
        else:
            inner = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            checked = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
            yield from _imports(node, name, inside or inner, typing or checked)
