from .datasets import DatasetSuite as DatasetSuite
from .hardware import HardwareSuite as HardwareSuite
from .neurons import NeuronSuite as NeuronSuite
from .surrogates import SurrogateSuite as SurrogateSuite
