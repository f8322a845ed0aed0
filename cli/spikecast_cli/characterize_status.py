"""``spikecast characterize status``: how far a run is."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from spikecast.extras import needs
from spikecast_cli.duration import spoken_duration


def show_status(folder: Path, as_json: bool) -> None:
    """Print how far the run into a data folder is."""
    with needs("status", "train"):
        from spikecast.characterize.status import status_of
    status = status_of(folder)
    if as_json:
        print(json.dumps({"folder": str(folder), "done": status.done, "failed": status.failed, **asdict(status)}))
        return
    listed = ", ".join(f"{count} {name}" for name, count in sorted(status.statuses.items()))
    print(f"{folder}: {status.done} done{listed and f': {listed}'}; {status.failed} failed; {status.running} running")
    newest = "never" if status.newest_finish is None else f"{datetime.fromtimestamp(status.newest_finish):%F %T}"
    print(
        f"{status.finished_last_hour} in the last hour, not counting merged ones; newest {newest}; "
        f"trained for {spoken_duration(status.train_seconds)} in all"
    )
