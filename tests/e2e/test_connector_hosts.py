"""-i connector:REF: the hosts of a connector in the secret store as an inventory, for every command over one and for the exporter's discovery."""
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.e2e.test_secret_use import WithUse
from tests.support.inventory import statuses, write
from tests.support.service import ADMIN, MULLION, Service
from tests.support.simulate import Simulation

OTHER = "Another-Passw0rd"
FLEET = f"""hosts:
  - {{name: first, address: 127.1.0.1}}
  - {{name: second, address: 127.1.0.2}}
  - {{name: third, address: 127.1.0.3, accounts: [{{user: {ADMIN[0]}, password: {OTHER}}}]}}
"""
PASSPHRASE = b"a phrase of the store"


class WithConnectors(WithUse):
    def connector(self, identifier, *hosts, words=(), credential="win_prod"):
        named = [word for host in hosts for word in ("--host", host)]
        self.does("connector", "add", "--type", "pdc", "--id", identifier, *named, "--credential", credential, *words)

    def refusal(self, error, *words):
        ran = self.run_client("ping", "all", *words)
        self.assertEqual(ran.code, 5, ran)
        self.assertIn(f"[{error}]", ran.stderr)
        return ran.stderr


class OfAService(WithConnectors):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(listen=["http://127.0.0.1:0"]))
        cls.host = f"127.0.0.1:{cls.service.port('http')}"

    def setUp(self):
        super().setUp()
        self.connector("rack", self.host)

    def test_every_command_over_an_inventory(self):
        for words in (["ping"], ["run"], ["cim", "query"], ["config", "get"], ["doctor"], ["check", "uptime"]):
            with self.subTest(words[0]):
                last = {"run": ["--", "true"], "cim": ["SELECT Caption FROM Win32_OperatingSystem"], "config": ["Service/Auth/Basic"]}.get(words[0], [])
                ran = self.run_client(*words, "127.0.0.1", *([] if words[0] == "run" else last), "-i", "connector:rack", *(last if words[0] == "run" else []))
                self.assertEqual(ran.code, 0, ran)
                self.verified_head(ran)
                self.assertEqual([entry["id"] for entry in self.entries(kind="used", action=words[0], host="127.0.0.1")], ["win_prod", "win_pw"])

    def test_the_inventory_is_shown_and_nothing_is_opened(self):
        listed = self.run_client("inventory", "list", "-i", "connector:account.rack", "rack")
        self.assertEqual((listed.code, listed.stdout), (0, b"127.0.0.1\n"), listed)
        shown = self.run_client("inventory", "show", "-i", "connector:rack", "127.0.0.1")
        self.assertIn("credential account.win_prod", shown.stdout.decode())
        self.assertIn(b"@rack", self.run_client("inventory", "graph", "-i", "connector:rack").stdout)
        self.assertEqual(self.entries(kind="used"), [])

    def test_by_the_environment_and_beside_files(self):
        write(self.folder, {"more/hosts.yml": "rack: {hosts: {second: {mullion_credential: account.gone}}}\n", "more/host_vars/127.0.0.1.yml": "mullion_credential: account.win_prod\n",
                            "more/group_vars/rack.yml": "mullion_credential: account.none\n"})
        self.does("connector", "update", "rack", "--credential", "")
        ran = self.run_client("ping", "all", "--output", "jsonl", environment={"MULLION_INVENTORY": "connector:rack,more"})
        self.assertEqual(statuses(ran), {"127.0.0.1": "ok", "second": "not_started secrets.missing"}, ran)

    def test_flags_and_extra_variables_win(self):
        self.does("connector", "add", "--type", "pdc", "--id", "bare", "--host", self.host)
        for words in (["--credential", "win_prod"], ["-e", "mullion_credential=account.win_prod"]):
            ran = self.run_client("ping", "bare", "-i", "connector:bare", *words)
            self.assertEqual(ran.code, 0, ran)

    def test_the_passphrase_of_the_store_is_read_once(self):
        file = self.folder / "passphrase"
        file.write_bytes(PASSPHRASE)
        file.chmod(0o600)
        self.store = self.folder / "sealed.db"
        self.does("secret", "add", "--id", "win_pw", "--value-file", self.value_file(), "--store-passphrase-file", file)
        for words in (["credential", "add", "--id", "win_prod", "--auth", "ntlm", "--username", ADMIN[0], "--password-ref", "win_pw", "--ssl", "no"],
                      ["connector", "add", "--type", "pdc", "--id", "rack", "--host", self.host, "--credential", "win_prod"]):
            self.does(*words, "--store-passphrase-file", file)
        read, write_end = os.pipe()
        os.write(write_end, PASSPHRASE + b"\n")
        os.close(write_end)
        try:
            ran = self.run_client("ping", "rack", "-i", "connector:rack", "--store-passphrase-file", "-", stdin=read)
        finally:
            os.close(read)
        self.assertEqual(ran.code, 0, ran)

    def value_file(self):
        file = self.folder / "value"
        file.write_text(ADMIN[1])
        return file


class OfAFleet(WithConnectors):
    @classmethod
    def setUpClass(cls):
        cls.fleet = cls.enterClassContext(Simulation(FLEET, schemes=("http",)))
        cls.port = cls.fleet.ports["http"]

    def ping(self, pattern, *words):
        return self.run_client("ping", pattern, "--output", "jsonl", *words)

    def test_all_hosts_are_one_batch(self):
        self.does("credential", "update", "win_prod", "--port", self.port)
        self.connector("rack", "127.1.0.1", "127.1.0.2")
        ran = self.ping("rack", "-i", "connector:rack")
        self.assertEqual(statuses(ran), {"127.1.0.1": "ok", "127.1.0.2": "ok"}, ran)
        self.verified_head(ran)
        used = self.entries(action="ping")
        self.assertEqual([entry["id"] for entry in used], ["win_prod", "win_pw"])
        self.assertEqual(sorted(used[1]["hosts"]), ["127.1.0.1", "127.1.0.2"])

    def test_attributes_are_groups(self):
        file = self.folder / "rack.yaml"
        file.write_text(f"""connector:
  identifier: rack
  name: rack
  type: Pdc
  spec:
    credential: account.win_prod
    hosts:
      - hostname: 127.1.0.1:{self.port}
        attributes: {{zone: b, role: web server}}
      - hostname: 127.1.0.2:{self.port}
        attributes: {{zone: b}}
""")
        self.does("apply", "-f", file)
        self.assertEqual(statuses(self.ping("zone_b:!role_web_server", "-i", "connector:rack")), {"127.1.0.2": "ok"})

    def test_each_list_has_its_own_credential(self):
        """Also where the groups are of one name: no host is shown another list's password."""
        self.add_text("other_pw", "--scope", "org:o", value=OTHER)
        self.add_credential("win_prod", "--scope", "org:o", password="other_pw")
        self.connector("rack", f"127.1.0.1:{self.port}")
        self.connector("rack", f"127.1.0.3:{self.port}", words=["--scope", "org:o"])
        lists = ["-i", "connector:account.rack", "-i", "connector:org.rack", "--secret-scope", "project:o/p"]
        ran = self.ping("rack", *lists)
        self.assertEqual(statuses(ran), {"127.1.0.1": "ok", "127.1.0.3": "ok"}, ran)
        self.assertEqual([entry["hosts"] if "hosts" in entry else [entry["host"]] for entry in self.entries(action="ping", id="other_pw")], [["127.1.0.3"]])
        # One host in two lists, with two credentials.
        self.does("connector", "update", "rack", "--scope", "org:o", "--host", f"127.1.0.1:{self.port}")
        told = self.refusal("usage.invalid", *lists)
        self.assertIn("127.1.0.1 is in connector:account.rack and in connector:org.rack, with another port or credential", told)
        self.assertEqual(self.ping("rack", *lists[2:]).code, 4, "alone it is tried, with the other's password")

    def test_secrets_missing__and_what_else_is_no_list_of_hosts(self):
        self.connector("rack", f"127.1.0.1:{self.port}")
        self.does("connector", "add", "--type", "aws-kms", "--id", "kms", "--credential-type", "iam-role", "--credential-selector", "a",
                  "--kms-arn", "alias/mullion", "--region", "eu-central-1")
        for inventory, error, words in (("connector:none", "secrets.missing", "connector:none: connector none of account is not there"),
                                        ("connector:kms", "secrets.kind", "connector kms of account is of kind AwsKms, and no list of hosts"),
                                        ("connector:win_prod", "secrets.kind", "secret win_prod of account is of kind WinRmCredentials, and no list of hosts"),
                                        ("connector:project.rack", "secrets.invalid", "Invalid Secret Reference: 'project.rack'; write id, org.id or account.id"),
                                        ("connector:org.rack", "secrets.invalid", "org.rack: the account's scope has no organisation"),
                                        ("connector:", "secrets.invalid", "connector:: "),
                                        ("connector:rack,connector:rack", "usage.invalid", "a connector is named by itself: write -i once for each")):
            with self.subTest(inventory):
                self.assertIn(words, self.refusal(error, "-i", inventory))
        told = self.refusal("secrets.missing", "-i", "connector:rack", "--secret-scope", "project:o/p")
        self.assertIn("There is connector rack of account: account.rack means that one.", told)
        self.assertIn("[secrets.store]", self.refusal("secrets.store", "-i", "connector:rack", "--store", self.folder / "none.db"))
        self.assertEqual(self.entries(kind="used"), [])

    def test_a_file_of_that_name_is_not_passed_over(self):
        self.connector("rack", f"127.1.0.1:{self.port}")
        write(self.folder, {"connector:rack": "[web]\n127.1.0.2\n"})
        self.assertIn("./connector:rack is the file", self.refusal("usage.invalid", "-i", "connector:rack"))
        listed = self.run_client("inventory", "list", "-i", "./connector:rack")
        self.assertEqual(listed.stdout, b"127.1.0.2\n")

    def test_hosts_that_are_called_connector(self):
        listed = self.run_client("inventory", "list", "-i", "connector:5985,other", "--store", self.folder / "none.db")
        self.assertEqual((listed.code, listed.stdout), (0, b"connector\nother\n"), listed)

    def test_only_its_delegates_may(self):
        self.connector("rack", f"127.1.0.1:{self.port}", words=["--selector", "site-b"])
        self.assertIn("lacks the tag site-b", self.refusal("usage.unsupported", "-i", "connector:rack", "--delegate-tag", "site-a"))
        ran = self.ping("rack", "-i", "connector:rack", "--delegate-tag", "site-b")
        self.assertEqual(statuses(ran), {"127.1.0.1": "ok"}, ran)

    def test_the_exporters_discovery(self):
        self.connector("rack", f"127.1.0.1:{self.port}", "127.1.0.2")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "exporter.yml"

            def targets(inventory, *words):
                file.write_text(f"version: 1\ntargets: {{allow: ['127.1.0.0/29:*']}}\nsecrets: {{store: {self.store}}}\nauths:\n  default: {{user: me, password_file: pw}}\n"
                                f"modules:\n  default: {{collectors: [os]}}\ndiscovery: {{inventory: {inventory}}}\n")
                return subprocess.run([str(MULLION), "exporter", "--config", str(file), *(words or ("--targets", "-"))], capture_output=True, text=True, timeout=60)

            done = targets("'connector:rack'")
            self.assertEqual(done.returncode, 0, done.stderr)
            found = json.loads(done.stdout)
            self.assertEqual([one["targets"] for one in found], [[f"127.1.0.1:{self.port}"], ["127.1.0.2"]])
            self.assertEqual(found[0]["labels"]["__meta_mullion_groups"], ",all,rack,")
            done = targets("['connector:account.none']")
            self.assertEqual(done.returncode, 5)
            self.assertIn("connector:account.none: connector none of account is not there", done.stderr)
            done = targets("['connector:project.rack']", "--check")
            self.assertEqual(done.returncode, 5)
            self.assertIn("[config.invalid]", done.stderr)
            self.assertIn("discovery: inventory: connector:project.rack: Invalid Secret Reference", done.stderr)


if __name__ == "__main__":
    unittest.main()
