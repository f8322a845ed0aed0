from .advice import pareto_figure as pareto_figure, sensitivity_figure as sensitivity_figure
from .balance import balance_figure as balance_figure
from .evaluation import (
    coverage_figure as coverage_figure,
    learning_figure as learning_figure,
    points_figure as points_figure,
    suggested_figure as suggested_figure,
)
from .files import (
    require_drawing as require_drawing,
    require_figure_path as require_figure_path,
    require_report_paths as require_report_paths,
    write_figure as write_figure,
    write_report as write_report,
)
from .page.page import StudyReport as StudyReport, study_report as study_report
from .simulation import simulation_figure as simulation_figure
