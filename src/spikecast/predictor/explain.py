"""Which choices move an answer, and by how much: exact Shapley values of the choices that were given.

The value of a set of given choices is the prediction for them alone, with defaults for all others. So what is explained
is whatever model answers, not the features or trees inside it. A Shapley value is what a player, here a choice, adds to
a game, averaged over all orders in which players may join.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.accelerator.hardware import DEFAULT_HARDWARE, Hardware, load_hardware
from spikecast.choices import STRUCTURAL, TrainingChoices
from spikecast.errors import InputError
from spikecast.predictor.prediction import Answers
from spikecast.predictor.questions import Questions
from spikecast.predictor.spikes.costs import LayerCost, layer_costs
from spikecast.predictor.spikes.references import ReferenceTraces
from spikecast.predictor.targets import ANSWERED

#: Every group doubles the questions.
MOST_GROUPS = 12


@dataclass(frozen=True)
class Contribution:
    """How far some choices move an answer.

    Attributes:
        choices: given choices that belong together; or ``hardware`` and its name.
        moves: by target, in its unit: from the base towards the prediction.
    """

    choices: dict[str, Any]
    moves: dict[str, float]


@dataclass(frozen=True)
class Explanation:
    """Why an answer differs from that for the default network: base + moves = prediction, for every target.

    Attributes:
        base: by target, what is predicted of the default network on ``sparse-core``; no energy where the hardware asked
            about has no energy table, here and below.
        held: given choices of the network that the base has too, since the default network cannot be answered for by
            this model or on this hardware; mostly empty.
        contributions: of every group of given choices, in their order, then of hardware other than ``sparse-core``.
        prediction: by target, what is predicted of all choices together.
        subsets: sets of given choices that were asked about.
        outside: how many of them lie outside what was measured.
        layers: what every layer's spikes cost on the hardware asked about; empty in mode pipeline, whose layers work at
            the same time, so that their cycles do not add up.
    """

    base: dict[str, float]
    held: dict[str, Any]
    contributions: tuple[Contribution, ...]
    prediction: dict[str, float]
    subsets: int
    outside: int
    layers: tuple[LayerCost, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; what ``spikecast predict --explain --json`` adds."""
        return asdict(self)


@dataclass(frozen=True)
class _Asked:
    """What is to be explained.

    Attributes:
        choices: all of them.
        given: those that are not left at their defaults.
        machines: the hardware asked about and, in front of it, the usual one if that is another.
    """

    choices: TrainingChoices
    given: Mapping[str, Any]
    machines: Sequence[Hardware]

    @property
    def hardware(self) -> Hardware:
        return self.machines[-1]


def explain(
    answer: Callable[[Questions, Hardware], Answers],
    references: ReferenceTraces,
    given: Mapping[str, Any],
    hardware: Hardware,
) -> Explanation:
    """Explain what a predictor answers; see ``Predictor.explain`` for what the answer means.

    Args:
        answer: the predictor's.
        references: measured traces, whose shape the spikes of its answers have.
        given: choices that are not left at their defaults; up to 12 groups of them.
        hardware: what the answer is for.

    Raises:
        InputError: a choice is not allowed, or there are too many; or an answer without some of them is missing.
    """
    choices, usual = TrainingChoices(**given), load_hardware(DEFAULT_HARDWARE)
    asked = _Asked(
        choices,
        {name: value for name, value in given.items() if name != "seed" and value is not None},
        [hardware] if hardware == usual else [usual, hardware],
    )
    _require_few(asked)
    network = {name: value for name, value in asked.given.items() if name in STRUCTURAL}
    # Where this model or hardware has no answer for the default network, it is no base: the network asked about is.
    for held in ({}, network):
        try:
            return _explained(answer, references, asked, held)
        except InputError as error:
            why = error
    # It says what is wrong with the question itself, if anything is.
    answer(Questions.of([choices]), hardware)
    raise InputError(f"no explanation: without some of these choices there is no answer: {why}")


def _explained(
    answer: Callable[[Questions, Hardware], Answers],
    references: ReferenceTraces,
    asked: _Asked,
    held: Mapping[str, Any],
) -> Explanation:
    """The explanation on a base that has the choices ``held``, too."""
    groups = _groups([name for name in asked.given if name not in held], asked.choices)
    questions = Questions.of([TrainingChoices(**held, **choices) for choices in _subsets(groups, asked.given)])
    answers = [answer(questions, machine) for machine in asked.machines]
    values = np.concatenate([_values(*pair) for pair in zip(answers, asked.machines, strict=True)])
    players = [{name: getattr(asked.choices, name) for name in group} for group in groups]
    players += [{"hardware": machine.name} for machine in asked.machines[1:]]
    known = ~np.isnan(values).any(axis=0)
    return Explanation(
        base=_by_target(values[0], known),
        held={name: getattr(asked.choices, name) for name in held},
        contributions=tuple(
            Contribution(choices, _by_target(moves, known))
            for choices, moves in zip(players, shapley(values), strict=True)
        ),
        prediction=_by_target(values[-1], known),
        subsets=len(questions),
        outside=sum(bool(reasons) for reasons in answers[-1].reasons),
        layers=_layers(references, questions, answers[-1], asked.hardware),
    )


def _groups(names: Iterable[str], asked: TrainingChoices) -> list[tuple[str, ...]]:
    """Given choices, those together that mean nothing, or are not allowed, without each other."""
    # An alpha neuron's beta must lie below its alpha, which a default may not.
    decays = ("alpha", "beta") if asked.neuron == "alpha" else ("alpha",)
    first_of = {name: group[0] for group in (STRUCTURAL, ("surrogate", "slope"), ("neuron", *decays)) for name in group}
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(first_of.get(name, name), []).append(name)
    return [tuple(group) for group in groups.values()]


def _require_few(asked: _Asked) -> None:
    groups = _groups(asked.given, asked.choices)
    players = ["+".join(group) for group in groups] + ["hardware" for _ in asked.machines[1:]]
    if len(players) > MOST_GROUPS:
        raise InputError(
            f"{len(players)} choices to explain ({', '.join(players)}) are too many: "
            f"allowed: up to {MOST_GROUPS}; leave out those that are at their defaults anyway"
        )


def _subsets(groups: Sequence[tuple[str, ...]], named: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The choices of every subset of groups, as ``shapley`` orders them."""
    return [
        {name: named[name] for position, group in enumerate(groups) if subset >> position & 1 for name in group}
        for subset in range(1 << len(groups))
    ]


def _values(answers: Answers, hardware: Hardware) -> Array:
    """float64[questions, targets]."""
    values = {name: intervals[:, 0] for name, intervals in answers.intervals.items()}
    values["latency_us"] = hardware.microseconds(values["latency_cycles"])
    return np.stack([values[name] for name in ANSWERED], axis=1)


def _by_target(values: Array, known: NDArray[np.bool_]) -> dict[str, float]:
    return {name: float(value) for name, value, there in zip(ANSWERED, values, known, strict=True) if there}


def _layers(
    references: ReferenceTraces, questions: Questions, answers: Answers, hardware: Hardware
) -> tuple[LayerCost, ...]:
    """Of the last question, which has all choices."""
    if hardware.mode == "pipeline":
        return ()
    structure = questions.structures[questions.structure_of[-1]]
    entering = answers.entering[-1, : len(structure.layers)]
    return layer_costs(structure, entering, references, hardware)


def shapley(values_by_subset: Array) -> Array:
    """Shapley values of k players, exact.

    Args:
        values_by_subset: float64[2**k, ...], the value of every subset of players; bit i of a position says whether
            player i is in it.

    Returns:
        float64[k, ...], which add up to the value of all players minus that of none.

    Raises:
        InputError: the number of values is no power of two.
    """
    count = len(values_by_subset)
    players = count.bit_length() - 1
    if count != 1 << max(players, 0):
        raise InputError(f"{count} values are not one for each subset: give 1, 2, 4, 8, ...")
    subsets = np.arange(count)
    sizes = np.bitwise_count(subsets)
    # How likely it is that just n others have joined before, and just these.
    weights = np.array([1.0 / (players * comb(players - 1, n)) for n in range(players)])
    shares = np.empty((players, *values_by_subset.shape[1:]))
    for player in range(players):
        without = subsets[subsets >> player & 1 == 0]
        added = values_by_subset[without | 1 << player] - values_by_subset[without]
        shares[player] = np.tensordot(weights[sizes[without]], added, axes=1)
    return shares
