"""What moves the shipped predictor's answers, and what the spikes of every layer cost."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from spikecast.accelerator.allocation import allocate
from spikecast.accelerator.hardware import BalancedCores, Hardware, load_hardware
from spikecast.accelerator.latency import time_layer
from spikecast.accelerator.trace import SpikeCounts
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.predictor import Explanation, Prediction, Predictor
from spikecast.predictor.explain import explain
from spikecast.predictor.prediction import Answers
from spikecast.predictor.questions import Questions, Structure

TARGETS = ("accuracy", "sparsity", "latency_cycles", "latency_us", "energy_nj", "synaptic_operations")
SMALL = {"surrogate": "sre", "slope": 1, "neuron": "lapicque", "threshold": 0.5}
PIPELINE = {"architecture": "FC100-FC100-FC10", "beta": 0.7}


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor.load()


def moves(explanation: Explanation, target: str) -> dict[str, float]:
    """By the first choice of every group."""
    return {next(iter(one.choices)): one.moves[target] for one in explanation.contributions}


def assert_adds_up(explanation: Explanation, base: Prediction, prediction: Prediction) -> None:
    for name in explanation.base:
        assert explanation.base[name] == pytest.approx(getattr(base, name).value, rel=1e-6)
        assert explanation.prediction[name] == pytest.approx(getattr(prediction, name).value, rel=1e-6)
        total = explanation.base[name] + sum(one.moves[name] for one in explanation.contributions)
        assert total == pytest.approx(explanation.prediction[name], rel=1e-12)


def test_moves_add_up_to_the_prediction(predictor: Predictor) -> None:
    explanation = predictor.explain(SMALL)
    assert tuple(explanation.base) == TARGETS
    assert_adds_up(explanation, predictor.predict(), predictor.predict(SMALL))
    assert [one.choices for one in explanation.contributions] == [
        {"surrogate": "spike_rate_escape", "slope": 1.0},
        {"neuron": "lapicque"},
        {"threshold": 0.5},
    ]
    assert (explanation.subsets, explanation.held) == (8, {})


def test_two_choices_by_hand(predictor: Predictor) -> None:
    def cycles(**choices: Any) -> float:
        return predictor.predict(choices).latency_cycles.value

    base, neuron, low, both = (
        cycles(),
        cycles(neuron="lapicque"),
        cycles(threshold=0.5),
        cycles(neuron="lapicque", threshold=0.5),
    )
    found = moves(predictor.explain({"neuron": "lapicque", "threshold": 0.5}), "latency_cycles")
    assert found["neuron"] == pytest.approx(((neuron - base) + (both - low)) / 2, rel=1e-4)
    assert found["threshold"] == pytest.approx(((low - base) + (both - neuron)) / 2, rel=1e-4)


class Additive:
    """A predictor whose cycles are a sum over choices: each moves them by its own part alone."""

    def __init__(self, predictor: Predictor) -> None:
        self._references = predictor.parts.references
        self._answer = predictor.answer

    def explain(self, given: dict[str, Any], hardware: Hardware) -> Explanation:
        return explain(self.answer, self._references, given, hardware)

    def answer(self, questions: Questions, hardware: Hardware) -> Answers:
        answers = self._answer(questions, hardware)
        asked = questions.columns
        cycles = 1000.0 * asked["threshold"] + 10.0 * asked["slope"] + asked["epochs"] + (hardware.name == "mine")
        return replace(answers, intervals=answers.intervals | {"latency_cycles": np.stack([cycles] * 3, axis=1)})


def test_what_is_additive_is_told_apart(predictor: Predictor) -> None:
    mine = load_hardware("sparse-core").model_copy(update={"name": "mine"})
    given = {"threshold": 2.5, "slope": 5, "epochs": 10, "beta": 0.6}
    found = moves(Additive(predictor).explain(given, mine), "latency_cycles")
    assert found == pytest.approx({"threshold": 1000.0, "slope": 30.0, "epochs": -2.0, "beta": 0.0, "hardware": 1.0})


@pytest.mark.parametrize("given", [{}, {"seed": 3}, {"slope": None}])
def test_nothing_given_has_nothing_to_explain(predictor: Predictor, given: dict[str, Any]) -> None:
    explanation = predictor.explain(given)
    assert explanation.contributions == ()
    assert explanation.base == explanation.prediction
    assert len(explanation.layers) == 4


def test_a_default_that_is_given_moves_nothing(predictor: Predictor) -> None:
    explanation = predictor.explain({"surrogate": "fs", "epochs": 12, "neuron": "lapicque", "architecture": "csnn-s"})
    for one in explanation.contributions:
        if "neuron" not in one.choices:
            assert one.moves == pytest.approx(dict.fromkeys(TARGETS, 0.0), abs=1e-6)


def test_other_hardware_is_a_choice_and_moves_no_spike(predictor: Predictor) -> None:
    explanation = predictor.explain({"surrogate": "sre"}, "pulse-small")
    assert_adds_up(explanation, predictor.predict(), predictor.predict({"surrogate": "sre"}, "pulse-small"))
    hardware = explanation.contributions[-1]
    assert hardware.choices == {"hardware": "pulse-small"}
    assert hardware.moves["latency_cycles"] > 10_000
    for name in ("accuracy", "sparsity", "synaptic_operations"):
        assert hardware.moves[name] == pytest.approx(0.0, abs=1e-6)


def test_a_faster_clock_moves_time_alone(predictor: Predictor) -> None:
    fast = load_hardware("sparse-core").model_copy(update={"name": "fast", "clock_mhz": 200})
    (hardware,) = predictor.explain({}, fast).contributions
    assert hardware.moves["latency_cycles"] == pytest.approx(0.0, abs=1e-6)
    assert hardware.moves["latency_us"] == pytest.approx(-predictor.predict().latency_us.value / 2)


def test_hardware_without_energy_explains_none(predictor: Predictor) -> None:
    bare = load_hardware("sparse-core").model_copy(update={"name": "bare", "energy": None})
    explanation = predictor.explain({"surrogate": "sre"}, bare)
    assert "energy_nj" not in explanation.base
    assert all("energy_nj" not in one.moves for one in explanation.contributions)


def test_a_network_that_the_hardware_needs_is_held(predictor: Predictor) -> None:
    explanation = predictor.explain(PIPELINE, "fc-pipeline")
    network = {"architecture": PIPELINE["architecture"]}
    assert explanation.held == network
    assert [list(one.choices) for one in explanation.contributions] == [["beta"], ["hardware"]]
    assert_adds_up(explanation, predictor.predict(network), predictor.predict(PIPELINE, "fc-pipeline"))
    # Layers of a pipeline have no cycles of their own.
    assert explanation.layers == ()
    assert (explanation.subsets, explanation.outside) == (2, 2)


def test_the_network_is_one_group(predictor: Predictor) -> None:
    given = {"architecture": "12C3-MP2-20C3-MP2-FC100-FC100", "beta": 0.6, "timesteps": 4, "dataset": "nmnist"}
    explanation = predictor.explain(given)
    assert [list(one.choices) for one in explanation.contributions] == [
        ["architecture", "timesteps", "dataset"],
        ["beta"],
    ]
    # The shipped rows know one network.
    assert explanation.outside == 2


@pytest.mark.parametrize(
    ("given", "hardware", "said"),
    [
        ({"beta": 2}, "sparse-core", "beta 2 is not allowed"),
        ({"timesteps": 99}, "sparse-core", "timesteps 99 was never measured on nmnist: this model knows"),
        ({"beta": 0.6}, "fc-pipeline", "conv1 is a convolution, and mode pipeline runs fully connected layers only"),
    ],
)
def test_what_cannot_be_answered_says_the_same_as_predict(
    predictor: Predictor, given: dict[str, Any], hardware: str, said: str
) -> None:
    for ask in (predictor.predict, predictor.explain):
        with pytest.raises(InputError, match=f"^{said}"):
            ask(given, hardware)


def test_no_answer_without_some_of_the_choices(predictor: Predictor) -> None:
    class LapicqueOnly(Additive):
        def answer(self, questions: Questions, hardware: Hardware) -> Answers:
            if (questions.columns["neuron"] != "lapicque").any():
                raise InputError("only lapicque was ever measured")
            return super().answer(questions, hardware)

    with pytest.raises(InputError, match=r"without some of these choices there is no answer: only lapicque"):
        LapicqueOnly(predictor).explain({"neuron": "lapicque"}, load_hardware("sparse-core"))


MANY = {
    "surrogate": "atan",
    "neuron": "synaptic",
    "beta": 0.5,
    "threshold": 1,
    "reset": "zero",
    "weight_bits": 8,
    "learning_rate": 0.001,
    "epochs": 8,
    "batch_size": 16,
    "dropout": 0.1,
    "loss": "ce_count",
    "activity_penalty": 0.1,
}


def test_as_many_choices_as_are_allowed_and_one_more(predictor: Predictor) -> None:
    # What belongs to a group that is there counts no further.
    most = {**MANY, "slope": 2, "alpha": 0.8}
    assert predictor.explain(most).subsets == 4096
    with pytest.raises(InputError, match=r"13 choices to explain \(surrogate\+slope, .*, gradient_clip\).* up to 12"):
        predictor.explain({**most, "gradient_clip": 1})
    with pytest.raises(InputError, match=r"13 choices to explain \(.*, hardware\)"):
        predictor.explain(most, "pulse-small")


def test_decays_of_an_alpha_neuron_go_together(predictor: Predictor) -> None:
    # Alpha 0.3 is not allowed beside the default beta, 0.45.
    explanation = predictor.explain({"beta": 0.2, "neuron": "alpha", "threshold": 1, "alpha": 0.3})
    assert [list(one.choices) for one in explanation.contributions] == [["beta", "neuron", "alpha"], ["threshold"]]


surrogates = st.fixed_dictionaries(
    {}, optional={"surrogate": st.sampled_from(["fs", "atan", "sre", "sigmoid"]), "slope": st.floats(0.1, 50)}
)
neurons = st.one_of(
    st.fixed_dictionaries(
        {}, optional={"neuron": st.sampled_from(["lif", "lapicque", "rleaky"]), "beta": st.floats(0.14, 0.99)}
    ),
    st.fixed_dictionaries(
        {"neuron": st.sampled_from(["synaptic", "alpha"]), "beta": st.floats(0.01, 0.2), "alpha": st.floats(0.21, 0.99)}
    ),
)
others = st.fixed_dictionaries({}, optional={"threshold": st.floats(0.1, 5), "weight_bits": st.sampled_from([4, 32])})


@settings(max_examples=25)
@given(st.tuples(others, neurons, surrogates))
def test_whatever_can_be_answered_can_be_explained(predictor: Predictor, parts: tuple[dict[str, Any], ...]) -> None:
    given = {name: value for part in parts for name, value in part.items()}
    assert_adds_up(predictor.explain(given), predictor.predict(), predictor.predict(given))


BALANCED = load_hardware("sparse-core").model_copy(update={"name": "balanced", "cores": BalancedCores(balanced=64)})


@pytest.mark.parametrize("hardware", ["sparse-core", "pulse-small", BALANCED])
@pytest.mark.parametrize("given", [{}, SMALL, {"architecture": "12C3-MP2-20C3-MP2-FC100-FC100"}])
def test_layers_are_timed_as_predicted(predictor: Predictor, given: dict[str, Any], hardware: str | Hardware) -> None:
    layers, predicted = predictor.explain(given, hardware).layers, predictor.predict(given, hardware).layers
    assert [layer.layer for layer in layers] == [layer.layer for layer in predicted]
    # One spike of one sample, rounded the other way, is let pass.
    assert [layer.latency_cycles for layer in layers] == pytest.approx([p.latency_cycles for p in predicted], abs=2)
    for layer in layers:
        assert layer.fixed_cycles + layer.spike_cycles == layer.latency_cycles
        assert 0 < layer.fixed_cycles < layer.latency_cycles
        assert 0 < layer.cycles_per_percent < 0.02 * layer.spike_cycles


def test_fixed_cycles_are_those_of_an_empty_trace(predictor: Predictor) -> None:
    hardware = load_hardware("sparse-core")
    structure = Structure("nmnist", TrainingChoices().architecture, 4, 32, recurrent=False)
    for layer, shape in zip(predictor.explain(SMALL).layers, structure.layers, strict=True):
        empty = np.zeros((1, 4, shape.trace_channels), dtype=np.int64)
        cores = 50 if shape.kind == "fc" else shape.out_channels
        assert layer.fixed_cycles == time_layer(shape, empty, cores, hardware)[0][0]


def test_balanced_cores_stay_where_the_predicted_spikes_put_them(predictor: Predictor) -> None:
    layers = TrainingChoices(**SMALL).layers
    structure = Structure("nmnist", TrainingChoices().architecture, 4, 32, recurrent=False)
    spikes = np.array([[layer.spikes_in] for layer in predictor.predict(SMALL, BALANCED).layers])
    counts = tuple(
        predictor.parts.references.layer(structure, index).counts(spikes[index]) for index in range(len(layers))
    )
    cores = allocate(SpikeCounts(layers, counts), BALANCED)
    fixed = BALANCED.model_copy(update={"name": "fixed", "cores": cores})
    assert predictor.explain(SMALL, BALANCED).layers == predictor.explain(SMALL, fixed).layers


def test_a_fully_connected_layer_pays_for_every_spike_alike(predictor: Predictor) -> None:
    # 128 // 50 + 1 groups, a cycle each, and two to compress; a timestep without spikes takes a cycle a group too.
    answer, explanation = predictor.predict(SMALL), predictor.explain(SMALL)
    of_a_spike = 2 + 128 // 50 + 1
    fc1 = explanation.layers[2]
    assert fc1.spike_cycles == pytest.approx(answer.layers[2].spikes_in * of_a_spike - 4 * 3, rel=1e-4)
    assert fc1.cycles_per_percent == pytest.approx(0.01 * answer.layers[2].spikes_in * of_a_spike, rel=0.01)


def test_plain_values(predictor: Predictor) -> None:
    explanation = predictor.explain(SMALL)
    told = json.loads(json.dumps(explanation.to_dict(), allow_nan=False))
    assert told["contributions"][2] == {"choices": {"threshold": 0.5}, "moves": explanation.contributions[2].moves}
    assert told["layers"][0]["layer"] == "conv1"
