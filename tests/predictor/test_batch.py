"""A table of questions says what single questions say."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from spikecast.choices import CHOICES, TrainingChoices
from spikecast.errors import InputError
from spikecast.predictor import Predictor
from spikecast.predictor.questions import Questions
from spikecast.predictor.table import read_batch, read_choices_csv

_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "surrogate": st.sampled_from(["fs", "atan", "sre", "straight_through_estimator", "nonsense"]),
    "neuron": st.sampled_from(["lif", "lapicque", "alpha", "synaptic", "rleaky"]),
    "slope": st.sampled_from([0.5, 1, 2.0, 25.0, -1.0, 0.0, 1001.0, float("inf"), 10**400]),
    "beta": st.sampled_from([0.05, 0.14, 0.2, 0.5, 0.95, 1.0]),
    "alpha": st.sampled_from([0.1, 0.9, 0.95]),
    "threshold": st.sampled_from([0.5, 1.1, 0.0, 200.0]),
    "weight_bits": st.sampled_from([4, 8, 32, 5]),
    "epochs": st.sampled_from([1, 12, 4.5, 0]),
    "timesteps": st.sampled_from([1, 4, 100, 101]),
    "input_size": st.sampled_from([8, 32, 7, 10]),
    "architecture": st.sampled_from(["csnn-s", "vgg9", "4C3-MP2-FC20", "FC20-C3"]),
}
_ROW = st.fixed_dictionaries({}, optional=_VALUES)


@given(st.lists(_ROW, min_size=1, max_size=6))
@settings(deadline=None, max_examples=150)
def test_rows_are_read_as_training_choices_read_them(rows: list[dict[str, Any]]) -> None:
    frame = pd.DataFrame(rows, index=range(len(rows)))
    batch = read_batch(frame)
    allowed, refused = [], {}
    for number, row in enumerate(frame.to_dict("records")):
        try:
            allowed.append(TrainingChoices(**{str(name): value for name, value in row.items() if pd.notna(value)}))
        except InputError as error:
            refused[number] = str(error)
    assert batch.errors == refused
    assert batch.rows.tolist() == [number for number in range(len(rows)) if number not in batch.errors]
    expected = Questions.of(allowed)
    for name in CHOICES:
        assert batch.questions.columns[name].tolist() == expected.columns[name].tolist()
    assert len(batch.questions) == len(allowed)


def test_one_bad_row_harms_no_other() -> None:
    predictor = Predictor.load()
    frame = pd.DataFrame(
        {"surrogate": ["sre", "nix", None, "sre"], "timesteps": [4, 4, 99, 4], "beta": [0.5, 0.5, np.nan, 2.0]},
        index=["a", "b", "c", "d"],
    )
    predicted = predictor.predict_frame(frame)
    alone = predictor.predict({"surrogate": "sre", "beta": 0.5})
    assert predicted.loc["a", "latency_cycles"] == pytest.approx(alone.latency_cycles.value)
    assert predicted.loc["a", "energy_nj_high"] == pytest.approx(alone.energy_nj.high if alone.energy_nj else None)
    assert pd.isna(predicted.loc["a", "error"])
    assert predicted["error"]["b"].startswith("unknown surrogate 'nix'")
    assert predicted["error"]["c"].startswith("timesteps 99 was never measured on nmnist")
    assert predicted["error"]["d"].startswith("beta 2.0 is not allowed")
    assert predicted.loc[["b", "c", "d"], "accuracy"].isna().all()
    assert not predicted.loc[["b", "c", "d"], "in_domain"].any()


def test_a_table_without_rows_or_answers() -> None:
    predictor = Predictor.load()
    frame = pd.DataFrame({"surrogate": ["nix"]})
    assert predictor.predict_frame(frame)["latency_cycles"].isna().all()
    assert predictor.predict_frame(frame.head(0)).empty


def test_an_unknown_column_is_named() -> None:
    with pytest.raises(InputError, match="unknown choice 'slop'"):
        read_batch(pd.DataFrame({"slop": [1.0]}))


def test_what_is_neither_number_nor_text_is_refused() -> None:
    batch = read_batch(pd.DataFrame({"beta": [[0.3], 0.9, None]}))
    assert list(batch.errors) == [0]
    assert "beta" in batch.errors[0]
    assert batch.questions.columns["beta"].tolist() == [0.9, 0.45]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"slope," * 400_000 + b"slope\n", "column slope is there twice"),
        (b",".join(b"slope%d" % n for n in range(100_000)) + b"\n", "unknown choice 'slope0': did you mean slope"),
        (b"\n\n\xef\xbb\xbfbeta,beta\n0.3,0.4\n", "unknown choice"),
        (b"beta\n0.3,0.4\n", "a row of x.csv holds more values than the header names"),
    ],
)
def test_a_header_is_read_before_the_table(content: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_choices_csv(BytesIO(content), " of x.csv")


def test_a_byte_order_mark_is_no_part_of_a_name() -> None:
    assert read_choices_csv(BytesIO(b"\xef\xbb\xbfbeta,slope\n0.3,1\n")).columns.tolist() == ["beta", "slope"]
