"""The store: nothing finished is ever lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from spikecast.accelerator import load_hardware, load_network, simulate
from spikecast.characterize.runner import local_processes, pending, run
from spikecast.characterize.space import load_space
from spikecast.characterize.store import Store, damaged_trials, finished_rows
from spikecast.characterize.trial import TrialResult, run_trial
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.events import load_binned
from spikecast.rows import ROWS_FILE, TRACES_FILE, read_rows, read_traces
from spikecast_cli.main import main

SMOKE = Path(__file__).parents[2] / "spaces" / "smoke.yaml"


@pytest.fixture(scope="module")
def results() -> list[TrialResult]:
    hardware = load_hardware("sparse-core")
    small = {"architecture": "4C3-MP2-FC20", "input_size": 16, "epochs": 1}
    return [run_trial(TrainingChoices(**small, seed=seed, threshold=t), hardware) for seed, t in ((0, 0.4), (1, 99))]


def test_compaction_keeps_every_row_and_is_repeatable(tmp_path: Path, results: list[TrialResult]) -> None:
    store = Store(tmp_path / "data")
    store.add(results[0])
    store.compact()
    store.add(results[1])
    assert store.finished() == {result.row["key"] for result in results}
    rows = store.compact()
    assert rows["key"].tolist() == sorted(result.row["key"] for result in results)
    assert set(read_traces(tmp_path / "data")["key"]) == {result.row["key"] for result in results}
    before = {name: (tmp_path / "data" / name).read_bytes() for name in (ROWS_FILE, TRACES_FILE)}
    store.compact()
    assert {name: (tmp_path / "data" / name).read_bytes() for name in before} == before
    assert not list((tmp_path / "data" / "trials").iterdir())


def test_what_is_measured_again_takes_the_place_of_what_was(tmp_path: Path, results: list[TrialResult]) -> None:
    store, first = Store(tmp_path), results[0]
    store.add(first)
    store.compact()
    silent = [trace | {"counts": [0] * len(trace["counts"])} for trace in first.traces]
    store.add(TrialResult(first.row | {"accuracy": 0.25}, silent))
    rows = store.compact()
    assert rows["accuracy"].tolist() == [0.25]
    traces = read_traces(tmp_path)
    assert len(traces) == len(silent)
    assert not np.concatenate(traces["counts"].to_list()).any()


def test_rows_survive_the_round_trip(tmp_path: Path, results: list[TrialResult]) -> None:
    store = Store(tmp_path)
    for result in results:
        store.add(result)
    store.compact()
    rows = {row["key"]: row for row in read_rows(tmp_path).to_dict("records")}
    for result in results:
        assert {name: rows[result.row["key"]][name] for name in result.row} == result.row


def test_a_crash_during_compaction_loses_nothing(
    tmp_path: Path, results: list[TrialResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    for result in results:
        store.add(result)
    from spikecast.characterize import store as store_module

    def dies(*_arguments: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(store_module, "write_table", dies)
        with pytest.raises(InputError, match="disk full; finished trials in it are kept"):
            store.compact()
    assert store.finished() == {result.row["key"] for result in results}
    assert len(store.compact()) == 2


def test_a_claim_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    store = Store(tmp_path)
    (tmp_path / "claims").write_text("in the way")
    with pytest.raises(InputError, match=r"cannot write to .*: File exists; finished trials in it are kept"):
        store.claims.take("0" * 16)


def test_networks_are_kept_if_asked_for(tmp_path: Path, results: list[TrialResult]) -> None:
    Store(tmp_path / "plain").add(results[0])
    assert not (tmp_path / "plain" / "networks").exists()
    Store(tmp_path / "kept", keep_networks=True).add(results[0])
    network = load_network(tmp_path / "kept" / "networks" / f"{results[0].row['key']}.npz")
    binned = load_binned("nmnist", 4, 16)
    again = simulate(network, binned.evaluation, load_hardware("sparse-core"))
    assert again.latency_cycles.mean() == results[0].row["latency_cycles"]


def test_a_torn_trial_file_is_never_seen(tmp_path: Path, results: list[TrialResult]) -> None:
    store = Store(tmp_path)
    (tmp_path / "trials" / ".half.part").write_text('{"row": {"key": "12')
    store.add(results[0])
    assert store.finished() == {results[0].row["key"]}
    assert len(store.compact()) == 1


def test_what_a_killed_run_left_half_written_is_cleared_away(tmp_path: Path, results: list[TrialResult]) -> None:
    store = Store(tmp_path)
    left, in_work = (tmp_path / "trials" / name for name in (".left.part", ".in-work.part"))
    for path in (left, in_work):
        path.touch()
    os.utime(left, (time.time() - 2 * 3600.0,) * 2)
    store.add(results[0])
    store.compact()
    assert not left.exists()
    assert in_work.exists()


def test_networks_that_all_failed_are_rows_too(tmp_path: Path, results: list[TrialResult]) -> None:
    store = Store(tmp_path)
    store.add(TrialResult({**results[0].row, "status": "failed", "error": "no reason"}, []))
    first, second = store.compact(), store.compact()
    assert len(first) == 1
    assert first.equals(second)
    store.add(results[1])
    assert len(store.compact()) == 2
    assert set(read_traces(tmp_path)["key"]) == {results[1].row["key"]}


def test_truncated_table_is_named_and_left_alone(tmp_path: Path, results: list[TrialResult]) -> None:
    store = Store(tmp_path)
    store.add(results[0])
    store.compact()
    path = tmp_path / ROWS_FILE
    path.write_bytes(path.read_bytes()[:-100])
    cut = path.read_bytes()
    for use in (store.finished, lambda: read_rows(tmp_path)):
        with pytest.raises(InputError, match="is not a whole parquet file"):
            use()
    assert path.read_bytes() == cut


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="as a store"):
        Store(tmp_path / "file")


def test_processes_give_the_same_rows_as_one(tmp_path: Path, same_store: Callable[[Path, Path], None]) -> None:
    trials = load_space(SMOKE).trials()[:4]
    for jobs in (1, 2):
        store = Store(tmp_path / str(jobs))
        backend = local_processes(store, load_hardware("sparse-core"), jobs)
        assert sorted(run(backend, trials)) == sorted(store.compact()["status"].tolist())
        assert pending(trials, store) == []
    same_store(tmp_path / "1", tmp_path / "2")


def smoke_into(out: Path) -> list[str]:
    """The command that runs the smoke space in two processes."""
    command = [sys.executable, "-c", "from spikecast_cli.main import main; main()", "characterize"]
    return [*command, "--space", str(SMOKE), "--out", str(out), "--jobs", "2"]


def test_kill_and_resume(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "data"
    command = smoke_into(out)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while len(list(out.glob("trials/*.json"))) < 2:
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    kept = {path.name: path.read_text() for path in out.glob("trials/*.json")}
    assert 2 <= len(kept) < 8
    # In this process, whose workers have imported everything by now.
    monkeypatch.setattr("sys.argv", ["spikecast", *command[command.index("characterize") :], "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["ran"] == 8 - len(kept)
    rows = read_rows(out).set_index("key")
    assert len(rows) == 8
    for text in kept.values():
        row = json.loads(text)["row"]
        assert rows.loc[row["key"], "train_seconds"] == row["train_seconds"]


def test_a_killed_worker_is_told_in_one_line(tmp_path: Path) -> None:
    out = tmp_path / "data"
    command = smoke_into(out)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while not list(out.glob("trials/*.json")):
            assert process.poll() is None
            time.sleep(0.02)
        os.kill(worker_of(process.pid), signal.SIGKILL)
        _, said = process.communicate()
    assert process.returncode == 1
    assert "a worker process was killed" in said
    assert "Traceback" not in said
    assert len(read_rows(out)) >= 1


def worker_of(parent: int) -> int:
    """A process that runs trials for ``parent``."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            child = f"PPid:\t{parent}\n" in status.read_text()
            command = (status.parent / "cmdline").read_text()
            if child and "loky" in command and "tracker" not in command:
                return int(status.parent.name)
        except (FileNotFoundError, ProcessLookupError):
            continue
    raise AssertionError("no worker found")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"\xff\xfe",
        b'{"row": {"key": "01',
        b'{"row": {}, "traces": []}',
        b'{"row": [], "traces": []}',
        b'{"row": {"key": "0123456789abcdef", "status": "ok"}, "traces": []}',
        b'{"row": {"key": "fedcba9876543210", "status": "ok"}, "traces": []}',
        b'{"row": {"key": "0123456789abcdef", "status": "ok"}, "traces": 5}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_trial_is_set_aside_and_harms_no_other(
    tmp_path: Path, results: list[TrialResult], content: bytes
) -> None:
    store, key = Store(tmp_path), "0123456789abcdef"
    store.add(results[0])
    (tmp_path / "trials" / f"{key}.json").write_bytes(content)
    assert finished_rows(tmp_path)["key"].tolist() == [results[0].row["key"]]
    assert store.finished() == {results[0].row["key"]}
    assert store.compact()["key"].tolist() == [results[0].row["key"]]
    aside = tmp_path / "trials" / f"{key}.json.damaged"
    assert damaged_trials(tmp_path) == [aside]
    assert aside.read_bytes() == content
