"""`mullion run` over inventories: what the files say reaches the hosts, and each thing wrong with them is said where it is.

Tests named after an error id produce it for real (test_error_table.py).
"""
import json
import re
import tempfile
import unittest
from pathlib import Path

from tests.e2e.client import mullion
from tests.support import vault
from tests.support.inventory import by_host, connection, run, statuses, write
from tests.support.service import ADMIN, Service

VAULT_PASSWORD = "open sesame"


class WithInventory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true"], listen=["http://*:0", "https://*:0"]))
        cls.port = cls.service.port("http")

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        write(self.folder, {"vault-password": VAULT_PASSWORD + "\n"})

    def inventory(self, hosts, name="hosts.yml", **changed):
        """hosts: YAML below all.hosts, indented by four; all have working connection variables unless changed."""
        write(self.folder, {name: f"all:\n  vars:\n{connection(self.port, '    ', **changed)}  hosts:\n{hosts}"})

    def run_on(self, pattern, *options, command="echo pane", inventory="hosts.yml"):
        return run(self.folder, "run", pattern, "-i", inventory, "--output", "jsonl", *options, "--", command)

    def ping(self, pattern, *options, inventory="hosts.yml"):
        return run(self.folder, "ping", pattern, "-i", inventory, "--output", "jsonl", *options)

    def expect_nothing_runs(self, ran, error_id, *texts):
        self.assertEqual((ran.code, ran.stdout), (5, b""), ran)
        self.assertIn(f"[{error_id}]", ran.stderr)
        for text in texts:
            self.assertIn(text, ran.stderr)


class Works(WithInventory):
    def test_user_password_port_and_address_are_the_inventorys(self):
        self.inventory("    one:\n      ansible_host: 127.0.0.1\n    two:\n      ansible_host: 127.0.0.2\n    127.0.0.3:\n")
        ran = self.run_on("all")
        self.assertEqual((ran.code, statuses(ran)), (0, {"one": "ok", "two": "ok", "127.0.0.3": "ok"}), ran)
        self.assertEqual({result["stdout"] for result in by_host(ran).values()}, {"pane\n"})

    def test_the_same_in_ini(self):
        write(self.folder, {"hosts": f"[panes]\n127.0.0.[1:3]:{self.port}\n[panes:vars]\nansible_user={ADMIN[0]}\nansible_password={json.dumps(ADMIN[1])}\n"
                                     "ansible_winrm_scheme=http\nansible_winrm_transport=ntlm\n"})
        ran = self.run_on("panes:!127.0.0.2", inventory="hosts")
        self.assertEqual((ran.code, statuses(ran)), (0, {"127.0.0.1": "ok", "127.0.0.3": "ok"}), ran)

    def test_vaulted_password_opens(self):
        self.inventory("    127.0.0.1:\n", ansible_password=vault.as_yaml(ADMIN[1], VAULT_PASSWORD, indent=6).rstrip("\n"))
        ran = self.run_on("all", "--vault-password-file", "vault-password")
        self.assertEqual((ran.code, statuses(ran)), (0, {"127.0.0.1": "ok"}), ran)

    def test_vaulted_file_opens__with_a_label(self):
        self.inventory("    127.0.0.1:\n", ansible_password=None)
        write(self.folder, {"group_vars/all/secret.yml": vault.encrypt(f"ansible_password: {json.dumps(ADMIN[1])}\n", VAULT_PASSWORD, "prod")})
        ran = self.run_on("all", "--vault-id", "prod@vault-password")
        self.assertEqual((ran.code, statuses(ran)), (0, {"127.0.0.1": "ok"}), ran)

    def test_a_flag_wins_over_a_variable_and_so_does_e(self):
        self.inventory("    127.0.0.1:\n", ansible_user="nobody-of-that-name", ansible_winrm_transport="basic")
        ran = self.run_on("all", "-u", ADMIN[0], "-e", "ansible_winrm_transport=ntlm")
        self.assertEqual((ran.code, statuses(ran)), (0, {"127.0.0.1": "ok"}), ran)

    def test_templates_are_filled_in(self):
        self.inventory("    pane:\n      ansible_host: '{{ net }}.{{ box.last }}'\n      net: 127.0.0\n      box: {last: 1, 'other': 2}\n",
                       ansible_user="'{{ account }}'", account=ADMIN[0])
        self.assertEqual(statuses(self.run_on("all")), {"pane": "ok"})

    def test_ssh_and_local_hosts_are_skipped(self):
        self.inventory("    127.0.0.1:\n    unix:\n      ansible_connection: ssh\n    here:\n      ansible_connection: local\n")
        ran = self.run_on("all")
        self.assertEqual((ran.code, statuses(ran)), (0, {"127.0.0.1": "ok", "unix": "skipped", "here": "skipped"}), ran)

    def test_deprecated_aliases_work_are_said_once_and_lose(self):
        self.inventory("    old:\n      ansible_ssh_host: 127.0.0.1\n    older:\n      ansible_ssh_host: 127.0.0.1\n"
                       "    both:\n      ansible_ssh_host: 192.0.2.1\n      ansible_host: 127.0.0.1\n",
                       ansible_user=None, ansible_password=None, ansible_port=None, ansible_ssh_user=ADMIN[0], ansible_ssh_pass=json.dumps(ADMIN[1]), ansible_ssh_port=self.port)
        ran = self.run_on("all")
        self.assertEqual((ran.code, statuses(ran)), (0, {"old": "ok", "older": "ok", "both": "ok"}), ran)
        for alias in ("ansible_ssh_user", "ansible_ssh_pass", "ansible_ssh_host", "ansible_ssh_port"):
            self.assertEqual(len(re.findall(rf"\b{alias}\b.*deprecated|deprecated.*\b{alias}\b", ran.stderr)), 1, f"{alias}: {ran.stderr}")

    def test_an_unknown_winrm_keyword_is_one_warning(self):
        self.inventory("    127.0.0.1:\n      ansible_winrm_transprot: ntlm\n    127.0.0.2:\n      ansible_winrm_transprot: ntlm\n")
        ran = self.run_on("all")
        self.assertEqual((ran.code, statuses(ran)), (0, {"127.0.0.1": "ok", "127.0.0.2": "ok"}), ran)
        lines = [line for line in ran.stderr.splitlines() if "ansible_winrm_transprot" in line]
        self.assertEqual(len(lines), 1, ran.stderr)
        self.assertRegex(lines[0], r"hosts\.yml:\d+\b.*ansible_winrm_transport\b")

    def test_ipv6_in_every_spelling(self):
        port = self.port
        for name, host in {"bare": '    "::1":\n', "with a port": f'    "[::1]:{port}":\n', "as ansible_host": '    pane:\n      ansible_host: "::1"\n',
                           "as ansible_host in brackets": '    pane:\n      ansible_host: "[::1]"\n', "long": '    "0:0:0:0:0:0:0:1":\n',
                           "mapped": '    pane:\n      ansible_host: "::ffff:127.0.0.1"\n',
                           "scoped": '    pane:\n      ansible_host: "::1%1"\n', "scoped, in brackets": '    pane:\n      ansible_host: "[::1%1]"\n'}.items():
            with self.subTest(name):
                self.inventory(host)
                ran = self.run_on("all")
                self.assertEqual((ran.code, list(statuses(ran).values())), (0, ["ok"]), ran)
        write(self.folder, {"hosts": f"::1\n[::1]:{port} \n[all:vars]\n" + connection(port).replace(": ", "=")})
        ran = self.run_on("all", inventory="hosts")
        self.assertEqual((ran.code, statuses(ran)), (0, {"::1": "ok"}), ran)

    def test_ipv6_in_every_spelling__without_an_inventory(self):
        port = str(self.port)
        for target, options in {"::1": ["--port", port], f"[::1]:{port}": [], "[::1]": ["--port", port], f"http://[::1]:{port}/wsman": [], f"{ADMIN[0]}@[::1]:{port}": [],
                                "::1%1": ["--port", port], f"[::1%251]:{port}": [], f"http://[::1%251]:{port}/wsman": [], "::1,127.0.0.1": ["--port", port]}.items():
            with self.subTest(target):
                ran = mullion("run", target, *options, "--scheme", "http", "--transport", "ntlm", "-u", ADMIN[0], "--output", "jsonl", "--", "echo pane")
                self.assertEqual((ran.code, set(statuses(ran).values())), (0, {"ok"}), ran)

    def test_https_and_its_authority(self):
        self.inventory("    127.0.0.1:\n", ansible_port=self.service.port("https"), ansible_winrm_scheme="https", ansible_winrm_transport="basic",
                       ansible_winrm_ca_trust_path=self.service.ca)
        self.assertEqual(statuses(self.run_on("all")), {"127.0.0.1": "ok"})
        self.assertEqual(statuses(self.ping("all")), {"127.0.0.1": "ok"})

    def test_from_the_environment(self):
        self.inventory("    127.0.0.1:\n")
        ran = run(self.folder, "run", "all", "--output", "jsonl", "--", "echo pane", environment={"MULLION_INVENTORY": "hosts.yml"})
        self.assertEqual(statuses(ran), {"127.0.0.1": "ok"})


class Wrong(WithInventory):
    def test_inventory_invalid__in_ini(self):
        for text, line in {"[web\nhost\n": 1, "host a=1\nother word\n": 2, "host\n[web:vars]\nno equals sign\n": 3, "[a:children]\nb\n": 2, "host 'open\n": 1,
                           "web[1:\n": 1, "web[9:1:x]\n": 1, "[a:wrong]\n": 1, "[a:vars]\nx=1\n": 1}.items():
            with self.subTest(text):
                write(self.folder, {"broken.ini": text})
                self.expect_nothing_runs(self.run_on("all", inventory="broken.ini"), "inventory.invalid", f"broken.ini:{line}")

    def test_inventory_invalid__in_yaml(self):
        for text, line in {"all:\n  hosts: [\n": 3, "all:\n  hosts:\n    a: b: c\n": 3, "- a\n- b\n": 1, "all:\n\thosts:\n": 2, "all:\n  vars: *nothing\n": 2,
                           "all:\n  hosts:\n    - web01\n": 3}.items():
            with self.subTest(text):
                write(self.folder, {"broken.yml": text})
                self.expect_nothing_runs(self.run_on("all", inventory="broken.yml"), "inventory.invalid", f"broken.yml:{line}")

    def test_inventory_invalid__beside_a_good_file(self):
        self.inventory("    127.0.0.1:\n")
        write(self.folder, {"host_vars/127.0.0.1.yml": "a: 1\nb: [\n"})
        self.expect_nothing_runs(self.run_on("all"), "inventory.invalid", "host_vars/127.0.0.1.yml:")

    def test_inventory_invalid__a_circle_of_groups(self):
        write(self.folder, {"hosts": "[a:children]\nb\n[b:children]\na\n"})
        self.expect_nothing_runs(self.run_on("all", inventory="hosts"), "inventory.invalid", "hosts:4")

    def test_usage_file__no_such_inventory(self):
        self.expect_nothing_runs(self.run_on("all", inventory="nowhere.yml"), "usage.file", "nowhere.yml")

    def test_usage_pattern__names_the_part_and_the_nearest(self):
        self.inventory("    web01:\n    web02:\n")
        self.expect_nothing_runs(self.run_on("web01,wbe02"), "usage.pattern", "wbe02", "web02")
        self.expect_nothing_runs(self.run_on("all:!wbe01"), "usage.pattern", "wbe01", "web01")

    def test_usage_pattern__nothing_is_left(self):
        self.inventory("    web01:\n")
        self.expect_nothing_runs(self.run_on("all:!web01"), "usage.pattern")
        self.expect_nothing_runs(self.run_on("localhost"), "usage.pattern")

    def test_inventory_vault__a_file_that_does_not_open(self):
        self.inventory("    127.0.0.1:\n")
        write(self.folder, {"group_vars/all.yml": vault.encrypt("a: 1\n", "another password")})
        self.expect_nothing_runs(self.run_on("all", "--vault-password-file", "vault-password"), "inventory.vault", "group_vars/all.yml")
        self.expect_nothing_runs(self.run_on("all"), "inventory.vault", "group_vars/all.yml", "--vault-password-file")

    def test_inventory_vault__a_value_is_its_hosts_trouble(self):
        wrong = vault.as_yaml(ADMIN[1], "another password", indent=8)
        self.inventory(f"    127.0.0.1:\n    shut:\n      ansible_password: {wrong}    127.0.0.2:\n")
        ran = self.run_on("all", "--vault-password-file", "vault-password")
        self.assertEqual(statuses(ran), {"127.0.0.1": "ok", "shut": "not_started inventory.vault", "127.0.0.2": "ok"}, ran)
        self.assertRegex(by_host(ran)["shut"]["error"]["message"], r"hosts\.yml:\d+")
        self.assertNotEqual(ran.code, 0)

    def test_a_vaulted_value_nobody_needs_stays_shut(self):
        self.inventory(f"    127.0.0.1:\n      database_password: {vault.as_yaml('x', 'another password', indent=8)}")
        self.assertEqual(statuses(self.run_on("all")), {"127.0.0.1": "ok"})

    def test_inventory_variable__what_is_needed_and_cannot_be_had(self):
        hosts = {"filter": "'{{ address | lower }}'", "lookup": "\"{{ lookup('env', 'HOME') }}\"", "undefined": "'{{ no_such_variable }}'",
                 "statement": "'{% if a %}x{% endif %}'", "loop": "'{{ ansible_host }}'", "list": "[1, 2]"}
        self.inventory("    127.0.0.1:\n" + "".join(f"    {name}:\n      ansible_host: {value}\n" for name, value in hosts.items()) + "    127.0.0.2:\n")
        ran = self.run_on("all")
        results = by_host(ran)
        self.assertEqual((results["127.0.0.1"]["status"], results["127.0.0.2"]["status"]), ("ok", "ok"))
        for number, name in enumerate(hosts):
            with self.subTest(name):
                error = results[name]["error"]
                self.assertEqual((results[name]["status"], error["id"]), ("not_started", "inventory.variable"))
                self.assertIn(f"hosts.yml:{self.line_of(f'    {name}:') + 1}", error["message"])
                self.assertIn("ansible_host", error["message"])
        self.assertNotEqual(ran.code, 0)

    def line_of(self, text):
        return (self.folder / "hosts.yml").read_text().split("\n").index(text) + 1

    def test_a_filter_in_a_variable_that_is_not_needed_is_no_error(self):
        self.inventory("    127.0.0.1:\n      greeting: \"{{ lookup('pipe', 'false') | upper }}\"\n")
        ran = self.run_on("all")
        self.assertEqual((ran.code, statuses(ran)), (0, {"127.0.0.1": "ok"}), ran)

    def test_inventory_variable__a_value_of_the_wrong_kind(self):
        for variable, value in {"ansible_port": "many", "ansible_winrm_scheme": "ftp", "ansible_winrm_operation_timeout_sec": "soon", "ansible_winrm_message_encryption": "perhaps",
                                "ansible_winrm_transport": "pigeon"}.items():
            with self.subTest(variable):
                self.inventory(f"    odd:\n      ansible_host: 127.0.0.1\n      {variable}: {value}\n    127.0.0.2:\n")
                results = by_host(self.run_on("all"))
                self.assertEqual((results["odd"]["status"], results["127.0.0.2"]["status"]), ("not_started", "ok"))
                self.assertIn(variable, results["odd"]["error"]["message"])
                self.assertIn(f"hosts.yml:{self.line_of(f'      {variable}: {value}')}", results["odd"]["error"]["message"])

    def test_inventory_become__is_never_silent(self):
        self.inventory("    127.0.0.1:\n    other:\n      ansible_host: 127.0.0.2\n      ansible_become: yes\n      ansible_become_user: SYSTEM\n    stays:\n      ansible_host: 127.0.0.3\n      ansible_become: no\n")
        ran = self.run_on("all")
        self.assertEqual(statuses(ran), {"127.0.0.1": "ok", "other": "not_started inventory.become", "stays": "ok"}, ran)
        self.assertIn("other", by_host(ran)["other"]["error"]["message"])

    def test_a_host_that_resolves_to_nothing(self):
        self.inventory("    127.0.0.1:\n    no-such-host.invalid:\n    127.0.0.2:\n")
        ran = self.run_on("all")
        self.assertEqual((ran.code, statuses(ran)), (4, {"127.0.0.1": "ok", "no-such-host.invalid": "unreachable net.name", "127.0.0.2": "ok"}), ran)

    def test_auth_plaintext__an_inventory_cannot_ask_for_it(self):
        self.inventory("    127.0.0.1:\n", ansible_winrm_transport="basic", ansible_winrm_message_encryption="never")
        ran = self.run_on("all")
        self.assertEqual((ran.code, statuses(ran)), (4, {"127.0.0.1": "refused auth.plaintext"}), ran)


if __name__ == "__main__":
    unittest.main()
