"""What a new authenticated connection costs by transport: one more command on a connection of its own, against `mullion serve` and a KDC.

The simulator has neither CredSSP nor client certificates. Before anything is measured each client runs each case once, and the
service's log must say that it logged on in the way that the case is about: a client that fell back would measure something else.
"""
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.clients import HELPER, PYTHON
from bench.commands import full_handshake, one_more, table, take_turns
from bench.simulator import MANY
from bench.usage import Wrong, lines
from tests.grid.scene import ALICE, PRINCIPAL, Scene, missing

HOSTS = 200  # Ours: mullion run over so many, its start included.
MORE = 60    # The peers: one more is taken from so many.
SETTINGS = ["Service/MaxConnections=1000",  # More leave fewer descriptors for commands.
            *(f"{path}={MANY}" for path in ("Service/MaxConcurrentOperationsPerUser", "Winrs/MaxShellsPerUser", "Winrs/MaxProcessesPerShell"))]


@dataclass(frozen=True)
class Case:
    title: str
    transport: str
    scheme: str
    inside: str         # What the service's log must say.
    peers: tuple = ("pywinrm", "pypsrp")
    ticket: bool = False  # One that is there; nobody has a password.

    @property
    def name(self):
        return f"{self.scheme.upper()}, {self.title}"


def both(*words, **more):
    return [Case(words[0], words[1], scheme, *words[2:], **more) for scheme in ("http", "https")]


# pywinrm has no Negotiate of its own and gets no tickets: Ansible runs kinit for it.
CASES = [
    *both("NTLM", "ntlm", r"by Negotiate \(ntlm\)"),
    *both("Kerberos, cached ticket", "kerberos", r"by (Kerberos|Negotiate) \(kerberos\)", ticket=True),
    *both("Kerberos, by password", "kerberos", r"by (Kerberos|Negotiate) \(kerberos\)", peers=("pypsrp",)),
    *both("Negotiate, by password", "negotiate", r"by Negotiate \(kerberos\)", peers=("pypsrp",)),
    *both("CredSSP", "credssp", r"by CredSSP \(ntlm\)"),
    Case("Basic", "basic", "https", "by Basic"),
    Case("Certificate", "certificate", "https", "by Certificate"),
]


class Callers:
    """How each client is called in a case. `service` is the scene's."""

    def __init__(self, build, scene):
        self.build, self.scene, self.service = build, scene, scene.service

    def user(self, case):
        return PRINCIPAL[0] if case.transport in ("kerberos", "negotiate") else ALICE[0]

    def password(self, case):
        return "" if case.ticket or case.transport == "certificate" else ALICE[1]

    def ours(self, case, count):
        inventory = self.inventory(case, count)
        words = [self.build / "bin/mullion", "run", "all", "-i", inventory, "--forks", 64, "--kerberos-hostname", "localhost"]
        words += ["--client-cert", self.scene.certificate, "--client-key", self.scene.key] if case.transport == "certificate" else ["-u", self.user(case)]
        words += ["--password-file", "-"] if self.password(case) else []
        words += ["--kinit-mode", "manual"] if case.ticket else []
        words += ["--ca-file", self.service.ca] if case.scheme == "https" else []
        return [*words, "--", "echo bench"]

    def inventory(self, case, count):
        file = Path(self.service.folder) / f"{case.scheme}-{case.transport}-{count}.ini"
        rows = "".join(f"h{i + 1:05} ansible_host=127.0.0.1\n" for i in range(count))
        file.write_text(f"[all]\n{rows}\n[all:vars]\nansible_connection=winrm\nansible_port={self.service.port(case.scheme)}\n"
                        f"ansible_winrm_scheme={case.scheme}\nansible_winrm_transport={case.transport}\n")
        return file

    def peer(self, name, case, count):
        url, ca = self.service.url(case.scheme), self.service.ca if case.scheme == "https" else "-"
        more = []
        if case.transport in ("kerberos", "negotiate"):
            more = ["kerberos_hostname_override=localhost" if name == "pywinrm" else "negotiate_hostname_override=localhost"]
        if case.transport == "certificate":
            certificate, key = ("cert_pem", "cert_key_pem") if name == "pywinrm" else ("certificate_pem", "certificate_key_pem")
            more = [f"{certificate}={self.scene.certificate}", f"{key}={self.scene.key}"]
        if case.transport == "credssp" and name == "pypsrp":
            more = ["credssp_auth_mechanism=ntlm"]  # As the others', whose user has no realm.
        user = "-" if case.transport == "certificate" else self.user(case)
        return [PYTHON, HELPER, name, url, ca, case.transport, user, count, "new", "echo bench", *more]

    def call(self, name, case, count):
        return self.ours(case, count) if name == "mullion" else self.peer(name, case, count)


def show_that_it_logs_on_so(meter, callers, case, name):
    log = Path(callers.service.log)
    before = len(log.read_text().splitlines())
    meter.run(name, callers.call(name, case, 1), lines(1))
    said = [line for line in log.read_text().splitlines()[before:] if "logon from" in line]
    if not said or not all(re.search(case.inside, line) for line in said):
        raise Wrong(f"{case.name}: {name} should have logged on {case.inside}; the service says {said}")


def logons(meter_of, build, goals, runs):
    """`meter_of(password)` makes a meter."""
    if reason := missing():
        raise Wrong(reason)
    with Scene(SETTINGS) as scene:
        callers = Callers(build, scene)
        # The host's own ticket beside the user's: a cached one is asked of no KDC, by whichever client.
        subprocess.run(["kvno", "HTTP/localhost"], check=True, capture_output=True, timeout=30)
        handshake = full_handshake(meter_of(""), scene.service.https, scene.service.ca)
        print(f"\nopenssl s_time -new on the service's certificate: {handshake:.2f} ms of the client's processor time a handshake")
        for case in CASES:
            one(meter_of(callers.password(case)), callers, case, goals, runs, handshake)


def one(meter, callers, case, goals, runs, handshake):
    for name in ("mullion", *case.peers):
        show_that_it_logs_on_so(meter, callers, case, name)
    theirs = one_more(meter, lambda name, count: callers.peer(name, case, count), case.peers, runs, MORE)
    whole = take_turns(meter, {"mullion": callers.ours(case, HOSTS)}, lines(HOSTS), runs)["mullion"]
    found = {"mullion": (whole.processor_ms / HOSTS, whole.peak_kib / 1024), **theirs}
    table(f"{case.name}: one more command on a new connection (ours: mullion run over {HOSTS} hosts, its start included, divided)",
          found, ("processor ms", "peak MiB"))
    ours = found["mullion"][0]
    for name in case.peers:
        if case.scheme == "http":
            goals.at_most(f"{case.name}: processor time of a new connection over {name}'s", ours / found[name][0], 0.1, "x")
        else:
            limit = 2 * handshake + found[name][0] / 10
            goals.at_most(f"{case.name}: a new connection, against two handshakes and 1/10 of {name}'s", ours, limit, "ms")
