"""Templates in variables, evaluated by Ansible and by us: the same text, or an error of both.

Each expression is one host's ansible_user. Ansible shows what it makes of it with its debug module; we with `mullion inventory show`.
"""
import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tests.peers.ansible_oracle import Ansible
from tests.peers.inventory_compare import Ours
from tests.support import vault
from tests.support.inventory import write

VAULT_PASSWORD = "open sesame"
VARIABLES = """\
all:
  vars:
    ansible_connection: winrm
    ansible_password: x
    s: text
    n: 5
    t: yes
    f: 1.5
    g: 1e3
    h: 1.0e+3
    z: ~
    e: ''
    l: [1, a, {k: v}, 'it''s', "q\\"q", yes, ~, 2.0, ünï]
    m: {k: v, 'q r': 2, n: {d: deep, '5': five}, items: mine}
    key: k
    ref: '{{ s }}'
    tpl: 'x{{ n }}y{{ m.k }}'
    deep: '{{ tpl }}-{{ ref }}'
    inner: {a: '{{ s }}', b: ['{{ n }}']}
    number: '{{ n }}'
    yes_text: 'yes'
    json_text: '{"a": 1}'
    list_text: '[1, 2]'
    loop1: '{{ loop2 }}'
    loop2: 'x{{ loop1 }}'
    unsafe: !unsafe '{{ s }}'
    braces: 'a { b } {c}'
    vaulted: VAULTED
  children:
    web: {hosts: {host000: , host001.corp: }}
  hosts:
"""
TEXTS = [
    "{{ s }}", "{{s}}", "{{   s\t}}", "x{{ s }}y", "{{ s }}{{ s }}", "{{ n }}", "a{{ n }}", "a{{ t }}", "a{{ f }}", "a{{ g }}", "a{{ h }}", "a{{ z }}", "a{{ e }}b", "a{{ l }}", "a{{ m }}",
    "{{ m.k }}", "{{ m['k'] }}", '{{ m["q r"] }}', "{{ m['q r'] }}x", "{{ m.n.d }}", "{{ m['n'].d }}", "{{ m.n['d'] }}", "{{ m[key] }}", "{{ m.n['5'] }}", "{{ l[0] }}x", "{{ l[2].k }}",
    "{{ l[2]['k'] }}", "{{ l[8] }}", "{{ ref }}", "{{ tpl }}", "{{ deep }}", "a{{ inner }}", "{{ inner.a }}", "{{ inner.b[0] }}", "{{ number }}x", "{{ yes_text }}", "a{{ json_text }}",
    "a{{ list_text }}", "{{ unsafe }}", "x{{ unsafe }}", "{{ vaulted }}", "x{{ vaulted }}", "{{ braces }}", "a { b", "a } b", "a }} b", "{ { s } }",
    "{{ inventory_hostname }}", "{{ hostvars['host000'].s }}", "{{ inventory_hostname_short }}", "a{{ group_names }}", "a{{ groups['web'] }}", "{{ groups.web[0] }}", "{{ groups['web'][1] }}", "Grüße {{ s }} 世界",
    "DOMAIN\\{{ s }}", "{{ s }}@{{ m.n.d }}.corp", "100%", "50% {{ s }}", "#{{ s }}", "{{ s }}}", "{ {{ s }} }", "{{ s }}\\n", "plain", "a{{ m.n }}", "{{ ansible_connection }}",
]
# Errors of both: what is not there, and what goes round in a circle.
WRONG = ["{{ nothing }}", "x{{ nothing }}", "{{ m.nothing }}", "{{ m['nothing'] }}", "{{ l[99] }}", "{{ s.nothing }}", "{{ m.n.d.e }}", "{{ loop1 }}", "{{ ansible_user }}", "{{ s", "{{ }}", "{{ s s }}", "{{ .s }}",
         "{{ m[nothing] }}", "{{ groups.nothing[0] }}"]
# What Jinja has and we have not: an error that names it, never another text.
OURS_REFUSES = ["{{ s | upper }}", "{{ s|default('x') }}", "{{ lookup('env', 'HOME') }}", "{{ 'literal' }}", "{{ n + 1 }}", "{{ s ~ n }}", "{% if t %}x{% endif %}", "{# comment #}x", "{{ s if t else n }}",
                "{{ s is defined }}", "{{ m.get('k') }}", "{{ [1, 2] }}", "{{ not t }}", "{{ l[0:2] }}", "{{ 5 }}", "{{ s.upper() }}", "{{ -n }}", "{{ (s) }}"]


class Templates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.ansible = cls.enterClassContext(Ansible())
        cls.hosts = {f"host{number:03}" + (".corp" if number == 1 else ""): text for number, text in enumerate(TEXTS + WRONG + OURS_REFUSES)}
        variables = VARIABLES.replace("VAULTED", vault.as_yaml("from {{ the }} vault", VAULT_PASSWORD, indent=6).rstrip("\n"))
        write(cls.folder, {"hosts.yml": variables + "".join(f"    {host}: {{ansible_user: {json.dumps(text)}}}\n" for host, text in cls.hosts.items()),
                           "vault-password": VAULT_PASSWORD + "\n"})
        cls.words = ["-i", "hosts.yml", "--vault-password-file", "vault-password"]
        cls.theirs = cls.ask_ansible()

    @classmethod
    def ask_ansible(cls):
        """Host → text, or None where it is an error."""
        command = [Path(sys.executable).parent / "ansible", *cls.words, "all", "-m", "debug", "-a", "msg=<{{ ansible_user }}>", "--tree", "results", "--forks", "4"]
        done = subprocess.run(command, cwd=cls.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, env=cls.ansible.environment)
        found = {file.name: json.loads(file.read_text()) for file in (cls.folder / "results").iterdir()}
        if sorted(found) != sorted(cls.hosts):
            raise AssertionError(f"Ansible has {len(found)} results for {len(cls.hosts)} hosts: {done.stderr}")
        said = {host: result["msg"] for host, result in found.items()}
        return {host: text[1:-1] if text.startswith("<") else None for host, text in said.items()}

    def ours(self, host):
        code, out, errors = Ours(self.folder).ask("show", *self.words, "--", host)
        self.assertEqual(code, 0, errors)
        error = re.search(r"^  error +(.*)$", out, re.M)
        user = re.search(r"^  user +(.*?)\n  password ", out, re.M | re.S)
        self.assertTrue(error or user, out)
        return (None, error[1]) if error else (user[1], None)

    def test_the_same_text(self):
        for host, text in self.hosts.items():
            if text in TEXTS:
                with self.subTest(text):
                    self.assertEqual(self.ours(host)[0], self.theirs[host], self.ours(host)[1])

    def test_errors_of_both(self):
        for host, text in self.hosts.items():
            if text in WRONG:
                with self.subTest(text):
                    self.assertIsNone(self.theirs[host])
                    self.assert_error_with_place(host)

    def test_what_is_not_supported_is_an_error_and_no_other_text(self):
        for host, text in self.hosts.items():
            if text in OURS_REFUSES:
                with self.subTest(text):
                    self.assert_error_with_place(host)

    def assert_error_with_place(self, host):
        user, error = self.ours(host)
        self.assertIsNone(user)
        self.assertRegex(error, r"hosts\.yml:\d+: .*ansible_user.*\[inventory\.variable\]|hosts\.yml:\d+.*\[inventory\.variable\]")


if __name__ == "__main__":
    unittest.main()
