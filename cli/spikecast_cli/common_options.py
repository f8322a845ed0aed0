"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HardwareOption = Annotated[str, typer.Option(help="Shipped hardware or a YAML file.")]
ModelOption = Annotated[Path | None, typer.Option(help="Predictor bundle; the shipped one if left out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
