"""Models as plain arrays answer as the libraries that fitted them do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spikecast.predictor.models import SHIPPABLE, Mean, NearestNeighbour, OutcomeModel, Regressor
from spikecast.predictor.models.scaling import standard_scale


@pytest.fixture(scope="module")
def data() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    x = random.normal(size=(80, 5)) * [1, 10, 0.1, 1, 0] + [0, 5, 0, 1, 3]
    y = np.sin(x[:, 0]) + 0.1 * x[:, 1] + 3 * x[:, 2] + 0.05 * random.normal(size=80)
    return x, y


@pytest.mark.parametrize("model", [*SHIPPABLE.values(), Mean, NearestNeighbour], ids=lambda m: m.name)
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

    x, y = data
    kept: list[GaussianProcessRegressor] = []
    original = GaussianProcessRegressor.fit

    def keep(self: GaussianProcessRegressor, *arguments: object) -> GaussianProcessRegressor:
        kept.append(self)
        return original(self, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GaussianProcessRegressor, "fit", keep)
        ours = SHIPPABLE["gaussian_process"].fit(x, y)
    deviation = x.std(axis=0)
    scaled = (x + 0.1)[:, deviation > 0] / deviation[deviation > 0]
    assert np.allclose(ours.predict(x + 0.1), kept[0].predict(scaled), atol=1e-6)


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
    model.save(tmp_path / "outcome.npz")
    probabilities = OutcomeModel.load(tmp_path / "outcome.npz").probabilities(x)
    assert probabilities.shape == (80, len(names))
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert (model.classes[probabilities.argmax(axis=1)] == outcomes).mean() > 0.75


def test_nearest_neighbour_measures_in_standard_deviations() -> None:
    x = np.array([[0.0, 0.0], [1.0, 100.0], [0.0, 100.0], [1.0, 0.0]])
    model = NearestNeighbour.fit(x, np.array([1.0, 2.0, 3.0, 4.0]))
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
    assert np.allclose(ours.predict(asked), theirs.inplace_predict(asked), atol=1e-5)
