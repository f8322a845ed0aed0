"""``spikecast characterize --dry-run``: how much is left of a space, and how long it would take."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from spikecast_cli.duration import spoken_duration

if TYPE_CHECKING:
    from spikecast.choices import TrainingChoices


def show_plan(trials: Sequence[TrainingChoices], out: Path, jobs: int, networks: bool, as_json: bool) -> None:
    """Print the plan; write nothing."""
    from spikecast.characterize.plan import plan

    planned = plan(trials, out, jobs, networks)
    if as_json:
        print(json.dumps({"out": str(out), "jobs": jobs, "left": planned.left, **asdict(planned)}))
        return
    print(f"{out}: {planned.finished} of {planned.trials} trials are finished, {planned.left} left")
    if not planned.left:
        return
    print(
        f"about {spoken_duration(planned.left_seconds)} with --jobs {jobs}, by the rate of {planned.rate_from}; "
        f"about {max(planned.left_bytes / 1e6, 0.1):.1f} MB of disk; nothing was run or written"
    )
