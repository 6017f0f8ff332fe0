"""core/errors.def as the tests read it."""
import re
from dataclasses import dataclass

from tests.support.service import ROOT


@dataclass
class Row:
    id: str
    phase: str
    effect: str
    status: str
    exit_code: int
    text: str
    causes: str
    advice: str


def plain(literal):
    return re.sub(r"\\(.)", r"\1", literal)


def read_rows():
    text = (ROOT / "src/core/errors.def").read_text()
    string = r'"((?:[^"\\]|\\.)*)"'
    pattern = rf'^MULLION_ERROR\(\w+,\s*{string},\s*(\w+),\s*(\w+),\s*(\w+),\s*(\d+),\s*{string},\s*{string},\s*{string}\)'
    rows = {m[1]: Row(m[1], m[2], m[3], m[4], int(m[5]), plain(m[6]), plain(m[7]), plain(m[8])) for m in re.finditer(pattern, text, re.M)}
    if len(rows) != len(re.findall(r"^MULLION_ERROR\(", text, re.M)):
        raise AssertionError("error_table.py does not read every row of errors.def")
    return rows


ROWS = read_rows()
ENUMERATORS = {m[2]: m[1] for m in re.finditer(r'^MULLION_ERROR\((\w+), "([\w.]+)"', (ROOT / "src/core/errors.def").read_text(), re.M)}
