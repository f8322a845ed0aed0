"""Predictor: answers questions about networks that were never trained, one, many or a table of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast._util.files import shipped_path
from spikecast.accelerator.allocation import planned_allocation
from spikecast.accelerator.hardware import DEFAULT_HARDWARE, Hardware, load_hardware
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.predictor.bundle import read_bundle
from spikecast.predictor.domain import Domain
from spikecast.predictor.explain import Explanation, explain
from spikecast.predictor.features import FEATURE_NAMES, feature_matrix
from spikecast.predictor.intervals import Widths
from spikecast.predictor.measured import Measured
from spikecast.predictor.parts import OTHER_HARDWARE, Parts
from spikecast.predictor.prediction import Answers, Interval, LayerPrediction, Prediction
from spikecast.predictor.questions import Questions, Structure
from spikecast.predictor.spikes.activity import role_of
from spikecast.predictor.spikes.costs import SpikeAnswers, spike_answers
from spikecast.predictor.table import read_batch
from spikecast.predictor.targets import ANSWERED, LAYER_SPARSITY, TARGETS, Target

if TYPE_CHECKING:
    import pandas as pd


#: Measured configurations that are shown beside a prediction.
NEIGHBORS = 3
#: Of a network; many times what was ever measured, and still a few hundred megabytes.
MOST_SPIKE_COUNTS = 100_000


class Predictor:
    """A fitted predictor; make one with ``Predictor.load``."""

    def __init__(self, parts: Parts, manifest: Mapping[str, Any]) -> None:
        self._parts = parts
        self._domain = Domain(parts.measured)
        self.manifest = manifest

    @classmethod
    def load(cls, path: str | Path | None = None) -> Self:
        """Read a predictor bundle; None is the shipped one.

        Raises:
            InputError: the bundle is missing, changed, or of another format.
        """
        folder = shipped_path("models/default") if path is None else Path(path)
        manifest, files = read_bundle(folder)
        if tuple(manifest["features"]) != FEATURE_NAMES:
            raise InputError(f"predictor bundle {folder} was fitted on other features: fit again")
        if missing := sorted({*TARGETS, LAYER_SPARSITY.name} - set(manifest["targets"])):
            raise InputError(f"predictor bundle {folder} does not predict {', '.join(missing)}: fit again")
        return cls(Parts.load(files, manifest), manifest)

    @classmethod
    def unsaved(cls, parts: Parts) -> Self:
        """A predictor that is in no bundle yet, to be tried out: it answers, but has no manifest to vouch for it."""
        return cls(parts, {})

    @property
    def parts(self) -> Parts:
        """What this predictor is made of."""
        return self._parts

    @property
    def measured(self) -> Measured:
        """The configurations that this predictor was fitted on."""
        return self._parts.measured

    def predict(
        self,
        choices: TrainingChoices | Mapping[str, Any] | None = None,
        hardware: str | Path | Hardware = DEFAULT_HARDWARE,
    ) -> Prediction:
        """Predict one network on one hardware.

        Args:
            choices: training choices, or a mapping of those that are not left at their defaults. A seed makes no
                difference.
            hardware: a shipped name, a YAML file, or a description.

        Raises:
            InputError: a choice is not allowed, nothing like it was ever measured, or the hardware cannot run it.
        """
        if not isinstance(choices, TrainingChoices):
            choices = TrainingChoices(**(choices or {}))
        return self.predict_many([choices], hardware)[0]

    def predict_many(
        self, all_choices: Sequence[TrainingChoices], hardware: str | Path | Hardware = DEFAULT_HARDWARE
    ) -> list[Prediction]:
        """Predict several networks on one hardware, at once: many cost little more than one.

        Args:
            all_choices: training choices of each.
            hardware: a shipped name, a YAML file, or a description.

        Returns:
            A prediction of each, in their order.

        Raises:
            InputError: nothing like one of them was ever measured, or the hardware cannot run it.
        """
        asked_hardware = load_hardware(hardware)
        questions = Questions.of(all_choices)
        x = self.features(questions)
        answers = self._answers(questions, x, asked_hardware)
        return [
            self._prediction(choices, answers, row, x[[row]], asked_hardware) for row, choices in enumerate(all_choices)
        ]

    def _prediction(
        self, choices: TrainingChoices, answers: Answers, row: int, x: Array, hardware: Hardware
    ) -> Prediction:
        cycles = answers.interval("latency_cycles", row)
        return Prediction(
            choices=choices.model_dump(exclude={"seed"}),
            outcome=dict(zip(answers.statuses, answers.outcomes[row].tolist(), strict=True)),
            accuracy=answers.interval("accuracy", row),
            sparsity=answers.interval("sparsity", row),
            latency_cycles=cycles,
            latency_us=Interval(*(hardware.microseconds(c) for c in (cycles.value, cycles.low, cycles.high))),
            energy_nj=None if hardware.energy is None else answers.interval("energy_nj", row),
            synaptic_operations=answers.interval("synaptic_operations", row),
            layers=tuple(
                LayerPrediction(
                    shape.name,
                    Interval(*answers.layer_sparsity[row, index].tolist()),
                    float(answers.entering[row, index]),
                    float(answers.layer_cycles[row, index]),
                )
                for index, shape in enumerate(choices.layers)
            ),
            in_domain=not answers.reasons[row],
            reasons=answers.reasons[row],
            neighbours=self._parts.measured.nearest(x, NEIGHBORS),
            provenance=self._provenance(hardware),
        )

    def explain(
        self, choices: Mapping[str, Any] | None = None, hardware: str | Path | Hardware = DEFAULT_HARDWARE
    ) -> Explanation:
        """Which of the given choices move the answer, and by how much; and what every layer's spikes cost.

        Each move is a Shapley value, exact: what the choice adds to the prediction, averaged over all orders in which
        the given choices may take the place of defaults. Choices that mean nothing without each other move it together:
        surrogate and slope, neuron and alpha, all that makes up the network. Hardware other than ``sparse-core`` counts
        as a choice.

        Args:
            choices: those that are not left at their defaults; up to 12 groups of them.
            hardware: a shipped name, a YAML file, or a description.

        Raises:
            InputError: a choice is not allowed, nothing like it was ever measured, or the hardware cannot run it; or
                there are too many choices, or an answer without some of them is missing.
        """
        return explain(self.answer, self._parts.references, choices or {}, load_hardware(hardware))

    def predict_frame(self, frame: pd.DataFrame, hardware: str | Path | Hardware = DEFAULT_HARDWARE) -> pd.DataFrame:
        """Predict every row of a table whose columns are training choices; gaps are defaults.

        Returns:
            The same index; accuracy, sparsity, latency_cycles, latency_us, energy_nj, synaptic_operations, each also
            with ``_low`` and ``_high``; ``probability_ok``, ``in_domain``; ``error``, why a row cannot be answered, or
            None. Such a row's numbers are NaN, and it harms no other.

        Raises:
            InputError: a column is no training choice, or there is no such hardware.
        """
        import pandas as pd
        from threadpoolctl import threadpool_limits

        target, batch = load_hardware(hardware), read_batch(frame)
        refusals = self.refusals(batch.questions, target)
        refused = {row: why for row, why in zip(batch.rows.tolist(), refusals, strict=True) if why is not None}
        errors, kept = batch.errors | refused, np.flatnonzero([why is None for why in refusals])
        found = np.full((len(frame), 3 * len(ANSWERED) + 1), np.nan)
        in_domain = np.zeros(len(frame), dtype=bool)
        if len(kept):
            # The matrices are small: threads that wait for each other cost more than they bring.
            with threadpool_limits(1, user_api="blas"):
                answers = self.answer(batch.questions.take(kept), target)
            microseconds = target.microseconds(answers.intervals["latency_cycles"])
            intervals = answers.intervals | {"latency_us": microseconds}
            ok = answers.outcomes[:, answers.statuses.index("ok"), np.newaxis]
            found[batch.rows[kept]] = np.hstack([*(intervals[name] for name in ANSWERED), ok])
            in_domain[batch.rows[kept]] = [not why for why in answers.reasons]
        names = [f"{name}{end}" for name in ANSWERED for end in ("", "_low", "_high")]
        predicted = pd.DataFrame(found, columns=[*names, "probability_ok"], index=frame.index)
        why = pd.Series([errors.get(row) for row in range(len(frame))], index=frame.index, dtype=object)
        return predicted.assign(in_domain=in_domain, error=why)

    def answer(self, questions: Questions, hardware: Hardware) -> Answers:
        """Answer many questions for one hardware.

        Raises:
            InputError: nothing like a question was ever measured, or the hardware cannot run a network.
        """
        return self._answers(questions, self.features(questions), hardware)

    def known(self, questions: Questions) -> NDArray[np.int64]:
        """Positions of the questions that can be answered: enough was measured of networks like theirs."""
        return np.flatnonzero([why is None for why in self.refusals(questions)])

    def refusals(self, questions: Questions, hardware: Hardware | None = None) -> list[str | None]:
        """By question: why it cannot be answered, on ``hardware`` or at all; None if it can."""
        by_structure = [self._refusal(structure, hardware) for structure in questions.structures]
        return [by_structure[number] for number in questions.structure_of]

    def _refusal(self, structure: Structure, hardware: Hardware | None) -> str | None:
        try:
            self._require(structure)
            if hardware is not None:
                planned_allocation(structure.layers, hardware)
        except InputError as error:
            return str(error)
        return None

    def _require(self, structure: Structure) -> None:
        if structure.spike_counts > MOST_SPIKE_COUNTS:
            raise InputError(
                f"architecture {structure.architecture[:60]!r} at {structure.timesteps} timesteps takes "
                f"{structure.spike_counts:,} spike counts (timesteps x channels of all layers), "
                f"{MOST_SPIKE_COUNTS:,} at most: ask for fewer channels, layers or timesteps"
            )
        self._domain.require_input(structure)
        for index, shape in enumerate(structure.layers):
            known = role_of(structure, index) in self._parts.activity.roles
            if not known or not self._parts.references.has_like(structure, index):
                raise InputError(
                    f"architecture {structure.architecture!r}: nothing like its layer {shape.name} was ever "
                    "measured; characterize it and fit a new model"
                )

    def features(self, questions: Questions) -> Array:
        """The questions' ``feature_matrix``.

        Raises:
            InputError: what enters a network, or a kind of layer in it, was never measured.
        """
        for structure in questions.structures:
            self._require(structure)
        return feature_matrix(questions, self._parts.references.input_rates(questions))

    def _answers(self, questions: Questions, x: Array, hardware: Hardware) -> Answers:
        """The answers to questions whose features are ``x``."""
        parts = self._parts
        logits = parts.activity.predict(questions, x)
        by_spikes = spike_answers(questions, logits, parts.references, hardware)
        outside = self._domain.outside(questions, parts.measured.nearest_distances(x))

        def intervals(target: Target, widths: Widths, values: Array, deviations: Array) -> Array:
            half = widths.half_widths(deviations, questions.columns, outside)
            return np.stack([target.inverse(learned) for learned in (values, values - half, values + half)], axis=-1)

        return Answers(
            intervals={
                name: intervals(target, self._widths(name, hardware), *self._learned(name, x, by_spikes, hardware))
                for name, target in TARGETS.items()
            },
            layer_sparsity=intervals(logits.scale, parts.widths[logits.scale.name], -logits.firing, logits.error),
            entering=by_spikes.entering,
            layer_cycles=by_spikes.layer_cycles,
            statuses=parts.outcome.classes,
            outcomes=parts.outcome.probabilities(x),
            reasons=outside.reasons,
        )

    def _learned(self, name: str, x: Array, by_spikes: SpikeAnswers, hardware: Hardware) -> tuple[Array, Array]:
        """A target's (values, standard deviations) on its learning scale, of the model that answers for it."""
        if name in self._parts.black_boxes and self._knows(name, hardware):
            return self._parts.black_boxes[name].predict(x)
        return by_spikes.values[name], by_spikes.deviations[name]

    def _knows(self, name: str, hardware: Hardware) -> bool:
        """Whether a target's regressor may answer: it knows the cycles of the hardware that it was fitted for alone."""
        return name != "latency_cycles" or hardware.timing == self._parts.hardware.timing

    def _widths(self, name: str, hardware: Hardware) -> Widths:
        widths = self._parts.widths
        return widths[name] if self._knows(name, hardware) else widths.get(OTHER_HARDWARE, widths[name])

    def _provenance(self, hardware: Hardware) -> dict[str, Any]:
        return {
            "hardware": hardware.name,
            "mode": hardware.mode,
            "clock_mhz": hardware.clock_mhz,
            "data_sha256": self.manifest["data"]["sha256"],
            "fitted_rows": self.manifest["data"]["rows"],
            "spikecast": self.manifest["versions"]["spikecast"],
        }
