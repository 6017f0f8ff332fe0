"""The grid's axes, and why a cell of it is not run."""
import importlib.util
import itertools
from dataclasses import dataclass

from tests.support import stand_in_powershell

TRANSPORTS = ("basic", "certificate", "ntlm", "kerberos", "negotiate", "credssp")
WAYS = ("http encrypted", "https", "https + always")
CLIENTS = ("ours", "pywinrm", "pypsrp", "Ansible")
LOCAL_ONLY = ("basic", "certificate")


@dataclass(frozen=True)
class Cell:
    transport: str
    way: str
    client: str

    @property
    def scheme(self):
        return "https" if self.way.startswith("https") else "http"

    @property
    def sealed(self):
        return self.way != "https"


CELLS = [Cell(transport, way, client) for transport, way, client in itertools.product(TRANSPORTS, WAYS, CLIENTS)]


def lacks(*modules):
    """Those of the peers' modules that are not installed here."""
    return [module for module in modules if importlib.util.find_spec(module) is None]


def not_run(cell):
    """The reason, in a line; None for a cell that is run."""
    if cell.transport in LOCAL_ONLY and cell.sealed:
        return f"{cell.transport} cannot seal messages; that ours refuses it is tests/grid/test_matrix.py's"
    if cell.client == "Ansible" and (reason := stand_in_powershell.missing()):
        return reason
    if cell.client in ("pywinrm", "Ansible"):
        if cell.transport == "negotiate":
            return "pywinrm has no transport of that name: its ntlm and kerberos travel under Negotiate"
        if cell.transport == "kerberos" and lacks("kerberos"):
            return "pykerberos is not installed: run tests/peers/setup"
    if cell.client == "pypsrp" and cell.transport in ("kerberos", "negotiate") and (missing := lacks("gssapi", "krb5")):
        return f"{' and '.join(missing)} not installed: run tests/peers/setup"
    if cell.client != "ours" and cell.transport == "credssp" and lacks("requests_credssp"):
        return "requests-credssp is not installed: run tests/peers/setup"
    return None


def drawn(results):
    """The grid as text: a row for each transport and way, a column for each client; below it the reasons, by number."""
    reasons = []
    lines = ["{:<13}{:<16}".format("", "") + "".join(f"{client:<10}" for client in CLIENTS)]
    for transport, way in itertools.product(TRANSPORTS, WAYS):
        words = []
        for client in CLIENTS:
            verdict, reason = results.get(Cell(transport, way, client), ("missing", None))
            if verdict == "not run":
                if reason not in reasons:
                    reasons.append(reason)
                verdict = f"({reasons.index(reason) + 1})"
            words.append(f"{verdict:<10}")
        lines.append(f"{transport:<13}{way:<16}" + "".join(words))
    return "\n".join(line.rstrip() for line in lines + [f"({number}) not run: {reason}" for number, reason in enumerate(reasons, 1)])
