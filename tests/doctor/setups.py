"""docs/doctor-setups.md as the tests read it."""
import re
from dataclasses import dataclass

from tests.support.service import ROOT

DOCUMENT = ROOT / "docs/doctor-setups.md"


@dataclass
class Row:
    number: int
    setup: str
    check: str  # "logon ntlm"
    warning: bool
    id: str
    named: str  # What the advice must name, in words.


def read_rows():
    rows = {}
    for line in DOCUMENT.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or not cells[0].isdigit():
            continue
        number, setup, check, identity, named = cells
        rows[int(number)] = Row(int(number), setup, check, identity.startswith("warning "), identity.removeprefix("warning "), named)
    return rows


def read_order():
    """The checks in their order, with "logon" for each that is configured."""
    text = DOCUMENT.read_text()
    listed = re.search(r"^Checks, in this order: (.*?)\.$", text, re.M | re.S)[1]
    return [name.split()[0] for name in re.findall(r"`([^`]+)`", listed)]


def read_check_order():
    """Likewise with --for check."""
    listed = re.search(r"^With `--for check`, in this order: (.*?)\.", DOCUMENT.read_text(), re.M | re.S)[1]
    names = [name.split()[0] for name in re.findall(r"`([^`]+)`", listed)]
    return ORDER[:ORDER.index("logon")] + names


ROWS, ORDER = read_rows(), read_order()
CHECK_ORDER = read_check_order()
