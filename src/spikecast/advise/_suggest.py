"""What to measure next: the networks whose measurement would teach a predictor most."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikecast.accelerator.hardware import DEFAULT_HARDWARE, Hardware, load_hardware
from spikecast.advise.search import choices_of_rows
from spikecast.advise.search_space import SearchSpace
from spikecast.advise.uncertainty import most_informative
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.predictor import Interval
from spikecast.predictor.questions import Questions
from spikecast.rows import split_of

if TYPE_CHECKING:
    from spikecast.predictor import Predictor

#: About how many networks of the search space are weighed against each other.
_WEIGHED = 4096
#: More would fill the memory: it grows with candidates times fitted rows.
_MOST_CANDIDATES = 10_000


@dataclass(frozen=True)
class Suggested:
    """A network worth measuring.

    Attributes:
        choices: its training choices.
        variance: what the predictor does not know of its layers' spikes once all networks suggested before it are
            measured: mean over layers, in variances of all layers of their role; 1 where nothing is known.
        probability_ok: of training.
        latency_us: predicted today, if it trains.
        in_domain: whether it lies inside what was measured.
    """

    choices: TrainingChoices
    variance: float
    probability_ok: float
    latency_us: Interval
    in_domain: bool

    @property
    def half_width_percent(self) -> float:
        """Half the 90 % interval of the latency, in % of its value."""
        return 50.0 * (self.latency_us.high - self.latency_us.low) / self.latency_us.value


@dataclass(frozen=True)
class Suggestion:
    """What to measure next.

    Attributes:
        networks: by turns the one that the predictor can learn most from, given those before it, and a random one.
        candidates: how many could have been suggested.
    """

    networks: tuple[Suggested, ...]
    candidates: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "candidates": self.candidates,
            "suggestions": [
                {
                    "choices": network.choices.model_dump(),
                    "variance": network.variance,
                    "probability_ok": network.probability_ok,
                    "latency_us": vars(network.latency_us),
                    "latency_half_width_percent": network.half_width_percent,
                    "in_domain": network.in_domain,
                }
                for network in self.networks
            ],
        }


def suggest(
    predictor: Predictor,
    count: int,
    candidates: Sequence[TrainingChoices] | None = None,
    *,
    measured_since: Sequence[TrainingChoices] = (),
    hardware: str | Path | Hardware = DEFAULT_HARDWARE,
) -> Suggestion:
    """Networks whose measurement teaches a predictor much, by turns the most informative and a random one.

    The variance of a layer's spikes, of which the activity model is a Gaussian process, follows from where was
    measured, not from what. So the most informative network is found as if those before it were measured already: it
    lowers the mean variance of all networks most, times its probability of training.

    Args:
        count: how many to suggest.
        candidates: among which; of each configuration the first seed counts. None: what was measured with the default
            network, and all between.
        measured_since: networks that were measured after the predictor was fitted.
        hardware: what latency is predicted for.

    Raises:
        InputError: there are fewer candidates that are not yet measured, that a fit would use (those of the test split
            it would not), and that the predictor can be asked about; or too many.
    """
    target = load_hardware(hardware)
    if candidates is None:
        candidates = choices_of_rows(
            SearchSpace.of(predictor.measured.questions.columns, {}).everywhere(_WEIGHED, seed=0)
        )
    fitted = {choices.config_key for choices in predictor.measured.choices}
    since = {choices.config_key: choices for choices in measured_since if choices.config_key not in fitted}
    usable = _answerable(predictor, _new(candidates, fitted | set(since)))
    _require(count, len(usable), len(candidates))
    later = _answerable(predictor, list(since.values()))
    positions, variances = most_informative(
        predictor, Questions.of(usable), count, Questions.of(later) if later else None
    )
    chosen = [usable[position] for position in positions]
    predictions = predictor.predict_many(chosen, target)
    networks = (
        Suggested(choices, variance, prediction.outcome["ok"], prediction.latency_us, prediction.in_domain)
        for choices, variance, prediction in zip(chosen, variances.tolist(), predictions, strict=True)
    )
    return Suggestion(tuple(networks), len(usable))


def _new(candidates: Sequence[TrainingChoices], measured: Container[str]) -> list[TrainingChoices]:
    """The first candidate of every configuration that is not measured and that a fit would use."""
    first: dict[str, TrainingChoices] = {}
    for choices in candidates:
        first.setdefault(choices.config_key, choices)
    return [choices for key, choices in first.items() if key not in measured and split_of(key) == "train"]


def _answerable(predictor: Predictor, all_choices: list[TrainingChoices]) -> list[TrainingChoices]:
    """Those that the predictor can be asked about."""
    return [all_choices[position] for position in predictor.known(Questions.of(all_choices))] if all_choices else []


def _require(count: int, usable: int, candidates: int) -> None:
    """Check that there are so many to suggest, and not more than can be weighed."""
    those = (
        f"{usable:,} of {candidates:,} candidates are new, of the train split, which alone is fitted, and of networks "
        "that the model knows"
    )
    if not usable:
        raise InputError(f"nothing to suggest: {those}; give another space, or a model of more networks")
    if not 1 <= count <= usable:
        raise InputError(f"{count} suggestions are not allowed: {those}; ask for 1 to {usable}")
    if usable > _MOST_CANDIDATES:
        raise InputError(f"{usable:,} candidates are too many to weigh: give a space of {_MOST_CANDIDATES:,} or fewer")
