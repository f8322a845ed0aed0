"""Models as plain arrays answer as the libraries that fitted them do."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from spikecast.predictor.manifest import SHIPPABLE
from spikecast.predictor.models import (
    BoostedTrees,
    GaussianProcess,
    Mean,
    NearestNeighbor,
    OutcomeModel,
    Regressor,
    gaussian_process,
)
from spikecast.predictor.models.boosted_trees import MANY, walk
from spikecast.predictor.models.gaussian_process import Kernel
from spikecast.predictor.models.kernel import standard_scale


@pytest.fixture(scope="module")
def data() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    x = random.normal(size=(80, 5)) * [1, 10, 0.1, 1, 0] + [0, 5, 0, 1, 3]
    y = np.sin(x[:, 0]) + 0.1 * x[:, 1] + 3 * x[:, 2] + 0.05 * random.normal(size=80)
    return x, y


@pytest.mark.parametrize("model", [*SHIPPABLE.values(), Mean, NearestNeighbor], ids=lambda m: m.name)
def test_a_saved_model_answers_the_same(
    model: type[Regressor], data: tuple[np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    x, y = data
    fitted = model.fit(x, y)
    path = tmp_path / f"model.{model.suffix}"
    fitted.save(path)
    assert np.array_equal(model.load(path).predict(x), fitted.predict(x))
    assert np.array_equal(model.fit(x, y).predict(x), fitted.predict(x))


@pytest.mark.parametrize("model", SHIPPABLE.values(), ids=lambda m: m.name)
def test_models_beat_the_mean(model: type[Regressor], data: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = data
    fitted = model.fit(x[:60], y[:60])
    assert np.abs(fitted.predict(x[60:]) - y[60:]).mean() < 0.8 * np.abs(y[60:] - y[:60].mean()).mean()


def test_gaussian_process_equals_scikit_learn(data: tuple[np.ndarray, np.ndarray]) -> None:
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import Matern, WhiteKernel

    # Some rows again, with other values, as seeds of a configuration are.
    x = np.vstack([data[0], data[0][:30], data[0][:10]])
    y = np.concatenate([data[1], data[1][:30] + 0.3, -data[1][:10]])
    kernel = Kernel(Kernel.likeliest(*data).inverse_scale, noise=0.01)
    ours = GaussianProcess.under(kernel, x, y)
    assert len(ours.points) == len(data[0])
    theirs = GaussianProcessRegressor(Matern(1.0, nu=1.5) + WhiteKernel(kernel.noise), optimizer=None)
    theirs.fit(x * kernel.inverse_scale, y - y.mean())
    asked = x + 0.1
    assert np.allclose(ours.predict(asked), theirs.predict(asked * kernel.inverse_scale) + y.mean(), atol=1e-6)


def test_scales_are_found_even_if_few_rows_tell_them(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    grid = np.column_stack([random.choice(np.linspace(-0.3, 0.3, 15), 600), np.zeros(600)])
    wide = random.uniform(-1, 1, (40, 2))
    x = np.concatenate([grid, wide])
    y = np.sin(4 * x[:, 1]) + 0.01 * random.normal(size=640)
    monkeypatch.setattr(gaussian_process, "_LIKELIHOOD_ROWS", 50)
    kernel = Kernel.likeliest(x, y)
    # All that matters is the second feature, which the grid leaves alone.
    assert kernel.inverse_scale[1] > 5 * kernel.inverse_scale[0]
    # Points that are all alike are one.
    assert len(gaussian_process._far_apart(np.repeat(wide[:3], 50, axis=0), 20)) == 3


def test_half_of_the_rows_that_tell_scales_are_far_apart() -> None:
    grid = np.random.default_rng(4).uniform(-0.1, 0.1, (300, 2))
    far = np.array([[5.0, 5.0], [-5.0, 5.0], [5.0, -5.0], [-5.0, -5.0]])
    points = np.concatenate([grid, far])
    for count, expected in ((20, 20), (1000, 304)):
        chosen = gaussian_process._informative(points, count)
        assert len(set(chosen.tolist())) == len(chosen) == expected
        assert set(range(300, 304)) <= set(chosen.tolist())


def test_many_questions_have_the_answers_of_few(data: tuple[np.ndarray, np.ndarray]) -> None:
    fitted = GaussianProcess.under(Kernel(Kernel.likeliest(*data).inverse_scale, noise=0.01), *data)
    asked = np.random.default_rng(5).normal(0.0, 10.0 ** np.arange(-3, 4).repeat(60)[:, np.newaxis], (420, 5))
    few = np.concatenate([fitted.predict(part) for part in np.split(asked, 7)])
    assert np.allclose(fitted.predict(asked), few, rtol=0, atol=1e-9)


def test_no_kernel_is_likelier_than_the_likeliest(data: tuple[np.ndarray, np.ndarray]) -> None:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

    x, y = data
    kernel = Kernel.likeliest(x, y)
    used = kernel.inverse_scale > 0
    assert used.tolist() == [True] * 4 + [False]
    scaled = (x / np.where(used, x.std(axis=0), 1.0))[:, used]

    def likelihood(form: object, optimizer: str | None, points: np.ndarray) -> float:
        process = GaussianProcessRegressor(form, normalize_y=True, random_state=0, optimizer=optimizer)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            return float(process.fit(points, y).log_marginal_likelihood_value_)

    searched = ConstantKernel(4.0, (1e-2, 1e4)) * Matern(np.full(4, 3.0), (0.1, 1e3), nu=1.5) + WhiteKernel(
        0.05, (1e-5, 1.0)
    )
    theirs = likelihood(searched, "fmin_l_bfgs_b", scaled)
    # Ours keeps signal and noise as a ratio: the likeliest signal for it is theirs to find.
    ours = max(
        likelihood(
            ConstantKernel(signal) * Matern(1.0, nu=1.5) + WhiteKernel(signal * kernel.noise),
            None,
            (x * kernel.inverse_scale)[:, used],
        )
        for signal in np.geomspace(0.01, 1e4, 400)
    )
    assert ours > theirs - 0.05


def test_linear_equals_scikit_learn(data: tuple[np.ndarray, np.ndarray]) -> None:
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x, y = data
    theirs = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-3, 3, 13))).fit(x, y)
    assert np.allclose(SHIPPABLE["linear"].fit(x, y).predict(x), theirs.predict(x))


@pytest.mark.parametrize("names", [["ok", "silent", "collapsed"], ["ok", "silent"], ["ok"]])
def test_outcome_probabilities(names: list[str], data: tuple[np.ndarray, np.ndarray], tmp_path: Path) -> None:
    x, _ = data
    outcomes = np.array(names)[np.digitize(x[:, 0], [-0.5, 0.5]) % len(names)]
    model = OutcomeModel.fit(x, outcomes)
    model.save(tmp_path / "outcome.json")
    probabilities = OutcomeModel.load(tmp_path / "outcome.json").probabilities(x)
    assert probabilities.shape == (80, len(names))
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert (np.array(model.classes)[probabilities.argmax(axis=1)] == outcomes).mean() > 0.75


def test_nearest_neighbor_measures_in_standard_deviations() -> None:
    x = np.array([[0.0, 0.0], [1.0, 100.0], [0.0, 100.0], [1.0, 0.0]])
    model = NearestNeighbor.fit(x, np.array([1.0, 2.0, 3.0, 4.0]))
    assert model.predict(np.array([[0.1, 40.0], [0.9, 60.0]])).tolist() == [1.0, 2.0]


def test_a_column_that_is_constant_but_for_rounding_does_not_count() -> None:
    # numpy's standard deviation of this constant is 9e-16, not 0.
    x = np.column_stack([np.arange(30.0), np.full(30, np.log(2e-3))])
    assert standard_scale(x)[1] == 0
    assert (
        np.abs(SHIPPABLE["gaussian_process"].fit(x, np.sin(x[:, 0] / 5)).predict(x) - np.sin(x[:, 0] / 5)).max() < 0.1
    )


def test_boosted_trees_equal_xgboost(data: tuple[np.ndarray, np.ndarray], tmp_path: Path) -> None:
    import xgboost

    x, y = data
    ours = SHIPPABLE["boosted_trees"].fit(x, y)
    ours.save(tmp_path / "trees.json")
    theirs = xgboost.Booster(model_file=tmp_path / "trees.json")
    asked = np.vstack([x, x[:, ::-1], np.zeros((1, 5))])
    assert np.array_equal(ours.predict(asked).astype(np.float32), theirs.inplace_predict(asked))
    assert np.array_equal(walk(*arguments(ours, asked)), walk.__wrapped__(*arguments(ours, asked)))


def arguments(trees: BoostedTrees, x: np.ndarray) -> tuple[np.ndarray, ...]:
    nodes = (trees.left, trees.right, trees.feature, trees.threshold)
    return (x.astype(np.float32), *nodes, trees.output, trees.base)


@pytest.mark.parametrize("count", [2, 3])
def test_boosted_classes_equal_xgboost(count: int, data: tuple[np.ndarray, np.ndarray], tmp_path: Path) -> None:
    import xgboost

    x, y = data
    ours = BoostedTrees.fit_classes(x, np.digitize(y, np.quantile(y, [0.3, 0.7][: count - 1])), count, 20, 3)
    ours.save(tmp_path / "trees.json")
    theirs = xgboost.Booster(model_file=tmp_path / "trees.json").predict(xgboost.DMatrix(x))
    odds = np.exp(ours.outputs(x))
    assert np.allclose(odds / odds.sum(axis=1, keepdims=True), theirs, atol=1e-6)


def test_many_rows_are_answered_as_few_are(data: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = data
    trees = BoostedTrees.fit_classes(x, np.digitize(y, np.quantile(y, [0.3, 0.7])), 3, 20, 3)
    times = 5
    assert len(x) < MANY < len(x) * times
    assert np.array_equal(trees.outputs(np.tile(x, (times, 1))), np.tile(trees.outputs(x), (times, 1)))
