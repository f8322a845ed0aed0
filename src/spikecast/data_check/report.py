"""What a check of a data folder comes to."""

from __future__ import annotations

from dataclasses import dataclass

from spikecast.data_check.finding import Finding


@dataclass(frozen=True)
class Report:
    """The size of a data folder and everything that is wrong with it.

    Attributes:
        statuses: rows by their status.
        rows: trained networks.
        traces: traces, one per network and layer.
        samples: samples with a whole trace.
        samples_retimed: those whose cycles were computed again from their counts: not where counts or hardware are
            wrong, or where a budget of cores was balanced over samples that were not kept.
        findings: by kind, in the order of the checks; empty for a clean folder.
        complete: whether all checks ran; False: columns hold the wrong type, which the other checks cannot compare.
    """

    statuses: dict[str, int]
    rows: int
    traces: int
    samples: int
    samples_retimed: int
    findings: tuple[Finding, ...]
    complete: bool

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings
