"""What is chosen and what is measured, in words: choices, networks, configurations, and headings of numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from spikecast.choices import STRUCTURAL, TrainingChoices, network_name
from spikecast.neurons import WITH_ALPHA
from spikecast.surrogates import SURROGATES, shortest_name

#: Choices that share a phrase; any other has its own, if it is not the default.
_PHRASES = (("surrogate", "slope"), ("neuron", "alpha", "beta"), ("threshold",))
#: Left to ``network_in_words``, or to nobody.
_NOT_SAID = (*STRUCTURAL, "seed")


def choices_in_words(choices: Mapping[Any, Any], leave_out: Collection[str] = ()) -> str:
    """Choices of neurons and training on one line: ``sre slope 2, lapicque beta 0.5, threshold 0.4, epochs 8``.

    They go by their full names. Choices that mean nothing, are the defaults or are in ``leave_out`` are left out.
    """
    silent = {*_NOT_SAID, *leave_out}
    if not SURROGATES[choices["surrogate"]].has_slope:
        silent.add("slope")
    if choices["neuron"] not in WITH_ALPHA:
        silent.add("alpha")
    in_phrases = {name for phrase in _PHRASES for name in phrase}
    alone = [
        (name,)
        for name, field in TrainingChoices.model_fields.items()
        if name not in in_phrases and name not in silent and choices[name] != field.default
    ]
    phrases = [[_word(name, choices[name]) for name in phrase if name not in silent] for phrase in (*_PHRASES, *alone)]
    return ", ".join(" ".join(words) for words in phrases if words)


def network_in_words(choices: Mapping[Any, Any], leave_out: Collection[str] = ()) -> str:
    """The network, by its preset if it is one, and its input: ``csnn-s on nmnist, 4 timesteps, 32 x 32``."""
    words = {
        "architecture": network_name(choices["dataset"], choices["architecture"]),
        "dataset": f"on {choices['dataset']}",
        "timesteps": f"{choices['timesteps']} timesteps",
        "input_size": f"{choices['input_size']} x {choices['input_size']}",
    }
    said = {name: word for name, word in words.items() if name not in leave_out}
    network = " ".join(said.pop(name) for name in ("architecture", "dataset") if name in said)
    return ", ".join([*([network] if network else []), *said.values()])


def value_in_words(name: str, value: Any) -> str:
    """A choice's value: a surrogate by its shortest name, a number by three digits."""
    if name == "surrogate":
        return shortest_name(value)
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _word(name: str, value: Any) -> str:
    said = value_in_words(name, value)
    return said if name in ("surrogate", "neuron") else f"{name} {said}"


def studied(row: Mapping[Any, Any]) -> str:
    """The choices that the source study varies: ``atan slope 2, lapicque beta 0.5, threshold 0.4``."""
    slope = f" slope {row['slope']:.3g}" if SURROGATES[row["surrogate"]].has_slope else ""
    alpha = f" alpha {row['alpha']:.3g}," if row["neuron"] in WITH_ALPHA else ""
    return f"{row['surrogate']}{slope}, {row['neuron']}{alpha} beta {row['beta']:.3g}, threshold {row['threshold']:.3g}"


def configuration_in_words(row: Mapping[Any, Any]) -> str:
    """What the source study varies, and what came of it: ``atan ..., threshold 0.4 (91.2%, 12,345 cycles)``."""
    return f"{studied(row)} ({row['accuracy']:.1%}, {row['latency_cycles']:,.0f} cycles)"


@dataclass(frozen=True)
class Heading:
    """What stands above numbers of one kind, and how they are written below it.

    Attributes:
        noun: what they are.
        unit: theirs; empty for shares and counts.
        decimals: of each.
    """

    noun: str
    unit: str
    decimals: int

    def __str__(self) -> str:
        return f"{self.noun}, {self.unit}" if self.unit else self.noun

    @property
    def ascii(self) -> str:
        """For terminals: ``latency, us``."""
        return str(self).replace("µ", "u")

    def number(self, value: float) -> str:
        """A value below the heading: ``1,234.5``."""
        return f"{value:,.{self.decimals}f}"


#: Of everything that is measured and predicted of a whole network, by its column.
HEADINGS = {
    "accuracy": Heading("accuracy", "", 3),
    "sparsity": Heading("sparsity", "", 3),
    "latency_cycles": Heading("latency", "cycles", 0),
    "latency_us": Heading("latency", "µs", 1),
    "energy_nj": Heading("energy", "nJ", 0),
    "synaptic_operations": Heading("synaptic operations", "", 0),
}
