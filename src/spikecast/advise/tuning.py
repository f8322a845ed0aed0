"""A predictor beside an Optuna search: what to try, and what not to train after all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spikecast.accelerator.hardware import DEFAULT_HARDWARE, Hardware
from spikecast.advise.axes import Axis
from spikecast.advise.search import LEAST_PROBABILITY_OK
from spikecast.advise.search_space import SearchSpace
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError, unknown_name
from spikecast.predictor.targets import ANSWERED, not_priced
from spikecast.ranges import Numbers

if TYPE_CHECKING:
    from pathlib import Path

    import optuna

    from spikecast.predictor import Interval, Predictor


def suggest_choices(trial: optuna.Trial, predictor: Predictor, **fixed: Any) -> dict[str, Any]:
    """Training choices for a trial, drawn by the study's sampler from all that the predictor knows.

    Args:
        trial: of the study.
        predictor: whose measured configurations span the space.
        fixed: choices that are not to vary. The network's structure stays at its defaults unless given here.

    Returns:
        Every choice but the seed. Optuna calls a choice by its name; where surrogate and neuron are not fixed, by
        ``surrogate/neuron/name``, since its range depends on them.

    Raises:
        InputError: nothing was measured of what is fixed.
        optuna.TrialPruned: what was drawn is allowed one by one, but not together.
    """
    import optuna

    boxes = SearchSpace.of(predictor.measured.questions.columns, fixed).boxes
    pairs = {f"{surrogate}/{neuron}": box for (surrogate, neuron), box in boxes.items()}
    pair = trial.suggest_categorical("surrogate/neuron", list(pairs)) if len(pairs) > 1 else next(iter(pairs))
    box, prefix = pairs[pair], f"{pair}/" if len(pairs) > 1 else ""
    choices = {**box.constants, **{name: _draw(trial, prefix + name, axis) for name, axis in box.axes.items()}}
    try:
        TrainingChoices(**choices)
    except InputError as error:
        # Such as an alpha neuron whose alpha is not above its beta.
        raise optuna.TrialPruned(str(error)) from None
    return choices


def prune_hopeless(
    trial: optuna.Trial,
    predictor: Predictor,
    choices: dict[str, Any],
    target: str = "accuracy",
    *,
    hardware: str | Path | Hardware = DEFAULT_HARDWARE,
    min_ok: float = LEAST_PROBABILITY_OK,
) -> None:
    """End a trial before it is trained if the predictor is sure that it leads nowhere.

    That is so if the network is unlikely to train at all, or if even the better end of the target's 90 % interval is
    worse than the best trial so far. Outside of what was measured nothing is pruned. What was predicted is kept in the
    trial's user attributes.

    Args:
        trial: of a study with one direction, whose value is ``target``.
        predictor: asked about ``choices``.
        choices: what would be trained.
        target: accuracy, sparsity, latency_cycles, latency_us, energy_nj or synaptic_operations.
        hardware: a shipped name, a YAML file, or a description.
        min_ok: least probability of outcome ok.

    Raises:
        optuna.TrialPruned: it leads nowhere; the message says why.
        InputError: an unknown target, or a question that the predictor cannot answer.
    """
    import optuna

    if target not in ANSWERED:
        raise unknown_name("target", target, ANSWERED)
    prediction = predictor.predict(choices, hardware=hardware)
    interval: Interval | None = getattr(prediction, target)
    if interval is None:
        raise not_priced(target, prediction.provenance["hardware"])
    trial.set_user_attr(f"predicted_{target}", [interval.value, interval.low, interval.high])
    trial.set_user_attr("predicted_ok", prediction.outcome["ok"])
    if not prediction.in_domain:
        return
    if prediction.outcome["ok"] < min_ok:
        raise optuna.TrialPruned(f"it trains with a probability of {prediction.outcome['ok']:.2f} only")
    best = _best_value(trial.study)
    if best is None:
        return
    if trial.study.direction == optuna.study.StudyDirection.MAXIMIZE:
        hopeless = interval.high < best
    else:
        hopeless = interval.low > best
    if hopeless:
        raise optuna.TrialPruned(
            f"{target} is predicted from {interval.low:.4g} to {interval.high:.4g}, the best so far is {best:.4g}"
        )


def _draw(trial: optuna.Trial, name: str, axis: Axis) -> Any:
    if not isinstance(axis, Numbers):
        return trial.suggest_categorical(name, axis.values)
    if axis.whole:
        return trial.suggest_int(name, int(axis.low), int(axis.high), log=axis.log)
    return trial.suggest_float(name, axis.low, axis.high, log=axis.log)


def _best_value(study: optuna.Study) -> float | None:
    """The best value of a finished trial; None before the first."""
    try:
        return study.best_value
    except ValueError:
        return None
