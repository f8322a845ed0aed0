"""Search: predict candidates everywhere, then more and more closely around those that promise most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spikecast.advise.objective import CANDIDATES, MOST_CANDIDATES
from spikecast.advise.search_space import SearchSpace
from spikecast.choices import CHOICES, TrainingChoices
from spikecast.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from spikecast.accelerator.hardware import Hardware
    from spikecast.predictor import Predictor


#: Half the width of the box around a promising candidate, as a share of each choice's range, round by round.
_HALF_WIDTHS = (0.25, 0.125, 0.0625)
#: A network that is less likely to train is no advice.
LEAST_PROBABILITY_OK = 0.5


@dataclass(frozen=True)
class Explored:
    """What a search found.

    Attributes:
        table: candidates inside the domain that probably train: their choices and what ``predict_frame`` says.
        tried: all candidates.
    """

    table: pd.DataFrame
    tried: int


def explore(
    predictor: Predictor,
    space: SearchSpace,
    hardware: Hardware,
    promising: Callable[[pd.DataFrame], pd.DataFrame],
    candidates: int = CANDIDATES,
) -> Explored:
    """Predict about ``candidates`` points of a space; the same question finds the same.

    A quarter of them, and what was measured, cover the space; three rounds of a quarter each follow around the rows of
    the table that ``promising`` picks.

    Raises:
        InputError: too many candidates, or none lies inside the domain and probably trains.
    """
    import pandas as pd

    if candidates > MOST_CANDIDATES:
        raise InputError(f"{candidates:,} candidates are too many for a search: give {MOST_CANDIDATES:,} or fewer")

    share = candidates // (1 + len(_HALF_WIDTHS))
    table = _predicted(predictor, space.everywhere(share, seed=0), hardware)
    if not space.measured.empty:
        table = pd.concat([_predicted(predictor, space.measured, hardware), table], ignore_index=True)
    for seed, half_width in enumerate(_HALF_WIDTHS, start=1):
        advisable = _advisable(table)
        if advisable.empty:
            raise _nothing(predictor, table, hardware)
        near = space.around(promising(advisable), half_width, share, seed)
        table = pd.concat([table, _predicted(predictor, near, hardware)], ignore_index=True)
        table = table.drop_duplicates(list(CHOICES), ignore_index=True)
    return Explored(_advisable(table).reset_index(drop=True), len(table))


def choices_of_rows(table: pd.DataFrame) -> list[TrainingChoices]:
    """The training choices of a table's rows."""
    rows = table[list(CHOICES)].to_dict("records")
    return [TrainingChoices(**{str(name): value for name, value in row.items()}) for row in rows]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table's rows as plain values, ready for JSON; without columns that hold nothing."""
    return [
        {str(name): value for name, value in row.items()} for row in table.dropna(axis=1, how="all").to_dict("records")
    ]


def _predicted(predictor: Predictor, asked: pd.DataFrame, hardware: Hardware) -> pd.DataFrame:
    return asked.join(predictor.predict_frame(asked, hardware=hardware))


def _advisable(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["in_domain"] & (table["probability_ok"] >= LEAST_PROBABILITY_OK)]


def _nothing(predictor: Predictor, table: pd.DataFrame, hardware: Hardware) -> InputError:
    likeliest = table.sort_values(["in_domain", "probability_ok"], ascending=False, kind="stable").head(1)
    reasons = predictor.predict(choices_of_rows(likeliest)[0], hardware=hardware).reasons
    why = reasons[0] if reasons else f"at best {likeliest['probability_ok'].item():.0%} of networks train"
    return InputError(
        f"none of {len(table):,} candidates lies inside what was measured and probably trains: {why}; "
        "fix other choices, or fewer"
    )
