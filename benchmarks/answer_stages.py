"""The stages of an answer, one by one, as ``Predictor`` goes through them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from spikecast import Predictor
from spikecast.accelerator import load_hardware
from spikecast.predictor.domain import Domain
from spikecast.predictor.questions import Questions
from spikecast.predictor.spikes.costs import spike_answers


def stages(predictor: Predictor, asked: Questions) -> dict[str, Callable[[], object]]:
    """Calls by what they do; each repeats one stage of the same answer."""
    parts, hardware = predictor.parts, load_hardware("sparse-core")
    x = predictor.features(asked)
    logits, domain = parts.activity.predict(asked, x), Domain(parts.measured)
    return {
        "features": partial(predictor.features, asked),
        "spikes of every layer": partial(parts.activity.predict, asked, x),
        "traces and their timing": partial(spike_answers, asked, logits, parts.references, hardware),
        "accuracy": lambda: [black_box.predict(x) for black_box in parts.black_boxes.values()],
        "outcome": partial(parts.outcome.probabilities, x),
        "domain": lambda: domain.outside(asked, parts.measured.nearest_distances(x)),
    }
