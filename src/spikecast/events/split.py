"""Which recordings train and which evaluate: fixed, the same for everyone, and every class has both.

Where there is a test part, it evaluates and all else trains. Where there is none, a fifth of every class evaluates;
windows that were cut from one recording stay together, if their data set says which those are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikecast.errors import InputError
from spikecast.events.recordings import RecordingFiles, Recordings

#: Share of each class that trains where recordings have to be held back for evaluation.
TRAIN_SHARE = 0.8
#: Fixed once: every row of every data set rests on the same split.
SPLIT_SEED = 20260101
#: Orders of groups that are tried before it is said that none gives every class both sides.
_ORDERS = 100


@dataclass(frozen=True)
class Split:
    """Indices of recordings, int64, ascending: ``train`` and ``evaluation`` share none and leave out none.

    Attributes:
        train, evaluation: the two sides.
        rule: what was done, in words.
    """

    train: NDArray[np.int64]
    evaluation: NDArray[np.int64]
    rule: str


def split_recordings(recordings: Recordings | RecordingFiles, *, train_evaluates: bool = False) -> Split:
    """Split recordings into those that train and those that evaluate.

    Args:
        recordings: with the part, and perhaps the group, of each.
        train_evaluates: hold a fifth of every class of the training part back although there is a test part, as it was
            done for the rows that ship; both evaluate.

    Raises:
        InputError: there is no training part, or a class has no recording on one of the sides.
    """
    tests = recordings.official_test
    if tests.all():
        raise InputError(f"all {len(recordings)} recordings are for testing: add the training part of the data set")
    groups = recordings.groups if isinstance(recordings, RecordingFiles) else None
    if tests.any() and not train_evaluates:
        trains, rule = ~tests, "all of Train trains, Test evaluates"
    elif groups is not None:
        trains, rule = _by_group(recordings.labels, groups), "80 % of every class trains, whole groups"
    else:
        trains = _by_class(recordings.labels, ~tests)
        rule = "80 % of every class of Train trains, the rest and Test evaluate"
        if not tests.any():
            rule = "80 % of every class trains"
    _require_both_sides(recordings, trains, rule)
    return Split(np.flatnonzero(trains), np.flatnonzero(~trains), rule)


def _by_class(labels: NDArray[np.uint8], candidates: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the candidates train: TRAIN_SHARE of all of them, each class its share by largest remainder.

    Of a class of two or more, at least one recording falls on each side.
    """
    random = np.random.default_rng(SPLIT_SEED)
    classes, sizes = np.unique(labels[candidates], return_counts=True)
    quotas = np.clip(_largest_remainder(sizes * TRAIN_SHARE), 1, np.maximum(sizes - 1, 1))
    trains = np.zeros(len(labels), dtype=np.bool_)
    for label, quota in zip(classes, quotas, strict=True):
        trains[random.permutation(np.flatnonzero(candidates & (labels == label)))[:quota]] = True
    return trains


def _largest_remainder(shares: NDArray[np.floating]) -> NDArray[np.int64]:
    floors: NDArray[np.int64] = np.floor(shares).astype(np.int64)
    missing = round(float(shares.sum())) - int(floors.sum())
    floors[np.argsort(floors - shares, kind="stable")[:missing]] += 1
    return floors


def _by_group(labels: NDArray[np.uint8], groups: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Which recordings train if groups, which may hold several classes, stay whole: about TRAIN_SHARE of every class.

    Groups are gone through in a drawn order; the first order that gives every class both sides is taken, or the last.
    """
    random = np.random.default_rng(SPLIT_SEED)
    names, group_of = np.unique(groups, return_inverse=True)
    counts = np.zeros((len(names), int(labels.max()) + 1), dtype=np.int64)
    np.add.at(counts, (group_of, labels), 1)
    evaluates = np.zeros(len(names), dtype=np.bool_)
    for _ in range(_ORDERS):
        evaluates = _evaluated_groups(counts, random.permutation(len(names)))
        if all((counts[side].sum(axis=0) > 0)[counts.sum(axis=0) > 0].all() for side in (evaluates, ~evaluates)):
            break
    return np.logical_not(evaluates[group_of])


def _evaluated_groups(counts: NDArray[np.int64], order: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Groups that evaluate, bool[groups], gone through in this order; ``counts`` is [groups, classes].

    A group evaluates if all its classes keep another for training, and it brings either a class that has none yet or
    the classes nearer to their share.
    """
    wanted = (1 - TRAIN_SHARE) * counts.sum(axis=0)
    evaluates = np.zeros(len(counts), dtype=np.bool_)
    for group in order:
        own = counts[group] > 0
        left = counts[~evaluates].sum(axis=0) - counts[group]
        now = counts[evaluates].sum(axis=0)
        nearer = np.abs(now + counts[group] - wanted).sum() < np.abs(now - wanted).sum()
        evaluates[group] = (left[own] > 0).all() and (nearer or (now[own] == 0).any())
    return evaluates


def _require_both_sides(recordings: Recordings | RecordingFiles, trains: NDArray[np.bool_], rule: str) -> None:
    names = recordings.classes
    for side, verb in ((trains, "train on"), (~trains, "evaluate")):
        there = np.bincount(recordings.labels[side], minlength=len(names))
        if lacking := [name for name, count in zip(names, there, strict=True) if not count]:
            all_of_it = np.bincount(recordings.labels, minlength=len(names))[names.index(lacking[0])]
            raise InputError(
                f"class {lacking[0]!r} has {all_of_it} recordings and none to {verb} ({rule}; {len(lacking)} of "
                f"{len(names)} classes are like that): add some, or leave the class out"
            )
