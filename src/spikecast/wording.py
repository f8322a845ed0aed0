"""What is chosen and what is measured, in words: choices, networks, configurations, and headings of numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from spikecast.choices import STRUCTURAL, TrainingChoices, network_name
from spikecast.neurons import WITH_ALPHA
from spikecast.surrogates import SURROGATES, shortest_name

#: What is said together; whatever is not here is said by itself, if it is not the default.
_PHRASES = (("surrogate", "slope"), ("neuron", "alpha", "beta"), ("threshold",))
#: The network and its input, which ``network_in_words`` says, and the seed, on which no prediction depends.
_LEFT_OUT = (*STRUCTURAL, "seed")


def choices_in_words(choices: Mapping[Any, Any], leave_out: Collection[str] = ()) -> str:
    """Choices of neurons and training on one line: ``sre slope 2, lapicque beta 0.5, threshold 0.4, epochs 8``.

    ``choices`` go by their full names; what they call a surrogate becomes its shortest name. Those that mean nothing,
    are the defaults or are in ``leave_out`` are left out.
    """
    in_phrases = {name for phrase in _PHRASES for name in phrase}
    unsaid = {*_LEFT_OUT, *leave_out}
    alone = [
        (name,)
        for name, field in TrainingChoices.model_fields.items()
        if name not in in_phrases and name not in unsaid and choices[name] != field.default
    ]
    return _phrased(choices, (*_PHRASES, *alone), unsaid, value_in_words)


def studied(row: Mapping[Any, Any]) -> str:
    """The choices that the source study varies, surrogates by their full names: ``atan slope 2, lapicque beta 0.5,
    threshold 0.4``."""
    decays = (("neuron", "alpha"), ("beta",)) if row["neuron"] in WITH_ALPHA else (("neuron", "beta"),)
    return _phrased(row, (("surrogate", "slope"), *decays, ("threshold",)), (), lambda _name, value: _plain(value))


def measured_in_words(row: Mapping[Any, Any]) -> str:
    """The studied choices of a configuration, its accuracy and its latency."""
    return f"{studied(row)} ({row['accuracy']:.1%}, {row['latency_cycles']:,.0f} cycles)"


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
    return shortest_name(value) if name == "surrogate" else _plain(value)


def _plain(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _phrased(
    choices: Mapping[Any, Any],
    phrases: Iterable[tuple[str, ...]],
    leave_out: Collection[str],
    in_words: Callable[[str, Any], str],
) -> str:
    """Phrases of choices, joined by commas, without those that mean nothing or are left out."""
    unsaid = {*leave_out}
    if not SURROGATES[choices["surrogate"]].has_slope:
        unsaid.add("slope")
    if choices["neuron"] not in WITH_ALPHA:
        unsaid.add("alpha")

    def word(name: str) -> str:
        value = in_words(name, choices[name])
        return value if name in ("surrogate", "neuron") else f"{name} {value}"

    said = (" ".join(word(name) for name in phrase if name not in unsaid) for phrase in phrases)
    return ", ".join(phrase for phrase in said if phrase)


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
