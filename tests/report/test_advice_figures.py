"""Figures of advice show the numbers that they were given."""

from __future__ import annotations

import pandas as pd
import pytest

from spikecast.advise import ParetoFront, Sweep
from spikecast.advise.objective import COSTS
from spikecast.choices import TrainingChoices
from spikecast.report.advice import pareto_figure, sensitivity_figure

TARGETS = {"accuracy": 0.6, "sparsity": 0.9, "latency_us": 300.0, "energy_nj": 9000.0}


def predicted(**swept: list[object]) -> pd.DataFrame:
    """Choices with predictions, better from row to row."""
    (name, values), *_ = swept.items()
    rows = []
    for step, value in enumerate(values):
        choices = TrainingChoices(**{name: value}).model_dump(exclude={"seed"})
        numbers = {target: number * (1 + 0.01 * step) for target, number in TARGETS.items()}
        lows = {f"{target}_low": 0.9 * number for target, number in numbers.items()}
        highs = {f"{target}_high": 1.05 * number for target, number in numbers.items()}
        rows.append({**choices, **numbers, **lows, **highs, "in_domain": step > 0})
    return pd.DataFrame(rows)


@pytest.mark.parametrize("cost", ["latency", "energy", "sparsity"])
@pytest.mark.parametrize("with_measured", [True, False])
def test_the_front_and_its_intervals(cost: str, with_measured: bool) -> None:
    table, objective = predicted(slope=[1.0, 2.0, 3.0, 4.0]), COSTS[cost]
    measured = table[["accuracy", objective.column]].iloc[: 2 if with_measured else 0]
    found = ParetoFront(objective, table, measured, 1234, "sparse-core")
    figure = pareto_figure(found, 3)
    grey, line, points = figure.data
    assert grey.visible is with_measured
    assert list(grey.y) == measured["accuracy"].tolist()
    assert list(line.x) == objective.cost(table).tolist()
    assert list(line.y) == table["accuracy"].tolist()
    shown = found.points(3)
    assert list(points.text) == ["1", "2", "3"]
    assert list(points.x) == objective.cost(shown).tolist()
    assert list(points.y + points.error_y.array) == pytest.approx(shown["accuracy_high"].tolist())
    ends = sorted([*(points.x - points.error_x.arrayminus), *(points.x + points.error_x.array)])
    columns = [objective.column + end for end in ("_low", "_high")]
    expected = pd.concat([shown[name] for name in columns])
    assert ends == pytest.approx(sorted(1 - expected if cost == "sparsity" else expected))
    assert "on sparse-core; 4 of 1,234 candidates" in figure.layout.title.subtitle.text
    assert ("measured networks are not shown" in figure.layout.title.subtitle.text) is not with_measured


def test_a_numeric_sweep_is_a_curve_for_each_target() -> None:
    table = predicted(slope=[1.0, 2.0, 4.0])
    figure = sensitivity_figure(Sweep("slope", table, "sparse-core"))
    bands, curves = figure.data[::2], figure.data[1::2]
    for target, band, curve in zip(TARGETS, bands, curves, strict=True):
        assert list(curve.x) == [1.0, 2.0, 4.0]
        assert list(curve.y) == table[target].tolist()
        assert list(band.y) == [*table[f"{target}_high"], *table[f"{target}_low"][::-1]]
        assert [color == "white" for color in curve.marker.color] == [True, False, False]
    assert figure.layout.xaxis.type == "log"
    assert "fs, leaky beta 0.45" in figure.layout.title.subtitle.text
    assert "hollow: outside what was measured (1 of 3)" in figure.layout.title.subtitle.text


def test_categories_are_rows() -> None:
    table = predicted(neuron=["leaky", "lapicque"])
    figure = sensitivity_figure(Sweep("neuron", table, "sparse-core"))
    assert len(figure.data) == len(TARGETS)
    for target, dots in zip(TARGETS, figure.data, strict=True):
        assert list(dots.y) == ["leaky", "lapicque"]
        assert list(dots.x) == table[target].tolist()
        assert list(dots.x - dots.error_x.arrayminus) == pytest.approx(table[f"{target}_low"].tolist())
    assert "beta and threshold as each one's default" in figure.layout.title.subtitle.text


def test_what_is_not_predicted_is_not_drawn() -> None:
    table = predicted(slope=[1.0, 2.0]).drop(columns=["energy_nj", "energy_nj_low", "energy_nj_high"])
    assert len(sensitivity_figure(Sweep("slope", table, "sparse-core")).data) == 2 * 3
