"""Part d: what the first call costs a fresh process, before and after compiled code has been kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import Settings, Tables, spread

_CHILD = Path(__file__).parent / "tiny_run.py"


def tables(settings: Settings) -> Tables:
    empty, filled = [], []
    for _ in range(1 if settings.quick else 3):
        with tempfile.TemporaryDirectory() as kept:
            empty.append(_fresh_process(kept))
            filled += [_fresh_process(kept) for _ in range(3)]
    return {
        "d. Seconds of the first call in a fresh process, a tiny network": [
            {
                "compiled code": name,
                "import": spread([run["import"] for run in runs]),
                "first call": spread([run["first"] for run in runs]),
                "later call": spread([run["later"] for run in runs]),
                "first call's extra": spread([run["first"] - run["later"] for run in runs]),
                "whole process": spread([run["process"] for run in runs]),
            }
            for name, runs in (("none kept yet", empty), ("kept", filled))
        ]
    }


def _fresh_process(compiled_code: str) -> dict[str, float]:
    environment = {**os.environ, "NUMBA_CACHE_DIR": compiled_code}
    answer = subprocess.run([sys.executable, _CHILD], env=environment, capture_output=True, text=True, check=True)
    seconds: dict[str, float] = json.loads(answer.stdout)
    return seconds
