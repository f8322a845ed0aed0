from .check import check_folder as check_folder
from .finding import Finding as Finding, Report as Report
