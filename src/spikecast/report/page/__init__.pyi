from .frame import with_title as with_title
from .page import StudyReport as StudyReport, study_report as study_report
