"""The scikit-learn estimator: learns what sets measurements apart from the predictor's answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from spikecast import InputError, Predictor, SpikecastRegressor, TrainingChoices, load_hardware
from spikecast.choices import CHOICES
from spikecast.rows import read_rows


@pytest.fixture(scope="module")
def unseen(repository: Path) -> pd.DataFrame:
    """Networks that trained, of which the shipped predictor saw none, but knows others of their architecture."""
    rows = read_rows(repository / "data" / "characterization")
    rows = rows[rows["architecture"] == TrainingChoices().architecture]
    return rows[(rows["status"] == "ok") & (rows["split"] == "test")].reset_index(drop=True)


@pytest.mark.parametrize(("target", "factor"), [("latency_cycles", 1.3), ("energy_nj", 0.4)])
def test_a_few_rows_tell_that_all_cost_so_many_times_more(unseen: pd.DataFrame, target: str, factor: float) -> None:
    asked = unseen[list(CHOICES)]
    expected = Predictor.load().predict_frame(asked)[target].to_numpy()
    learned = SpikecastRegressor(target).fit(asked.head(10), factor * expected[:10])
    assert learned.predict(asked) == pytest.approx(factor * expected, rel=1e-6)


def test_shares_stay_shares(unseen: pd.DataFrame) -> None:
    asked = unseen[["surrogate", "slope", "neuron", "beta", "threshold"]]
    learned = SpikecastRegressor("accuracy").fit(asked, np.linspace(0, 1, len(asked)))
    assert ((learned.predict(asked) >= 0) & (learned.predict(asked) <= 1)).all()


def test_pipelines_and_cross_validation_take_it(unseen: pd.DataFrame) -> None:
    def of_choices(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[list(CHOICES)]

    pipeline = make_pipeline(FunctionTransformer(of_choices), SpikecastRegressor())
    scores = cross_val_score(
        pipeline, unseen, unseen["latency_cycles"], groups=unseen["config_key"], cv=GroupKFold(4), scoring="r2"
    )
    assert scores.mean() > 0.9


def test_it_has_an_estimators_parameters() -> None:
    copy = clone(SpikecastRegressor("accuracy", hardware="pulse-small"))
    assert copy.get_params() == {"target": "accuracy", "model": None, "hardware": "pulse-small"}
    assert copy.set_params(target="sparsity").target == "sparsity"


def test_refusals_name_the_value() -> None:
    table = pd.DataFrame({"threshold": [0.5, -1.0]})
    with pytest.raises(NotFittedError):
        SpikecastRegressor().predict(table)
    with pytest.raises(InputError, match=r"row 1: threshold -1\.0 is not allowed"):
        SpikecastRegressor().fit(table, [1, 2])
    with pytest.raises(InputError, match="unknown target 'speed'"):
        SpikecastRegressor("speed").fit(table, [1, 2])
    with pytest.raises(InputError, match=r"latency_cycles 0 is not allowed: give numbers above 0"):
        SpikecastRegressor().fit(table, [1, 0])
    bare = load_hardware("sparse-core").model_copy(update={"energy": None})
    with pytest.raises(InputError, match="sparse-core has no energy table, so energy_nj is not known"):
        SpikecastRegressor("energy_nj", hardware=bare).fit(pd.DataFrame({"threshold": [0.5]}), [1])
    with pytest.raises(InputError, match=r"accuracy 92 is not allowed: give numbers from 0 to 1"):
        SpikecastRegressor("accuracy").fit(table, [0.9, 92])
