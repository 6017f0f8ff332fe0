"""What changes in winrm/config, its files and its accounts while clients are served, each change with a look whether it is in force."""
import hashlib
import os
import random
import re
import signal
import socket
import ssl
import subprocess
import threading
import time

from tests.soak.managed import AGEING, GRANTED, INSTALLED, WITH_GRANT, free_port
from tests.support import soap
from tests.support.leftovers import at_a_moment_of_chance
from tests.support.service import DEADLINE, MULLION, wait_until
from tests.support.winrm import WinRM

NOT_FOUND, POLICY, SCHEMA = 0x80338000, 0x8033808A, 0x80338041
NO_LIMIT, SOON = "2147483647", "1200"  # Milliseconds of MaxShellRunTime.
VALUES = (("winrs", "MaxShellsPerUser", (10, 40)), ("winrs", "MaxProcessesPerShell", (2, 9)), ("winrs", "MaxMemoryPerShellMB", (200, 300)),
          ("winrs", "MaxConcurrentUsers", (8, 50)), ("service", "MaxConcurrentOperationsPerUser", (50, 200)),
          ("service", "EnumerationTimeoutms", (500, 2000)), ("service", "MaxPacketRetrievalTimeSeconds", (60, 200)),
          ("service", "MaxConnections", (600, 2000)), ("", "MaxBatchItems", (100, 32000)), ("", "MaxEnvelopeSizekb", (400, 600)))
FLAGS = (("service/auth", "Basic"), ("service/auth", "Certificate"), ("service", "AllowUnencrypted"))


def keys(address, transport="HTTP"):
    return [("Address", address), ("Transport", transport)]


def is_open(address, port):
    try:
        socket.create_connection((address, port), timeout=DEADLINE).close()
        return True
    except ConnectionRefusedError:
        return False


def shown(address, port):
    """The thumbprint of the certificate that is shown there."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection((address, port), timeout=DEADLINE) as line, context.wrap_socket(line) as inside:
        return hashlib.sha1(inside.getpeercert(True)).hexdigest().upper()


def wants(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r}, not {wanted!r}")


class Changes:
    """One after the other: what each of them left is as it was when the next begins."""

    def __init__(self, service, seed):
        self.service, self.chance = service, random.Random(seed)
        self.pair, self.certificate = service.folder / "pair.pem", service.folder / "cert.pem"
        made = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
                               "/CN=soak.example", "-addext", "subjectAltName=DNS:soak.example", "-addext", "keyUsage=digitalSignature,keyCertSign",
                               "-keyout", service.folder / "key.pem", "-out", self.certificate], capture_output=True, timeout=DEADLINE)
        wants(made.returncode, 0, made.stderr.decode())
        self.pair.write_bytes(self.certificate.read_bytes() + (service.folder / "key.pem").read_bytes())
        self.thumbprint = hashlib.sha1(ssl.PEM_cert_to_DER_cert(self.certificate.read_text())).hexdigest().upper()

    def mullion(self, *words):
        done = subprocess.run([MULLION, *map(str, words), "--state", self.service.state], stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE)
        wants(done.returncode, 0, f"{' '.join(map(str, words))}: {done.stderr.decode()}")

    def value(self, winrm):
        path, name, ends = self.chance.choice(VALUES)
        wanted = str(self.chance.randint(*ends))
        if self.chance.random() < 0.2:
            path, name = self.chance.choice(FLAGS)
            wanted = self.chance.choice(("true", "false"))
        winrm.well(soap.config_put(path, {name: wanted}))
        wants(soap.value_of(winrm.well(soap.config_get(path)), name), wanted, name)
        wants(winrm.fault(soap.config_put(path, {name: "much"})), SCHEMA, f"a wrong {name}")

    def listener(self, winrm):
        address = f"127.0.1.{self.chance.randrange(1, 250)}"
        where, port, other = keys(f"IP:{address}"), free_port(address), free_port(address)
        winrm.well(soap.config_create("listener", {"Port": str(port)}, where))
        with WinRM(port, address=address) as there:
            there.well(soap.config_get("winrs"))
            winrm.well(soap.config_put("listener", {"Port": str(other)}, where))
            wants(there.raw.closed(), True, "the connection of a listener that went")
        wants((is_open(address, port), is_open(address, other)), (False, True), "the ports after a change")
        winrm.well(soap.config_put("listener", {"Enabled": "false"}, where))
        wants(is_open(address, other), False, "a listener that is off")
        winrm.well(soap.config_delete("listener", where))
        wants(winrm.fault(soap.config_get("listener", where)), NOT_FOUND, "a listener that was deleted")

    def certificate_and_listener(self, winrm):
        address = f"127.0.2.{self.chance.randrange(1, 250)}"
        where, port = keys(f"IP:{address}", "HTTPS"), free_port(address)
        self.mullion("cert", "import", self.pair, "--store", "My")
        winrm.well(soap.config_create("listener", {"Port": str(port), "CertificateThumbprint": self.thumbprint}, where))
        wants(shown(address, port), self.thumbprint, "the certificate of a listener")
        winrm.well(soap.config_delete("listener", where))
        wants(is_open(address, port), False, "a listener that was deleted")
        self.mullion("cert", "delete", self.thumbprint)

    def mapping(self, winrm):
        where = [("URI", "*"), ("Subject", f"*@{self.chance.randrange(1000)}.example"), ("Issuer", self.thumbprint)]
        self.mullion("cert", "import", self.certificate, "--trust")
        winrm.well(soap.config_create("service/certmapping", {"UserName": AGEING[0], "Password": AGEING[1], "Enabled": "true"}, where))
        winrm.well(soap.config_put("service/certmapping", {"Enabled": "false"}, where))
        wants(soap.value_of(winrm.well(soap.config_get("service/certmapping", where)), "Enabled"), "false", "Enabled of a mapping")
        winrm.well(soap.config_delete("service/certmapping", where))
        wants(winrm.fault(soap.config_get("service/certmapping", where)), NOT_FOUND, "a mapping that was deleted")
        self.mullion("cert", "delete", self.thumbprint)

    def account(self, _):
        name = f"passing{self.chance.randrange(1000)}"
        self.service.add_account(name, "Corr3ct-passing-h0rse", "--admin")
        with self.service.connect((name, "Corr3ct-passing-h0rse")) as passing:
            passing.well(soap.config_get("winrs"))
            self.mullion("user", "delete", name)
            wait_until(lambda: self.denied(passing), "the end of an account that was deleted")

    @staticmethod
    def denied(winrm):
        found = winrm.ask(soap.enumerate_shells())
        return found is None or found[0] == 401 or soap.code_of(found[1]) == soap.ACCESS_DENIED

    def policy(self, winrm):
        address = f"127.0.3.{self.chance.randrange(1, 250)}"
        port = free_port(address)
        self.service.write("policy.d/50-soak.yml", f"Winrs/IdleTimeout: 60001\nListener:\n  - {{Address: {address}, Transport: HTTP, Port: {port}}}\n")
        try:
            self.service.process.send_signal(signal.SIGHUP)
            wait_until(lambda: '<cfg:IdleTimeout Source="GPO">60001<' in winrm.well(soap.config_get("winrs")), "a policy")
            wants(winrm.fault(soap.config_put("winrs", {"IdleTimeout": "60002"})), POLICY, "a change of what a policy says")
            wants(winrm.fault(soap.config_delete("listener", keys(f"IP:{address}"))), POLICY, "the end of a policy's listener")
            wants(is_open(address, port), True, "a policy's listener")
        finally:
            os.unlink(self.service.state / "policy.d/50-soak.yml")
            self.service.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "<cfg:IdleTimeout>60000<" in winrm.well(soap.config_get("winrs")), "the end of a policy")
        wants(is_open(address, port), False, "the listener of a policy that went")

    def right(self, winrm):
        with self.service.connect(GRANTED) as granted:
            winrm.well(soap.config_put("service", {"RootSDDL": WITH_GRANT}))
            wants(granted.ask(soap.enumerate_shells())[0], 200, "who was granted Read and Execute")
            winrm.well(soap.config_put("service", {"RootSDDL": INSTALLED}))
            wants(granted.fault(soap.enumerate_shells()), soap.ACCESS_DENIED, "whose grant was taken away")
        winrm.well(soap.config_put("service", {"RootSDDL": self.chance.choice((INSTALLED, WITH_GRANT))}))

    WEIGHTS = {"value": 6, "listener": 4, "certificate_and_listener": 2, "mapping": 2, "account": 1, "policy": 2, "right": 2}

    def each(self):
        """Every kind once, in any order, and then by chance."""
        names = self.chance.sample(list(self.WEIGHTS), len(self.WEIGHTS))
        while True:
            yield names.pop() if names else self.chance.choices(list(self.WEIGHTS), list(self.WEIGHTS.values()))[0]

    def run(self, until, note):
        for name in self.each():
            if time.monotonic() >= until:
                return
            try:
                with self.service.connect() as winrm:
                    getattr(self, name)(winrm)
                problem = None
            except Exception as found:
                problem = f"{type(found).__name__}: {found}"
            note(f"configuration: {name.replace('_', ' ')}", problem)
            if problem:
                return  # What is half done would fail all that follow.


class Ends:
    """MaxShellRunTime and, in a long run, IdleTimeout: shells end by themselves, and their clients are told why."""

    def __init__(self, service, seed, long):
        self.service, self.chance, self.long = service, random.Random(seed), long

    def too_old(self):
        with self.service.connect(AGEING) as winrm:
            shell = soap.shell_of(winrm.well(self.service.create()))
            command = winrm.command(shell, "sleep 600 & sleep 600")
            self.service.put("winrs", {"MaxShellRunTime": SOON})
            status, xml = winrm.ask(soap.receive(shell, command, timeout="PT50S"))
            wants((status, soap.code_of(xml), "MaxShellRunTime" in xml), (500, 995, True), "a shell that is too old")
            wants(winrm.fault(soap.get(shell)), soap.UNEXPECTED_SELECTORS, "a shell that was too old")
        self.service.put("winrs", {"MaxShellRunTime": NO_LIMIT})

    def idle(self):
        with self.service.connect(AGEING) as winrm:
            shell = soap.shell_of(winrm.well(self.service.create()))
            winrm.command(shell, "sleep 600 & sleep 600")
            wait_until(lambda: re.search(f"shell {shell} of {AGEING[0]} is ended: nobody used it for", self.service.log.read_text()), "the end of an idle shell", 150)
            wants(winrm.fault(soap.get(shell)), soap.UNEXPECTED_SELECTORS, "a shell that was idle")

    def run(self, until, note):
        while time.monotonic() < until:
            for step in (self.too_old, self.idle) if self.long else (self.too_old,):
                try:
                    step()
                    problem = None
                except Exception as found:
                    problem = f"{type(found).__name__}: {found}"
                note(f"end of shells: {step.__name__.replace('_', ' ')}", problem)
            at_a_moment_of_chance(self.chance.uniform(2, 6))


def threads(service, seed, long, until, note):
    return [threading.Thread(target=one.run, args=(until, note), name=type(one).__name__)
            for one in (Changes(service, seed), Ends(service, seed + 1, long))]
