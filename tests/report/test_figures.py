"""Figures show the numbers that they were given, and their files stand alone."""

from __future__ import annotations

import struct
from html import escape
from pathlib import Path

import numpy as np
import pytest
from plotly.graph_objects import Figure
from plotly.offline import get_plotlyjs

from spikecast.accelerator._timeline import timeline
from spikecast.accelerator.hardware import Hardware, load_hardware
from spikecast.accelerator.latency import Latency, time_trace
from spikecast.accelerator.summary import layer_report
from spikecast.accelerator.trace import Trace
from spikecast.architecture import layer_shapes
from spikecast.errors import InputError
from spikecast.report import balance_figure, simulation_figure, write_figure
from spikecast.report.files import PNG_SCALE
from spikecast.report.look import WIDTH

Case = tuple[Trace, Latency, Hardware]


def random_case(architecture: str, hardware: Hardware, samples: int = 30, input_size: int = 8) -> Case:
    random = np.random.default_rng(7)
    shapes = layer_shapes(architecture, in_channels=2, input_size=input_size)
    rates = random.uniform(0.02, 0.3, (samples, 1, 1))
    counts = tuple(random.binomial(shape.frame, rates, (samples, 4, shape.trace_channels)) for shape in shapes)
    trace = Trace(shapes, counts)
    return trace, time_trace(trace, hardware), hardware


@pytest.fixture(scope="module")
def layerwise() -> Case:
    return random_case("8C3-MP2-12C3-FC20-FC10", load_hardware("pulse-small"))


@pytest.fixture(scope="module")
def pipeline() -> Case:
    return random_case("FC30-FC20-FC10", load_hardware("fc-pipeline"))


@pytest.fixture(scope="module", params=["layerwise", "pipeline"])
def case(request: pytest.FixtureRequest) -> Case:
    both: Case = request.getfixturevalue(request.param)
    return both


def lower_part(figure: Figure, kind: str) -> list[object]:
    return [drawn for drawn in figure.data if drawn.type == kind and drawn.yaxis == "y2"]


def test_bars_and_floors_are_those_of_the_report(case: Case) -> None:
    trace, latency, hardware = case
    figure, report = simulation_figure(*case), layer_report(*case)
    mean = report["done_cycles"] if hardware.mode == "layerwise" else report["share"] * latency.cycles.mean()
    bars = {
        layer: cycles for drawn in lower_part(figure, "bar") for layer, cycles in zip(drawn.y, drawn.x, strict=True)
    }
    assert bars == pytest.approx(dict(zip(report["layer"], mean, strict=True)))
    whiskers, floor, notes = lower_part(figure, "scatter")
    assert floor.x == pytest.approx(report["floor_cycles"].to_numpy())
    for i, (share, cores) in enumerate(zip(report["share"], latency.allocation, strict=True)):
        assert f"<b>{share:.0%}</b>  {cores} " in notes.text[i]
        if hardware.mode == "layerwise":
            assert whiskers.x[3 * i : 3 * i + 2] == pytest.approx(np.percentile(latency.done[:, i], [5, 95]))
        assert whiskers.x[3 * i] < bars[trace.shapes[i].name] < whiskers.x[3 * i + 1]


def test_the_timeline_shows_all_work(case: Case) -> None:
    trace, latency, hardware = case
    figure, work = simulation_figure(*case, sample=3), timeline(trace, hardware, 3)
    lanes = {drawn.name: drawn for drawn in figure.data if drawn.type == "bar" and drawn.yaxis == "y"}
    assert list(lanes) == work["engine"].unique().tolist()
    for engine, rows in work.groupby("engine"):
        starts, ends, busy, _ = lanes[engine].customdata.T
        assert set(lanes[engine].y) == set(rows["layer"])
        assert busy.sum() == rows["busy_cycles"].sum()
        assert (starts.min(), ends.max()) == (rows["start_cycle"].min(), rows["end_cycle"].max())
    assert figure.layout.annotations[0].text.startswith(f"Timeline of sample 3: {latency.cycles[3]:,} cycles (")


def test_the_title_tells_the_latency_and_the_usual_sample(layerwise: Case) -> None:
    _, latency, hardware = layerwise
    figure, cycles = simulation_figure(*layerwise), latency.cycles
    mean = cycles.mean()
    assert figure.layout.title.text == f"<b>pulse-small: {mean:,.0f} cycles ({mean / 100:,.1f} µs) per inference</b>"
    subtitle = figure.layout.title.subtitle.text
    assert subtitle.startswith("mean of 30 samples")
    for name, value in {"median": np.median(cycles), "p95": np.percentile(cycles, 95), "max": cycles.max()}.items():
        assert f"{name} {value:,.0f} cycles ({hardware.microseconds(value):,.1f} µs)" in subtitle
    nearest = min(range(len(cycles)), key=lambda sample: abs(cycles[sample] - mean))
    assert f"sample {nearest}, the nearest to the mean" in figure.layout.annotations[0].text


def test_one_sample_has_no_spread_and_generalized_timing_is_told() -> None:
    figure = simulation_figure(*random_case("FC6-FC4", load_hardware("fc-pipeline"), samples=1))
    assert figure.layout.title.subtitle.text == "one sample · timing generalised"
    assert not lower_part(figure, "scatter")[0].visible


def test_sparsity_stands_beside_the_layers(layerwise: Case) -> None:
    figure = simulation_figure(*layerwise, sparsity=np.array([0.9, 0.8, 0.7, 0.654]))
    assert [note.split(", ")[1] for note in lower_part(figure, "scatter")[2].text] == [
        "90.0% sparse",
        "80.0% sparse",
        "70.0% sparse",
        "65.4% sparse",
    ]


def test_a_large_network_on_few_cores_stays_a_small_figure() -> None:
    one_core = load_hardware("sparse-core").model_copy(update={"cores": 1})
    figure = simulation_figure(*random_case("vgg9", one_core, samples=2, input_size=32))
    assert len(figure.to_json()) < 500_000


def test_a_sample_that_is_not_there_is_refused(layerwise: Case) -> None:
    with pytest.raises(InputError, match="sample 30 is not in the trace: use 0 to 29"):
        simulation_figure(*layerwise, sample=30)


def test_html_stands_alone(layerwise: Case, tmp_path: Path) -> None:
    figure = simulation_figure(*layerwise)
    write_figure(figure, tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert get_plotlyjs() in text
    page = text.replace(get_plotlyjs(), "")
    assert not any(outside in page for outside in ("http:", "https:", "cdn", "src=", "<link"))
    assert all(shape.name in page for shape in layerwise[0].shapes)
    assert f"<title>{escape(figure.layout.title.text[3:-4])}</title>" in page
    write_figure(figure, tmp_path / "b.html")
    assert (tmp_path / "b.html").read_text(encoding="utf-8") == text


def test_png_has_the_size_of_the_figure(layerwise: Case, tmp_path: Path) -> None:
    from choreographer.browsers.chromium import Chromium

    if Chromium.find_browser(skip_local=False) is None:
        pytest.skip("no Chrome or Chromium on this machine")
    figure = simulation_figure(*layerwise)
    write_figure(figure, tmp_path / "a.png")
    head = (tmp_path / "a.png").read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", head[16:]) == (PNG_SCALE * WIDTH, PNG_SCALE * figure.layout.height)


def test_png_without_a_browser_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))
    with pytest.raises(InputError) as refused:
        write_figure(Figure(), tmp_path / "a.png")
    assert str(refused.value) == ("png needs Chrome or Chromium, which was not found: install one, or use .html")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.pdf", "use a name that ends in .html or .png"),
        ("a", "use a name that ends in .html or .png"),
        ("none/a.html", "there is no folder .*none: make it first"),
        ("none/a.png", "there is no folder .*none: make it first"),
        ("folder.html", "cannot write a figure to .*folder.html: it is a folder: use another name"),
    ],
)
def test_paths_that_cannot_be_written_are_refused(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(InputError, match=said) as refused:
        write_figure(Figure(), tmp_path / name)
    assert "\n" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.html"]


def test_balance_shows_what_it_was_given() -> None:
    figure = balance_figure([4, 8, 16, 100], [900.0, 500.0, 300.0, 210.0], 200.0, 16, [950.0, 560.0, 310.0, 210.0])
    drawn = {curve.name: curve for curve in figure.data}
    assert drawn["best allocation"].y.tolist() == [900, 500, 300, 210]
    assert drawn["in proportion to work"].y.tolist() == [950, 560, 310, 210]
    assert (drawn["chosen budget"].x, drawn["chosen budget"].y) == ((16,), (300,))
    assert drawn["floor"].y == (200, 200)
    assert drawn["floor"].line.dash == "dash"
    assert (figure.layout.xaxis.type, figure.layout.yaxis.type) == ("log", "linear")
    assert "16 cores: 300 cycles" in figure.layout.title.text
    assert "1.50 times the floor of 200 cycles" in figure.layout.title.subtitle.text


def test_balance_without_the_proportional_rule() -> None:
    figure = balance_figure([4, 8], [900.0, 500.0], 200.0, 8)
    assert "in proportion to work" not in [curve.name for curve in figure.data]
    assert figure.layout.xaxis.type == "linear"


def test_balance_refuses_what_does_not_fit() -> None:
    with pytest.raises(InputError, match="1 latencies for 2 budgets of cores: give one for each"):
        balance_figure([4, 8], [900.0], 200.0, 8)
    with pytest.raises(InputError, match="5 cores are not among the budgets of 4 to 8: choose one that is"):
        balance_figure([4, 8], [900.0, 500.0], 200.0, 5)
