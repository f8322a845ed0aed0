"""Hardware descriptions: validated YAML, shipped by name or read from a file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, overload

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, ValidationInfo, field_validator

from spikecast._util.yaml_file import load_yaml
from spikecast.errors import unknown_name

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SHIPPED = Path(__file__).parent / "hardware_files"
#: The hardware of questions that name none: a shipped description.
DEFAULT_HARDWARE = "sparse-core"
#: Figures that decide cycles; at an equal clock they decide time.
TIMING = ("mode", "cores", "fc_encoder_width", "conv_encoder_width", "unit_size")
MOST_CORES = 1_000_000

Count = Annotated[int, Field(ge=1, le=MOST_CORES)]
Picojoules = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


def _checked_cores(value: object) -> object:
    """Let through what ``cores`` may be, so that anything else is refused in one sentence."""
    forms = f"use full, a number from 1 to {MOST_CORES}, or a list with a number for each layer"
    listed = value if isinstance(value, list | tuple) else [value]
    if value != "full" and (not listed or not all(type(cores) is int and 1 <= cores <= MOST_CORES for cores in listed)):
        raise ValueError(f"cores {value!r} are not allowed: {forms}")
    return value


def _checked_unit_size(value: object) -> object:
    listed = value if isinstance(value, list | tuple) else [value]
    if not listed or not all(type(size) is int and 1 <= size <= MOST_CORES for size in listed):
        raise ValueError(
            f"unit size {value!r} is not allowed: use a number of neurons, or a list of one for each layer"
        )
    return value


CoreShare = Annotated[int | Literal["full"] | tuple[int, ...], BeforeValidator(_checked_cores)]
UnitSize = Annotated[int | tuple[int, ...], BeforeValidator(_checked_unit_size)]


class CoresByKind(BaseModel):
    """Cores of convolutions and of fully connected layers; ``full`` is one core per output channel or neuron."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    conv: CoreShare
    fc: CoreShare


class BalancedCores(BaseModel):
    """A budget of cores, shared out over the layers in proportion to their work on the spikes at hand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    balanced: Count


class EnergyTable(BaseModel):
    """What an operation costs: an estimate, good for comparing, not for a datasheet.

    Attributes:
        integer_add_pj: adding a 4- or 8-bit weight to a 32-bit sum.
        float_add_pj, float_multiply_pj: 32-bit floating point.
        memory_access_pj: reading or writing 64 bits of on-chip memory.
        static_mw: power that flows whether or not anything happens.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    integer_add_pj: Picojoules
    float_add_pj: Picojoules
    float_multiply_pj: Picojoules
    memory_access_pj: Picojoules
    static_mw: float = Field(ge=0, le=1e6, allow_inf_nan=False)


def _cores_form(value: object) -> str:
    """Which form a value is meant to have, so that errors speak of that one alone; in brackets, as no key is."""
    if isinstance(value, BalancedCores) or (isinstance(value, dict) and "balanced" in value):
        return "(balanced)"
    return "(by_kind)" if isinstance(value, CoresByKind | dict) else "(all_layers)"


Cores = Annotated[
    Annotated[BalancedCores, Tag("(balanced)")]
    | Annotated[CoresByKind, Tag("(by_kind)")]
    | Annotated[CoreShare, Tag("(all_layers)")],
    Discriminator(_cores_form),
]


_NEEDED = {"layerwise": {"cores", "fc_encoder_width"}, "pipeline": {"unit_size"}}
_OPTIONAL: dict[str, set[str]] = {"layerwise": {"conv_encoder_width"}, "pipeline": set()}
_OTHER_MODE = {"layerwise": "pipeline", "pipeline": "layerwise"}


class Hardware(BaseModel):
    """One accelerator. ``provenance`` says for each figure where it comes from.

    Attributes:
        mode: ``layerwise``, the sparse core, or ``pipeline``, the fully connected pipeline.
        clock_mhz: clock.
        cores: layerwise: for all layers together, for each kind of layer, or a budget to balance.
        fc_encoder_width: layerwise: inputs that a fully connected layer's compressor scans at once.
        conv_encoder_width: layerwise: pixels that a convolution's compressor scans at once; a quarter of the frame if
            left out.
        unit_size: pipeline: neurons that one unit serves one after another, for all layers or for each.
        energy: what operations cost; without it no energy is given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    name: str
    description: str
    mode: Literal["layerwise", "pipeline"]
    clock_mhz: float = Field(gt=0, le=100_000, allow_inf_nan=False)
    cores: Cores | None = None
    fc_encoder_width: Count | None = None
    conv_encoder_width: Count | None = None
    unit_size: UnitSize | None = None
    energy: EnergyTable | None = None
    provenance: dict[str, str]

    @field_validator("cores", "fc_encoder_width", "conv_encoder_width", "unit_size")
    @classmethod
    def _fits_the_mode(cls, value: Any, info: ValidationInfo) -> Any:
        mode, name = info.data.get("mode"), str(info.field_name)
        if mode is None:
            return value
        if value is None and name in _NEEDED[mode]:
            raise ValueError(f"mode {mode} needs it")
        if value is not None and name in _NEEDED[_OTHER_MODE[mode]] | _OPTIONAL[_OTHER_MODE[mode]]:
            raise ValueError(f"mode {mode} has none: leave it out")
        return value

    @field_validator("provenance")
    @classmethod
    def _complete(cls, provenance: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        for figure in _figures(info.data):
            if figure not in provenance and figure.partition(".")[0] not in provenance:
                raise ValueError(f"{figure} is missing: say where the figure comes from")
        return provenance

    def source_of(self, figure: str) -> str:
        """Where a figure comes from."""
        return self.provenance.get(figure, self.provenance.get(figure.partition(".")[0], ""))

    @property
    def figures(self) -> dict[str, Any]:
        """Every figure by name, ``cores.conv`` say; its provenance has that name or the part in front of the dot."""
        return _figures({name: getattr(self, name) for name in type(self).model_fields})

    @overload
    def microseconds(self, cycles: float) -> float: ...

    @overload
    def microseconds(self, cycles: NDArray[Any]) -> NDArray[np.float64]: ...

    def microseconds(self, cycles: Any) -> Any:
        """Time of ``cycles``, one or an array of them, at this hardware's clock."""
        return cycles / self.clock_mhz

    @property
    def timing(self) -> dict[str, Any]:
        """What decides cycles: hardware that agrees here takes the same cycles for the same trace."""
        return self.model_dump(include=set(TIMING))


def _figures(values: dict[str, Any]) -> dict[str, Any]:
    """Of the fields checked so far, those that are figures."""
    figures: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, BaseModel):
            figures |= {f"{name}.{part}": figure for part, figure in value}
        elif value is not None and name not in ("name", "description", "provenance"):
            figures[name] = value
    return figures


@cache
def shipped_hardware() -> tuple[str, ...]:
    """Names of the descriptions that come with spikecast."""
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.yaml")))


def load_hardware(name_or_path: str | Path | Hardware) -> Hardware:
    """A shipped description by its name, or any by the path of its YAML file; one given comes back as it is.

    Raises:
        InputError: no such name or file, or the file is not a valid description.
    """
    if isinstance(name_or_path, Hardware):
        return name_or_path
    if str(name_or_path) in shipped_hardware():
        return _load_shipped(str(name_or_path))
    path = Path(name_or_path)
    if path.suffix not in {".yaml", ".yml"}:
        raise unknown_name("hardware", name_or_path, [*shipped_hardware(), "or a .yaml file"])
    return _load(path)


@cache
def _load_shipped(name: str) -> Hardware:
    return _load(_SHIPPED / f"{name}.yaml")


def _load(path: Path) -> Hardware:
    return load_yaml(path, "hardware description", Hardware)
