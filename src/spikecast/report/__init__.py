"""Pictures of what the hardware does, and the page about a data folder."""

from spikecast.report.balance_figure import balance_figure
from spikecast.report.figure_file import require_figure_path, write_figure
from spikecast.report.simulation_figure import simulation_figure

__all__ = ["balance_figure", "require_figure_path", "simulation_figure", "write_figure"]
