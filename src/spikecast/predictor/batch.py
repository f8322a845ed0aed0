"""Many questions from a table, fast: a row that is not allowed gets its error, and harms no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.names import unknown_name
from spikecast.neurons import LAPICQUE_UNSTABLE, WITH_ALPHA
from spikecast.predictor.questions import CHOICES, NUMBERS, Questions
from spikecast.surrogates import SURROGATES

if TYPE_CHECKING:
    import pandas as pd

_FIELDS = TrainingChoices.model_fields
_NAMES = tuple(name for name in CHOICES if name not in NUMBERS)


@dataclass(frozen=True)
class Batch:
    """Questions of the rows that are allowed, and the errors of the others.

    Attributes:
        questions: in the order of ``rows``.
        rows: int64[questions], positions in the table.
        errors: by position in the table.
    """

    questions: Questions
    rows: NDArray[np.int64]
    errors: dict[int, str]


def read_batch(frame: pd.DataFrame) -> Batch:
    """Read a table whose columns are training choices; gaps are defaults, a column ``seed`` makes no difference.

    What TrainingChoices says of a row holds; it is asked once for every combination of names, and about single rows
    only where a number might not be allowed.

    Raises:
        InputError: a column is no training choice.
    """
    for name in frame.columns:
        if name not in _FIELDS:
            raise unknown_name("choice", str(name), _FIELDS)
    records = _records(frame)
    combinations: dict[tuple[Any, ...], list[int]] = {}
    for row, record in enumerate(records):
        combinations.setdefault(tuple(str(record.get(name)) for name in _NAMES), []).append(row)
    columns: dict[str, NDArray[Any]] = {name: np.empty(len(frame), dtype=object) for name in CHOICES}
    errors: dict[int, str] = {}
    given = {name: _number(frame, name) for name in NUMBERS}
    for rows in combinations.values():
        _read_alike(records, np.array(rows), given, columns, errors)
    kept = np.array([row for row in range(len(frame)) if row not in errors], dtype=np.int64)
    plain = {name: np.array(column[kept].tolist()) for name, column in columns.items()}
    return Batch(Questions.from_columns(plain), kept, errors)


def _read_alike(
    records: list[dict[str, Any]],
    rows: NDArray[np.int64],
    given: dict[str, NDArray[np.float64]],
    columns: dict[str, NDArray[Any]],
    errors: dict[int, str],
) -> None:
    """Rows that have all names in common."""
    named = {name: value for name, value in records[rows[0]].items() if name in _NAMES}
    try:
        common = TrainingChoices(**named)
    except InputError:
        doubtful = np.ones(len(rows), dtype=bool)
    else:
        values = {
            name: np.where(np.isnan(given[name][rows]), getattr(common, name), given[name][rows]) for name in NUMBERS
        }
        doubtful = _doubtful(common, values, records, rows)
        for name in CHOICES:
            columns[name][rows] = _typed(values[name], name) if name in values else getattr(common, name)
    for row in rows[doubtful]:
        try:
            choices = TrainingChoices(**records[row])
        except InputError as error:
            errors[int(row)] = str(error)
            continue
        for name in CHOICES:
            columns[name][row] = getattr(choices, name)


def _doubtful(
    common: TrainingChoices,
    values: dict[str, NDArray[np.float64]],
    records: list[dict[str, Any]],
    rows: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Rows of which TrainingChoices itself must say whether they are allowed."""
    surrogate = SURROGATES[common.surrogate]
    doubtful = np.zeros(len(rows), dtype=bool)
    for name, numbers in values.items():
        doubtful |= ~np.isfinite(numbers)
        if _FIELDS[name].annotation is int:
            doubtful |= numbers != np.floor(numbers)
        for limit in _FIELDS[name].metadata:
            for attribute, breaks in _BREAKS.items():
                if hasattr(limit, attribute):
                    doubtful |= breaks(numbers, getattr(limit, attribute))
        # Text that is no number has become a gap.
        doubtful |= np.array([isinstance(records[row].get(name), str) for row in rows])
    if common.neuron in WITH_ALPHA:
        doubtful |= values["alpha"] <= values["beta"]
    else:
        doubtful |= values["alpha"] != common.alpha
    if common.neuron == "lapicque":
        doubtful |= values["beta"] < LAPICQUE_UNSTABLE
    if not surrogate.has_slope:
        doubtful |= values["slope"] != surrogate.default_slope
    # Whether pooling leaves a pixel depends on names and input size together.
    doubtful |= values["input_size"] != common.input_size
    return doubtful


def _typed(numbers: NDArray[np.float64], name: str) -> list[float]:
    """Numbers as the choice has them: whole ones without a point. A doubtful row's may be anything."""
    whole = _FIELDS[name].annotation is int
    typed: list[float] = np.nan_to_num(numbers).astype(np.int64 if whole else np.float64).tolist()
    return typed


_BREAKS = {"gt": np.less_equal, "ge": np.less, "lt": np.greater_equal, "le": np.greater}


def _number(frame: pd.DataFrame, name: str) -> NDArray[np.float64]:
    import pandas as pd

    if name not in frame:
        return np.full(len(frame), np.nan)
    return pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The given values of every row; a seed is left out."""
    columns = {name: (frame[name].tolist(), frame[name].notna().tolist()) for name in frame.columns if name != "seed"}
    return [
        {str(name): values[row] for name, (values, there) in columns.items() if there[row]} for row in range(len(frame))
    ]
