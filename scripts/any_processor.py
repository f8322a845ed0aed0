"""Prove that the numbers of documentation and tests hold on other processors than this one.

    python scripts/any_processor.py [--light]

Runs the tests that compare numbers as other processors would: with the linear algebra (OpenBLAS), the vector
instructions (numpy) and the compiled code (numba) of each, in one thread and in two. Prints which linear algebra ran
and what passed. ``--light`` leaves out what fits or searches for long.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

REPOSITORY = Path(__file__).parents[1]
#: What numpy dispatches to on this processor, beyond the least that it was built for.
EXTENSIONS = {name for name in __cpu_dispatch__ if __cpu_features__[name]}
TESTS = ("tests/predictor", "tests/evaluation", "tests/accelerator", "tests/advise", "tests/docs/test_pages.py")
LIGHT = (
    "tests/predictor/test_bundle.py",
    "tests/predictor/test_models.py",
    "tests/predictor/test_posterior.py",
    "tests/predictor/test_predictor.py",
    "tests/predictor/test_shapley.py",
    "tests/predictor/test_statistics.py",
    "tests/predictor/test_uncertainty.py",
    "tests/accelerator/test_golden_timing.py",
    "tests/accelerator/test_energy.py",
    "tests/docs/test_pages.py::test_what_a_page_says_is_so[README.md]",
    "tests/docs/test_pages.py::test_what_a_page_says_is_so[docs/commands/predict.md]",
)
KERNELS = """
import numpy, scipy.linalg, threadpoolctl
print(" ".join(sorted({library["architecture"] for library in threadpoolctl.threadpool_info()})))
"""


class Processor(NamedTuple):
    """What OpenBLAS and numba call it, and the extensions of numpy's that it has."""

    openblas: str
    numba: str
    extensions: frozenset[str] = frozenset()


#: From the newest to the oldest. The last has no fused multiply-add, which rounds once where others round twice.
PROCESSORS = (
    Processor("SkylakeX", "skylake-avx512", frozenset({"X86_V3", "X86_V4"})),
    Processor("Haswell", "haswell", frozenset({"X86_V3"})),
    Processor("Nehalem", "nehalem"),
)


def main() -> int:
    """1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--light", action="store_true", help="only what takes a minute or so")
    tests = LIGHT if parser.parse_args().light else TESTS
    print(f"{'processor':16}{'linear algebra':16}{'threads':>8}{'passed':>8}{'failed':>8}{'seconds':>9}")
    failed: list[str] = []
    for processor in PROCESSORS:
        for threads in (1, 2):
            environment = environment_of(processor, threads)
            kernels = subprocess.run([sys.executable, "-c", KERNELS], env=environment, capture_output=True, text=True)
            if kernels.returncode or kernels.stdout.split() != [processor.openblas]:
                print(f"{processor.numba:16}cannot be had on this machine")
                break
            start = time.monotonic()
            options = ("-p", "no:cacheprovider", "-rfE", "--tb=line", "--continue-on-collection-errors")
            command = [sys.executable, "-m", "pytest", *options, *tests]
            done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True)
            passed = re.search(r"(\d+) passed", done.stdout)
            names = re.findall(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
            if done.returncode and not names:
                sys.exit(done.stdout + done.stderr)
            print(
                f"{processor.numba:16}{kernels.stdout.strip():16}{threads:8}{passed[1] if passed else 0:>8}"
                f"{len(names):8}{time.monotonic() - start:9.0f}",
                flush=True,
            )
            failed += [f"{processor.numba}, {threads} threads: {name}" for name in names]
    print(*failed, sep="\n")
    return int(bool(failed))


def environment_of(processor: Processor, threads: int) -> dict[str, str]:
    """In which libraries take this processor for that one."""
    counts = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS"), str(threads))
    return {
        **os.environ,
        **counts,
        "OPENBLAS_CORETYPE": processor.openblas,
        "NUMBA_CPU_NAME": processor.numba,
        "NPY_DISABLE_CPU_FEATURES": " ".join(sorted(EXTENSIONS - processor.extensions)),
    }


if __name__ == "__main__":
    sys.exit(main())
