"""Makes inventories as people and accidents make them: one seed, one inventory, the same every time.

A case is a folder with what -i names: INI and YAML files, directories of them, group_vars/ and host_vars/ beside them, vaulted
values and vaulted files. Every choice is written down as a feature, so that a test can say whether all were met.
"""
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.inventory_ini import IniWriter
from tests.peers.inventory_values import PYTHON_LETTERS, SCALAR_LETTERS
from tests.peers.inventory_yaml import YamlWriter, vars_file

# Only a later one is made a child of an earlier one: no circles.
GROUPS = ["world", "prod", "stage", "eu_west", "windows", "web", "db", "app-tier", "Ümlaut", "dc1", "rack7", "leaf"]
HOSTS = ["web[01:03]", "web2", "web03", "db-[a:c].corp.example", "db-b.corp.example", "n[0:6:3]", "10.0.0.[8:11]", "10.0.0.9", "srv_1", "UPPER", "wéb",
         "host.with.dots", "a[1:2]b[x:y]", "x[00:10:5]", "deep-1", "deep-2", "z9", "2001:db8::1", "::1", "fe80::[a:c]", "[2001:db8::5]:5986",
         "web2:5985", "portal:5986", "p[1:2]:55986", "10.0.0.9:5985"]
VARIABLES = [f"v{number}" for number in range(8)] + ["ansible_user", "ansible_port", "ansible_host", "ansible_winrm_transport", "ansible_connection"]
PASSWORDS = [("default", "first-Passw0rd"), ("prod", "second Grüße")]  # Of vaults, by label.
SECRETS = ["s3cret", "  blanks  ", "{{ not a template }}", "Grüße\nzwei Zeilen\n", "123", "yes", ""]


@dataclass
class Case:
    seed: int
    folder: Path
    sources: list = field(default_factory=list)  # Of -i, relative to `here`.
    options: list = field(default_factory=list)  # Vault passwords and -e: the same words for Ansible and for us.
    groups: list = field(default_factory=list)
    host_words: list = field(default_factory=list)  # As written: with ranges and ports.
    features: Counter = field(default_factory=Counter)

    @property
    def here(self):
        """Where commands run: in an empty folder, since Ansible reads group_vars/ and host_vars/ of the current one as well."""
        return self.folder / "here"

    @property
    def words(self):
        return [word for source in self.sources for word in ("-i", source)] + self.options


class Draw:
    """The seed's choices, and what was chosen."""

    def __init__(self, case):
        self.random = random.Random(case.seed)
        self.note = lambda feature: case.features.update([feature])
        self.some_vault = None

    def maybe(self, chance, feature=None):
        said = self.random.random() < chance
        if said and feature:
            self.note(feature)
        return said

    def one(self, things):
        return self.random.choice(things)

    def few(self, things, least, most):
        """Some of them, in their order."""
        count = min(len(things), self.random.randint(least, most))
        return sorted(self.random.sample(things, count), key=things.index)

    def shuffled(self, things):
        return self.random.sample(things, len(things))

    def letters(self, alphabet):
        return "".join(self.random.choices(alphabet, k=self.random.randint(1, 7)))

    def scalar(self):
        """Characters of numbers and dates at random, as YAML takes them after "key: ": no comment, no mapping, no list."""
        while True:
            text = self.letters(SCALAR_LETTERS).strip()
            if re.search("[eE][+]?\\d\\d\\d", text):
                continue  # Infinity, which JSON does not have.
            if text and not text.endswith(":") and ": " not in text and not text.startswith(("- ", ": ", ",", "-,", ":,")) and text not in "-:":
                return text

    def literal(self):
        """Likewise of Python's literals; none of bytes or infinity, which ansible-inventory cannot print."""
        while True:
            text = self.letters(PYTHON_LETTERS).strip()
            if "b'" not in text and 'b"' not in text and not re.search("[eE][+]?\\d\\d\\d", text):
                return text


class Generator:
    def __init__(self, seed, folder, armours):
        self.case = Case(seed, Path(folder))
        self.draw = Draw(self.case)
        self.armours = armours  # Rows of (label or None, text, armour), made beforehand: making one takes a while.
        self.groups = self.draw.few(GROUPS, 2, len(GROUPS))
        self.hosts = self.draw.shuffled(HOSTS)[:self.draw.random.randint(3, 16)]
        self.case.groups, self.case.host_words = self.groups, self.hosts
        self.vaulted = self.draw.maybe(0.3, "vault")
        self.draw.some_vault = self.armour if self.vaulted else None

    def make(self):
        self.case.here.mkdir()
        for number in range(self.draw.one([1, 1, 1, 2, 3])):
            self.source(number)
        if len(self.case.sources) > 1:
            self.draw.note("several -i")
        if self.vaulted:
            self.passwords()
        if self.draw.maybe(0.3, "-e"):
            self.extra_variables()
        return self.case

    def armour(self):
        label, _, armour = self.draw.one(self.armours)
        self.draw.note("vault 1.2" if label else "vault 1.1")
        return armour

    def write(self, path, text):
        path = self.case.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def source(self, number):
        """One -i: a file, in the same folder as others or in its own, or a directory of files."""
        if number > 0 and self.draw.maybe(0.15, "host list"):
            self.case.sources.append(",".join(self.draw.few(["web01", "10.0.0.9", "::1", "new-host:5986", "[2001:db8::5]:5985", "listed"], 1, 4)) + ",")
            return
        base = self.draw.one([f"s{number}", f"s{number}", "."])
        if self.draw.maybe(0.3, "directory"):
            base = f"d{number}"
            for name in self.draw.few(["01-first", "02-second.yml", "hosts", "zz.yaml", "sub/inner", "10.json.yml"], 1, 3):
                self.inventory_file(f"{base}/{name}")
            for name in self.draw.few([".hidden", "old.orig", "backup~", "notes.txt", "x.cfg", "y.ini", "z.retry", "README.md"], 0, 2):
                self.write(f"{base}/{name}", "ignored_host ignored=yes\n")
                self.draw.note("ignored file")
            self.case.sources.append(f"../{base}")
        else:
            name = self.draw.one([f"hosts{number}", f"inv{number}.yml", f"inv{number}.yaml", f"inv{number}.ini", f"i{number}.cfg"])
            self.inventory_file(f"{base}/{name}")
            self.case.sources.append(str(".." / Path(base) / name))
        if self.draw.maybe(0.5):
            self.vars_beside(base)

    def inventory_file(self, path):
        groups = self.draw.few(self.groups, 1 + len(self.groups) // 3, len(self.groups))
        hosts = self.draw.shuffled(self.hosts)[:self.draw.random.randint(2, len(self.hosts))]
        yaml = path.endswith((".yml", ".yaml")) or (not path.endswith((".ini", ".cfg")) and self.draw.maybe(0.3, "YAML without extension"))
        writer = YamlWriter if yaml else IniWriter
        self.draw.note("YAML file" if yaml else "INI file")
        self.write(path, writer(self.draw, groups, hosts, VARIABLES).text())

    def vars_beside(self, base):
        """group_vars/ and host_vars/, in each of the forms that their names may have."""
        plain = [word.split(":59")[0] for word in self.hosts if "[" not in word] + ["web01", "n3", "db-a.corp.example", "10.0.0.8"]
        for folder, names in (("group_vars", ["all", "ungrouped", *self.groups]), ("host_vars", plain)):
            for name in self.draw.few(names, 0, 3):
                self.draw.note(folder)
                self.vars_of(f"{base}/{folder}/{name}")

    def vars_of(self, path):
        for form in self.draw.few(["", ".yml", ".yaml", ".json"], 1, 2):
            if form == "" and self.draw.maybe(0.4, "vars directory"):
                inner = ["a.yml", "b", "c.json", "more/d.yaml", "more/deep/e", ".f.yml", "g.yml~", "h.txt", "dir.d/i.yml"]
                for name in self.draw.few(inner, 1, 4):
                    self.vars_text(f"{path}/{name}")
            else:
                self.draw.note(f"vars file '{form}'")
                self.vars_text(path + form)

    def vars_text(self, path):
        if self.vaulted and self.draw.maybe(0.2, "vaulted file"):
            armour = self.draw.one([row for row in self.armours if row[1].startswith("---")])[2]
            return self.write(path, armour)
        self.write(path, vars_file(self.draw, VARIABLES, json=path.endswith(".json")))

    def passwords(self):
        """In a file each; a label only where it is not the default one, or is said."""
        for label, password in self.draw.shuffled(PASSWORDS):
            self.write(f"vault-{label}", password + "\n")
            if label == "default":
                self.case.options += ["--vault-password-file", f"../vault-{label}"]
            else:
                self.case.options += ["--vault-id", f"{label}@../vault-{label}"]

    def extra_variables(self):
        for text in self.draw.few(["v1=extra v2='two words'", "v3=007 v4=yes v5=1", '{"v1": [1, "x"], "v6": null}', "v7=a=b", "v2={{ v1 }}", "@../extra.yml",
                                   "{v0: no, v5: 0777}", "v4=\"a\\\"b\" v0=' x '"], 1, 3):
            self.draw.note("-e " + ("@FILE" if text[0] == "@" else "map" if text[0] == "{" else "KEY=VALUE"))
            self.case.options += ["-e", text]
        self.write("extra.yml", "v3: from-file\nv6: {a: yes}\n")


def secrets_to_vault():
    """Rows of (text, password, label or None, salt) that the cases draw their vaulted values and files from."""
    texts = SECRETS + ["---\nv1: from a vaulted file\nv5: [0777, no]\n", "--- {v2: vaulted, v3: {a: 1}}\n"]
    salt = random.Random(1)
    for text in texts:
        for label, password in PASSWORDS:
            yield text, password, None if label == "default" else label, "".join(salt.choices("abcdefghij", k=32))
