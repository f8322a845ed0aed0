"""Part d: the shipped models evaluated by our runtime and by the libraries that fitted them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import xgboost
from measuring import Cell, Settings, Tables, interleaved, spread
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern

from spikecast import Predictor
from spikecast.predictor.models import BoostedTrees, GaussianProcess

_ROWS = (1, 20_000)
#: scikit-learn keeps the kernel of all questions and points at once.
_MOST_AT_ONCE = 2_000


def tables(settings: Settings) -> Tables:
    parts = Predictor.load().parts
    trees, process = parts.outcome.trees, parts.activity.roles["dense"].process
    models = {"trees of the outcome": _trees(trees), "process of the dense layers": _process(process)}
    compared = [
        _compare(name, ours, theirs, features, rows, settings)
        for name, (ours, theirs, features) in models.items()
        for rows in _ROWS
    ]
    return {
        "d. Our runtime beside the libraries', one thread": compared,
        "d. Seconds to import": [
            {"module": name, "s": spread(taken)}
            for name, taken in interleaved(
                {name: _importing(name) for name in ("spikecast.predictor", "xgboost", "sklearn.gaussian_process")},
                min(settings.rounds, 5),
            ).items()
        ],
    }


_Model = tuple[Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], np.ndarray], int]


def _trees(trees: BoostedTrees) -> _Model:
    booster = xgboost.Booster({"nthread": 1})
    booster.load_model(bytearray(trees.document, "utf-8"))
    return trees.outputs, lambda x: booster.inplace_predict(x, predict_type="margin"), booster.num_features()


def _process(process: GaussianProcess) -> _Model:
    used = process.inverse_scale > 0
    theirs = GaussianProcessRegressor(Matern(1.0 / process.inverse_scale[used], "fixed", nu=1.5), optimizer=None)
    # The fitted weights take the place of a fit: only the evaluation is compared.
    theirs.kernel_ = theirs.kernel
    theirs.X_train_ = process.points[:, used] / process.inverse_scale[used]
    theirs.alpha_, theirs._y_train_mean, theirs._y_train_std = process.weights, process.offset, 1.0

    def predict(x: np.ndarray) -> np.ndarray:
        blocks = range(0, len(x), _MOST_AT_ONCE)
        return np.concatenate([theirs.predict(x[start : start + _MOST_AT_ONCE, used]) for start in blocks])

    return process.predict, predict, len(used)


def _compare(
    name: str,
    ours: Callable[[np.ndarray], np.ndarray],
    theirs: Callable[[np.ndarray], np.ndarray],
    features: int,
    rows: int,
    settings: Settings,
) -> dict[str, Cell]:
    x = np.random.default_rng(0).normal(size=(rows, features))
    ours(np.repeat(x, 300, axis=0)[:300])
    seconds = interleaved({"ours": lambda: ours(x), "theirs": lambda: theirs(x)}, settings.rounds)
    return {
        "model": name,
        "rows": rows,
        "ours, ms": spread(1e3 * seconds["ours"]),
        "library, ms": spread(1e3 * seconds["theirs"]),
        "library / ours": spread(seconds["theirs"] / seconds["ours"]),
        "largest difference": float(np.abs(ours(x) - theirs(x)).max()),
    }


def _importing(module: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
