"""The shipped predictor's answers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import spikecast
from spikecast._util.deadline import OutOfTimeError, done_within
from spikecast.accelerator import time_trace
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.predictor import Interval, Predictor
from spikecast.predictor.questions import Questions, Structure
from spikecast.rows import CHOICE_COLUMNS, choices_of, read_rows, read_traces, trace_of

DATA = Path(__file__).parents[2] / "data" / "characterization"


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor.load()


def test_the_first_question(predictor: Predictor) -> None:
    prediction = predictor.predict({"surrogate": "sre", "neuron": "lapicque"})
    assert prediction == spikecast.predict(surrogate="sre", neuron="lapicque")
    assert prediction.in_domain
    assert prediction.reasons == ()
    assert len(prediction.neighbours) == 3
    assert [layer.layer for layer in prediction.layers] == ["conv1", "conv2", "fc1", "fc2"]
    cycles, time = prediction.latency_cycles, prediction.latency_us
    assert (time.value, time.low, time.high) == pytest.approx((cycles.value / 100, cycles.low / 100, cycles.high / 100))


@given(
    st.sampled_from(["fs", "atan", "sre", "sso"]),
    st.sampled_from(["lif", "lapicque"]),
    st.floats(0.14, 0.99),
    st.floats(0.01, 10),
    st.floats(0.01, 100),
)
def test_every_answer_is_well_formed(
    predictor: Predictor, surrogate: str, neuron: str, beta: float, threshold: float, slope: float
) -> None:
    answer = predictor.predict(
        {"surrogate": surrogate, "neuron": neuron, "beta": beta, "threshold": threshold, "slope": slope}
    )
    assert sum(answer.outcome.values()) == pytest.approx(1)
    for interval in (answer.accuracy, answer.sparsity, answer.latency_cycles, *(a.sparsity for a in answer.layers)):
        assert np.isfinite([interval.low, interval.value, interval.high]).all()
        assert interval.low <= interval.value <= interval.high
    assert 0 <= answer.accuracy.low <= answer.accuracy.high <= 1
    assert answer.in_domain == (not answer.reasons)
    distances = [neighbor.distance for neighbor in answer.neighbours]
    assert distances == sorted(distances)


def test_predictions_follow_the_measured_rows(predictor: Predictor) -> None:
    rows = read_rows(DATA)
    test = rows[(rows["split"] == "test") & (rows["status"] == "ok")]
    predicted = predictor.predict_frame(test[[name for name in CHOICE_COLUMNS if name != "seed"]])
    assert predicted.index.equals(test.index)
    error = (predicted["latency_cycles"] / test["latency_cycles"] - 1).abs()
    mean_error = (test["latency_cycles"].mean() / test["latency_cycles"] - 1).abs()
    assert error.mean() < mean_error.mean() / 3
    recorded = predictor.manifest["targets"]["latency_cycles"]["test"]
    assert 100 * error.mean() == pytest.approx(recorded["mape_percent"])
    inside = test["latency_cycles"].between(predicted["latency_cycles_low"], predicted["latency_cycles_high"])
    assert inside.mean() >= recorded["interval_coverage"]


def test_neighbors_are_the_nearest_of_all(predictor: Predictor) -> None:
    measured = predictor.measured
    for slope in (1.0, 3.3, 70.0):
        x = predictor.features(Questions.of([TrainingChoices(slope=slope)]))
        distances = np.linalg.norm(measured.points - x * measured.scale, axis=1)
        found = measured.nearest(x, 12)
        assert [one.distance for one in found] == pytest.approx(np.sort(distances)[:12])
        assert [one.choices for one in found] == [
            measured.choices[number].model_dump(exclude={"seed"})
            for number in np.argsort(distances, kind="stable")[:12]
        ]
        assert measured.nearest_distances(x) == pytest.approx(distances.min())


def test_a_measured_configuration_is_its_own_nearest_neighbor(predictor: Predictor) -> None:
    rows = read_rows(DATA)
    row = rows[(rows["split"] == "train") & (rows["status"] == "ok")].iloc[0]
    choices = {name: row[name] for name in CHOICE_COLUMNS}
    nearest = predictor.predict(choices).neighbours[0]
    seeds = rows[rows["config_key"] == row["config_key"]]
    assert nearest.distance == pytest.approx(0, abs=1e-9)
    assert nearest.latency_cycles == pytest.approx(seeds["latency_cycles"].mean())


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ({"slope": 900}, "slope 900 was never measured for fast_sigmoid"),
        ({"neuron": "lapicque", "beta": 0.15}, "beta 0.15 was never measured for lapicque on nmnist, only 0.2"),
        ({"threshold": 50}, "threshold 50 was never measured on nmnist, only 0."),
        ({"loss": "ce_count"}, "loss ce_count was never measured on nmnist, only mse_count"),
        ({"gradient_clip": 1.0}, "gradient_clip 1 was never measured on nmnist, only 0"),
        ({"learning_rate": 0.1}, "learning_rate 0.1 was never measured on nmnist, only 0.0"),
    ],
)
def test_outside_the_domain_says_why_and_widens(predictor: Predictor, choices: dict[str, object], reason: str) -> None:
    answer = predictor.predict(choices)
    assert not answer.in_domain
    assert any(found.startswith(reason) for found in answer.reasons)
    inside = predictor.predict()
    assert width(answer.accuracy) > 2 * width(inside.accuracy)
    assert width(answer.latency_cycles) > 2 * width(inside.latency_cycles)


def width(interval: Interval) -> float:
    return interval.high - interval.low


@pytest.mark.parametrize("choices", [{"dataset": "cifar10-dvs"}, {"timesteps": 99}, {"input_size": 16}])
def test_recordings_of_which_nothing_was_measured_are_refused(predictor: Predictor, choices: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"was never measured.*: this model knows"):
        predictor.predict(choices)


def test_a_network_that_was_never_measured_is_answered_but_flagged(predictor: Predictor) -> None:
    answer = predictor.predict({"architecture": "12C3-MP2-20C3-MP2-FC100-FC100"})
    assert answer.reasons[0].startswith("architecture 12C3-MP2-20C3-MP2-FC100-FC100 was never measured on nmnist, only")
    known = predictor.predict()
    # Of the first layer all is known but its width.
    assert answer.layers[0].latency_cycles == known.layers[0].latency_cycles
    assert width(answer.latency_cycles) / answer.latency_cycles.value > width(known.latency_cycles) / (
        known.latency_cycles.value
    )


def test_another_clock_changes_microseconds_alone(predictor: Predictor) -> None:
    hardware = spikecast.load_hardware("sparse-core")
    fast = hardware.model_copy(update={"name": "fast", "clock_mhz": 250.0})
    slow, quick = predictor.predict(), predictor.predict(hardware=fast)
    assert quick.latency_cycles == slow.latency_cycles
    assert quick.latency_us.value == pytest.approx(slow.latency_cycles.value / 250)


def test_other_hardware_needs_no_other_model(predictor: Predictor) -> None:
    hardware = spikecast.load_hardware("sparse-core")
    narrow = hardware.model_copy(update={"name": "narrow", "fc_encoder_width": 8})
    few = hardware.model_copy(update={"name": "few", "cores": 4})
    known, slow, slower = (predictor.predict(hardware=one) for one in (hardware, narrow, few))
    assert known.layers[1].latency_cycles == slow.layers[1].latency_cycles < slower.layers[1].latency_cycles
    assert known.layers[2].latency_cycles < slow.layers[2].latency_cycles
    assert known.latency_cycles.value < slow.latency_cycles.value < slower.latency_cycles.value
    assert known.sparsity == slow.sparsity == slower.sparsity


def test_predicted_cycles_on_unseen_hardware_follow_the_measured_traces(predictor: Predictor) -> None:
    hardware = spikecast.load_hardware("sparse-core").model_copy(update={"name": "few", "cores": 4})
    rows, traces = read_rows(DATA), read_traces(DATA)
    test = rows[(rows["split"] == "test") & (rows["status"] == "ok")].head(40)
    measured = [
        time_trace(trace_of(traces, choices_of(row)), hardware).cycles.mean() for row in test.to_dict("records")
    ]
    predicted = predictor.predict_frame(test[[name for name in CHOICE_COLUMNS if name != "seed"]], hardware)
    error = np.abs(predicted["latency_cycles"] / measured - 1)
    inside = (predicted["latency_cycles_low"] <= measured) & (measured <= predicted["latency_cycles_high"])
    assert error.mean() < 0.12
    assert inside.mean() >= 0.75


def test_a_seed_changes_nothing(predictor: Predictor) -> None:
    assert predictor.predict({"seed": 5}) == predictor.predict()


def test_frame_with_gaps_uses_defaults(predictor: Predictor) -> None:
    frame = pd.DataFrame({"surrogate": ["sre", None], "beta": [np.nan, 0.6]}, index=["a", "b"])
    predicted = predictor.predict_frame(frame)
    for row, choices in (("a", {"surrogate": "sre"}), ("b", {"beta": 0.6})):
        alone = predictor.predict(choices).accuracy.value
        assert predicted.loc[row, "accuracy"] == pytest.approx(alone, rel=1e-9)


def test_many_at_once_are_answered_as_one_by_one(predictor: Predictor) -> None:
    asked = [TrainingChoices(), TrainingChoices(neuron="lapicque"), TrainingChoices(surrogate="atan", slope=5.0)]
    for one, prediction in zip(asked, predictor.predict_many(asked), strict=True):
        alone = predictor.predict(one)
        assert prediction.choices == alone.choices
        assert prediction.neighbours == alone.neighbours
        for name in ("accuracy", "sparsity", "latency_cycles", "energy_nj"):
            assert asdict(getattr(prediction, name)) == pytest.approx(asdict(getattr(alone, name)), rel=1e-9)


@pytest.mark.parametrize("architecture", ["FC100-FC10", "csnn-s"])
def test_recurrent_networks(predictor: Predictor, architecture: str) -> None:
    asked = {"architecture": architecture, "neuron": "rleaky"}
    recurrent, plain = (predictor.predict(asked | {"neuron": neuron}) for neuron in ("rleaky", "leaky"))
    # What comes back to the first layer enters it as well.
    assert recurrent.layers[0].spikes_in > plain.layers[0].spikes_in
    assert all(layer.latency_cycles > 0 for layer in recurrent.layers)


def test_a_network_that_the_hardware_cannot_run_harms_no_other(predictor: Predictor) -> None:
    frame = pd.DataFrame({"architecture": ["csnn-s", "16C3-MP2-FC100"]})
    found = predictor.predict_frame(frame, "pulse-small")
    assert found["latency_cycles"].notna().tolist() == [True, False]
    assert "lists 4 layers (32, 16, 8, 8), the network has 2" in found["error"].iloc[1]


def test_layers_that_were_asked_about_are_kept_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    references = Predictor.load().parts.references
    monkeypatch.setattr("spikecast.predictor.spikes.references._KEPT_LAYERS", 3)
    structure = Structure("nmnist", TrainingChoices().architecture, 4, 32, recurrent=False)
    first = references.layer(structure, 0)
    assert references.layer(structure, 0) is first
    for index in range(4):
        references.layer(structure, index)
    assert references.layer(structure, 0) is not first


def test_layers_that_were_asked_about_are_kept_up_to_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    most = 10_000_000
    monkeypatch.setattr("spikecast.predictor.spikes.references._KEPT_BYTES", most)
    predictor = Predictor.load()
    for channels in (1000, 2000, 3000, 1500):
        predictor.predict({"architecture": f"{channels}C3-500C3-FC100"})
        assert sum(layer.held_bytes for layer in predictor.parts.references._kept.values()) <= most


@pytest.mark.parametrize(
    ("architecture", "timesteps"), [("4096C99-" * 63 + "FC65000", 10), ("4096C3-" * 4 + "FC100", 10)]
)
def test_a_network_that_would_fill_the_memory_is_refused(
    predictor: Predictor, architecture: str, timesteps: int
) -> None:
    with pytest.raises(InputError, match=r"spike counts .* 100,000 at most: ask for fewer channels"):
        predictor.predict({"architecture": architecture, "timesteps": timesteps})
    table = predictor.predict_frame(pd.DataFrame({"architecture": [architecture, "csnn-s"], "timesteps": timesteps}))
    assert table["error"].notna().tolist() == [True, False]


def test_a_block_of_large_networks_changes_no_answer(predictor: Predictor, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [TrainingChoices(slope=1 + n / 10) for n in range(7)]
    at_once = predictor.predict_many(asked)
    monkeypatch.setattr("spikecast.predictor.spikes.costs._MOST_COUNTS", 300)
    assert predictor.predict_many(asked) == at_once


def test_work_ends_between_blocks_when_its_time_is_over(predictor: Predictor) -> None:
    with done_within(-1), pytest.raises(OutOfTimeError, match="the time for an answer is over"):
        predictor.predict()
    assert predictor.predict().accuracy.value > 0
