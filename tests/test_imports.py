"""Imports point one way, stand at the top, and torch stays behind one door."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter

import pytest

from .source import REPOSITORY, Module, imported_modules, modules

LIBRARY = {name: module for name, module in modules().items() if name.startswith("spikecast.")}
PARTS = {name.split(".")[1] for name, module in LIBRARY.items() if module.is_face} - {"_util"}
#: What a part imports beside itself and the modules that lie directly in spikecast/.
DRAWN = {
    (part, imported)
    for part, imports in re.findall(r"^    (\w+) --> ([\w &]+)$", (REPOSITORY / "CONTRIBUTING.md").read_text(), re.M)
    for imported in imports.split(" & ")
}
#: Imports of the project's own modules in function bodies, and why each may be there.
DOORS = {
    (
        "spikecast.accelerator.simulation",
        "spikecast.snn.live",
    ): "given a live torch module, and only then, up to snn",
    ("spikecast.accelerator.latency", "spikecast.accelerator.timing.pipeline"): "compiled; few ask for a pipeline",
}
#: Top-level modules that may look into a part: the public front, and the tables that hold traces.
FRONT = {"spikecast._predict": {"accelerator", "predictor"}, "spikecast.rows": {"accelerator"}}
#: Order inside predictor/: each line imports itself and lines above it alone.
PREDICTOR = (
    ("models", "manifest", "probe"),
    ("questions", "targets", "features"),
    ("spikes",),
    ("prediction", "measured", "domain", "intervals", "parts", "bundle", "bundles"),
    ("table", "explain", "predictor"),
    ("scores",),
    ("fit",),
    ("estimator",),
)


def parts_of(module: Module) -> set[str]:
    doors = {target for source, target in DOORS if source == module.name}
    names = {name.split(".")[1] for name in imported_modules(module) if "." in name} & PARTS
    return names - {door.split(".")[1] for door in doors} - {module.name.split(".")[1]}


def test_parts_import_as_drawn() -> None:
    found = {
        (module.name.split(".")[1], other)
        for module in LIBRARY.values()
        if module.name.split(".")[1] in PARTS
        for other in parts_of(module)
    }
    assert found == DRAWN


def test_what_is_drawn_points_one_way() -> None:
    order = TopologicalSorter[str]()
    for part, other in DRAWN:
        order.add(part, other)
    order.prepare()


def test_top_level_modules_look_into_few_parts() -> None:
    for module in LIBRARY.values():
        if module.package == "spikecast" and not module.is_face:
            assert parts_of(module) <= FRONT.get(module.name, set()), module.name


def test_no_circle_inside_a_part() -> None:
    order = TopologicalSorter[str]()
    for module in modules().values():
        if not module.is_face:
            order.add(module.name, *(name for name in imported_modules(module) if not modules()[name].is_face))
    order.prepare()


def test_the_predictor_is_ordered() -> None:
    level = {name: number for number, line in enumerate(PREDICTOR) for name in line}
    for module in LIBRARY.values():
        if module.is_face or not module.name.startswith("spikecast.predictor."):
            continue
        own = module.name.split(".")[2]
        for name in imported_modules(module):
            if name.startswith("spikecast.predictor.") and not modules()[name].is_face:
                assert level[name.split(".")[2]] <= level[own], f"{module.name} imports {name}"


@pytest.mark.parametrize("module", modules().values(), ids=lambda module: module.name)
def test_own_modules_are_imported_at_the_top(module: Module) -> None:
    inside = {item.module for item in module.imports if item.inside and item.module.startswith("spikecast")}
    assert inside == {target for source, target in DOORS if source == module.name}


def test_commands_reach_the_library_through_faces() -> None:
    light = {"choices", "architecture", "datasets", "errors", "surrogates", "wording", "_util"}
    for module in modules().values():
        if module.name.startswith("spikecast_cli"):
            for item in module.imports:
                if item.module.startswith("spikecast.") and not item.typing and not modules()[item.module].is_face:
                    assert item.module.split(".")[1] in light, f"{module.name} imports {item.module}"


def test_only_snn_and_its_users_import_torch() -> None:
    users = {
        module.name
        for module in LIBRARY.values()
        if any(item.module.split(".")[0] in {"torch", "snntorch"} for item in module.imports)
    }
    allowed = ("spikecast.snn.", "spikecast.testing.")
    assert all(user.startswith(allowed) or user == "spikecast.characterize.trial" for user in users)


def test_nothing_unpickles() -> None:
    for module in LIBRARY.values():
        names = {item.module for item in module.imports} | {item.full for item in module.imports}
        assert not names & {"pickle", "joblib.load", "dill", "cloudpickle"}, module.name
        assert "allow_pickle=True" not in module.text
