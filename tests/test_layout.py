"""A file is worth opening, a name stands for one thing, and what is public is on a list."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter, defaultdict
from importlib.util import module_from_spec, spec_from_file_location

import pytest

from .source import REPOSITORY, Module, imported_modules, modules

#: Folders of plug-ins: one file each of a kind, read by a registry or a list of their own.
PLUG_INS = (
    "spikecast.events.datasets.",
    "spikecast.events.formats.",
    "spikecast.predictor.models.",
    "spikecast.report.page.topics.",
    "spikecast.service.api.",
    "spikecast.study.claims.",
    "spikecast.testing.",
)
FILES = [module for module in modules().values() if not module.is_face]
FACES = [module for module in modules().values() if module.is_face and module.exports]
FEWEST_LINES, MOST_LINES = 40, 320
#: Short by nature, or with one importer that is not their face: why each is a file all the same.
ROOMS = {
    "spikecast._predict": "the one function of the root's face",
    "spikecast._util.deadline": "who waits sets it, who works asks",
    "spikecast._util.arrays": "types that all signatures share",
    "spikecast._util.renamed": "old spellings, for any face",
    "spikecast.accelerator.timing.spike_counts": "what all laws check first",
    "spikecast.data_check.traces": "one of the kinds of checks",
    "spikecast.predictor.probe.count_loss": "one step of the way through a network",
    "spikecast.predictor.probe.layer_pass": "one step of the way through a network",
    "spikecast.predictor.probe.steepness": "surrogate gradients, a line each",
    "spikecast.predictor.probe.synapses": "one step of the way through a network",
    "spikecast.service.guard": "all limits before a request is read",
    "spikecast.service.refit": "begins a process of its own",
    "spikecast.snn.fused": "compiled loops of the fused neurons",
    "spikecast.snn.live.frozen_copy": "one step of the way from a module to a network",
    "spikecast.snn.live.layer": "one step of the way from a module to a network",
    "spikecast.snn.live.record": "one step of the way from a module to a network",
    "spikecast.snn.quantize": "a parametrization of its own",
}
#: Names that several parts share, each for its own side of one thing.
SHARED_NAMES = {
    "files": "what is written: by anybody, as networks and traces, as pictures",
    "balance": "the search, and its picture",
    "simulation": "the run, and its picture",
    "network": "folded, and in torch",
    "neurons": "as numbers, in torch, compiled",
    "rows": "the tables, and the check of them",
}


def is_plug_in(module: Module) -> bool:
    return module.name.startswith(PLUG_INS)


def is_command(module: Module) -> bool:
    return module.name.startswith("spikecast_cli.")


def test_files_are_worth_opening() -> None:
    for module in FILES:
        lines = module.text.count("\n")
        assert lines <= MOST_LINES, f"{module.name} has {lines} lines: two files, perhaps"
        if not (is_plug_in(module) or is_command(module) or module.name in ROOMS):
            assert lines > FEWEST_LINES, f"{module.name} has {lines} lines: a paragraph of another file, perhaps"


def test_files_have_two_importers() -> None:
    users = defaultdict(set)
    for module in modules().values():
        for name in imported_modules(module):
            users[name].add(module.name)
    for module in FILES:
        public = modules()[module.package].exports.values()
        if not (is_plug_in(module) or is_command(module) or module.name in public or module.name in ROOMS):
            assert len(users[module.name]) > 1, f"{module.name} is used by {users[module.name] or 'nobody'} alone"


def test_rooms_and_shared_names_are_there() -> None:
    assert set(ROOMS) <= modules().keys()
    assert set(SHARED_NAMES) <= {module.path.stem for module in FILES}


def test_file_names_are_given_once() -> None:
    names = Counter(module.path.stem for module in FILES if not (is_plug_in(module) or is_command(module)))
    assert {name for name, count in names.items() if count > 1} == set(SHARED_NAMES)


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.name)
def test_faces_hold_what_they_list(face: Module) -> None:
    package = __import__(face.name, fromlist=["__all__"])
    assert sorted(package.__all__) == sorted(face.exports)
    for name in package.__all__:
        if not name.startswith("_"):
            assert getattr(package, name) is not None
    # Behind a lazy face a name that is also a module would be the one at first and the other later.
    files = {module.path.stem for module in FILES if module.package == face.name}
    assert not {name for name, home in face.exports.items() if name in files and home != face.name}


def test_public_names_are_on_the_list() -> None:
    listed = (REPOSITORY / "tests" / "public_names.txt").read_text(encoding="utf-8").splitlines()
    assert listed == sorted(f"{face.name}.{name}" for face in FACES for name in face.exports)


def test_constants_have_one_home() -> None:
    homes = defaultdict(set)
    for module in FILES:
        for node in module.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name, value = node.targets[0].id, ast.unparse(node.value)
                if name.isupper() and len(value) > 3 and "." not in value and not re.fullmatch(r"[\w']+\(.*\)", value):
                    homes[name.lstrip("_"), value].add(module.name)
    assert not {name: found for name, found in homes.items() if len(found) > 1}


def docstrings(module: Module) -> list[tuple[str, str]]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    nodes = [node for node in ast.walk(module.tree) if isinstance(node, kinds)]
    return [(f"{module.name}.{node.name}", text) for node in nodes if (text := ast.get_docstring(node))]


def test_docstrings_stand_alone() -> None:
    leaning = [
        where for module in FILES for where, text in docstrings(module) if re.match(r"(As ``|The same\b|Like ``)", text)
    ]
    assert not leaning


#: Words that have a term of the field, or too many meanings, and names that are variables of every kind.
RETIRED = {"told", "tell", "telling", "one"}
BRITISH = re.compile(
    r"colour|behaviour|neighbour|favour|labell|travell|modell|licence|centre|grey"
    r"|(?:quant|general|util|optim|summar|normal|initial|organ|real|recogn|standard|vector|minim|maxim|binar)is(?:e|ed|es|ing|ation)\b",
    re.IGNORECASE,
)
#: Spellings that files or HTTP already hold.
HELD = {
    *("generalised", "neighbours", "Neighbour", "utilisation", "licences", "nearest_neighbour", "centre"),
    *("grey", "grey_box", "GREY_BOX", "told"),
}


@pytest.mark.parametrize("module", FILES, ids=lambda module: module.name)
def test_names_are_terms_of_the_field_in_american_spelling(module: Module) -> None:
    names = {node.id for node in ast.walk(module.tree) if isinstance(node, ast.Name)}
    names |= {node.arg for node in ast.walk(module.tree) if isinstance(node, ast.arg)}
    names |= {node.attr for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}
    names |= {node.name for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert not names & RETIRED - HELD
    assert not {name for name in names - HELD if BRITISH.search(name)}
    for where, text in docstrings(module):
        words = set(re.findall(r"\w+", re.sub(r"``.*?``", "", text)))
        assert not {word for word in words - HELD if BRITISH.search(word)}, where


def test_pages_are_in_american_spelling() -> None:
    for page in [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")]:
        if page.name != "CHANGELOG.md":
            text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
            assert not {word for word in set(re.findall(r"\w+", text)) - HELD if BRITISH.search(word)}, page


def test_the_glossary_is_short() -> None:
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = re.search(r"## Words\n(.*?)\n## ", text, re.DOTALL)
    assert section
    assert 10 <= len(re.findall(r"^\| \*\*", section[1], re.MULTILINE)) <= 20


def test_lines_to_break_are_there() -> None:
    spec = spec_from_file_location("break_lines", REPOSITORY / "scripts" / "break_lines.py")
    assert spec
    assert spec.loader
    script = module_from_spec(spec)
    sys.modules[spec.name] = script
    spec.loader.exec_module(script)
    for broken in script.BREAKS:
        assert broken.line in (REPOSITORY / "src" / "spikecast" / broken.file).read_text(encoding="utf-8"), broken.file
        assert (REPOSITORY / "tests" / broken.tests).exists()
