"""``spikecast predict``: what to expect of a network before it is trained."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from spikecast_cli.choice_options import with_choices
from spikecast_cli.common_options import HardwareOption, ModelOption


@with_choices(exclude="seed")
def predict(
    choices: dict[str, Any],
    hardware: HardwareOption = "sparse-core",
    model: ModelOption = None,
    batch: Annotated[
        Path | None, typer.Option(help="Predict every row of a .csv or .parquet whose columns are training choices.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where --batch writes its rows: .csv or .parquet.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say which choices move the answer, and what every layer's spikes cost.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the prediction as JSON.")] = False,
) -> None:
    """Predict accuracy, sparsity and latency of a network from its training choices alone."""
    from spikecast.choices import TrainingChoices
    from spikecast.errors import InputError
    from spikecast.predictor import Predictor

    if batch is not None or out is not None:
        if explain:
            raise InputError("--explain is for a single network: leave it out, or ask without --batch and --out")
        _predict_batch(batch, out, choices, hardware, model, as_json)
        return
    asked = TrainingChoices(**choices)
    predictor = Predictor.load(model)
    prediction = predictor.predict(asked, hardware=hardware)
    explanation = predictor.explain(choices, hardware) if explain else None
    for warning in asked.warnings:
        print(f"spikecast: warning: {warning}", file=sys.stderr)
    if as_json:
        explained = {} if explanation is None else {"explanation": explanation.to_dict()}
        print(json.dumps(prediction.to_dict() | explained, indent=2))
        return
    from spikecast_cli.explanation_tables import show_explanation
    from spikecast_cli.prediction_tables import show_prediction

    show_prediction(prediction)
    if explanation is not None:
        show_explanation(explanation, choices | {"hardware": hardware})


def _predict_batch(
    batch: Path | None, out: Path | None, choices: dict[str, Any], hardware: str, model: Path | None, as_json: bool
) -> None:
    """Rows and their predictions side by side, and how many could not be answered."""
    from spikecast.errors import InputError
    from spikecast.output_path import require_file_path
    from spikecast.predictor import Predictor
    from spikecast_cli.batch_table import SUFFIXES, read_table, write_table

    if batch is None or out is None:
        raise InputError("--batch and --out belong together: --batch in.csv --out out.csv")
    if choices:
        raise InputError(
            f"--{next(iter(choices)).replace('_', '-')} is for a single network: make it a column of {batch}"
        )
    require_file_path(out, "a table", *SUFFIXES)
    asked = read_table(batch)
    predicted = Predictor.load(model).predict_frame(asked, hardware)
    write_table(asked.join(predicted), out)
    refused = predicted["error"].notna()
    counts = {"out": str(out), "rows": len(asked), "refused": int(refused.sum())}
    if as_json:
        print(json.dumps(counts))
        return
    print(f"{out}: {counts['rows']} rows, {counts['refused']} without an answer, see column error")
    if refused.any():
        print(f"first of them, row {refused.to_numpy().argmax() + 1}: {predicted.loc[refused, 'error'].iloc[0]}")
