"""The exporter's endpoint and its manners towards hosts: limits, slow and abandoned scrapes, wrong passwords, and who may ask."""
import base64
import contextlib
import http.client
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import unittest

from tests.e2e.test_exporter import Exporter, value
from tests.support.prometheus import Prometheus
from tests.support.service import ADMIN, DEADLINE, wait_until
from tests.support.simulate import Simulation

HOSTS = 8
CLASSES = """\
cim:
  - class: Win32_OperatingSystem
    properties: {Caption: string key, Version: string, BuildNumber: string, ProductType: uint32, InstallDate: datetime, LocalDateTime: datetime,
                 TotalVisibleMemorySize: uint64, FreePhysicalMemory: uint64, MaxProcessMemorySize: uint64, MaxNumberOfProcesses: uint32}
    rows: [{Caption: Windows, Version: 10.0.20348, BuildNumber: '20348', ProductType: 3, TotalVisibleMemorySize: 8388608}]
  - class: Win32_ComputerSystem
    properties: {DNSHostName: string key, Domain: string, PartOfDomain: boolean}
    rows: [{DNSHostName: "{host}", Domain: WORKGROUP, PartOfDomain: false}]
  - class: Win32_Service
    properties: {Name: string key, DisplayName: string, PathName: string, ProcessId: uint32, StartMode: string, StartName: string, State: string}
    generate: {count: 2500, row: {Name: "svc{n}", State: Running, StartMode: Auto, ProcessId: 0}}
  - class: Win32_Process
    properties: {ProcessId: uint32 key, CreationDate: datetime}
    rows: [{ProcessId: 7, CreationDate: 20260101120000.000000+000}]
"""
CONFIG = """\
version: 1
listen: ['127.0.0.1:0']
targets: {{allow: ['127.1.0.0/28:*']}}
auths:
  default: {{user: {user}, password_file: password, transport: ntlm, scheme: http}}
  wrong: {{user: {user}, password_file: wrong, transport: ntlm, scheme: http}}
modules:
  default: {{collectors: [os]}}
  many: {{collectors: [service]}}
"""
PULL_HANGS = "faults: [{host: web1, step: pull, nth: 1, do: stall, times: 1}]\n"
SUCCESS = 'mullion_exporter_probes_total{result="success"}'


class Scene(unittest.TestCase):
    """An exporter over a few simulated hosts, which are web1 … web8 at 127.1.0.1 …"""

    def play(self, faults="", config=CONFIG, settings=""):
        hosts = "".join(f"  - {{name: web{number}, address: 127.1.0.{number}}}\n" for number in range(1, HOSTS + 1))
        self.fleet = self.enterContext(Simulation(f"hosts:\n{hosts}{faults}{CLASSES}", schemes=("http",)))
        self.exporter = Exporter(config + settings)
        self.prepare()
        self.enterContext(self.exporter)

    def prepare(self):
        """Before the exporter is started: its folder is there."""

    def target(self, number=1):
        return f"127.1.0.{number}:{self.fleet.ports['http']}"

    def probe(self, number=1, **words):
        status, text, _ = self.exporter.probe(self.target(number), **words)
        self.assertEqual(status, 200, text)
        return text

    def begin(self, number=1, **words):
        """A scrape in a thread of its own; join() gives (status, text)."""
        found = []
        thread = threading.Thread(target=lambda: found.append(self.exporter.probe(self.target(number), **words)[:2]))
        thread.start()

        def join():
            thread.join(DEADLINE)
            self.assertFalse(thread.is_alive(), "no answer")
            return found[0]
        return join

    def send(self, number=1, module="many"):
        """A scrape whose answer nobody reads: it lasts until its socket is closed."""
        scraper = self.enterContext(socket.create_connection(("127.0.0.1", self.exporter.port), DEADLINE))
        scraper.sendall(f"GET /probe?module={module}&target={self.target(number)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return scraper

    def own(self, series):
        return value(self.exporter.metrics(), series)

    def host(self, number=1):
        return self.fleet.counts()["hosts"].get(f"web{number}", {"connections": 0, "steps": {}})

    def until_asked(self, step, count=1, number=1):
        wait_until(lambda: self.host(number)["steps"].get(step, 0) >= count, f"web{number} is asked: {step}")


class Slow(Scene):
    def test_what_is_left_is_released(self):
        self.play(PULL_HANGS)
        text = self.probe(module="many", timeout=1.5)
        self.assertEqual(value(text, 'windows_exporter_collector_timeout{collector="service"}'), 1, text)
        self.until_asked("release")
        self.assertEqual(self.host()["steps"]["release"], 1)
        self.assertEqual(value(self.probe(module="many"), "probe_success"), 1)
        self.assertEqual(self.host()["steps"]["release"], 1, "what ends by itself is not released")

    def test_a_slow_host_holds_up_nobody(self):
        self.play(PULL_HANGS)
        self.send()
        self.until_asked("pull")
        for number in range(2, HOSTS + 1):
            self.assertEqual(value(self.probe(number, module="default,many"), "probe_success"), 1)
        self.assertEqual(self.own("mullion_exporter_probes_in_flight"), 1, "the slow one is still at it")

    def test_who_gave_up_costs_the_host_nothing_more(self):
        self.play(PULL_HANGS)
        scraper = self.send()
        self.until_asked("pull")
        self.assertEqual(self.own("mullion_exporter_probes_in_flight"), 1)
        scraper.close()
        wait_until(lambda: self.own('mullion_exporter_probes_total{result="abandoned"}') == 1, "the scrape is given up")
        self.assertEqual(self.own("mullion_exporter_probes_in_flight"), 0)
        self.until_asked("release")
        self.assertEqual(value(self.probe(module="many"), "probe_success"), 1)
        self.assertEqual(self.own(SUCCESS), 1)

    def test_who_gave_up_while_waiting_for_another_scrape(self):
        self.play(PULL_HANGS)
        self.send()
        self.until_asked("pull")
        scraper = self.send(module="default")
        wait_until(lambda: self.own("mullion_exporter_probes_in_flight") == 2, "it waits")
        scraper.close()
        wait_until(lambda: self.own('mullion_exporter_probes_total{result="abandoned"}') == 1, "it is given up")
        self.assertEqual(self.own("mullion_exporter_probes_in_flight"), 1)

    def test_a_request_behind_another_is_not_taken_for_a_farewell(self):
        self.play()
        with socket.create_connection(("127.0.0.1", self.exporter.port), DEADLINE) as scraper:
            request = f"GET /probe?target={self.target()} HTTP/1.1\r\nHost: x\r\n"
            scraper.sendall((request + "\r\n" + request + "Connection: close\r\n\r\n").encode())
            text = b""
            while more := scraper.recv(1 << 16):
                text += more
        self.assertEqual(len(re.findall(rb"^probe_success 1$", text, re.M)), 2, text.decode())

    def test_two_scrapes_of_one_host_at_a_time(self):
        self.play("faults: [{host: web1, step: enumerate, nth: 1, do: delay, for: 700ms, times: 1}]\n")
        first, second = self.begin(), self.begin(module="many")
        self.assertEqual([value(one()[1], "probe_success") for one in (first, second)], [1, 1])
        self.assertEqual(self.host()["connections"], 1, "one after the other, on the same connection")

    def test_a_reload_in_the_middle(self):
        self.play("faults: [{host: web1, step: enumerate, nth: 1, do: delay, for: 1s, times: 1}]\n")
        running = self.begin(module="many")
        self.until_asked("enumerate")
        text = self.exporter.file.read_text()
        self.exporter.file.write_text(text.replace("  many: {collectors: [service]}\n", ""))
        self.assertEqual(self.exporter.ask("/-/reload", method="POST")[:2], (200, "reloaded\n"))
        self.assertEqual(self.exporter.probe(self.target(), module="many")[:2], (400, "unknown module many\n"))
        status, text = running()
        self.assertEqual((status, value(text, "probe_success")), (200, 1), text)
        self.assertEqual(len(re.findall("^windows_service_info", text, re.M)), 2500, "what had begun is as it was asked for")
        self.assertEqual(value(self.probe(), "probe_success"), 1)

    def test_the_end_in_the_middle(self):
        self.play("faults: [{host: web1, step: pull, nth: 1, do: stall, times: 1}]\n")
        scraper = self.send()
        self.until_asked("pull")
        self.exporter.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.exporter.process.wait(DEADLINE), 0)
        self.assertEqual(scraper.recv(1), b"", "no answer")


class Limits(Scene):
    def test_too_many_probes(self):
        self.play(PULL_HANGS, settings="limits: {{probes: 1}}\n")
        slow = self.send()
        self.until_asked("pull")
        status, text, _ = self.exporter.probe(self.target(2))
        self.assertEqual((status, text), (503, "too many probes at a time (limits: probes:)\n"))
        self.assertEqual(self.own('mullion_exporter_probes_total{result="refused"}'), 1)
        slow.close()
        wait_until(lambda: self.own("mullion_exporter_probes_in_flight") == 0, "there is room again")
        self.assertEqual(value(self.probe(2), "probe_success"), 1)

    def test_too_many_connections(self):
        self.play(settings="limits: {{connections: 3}}\n")
        held = [socket.create_connection(("127.0.0.1", self.exporter.port), DEADLINE) for _ in range(3)]
        for one in held:
            one.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(b"200 OK", one.recv(4096))
        with socket.create_connection(("127.0.0.1", self.exporter.port), DEADLINE) as further:
            self.assertEqual(further.recv(1), b"", "closed at once")
        held.pop().close()
        wait_until(lambda: self.healthy(), "there is room again")
        self.assertGreaterEqual(self.own("mullion_exporter_http_connections_refused_total"), 1)
        for one in held:
            one.close()

    def healthy(self):
        try:
            return self.exporter.ask("/-/healthy")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def test_a_header_without_an_end(self):
        self.play()
        with socket.create_connection(("127.0.0.1", self.exporter.port), DEADLINE) as scraper:
            scraper.sendall(b"GET / HTTP/1.1\r\n" + b"X-Field: more\r\n" * 1200)
            self.assertIn(b"431 ", scraper.recv(4096))
        with socket.create_connection(("127.0.0.1", self.exporter.port), DEADLINE) as scraper:
            scraper.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n" + b"x" * 70000)
            with contextlib.suppress(ConnectionResetError):
                self.assertEqual(scraper.recv(4096), b"", "a scrape has no body")


class WrongPasswords(Scene):
    def refused(self, number):
        text = self.probe(number, auth="wrong")
        self.assertEqual(value(text, 'wsman_collector_failure{collector="os",reason="auth.rejected"}'), 1, text)

    def test_a_host_is_not_tried_again(self):
        self.play()
        self.refused(1)
        seen = self.host()
        self.assertEqual(seen["connections"], 1)
        for _ in range(3):
            self.refused(1)
        self.assertEqual(self.host(), seen, "nothing at all was sent")
        self.assertEqual(self.own('mullion_exporter_logons_refused_total{auth="wrong"}'), 1)
        self.assertEqual(self.own('mullion_exporter_logons_spared_total{auth="wrong"}'), 3)
        self.assertEqual(self.own('mullion_exporter_auth_targets_held{auth="wrong"}'), 1)
        self.assertEqual(self.own('mullion_exporter_auth_held{auth="wrong"}'), 0)
        page = self.probe(auth="wrong", debug="true")
        self.assertIn("not tried: this host refused auth wrong before, and too many refusals lock an account; the next try is in ", page)
        self.assertIn("reload the exporter", page)
        self.assertEqual(value(self.probe(), "probe_success"), 1, "another auth is another matter")

    def test_three_hosts_hold_the_auth_for_all(self):
        self.play()
        for number in (1, 2, 3):
            self.refused(number)
        for number in range(4, HOSTS + 1):
            self.refused(number)
            self.assertEqual(self.host(number)["connections"], 0)
        self.assertEqual(self.own('mullion_exporter_auth_held{auth="wrong"}'), 1)
        self.assertEqual(self.own('mullion_exporter_logons_refused_total{auth="wrong"}'), 3)
        self.assertIn("auth wrong was refused by 3 hosts one after the other", self.probe(4, auth="wrong", debug="true"))

    def test_many_scrapes_at_a_time_are_no_more_refusals(self):
        self.play()
        for join in [self.begin(number, auth="wrong", timeout=10) for number in range(1, HOSTS + 1)]:
            self.assertEqual(value(join()[1], "probe_success"), 0)
        self.assertEqual(self.own('mullion_exporter_logons_refused_total{auth="wrong"}'), 3)
        self.assertEqual(sum(self.host(number)["steps"].get("handshake", 0) for number in range(1, HOSTS + 1)), 3 * 2, "three log-ons by NTLM")

    def test_another_password_in_the_file_is_tried_at_once(self):
        self.play()
        for number in (1, 2, 3, 4):
            self.refused(number)
        (self.exporter.folder / "wrong").write_text(ADMIN[1] + "\n")
        for number in (1, 2, 3, 4):
            self.assertEqual(value(self.probe(number, auth="wrong"), "probe_success"), 1)
        self.assertEqual(self.own('mullion_exporter_auth_held{auth="wrong"}'), 0)
        self.assertEqual(self.own('mullion_exporter_logons_refused_total{auth="wrong"}'), 3)

    def test_a_file_that_was_only_touched_is_no_other_password(self):
        self.play()
        for number in (1, 2, 3):
            self.refused(number)
        for number, write in enumerate((os.utime, lambda file: file.write_text("wrong"), lambda file: file.unlink() or file.write_text("wrong\n")), 4):
            write(self.exporter.folder / "wrong")
            self.refused(number)
            self.assertEqual(self.host(number)["connections"], 0)
        self.assertEqual(self.own('mullion_exporter_auth_held{auth="wrong"}'), 1)
        self.assertEqual(self.own('mullion_exporter_logons_refused_total{auth="wrong"}'), 3)

    def test_a_reload_tries_again(self):
        self.play()
        for number in (1, 2, 3, 4):
            self.refused(number)
        self.assertEqual(self.exporter.ask("/-/reload", method="POST")[0], 200)
        self.assertEqual(self.own('mullion_exporter_auth_held{auth="wrong"}'), 0)
        self.refused(4)
        self.assertEqual(self.own('mullion_exporter_logons_refused_total{auth="wrong"}'), 4)

    def test_a_good_password_waits_for_nobody(self):
        self.play()
        for join in [self.begin(number) for number in range(1, HOSTS + 1)]:
            self.assertEqual(value(join()[1], "probe_success"), 1)
        self.assertEqual(self.own('mullion_exporter_logons_spared_total{auth="default"}'), 0)


class NamesOfOneHost(Scene):
    def prepare(self):
        text = self.exporter.file.read_text()
        self.exporter.file.write_text(text.replace("  wrong: {", f"  wrong: {{port: {self.fleet.ports['http']}, "))

    def test_are_refused_together(self):
        self.play()
        bare = self.target().partition(":")[0]
        for target in (bare, self.target(), bare):
            text = self.exporter.probe(target, auth="wrong")[1]
            self.assertEqual(value(text, 'wsman_collector_failure{collector="os",reason="auth.rejected"}'), 1, text)
        self.assertEqual(self.host()["connections"], 1)
        self.assertEqual(self.own('mullion_exporter_logons_refused_total{auth="wrong"}'), 1)
        self.assertEqual(self.own('mullion_exporter_auth_targets_held{auth="wrong"}'), 1)


class WhoMayAsk(Scene):
    """TLS and basic_auth_users of the endpoint. The hash is of "scrape", made by libxcrypt."""

    HASH = "$2y$04$abcdefghijklmnopqrstuukWVPh09ZD8iOGHfzdmcO2EjLYdiyhOW"

    def prepare(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.exporter.folder / "key.pem", "-out", self.exporter.folder / "crt.pem"],
                       check=True, capture_output=True, timeout=DEADLINE)

    def start(self, web):
        self.play(settings=f"web: {web}\n")

    def ask(self, user=None, path="/-/healthy", context=None):
        if context:
            connection = http.client.HTTPSConnection("127.0.0.1", self.exporter.port, timeout=DEADLINE, context=context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.exporter.port, timeout=DEADLINE)
        headers = {"Authorization": "Basic " + base64.b64encode(user.encode()).decode()} if user else {}
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers
        finally:
            connection.close()

    def test_users(self):
        self.start(f"{{{{basic_auth_users: {{{{prometheus: {self.HASH}, 'a b': {self.HASH}}}}}}}}}")
        for path in ("/-/healthy", "/metrics", "/sd", "/nothing", f"/probe?target={self.target()}"):
            status, text, headers = self.ask(path=path)
            self.assertEqual((status, text), (401, "a user and a password are needed\n"), path)
            self.assertTrue(headers["WWW-Authenticate"].startswith('Basic realm="mullion exporter"'))
        for user in ("prometheus:wrong", "prometheus:", "nobody:scrape", "Prometheus:scrape", "prometheus", ":", ":scrape"):
            self.assertEqual(self.ask(user)[0], 401, user)
        self.assertEqual(self.fleet.counts()["totals"]["connections"], 0, "nobody was asked for strangers")
        self.assertEqual(self.ask("prometheus:scrape")[0], 200)
        self.assertEqual(self.ask("a b:scrape")[0], 200)
        self.assertEqual(self.ask("prometheus:wrong")[0], 401, "the right one is remembered, and no other")
        self.assertEqual(value(self.ask("prometheus:scrape", f"/probe?target={self.target()}")[1], "probe_success"), 1)
        log = (self.exporter.folder / "log").read_text()
        self.assertIn("basic_auth_users without tls_server_config", log)
        self.assertNotIn("scrape\n", log)

    def test_tls_and_a_real_prometheus(self):
        self.start(f"{{{{tls_server_config: {{{{cert_file: crt.pem, key_file: key.pem}}}}, basic_auth_users: {{{{prometheus: {self.HASH}}}}}}}}}")
        self.assertTrue(self.exporter.url.startswith("https://"))
        context = ssl.create_default_context(cafile=str(self.exporter.folder / "crt.pem"))
        self.assertEqual(self.ask("prometheus:scrape", context=context)[0], 200)
        self.assertEqual(self.ask(context=context)[0], 401)
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.ask(context=ssl.create_default_context())
        self.assertEqual(self.ask()[0], 400, "http to the https port")
        web = f"""scheme: https
                tls_config: {{ca_file: {self.exporter.folder}/crt.pem}}
                basic_auth: {{username: prometheus, password: scrape}}"""
        with Prometheus(f"""
              - job_name: windows
                {web}
                metrics_path: /probe
                params: {{target: ['{self.target()}']}}
                static_configs: [{{targets: ['127.0.0.1:{self.exporter.port}']}}]
            """) as prometheus:
            wait_until(lambda: prometheus.query("probe_success == 1"), "Prometheus scrapes by TLS, as a user")


if __name__ == "__main__":
    unittest.main()
