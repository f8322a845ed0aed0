"""Part b: many predictions from a table, and where their time goes."""

from __future__ import annotations

from functools import partial

from answer_stages import stages
from measuring import Settings, Tables, interleaved, spread
from questions import questions

from spikecast import Predictor
from spikecast.predictor.table import read_batch

ROWS = 20_000


def tables(settings: Settings) -> Tables:
    predictor, table = Predictor.load(), questions(ROWS)
    asked = read_batch(table).questions
    calls = {"whole": partial(predictor.predict_frame, table), "reading the table": partial(read_batch, table)}
    seconds = interleaved(calls | stages(predictor, asked), min(settings.rounds, 5))
    row = {"rows": ROWS, "rows/s": spread(ROWS / seconds.pop("whole"))}
    return {
        "b. predict_frame on one thread; its stages in microseconds a row": [
            row | {name: spread(1e6 / ROWS * taken) for name, taken in seconds.items()}
        ]
    }
