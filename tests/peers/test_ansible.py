"""Ansible itself runs `raw` against `mullion simulate`, from the same inventory file that `mullion run` uses: the same results, host by host."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tests.support import vault
from tests.support.inventory import by_host, run, write
from tests.support.service import ADMIN
from tests.support.simulate import Simulation

# Ansible's raw goes through PowerShell, and what it wants is compared by its decoded text; with ansible_shell_type=cmd it does not.
FLEET = """\
hosts:
  - {name: web01, address: 127.4.0.1}
  - {name: web02, address: 127.4.0.2}
  - {name: db01, address: 127.4.0.3}
answers:
  - {command: hostname, stdout: "{host}\\n"}
  - {command: bad-thing, stdout: "{host}: some of it\\n", exit_code: 7}
  - {command: "echo Grüße", stdout: "Grüße, 世界\\n"}
  - {command: "much", stdout: "0123456789abcde\\n", size: 200000}
"""
VAULT_PASSWORD = "open sesame"
INVENTORY = """\
[web]
web01 ansible_host=127.4.0.1
web02 ansible_host=127.4.0.2

[db]
db01 ansible_host=127.4.0.3

[web:vars]
ansible_port={http}
ansible_winrm_scheme=http
ansible_winrm_transport=ntlm
ansible_winrm_message_encryption=always

[db:vars]
ansible_port={https}
ansible_winrm_transport=basic
ansible_winrm_ca_trust_path={ca}

[all:vars]
ansible_connection=winrm
ansible_user={user}
"""


class Raw(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.fleet = cls.enterClassContext(Simulation(FLEET))
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        plain = INVENTORY.format(**cls.fleet.ports, ca=cls.fleet.ca, user=ADMIN[0])
        write(cls.folder, {
            "plain/hosts": plain + f"ansible_password={json.dumps(ADMIN[1])}\n",
            "vaulted/hosts": plain,
            "vaulted/group_vars/all/password.yml": "ansible_password: " + vault.as_yaml(ADMIN[1], VAULT_PASSWORD),
            "vaulted/host_vars/db01.yml": vault.encrypt("ansible_winrm_read_timeout_sec: 40\n", VAULT_PASSWORD, "prod"),
            "vault-password": VAULT_PASSWORD,
            "ansible.cfg": "[defaults]\nretry_files_enabled = no\n",
        })

    def ansible(self, inventory, command, *options):
        """rc and stdout by host, from the file that --tree writes for each."""
        results = Path(self.enterContext(tempfile.TemporaryDirectory()))
        environment = {**{name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}, "LC_ALL": "C.UTF-8", "HOME": str(self.folder),
                       "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"), "ANSIBLE_HOME": str(self.folder / "home")}
        words = [str(Path(sys.executable).parent / "ansible"), "-i", inventory, "all", "-m", "raw", "-a", command, "--tree", str(results), *options]
        done = subprocess.run(words, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, env=environment)
        found = {file.name: json.loads(file.read_text()) for file in results.iterdir()}
        self.assertEqual(sorted(found), ["db01", "web01", "web02"], done)
        return {host: (result.get("rc"), result.get("stdout"), result.get("msg") if "rc" not in result else None) for host, result in found.items()}

    def ours(self, inventory, command, *options):
        ran = run(self.folder, "run", "all", "-i", inventory, "--output", "jsonl", *options, "--", command)
        return {host: (result["exit_code"], result["stdout"], result["error"]) for host, result in by_host(ran).items()}

    def compare(self, inventory, command, *options):
        theirs, ours = self.ansible(inventory, command, *options), self.ours(inventory, command, *options)
        self.assertEqual(ours, theirs)
        return ours

    def test_the_same_inventory_gives_the_same_results(self):
        self.assertEqual(self.compare("plain/hosts", "hostname"), {name: (0, f"{name}\r\n", None) for name in ("db01", "web01", "web02")})

    def test_exit_codes_and_their_output(self):
        self.assertEqual({code for code, _, _ in self.compare("plain/hosts", "bad-thing").values()}, {7})

    def test_characters_beyond_ascii(self):
        self.compare("plain/hosts", "echo Grüße")

    def test_much_output(self):
        self.assertEqual({len(out) for _, out, _ in self.compare("plain/hosts", "much").values()}, {200000})

    def test_without_powershell_between(self):
        self.compare("plain/hosts", "hostname", "-e", "ansible_shell_type=cmd")

    def test_an_inventory_with_vaults(self):
        self.compare("vaulted/hosts", "hostname", "--vault-id", "default@vault-password", "--vault-id", "prod@vault-password")

    def test_a_wrong_password_is_refused_to_both(self):
        write(self.folder, {"wrong.yml": "ansible_password: wrong\n"})
        wrong = ("-e", "@wrong.yml")
        theirs, ours = self.ansible("plain/hosts", "hostname", *wrong), self.ours("plain/hosts", "hostname", *wrong)
        self.assertEqual({code for code, _, _ in theirs.values()}, {None})
        self.assertEqual({error["id"] for _, _, error in ours.values()}, {"auth.rejected"})

    def test_ansible_executed_each_command_once(self):
        before = {host: counts["executions"] for host, counts in self.fleet.counts()["hosts"].items()}
        self.ansible("plain/hosts", "hostname")
        after = {host: counts["executions"] for host, counts in self.fleet.counts()["hosts"].items()}
        self.assertEqual({host: after[host] - before.get(host, 0) for host in after}, {"web01": 1, "web02": 1, "db01": 1})


if __name__ == "__main__":
    unittest.main()
