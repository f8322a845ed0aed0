"""Whether the tables of a data folder are what a characterization writes: schema, keys, numbers, traces, cycles."""

from spikecast.data_check.check import check_folder
from spikecast.data_check.finding import Finding
from spikecast.data_check.report import Report

__all__ = ["Finding", "Report", "check_folder"]
