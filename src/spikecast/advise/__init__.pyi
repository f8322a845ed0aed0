from ._compare import ASSUMPTION as ASSUMPTION, Comparison as Comparison, Difference as Difference, compare as compare
from ._pareto import ParetoFront as ParetoFront, front as front, pareto as pareto
from ._recommend import Recommendation as Recommendation, recommend as recommend
from ._sensitivity import Sweep as Sweep, sensitivity as sensitivity
from ._suggest import Suggested as Suggested, Suggestion as Suggestion, suggest as suggest
from .axes import LOGARITHMIC as LOGARITHMIC, is_number as is_number
from .objective import CANDIDATES as CANDIDATES, COSTS as COSTS
from .search import LEAST_PROBABILITY_OK as LEAST_PROBABILITY_OK
from .tuning import prune_hopeless as prune_hopeless, suggest_choices as suggest_choices
from .uncertainty import most_informative as most_informative
from .verification import Check as Check, Verification as Verification, checks as checks, verify as verify
