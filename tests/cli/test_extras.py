"""Without the packages of an extra: one line names the package and the extra, exit code 2, and nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from .conftest import Run, hide, refused


class Need(NamedTuple):
    """A command, the package that it lacks, and the extra that it is to name.

    Attributes:
        imports: beginnings of the names of modules that import the package when they are imported themselves.
    """

    command: str
    package: str
    extra: str
    imports: tuple[str, ...] = ()


RUNNER = ("spikecast.snn.", "spikecast.characterize.runner", "spikecast.characterize.trial")
STATUS = ("spikecast.characterize.status", "spikecast.characterize.locks")
NEEDS = [
    Need("pareto --out a.html", "plotly", "report"),
    Need("pareto --out a.png", "kaleido", "report"),
    Need("sensitivity --of slope --out a.html", "plotly", "report"),
    Need("simulate trace.npz --plot a.html", "plotly", "report"),
    Need("hardware balance --trace trace.npz --cores 8 --plot a.html", "plotly", "report"),
    Need("evaluate --data data --out a", "plotly", "report"),
    Need("evaluate --data data --split learning --out a", "plotly", "report"),
    Need("evaluate --data data --split suggested --out a", "plotly", "report"),
    Need("report --data data --out a.html", "plotly", "report"),
    Need("report --data data --out a.html", "jinja2", "report"),
    Need("report --data data --out a.html", "markdown_it", "report"),
    Need("report --data data --out a.html --figures a", "kaleido", "report"),
    Need("simulate network.nir --reset zero", "nir", "nir"),
    Need("recommend --minimize latency --verify", "torch", "train", RUNNER),
    Need("characterize --space space.yaml --out a", "torch", "train", RUNNER),
    Need("characterize --space space.yaml --out a --dry-run", "torch", "train", RUNNER),
    Need("characterize status data", "filelock", "train", STATUS),
    Need("characterize --space space.yaml --out a --backend dask", "distributed", "cluster"),
    Need("serve", "uvicorn", "serve"),
    Need("serve", "plotly", "serve"),
]


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: f"{need.command}: {need.package}")
def test_what_is_missing_is_named(
    need: Need, folder: Path, few_rows: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "data").symlink_to(few_rows)
    (folder / "space.yaml").write_text("name: one\nblocks: [{fixed: {architecture: FC10}, grid: {epochs: [1]}}]\n")
    (folder / "network.nir").touch()
    (folder / "trace.npz").touch()
    before = sorted(folder.iterdir())
    hide(need.package, need.imports, monkeypatch)
    line = refused(run, need.command)
    assert f" needs {need.package}, which is not installed: pip install 'spikecast[{need.extra}]'" in line
    assert sorted(folder.iterdir()) == before
