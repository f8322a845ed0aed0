"""Part c: commands in a fresh process, and what they are made of."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

from measuring import Settings, Tables, interleaved, spread

_SPIKECAST = str(Path(sys.executable).parent / "spikecast")
_COMMANDS: dict[str, list[str]] = {
    "python alone": [sys.executable, "-c", "pass"],
    "imports of the command line": [sys.executable, "-c", "import spikecast_cli.main"],
    "imports of the predictor": [sys.executable, "-c", "from spikecast.predictor import Predictor"],
    "the predictor loaded": [sys.executable, "-c", "import spikecast; spikecast.Predictor.load()"],
    "one prediction in Python": [sys.executable, "-c", "import spikecast; spikecast.predict(surrogate='sre')"],
    "spikecast --help": [_SPIKECAST, "--help"],
    "spikecast predict --help": [_SPIKECAST, "predict", "--help"],
    "spikecast predict": [_SPIKECAST, "predict", "--surrogate", "sre", "--neuron", "lapicque"],
}


def tables(settings: Settings) -> Tables:
    calls = {
        name: partial(subprocess.run, command, stdout=subprocess.DEVNULL, check=True)
        for name, command in _COMMANDS.items()
    }
    seconds = interleaved(calls, settings.rounds)
    return {
        "c. Seconds of a fresh process": [{"process": name, "s": spread(taken)} for name, taken in seconds.items()],
    }
