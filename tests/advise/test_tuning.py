"""Beside an Optuna search: what is tried lies where the predictor knows, and only the hopeless is pruned."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import optuna
import pytest

from spikecast import InputError, Predictor, TrainingChoices, load_hardware
from spikecast.advise.tuning import prune_hopeless, suggest_choices
from spikecast.predictor.questions import Questions

optuna.logging.set_verbosity(optuna.logging.ERROR)


def study_of(direction: str, objective: Callable[[optuna.Trial], float], trials: int) -> optuna.Study:
    study = optuna.create_study(direction=direction, sampler=optuna.samplers.RandomSampler(seed=0))
    study.optimize(objective, n_trials=trials)
    return study


def pruned(trial: optuna.trial.FrozenTrial) -> bool:
    return trial.state == optuna.trial.TrialState.PRUNED


def ask(direction: str, best: float | None) -> optuna.Trial:
    """A trial of a study whose best value so far is given."""
    study = optuna.create_study(direction=direction)
    if best is not None:
        study.add_trial(optuna.trial.create_trial(value=best))
    return study.ask()


@pytest.mark.parametrize("fixed", [{}, {"surrogate": "sre", "neuron": "lif"}, {"neuron": "lapicque", "threshold": 0.9}])
def test_what_is_tried_was_measured_on_all_sides(shipped: Predictor, fixed: dict[str, Any]) -> None:
    tried = []

    def objective(trial: optuna.Trial) -> float:
        tried.append(suggest_choices(trial, shipped, **fixed))
        return 0.0

    study = study_of("maximize", objective, 12)
    wanted = TrainingChoices(**fixed)
    for choices in tried:
        assert all(choices[name] == getattr(wanted, name) for name in fixed)
        # Far from all that was measured it may be, but beyond it in no choice.
        reasons = shipped.predict(choices).reasons
        assert all(reason.startswith("no measured configuration is near") for reason in reasons)
    assert len({choices["beta"] for choices in tried}) == len(tried)
    assert ("surrogate/neuron" in study.trials[0].params) == (len(fixed) < 2 or "threshold" in fixed)


def test_nothing_that_is_pruned_is_predicted_to_be_best(shipped: Predictor) -> None:
    asked: list[dict[str, Any]] = []

    def objective(trial: optuna.Trial) -> float:
        asked.append(suggest_choices(trial, shipped, surrogate="fs", neuron="lapicque"))
        prune_hopeless(trial, shipped, asked[-1], "latency_us")
        return shipped.predict(asked[-1]).latency_us.value

    study = study_of("minimize", objective, 30)
    dropped = [choices for choices, trial in zip(asked, study.trials, strict=True) if pruned(trial)]
    assert 5 < len(dropped) < 30
    for prediction in map(shipped.predict, dropped):
        assert prediction.latency_us.low > study.best_value or prediction.outcome["ok"] < 0.5


def test_the_better_end_of_the_interval_decides(shipped: Predictor) -> None:
    choices = {"surrogate": "fs", "slope": 5.0}
    accuracy = shipped.predict(choices).accuracy
    for best in (None, accuracy.high - 1e-6):
        trial = ask("maximize", best)
        prune_hopeless(trial, shipped, choices)
        assert trial.user_attrs["predicted_accuracy"] == [accuracy.value, accuracy.low, accuracy.high]
    with pytest.raises(optuna.TrialPruned, match=r"accuracy is predicted from 0\.\d+ to 0\.\d+, the best so far is"):
        prune_hopeless(ask("maximize", accuracy.high + 1e-6), shipped, choices)


def test_networks_that_will_not_train_are_pruned(shipped: Predictor) -> None:
    silent = {"neuron": "lapicque", "beta": 0.95, "threshold": 1.5, "surrogate": "fs"}
    assert shipped.predict(silent).outcome["ok"] < 0.5
    with pytest.raises(optuna.TrialPruned, match="trains with a probability of"):
        prune_hopeless(ask("maximize", None), shipped, silent)


def test_nothing_is_pruned_outside_of_what_was_measured(shipped: Predictor) -> None:
    prune_hopeless(ask("maximize", 1.0), shipped, {"learning_rate": 0.5})


def test_refusals(shipped: Predictor) -> None:
    with pytest.raises(InputError, match="unknown target 'speed': allowed: accuracy"):
        prune_hopeless(ask("maximize", None), shipped, {}, "speed")
    bare = load_hardware("sparse-core").model_copy(update={"energy": None})
    with pytest.raises(InputError, match="sparse-core has no energy table, so energy_nj is not known"):
        prune_hopeless(ask("minimize", None), shipped, {}, "energy_nj", hardware=bare)


def test_what_is_not_allowed_together_is_pruned() -> None:
    """An alpha neuron needs alpha above beta; both are drawn by themselves."""
    ends = ((0.5, 0.1), (0.95, 0.9))
    measured = [TrainingChoices(surrogate="fs", neuron="alpha", alpha=alpha, beta=beta) for alpha, beta in ends]
    of_alpha: Any = SimpleNamespace(measured=SimpleNamespace(questions=Questions.of(measured)))
    drawn: list[dict[str, Any]] = []

    def objective(trial: optuna.Trial) -> float:
        drawn.append(suggest_choices(trial, of_alpha))
        return 0.0

    study = study_of("maximize", objective, 30)
    assert all(choices["alpha"] > choices["beta"] for choices in drawn)
    assert 0 < len(drawn) < 30
    assert len(drawn) + sum(map(pruned, study.trials)) == 30
