"""The process of one refit: ``python -m spikecast.service.refit JOB DATA MODEL``."""

from __future__ import annotations

import sys
from pathlib import Path

from spikecast.errors import InputError
from spikecast.predictor.fit import fit
from spikecast.service.jobs import Jobs


def refit(job_id: str, data: Path, model: Path) -> None:
    """Fit a new bundle, put it in the old one's place, and write down how far it is."""
    jobs = Jobs(model)
    try:
        fit(data, model, progress=lambda stage: jobs.update(job_id, stage=stage))
    except InputError as error:
        jobs.update(job_id, state="failed", reason=str(error))
    except Exception as error:
        jobs.update(job_id, state="failed", reason=f"{type(error).__name__}: {error}")
        raise
    else:
        jobs.update(job_id, state="done")


if __name__ == "__main__":
    refit(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
