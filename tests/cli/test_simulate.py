"""``spikecast simulate`` and ``spikecast hardware`` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import nir
import numpy as np
import pytest
import yaml

from spikecast.accelerator import (
    Layer,
    Network,
    Neuron,
    load_hardware,
    load_trace,
    save_network,
    save_trace,
    simulate,
    time_trace,
)
from spikecast.architecture import layer_shapes, predicted_classes
from spikecast.events import load_binned
from spikecast.rows import choices_of, read_rows, read_traces, trace_of

from .conftest import Run, printed, refused

REPOSITORY = Path(__file__).parents[2]
DATA = REPOSITORY / "data" / "characterization"


@pytest.fixture(autouse=True)
def working_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Commands run in an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def network() -> Network:
    random = np.random.default_rng(0)
    layers = []
    for shape in layer_shapes("4C3-MP2-FC20", 2, 16):
        size = (shape.in_channels, 3, 3, 4) if shape.kind == "conv" else (shape.inputs, 20)
        weights = random.normal(size=size).astype(np.float32) / 2
        layers.append(Layer(shape, weights, np.zeros(size[-1], np.float32), Neuron("leaky", 1, 0.5, 0.5, "subtract")))
    return Network(tuple(layers))


@pytest.fixture
def checkpoint(network: Network, tmp_path: Path) -> Path:
    path = tmp_path / "network.npz"
    save_network(network, path, {"dataset": "nmnist", "timesteps": 4})
    return path


def test_a_checkpoint_runs_on_the_data_it_was_trained_for(run: Run, network: Network, checkpoint: Path) -> None:
    binned = load_binned("nmnist", 4, 16)
    expected = simulate(network, binned.evaluation, load_hardware("sparse-core"))
    found = json.loads(printed(run, f"simulate {checkpoint} --json"))
    assert found["samples"] == 300
    assert found["latency_cycles"]["mean"] == pytest.approx(expected.latency_cycles.mean())
    assert found["latency_cycles"]["max"] == expected.latency_cycles.max()
    assert found["energy_nj"]["p95"] == pytest.approx(np.percentile(expected.energy_nj, 95))
    assert found["sparsity"] == found["activation_sparsity"] == pytest.approx(expected.sparsity)
    assert found["synaptic_operations"]["mean"] == pytest.approx(expected.synaptic_operations.mean())
    assert 0 <= found["accuracy"] <= 1
    assert [layer["layer"] for layer in found["layers"]] == ["conv1", "fc1"]
    text = printed(run, f"simulate {checkpoint}")
    assert f"{expected.latency_cycles.mean():,.0f}" in text
    assert all(word in text for word in ("drained", "serial floor", "bound by", "accumulate", "p95", "an estimate"))
    assert max(map(len, text.splitlines())) <= 80


def test_a_kept_trace_is_timed_again_elsewhere(run: Run, checkpoint: Path, tmp_path: Path) -> None:
    printed(run, f"simulate {checkpoint} --samples 20 --save-trace trace.npz")
    trace = load_trace(tmp_path / "trace.npz")
    assert trace.samples == 20
    hardware = load_hardware("sparse-core").model_copy(update={"cores": (2, 3), "name": "mine"})
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(hardware.model_dump(mode="json", exclude_none=True)))
    found = json.loads(printed(run, "simulate trace.npz --hardware mine.yaml --json"))
    assert found["latency_cycles"]["mean"] == pytest.approx(time_trace(trace, hardware).cycles.mean())


def test_results_go_to_a_file_under_neurobenchs_names(run: Run, checkpoint: Path, tmp_path: Path) -> None:
    found = json.loads(printed(run, f"simulate {checkpoint} --samples 20 --neurobench results.json --json"))
    results = json.loads((tmp_path / "results.json").read_text())
    assert results["ActivationSparsity"] == found["sparsity"]
    assert results["SynapticOperations"]["Effective_ACs"] == found["synaptic_operations"]["mean"]
    assert results["ClassificationAccuracy"] == found["accuracy"]
    key = read_rows(DATA).query("status == 'ok'")["key"].iloc[0]
    assert "leave out --spikes" in refused(run, f"simulate {DATA} --key {key} --neurobench new.json")
    assert "cannot write results to results.txt" in refused(run, f"simulate {checkpoint} --neurobench results.txt")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["network.npz", "results.json"]


def test_spikes_from_a_file_and_fewer_bits(run: Run, checkpoint: Path, tmp_path: Path) -> None:
    frames = (np.random.default_rng(1).random((3, 2, 2, 16, 16)) < 0.2).astype(np.uint8)
    np.save(tmp_path / "spikes.npy", frames)
    np.savez(tmp_path / "spikes.npz", spikes=frames)
    first = json.loads(printed(run, f"simulate {checkpoint} --spikes spikes.npy --json"))
    assert first == json.loads(printed(run, f"simulate {checkpoint} --spikes spikes.npz --json --threads 1"))
    assert first["samples"] == 3
    assert first["weight_bits"] == 32
    assert "accuracy" not in first
    fewer = json.loads(printed(run, f"simulate {checkpoint} --spikes spikes.npy --weight-bits 4 --json"))
    assert fewer["weight_bits"] == 4


def test_a_row_of_a_data_folder_is_timed_on_other_hardware(run: Run) -> None:
    row = read_rows(DATA).query("status == 'ok'").iloc[0]
    trace = trace_of(read_traces(DATA), choices_of(row.to_dict()))
    found = json.loads(printed(run, f"simulate {DATA} --key {row['key']} --hardware pulse-small --json"))
    expected = time_trace(trace, load_hardware("pulse-small"))
    assert found["latency_cycles"]["mean"] == pytest.approx(expected.cycles.mean())


def test_a_nir_file_runs_once_its_reset_is_said(run: Run, tmp_path: Path) -> None:
    step, size = 1e-4, np.ones(5)
    graph = nir.NIRGraph.from_list(
        nir.Input(np.array([12])),
        nir.Affine(np.random.default_rng(0).normal(size=(5, 12)), np.zeros(5)),
        nir.LIF(tau=size * step / 0.5, r=size / 0.5, v_leak=0 * size, v_threshold=size, v_reset=0 * size),
        nir.Output(np.array([5])),
    )
    nir.write(tmp_path / "net.nir", graph)
    np.save(tmp_path / "spikes.npy", (np.random.default_rng(1).random((6, 4, 12)) < 0.5).astype(np.uint8))
    assert "--reset subtract, zero or none" in refused(run, "simulate net.nir --spikes spikes.npy")
    found = json.loads(printed(run, "simulate net.nir --spikes spikes.npy --reset subtract --json"))
    assert found["samples"] == 6
    assert 0 < found["sparsity"] < 1
    assert found["near_threshold"] == 0


def test_who_fires_at_the_threshold_and_how_many_were_near(run: Run, tmp_path: Path) -> None:
    size = np.ones(2)
    graph = nir.NIRGraph.from_list(
        nir.Input(np.array([4])),
        nir.Affine(np.full((2, 4), 0.5), np.zeros(2)),
        nir.LIF(tau=size * 1e-4, r=size, v_leak=0 * size, v_threshold=size, v_reset=0 * size),
        nir.Output(np.array([2])),
    )
    nir.write(tmp_path / "net.nir", graph)
    np.save(tmp_path / "spikes.npy", np.array([[[1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 1]]], np.uint8))
    line = "simulate net.nir --spikes spikes.npy --reset zero"
    assert json.loads(printed(run, f"{line} --json"))["sparsity"] == 1
    found = json.loads(printed(run, f"{line} --fires-at-threshold --json"))
    assert found["sparsity"] == pytest.approx(1 / 3)
    assert found["near_threshold"] == 4
    assert "4 decisions within 1e-6 of the threshold: rounding" in printed(run, line)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("simulate none.npz", "no file none.npz"),
        ("simulate none.txt", "none.txt is no network or trace: use a spikecast network or trace (.npz), a NIR file"),
        (f"simulate {DATA}", "networks: choose one with --key, e.g. --key"),
        (f"simulate {DATA} --key zz", "key 'zz' fits 0 networks"),
        ("simulate network.npz --key 1", "--key chooses a network of a data folder: network.npz is not a folder"),
        ("simulate network.npz --reset zero", "--reset, --time-step and --fires-at-threshold are for NIR files"),
        ("simulate network.npz --spikes a.npy --dataset nmnist", "are two sources of input: give one"),
        ("simulate network.npz --spikes none.npy", "no spikes none.npy"),
        ("simulate network.npz --spikes network.npz", "holds 5 arrays"),
        ("simulate network.npz --spikes half.npy", "spikes must be 0 or 1: these are real values; encode"),
        ("simulate network.npz --spikes small.npy", "spikes of shape (1, 1, 2, 4, 4) do not fit the network"),
        ("simulate network.npz --dataset mnost", "unknown dataset 'mnost': did you mean nmnist"),
        ("simulate network.npz --weight-bits 5", "weight bits 5 are not allowed: use 4 or 8"),
        (
            "simulate network.npz --hardware pulse-small",
            "lists 4 layers (32, 16, 8, 8), the network has 2 (conv1, fc1)",
        ),
        ("simulate network.npz --hardware fc-pipeline", "conv1 is a convolution, and mode pipeline runs"),
        ("simulate network.npz --plot out.pdf", "cannot write a figure to out.pdf"),
        ("simulate network.npz --plot none/out.html", "there is no folder none: make it first"),
        ("simulate network.npz --save-trace out.txt", "cannot write a trace to out.txt"),
        ("simulate network.npz --samples 0", "'--samples'"),
        ("simulate network.npz --sample 3", "--sample 3 chooses whose timeline --plot draws: add --plot FILE"),
        (
            "simulate network.npz --spikes good.npy --plot out.html --neurobench out.json --sample 3",
            "sample 3 is not in the trace",
        ),
        ("simulate trace.npz --spikes small.npy", "trace.npz holds a trace: leave out --spikes"),
        ("simulate bare.npz", "this network does not say what it is fed: give --spikes FILE"),
        ("hardware show sparse-cor", "unknown hardware 'sparse-cor': did you mean sparse-core"),
        ("hardware check none.yaml", "cannot read hardware description none.yaml"),
        (
            "hardware balance --trace network.npz --cores 9",
            "holds a network, not a trace: make one with spikecast simul",
        ),
        ("hardware balance --trace trace.npz --cores 1", "1 cores are not enough for 2 layers"),
        ("hardware balance --trace trace.npz --cores 9 --hardware fc-pipeline", "only layerwise hardware has cores"),
        ("hardware balance --trace trace.npz --cores 9 --out out.txt", "cannot write a description to out.txt"),
    ],
)
def test_one_line_and_nothing_written(run: Run, network: Network, checkpoint: Path, line: str, said: str) -> None:
    folder = checkpoint.parent
    save_network(network, folder / "bare.npz")
    frames = np.zeros((1, 1, 2, 16, 16), np.uint8)
    save_trace(simulate(network, frames, load_hardware("sparse-core")).trace, folder / "trace.npz")
    np.save(folder / "half.npy", np.full((1, 1, 2, 16, 16), 0.5))
    np.save(folder / "good.npy", frames)
    np.save(folder / "small.npy", np.zeros((1, 1, 2, 4, 4), np.uint8))
    before = sorted(folder.rglob("*"))
    assert said in refused(run, line)
    assert sorted(folder.rglob("*")) == before


def test_hardware_is_listed_shown_and_checked(run: Run, tmp_path: Path) -> None:
    text = printed(run, "hardware list")
    assert all(name in text for name in ("sparse-core", "sparse-core-vgg9", "pulse-small", "fc-pipeline"))
    assert json.loads(printed(run, "hardware list --json"))[0]["name"] == "fc-pipeline"
    text = printed(run, "hardware show sparse-core-vgg9")
    assert all(f"energy.{name}" in text for name in ("integer_add_pj", "memory_access_pj", "static_mw"))
    assert "56, 50" in text
    assert text.count("ISSCC") == 4
    assert json.loads(printed(run, "hardware show pulse-small --json"))["cores"] == [32, 16, 8, 8]
    mine = tmp_path / "mine.yaml"
    described = load_hardware("sparse-core").model_dump(mode="json", exclude_none=True)
    mine.write_text(yaml.safe_dump(described))
    assert printed(run, "hardware check mine.yaml --architecture csnn-s").strip() == (
        "mine.yaml: sparse-core is valid, conv1 16, conv2 32, fc1 50, fc2 50"
    )
    mine.write_text(yaml.safe_dump(described | {"cores": [1, 2]}))
    assert "lists 2 layers (1, 2), the network has 4" in refused(run, "hardware check mine.yaml --architecture csnn-s")
    mine.write_text(yaml.safe_dump(described | {"cores": {"balanced": 40}}))
    assert "fc2 balanced" in printed(run, "hardware check mine.yaml --architecture csnn-s")
    mine.write_text(yaml.safe_dump(load_hardware("fc-pipeline").model_dump(mode="json", exclude_none=True)))
    assert "conv1 is a convolution" in refused(run, "hardware check mine.yaml --architecture csnn-s")


def test_figures_are_written(run: Run, checkpoint: Path, tmp_path: Path) -> None:
    printed(run, f"simulate {checkpoint} --samples 5 --plot sim.html --save-trace trace.npz")
    printed(run, "hardware balance --trace trace.npz --cores 9 --plot balance.html")
    assert "conv1" in (tmp_path / "sim.html").read_text()
    assert "9 cores" in (tmp_path / "balance.html").read_text()


def test_balanced_cores_are_written_and_used(run: Run, tmp_path: Path) -> None:
    key = read_rows(DATA).query("status == 'ok'")["key"].iloc[0]
    line = f"hardware balance --trace {DATA} --key {key} --cores 64 --out mine.yaml"
    found = json.loads(printed(run, f"{line} --json"))
    assert sum(found["cores"].values()) <= 64
    assert found["latency_cycles"] < found["proportional"]["latency_cycles"]
    assert found["curve"]["latency_cycles"][-1] == found["latency_cycles"] > found["floor_cycles"]
    assert "by spikecast hardware balance" in load_hardware(tmp_path / "mine.yaml").provenance["cores"]
    again = json.loads(printed(run, f"simulate {DATA} --key {key} --hardware mine.yaml --json"))
    assert again["latency_cycles"]["mean"] == pytest.approx(found["latency_cycles"])
    text = printed(run, line)
    assert f"{found['latency_cycles']:,.0f}" in text
    assert "floor that cores cannot pass" in text


def test_a_few_samples_are_classified_among_all_classes(run: Run, network: Network, checkpoint: Path) -> None:
    """The evaluation part is sorted by class: the first eight samples are all of one."""
    binned = load_binned("nmnist", 4, 16)
    answers = predicted_classes(simulate(network, binned.evaluation[:8]).output_spikes, 10)
    expected = (answers == binned.evaluation_labels[:8]).mean()
    assert json.loads(printed(run, f"simulate {checkpoint} --samples 8 --json"))["accuracy"] == expected < 1


def test_descriptions_are_no_markup(run: Run, tmp_path: Path) -> None:
    hardware = load_hardware("sparse-core").model_copy(update={"description": "see [/x], [paper, table 2]"})
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(hardware.model_dump(mode="json", exclude_none=True)))
    assert "see [/x], [paper, table 2]" in printed(run, "hardware show mine.yaml")
