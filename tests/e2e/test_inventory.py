"""`mullion inventory`, and what an inventory makes of hosts before any is spoken to: each error with its file and line."""
import contextlib
import hashlib
import hmac
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.e2e.client import mullion
from tests.support.service import DEADLINE, MULLION

@contextlib.contextmanager
def inventory(**files):
    """A folder with these files: name of the keyword, with __ for a dot."""
    with tempfile.TemporaryDirectory(prefix="mullion-inventory-") as name:
        folder = Path(name)
        for file, text in files.items():
            path = folder / file.replace("__", ".").replace("_SLASH_", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        yield folder


def ask(folder, *words, environment=None):
    """`mullion inventory WORDS` in the folder."""
    return subprocess.run([MULLION, "inventory", *map(str, words)], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=DEADLINE, env={**os.environ, **(environment or {})})


def vaulted(text, password):
    """A text in ansible-vault's 1.1: AES256-CTR, keys by PBKDF2, HMAC-SHA256 over what is sealed."""
    salt = bytes(range(32))
    keys = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 10_000, 80)
    padding = 16 - len(text) % 16
    sealed = subprocess.run(["openssl", "enc", "-aes-256-ctr", "-K", keys[:32].hex(), "-iv", keys[64:].hex()], input=text.encode() + bytes([padding]) * padding,
                            capture_output=True, check=True, timeout=DEADLINE).stdout
    parts = (salt.hex(), hmac.new(keys[32:64], sealed, "sha256").hexdigest(), sealed.hex())
    armour = "\n".join(parts).encode().hex()
    return "$ANSIBLE_VAULT;1.1;AES256\n" + "\n".join(armour[at:at + 80] for at in range(0, len(armour), 80)) + "\n"


class Case(unittest.TestCase):
    def refused(self, done, error_id, *said):
        self.assertEqual((done.returncode, done.stdout), (5, ""), done.stderr)
        self.assertIn(f"[{error_id}]", done.stderr)
        for part in said:
            self.assertIn(part, done.stderr)


class Errors(Case):
    def test_inventory_invalid(self):
        for text, line, said in (("web01\n[web\n", "hosts.ini:2", "brackets"), ("[web:boxes]\n", "hosts.ini:1", "boxes"),
                                 ("\n[web:vars]\na=1\n", "hosts.ini:2", "nowhere declared"), ("web01 a='b\n", "hosts.ini:1", "not closed"),
                                 ("web[1:]\n", "hosts.ini:1", "no end"), ("[web]\nweb01 word\n", "hosts.ini:2", "key=value")):
            with self.subTest(text), inventory(hosts__ini=text) as folder:
                self.refused(ask(folder, "list", "-i", "hosts.ini"), "inventory.invalid", line, said)

    def test_usage_pattern(self):
        with inventory(hosts__ini="[web]\nweb[01:03]\n") as folder:
            for pattern, said in (("wbe", "'web' is there"), ("all:!web09", "'web01' is there"), ("web[7]", "3 hosts"), ("~web(", "~web("),
                                  ("localhost", "no implicit localhost"), ("", "names nothing")):
                with self.subTest(pattern):
                    self.refused(ask(folder, "list", "-i", "hosts.ini", "--", pattern), "usage.pattern", said)
            self.refused(ask(folder, "graph", "-i", "hosts.ini", "wbe"), "usage.pattern", "'web' is there")
            self.refused(ask(folder, "show", "-i", "hosts.ini", "web"), "usage.pattern", "3 hosts")

    def result(self, folder, host, *words):
        """That host's object of a run over all; another one is skipped, so that it is a result and no refusal of the whole."""
        done = mullion("run", "all", "-i", folder / "hosts.ini", *words, "--output", "jsonl", "--", "echo", "never")
        objects = {one["host"]: one for one in map(json.loads, done.stdout.splitlines())}
        self.assertEqual((done.code, objects["other"]["status"]), (5, "skipped"), done)
        self.assertEqual(objects["other"]["reason"].split(" (")[0], "ansible_connection is local")
        self.assertEqual(objects[host]["status"], "not_started")
        return objects[host]["error"]

    def test_inventory_variable(self):
        text = ("web01\nother ansible_connection=local\nweb02 ansible_port=x\n[all:vars]\nansible_user=a\n"
                "ansible_host={{ inventory_hostname | lower }}\n")
        with inventory(hosts__ini=text) as folder:
            error = self.result(folder, "web01")
            self.assertEqual(error["id"], "inventory.variable")
            self.assertIn("hosts.ini:6: ", error["message"])
            self.assertIn("the filter 'lower'", error["message"])
            # With another in its place nobody needs it, and the next one counts.
            error = self.result(folder, "web02", "-e", "ansible_host=127.0.0.1", "-e", "ansible_winrm_path=nowhere")
            self.assertIn("hosts.ini:3: ansible_port: 'x'", error["message"])

    def test_inventory_become(self):
        with inventory(hosts__ini="web01 ansible_become=yes ansible_user=a\nother ansible_connection=local\n") as folder:
            error = self.result(folder, "web01")
            self.assertEqual(error["id"], "inventory.become")
            self.assertIn("web01", error["message"])
            self.assertIn("hosts.ini:1: ansible_become", error["message"])

    def test_inventory_vault(self):
        """No password, a wrong one, and a text that was cut are told apart."""
        armour = "".join(f"{byte:02x}" for byte in b"00\n11\n22")
        with inventory(hosts__yml="all: {hosts: {web01: }}\n", group_vars_SLASH_all__yml=f"$ANSIBLE_VAULT;1.1;AES256\n{armour}\n", pw="word\n") as folder:
            self.refused(ask(folder, "list", "-i", "hosts.yml"), "inventory.vault", "group_vars/all.yml")
            self.refused(ask(folder, "list", "-i", "hosts.yml", "--vault-password-file", "pw"), "inventory.vault", "group_vars/all.yml")

    def test_passwords_of_the_vault(self):
        with inventory(hosts__ini="web01\n", empty="\n", fails="#!/bin/sh\nexit 3\n") as folder:
            (folder / "fails").chmod(0o700)
            for words, said in ((["--vault-password-file", "nope"], "No such file"), (["--vault-password-file", "empty"], "no vault password in it"),
                                (["--vault-password-file", "fails"], "failed"), (["--vault-password-file", "."], "directory")):
                self.refused(ask(folder, "list", "-i", "hosts.ini", *words), "usage.file", said)
            self.refused(ask(folder, "list", "-i", "hosts.ini", "--vault-id", "label@"), "usage.invalid", "LABEL@FILE")
            self.refused(ask(folder, "list", "-i", "hosts.ini", "--vault-id", "label@prompt"), "usage.password_missing")

    def test_words_that_are_wrong(self):
        with inventory(hosts__ini="web01\n") as folder:
            self.refused(ask(folder, "list"), "usage.invalid", "MULLION_INVENTORY")
            self.refused(ask(folder, "list", "-i", "nope.ini"), "usage.file", "nope.ini")
            for words in ((), ("list", "--nope"), ("show", "-i", "hosts.ini"), ("list", "-i", "hosts.ini", "--output", "xml")):
                done = ask(folder, *words)
                self.assertEqual((done.returncode, done.stdout), (5, ""), words)


class Shows(Case):
    TEXT = ("[web]\nweb01 ansible_host=10.0.0.1 ansible_password=hunter2 db_url=https://u:hunter2@h/ nested=\"{'api_token': 'hunter2', 'b': [1, None]}\"\n"
            "[web:vars]\nansible_port=5985\nansible_user={{ admin }}\nadmin=ann\nansible_winrm_tranport=ntlm\n[prod:children]\nweb\n")

    def test_hosts_and_groups(self):
        with inventory(hosts__ini=self.TEXT, more__ini="web02\n") as folder:
            self.assertEqual(ask(folder, "list", "-i", "hosts.ini", "-i", "more.ini").stdout, "web02\nweb01\n")
            self.assertEqual(ask(folder, "list", environment={"MULLION_INVENTORY": "hosts.ini,more.ini"}).stdout, "web02\nweb01\n")
            self.assertEqual(json.loads(ask(folder, "list", "-i", "hosts.ini", "--output", "json", "web").stdout), ["web01"])
            self.assertEqual(ask(folder, "graph", "-i", "hosts.ini").stdout, "@all:\n  |--@ungrouped:\n  |--@prod:\n  |  |--@web:\n  |  |  |--web01\n")
            self.assertEqual(ask(folder, "graph", "-i", "hosts.ini", "web").stdout, "@web:\n  |--web01\n")

    def test_a_chain_of_groups_is_wide_as_well(self):
        """Each line is as long as it is deep: text is counted before the children, or it would take gigabytes."""
        chain = "".join(f"[g{i}:children]\ng{i + 1}\n" for i in range(60_000)) + "[g60000]\nh\n"
        with inventory(hosts__ini=chain) as folder:
            ran = subprocess.run(["prlimit", f"--as={3 << 30}", MULLION, "inventory", "graph", "-i", folder / "hosts.ini"],
                                 capture_output=True, timeout=DEADLINE * 3)
        self.assertEqual((ran.returncode, ran.stdout), (5, b""))
        self.assertIn(b"the graph is too large", ran.stderr)

    def test_a_host_and_where_it_comes_from(self):
        with inventory(hosts__ini=self.TEXT) as folder:
            done = ask(folder, "show", "-i", "hosts.ini", "web01")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("hunter2", done.stdout + done.stderr)
            for said in ("http://10.0.0.1:5985/wsman", "transport  basic", "user       ann", "password   ansible_password  hosts.ini:2", "ansible_port  hosts.ini:4",
                         "ansible_user  hosts.ini:5", 'ansible_password: "(hidden)"  (hosts.ini:2)', 'db_url: "(hidden)"',
                         'nested: {"api_token":"(hidden)","b":[1,null]}', "groups     all, prod, web"):
                self.assertIn(said, done.stdout)
            self.assertIn("hosts.ini:7: ansible_winrm_tranport is no variable that is known; ansible_winrm_transport is", done.stderr)
            shown = ask(folder, "show", "-i", "hosts.ini", "-e", "ansible_connection=ssh", "web01").stdout
            self.assertIn("skipped    ansible_connection is ssh", shown)

    def test_what_is_vaulted_stays_closed(self):
        """Without the vault's password a host can still be looked at; only --reveal needs it."""
        armour = "".join(f"{byte:02x}" for byte in b"00\n11\n22")
        text = f"all: {{hosts: {{web01: {{ansible_password: !vault '$ANSIBLE_VAULT;1.1;AES256\n\n  {armour}'}}}}}}\n"
        with inventory(hosts__yml=text) as folder:
            done = ask(folder, "show", "-i", "hosts.yml", "web01")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("https://web01:5986/wsman", done.stdout)
            self.assertIn('ansible_password: "(hidden)"', done.stdout)
            self.refused(ask(folder, "show", "-i", "hosts.yml", "--reveal", "web01"), "inventory.vault", "hosts.yml:1")

    def test_a_file_that_is_vaulted_as_a_whole(self):
        """Opened, because group_vars/ are read; what is in it is shown to nobody who does not ask for it."""
        text = vaulted("site: hunter2-site\nlist: [hunter2-list, {a: hunter2-map}]\nflag: true\n", "word")
        with inventory(hosts__ini="web01 named='{{ site }}'\n", word="word\n") as folder:
            (folder / "group_vars").mkdir()
            (folder / "group_vars/all.yml").write_text(text)
            words = ("show", "-i", "hosts.ini", "--vault-password-file", "word", "web01")
            for more in ((), ("--output", "json")):
                done = ask(folder, *words, *more)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertNotIn("hunter2", done.stdout + done.stderr)
                self.assertRegex(done.stdout, r'"?site"?: "\(hidden\)"')
                self.assertIn("hunter2-map", ask(folder, *words, *more, "--reveal").stdout)

    def test_variables_as_json(self):
        with inventory(hosts__ini=self.TEXT) as folder:
            hidden = json.loads(ask(folder, "show", "-i", "hosts.ini", "--output", "json", "web01").stdout)
            self.assertEqual(hidden["ansible_password"], "(hidden)")
            self.assertEqual(hidden["ansible_port"], 5985)
            self.assertEqual(hidden["ansible_user"], "{{ admin }}")
            shown = json.loads(ask(folder, "show", "-i", "hosts.ini", "--output", "json", "--reveal", "web01").stdout)
            self.assertEqual(shown["ansible_password"], "hunter2")
            self.assertEqual(shown["nested"], {"api_token": "hunter2", "b": [1, None]})

    def test_a_password_from_a_program(self):
        """As Ansible does, with the label for a -client; what it prints opens the vault."""
        with inventory(hosts__ini="web01\n", **{"keys-client__sh": '#!/bin/sh\nprintf "%s\\n" "$*" >seen\necho word\n'}) as folder:
            program = folder / "keys-client.sh"
            program.chmod(0o700)
            done = ask(folder, "list", "-i", "hosts.ini", "--vault-id", "prod@keys-client.sh")
            self.assertEqual((done.returncode, done.stdout), (0, "web01\n"), done.stderr)
            self.assertEqual((folder / "seen").read_text(), "--vault-id prod\n")


if __name__ == "__main__":
    unittest.main()
