"""Two runs on one store at once: no trial trained twice, none lost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from spikecast.accelerator import load_hardware
from spikecast.characterize import runner
from spikecast.characterize.locks import Claims
from spikecast.characterize.runner import ELSEWHERE, local_processes, run
from spikecast.characterize.space import load_space
from spikecast.characterize.store import Store

HOLDER = """
import sys
from pathlib import Path
from spikecast.characterize.locks import Claims
lock = Claims(Path(sys.argv[1])).take("key")
print("taken", flush=True)
sys.stdin.read()
"""


def test_two_processes_share_the_trials(
    tmp_path: Path,
    command: Callable[..., list[str]],
    serial_store: Path,
    same_store: Callable[[Path, Path], None],
    one_thread: dict[str, str],
) -> None:
    def started() -> subprocess.Popen[str]:
        return subprocess.Popen(
            command(tmp_path, "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=one_thread
        )

    def finished() -> int:
        return len(list((tmp_path / "trials").glob("*.json")))

    first = started()
    try:
        wait_until(finished)
        # However fast the first is, it leaves the second its share.
        first.send_signal(signal.SIGSTOP)
        before, second = finished(), started()
        wait_until(lambda: finished() > before)
    finally:
        first.send_signal(signal.SIGCONT)
    summaries = [json.loads(process.communicate()[0]) for process in (first, second)]
    assert sum(summary["ran"] for summary in summaries) == 120
    assert all(summary["ran"] for summary in summaries)
    same_store(tmp_path, serial_store)
    assert not list((tmp_path / "claims").iterdir())


def wait_until(happened: Callable[[], object]) -> None:
    patience = time.monotonic() + 300
    while not happened():
        assert time.monotonic() < patience
        time.sleep(0.005)


def test_a_claim_dies_with_its_process(tmp_path: Path) -> None:
    claims = Claims(tmp_path)
    assert claims.running() == 0
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "taken\n"
        assert claims.running() == 1
        before = list((tmp_path / "claims").iterdir())
        assert claims.take("key") is None
        process.kill()
    assert claims.running() == 0
    assert list((tmp_path / "claims").iterdir()) == before
    lock = claims.take("key")
    assert lock is not None
    lock.release()


def test_a_trial_in_other_hands_is_waited_for(
    tmp_path: Path, tiny_space: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials = load_space(tiny_space).trials()[:3]
    store = Store(tmp_path)
    held = store.claims.take(trials[0].key)
    assert held is not None
    waited: list[float] = []

    def other_run_dies(seconds: float) -> None:
        waited.append(seconds)
        held.release()

    monkeypatch.setattr(runner.time, "sleep", other_run_dies)
    assert len(list(run(local_processes(store, load_hardware("sparse-core"), jobs=1), trials))) == 3
    assert len(waited) == 1
    assert list(run(local_processes(store, load_hardware("sparse-core"), jobs=1), trials)) == [ELSEWHERE] * 3
