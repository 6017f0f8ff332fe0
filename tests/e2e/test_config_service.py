"""winrm/config as the service keeps it: what it says, what it refuses, and that all of it is in force at once. Raw messages, so that our own client proves nothing."""
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support import soap
from tests.support.raw_http import Raw
from tests.support.service import ADMIN, DEADLINE, MULLION, Service, alive, wait_until
from tests.support.winrm import WinRM

ACCESS_DENIED, NOT_FOUND, EXISTS, POLICY = 5, 0x80338000, 0x80338033, 0x8033808A
SCHEMA, PORT_INVALID, BAD_FILTER, HARDENING, READ_ONLY, DEPRECATED = 0x80338041, 0x803380DC, 0x803380EC, 0x803381B8, 0x8033813F, 0x803381AE
NAME_MISMATCH, LISTENER_KEYS, CUSTOM_SHELL, NO_ACTION, CORRUPTED, INTERNAL = 0x803380E9, 0x803380ED, 0x803381BC, None, 0x80338005, 1359
ISSUER, CREDENTIALS, MAPPING_KEYS = 0x80338162, 0x80338154, 0x80338172

# service-protocol.md 2.2, in its order.
SERVICE = """RootSDDL MaxConcurrentOperations MaxConcurrentOperationsPerUser EnumerationTimeoutms MaxConnections MaxPacketRetrievalTimeSeconds
 AllowUnencrypted Auth Basic Kerberos Negotiate Certificate CredSSP CbtHardeningLevel DefaultPorts HTTP HTTPS IPv4Filter IPv6Filter
 EnableCompatibilityHttpListener EnableCompatibilityHttpsListener CertificateThumbprint AllowRemoteAccess""".split()
WINRS = "AllowRemoteShellAccess IdleTimeout MaxConcurrentUsers MaxShellRunTime MaxProcessesPerShell MaxMemoryPerShellMB MaxShellsPerUser".split()


def names(xml):
    """Of the elements of a configuration, in their order, without the root."""
    return re.findall(r"<cfg:(\w+)", xml)[1:]


def keys(address="*", transport="HTTP"):
    return [("Address", address), ("Transport", transport)]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def is_open(port, address="127.0.0.1"):
    try:
        socket.create_connection((address, port), timeout=DEADLINE).close()
        return True
    except ConnectionRefusedError:
        return False


def certificate(folder, name):
    """Makes one, puts it where the service has its own, and gives its thumbprint."""
    pair = folder / "pair.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
                    "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True, timeout=DEADLINE)
    pair.write_bytes((folder / "cert.pem").read_bytes() + (folder / "key.pem").read_bytes())
    shown = subprocess.run(["openssl", "x509", "-in", folder / "cert.pem", "-noout", "-fingerprint", "-sha1"], check=True, capture_output=True, text=True, timeout=DEADLINE)
    return shown.stdout.strip().split("=")[1].replace(":", ""), pair


class Configured(unittest.TestCase):
    """A service with winrm.yaml instead of options, so that everything can be changed over the wire."""
    yaml = ""
    policies = {}

    def setUp(self):
        self.folder = Path(self.enterContext(TemporaryDirectory(prefix="mullion-test-")))
        os.chmod(self.folder, 0o755)
        self.main = free_port()
        self.service = self.enterContext(self.make())

    def make(self):
        service = Service(listen=[])
        service.state.mkdir(mode=0o700)
        self.own(service, "winrm.yaml", f"# Mine.\nListener:\n  - Address: IP:127.0.0.1   # loopback\n    Transport: HTTP\n    Port: {self.main}\n" + self.yaml)
        for name, text in self.policies.items():
            self.own(service, f"policy.d/{name}", text)
        return service

    @staticmethod
    def own(service, name, text):
        """Writes a file of the state directory as an operator would."""
        path = service.state / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(0o600)
        facts = service.state.stat()
        if os.geteuid() == 0:
            os.chown(path, facts.st_uid, facts.st_gid)
            os.chown(path.parent, facts.st_uid, facts.st_gid)

    def connect(self, port=None, **how):
        return WinRM(port or self.main, **how)

    def well(self, xml, **how):
        with self.connect(**how) as winrm:
            return winrm.well(xml)

    def fault(self, xml):
        with self.connect() as winrm:
            status, answer = winrm.ask(xml)
            self.assertEqual(status, 500, answer)
            return soap.code_of(answer), answer

    def get(self, path, name):
        return soap.value_of(self.well(soap.config_get(path)), name)

    def file(self):
        return (self.service.state / "winrm.yaml").read_text()

    def log(self):
        return self.service.log.read_text()


class Tree(Configured):
    def test_get__names_and_order(self):
        for path, wanted in (("service", SERVICE), ("winrs", WINRS), ("service/auth", SERVICE[8:14]), ("service/defaultports", ["HTTP", "HTTPS"]),
                             ("client/auth", "Basic Digest Kerberos Negotiate Certificate CredSSP".split())):
            xml = self.well(soap.config_get(path))
            self.assertEqual(names(xml), wanted)
            self.assertIn(f'xmlns:cfg="{soap.config_uri(path)}"', xml)
        root = names(self.well(soap.config_get()))
        self.assertEqual(root[:5], ["MaxEnvelopeSizekb", "MaxTimeoutms", "MaxBatchItems", "MaxProviderRequests", "Client"])
        self.assertEqual(root[-len(WINRS) - len(SERVICE) - 2:], ["Service", *SERVICE, "Winrs", *WINRS])

    def test_names_are_taken_in_any_case(self):
        self.assertIn("<cfg:Auth ", self.well(soap.envelope(soap.TRANSFER + "Get", soap.CONFIG.upper().replace("HTTP://SCHEMAS.MICROSOFT.COM", "http://schemas.microsoft.com") + "/Service/AUTH")))

    def test_put__the_new_whole_comes_back_and_stays(self):
        answer = self.well(soap.config_put("winrs", {"MaxShellsPerUser": "7"}))
        self.assertIn("transfer/PutResponse", answer)
        self.assertEqual((names(answer), soap.value_of(answer, "MaxShellsPerUser")), (WINRS, "7"))
        self.well(soap.config_put("", {"Service/Auth/CbtHardeningLevel": "strict", "MaxTimeoutms": "50000"}))
        self.assertEqual(self.get("service/auth", "CbtHardeningLevel"), "Strict")
        self.assertTrue(self.file().startswith("# Mine.\nListener:\n  - Address: IP:127.0.0.1   # loopback\n"), self.file())
        self.service.stop()
        self.service.start()
        self.assertEqual(self.get("winrs", "MaxShellsPerUser"), "7")
        self.assertEqual(self.get("", "MaxTimeoutms"), "50000")

    def test_put__of_the_whole_as_winrm_sends_it(self):
        whole = re.search(r"<cfg:Config.*</cfg:Config>", self.well(soap.config_get()))[0]
        changed = re.sub(r"(<cfg:Winrs>.*<cfg:IdleTimeout>)\d+", r"\g<1>123456", whole)
        self.well(soap.envelope(soap.TRANSFER + "Put", soap.CONFIG, changed))
        self.assertEqual(self.get("winrs", "IdleTimeout"), "123456")
        before = self.file()
        self.well(soap.envelope(soap.TRANSFER + "Put", soap.CONFIG, changed))
        self.assertEqual(self.file(), before)

    def test_put__refused(self):
        before = self.file()
        for path, values, code in (
                ("", {"MaxEnvelopeSizekb": "31"}, SCHEMA), ("", {"MaxTimeoutms": "x"}, SCHEMA), ("", {"MaxProviderRequests": "5"}, DEPRECATED),
                ("service", {"MaxConcurrentOperations": "5"}, DEPRECATED), ("service", {"IPv4Filter": "10.0.0.1"}, BAD_FILTER), ("service", {"Quux": "1"}, SCHEMA),
                ("service/auth", {"CbtHardeningLevel": "Much"}, HARDENING), ("service", {"DefaultPorts/HTTP": "0"}, PORT_INVALID),
                ("service", {"AllowUnencrypted": "perhaps"}, SCHEMA), ("client", {"URLPrefix": "/x"}, SCHEMA)):
            with self.subTest(path=path, values=values):
                self.assertEqual(self.fault(soap.config_put(path, values))[0], code)
        self.assertEqual(self.fault(soap.config_get("winrs/customremoteshell"))[0], CUSTOM_SHELL)
        self.assertEqual(self.fault(soap.config_get("quux"))[0], NOT_FOUND)
        self.assertIn("ActionNotSupported", self.fault(soap.config_put("service/defaultports", {"HTTP": "1"}))[1])
        self.assertEqual(self.file(), before)

    def test_each_change_is_logged_with_who_and_from_where(self):
        self.well(soap.config_put("winrs", {"MaxShellsPerUser": "7"}))
        self.assertIn(f"configuration: {ADMIN[0]} from 127.0.0.1: Winrs/MaxShellsPerUser: 2147483647, now 7", self.log())

    def test_restore(self):
        self.well(soap.config_put("winrs", {"MaxShellsPerUser": "7"}))
        self.well(soap.envelope(soap.CONFIG + "/restore", soap.CONFIG, f'<p:restore_INPUT xmlns:p="{soap.CONFIG}"/>'))
        self.assertEqual(self.get("winrs", "MaxShellsPerUser"), "2147483647")
        self.assertTrue(is_open(self.main))

    def test_only_administrators(self):
        self.service.add_account("guest", "a-Passw0rd")
        with self.connect(account=("guest", "a-Passw0rd")) as winrm:
            for xml in (soap.config_get(), soap.config_put("winrs", {"MaxShellsPerUser": "7"}), soap.config_enumerate("listener")):
                self.assertEqual(winrm.fault(xml), ACCESS_DENIED)

    def test_changes_by_hand_are_not_lost(self):
        self.own(self.service, "winrm.yaml", self.file() + "MaxBatchItems: 77   # by hand\n")
        self.well(soap.config_put("winrs", {"MaxShellsPerUser": "7"}))
        self.assertIn("MaxBatchItems: 77   # by hand\n", self.file())
        self.assertEqual(self.get("", "MaxBatchItems"), "77")
        self.assertRegex(self.log(), r"configuration: by hand in \S+/winrm\.yaml \(of \w+\): MaxBatchItems: 32000, now 77\n")
        self.assertNotIn(f"{ADMIN[0]} from 127.0.0.1: MaxBatchItems", self.log())

    def test_a_file_that_was_broken_by_hand_is_left_alone(self):
        whole = self.file()
        self.own(self.service, "winrm.yaml", whole + "MaxBatchItems: [\n")
        code, text = self.fault(soap.config_put("winrs", {"MaxShellsPerUser": "7"}))
        self.assertEqual(code, CORRUPTED)
        self.assertIn("winrm.yaml: line ", text)
        self.assertEqual(self.file(), whole + "MaxBatchItems: [\n")
        self.own(self.service, "winrm.yaml", whole)
        self.well(soap.config_put("winrs", {"MaxShellsPerUser": "7"}))

    def test_eight_clients_lose_nothing(self):
        rows = [("winrs", "MaxShellsPerUser"), ("winrs", "MaxConcurrentUsers"), ("winrs", "MaxProcessesPerShell"), ("winrs", "MaxMemoryPerShellMB"),
                ("service", "MaxConcurrentOperationsPerUser"), ("service", "EnumerationTimeoutms"), ("service", "MaxPacketRetrievalTimeSeconds"), ("", "MaxBatchItems")]
        failures = []

        def client(path, name):
            try:
                with self.connect() as winrm:
                    for value in range(1000, 1010):
                        winrm.well(soap.config_put(path, {name: str(value)}))
            except BaseException as failure:
                failures.append(failure)
        threads = [threading.Thread(target=client, args=row) for row in rows]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        for path, name in rows:
            self.assertEqual(self.get(path, name), "1009")
            self.assertIn(f"{name}: 1009\n", self.file())

    def test_killed_in_the_middle__the_file_is_whole(self):
        for round in range(8):
            with self.connect() as winrm:
                for value in range(round * 3 + 1):
                    winrm.write(soap.config_put("winrs", {"MaxShellsPerUser": str(100 + value)}))
                    if value < round * 3:
                        winrm.read()
            for pid in [self.service.process.pid, *self.service.processes]:
                if alive(pid):
                    os.kill(pid, signal.SIGKILL)
            self.service.stop()
            for pid in self.service.processes:
                wait_until(lambda: not alive(pid), f"the end of {pid}")
            self.assertTrue(self.file().startswith("# Mine.\n"), self.file())
            self.service.start()
            self.assertEqual(list(self.service.state.glob("winrm.yaml?*")), [])


class InForce(Configured):
    def test_schemes_are_offered_and_taken_away_at_once(self):
        def offered():
            with Raw(self.main) as raw:
                return raw.ask().all("www-authenticate")
        self.assertEqual(offered(), ["Negotiate"])
        self.well(soap.config_put("service", {"AllowUnencrypted": "true", "Auth/Basic": "true"}))
        self.assertEqual(offered(), ["Negotiate", 'Basic realm="WSMAN"'])
        with self.connect(how="basic") as other:
            other.well(soap.config_put("service/auth", {"Negotiate": "false", "Kerberos": "false"}))
            self.assertEqual(offered(), ['Basic realm="WSMAN"'])
            other.well(soap.config_put("service/auth", {"Negotiate": "true", "Kerberos": "true"}))
        with self.connect(how="basic") as other, self.connect() as winrm:
            self.assertIn("IdleTimeout", other.well(soap.config_get("winrs")))
            winrm.well(soap.config_put("service/auth", {"Basic": "false"}))
            self.assertEqual(other.ask(soap.config_get("winrs"))[0], 401)  # Also for who is connected.
        self.assertEqual(offered(), ["Negotiate"])

    def test_the_largest_message(self):
        with self.connect() as winrm:
            winrm.well(soap.config_put("", {"MaxEnvelopeSizekb": "32"}))
            self.assertEqual(winrm.ask(soap.envelope(soap.TRANSFER + "Get", soap.config_uri("winrs"), header=f"<!--{'x' * 40000}-->"))[0], 413)

    def test_no_access_but_from_here(self):
        self.well(soap.config_put("service", {"AllowRemoteAccess": "false"}))
        self.assertEqual(self.get("service", "AllowRemoteAccess"), "false")

    def test_the_filter(self):
        self.well(soap.config_create("listener", {"Port": str(self.main + 0)}, keys("IP:127.0.0.2")))
        with self.connect(address="127.0.0.2") as other, self.connect() as winrm:
            other.well(soap.config_get("winrs"))
            winrm.well(soap.config_put("service", {"IPv4Filter": "127.0.0.1-127.0.0.1"}))
            self.assertTrue(other.raw.closed())
            with Raw(self.main, address="127.0.0.2") as raw:
                self.assertIsNone(raw.ask())
            self.assertIn('xsi:nil="true"', winrm.well(soap.config_get("listener", keys("IP:127.0.0.2"))))
            winrm.well(soap.config_put("service", {"IPv4Filter": "*"}))
        with self.connect(address="127.0.0.2") as other:
            other.well(soap.config_get("winrs"))


class Listeners(Configured):
    def test_enumerate(self):
        xml = self.well(soap.config_enumerate("listener"))
        self.assertEqual(names(xml), "Address Transport Port Hostname Enabled URLPrefix CertificateThumbprint ListeningOn".split())
        self.assertEqual([soap.value_of(xml, name) for name in ("Address", "Transport", "Port", "ListeningOn")], ["IP:127.0.0.1", "HTTP", str(self.main), "127.0.0.1"])
        self.assertIn("<w:EndOfSequence", xml)
        reference = self.well(soap.config_enumerate("listener", mode="EnumerateEPR"))
        self.assertIn('<w:Selector Name="Address">IP:127.0.0.1</w:Selector>', reference)
        self.assertNotIn("<cfg:Listener", reference)
        both = self.well(soap.config_enumerate("listener", mode="EnumerateObjectAndEPR"))
        self.assertRegex(both, r"<w:Item[^>]*><cfg:Listener.*</cfg:Listener><a:EndpointReference>")

    def test_enumerate__pulled_and_released(self):
        for number in range(2, 5):
            self.well(soap.config_create("listener", {"Port": str(free_port())}, keys(f"IP:127.0.0.{number}")))
        with self.connect() as winrm:
            first = winrm.well(soap.config_enumerate("listener", count=1, optimize=False))
            context = soap.value_of(first, "EnumerationContext")
            pull = lambda count: soap.envelope(soap.ENUMERATION + "Pull", soap.config_uri("listener"), f"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>{count}</n:MaxElements></n:Pull>")
            self.assertEqual(winrm.well(pull(3)).count("<cfg:Listener "), 3)
            last = winrm.well(pull(3))
            self.assertEqual((last.count("<cfg:Listener "), "<n:EndOfSequence" in last), (1, True))
            context = soap.value_of(winrm.well(soap.config_enumerate("listener", count=1)), "EnumerationContext")
            winrm.well(soap.envelope(soap.ENUMERATION + "Release", soap.config_uri("listener"), f"<n:Release><n:EnumerationContext>{context}</n:EnumerationContext></n:Release>"))
            self.assertIn("InvalidEnumerationContext", winrm.ask(pull(1))[1])

    def test_create_change_and_delete__ports_open_and_close_at_once(self):
        port, other = free_port(), free_port()
        where = keys("IP:127.0.0.2")
        with self.connect() as winrm:
            created = winrm.well(soap.config_create("listener", {"Port": str(port), "URLPrefix": "elsewhere"}, where))
            self.assertIn("transfer/CreateResponse", created)
            self.assertIn('<w:Selector Name="Transport">HTTP</w:Selector>', created)
            self.assertEqual(winrm.fault(soap.config_create("listener", {"Port": str(other)}, where)), EXISTS)
            with Raw(port, address="127.0.0.2") as raw:
                self.assertEqual([raw.ask(target="/elsewhere").status, raw.ask(target="/wsman").status], [401, 404])
            winrm.well(soap.config_put("listener", {"Port": str(other)}, where))
            self.assertEqual((is_open(port, "127.0.0.2"), is_open(other, "127.0.0.2")), (False, True))
            winrm.well(soap.config_put("listener", {"Enabled": "false"}, where))
            self.assertFalse(is_open(other, "127.0.0.2"))
            self.assertEqual(soap.value_of(winrm.well(soap.config_get("listener", where)), "Enabled"), "false")
            winrm.well(soap.config_put("listener", {"Enabled": "true"}, where))
            self.assertTrue(is_open(other, "127.0.0.2"))
            winrm.well(soap.config_delete("listener", where))
            self.assertFalse(is_open(other, "127.0.0.2"))
            for xml in (soap.config_get("listener", where), soap.config_delete("listener", where), soap.config_put("listener", {"Port": "1"}, where)):
                self.assertEqual(winrm.fault(xml), NOT_FOUND)
            self.assertEqual(winrm.fault(soap.config_put("listener", {"Address": "*"}, keys("IP:127.0.0.1"))), LISTENER_KEYS)
        self.assertIn("listener IP:127.0.0.2 HTTP: deleted", self.log())

    def test_a_port_that_is_taken__nothing_is_half_done(self):
        before = self.file()
        with socket.create_server(("127.0.0.2", 0)) as taken:
            port = taken.getsockname()[1]
            code, text = self.fault(soap.config_create("listener", {"Port": str(port)}, keys("IP:127.0.0.2")))
        self.assertEqual(code, INTERNAL)
        self.assertIn("in use", text)
        self.assertEqual(self.file(), before)
        self.assertEqual(self.fault(soap.config_get("listener", keys("IP:127.0.0.2")))[0], NOT_FOUND)
        code, text = self.fault(soap.config_create("listener", {"Port": "1"}, keys("IP:127.0.0.2")))
        self.assertIn("ip_unprivileged_port_start", text)

    def test_the_listener_in_use__the_answer_comes_first(self):
        with self.connect() as winrm, self.connect() as idle, self.connect() as busy:
            shell = busy.create()
            command = busy.command(shell, "read line; echo $line")
            busy.write(soap.receive(shell, command))  # It waits for output, and is answered when that comes.
            answer = winrm.well(soap.config_delete("listener", keys("IP:127.0.0.1")))
            self.assertIn("transfer/DeleteResponse", answer)
            self.assertTrue(winrm.raw.closed())
            self.assertTrue(idle.raw.closed())
            self.assertFalse(is_open(self.main))
            self.assertEqual(busy.read()[0], 500)  # OperationTimeout: the request was not cut off.
            self.assertTrue(busy.raw.closed())
        self.assertIn("Listener: []", self.file())
        self.own(self.service, "winrm.yaml", self.file().replace("Listener: []", f"Listener: [{{Address: IP:127.0.0.1, Transport: HTTP, Port: {self.main}}}]"))
        os.kill(self.service.process.pid, signal.SIGHUP)
        wait_until(lambda: is_open(self.main), "the listener that was written by hand")

    def test_default_ports(self):
        self.well(soap.config_create("listener", {"Port": str(free_port())}, keys("IP:127.0.0.3")))
        port = free_port()
        self.own(self.service, "winrm.yaml", self.file().replace("Listener:", f"Listener:\n  - {{Address: 127.0.0.2, Transport: HTTP}}", 1))
        self.well(soap.config_put("service", {"DefaultPorts/HTTP": str(port)}))
        self.assertTrue(is_open(port, "127.0.0.2"))
        self.assertEqual(soap.value_of(self.well(soap.config_get("listener", keys("IP:127.0.0.2"))), "Port"), str(port))


class Https(Configured):
    def shown(self, port):
        """The thumbprint that is shown at that port."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        import hashlib
        with Raw(port, context=context) as raw:
            return hashlib.sha1(raw.socket.getpeercert(True)).hexdigest().upper()

    def install(self, name):
        thumbprint, pair = certificate(self.folder, name)
        self.own(self.service, f"certs/{thumbprint}.pem", pair.read_bytes())
        return thumbprint

    def test_by_thumbprint(self):
        here, there, port = self.install("here.example"), self.install("there.example"), free_port()
        where = keys("IP:127.0.0.1", "HTTPS")
        with self.connect() as winrm:
            self.assertEqual(winrm.fault(soap.config_create("listener", {"Port": str(port), "Hostname": "other.example", "CertificateThumbprint": here}, where)), NAME_MISMATCH)
            code, text = self.fault(soap.config_create("listener", {"Port": str(port), "CertificateThumbprint": "A" * 40}, where))
            self.assertIn(here, text)
            self.assertIn(there, text)
            winrm.well(soap.config_create("listener", {"Port": str(port), "CertificateThumbprint": here}, where))
            self.assertEqual(self.shown(port), here)
            self.assertEqual(soap.value_of(winrm.well(soap.config_get("listener", where)), "Hostname"), "here.example")
            self.assertEqual(winrm.fault(soap.config_put("listener", {"CertificateThumbprint": there}, where)), NAME_MISMATCH)
            winrm.well(soap.config_put("listener", {"CertificateThumbprint": there, "Hostname": "there.example"}, where))
            self.assertEqual(self.shown(port), there)
            winrm.well(soap.config_delete("listener", where))
            self.assertFalse(is_open(port))

    def test_by_name(self):
        thumbprint, port = self.install("here.example"), free_port()
        where = keys("IP:127.0.0.1", "HTTPS")
        code, text = self.fault(soap.config_create("listener", {"Port": str(port), "Hostname": "nobody.example"}, where))
        self.assertEqual(code, NAME_MISMATCH)
        self.assertIn("nobody.example", text)
        self.well(soap.config_create("listener", {"Port": str(port), "Hostname": "here.example"}, where))
        self.assertEqual(self.shown(port), thumbprint)

    def test_credssp_certificate(self):
        code, text = self.fault(soap.config_put("service", {"CertificateThumbprint": "A" * 40, "Auth/CredSSP": "true"}))
        self.assertIn("A" * 40, text)
        self.well(soap.config_put("service", {"CertificateThumbprint": self.install("here.example"), "Auth/CredSSP": "true"}))
        with Raw(self.main) as raw:
            self.assertIn("CredSSP", raw.ask().all("www-authenticate"))


class Mappings(Configured):
    def mapping(self, issuer, subject="*@example"):
        return [("URI", "*"), ("Subject", subject), ("Issuer", issuer)]

    def test_create_change_and_delete(self):
        thumbprint, _ = certificate(self.folder, "authority")
        values = {"UserName": ADMIN[0], "Password": ADMIN[1], "Enabled": "true"}
        where = self.mapping(thumbprint)
        with self.connect() as winrm:
            self.assertEqual(winrm.fault(soap.config_create("service/certmapping", values, where)), ISSUER)
            subprocess.run([MULLION, "cert", "import", self.folder / "cert.pem", "--trust", "--state", self.service.state], check=True, capture_output=True, timeout=DEADLINE)
            for wrong in ({**values, "Password": "wrong"}, {**values, "UserName": "nobody-there"}, {"UserName": ADMIN[0]}):
                self.assertEqual(winrm.fault(soap.config_create("service/certmapping", wrong, where)), CREDENTIALS)
            winrm.well(soap.config_create("service/certmapping", values, where))
            self.assertEqual(winrm.fault(soap.config_create("service/certmapping", values, where)), EXISTS)
            xml = winrm.well(soap.config_get("service/certmapping", where))
            self.assertEqual(names(xml)[:7], "URI Subject Issuer UserName Enabled Password PassCertToPlugin".split())
            self.assertNotIn(ADMIN[1], self.file() + self.log() + xml)
            self.assertEqual(winrm.fault(soap.config_put("service/certmapping", {"Subject": "other"}, where)), MAPPING_KEYS)
            winrm.well(soap.config_put("service/certmapping", {"Enabled": "false"}, where))
            self.assertIn("Enabled: false", self.file())
            self.assertIn("<cfg:CertMapping", winrm.well(soap.config_enumerate("service/certmapping")))
            winrm.well(soap.config_delete("service/certmapping", where))
            self.assertEqual(winrm.fault(soap.config_get("service/certmapping", where)), NOT_FOUND)
