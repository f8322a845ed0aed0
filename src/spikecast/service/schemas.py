"""What requests hold. Answers are those of the command line's --json."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic.fields import FieldInfo

from spikecast.accelerator.hardware import DEFAULT_HARDWARE, Hardware, load_hardware, shipped_hardware
from spikecast.advise.objective import CANDIDATES, MOST_CANDIDATES
from spikecast.choices import CHOICES, TrainingChoices
from spikecast.datasets import dataset_of
from spikecast.errors import unknown_name
from spikecast.neurons import neuron_name
from spikecast.surrogates import surrogate_name

MOST_ROWS = 10_000
FEWEST_CANDIDATES = 256


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


#: Resolved where they are read, so that the problem with an unknown one names its field.
_NAMES: dict[str, Callable[[str], str]] = {
    "dataset": lambda name: dataset_of(name).name,
    "surrogate": surrogate_name,
    "neuron": neuron_name,
}


def _optional(name: str, field: FieldInfo) -> tuple[Any, Any]:
    """A choice that may be left out, with the limits and the meaning that it has anyway."""
    default = "" if field.is_required() else f" (default {field.default})"
    checks = [*field.metadata, *([AfterValidator(_NAMES[name])] if name in _NAMES else [])]
    kind: Any = Annotated[field.annotation, *checks] if checks else field.annotation
    return kind | None, Field(None, description=f"{field.description}{default}")


#: TrainingChoices' own fields, each checked alone, so that a problem names every one that is wrong. Whether they go
#: together TrainingChoices checks, with defaults in the places of those left out.
_FIELDS: dict[str, Any] = {name: _optional(name, TrainingChoices.model_fields[name]) for name in CHOICES}


# The checker cannot see fields that are computed. No docstring: it would stand in the schema.
class Choices(create_model("Fields", __base__=_Request, **_FIELDS)):  # type: ignore[misc]
    pass


def given(choices: BaseModel) -> dict[str, Any]:
    """The choices that a request does not leave out."""
    return choices.model_dump(include=set(CHOICES), exclude_none=True)


def _shipped(name: str) -> str:
    """A request never names a file."""
    if name not in shipped_hardware():
        raise unknown_name("hardware", name, [*shipped_hardware(), "or a description"])
    return name


def _by_name(asked: object) -> object:
    return load_hardware(_shipped(asked)) if isinstance(asked, str) else asked


Machine = Annotated[
    Hardware,
    BeforeValidator(_by_name, json_schema_input_type=str | Hardware),
    Field(description="a shipped description's name, or a whole description", examples=["sparse-core"]),
]
Candidates = Annotated[int, Field(ge=FEWEST_CANDIDATES, le=MOST_CANDIDATES, description="about how many to predict")]


def machine(name: str | None) -> Hardware:
    """A shipped description by its name; None is the usual one.

    Raises:
        InputError: there is none of that name.
    """
    return load_hardware(_shipped(DEFAULT_HARDWARE if name is None else name))


def _machine() -> Any:
    return Field(default_factory=lambda: machine(None))


class PredictRequest(_Request):
    """One network on one hardware."""

    choices: Choices = Field(default_factory=Choices, examples=[{"surrogate": "sre", "neuron": "lapicque"}])
    hardware: Machine = _machine()
    explain: bool = Field(False, strict=True, description="also say which choices move the answer, and by how much")


class BatchRequest(_Request):
    """Many networks on one hardware; a row that cannot be answered says why and harms no other."""

    # What a value may be is checked row by row: pydantic would tell of every wrong one, four times.
    rows: list[dict[str, Any]] = Field(max_length=MOST_ROWS, examples=[[{"neuron": "lapicque"}, {"beta": 0.3}]])
    hardware: Machine = _machine()


class RecommendRequest(_Request):
    """What to train."""

    minimize: Literal["latency", "energy", "spikes"] | None = Field(None, examples=["latency"])
    maximize: Literal["accuracy", "sparsity"] | None = None
    min_accuracy: float | None = Field(None, ge=0, le=1, examples=[0.9])
    max_latency_us: float | None = Field(None, gt=0, allow_inf_nan=False)
    fixed: Choices = Field(
        default_factory=Choices, description="choices that must be so", examples=[{"neuron": "leaky"}]
    )
    hardware: Machine = _machine()
    top: int = Field(5, ge=1, le=50, description="at most so many, one for each pair of surrogate and neuron")
    candidates: Candidates = CANDIDATES


class ParetoQuery(Choices):
    """The front of accuracy against a cost; choices that are given must be so."""

    cost: Literal["latency", "energy", "sparsity"] = "latency"
    hardware: str = Field(DEFAULT_HARDWARE, description="a shipped description's name")
    candidates: Candidates = CANDIDATES


class SensitivityRequest(_Request):
    """One choice swept, the others fixed."""

    of: str = Field(description="the choice that is swept", examples=["threshold"])
    choices: Choices = Field(default_factory=Choices)
    hardware: Machine = _machine()
    low: float | None = Field(None, allow_inf_nan=False)
    high: float | None = Field(None, allow_inf_nan=False)
    points: int = Field(25, ge=2, le=200)
