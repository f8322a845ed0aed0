"""What a bundle's manifest must hold. It may hold more: entries that a later program of the same format adds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from spikecast.accelerator.hardware import Hardware
from spikecast.errors import InputError
from spikecast.predictor.models.boosted_trees import BoostedTrees
from spikecast.predictor.models.gaussian_process import GaussianProcess
from spikecast.predictor.models.regressor import Regressor
from spikecast.predictor.models.simple import Linear

#: Format of the bundles that this program writes.
FORMAT = 3
#: Formats that it reads. A later format is added here; what reads a part knows how it differs.
READABLE = (2, 3)
_FILE_NAME = re.compile(r"\w[\w.-]*", re.ASCII)

#: Regressors that a bundle may ship, by name.
SHIPPABLE: dict[str, type[Regressor]] = {model.name: model for model in (Linear, GaussianProcess, BoostedTrees)}


def _plain(name: str) -> str:
    if not _FILE_NAME.fullmatch(name):
        raise ValueError("not a plain file name")
    return name


FileName = Annotated[str, AfterValidator(_plain)]


class _Entry(BaseModel):
    model_config = ConfigDict(strict=True)


class _File(_Entry):
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    bytes: int


class _Data(_Entry):
    sha256: str
    rows: int
    configurations: int
    test_rows: int
    status: dict[str, int]


class _Versions(_Entry):
    spikecast: str


class _OutcomeModel(_Entry):
    file: FileName
    model: str
    cross_validation: dict[str, float]


class _Validation(_Entry):
    models: dict[str, dict[str, float]]
    baselines: dict[str, dict[str, float]]
    seed_spread: dict[str, float]


class _Widths(_Entry):
    factor: float
    ignorance: float
    within: dict[str, dict[str, float]] = Field(default_factory=dict)
    unseen: dict[str, float] = Field(default_factory=dict)


class _Target(_Widths):
    """``file``, ``error_file`` and ``columns`` belong to a target that has a model of its own; latency's also has the
    widths ``elsewhere``, of its intervals on other hardware."""

    model: str
    scale: Literal["log", "logit", "eased_logit"]
    cross_validation: _Validation
    test: dict[str, float]
    file: FileName | None = None
    error_file: FileName | None = None
    columns: list[str] | None = None
    elsewhere: _Widths | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.model not in self.cross_validation.models:
            raise ValueError(f"cross_validation has no model {self.model!r}")
        if len({part is None for part in (self.file, self.error_file, self.columns)}) > 1:
            raise ValueError("file, error_file and columns go together")
        if self.file is not None and self.model not in SHIPPABLE:
            raise ValueError(f"model {self.model!r} is none of {', '.join(SHIPPABLE)}")
        return self


class _Manifest(_Entry):
    features: list[str]
    coverage: float
    hardware: Hardware
    data: _Data
    versions: _Versions
    roles: list[str]
    outcome: _OutcomeModel
    targets: dict[str, _Target]
    files: dict[FileName, _File]


def parse_manifest(path: Path, raw: bytes) -> dict[str, Any]:
    """The manifest in ``raw``, which was read from ``path``; the path is for errors alone.

    Raises:
        InputError: it is not a manifest, or of a format that this program does not read.
    """
    try:
        manifest = json.loads(raw)
    # Nested too deep for the parser is another error than malformed.
    except (ValueError, RecursionError) as error:
        raise _refused(path, f"it is not JSON ({error})") from None
    if not isinstance(manifest, dict):
        raise _refused(path, "it is not a JSON object")
    _require_readable(path, manifest.get("format"))
    try:
        _Manifest.model_validate(manifest)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "[key]")
        message = first["msg"].removeprefix("Value error, ")
        raise _refused(path, f"{where}: {message[:1].lower()}{message[1:]}") from None
    return manifest


def _require_readable(path: Path, number: object) -> None:
    bundle, readable = f"predictor bundle {path.parent}", ", ".join(map(str, READABLE))
    if type(number) is not int:
        raise _refused(path, f"its format is {number!r}, not a number")
    if number > max(READABLE):
        raise InputError(f"{bundle} has format {number}, newer than this program reads ({readable}): upgrade spikecast")
    if number not in READABLE:
        raise InputError(
            f"{bundle} has format {number}, which held another kind of model; this program reads {readable}: fit again"
        )


def _refused(path: Path, why: str) -> InputError:
    return InputError(f"{path} is not a predictor bundle's manifest: {why}; restore it, or fit again")
