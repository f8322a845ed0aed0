"""What the source study claims, and how each claim is tested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from spikecast.study.claims.accuracy import accuracy_is_a_poor_predictor
from spikecast.study.claims.fast_sigmoid import fast_sigmoid_is_best
from spikecast.study.claims.latency import escape_lowers_latency, lapicque_lowers_latency
from spikecast.study.claims.sparsity_aware import sparsity_aware_choice_pays
from spikecast.study.claims.verdict import Finding
from spikecast.study.contexts import FEWEST_CONFIGURATIONS, Context
from spikecast.study.study import Study


@dataclass(frozen=True)
class Claim:
    """A claim in the source's words, and when it counts as confirmed; ``test`` states it precisely."""

    text: str
    rule: str
    test: Callable[[Study], Finding]


def _in_main_context(test: Callable[[Context], Finding]) -> Callable[[Study], Finding]:
    def run(study: Study) -> Finding:
        if not study.contexts:
            return Finding(f"needs {FEWEST_CONFIGURATIONS} ok configurations alike in all that the source keeps fixed")
        return test(study.contexts[0])

    return run


CLAIMS = (
    Claim(
        "Spike rate escape lowers latency by up to 12.2 % (DVS128-Gesture) at little loss of accuracy.",
        "Latency of spike rate escape beside fast sigmoid at equal accuracy is below 0 %, and its best accuracy is at "
        "most 2 points lower.",
        _in_main_context(escape_lowers_latency),
    ),
    Claim(
        "Lapicque instead of LIF lowers latency by up to 28 % (N-MNIST) at comparable accuracy.",
        "Latency of lapicque beside leaky at equal accuracy is below 0 %, and its best accuracy is at most 2 points "
        "lower.",
        _in_main_context(lapicque_lowers_latency),
    ),
    Claim(
        "Fast sigmoid is the most accurate (DVS-CIFAR10) and keeps its peak over the widest range of slopes; the "
        "others fall off a cliff.",
        "In the slope sweep its peak accuracy is above that of every other surrogate, and so is the range of slopes "
        "within 5 points of the own peak.",
        lambda study: fast_sigmoid_is_best(study.sweep),
    ),
    Claim(
        "Choosing with sparsity in mind gives +9.1 % accuracy and more than 2 times lower latency than a baseline.",
        "The fastest configuration within a point of the most accurate is above the baseline in accuracy and reaches "
        "9.1 points, and is faster and reaches 2 times.",
        _in_main_context(sparsity_aware_choice_pays),
    ),
    Claim(
        "Accuracy is a poor predictor of hardware efficiency.",
        "The rank correlation of accuracy and latency, without its sign, is below 0.5.",
        _in_main_context(accuracy_is_a_poor_predictor),
    ),
)
