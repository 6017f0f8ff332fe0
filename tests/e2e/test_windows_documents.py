"""The documents that Windows administrators follow, line by line against `mullion serve`: what they are told to type is typed here, verbatim
but for placeholders and where the service is (at the end of a line), and what comes out has the form that they show."""
import contextlib
import os
import re
import socket
import subprocess
import unittest

from tests.support.service import ADMIN, DEADLINE, MULLION, Service

# What the document on set-up shows, but for addresses and thumbprints.
LISTENERS = """\
Listener
    Address = *
    Transport = HTTP
    Port = 5985
    Hostname
    Enabled = true
    URLPrefix = wsman
    CertificateThumbprint
    ListeningOn = 10.0.2.15, 127.0.0.1, ::1

Listener
    Address = *
    Transport = HTTPS
    Port = 5986
    Hostname = SERVER2016
    Enabled = true
    URLPrefix = wsman
    CertificateThumbprint = E6CDAA82EEAF2ECE8546E05DB7F3E01AA47D76CE
    ListeningOn = 10.0.2.15, 127.0.0.1, ::1
"""
SERVICE = """\
Service
    RootSDDL = O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)
    MaxConcurrentOperations = 4294967295
    MaxConcurrentOperationsPerUser = 1500
    EnumerationTimeoutms = 240000
    MaxConnections = 300
    MaxPacketRetrievalTimeSeconds = 120
    AllowUnencrypted = false
    Auth
        Basic = true
        Kerberos = true
        Negotiate = true
        Certificate = true
        CredSSP = true
        CbtHardeningLevel = Relaxed
    DefaultPorts
        HTTP = 5985
        HTTPS = 5986
    IPv4Filter = *
    IPv6Filter = *
    EnableCompatibilityHttpListener = false
    EnableCompatibilityHttpsListener = false
    CertificateThumbprint
    AllowRemoteAccess = true
"""
WINRS = """\
Winrs
    AllowRemoteShellAccess = true
    IdleTimeout = 7200000
    MaxConcurrentUsers = 2147483647
    MaxShellRunTime = 2147483647
    MaxProcessesPerShell = 2147483647
    MaxMemoryPerShellMB = 2147483647
    MaxShellsPerUser = 2147483647
"""


IPCONFIG = "#!/bin/sh\necho Windows IP Configuration\n"
# Where the service is, at the end of a line. Everything before it is as it stands in the documents.
LOCAL = " --state={state}"
REMOTE = " -r:{http} -u:{user} -p:'{password}'"


def form(text):
    """Names, their order and depth, and which of them have a value."""
    return [re.sub(r" = .*", " =", line) for line in text.rstrip("\n").split("\n")]


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def is_open(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


class InOwnFolders(Service):
    """`ipconfig` is a command here: in a mount namespace of the service's own."""

    def command_line(self):
        command = super().command_line()
        return ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /usr/local/bin && exec "$@"', str(self.folder / "programs"), *command]


@unittest.skipUnless(os.geteuid() == 0, "only root can have folders of its own")
class Documents(unittest.TestCase):
    """One service through both documents, top to bottom. Its standard ports are free ones: others may have 5985 here."""

    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.http_port, self.https_port = free_ports(2)
        service = InOwnFolders(listen=())
        programs = service.folder / "programs"
        programs.mkdir(mode=0o755)
        (programs / "ipconfig").write_text(IPCONFIG)
        (programs / "ipconfig").chmod(0o755)
        self.service = service
        self.tools = service.folder / "tools"
        self.tools.mkdir(mode=0o755)
        for name in ("winrm", "winrs", "mullion"):
            (self.tools / name).symlink_to(MULLION.with_name(name))
        # A machine without systemd and firewall, whatever this one is.
        for name in ("systemctl", "firewall-cmd", "ufw", "nft"):
            (self.tools / name).write_text("#!/bin/sh\nexit 1\n")
            (self.tools / name).chmod(0o755)
        service.state.mkdir(mode=0o700)
        (service.state / "winrm.yaml").write_text(
            f"Service:\n  DefaultPorts:\n    HTTP: {self.http_port}\n    HTTPS: {self.https_port}\nListener: []\n")
        self.named = {"state": service.state, "http": f"http://127.0.0.1:{self.http_port}/wsman", "user": ADMIN[0], "password": "Password"}
        service.accounts = [(ADMIN[0], "Password", ["--admin"])]
        stack.enter_context(service)

    def line(self, text, where=LOCAL, answer=None, **more):
        """Typed into a shell. Gives status, standard output and standard error."""
        typed = text + where.format(**{**self.named, **more})
        done = subprocess.run(["bash", "-c", typed], input=answer, capture_output=True, text=True, timeout=DEADLINE * 2,
                              env={**os.environ, "PATH": f"{self.tools}:{os.environ['PATH']}"})
        return done.returncode, done.stdout, done.stderr

    def passes(self, text, where=LOCAL, answer=None, **more):
        status, output, errors = self.line(text, where, answer, **more)
        self.assertEqual(status, 0, f"{text}\n{output}\n{errors}")
        return output

    def test_every_line(self):
        # Nobody can come yet; then everybody who is asked for.
        self.assertFalse(is_open(self.http_port))
        output = self.passes("winrm quickconfig", answer="y\n")
        self.assertIn("WinRM service is already running on this machine.\n", output)
        self.assertIn("WinRM is not set up to allow remote access to this machine for management.\nThe following changes must be made:\n", output)
        self.assertIn("Make these changes [y/n]? ", output)
        self.assertIn("WinRM has been updated for remote management.\n", output)
        self.assertTrue(is_open(self.http_port))
        self.assertIn("WinRM is already set up for remote management on this computer.\n", self.passes("winrm quickconfig"))

        # 003: basic authentication, and the listener with its certificate.
        self.assertEqual(form(self.passes("winrm s winrm/config/service/auth '@{Basic=\"true\"}'")),
                         ["Auth", "    Basic =", "    Kerberos =", "    Negotiate =", "    Certificate =", "    CredSSP =", "    CbtHardeningLevel ="])
        name = socket.gethostname()
        thumbprint = self.passes(f"mullion cert create --server --name {name} --name 127.0.0.1", " --state {state}").split("\n")[0]
        listener = "winrm create winrm/config/Listener?Address=*+Transport=HTTPS  '@{Hostname=\"@HOSTNAME@\";CertificateThumbprint=\"@THUMBPRINT@\"}'"
        self.assertFalse(is_open(self.https_port))
        self.assertIn("ResourceCreated\n", self.passes(listener.replace("@HOSTNAME@", name).replace("@THUMBPRINT@", thumbprint)))
        self.assertTrue(is_open(self.https_port))
        status, _, errors = self.line(listener.replace("@HOSTNAME@", name).replace("@THUMBPRINT@", thumbprint))
        self.assertEqual(status, 1)
        self.assertIn("Error number:  -2144108493 0x80338033\n", errors)

        # 002: what is configured.
        self.assertEqual(form(self.passes("winrm enumerate winrm/config/Listener")), form(LISTENERS))
        self.assertEqual(form(self.passes("winrm get winrm/config/Service")), form(SERVICE))
        self.assertEqual(self.passes("winrm get winrm/config/Winrs").rstrip("\n"), WINRS.rstrip("\n"))
        # The same from another machine.
        self.assertEqual(form(self.passes("winrm enumerate winrm/config/Listener", REMOTE)), form(LISTENERS))

        # 002: the connection tests, HTTP and HTTPS; unverifiable certificates fail.
        over_http = "winrs -r:http://server:5985/wsman -u:Username -p:Password ipconfig".replace("server:5985", f"127.0.0.1:{self.http_port}")
        over_https = "winrs{} -r:https://server:5986/wsman -u:Username -p:Password -ssl ipconfig".replace("server:5986", f"127.0.0.1:{self.https_port}")
        self.assertEqual(self.passes(over_http.replace("Username", ADMIN[0]), ""), "Windows IP Configuration\n")
        status, output, errors = self.line(over_https.format("").replace("Username", ADMIN[0]), "")
        self.assertNotEqual(status, 0)
        self.assertEqual(output, "")
        self.assertIn("certificate", errors)
        trusted = f" --ca-file={self.service.state}/certs/{thumbprint}.crt"
        self.assertEqual(self.passes(over_https.format(trusted).replace("Username", ADMIN[0]), ""), "Windows IP Configuration\n")

        # 003: a user without administrators' rights gets in only after configSDDL.
        groups = ("Distributed COM Users", "Event Log Readers", "Performance Log Users", "Performance Monitor Users", "Remote Management Users")
        self.service.add_account("centreon", "Password", *(word for group in groups for word in ("--group", group)))
        status, output, errors = self.line(over_http.replace("Username", "centreon"), "")
        self.assertEqual((status, output), (255, ""))
        self.assertIn("Access is denied", errors)
        status, _, errors = self.line("winrm get winrm/config/service", REMOTE, user="centreon")
        self.assertEqual(status, 1)
        self.assertIn("Error number:  -2147024891 0x80070005\nAccess is denied.", errors)
        self.assertIn("Remote Management Users: Read, Execute\n", self.passes("winrm configSDDL default", LOCAL + " --grant='Remote Management Users:read,execute'"))
        self.assertEqual(self.passes(over_http.replace("Username", "centreon"), ""), "Windows IP Configuration\n")
        self.assertIn("Service\n", self.passes("winrm get winrm/config/service", REMOTE, user="centreon"))
        status, _, errors = self.line("winrm s winrm/config/service/auth '@{Basic=\"false\"}'", REMOTE, user="centreon")
        self.assertEqual(status, 1, "they may read and execute, not write")

        # 002: MaxShellRunTime, by its path of winrm.
        self.assertIn("    MaxShellRunTime = 2147483647\n", self.passes("winrm set winrm/config/winrs '@{MaxShellRunTime=\"2147483647\"}'"))
        self.passes("winrm set winrm/config/winrs '@{MaxShellRunTime=\"1000\"}'")
        status, _, errors = self.line(f"winrs -r:http://127.0.0.1:{self.http_port}/wsman -u:{ADMIN[0]} -p:Password sleep 60", "")
        self.assertNotEqual(status, 0)
        self.assertIn("MaxShellRunTime", errors)

        # 002: the listener goes, and its port closes at once.
        self.passes("winrm delete winrm/config/Listener?Address=*+Transport=HTTPS")
        self.assertFalse(is_open(self.https_port))
        self.assertEqual(form(self.passes("winrm enumerate winrm/config/Listener")), form(LISTENERS.split("\n\n")[0]))
