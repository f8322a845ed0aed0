"""How good the models of a target are, as ``fit`` and ``models`` print it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spikecast_cli.tables import plain_table

if TYPE_CHECKING:
    from rich.table import Table

#: Metrics whose column heads are not just their names.
_HEADS = {
    "mae": "MAE",
    "mape_percent": "MAPE %",
    "within_5_percent": "in 5 %",
    "within_10_percent": "in 10 %",
    "spearman": "Spearman",
    "r2": "R2",
}


def metric_head(metric: str) -> str:
    """A metric as a column head; one that has none is shown as it is."""
    return _HEADS.get(metric, metric)


def score_table(name: str, target: dict[str, Any]) -> Table:
    """All models, baselines and the seed-to-seed spread; what they do not share with the shipped model stands below."""
    validation, shipped = target["cross_validation"], target["model"]
    metrics = list(validation["models"][shipped])
    table = plain_table(f"{name}, cross-validated by configuration", "model", *map(metric_head, metrics))
    rest = []

    def add(label: str, scores: dict[str, float], last: bool = False) -> None:
        cells = (f"{scores[metric]:.4g}" if metric in scores else "-" for metric in metrics)
        table.add_row(label, *cells, end_section=last)
        others = [f"{metric} {value:.4g}" for metric, value in scores.items() if metric not in metrics]
        if others:
            rest.append(f"{label}: {', '.join(others)}")

    for number, (model, scores) in enumerate(validation["models"].items(), start=1):
        chosen = " (shipped)" if model == shipped else ""
        add(f"{_words(model)}{chosen}", scores, last=number == len(validation["models"]))
    for model, scores in validation["baselines"].items():
        add(_words(model), scores)
    add("seed-to-seed spread", validation["seed_spread"], last=True)
    if target["test"]:
        add("shipped, on test split", target["test"])
    table.caption, table.caption_justify, table.caption_style = "".join(f"{line}\n" for line in rest), "left", ""
    return table


def _words(name: str) -> str:
    return name.replace("_", " ")
