"""Hardware descriptions: validated YAML, shipped by name or read from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from spikecast.architecture import LayerShape
from spikecast.names import unknown_name
from spikecast.yaml_file import load_yaml

_SHIPPED = Path(__file__).parent / "hardware_files"
Cores = Annotated[int, Field(ge=1, le=1_000_000)]


class CoreAllocation(BaseModel):
    """Cores per layer, by kind of layer; ``full`` is one core per output channel."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    conv: Cores | Literal["full"]
    fc: Cores | Literal["full"]


class Hardware(BaseModel):
    """One accelerator. ``provenance`` says for each figure where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    description: str
    mode: Literal["layerwise"]
    clock_mhz: float = Field(gt=0, le=100_000, allow_inf_nan=False)
    cores: CoreAllocation
    fc_encoder_width: int = Field(ge=1, le=1_000_000)
    provenance: dict[str, str]

    def cores_of(self, layer: LayerShape) -> int:
        """Cores that serve ``layer``."""
        cores = self.cores.conv if layer.kind == "conv" else self.cores.fc
        return layer.out_channels if cores == "full" else cores

    def microseconds(self, cycles: float) -> float:
        """Time of ``cycles`` at this hardware's clock."""
        return cycles / self.clock_mhz

    @property
    def timing(self) -> dict[str, Any]:
        """What decides cycles: hardware that agrees here takes the same cycles for the same trace."""
        return self.model_dump(include={"mode", "cores", "fc_encoder_width"})


def shipped_hardware() -> tuple[str, ...]:
    """Names of the descriptions that come with spikecast."""
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.yaml")))


def load_hardware(name_or_path: str | Path) -> Hardware:
    """A shipped description by its name, or any description by the path of its YAML file.

    Raises:
        InputError: no such name or file, or the file is not a valid description.
    """
    if str(name_or_path) in shipped_hardware():
        path = _SHIPPED / f"{name_or_path}.yaml"
    else:
        path = Path(name_or_path)
        if path.suffix not in {".yaml", ".yml"}:
            raise unknown_name("hardware", name_or_path, [*shipped_hardware(), "or a .yaml file"])
    return load_yaml(path, "hardware description", Hardware)
