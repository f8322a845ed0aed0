from .accuracy import POOR as POOR
from .fast_sigmoid import (
    KEPT as KEPT,
    SlopeRange as SlopeRange,
    slope_ranges as slope_ranges,
    useful_ranges as useful_ranges,
)
from .source import CLAIMS as CLAIMS
from .verdict import Evidence as Evidence
