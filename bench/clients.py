"""How each client is called. `count` commands, each on a connection of its own ("new") or all in one shell ("held")."""
from pathlib import Path

from bench.simulator import USER

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "build/peers"
PYTHON, HELPER = PEERS / "venv/bin/python", ROOT / "tests/support/bench_peer.py"


class Clients:
    def __init__(self, build, simulator):
        self.build, self.simulator = build, simulator

    def names(self, scheme, transport):
        """pypsrp does not send Basic over HTTP."""
        clear = scheme == "http" and transport == "basic"
        return ["mullion", "pywinrm", *([] if clear else ["pypsrp"]), "masterzen"]

    def one(self, name, scheme, transport, command="echo bench"):
        """A cold command line, as a person types it."""
        if name != "mullion":
            return self.many(name, scheme, transport, 1, "new", command)
        url = self.simulator.url(scheme)
        return [self.build / "bin/mullion", "run", url, "-u", USER, "--password-file", "-", "--transport", transport,
                "--allow-unencrypted", *self.trust(scheme), "--", command]

    def many(self, name, scheme, transport, count, kind, command="echo bench"):
        url, ca = self.simulator.url(scheme), self.simulator.ca if scheme == "https" else "-"
        if name == "mullion":
            if kind == "held":
                return [self.build / "bench/bench_held", url, ca, transport, USER, count, command]
            return self.fleet(scheme, transport, count, 64, command)
        if name == "masterzen":
            return [PEERS / "masterzen", "-url", url.rsplit("/wsman", 1)[0], "-user", USER, "-auth", transport,
                    *(["-ca", ca] if ca != "-" else []), "-count", count, *(["-held"] if kind == "held" else []), "--", command]
        return [PYTHON, HELPER, name, url, ca, transport, USER, count, kind, command]

    def fleet(self, scheme, transport, count, forks, command, *more):
        inventory = self.simulator.inventory(scheme, transport, count)
        return [self.build / "bin/mullion", "run", "all", "-i", inventory, "-u", USER, "--password-file", "-", "--allow-unencrypted",
                "--forks", forks, *self.trust(scheme), *more, "--", command]

    def trust(self, scheme):
        return ["--ca-file", self.simulator.ca] if scheme == "https" else []
