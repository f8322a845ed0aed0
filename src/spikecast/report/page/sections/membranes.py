"""Leaky and lapicque neurons with the same membrane."""

from __future__ import annotations

from spikecast.report.page.figures.membranes import membrane_figure
from spikecast.report.page.parts import Column, Picture, Section, Table
from spikecast.study.configurations import ok_only
from spikecast.study.equal_membrane import LEAK, SLOPE, THRESHOLD, EqualMembranes, equal_membranes
from spikecast.study.study import Study

TITLE = "LIF against Lapicque with the same membrane"


def section(study: Study) -> Section:
    ok = ok_only(study.table)
    found = {
        name: pairs
        for name, equal_gradient in (("same slope", False), ("same gradient", True))
        if (pairs := equal_membranes(ok, equal_gradient=equal_gradient)) is not None
    }
    missing = "Few pairs are exact: spikecast characterize --space spaces/pairs.yaml"
    if not found:
        return Section("membranes", TITLE, missing=(missing,))
    exact = all(pairs.pairs["exact"].all() for pairs in found.values())
    return Section(
        "membranes",
        TITLE,
        (
            "A lapicque neuron with gain g, leak l and threshold t moves as a leaky neuron with leak l and threshold "
            "t/g: with the same weights both networks fire the same spikes, and only training can make them differ. "
            "With the same slope, lapicque's surrogate sees a membrane g times as large; with slope k/g it sees the "
            "same, and gradients differ in their scale at most. "
            + (
                "The pairs are exact up to rounding."
                if exact
                else f"With few exact pairs the nearest stand in: leak within {LEAK:g}, threshold within "
                f"{THRESHOLD - 1:.0%}, slope within {SLOPE - 1:.0%}."
            ),
        ),
        (
            Table(
                "membranes",
                "Lapicque beside leaky with the same leak and threshold at gain 1; pairs are resampled",
                (
                    Column("equal", "also equal"),
                    Column("pairs", "pairs", "d"),
                    Column("kind", "pairs are"),
                    Column("latency_ratio", "latency, ratio", ".3f"),
                    Column("accuracy_points", "accuracy, points", "+z.1f"),
                ),
                tuple(_line(name, pairs) for name, pairs in found.items()),
            ),
            Picture(
                "membranes",
                "The same membrane under two names",
                _takeaway(found),
                f"Left out: configurations without a partner, {len(ok) - _paired(found):,} of {len(ok):,} ok ones.",
                membrane_figure({name: pairs.pairs for name, pairs in found.items()}),
            ),
        ),
        () if exact else (missing,),
    )


def _line(name: str, found: EqualMembranes) -> dict[str, object]:
    exact = found.pairs["exact"].all()
    return {
        "equal": name,
        "pairs": len(found.pairs),
        "kind": "exact" if exact else "exact and nearest",
        "latency_ratio": found.ratio,
        "accuracy_points": found.gain_points,
    }


def _paired(found: dict[str, EqualMembranes]) -> int:
    """Configurations in any pair."""
    return len({key for pairs in found.values() for key in pairs.pairs[["key_leaky", "key_lapicque"]].to_numpy().flat})


def _takeaway(found: dict[str, EqualMembranes]) -> str:
    parts = [
        f"{name}, {pairs.ratio.value:.2f} times the cycles and {pairs.gain_points.value:+z.1f} points of accuracy "
        f"({len(pairs.pairs)} pairs)"
        for name, pairs in found.items()
    ]
    return f"Lapicque beside leaky with the same leak and threshold: {'; '.join(parts)}."
