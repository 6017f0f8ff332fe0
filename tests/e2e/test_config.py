"""`mullion config` against the service: what it shows, sets, writes and applies, and what it refuses."""
import json
import os
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.e2e.client import Password, Ran, words
from tests.support.service import ADMIN, DEADLINE, MULLION, Service


def config(verb, *arguments, password=ADMIN[1], stdin=None):
    with Password(password) as file:
        command = [str(MULLION), "config", verb, "--password-file", file.path, *map(str, arguments)]
        done = subprocess.run(command, **({"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}),
                              capture_output=True, timeout=DEADLINE, pass_fds=file.descriptors)
    return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def service_with_a_file(ports, more=""):
    """A service whose listeners are those of its winrm.yaml, so that they can be changed: {"HTTP": port, …}."""
    service = Service(listen=[])
    service.state.mkdir(mode=0o700)
    file = service.state / "winrm.yaml"
    file.write_text("Listener:\n" + "".join(f"  - {{Address: 'IP:127.0.0.1', Transport: {name}, Port: {port}}}\n" for name, port in ports.items()) + more)
    file.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(file, service.state.stat().st_uid, service.state.stat().st_gid)
    return service


class ConfigCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="mullion-test-")))

    def setUp(self):
        self.service = self.enterContext(Service())

    def done(self, verb, *arguments, code=0, **how):
        ran = config(verb, *words(self.service), *arguments, **how)
        self.assertEqual(ran.code, code, ran)
        return ran

    def host(self, verb, *arguments, code=0):
        return self.done(verb, *arguments, "--output", "jsonl", code=code).host

    def value(self, path):
        [setting] = self.host("get", path)["settings"]
        return setting["value"]


class Reading(ConfigCase):
    def test_the_forms_of_a_path(self):
        for path in ("Service/Auth/Negotiate", "service.auth.negotiate", "winrm/config/service/auth/negotiate",
                     r"WSMan:\localhost\Service\Auth\Negotiate"):
            self.assertEqual(self.done("get", path).stdout, b"Service/Auth/Negotiate = true\n", path)
        section = self.done("get", r"WSMan:\localhost\Shell").stdout.decode().splitlines()
        self.assertEqual(len(section), 7)
        self.assertIn("Winrs/MaxShellRunTime = 2147483647", section)

    def test_list_has_the_tree_and_the_listeners(self):
        lines = self.done("list").stdout.decode()
        self.assertTrue(lines.startswith("MaxEnvelopeSizekb = 500\n"), lines)
        self.assertRegex(lines, r"(?m)^Listener\?Address=.*\+Transport=HTTPS/Port = \d+ \[Source=")

    def test_json(self):
        host = self.host("get", "MaxEnvelopeSizekb", "Service/Auth/Basic")
        self.assertEqual(host["settings"], [{"path": "MaxEnvelopeSizekb", "value": "500", "source": None},
                                            {"path": "Service/Auth/Basic", "value": "false", "source": None}])
        self.assertEqual((host["status"], host["error"]), ("ok", None))

    def test_a_wrong_path_is_told_before_any_host_is_spoken_to(self):
        ran = config("get", "http://192.0.2.1:5985", "-u", "x", "--transport", "ntlm", "Service/Auth/Basc")
        self.assertEqual(ran.code, 5)
        self.assertIn("did you mean Service/Auth/Basic?", ran.stderr)
        self.assertIn("[usage.invalid]", ran.stderr)

    def test_whoever_may_not_is_told_so(self):
        self.service.add_account("guest", "a-Passw0rd")
        ran = config("get", *words(self.service, user="guest"), "Service", password="a-Passw0rd")
        self.assertEqual(ran.code, 4, ran)
        self.assertIn("[wsman.access_denied]", ran.stderr)


class Changing(ConfigCase):
    def test_only_differences_are_sent_and_told(self):
        ran = self.done("set", "Service/Auth/Basic=$true", "Service/Auth/Negotiate=true", "Winrs/MaxShellsPerUser=5")
        self.assertEqual(ran.stdout.decode().splitlines(), ["Service/Auth/Basic: false -> true", "Winrs/MaxShellsPerUser: 2147483647 -> 5"])
        again = self.host("set", "Service/Auth/Basic=true", "Winrs/MaxShellsPerUser=5")
        self.assertEqual(again["changes"], [])

    def test_check_changes_nothing(self):
        host = self.host("set", "Service/Auth/Basic=true", "--check")
        self.assertEqual([(change["resource"], change["done"]) for change in host["changes"]], [("winrm/config/service/auth", False)])
        self.assertEqual(self.value("Service/Auth/Basic"), "false")

    def test_a_change_works_at_once(self):
        self.done("set", "Service/Auth/Basic=true")
        ran = config("get", *words(self.service, scheme="https", transport="basic"), "Service/Auth/Basic")
        self.assertEqual(ran.code, 0, ran)

    def test_what_is_ours_and_not_windows(self):
        self.done("set", "Service/MaxConnections=1000", "Winrs/MaxShellRunTime=600000")
        self.assertEqual(self.value("Service/MaxConnections"), "1000")
        self.assertEqual(self.value("Winrs/MaxShellRunTime"), "600000")

    def test_values_that_are_none(self):
        for word, why in (("MaxTimeoutms=soon", "a number from 500"), ("Service/Auth/Basic", "=VALUE"), ("MaxProviderRequests=1", "read-only"),
                          ("CertMapping/Password=canary", "--mapping-password-file")):
            ran = self.done("set", word, code=5)
            self.assertIn(why, ran.stderr)
            self.assertNotIn("canary", ran.stderr)


class Listeners(ConfigCase):
    def setUp(self):
        self.service = self.enterContext(service_with_a_file({"HTTP": free_port(), "HTTPS": free_port()}))

    def test_config_last_listener(self):
        """The last one stays unless forced."""
        ran = self.done("delete", "Listener/*", code=5)
        self.assertIn("[config.last_listener]", ran.stderr)
        self.assertIn("--force", ran.stderr)
        self.assertEqual(len(self.host("get", "Listener/Port")["settings"]), 2)

    def test_the_one_in_use_is_answered_and_warned_of(self):
        ran = self.done("delete", "Listener?Transport=HTTP")
        self.assertIn("is how the host was reached", ran.stderr)
        self.assertIn("deleted", ran.stdout.decode())
        self.assertEqual(config("get", *words(self.service), "Service").code, 4)
        over_tls = config("get", *words(self.service, scheme="https"), "Listener?Transport=HTTP")
        self.assertEqual((over_tls.code, over_tls.stdout), (0, b""), over_tls)

    def test_both_go_by_force(self):
        host = self.host("delete", r"WSMan:\localhost\Listener\*", "--force")
        # The one in use is the last.
        self.assertEqual([(change["resource"], change["done"]) for change in host["changes"]],
                         [("Listener?Address=IP:127.0.0.1+Transport=HTTPS", True), ("Listener?Address=IP:127.0.0.1+Transport=HTTP", True)])
        self.assertEqual(config("get", *words(self.service), "Service").code, 4)

    def test_a_new_one_answers_at_once_and_is_changed(self):
        port, other = free_port(), free_port()
        name = "Listener?Address=IP:127.0.0.2+Transport=HTTP"
        self.done("set", f"{name}/Port={port}")
        where = ["-u", ADMIN[0], "--transport", "ntlm"]
        self.assertEqual(config("get", f"http://127.0.0.2:{port}", *where, "Service/Auth/Basic").code, 0)
        ran = self.done("set", f"{name}/Port={other}")
        self.assertEqual(ran.stdout.decode(), f"{name}/Port: {port} -> {other}\n")
        self.assertEqual(config("get", f"http://127.0.0.2:{port}", *where, "Service/Auth/Basic").code, 4)
        self.assertEqual(config("get", f"http://127.0.0.2:{other}", *where, "Service/Auth/Basic").code, 0)

    def test_what_the_command_line_gave_cannot_be_changed(self):
        with Service() as service:
            ran = config("delete", *words(service), "Listener?Transport=HTTPS")
            self.assertEqual(ran.code, 4, ran)
            self.assertIn("made by CommandLine", ran.stderr)
            exported = config("export", *words(service)).stdout.decode()
            self.assertIn("  # made by CommandLine:\n  # - Address: 'IP:127.0.0.1'\n", exported)


class OwnWay(ConfigCase):
    """What would cut the way by which the host was reached is not done by the way."""

    def setUp(self):
        self.service = self.enterContext(Service())
        self.done("set", "Service/Auth/Basic=true", "Service/AllowUnencrypted=true")
        self.tls = words(self.service, scheme="https", transport="basic")

    def test_the_log_on_in_use_wants_force(self):
        for more in ([], ["--check"]):
            ran = config("set", *self.tls, "Service/Auth/Basic=false", *more)
            self.assertEqual(ran.code, 5, ran)
            self.assertIn("Service/Auth/Basic is how the host was logged on to (basic)", ran.stderr)
            self.assertIn("--force", ran.stderr)
        self.assertEqual(self.value("Service/Auth/Basic"), "true")
        ran = config("set", *self.tls, "Service/Auth/Basic=false", "MaxTimeoutms=70000", "--force", "--output", "jsonl")
        self.assertEqual([(change["resource"], change["done"]) for change in ran.host["changes"]],
                         [("winrm/config", True), ("winrm/config/service/auth", True)])
        self.assertEqual(len(ran.host["warnings"]), 1)
        self.assertEqual(config("get", *self.tls, "Service").code, 4)
        self.assertEqual(self.value("Service/Auth/Basic"), "false")

    def test_another_way_that_stays_will_do(self):
        ran = config("set", *words(self.service, scheme="https", transport="basic,ntlm"), "Service/Auth/Basic=false")
        self.assertEqual(ran.code, 0, ran)
        self.assertIn("after this it is not any more, but by ntlm", ran.stderr)

    def test_messages_in_clear(self):
        way = words(self.service, transport="basic") + ["--allow-unencrypted"]
        ran = config("set", *way, "Service/AllowUnencrypted=false")
        self.assertEqual(ran.code, 5, ran)
        self.assertIn("Service/AllowUnencrypted lets messages in clear in", ran.stderr)
        # Both at once, in one message: after the first of two nobody would be let in with the second.
        ran = config("set", *way, "Service/AllowUnencrypted=false", "Service/Auth/Basic=false", "--force")
        self.assertEqual(ran.code, 0, ran)
        self.assertEqual((self.value("Service/AllowUnencrypted"), self.value("Service/Auth/Basic")), ("false", "false"))

    def test_rights_that_shut_everybody_out(self):
        ran = config("set", "http://192.0.2.1:5985", "-u", "x", "--transport", "ntlm", "Service/RootSDDL=O:NSG:BAD:P(A;;GR;;;BA)")
        self.assertEqual(ran.code, 5, ran)
        self.assertIn("nobody who logs on over the network would have full access any more", ran.stderr)
        self.assertIn("--force sends it", ran.stderr)
        ran = self.done("set", "Service/RootSDDL=O:NSG:BAD:P(A;;GR;;;BA)", "--force", code=4)
        self.assertIn("[wsman.fault]", ran.stderr)
        ran = self.done("set", "Service/RootSDDL=O:NSG:BAD:P(A;;GA;;;BA)")
        self.assertIn("Service/RootSDDL says who may use the service", ran.stderr)

    def test_a_password_for_no_mapping(self):
        ran = self.done("set", "MaxTimeoutms=70000", "--mapping-password-file", "/dev/null", code=5)
        self.assertIn("none is set here", ran.stderr)


class Files(ConfigCase):
    def exported(self):
        file = self.folder / "winrm.yaml"
        file.write_bytes(self.done("export").stdout)
        return file

    def test_what_was_exported_changes_nothing(self):
        file = self.exported()
        self.assertIn("Service:\n", file.read_text())
        ran = self.done("apply", "-f", file)
        self.assertEqual(ran.stdout, b"", ran)
        self.assertIn("nothing to change", ran.stderr)

    def test_a_file_is_applied_and_says_what_it_changed(self):
        text = "Service:\n  Auth:\n    Basic: true\n  EnumerationTimeoutms: 60000\n"
        file = self.folder / "f.yaml"
        file.write_text(text)
        shown = self.done("apply", "-f", file, "--check")
        self.assertEqual(self.value("Service/Auth/Basic"), "false")
        done = self.done("apply", "-f", "-", stdin=text.encode())
        self.assertEqual(shown.stdout, done.stdout)
        self.assertEqual(sorted(done.stdout.decode().splitlines()),
                         ["Service/Auth/Basic: false -> true", "Service/EnumerationTimeoutms: 240000 -> 60000"])
        self.assertEqual(self.value("Service/EnumerationTimeoutms"), "60000")

    def test_a_file_that_is_wrong_is_told_with_its_line(self):
        file = self.folder / "wrong.yaml"
        file.write_text("Service:\n  Auth:\n    Basc: true\n")
        ran = self.done("apply", "-f", file, code=5)
        self.assertIn("wrong.yaml:3: ", ran.stderr)
        self.assertIn("[config.invalid]", ran.stderr)

    def test_policy_is_no_part_of_it(self):
        folder = self.service.state / "policy.d"
        folder.mkdir(exist_ok=True)
        (folder / "basic.yml").write_text("Service/Auth/Basic: true\n")
        self.service.stop()
        self.service.start()
        self.assertEqual(self.done("get", "Service/Auth/Basic").stdout, b'Service/Auth/Basic = true [Source="GPO"]\n')
        self.assertIn("# Basic: true   # set by policy", self.exported().read_text())
        ran = self.done("set", "Service/Auth/Basic=false", code=4)
        self.assertIn("0x8033808A", ran.stderr)
        self.assertIn("0 of 1 changes made", ran.stderr)


class Fleets(ConfigCase):
    def test_several_hosts_each_have_a_result(self):
        with Service() as other:
            # Nobody listens at port 1.
            target = f"{self.service.http},{other.http},http://127.0.0.1:1"
            ran = config("set", target, "-u", ADMIN[0], "--transport", "ntlm", "Service/Auth/Basic=true", "--output", "json")
            hosts = {host["host"]: host for host in json.loads(ran.stdout)["hosts"]}
            self.assertEqual(sorted(host["status"] for host in hosts.values()), ["ok", "ok", "unreachable"])
            self.assertEqual(ran.code, 4)
            text = config("get", target, "-u", ADMIN[0], "--transport", "ntlm", "Service/Auth/Basic")
            lines = text.stdout.decode().splitlines()
            self.assertEqual(len(lines), 2)
            for line in lines:
                self.assertRegex(line, r"^127\.0\.0\.1:\d+ \| Service/Auth/Basic = true$")
