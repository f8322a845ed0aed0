"""Imports point one way, and torch stays behind one door."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
SOURCE = REPOSITORY / "src" / "spikecast"
PARTS = {path.name for path in SOURCE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
#: What a part imports beside itself and the modules that lie directly in spikecast/.
DRAWN = {
    (part, imported)
    for part, imports in re.findall(r"^    (\w+) --> ([\w &]+)$", (REPOSITORY / "CONTRIBUTING.md").read_text(), re.M)
    for imported in imports.split(" & ")
}
#: The one way up: given a live torch module, the accelerator asks snn to import it.
DOORS = {"accelerator/simulation.py": {"snn"}}
#: Top-level modules that may look into a part: the public front, and the tables that hold traces.
FRONT = {"__init__": {"accelerator", "predictor"}, "rows": {"accelerator"}}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def parts_of(path: Path) -> set[str]:
    names = {name.split(".")[1] for name in imported(path) if name.startswith("spikecast.")}
    return names & PARTS - DOORS.get(path.relative_to(SOURCE).as_posix(), set())


def test_parts_import_as_drawn() -> None:
    found = {(part, other) for part in PARTS for path in (SOURCE / part).rglob("*.py") for other in parts_of(path)}
    assert {(part, other) for part, other in found if part != other} == DRAWN


def test_what_is_drawn_points_one_way() -> None:
    order = TopologicalSorter[str]()
    for part, other in DRAWN:
        order.add(part, other)
    order.prepare()


def test_top_level_modules_look_into_few_parts() -> None:
    for path in SOURCE.glob("*.py"):
        assert parts_of(path) <= FRONT.get(path.stem, set()), path


def test_only_snn_and_its_users_import_torch() -> None:
    users = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if any(name.split(".")[0] in {"torch", "snntorch"} for name in imported(path))
    }
    assert all(user.startswith("snn/") or user == "characterize/trial.py" for user in users)


def test_nothing_unpickles() -> None:
    for path in SOURCE.rglob("*.py"):
        names = imported(path)
        assert not names & {"pickle", "joblib.load", "dill", "cloudpickle"}, path
        assert "allow_pickle=True" not in path.read_text()
