"""Many questions from a table, fast: a row that is not allowed gets its error, and harms no other."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from spikecast.choices import CHOICES, NUMBERS, TrainingChoices
from spikecast.errors import InputError, unknown_name
from spikecast.neurons import WITH_ALPHA, dynamics
from spikecast.predictor.questions import Questions
from spikecast.surrogates import SURROGATES

if TYPE_CHECKING:
    import pandas as pd

_FIELDS = TrainingChoices.model_fields
_NAMES = tuple(name for name in CHOICES if name not in NUMBERS)
#: What breaks a bound that a field has, by the name that its metadata give it.
_BREAKS = {"gt": np.less_equal, "ge": np.less, "lt": np.greater_equal, "le": np.greater}
_TYPES = {name: np.int64 if _FIELDS[name].annotation is int else np.float64 for name in NUMBERS}


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
    require_choices(frame.columns)
    given = _Given.of(frame)
    columns = {name: np.zeros(len(frame), dtype=_TYPES.get(name, object)) for name in CHOICES}
    errors: dict[int, str] = {}
    for rows in given.combinations():
        _read_alike(given, rows, columns, errors)
    kept = np.setdiff1d(np.arange(len(frame)), list(errors))
    plain = {
        name: column[kept] if name in _TYPES else np.array(column[kept].tolist()) for name, column in columns.items()
    }
    return Batch(Questions.from_columns(plain), kept, errors)


def require_choices(names: Iterable[Any]) -> None:
    """Refuse columns that are no training choices, or there twice: at the first, however many there are.

    Raises:
        InputError: there is one.
    """
    seen = set()
    for name in names:
        if name not in _FIELDS:
            raise unknown_name("choice", str(name), _FIELDS)
        if name in seen:
            raise InputError(f"column {name} is there twice: give every choice one column")
        seen.add(name)


def read_choices_csv(file: BinaryIO, source: str = "", rows: int | None = None) -> pd.DataFrame:
    """A table whose columns are training choices; its header is checked before pandas sees it, which takes hours for
    hundreds of thousands of columns.

    Args:
        file: open for reading at its beginning; it must be able to go back there.
        source: says in errors what the table is of.
        rows: read no more than so many.

    Raises:
        InputError: a column is no training choice or there twice, or a row holds more values than there are columns.
        ValueError: it is no table.
    """
    import pandas as pd

    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        require_choices(next((names for names in csv.reader(text) if names), ()))
    except csv.Error as error:
        raise ValueError(str(error)) from None
    text.detach()
    file.seek(0)
    table = pd.read_csv(file, nrows=rows, low_memory=False)
    require_names(table, source)
    return table


def require_names(table: pd.DataFrame, source: str = "") -> None:
    """Refuse a table from a CSV file with more values in a row than names in its header: pandas would take the first
    values as names of rows, and move the rest along. ``source`` says in errors what the table is of.

    Raises:
        InputError: there are more.
    """
    import pandas as pd

    if not isinstance(table.index, pd.RangeIndex):
        raise InputError(f"a row{source} holds more values than the header names: give every column a name")


@dataclass(frozen=True)
class _Given:
    """What a table gives.

    Attributes:
        rows: how many.
        values: by choice, each row's value, whatever it is.
        there: by choice, bool[rows]: whether it is given at all.
        numbers: by choice that is a number, float64[rows]; NaN where it is not given, or no number.
        unlike: by choice that is a number, bool[rows]: whether something is given that is no plain number.
    """

    rows: int
    values: dict[str, list[Any]]
    there: dict[str, NDArray[np.bool_]]
    numbers: dict[str, NDArray[np.float64]]
    unlike: dict[str, NDArray[np.bool_]]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Self:
        import pandas as pd

        columns = {str(name): frame[name] for name in frame.columns if name != "seed"}
        numbers, unlike = {}, {}
        for name in NUMBERS:
            numbers[name], unlike[name] = np.full(len(frame), np.nan), np.zeros(len(frame), dtype=bool)
            if name in columns:
                if pd.api.types.is_numeric_dtype(columns[name]):
                    numbers[name] = columns[name].to_numpy(dtype=np.float64, na_value=np.nan)
                else:
                    numbers[name] = np.array([_number(value) for value in columns[name]], dtype=np.float64)
                    is_text = np.array([isinstance(value, str) for value in columns[name]], dtype=bool)
                    unlike[name] = is_text | (columns[name].notna().to_numpy() & np.isnan(numbers[name]))
        return cls(
            len(frame),
            {name: column.tolist() for name, column in columns.items()},
            {name: column.notna().to_numpy() for name, column in columns.items()},
            numbers,
            unlike,
        )

    def row(self, number: int) -> dict[str, Any]:
        """What one row gives."""
        return {name: values[number] for name, values in self.values.items() if self.there[name][number]}

    def combinations(self) -> list[NDArray[np.int64]]:
        """Positions of the rows that have all names in common, for every combination of names."""
        import pandas as pd

        group = np.zeros(self.rows, dtype=np.int64)
        for name in (name for name in _NAMES if name in self.values):
            values = zip(self.values[name], self.there[name], strict=True)
            codes, names = pd.factorize(
                np.array([str(value) if there else None for value, there in values], dtype=object)
            )
            group = np.unique(group * (len(names) + 1) + codes, return_inverse=True)[1]
        order = np.argsort(group, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(group[order])) + 1) if self.rows else []


def _read_alike(
    given: _Given, rows: NDArray[np.int64], columns: dict[str, NDArray[Any]], errors: dict[int, str]
) -> None:
    """Rows that have all names in common."""
    named = {name: value for name, value in given.row(rows[0]).items() if name in _NAMES}
    try:
        common = TrainingChoices(**named)
    except InputError:
        doubtful = np.ones(len(rows), dtype=bool)
    else:
        values = {name: _or_default(given.numbers[name][rows], getattr(common, name)) for name in NUMBERS}
        doubtful = _doubtful(common, values)
        for name in NUMBERS:
            doubtful |= given.unlike[name][rows]
        for name in CHOICES:
            columns[name][rows[~doubtful]] = values[name][~doubtful] if name in values else getattr(common, name)
    for row in rows[doubtful]:
        try:
            choices = TrainingChoices(**given.row(row))
        except InputError as error:
            errors[int(row)] = str(error)
            continue
        for name in CHOICES:
            columns[name][row] = getattr(choices, name)


def _or_default(numbers: NDArray[np.float64], default: float) -> NDArray[np.float64]:
    return np.where(np.isnan(numbers), default, numbers)


def _doubtful(common: TrainingChoices, values: dict[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Rows of which TrainingChoices itself must say whether they are allowed; some too many, but none too few.

    Args:
        common: choices that are allowed, with the names that the rows have in common.
        values: by choice that is a number, of every row.
    """
    doubtful = _out_of_bounds(values)
    # What means nothing for these names must stay as it is. Whether pooling leaves a pixel is not looked into here.
    fixed = ["input_size"]
    if common.neuron not in WITH_ALPHA:
        fixed.append("alpha")
    if not SURROGATES[common.surrogate].has_slope:
        fixed.append("slope")
    for name in fixed:
        doubtful |= values[name] != getattr(common, name)
    for row in np.flatnonzero(~doubtful):
        try:
            dynamics(common.neuron, float(values["beta"][row]), float(values["alpha"][row]))
        except InputError:
            doubtful[row] = True
    return doubtful


def _out_of_bounds(values: dict[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Rows with a number that its field does not allow, whatever the other choices are."""
    doubtful = np.zeros(len(values["beta"]), dtype=bool)
    for name, numbers in values.items():
        doubtful |= ~np.isfinite(numbers)
        if _TYPES[name] is np.int64:
            doubtful |= numbers != np.floor(numbers)
        for limit in _FIELDS[name].metadata:
            for attribute, breaks in _BREAKS.items():
                if hasattr(limit, attribute):
                    doubtful |= breaks(numbers, getattr(limit, attribute))
    return doubtful


def _number(value: Any) -> float:
    """NaN for what is no number; infinite where it is too large for one."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return np.nan
    except OverflowError:
        return np.inf
