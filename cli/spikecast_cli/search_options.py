"""The options of commands that search: which choices to keep, and how long to look."""

from __future__ import annotations

from typing import Annotated

import typer

Fix = Annotated[
    list[str] | None, typer.Option(help="A choice to keep, such as neuron=lif; may be repeated.", metavar="NAME=VALUE")
]
Candidates = Annotated[int, typer.Option(min=1, help="About how many networks to predict.")]
#: As in ``spikecast.advise``, which is not imported before it is needed.
CANDIDATES = 8192
