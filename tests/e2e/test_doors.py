"""Listeners beside each other, and of addresses that come and go: who answers where, and that a change needs one step.

Each listener has a URLPrefix of its own, by which it is told which one answered.
"""
import os
import shutil
import signal
import ssl
import subprocess
import sys
import unittest

from tests.e2e.test_config_service import Configured, POLICY, free_port, is_open, keys
from tests.support import soap
from tests.support.raw_http import Raw
from tests.support.service import DEADLINE, MULLION, Service, wait_until

INTERNAL = 1359
PREFIXES = ("all", "one", "two", "six", "policy")


def listener(address, prefix, port, https=False):
    return f'  - {{Address: "{address}", Transport: {"HTTPS" if https else "HTTP"}, Port: {port}, URLPrefix: {prefix}}}\n'


def any_certificate():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def status(port, address, prefix, https=False):
    with Raw(port, address=address, context=any_certificate() if https else None) as raw:
        return raw.ask(target=f"/{prefix}").status


def who(port, address, https=False):
    """The URLPrefix of the listener that answers there: 401, where all others say 404; None where nobody listens."""
    try:
        found = [prefix for prefix in PREFIXES if status(port, address, prefix, https) == 401]
    except ConnectionRefusedError:
        return None
    return found[0] if len(found) == 1 else found


class Beside(Configured):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.first = self.file()

    def reload(self):
        before = self.log().count("the configuration was read again")
        os.kill(self.service.process.pid, signal.SIGHUP)
        wait_until(lambda: self.log().count("the configuration was read again") > before or "stays as it was" in self.log(), "the reload")
        self.assertNotIn("stays as it was", self.log())

    def write(self, *listeners):
        """These beside the one by which the tests speak to it, in one step."""
        self.own(self.service, "winrm.yaml", self.first + "".join(listeners))
        self.reload()

    def test_the_closest_one_answers(self):
        self.write(listener("*", "all", self.port), listener("IP:127.0.0.2", "two", self.port), listener("IP:::1", "six", self.port))
        self.assertEqual([who(self.port, address) for address in ("127.0.0.3", "127.0.0.2", "::1")], ["all", "two", "six"])
        shown = soap.value_of(self.well(soap.config_get("listener", keys("IP:127.0.0.2"))), "ListeningOn")
        self.assertEqual(shown, "127.0.0.2")
        self.assertNotIn("ListeningOn>::1<", self.well(soap.config_get("listener", keys("*"))))

    def test_it_starts_so(self):
        self.service.stop()
        self.own(self.service, "winrm.yaml", self.first + listener("IP:127.0.0.2", "two", self.port) + listener("*", "all", self.port))
        self.service.start()
        self.assertEqual([who(self.port, address) for address in ("127.0.0.3", "127.0.0.2", "::1")], ["all", "two", "all"])

    def test_from_one_to_the_other_in_one_step(self):
        for step, expected in (([("IP:127.0.0.3", "one"), ("IP:127.0.0.2", "two")], ["one", "two", None]),
                               ([("*", "all")], ["all", "all", "all"]),
                               ([("IP:127.0.0.2", "two")], [None, "two", None]),
                               ([("*", "all"), ("IP:127.0.0.2", "two")], ["all", "two", "all"]),
                               ([("IP:::1", "six"), ("IP:127.0.0.3", "one")], ["one", None, "six"]),
                               ([], [None, None, None])):
            with self.subTest(step=step):
                self.write(*(listener(address, prefix, self.port) for address, prefix in step))
                self.assertEqual([who(self.port, address) for address in ("127.0.0.3", "127.0.0.2", "::1")], expected)

    def test_over_the_wire(self):
        with self.connect() as winrm:
            winrm.well(soap.config_create("listener", {"Port": str(self.port), "URLPrefix": "two"}, keys("IP:127.0.0.2")))
            winrm.well(soap.config_create("listener", {"Port": str(self.port), "URLPrefix": "all"}, keys("*")))
            self.assertEqual([who(self.port, address) for address in ("127.0.0.3", "127.0.0.2")], ["all", "two"])
            winrm.well(soap.config_delete("listener", keys("IP:127.0.0.2")))
            self.assertEqual(who(self.port, "127.0.0.2"), "all")
            winrm.well(soap.config_delete("listener", keys("*")))
            self.assertFalse(is_open(self.port, "127.0.0.2"))

    def test_both_transports_on_one_port(self):
        self.write(listener("*", "all", self.port), listener("IP:127.0.0.2", "two", self.port, https=True))
        self.assertEqual([who(self.port, "127.0.0.3"), who(self.port, "127.0.0.2", https=True)], ["all", "two"])
        self.write(listener("*", "all", self.port, https=True), listener("IP:127.0.0.2", "two", self.port))
        self.assertEqual([who(self.port, "127.0.0.3", https=True), who(self.port, "127.0.0.2"), who(self.port, "::1", https=True)], ["all", "two", "all"])
        # One and the same address cannot have both.
        code, text = self.fault(soap.config_create("listener", {"Port": str(self.port)}, keys("IP:127.0.0.2", "HTTPS")))
        self.assertIn("127.0.0.2", text)
        self.assertEqual(who(self.port, "127.0.0.2"), "two")

    def test_ipv6_alone(self):
        self.write(listener("IP:::", "six", self.port), listener("IP:127.0.0.2", "two", self.port))
        self.assertEqual([who(self.port, address) for address in ("127.0.0.3", "127.0.0.2", "::1")], [None, "two", "six"])
        self.write(listener("*", "all", self.port))
        self.well(soap.config_put("service", {"IPv6Filter": "::1-::1"}))
        self.assertEqual(who(self.port, "::1"), "all")
        self.well(soap.config_put("service", {"IPv6Filter": ""}))
        with Raw(self.port, address="::1") as raw:
            self.assertIsNone(raw.ask())
        self.assertNotRegex(self.well(soap.config_get("listener", keys("*"))), "ListeningOn>[^<]*:")

    def test_who_is_connected_stays(self):
        self.write(listener("*", "all", self.port), listener("IP:127.0.0.2", "two", self.port))
        with Raw(self.port, address="127.0.0.3") as one, Raw(self.port, address="127.0.0.2") as two, Raw(self.port, address="127.0.0.5") as three:
            for raw, prefix in ((one, "all"), (two, "two"), (three, "all")):
                self.assertEqual(raw.ask(target=f"/{prefix}").status, 401)
            self.write(listener("IP:127.0.0.2", "two", self.port), listener("IP:127.0.0.3", "one", self.port))
            # The listener of all addresses is gone, and who came in by it is met by the one that has his address now.
            self.assertEqual([two.ask(target="/two").status, one.ask(target="/one").status], [401, 401])
            self.assertTrue(three.closed())
            self.write(listener("*", "all", self.port), listener("IP:127.0.0.3", "one", self.port, https=True))
            self.assertEqual(two.ask(target="/all").status, 401)
            self.assertTrue(one.closed(), "a plain connection where TLS is spoken now")

    def test_a_flood_of_changes_loses_no_connection_of_others(self):
        """Those to 127.0.0.2 are of a listener that is always there."""
        with self.connect() as winrm:
            for step in range(6):
                self.write(listener("IP:127.0.0.2", "two", self.port), *([listener("*", "all", self.port)] if step % 2 else []))
                for _ in range(20):
                    self.assertEqual(status(self.port, "127.0.0.2", "two"), 401)
            winrm.well(soap.config_get("winrs"))


class BesidePolicy(Configured):
    """Policy has every address; the file's particular listener, of another transport or not, must not stop the start."""

    def setUp(self):
        self.port = free_port()
        self.yaml = listener("IP:127.0.0.2", "two", self.port) + listener("*", "all", self.port)
        self.policies = {"10.yml": "Listener:\n" + listener("*", "policy", self.port, https=True)}
        super().setUp()

    def test_it_starts_and_tells(self):
        self.assertEqual([who(self.port, "127.0.0.1", https=True), who(self.port, "127.0.0.2")], ["policy", "two"])
        self.assertIn("the listener * HTTP is not in force", self.log())
        with self.connect() as winrm:
            shown = winrm.well(soap.config_get("listener", keys("*", "HTTP")))
            self.assertIn('xsi:nil="true"', shown)
            # What would not be in force is refused, and what is put right is.
            self.assertEqual(winrm.fault(soap.config_put("listener", {"URLPrefix": "one"}, keys("*", "HTTP"))), POLICY)
            other = free_port()
            winrm.well(soap.config_put("listener", {"Port": str(other)}, keys("*", "HTTP")))
            self.assertEqual(who(other, "127.0.0.1"), "all")
        (self.service.state / "policy.d/10.yml").unlink()
        os.kill(self.service.process.pid, signal.SIGHUP)
        wait_until(lambda: not is_open(self.port, "127.0.0.1"), "policy's listener to go")
        self.assertEqual(who(self.port, "127.0.0.2"), "two")


class Compatibility(Configured):
    def test_on_and_off_at_once(self):
        """Ports below 1024 are root's outside of a network of one's own: there is an answer that says so, and nothing is half done."""
        before = self.file()
        code, text = self.fault(soap.config_put("service", {"EnableCompatibilityHttpListener": "true"}))
        self.assertEqual(code, INTERNAL)
        self.assertIn("ip_unprivileged_port_start", text)
        self.assertEqual(self.file(), before)


CONNECT = "import socket, sys\ntry: print(socket.create_connection((sys.argv[1], int(sys.argv[2])), 10).getpeername()[0])\nexcept ConnectionRefusedError: print('refused')\nexcept OSError as e: print(e)"


class Away(Service):
    """A service in a network of its own, with one card `card0`; everything is done from outside by nsenter."""

    def command_line(self):
        inside = ("ip link set lo up && ip link add card0 type bridge && ip link set card0 address 02:00:00:00:00:01 && ip link set card0 up && "
                  "echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start && exec \"$@\"")
        return ["unshare", "--net", "sh", "-c", inside, "sh", *super().command_line()]

    def inside(self, *words):
        return subprocess.run(["nsenter", f"--net=/proc/{self.process.pid}/ns/net", *words], capture_output=True, text=True, timeout=DEADLINE)

    def ip(self, *words):
        done = self.inside("ip", *words)
        if done.returncode != 0:
            raise AssertionError(done.stderr)

    def reach(self, address, port):
        return self.inside(sys.executable, "-c", CONNECT, address, str(port)).stdout.strip()


@unittest.skipUnless(os.geteuid() == 0 and all(map(shutil.which, ("ip", "unshare", "nsenter"))), "a network of one's own takes root, iproute2 and util-linux")
class ComeAndGo(unittest.TestCase):
    def start(self, *yaml, listen=()):
        service = Away(listen=listen)
        service.state.mkdir(mode=0o700)
        Configured.own(service, "winrm.yaml", "Listener:\n" + "".join(yaml) if yaml else "Listener: []\n")
        return self.enterContext(service)

    def said(self, service, line, since=0):
        wait_until(lambda: line in service.log.read_text()[since:], line)

    def test_an_address(self):
        service = self.start(listener("IP:10.9.9.9", "one", 5985), listener("IP:127.0.0.1", "two", 5985))
        self.assertIn("the listener IP:10.9.9.9 HTTP waits", service.log.read_text())
        self.assertEqual(len(service.urls), 1)
        service.ip("address", "add", "10.9.9.9/24", "dev", "card0")
        self.said(service, "listening on http://10.9.9.9:5985/one")
        self.assertEqual(service.reach("10.9.9.9", 5985), "10.9.9.9")
        since = len(service.log.read_text())
        service.ip("address", "del", "10.9.9.9/24", "dev", "card0")
        self.said(service, "no longer listening on http://10.9.9.9:5985/one", since)
        self.assertEqual(service.reach("127.0.0.1", 5985), "127.0.0.1")
        since = len(service.log.read_text())
        service.ip("address", "add", "10.9.9.9/24", "dev", "card0")
        self.said(service, "listening on http://10.9.9.9:5985/one", since)
        self.assertEqual(service.reach("10.9.9.9", 5985), "10.9.9.9")

    def test_a_card(self):
        service = self.start(listener("MAC:02-00-00-00-00-01", "one", 5985), listener("IP:10.9.9.8", "two", 5985))
        service.ip("address", "add", "10.9.9.7/24", "dev", "card0")
        self.said(service, "listening on http://10.9.9.7:5985/one")
        # An address of its own listener is that one's.
        service.ip("address", "add", "10.9.9.8/24", "dev", "card0")
        self.said(service, "listening on http://10.9.9.8:5985/two")
        service.ip("address", "add", "2001:db8::7/64", "dev", "card0", "nodad")
        self.said(service, "listening on http://[2001:db8::7]:5985/one")
        self.assertEqual(service.reach("2001:db8::7", 5985), "2001:db8::7")
        shown = subprocess.run([MULLION, "serve", "status", "--state", service.state], capture_output=True, text=True, timeout=DEADLINE).stdout
        self.assertRegex(shown, r"http://MAC:02-00-00-00-00-01:5985/one, at 10\.9\.9\.7, 2001:db8::7")
        service.ip("link", "set", "card0", "down")
        self.said(service, "no longer listening on http://10.9.9.7:5985/one")
        service.ip("link", "set", "card0", "up")

    def test_the_configuration_in_force_is_what_follows(self):
        """An address that comes brings nothing else with it: what was written by hand waits for its SIGHUP."""
        service = self.start(listener("IP:10.9.9.9", "one", 5985))
        Configured.own(service, "winrm.yaml", "Listener:\n" + listener("IP:10.9.9.9", "one", 5985) + listener("IP:127.0.0.1", "two", 5999))
        service.ip("address", "add", "10.9.9.9/24", "dev", "card0")
        self.said(service, "listening on http://10.9.9.9:5985/one")
        self.assertEqual(service.reach("127.0.0.1", 5999), "refused")

    def test_all_addresses_need_no_telling(self):
        service = self.start(listener("*", "all", 5985), listener("IP:10.9.9.8", "two", 5985))
        service.ip("address", "add", "10.9.9.7/24", "dev", "card0")
        self.assertEqual(service.reach("10.9.9.7", 5985), "10.9.9.7")
        service.ip("address", "add", "10.9.9.8/24", "dev", "card0")
        self.said(service, "listening on http://10.9.9.8:5985/two")

    def test_compatibility_listeners_open_and_close_at_once(self):
        service = self.start(listener("IP:127.0.0.1", "two", 5985))
        text = (service.state / "winrm.yaml").read_text()
        for words, expected in (("Service:\n  EnableCompatibilityHttpListener: true\n  EnableCompatibilityHttpsListener: true\n", ["127.0.0.1", "127.0.0.1"]),
                                ("Service:\n  EnableCompatibilityHttpsListener: true\n", ["refused", "127.0.0.1"]), ("", ["refused", "refused"])):
            Configured.own(service, "winrm.yaml", text + words)
            since = service.log.read_text().count("the configuration was read again")
            os.kill(service.process.pid, signal.SIGHUP)
            wait_until(lambda: service.log.read_text().count("the configuration was read again") > since, "the reload")
            self.assertEqual([service.reach("127.0.0.1", port) for port in (80, 443)], expected)


if __name__ == "__main__":
    unittest.main()
