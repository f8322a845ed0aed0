"""Imports point one way, and torch stays behind one door."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "spikecast"
#: What a part may import beside itself and the modules that lie directly in spikecast/.
ALLOWED = {
    "events": set(),
    "accelerator": set(),
    "snn": {"events", "accelerator"},
    "characterize": {"snn", "events", "accelerator"},
    "predictor": {"accelerator"},
    "model_card": {"predictor"},
    "evaluation": {"predictor", "accelerator"},
    "advise": {"predictor", "accelerator"},
    "data_check": {"accelerator"},
    "study": set(),
    "report": {"accelerator", "study", "advise"},
    "service": {"accelerator", "predictor", "advise"},
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


def parts_of(names: set[str]) -> set[str]:
    found = {name.split(".")[1] for name in names if name.startswith("spikecast.")}
    return found & {path.name for path in SOURCE.iterdir() if path.is_dir()}


def test_parts_import_only_what_lies_below_them() -> None:
    for path in SOURCE.rglob("*.py"):
        relative = path.relative_to(SOURCE)
        part = relative.parts[0] if len(relative.parts) > 1 else None
        allowed = ALLOWED[part] | {part} if part else FRONT.get(path.stem, set())
        assert parts_of(imported(path)) <= allowed | DOORS.get(relative.as_posix(), set()), relative


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
