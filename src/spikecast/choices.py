"""TrainingChoices: everything that is decided before a network is trained, checked and named."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from spikecast.architecture import LayerShape, expand, layer_shapes, presets
from spikecast.datasets import POLARITIES, Dataset, dataset_of
from spikecast.errors import InputError, unknown_name
from spikecast.neurons import DEFAULTS, LAPICQUE_NEGATIVE_LEAK, RECURRENT, WITH_ALPHA, dynamics, neuron_name
from spikecast.surrogates import SURROGATES, surrogate_name

#: Choices that older rows do not name, with the values that those rows were made with.
LATER_CHOICES: dict[str, float | str] = {
    "alpha": 0.9,
    "loss": "mse_count",
    "activity_penalty": 0.0,
    "learning_rate_schedule": "constant",
    "epoch_kept": "last",
    "gradient_clip": 0.0,
}


def _whole_number(value: object) -> object:
    """pydantic reads whole numbers from text and from 4.0 by itself, but not those of a closed list."""
    readable = (isinstance(value, str) and value.isdecimal()) or (isinstance(value, float) and value.is_integer())
    return int(value) if readable else value  # type: ignore[call-overload]


class TrainingChoices(BaseModel):
    """One training run's choices: frozen, checked, aliases resolved.

    Equal choices have an equal ``key`` on every machine: names are resolved, a preset architecture is spelled
    out, a slope left out is the surrogate's default, a beta or threshold left out the neuron's.

    Raises:
        InputError: a choice is unknown or out of range; the message names it and what is allowed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    dataset: str = Field("nmnist", description="event data set")
    architecture: str = Field("csnn-s", description="preset or string such as 16C3-MP2-FC100")
    timesteps: int = Field(4, ge=1, le=100, description="equal time bins a recording is cut into")
    input_size: int = Field(32, ge=8, le=128, description="side of the input frame in pixels")
    surrogate: str = Field("fast_sigmoid", description="surrogate gradient")
    slope: float = Field(
        gt=0,
        le=1000,
        allow_inf_nan=False,
        description="the surrogate's single knob; left out, the surrogate's own default",
    )
    neuron: str = Field("leaky", description="neuron model")
    beta: float = Field(
        gt=0, lt=1, allow_inf_nan=False, description="membrane decay; left out, the neuron's own default"
    )
    alpha: float = Field(
        0.9, gt=0, lt=1, allow_inf_nan=False, description="decay of the current, of neurons synaptic and alpha"
    )
    threshold: float = Field(
        gt=0, le=100, allow_inf_nan=False, description="firing threshold; left out, the neuron's own default"
    )
    reset: Literal["subtract", "zero"] = Field("subtract", description="what a spike does to the membrane")
    weight_bits: Annotated[Literal[4, 8, 32], BeforeValidator(_whole_number)] = Field(
        32, description="weight width; 32 is float"
    )
    learning_rate: float = Field(2e-3, gt=0, le=1, allow_inf_nan=False, description="Adam's step")
    epochs: int = Field(12, ge=1, le=1000, description="passes over the training recordings")
    batch_size: int = Field(32, ge=1, le=1024, description="recordings in a training step")
    dropout: float = Field(0.0, ge=0, lt=1, allow_inf_nan=False, description="before the first fully connected layer")
    loss: Literal["mse_count", "ce_count"] = Field("mse_count", description="squared error or cross entropy of counts")
    activity_penalty: float = Field(
        0.0, ge=0, le=1000, allow_inf_nan=False, description="weight of the mean firing rate in the loss"
    )
    learning_rate_schedule: Literal["constant", "cosine"] = Field("constant", description="Adam's step over epochs")
    epoch_kept: Literal["last", "validated"] = Field(
        "validated",
        description="the last, or the most accurate on an eighth of the training recordings held out for it",
    )
    gradient_clip: float = Field(
        0.0, ge=0, le=1e6, allow_inf_nan=False, description="largest norm of a batch's gradient; 0 is no limit"
    )
    seed: int = Field(0, ge=0, lt=2**31, description="of weights, shuffling and every other draw")

    def __init__(self, /, **choices: Any) -> None:
        try:
            super().__init__(**choices)
        except ValidationError as error:
            raise _input_error(error) from None

    @model_validator(mode="before")
    @classmethod
    def _defaults_of_kinds(cls, values: dict[str, Any]) -> dict[str, Any]:
        kinds = {kind: str(values.get(kind, cls.model_fields[kind].default)) for kind in ("surrogate", "neuron")}
        neuron = DEFAULTS[neuron_name(kinds["neuron"])]
        own = {
            "slope": SURROGATES[surrogate_name(kinds["surrogate"])].default_slope,
            "beta": neuron.beta,
            "threshold": neuron.threshold,
        }
        return values | {name: value for name, value in own.items() if values.get(name) is None}

    @field_validator("dataset")
    @classmethod
    def _known_dataset(cls, name: str) -> str:
        return dataset_of(name).name

    @field_validator("architecture")
    @classmethod
    def _expanded(cls, architecture: str, info: ValidationInfo) -> str:
        # Without a known data set there is an error already.
        return (
            expand(architecture, dataset_of(info.data["dataset"]).classes) if "dataset" in info.data else architecture
        )

    @field_validator("surrogate")
    @classmethod
    def _known_surrogate(cls, name: str) -> str:
        return surrogate_name(name)

    @field_validator("neuron")
    @classmethod
    def _known_neuron(cls, name: str) -> str:
        return neuron_name(name)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.neuron not in WITH_ALPHA and self.alpha != type(self).model_fields["alpha"].default:
            raise InputError(f"alpha {self.alpha:g} is for neurons {' and '.join(WITH_ALPHA)}: leave it out")
        dynamics(self.neuron, self.beta, self.alpha)
        kind = SURROGATES[self.surrogate]
        if not kind.has_slope and self.slope != kind.default_slope:
            raise InputError(f"slope {self.slope:g} is not allowed: {self.surrogate} has none; leave it out")
        outputs = self.layers[-1].out_channels
        classes = self.dataset_info.classes
        if outputs % classes:
            raise InputError(
                f"architecture {self.architecture!r} ends in {outputs} neurons: "
                f"{self.dataset} has {classes} classes, so use a multiple of {classes}"
            )
        return self

    @property
    def dataset_info(self) -> Dataset:
        return dataset_of(self.dataset)

    @property
    def layers(self) -> tuple[LayerShape, ...]:
        """Shapes of the network's spiking layers."""
        return layer_shapes(self.architecture, POLARITIES, self.input_size, recurrent=self.neuron in RECURRENT)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed but unlikely to be meant."""
        if self.neuron == "lapicque" and self.beta < LAPICQUE_NEGATIVE_LEAK:
            leak = dynamics(self.neuron, self.beta, self.alpha).leak
            return (
                f"beta {self.beta:g} gives a lapicque neuron the negative leak {leak:.2f}: "
                "its membrane flips sign from step to step",
            )
        return ()

    @property
    def canonical_json(self) -> str:
        """All choices as JSON with sorted keys and no spaces; later ones only where they differ from older rows'."""
        return _canonical(self._named())

    @property
    def key(self) -> str:
        """16 hex digits that name these choices on every machine."""
        return _digest(self.canonical_json)

    @property
    def config_key(self) -> str:
        """The key without the seed: runs that differ in their seed alone share it."""
        named = self._named()
        del named["seed"]
        return _digest(_canonical(named))

    def _named(self) -> dict[str, Any]:
        """The choices that make up the key: so keys outlive choices that are added."""
        return {
            # Numbers that are equal have one key: this makes -0.0 0.0.
            name: value + 0.0 if isinstance(value, float) else value
            for name, value in self.model_dump().items()
            if name not in LATER_CHOICES or value != LATER_CHOICES[name]
        }


#: The choices that decide a network's layers and what enters them.
STRUCTURAL = ("dataset", "architecture", "timesteps", "input_size")
CHOICES = tuple(name for name in TrainingChoices.model_fields if name != "seed")
#: Those that are numbers with values in between; the others are categories.
NUMBERS = tuple(name for name in CHOICES if TrainingChoices.model_fields[name].annotation in (int, float))


def _canonical(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _input_error(error: ValidationError) -> InputError:
    """Turn pydantic's first complaint into one line."""
    first = error.errors()[0]
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InputError):
        return cause
    name, value = str(first["loc"][0]), first["input"]
    if first["type"] == "extra_forbidden":
        return unknown_name("choice", name, TrainingChoices.model_fields)
    return InputError(f"{name} {value!r} is not allowed: {first['msg'][:1].lower()}{first['msg'][1:]}{_range(name)}")


def _range(name: str) -> str:
    """The allowed range of a numeric choice, as text."""
    bounds = []
    for limit in TrainingChoices.model_fields[name].metadata:
        for attribute, sign in (("gt", ">"), ("ge", ">="), ("lt", "<"), ("le", "<=")):
            if hasattr(limit, attribute):
                bounds.append(f"{sign} {getattr(limit, attribute):g}")
    return f"; allowed: {name} {' and '.join(bounds)}" if bounds else ""


def network_name(dataset: str, architecture: str) -> str:
    """The preset that an architecture is for the data set's number of classes, or the architecture itself."""
    named = {spelled: name for name, spelled in presets(dataset_of(dataset).classes).items()}
    return named.get(architecture, architecture)
