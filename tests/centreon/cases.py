"""Every case that Centreon's plugin was asked, in the order of its modes."""
from tests.centreon import cases_counters, cases_files, cases_options, cases_services, cases_shells, cases_traffic

CASES = [case for module in (cases_options, cases_counters, cases_traffic, cases_services, cases_files, cases_shells) for case in module.CASES]
BY_ID = {case.id: case for case in CASES}
assert len(BY_ID) == len(CASES), "two cases have one id"
MODES = sorted({case.mode for case in CASES})
