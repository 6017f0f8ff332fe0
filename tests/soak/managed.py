"""The service whose configuration changes all the time under two hundred clients. It has winrm.yaml and no options, so all of it can change."""
import os
import socket

from tests.support import soap
from tests.support.leftovers import Mark
from tests.support.service import ADMIN, Service
from tests.support.winrm import WinRM

WORKERS = [(f"worker{n}", f"Corr3ct-worker{n}-h0rse") for n in range(3)]
GRANTED = ("granted", "Corr3ct-granted-h0rse")  # Gets in while RootSDDL says so.
DENIED = ("denied", "Corr3ct-denied-h0rse")  # Never does.
AGEING = ("ageing", "Corr3ct-ageing-h0rse")  # Its shells are left to end by themselves.
ACCOUNTS = [ADMIN, *WORKERS, AGEING, GRANTED]  # All that can have shells.

INSTALLED = "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)"
WITH_GRANT = INSTALLED.replace("S:P", "(A;;GXGR;;;RM)S:P")
# An enumeration that nobody pulls from is an operation for a second. 60000 is the shortest idle time that there is.
YAML = """\
Listener:
  - {{Address: IP:127.0.0.1, Transport: HTTP, Port: {port}}}
Service:
  MaxConnections: 1000
  EnumerationTimeoutms: 1000
Winrs:
  IdleTimeout: 60000
  MaxShellsPerUser: 20
  MaxMemoryPerShellMB: 256
"""


def free_port(address="127.0.0.1"):
    with socket.socket() as one:
        one.bind((address, 0))
        return one.getsockname()[1]


class Managed(Service):
    def __init__(self):
        groups = {GRANTED: ["--group", "RM"], DENIED: []}
        super().__init__(accounts=[(*one, groups.get(one, ["--admin"])) for one in (*ACCOUNTS, DENIED)], listen=[])
        self.main, self.mark = free_port(), Mark()
        (self.state / "policy.d").mkdir(mode=0o700, parents=True)
        self.state.chmod(0o700)
        self.write("winrm.yaml", YAML.format(port=self.main))

    def write(self, name, text):
        """A file of the state directory, as an operator would write it."""
        path = self.state / name
        path.write_text(text)
        path.chmod(0o600)
        facts = self.state.stat()
        if os.geteuid() == 0:
            os.chown(path, facts.st_uid, facts.st_gid)

    def connect(self, account=ADMIN, **how):
        return WinRM(self.main, account=account, **how)

    def create(self):
        """A shell's: whatever is started in it carries the mark."""
        return soap.create(environment=[(self.mark.name, self.mark.value)])

    def put(self, path, values):
        with self.connect() as winrm:
            winrm.well(soap.config_put(path, values))
