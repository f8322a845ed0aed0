from . import (
    accelerator as accelerator,
    advise as advise,
    characterize as characterize,
    data_check as data_check,
    evaluation as evaluation,
    events as events,
    predictor as predictor,
    report as report,
    rows as rows,
    service as service,
    snn as snn,
    study as study,
    testing as testing,
)
from ._predict import predict as predict
from .accelerator.hardware import Hardware as Hardware, load_hardware as load_hardware
from .choices import TrainingChoices as TrainingChoices
from .errors import InputError as InputError
from .predictor.estimator import SpikecastRegressor as SpikecastRegressor
from .predictor.prediction import Prediction as Prediction
from .predictor.predictor import Predictor as Predictor
