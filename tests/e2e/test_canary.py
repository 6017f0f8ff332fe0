"""A password is nowhere that others could read it: not in process lists, environments, logs, files, messages or JSON.

Memory is test_canary_memory.py's. The one place that must hold something: accounts.db has the NT hash, which NTLM cannot do without.
"""
import base64
import json
import os
import subprocess
import unittest
import uuid
from pathlib import Path

from tests.e2e.client import Password, words
from tests.support import vault
from tests.support.canary import account_forms, files, forms, processes, search
from tests.support.inventory import connection, write
from tests.support.leftovers import PrivateFolders, PrivateService, run_in
from tests.support.service import MULLION, Service, children, wait_until

WAYS = (("http", "ntlm"), ("https", "basic"), ("https", "negotiate"), ("http", "credssp"))


class Canary(unittest.TestCase):
    def setUp(self):
        self.secret = "Canary-" + uuid.uuid4().hex

    def test_the_search_finds_what_is_planted(self):
        secret = self.secret
        for form, data in {
            "raw": secret.encode(), "UTF-16LE": secret.encode("utf-16-le"), "raw, hex": secret.encode().hex().upper().encode(),
            **{f"raw, base64 at {n}": base64.b64encode(b"xyz"[:n] + secret.encode() + b"tail") for n in range(3)},
            **{f"UTF-16LE, base64 at {n}": base64.b64encode(b"xyz"[:n] + secret.encode("utf-16-le") + b"tail") for n in range(3)},
        }.items():
            with self.subTest(form):
                self.assertEqual(search(forms(secret), [("plant", b"before " + data + b" after")]), [f"plant: {form}"])
        self.assertEqual(search(forms(secret), [("nothing", b"Canary-" + uuid.uuid4().hex.encode())]), [])

    def test_the_search_finds_what_stands_for_the_password(self):
        wanted = account_forms("user", "password")
        nt_hash = "8846f7eaee8fb117ad06bdd830b7586c"  # Known to everybody.
        self.assertEqual(search(wanted, [("plant", f"x{nt_hash.upper()}x".encode())]), ["plant: NT hash, hex"])
        self.assertEqual(search(wanted, [("plant", bytes.fromhex(nt_hash))]), ["plant: NT hash"])
        self.assertIn("plant: Basic", search(wanted, [("plant", b"Authorization: Basic dXNlcjpwYXNzd29yZA==")]))

    def test_the_search_sees_a_word_of_a_process(self):
        with subprocess.Popen(["cat", "-", self.secret + "-no-such-file"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"PLANTED": self.secret}) as child:
            wait_until(lambda: self.secret.encode() in Path(f"/proc/{child.pid}/cmdline").read_bytes(), "the planted process runs")
            self.assertEqual(len(search(forms(self.secret), processes([child.pid]))), 2)
            child.stdin.close()

    def test_the_search_sees_files_of_every_private_folder(self):
        with PrivateFolders() as folders:
            script = f"for folder in $HOME $TMPDIR $XDG_CACHE_HOME; do echo {self.secret} >$folder/planted-$$; done"
            run_in(folders, ["sh", "-c", script], cwd=folders.root).wait()
            self.assertEqual(len(search(forms(self.secret), files(folders.root))), 2)  # Home and cache are one folder here.

    def held(self, folders, how, secret, told, service, option="--password-file"):
        """Runs a command to its end, looks at all processes while it runs, and keeps all that was said."""
        with Password(secret) as file:
            command = [MULLION, "run", option, file.path, *how, "--", "env; echo ready; cat"]
            child = run_in(folders, command, cwd=folders.home, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=file.descriptors)
        try:
            lines = []
            while not lines or lines[-1] not in (b"ready\n", b""):
                lines.append(child.stdout.readline())
            told += processes([child.pid, *service.processes, *children(service.process.pid)])
            out, errors = child.communicate(b"end\n", timeout=60)
        finally:
            child.kill()
            child.communicate()
        told += [(f"output of {how}", b"".join(lines) + out), (f"messages of {how}", errors)]
        self.assertEqual(child.returncode, 0, errors)

    def told_by(self, folders, *command, password=None):
        with Password(password or "none") as file:
            words = [MULLION, *command[:1], *(["--password-file", file.path] if password else []), *command[1:]]
            child = run_in(folders, words, cwd=folders.home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=file.descriptors)
            out, errors = child.communicate(timeout=60)
        return [(f"{command}: output", out), (f"{command}: messages", errors)]

    def test_the_password_is_nowhere(self):
        wanted, told = account_forms("canary", self.secret), []
        with PrivateFolders() as folders, PrivateService(folders, ["Service/Auth/Basic=true", "Service/Auth/CredSSP=true"]) as service:
            service.stop()
            service.options = ["--log-level", "debug"]
            service.add_account("canary", self.secret, "--admin")
            service.start()
            for scheme, transport in WAYS:
                how = words(service, "--stdin", "-", scheme=scheme, transport=transport, user="canary")
                self.held(folders, how, self.secret, told, service)
            for options in (["--output", "json"], ["--output", "jsonl"], []):
                for scheme, transport in WAYS:
                    how = words(service, *options, scheme=scheme, transport=transport, user="canary")
                    told += self.told_by(folders, "run", *how, "--", "true", password=self.secret + "x")  # Refused.
                    told += self.told_by(folders, "run", *how, "--", "exit 3", password=self.secret)
            told += self.told_by(folders, "ping", *words(service, user="canary"), password=self.secret)
            told += [*files(service.folder), *files(folders.root)]
        self.assertGreater(len(told), 40)
        self.assertTrue([where for where, _ in told if where.endswith("serve.log")])
        hits = search(wanted, told)
        self.assertTrue([hit for hit in hits if "accounts.db" in hit], "the hash that must be there is not seen: does the search see files?")
        self.assertEqual([hit for hit in hits if not ("/state/accounts.db" in hit and hit.endswith(": NT hash"))], [])

    def test_a_vaults_secrets_are_nowhere(self):
        """The vault's own password, a password in it, and another value in it that no option uses."""
        secrets = [self.secret, "Canary-" + uuid.uuid4().hex, "Canary-" + uuid.uuid4().hex]
        key, password, value = secrets
        with PrivateFolders() as folders, Service(accounts=[("canary", password, ["--admin"])], options=["--log-level", "debug"]) as service:
            lines = connection(service.port("http"), "    ", ansible_user="canary", ansible_password=vault.as_yaml(password, key, indent=6).rstrip())
            text = f"all:\n  vars:\n{lines}    other_value: {vault.as_yaml(value, key, indent=6)}  hosts:\n    127.0.0.1:\n"
            write(folders.home, {"hosts.yml": text})
            told = []
            self.held(folders, ["all", "-i", "hosts.yml", "--stdin", "-"], key, told, service, "--vault-password-file")
            for command in (["run", "all", "-i", "hosts.yml", "--vault-password-file", "/dev/null", "--", "true"],
                            ["inventory", "show", "127.0.0.1", "-i", "hosts.yml"], ["inventory", "list", "-i", "hosts.yml"]):
                told += self.told_by(folders, *command)
            with Password(key) as file:
                shown = run_in(folders, [MULLION, "inventory", "show", "127.0.0.1", "-i", "hosts.yml", "--output", "json", "--vault-password-file", file.path, "--reveal"],
                               cwd=folders.home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, pass_fds=file.descriptors).communicate()[0]
            told += [*files(service.folder), *files(folders.root)]
        # The control: who asks for it sees it, so the vault was open and the search would know.
        self.assertTrue(search(forms(value), [("revealed", shown)]), shown)
        json.loads(shown)
        for secret in secrets:
            hits = search(account_forms("canary", secret), told)
            self.assertEqual([hit for hit in hits if not ("/state/accounts.db" in hit and hit.endswith(": NT hash"))], [])

    def test_no_core_dump_and_no_stranger_reads_the_memory(self):
        with Service() as service:
            for pid in service.processes:
                limit = Path(f"/proc/{pid}/limits").read_text()
                core = next(line for line in limit.splitlines() if line.startswith("Max core file size"))
                owner = os.stat(f"/proc/{pid}/mem").st_uid
                self.assertTrue(core.split()[4] == "0" or owner == 0, f"process {pid} may leave a core dump")


if __name__ == "__main__":
    unittest.main()
