"""Where our inventories are not Ansible's on purpose, all of it: each row is asked of both, and both must say what stands here.

test_inventory_oracle.py stays away from these in what it generates. docs/many-hosts.md tells the rows that an operator may meet.
"""
import json
import math
import shlex
import subprocess
import sys
import tempfile
import unittest
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers import inventory_values
from tests.peers.ansible_oracle import Ansible
from tests.peers.inventory_compare import Ours, plain

FAILS = "fails"


def yaml(value):
    return {"hosts.yml": "all:\n  hosts:\n    h:\n      v: " + value.replace("\n", "\n        ") + "\n"}


def ini(value):
    return {"hosts.ini": f"h\n[all:vars]\nv={value}\n"}


@dataclass
class Row:
    why: str
    files: dict
    ask: str  # A pattern, or "=HOST" for the variables of a host.
    ansible: object  # Names, variables or FAILS.
    ours: object  # Names, variables, or the id of an error.
    sources: list = field(default_factory=list)  # Of -i; the first of the files when none is said.
    warns: str = ""  # A part of what Ansible warns of.


TWO = {"hosts": "web1\ndb1\n"}
NO_HOST, UNREADABLE = "usage.pattern", "inventory.invalid"

ROWS = [
    # Patterns: a name that is not there is somebody's mistake, and the host it meant is left out, or not left out.
    Row("a part that matches nothing is an error", TWO, "web1,web3", ["web1"], NO_HOST, warns="Could not match"),
    Row("also one that is to be left out", TWO, "all:!web3", ["web1", "db1"], NO_HOST, warns="Could not match"),
    Row("a place that the group does not have", TWO, "all[-3]", [], NO_HOST),
    Row("no pattern at all is not everything", TWO, ":", ["web1", "db1"], NO_HOST),
    Row("no implicit localhost", TWO, "localhost", ["localhost"], NO_HOST),
    Row("expressions take linear time: no looking around", TWO, "~(?!web|all|ungrouped)", ["db1"], NO_HOST),
    Row("nor back", {"hosts": "a1a\na1b\n"}, "~(.)1\\1$", ["a1a"], NO_HOST),
    Row("letters of expressions are ASCII's", {"hosts": "wéb\nweb\n"}, "~w\\w+$", ["wéb", "web"], ["web"]),
    # Files: what cannot be read stops, since nobody can say which hosts it would have named.
    Row("a file that is not there", TWO, "all", ["web1", "db1"], "usage.file", ["nowhere", "hosts"], warns="Unable to parse"),
    Row("a broken file among others", {"d/hosts": "a\n", "d/z.yml": "all: [\n"}, "all", ["a"], UNREADABLE, ["d"], warns="Failed to parse"),
    Row("a file that says nothing in YAML", {"hosts.yml": "---\n"}, "all", [], UNREADABLE, warns="Failed to parse"),
    Row("plugins are not run", {"hosts.yml": "plugin: constructed\n"}, "all", [], "usage.unsupported"),
    Row("TOML is not read", {"hosts.toml": '[g]\nhosts=["b"]\n', "hosts": "a\n"}, "all", ["a"], "usage.unsupported", ["hosts.toml", "hosts"], warns="Failed to parse"),
    Row("group_vars/ of the current folder are not read: it may be anybody's", {"d/hosts": "a\n", "group_vars/all": "x: 1\n"}, "=a", {"x": 1}, {}, ["d/hosts"]),
    Row("a byte order mark is none of a host's name", {"hosts": "\ufeffa\n"}, "all", ["\ufeffa"], ["a"]),
    Row("an address in brackets without a port", {"hosts": "[::1] a=1\nb\n"}, "all", [], ["::1", "b"], warns="Failed to parse"),
    # Names of a host and of a group: Ansible gives the group what was said of the host, and so all its hosts.
    Row("a host's variables are the host's", {"hosts": "[db]\ndb v=1\ndb2\n"}, "=db2", {"v": 1}, {}, warns="both group and host"),
    Row("and it has them itself", {"hosts": "[db]\ndb v=1\ndb2\n"}, "=db", {"v": 1}, {"v": 1}, warns="both group and host"),
    # Values that JSON or a 64-bit machine does not have.
    Row("a number too large stays text", yaml("9223372036854775808"), "=h", {"v": 9223372036854775808}, {"v": "9223372036854775808"}),
    Row("in INI too", ini("9223372036854775808"), "=h", {"v": 9223372036854775808}, {"v": "9223372036854775808"}),
    Row("keys are text, so 1 and yes are two", yaml("{1: one, yes: two}"), "=h", {"v": {"1": "two"}}, {"v": {"1": "one", "true": "two"}}),
    Row("a set of Python", ini("{1,2}"), "=h", FAILS, {"v": "{1,2}"}),
    Row("a complex number", ini("2+3j"), "=h", FAILS, {"v": "2+3j"}),
    Row("three dots", ini("..."), "=h", FAILS, {"v": "..."}),
    Row("bytes that are no text", ini("b'\\xff'"), "=h", {"v": "?"}, {"v": "b'\\xff'"}),
    Row("characters by their names", ini("'\\N{DIGIT ONE}'"), "=h", {"v": "1"}, {"v": "'\\N{DIGIT ONE}'"}),
    Row("a set of YAML", yaml("!!set {a, b}"), "=h", FAILS, UNREADABLE),
    Row("binary data", yaml("!!binary aGVsbG8="), "=h", FAILS, UNREADABLE),
    Row("ordered maps as lists", yaml("!!omap [a: 1]"), "=h", {"v": [["a", 1]]}, UNREADABLE),
    # YAML that PyYAML refuses.
    Row("an equals sign", yaml("="), "=h", FAILS, {"v": "="}),
    Row("two less-than signs", yaml("<<"), "=h", FAILS, {"v": "<<"}),
    Row("a day that the month does not have", yaml("2001-02-30"), "=h", FAILS, {"v": "2001-02-30"}),
    Row("an anchor set twice", yaml("[&a 1, &a 2, *a]"), "=h", FAILS, {"v": [1, 2, 2]}),
]


class Differences(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ansible = cls.enterClassContext(Ansible())

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def write(self, files):
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def both(self, words, ask):
        """Ansible's answer and its warnings, our answer."""
        ours = Ours(self.folder)
        if ask.startswith("="):
            said = self.ansible.ask(self.folder, [["ansible-inventory", *words, "--host", ask[1:]]])[0]
            return FAILS if said.code else plain(json.loads(said.out), {}), said.err, ours.variables(words, ask[1:])
        said = self.ansible.ask(self.folder, [["ansible", *words, ask, "--list-hosts"]])[0]
        return FAILS if said.code else said.hosts, said.err, ours.hosts(words, ask)

    def test_each_row(self):
        for row in ROWS:
            with self.subTest(row.why):
                self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
                self.write(row.files)
                words = [word for source in row.sources or list(row.files)[:1] for word in ("-i", source)]
                theirs, warnings, ours = self.both(words, row.ask)
                self.assertEqual(theirs, row.ansible, warnings)
                self.assertIn(row.warns, " ".join(warnings.split()))
                if isinstance(row.ours, str):
                    self.assertRegex(str(ours), rf"^exit 5: (?s:.*)\[{row.ours}\]")
                else:
                    self.assertEqual(ours, row.ours)

    def test_infinity_and_what_is_no_number(self):
        for value in (".inf", "-.inf", ".nan"):
            self.write(yaml(value))
            theirs, _, ours = self.both(["-i", "hosts.yml"], "=h")
            self.assertFalse(math.isfinite(theirs["v"]))
            self.assertEqual(ours, {"v": None})

    def test_every_value_of_the_tables_is_the_same_to_both(self):
        """Not left to the generator's luck."""
        tables = {"yaml": inventory_values.YAML_VALUES, "ini": inventory_values.INI_VALUES, "host line": inventory_values.INI_HOST_VALUES}
        make = {"yaml": yaml, "ini": ini, "host line": lambda value: {"hosts.ini": f"h v={value}\n"}}
        for kind, values in tables.items():
            for value in values:
                files = make[kind](value)
                self.write(files)
                theirs, warnings, ours = self.both(["-i", next(iter(files))], "=h")
                with self.subTest(kind, value=value):
                    self.assertNotEqual(theirs, FAILS, warnings)
                    self.assertEqual(json.dumps(ours, sort_keys=True), json.dumps(theirs, sort_keys=True))

    def test_what_ansible_cannot_read_is_an_error_with_its_line(self):
        for value in inventory_values.YAML_WRONG:
            with self.subTest(value):
                self.write(yaml(value))
                theirs, _, ours = self.both(["-i", "hosts.yml"], "=h")
                self.assertEqual(theirs, FAILS)
                self.assertRegex(str(ours), r"^exit 5: (?s:.*)\[inventory\.invalid\](?s:.*)hosts\.yml:[456]\b|^exit 5: (?s:.*)hosts\.yml:[456]\b(?s:.*)\[inventory\.invalid\]")

    def test_a_warm_ansible_says_what_a_cold_one_says(self):
        """The oracle itself: a process that was kept warm must not have left something out."""
        self.write({"d/hosts": "[g]\nweb[1:2] a=1\n", "d/group_vars/g.yml": "b: [1, yes]\n", "d/host_vars/web1/x.yml": "c: {d: 07}\n", "d/more.yml": "g: {vars: {e: f}}\n"})
        for words in (["ansible-inventory", "-i", "d", "--host", "web1", "-e", "x=1"], ["ansible", "-i", "d", "g:!web2", "--list-hosts"]):
            with self.subTest(shlex.join(words)):
                cold = subprocess.run([Path(sys.executable).parent / words[0], *words[1:]], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                      timeout=60, env=self.ansible.environment)
                warm = self.ansible.ask(self.folder, [words])[0]
                self.assertEqual((warm.code, warm.out), (cold.returncode, cold.stdout))
                self.assertTrue(cold.stdout)


if __name__ == "__main__":
    unittest.main()
