"""What pages and notebooks ever imported can still be imported."""

from __future__ import annotations

from importlib import import_module

import pytest

PATHS = {
    "spikecast": "Predictor SpikecastRegressor TrainingChoices InputError accelerator load_hardware predict",
    "spikecast.accelerator": "simulate time_trace load_hardware load_nir neurobench_results quantized timing",
    "spikecast.accelerator.timing": "sparse_conv sparse_fc",
    "spikecast.advise": "compare recommend sensitivity pareto suggest",
    "spikecast.advise.tuning": "prune_hopeless suggest_choices",
    "spikecast.characterize.runner": "local_processes run",
    "spikecast.characterize.space": "load_space",
    "spikecast.characterize.store": "Store",
    "spikecast.characterize.trial": "run_trial",
    "spikecast.data_check": "check_folder",
    "spikecast.events": "load_binned load_dataset load_recordings save_recordings",
    "spikecast.predictor": "Predictor",
    "spikecast.predictor.fit": "fit",
    "spikecast.rows": "choices_of read_rows read_traces trace_of",
    "spikecast.snn.live": "network_of",
    "spikecast.surrogates": "SURROGATES Surrogate",
}


@pytest.mark.parametrize(("module", "names"), PATHS.items(), ids=list(PATHS))
def test_documented_paths_lead_somewhere(module: str, names: str) -> None:
    found = import_module(module)
    for name in names.split():
        assert getattr(found, name) is not None
