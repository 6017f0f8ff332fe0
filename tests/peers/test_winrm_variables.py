"""docs/options.md against what it promises: every keyword of pywinrm's Protocol, and every variable of Ansible's winrm connection, with
Ansible's order among the names of one thing, and pywinrm's defaults."""
import inspect
import re
import unittest

import yaml
from ansible.plugins.connection import winrm as plugin
from winrm.protocol import Protocol

from tests.support.service import ROOT

# Where ours differs on purpose, or says the same in other words.
DEFAULTS = {"transport": "", "username": "", "password": "", "realm": "", "keytab": "", "ca_trust_path": "", "cert_pem": "", "cert_key_pem": "",
            "kerberos_hostname_override": "", "proxy": "none",
            "service": ""}  # HTTP, and where nobody is called that host, then WSMAN.
WORDS = {True: "yes", False: "no"}


def rows():
    """Of each row: its variable, the other names with what is said of them, and the default."""
    found = []
    for line in (ROOT / "docs/options.md").read_text().splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)]
        if len(cells) < 7 or not cells[2].startswith("`"):
            continue
        names = [re.match(r"`(\w+)` ?(.*)", name).groups() for name in cells[2].split("<br>")]
        found.append((names[0][0], names[1:], cells[4].strip("`")))
    return found


def order(variable, others):
    """Names from the lowest precedence to the highest."""
    return ([name for name, said in others if said != "wins over it"] + [variable] + [name for name, said in others if said == "wins over it"])


class Variables(unittest.TestCase):
    def test_every_keyword_of_pywinrm_with_its_default(self):
        ours = {name: fallback for variable, others, fallback in rows() for name in [variable, *(other for other, _ in others)]}
        for keyword, parameter in inspect.signature(Protocol.__init__).parameters.items():
            if keyword == "self":
                continue
            with self.subTest(keyword):
                self.assertIn("ansible_winrm_" + keyword, ours)
                expected = "" if parameter.default in (None, inspect.Parameter.empty) else WORDS.get(parameter.default, str(parameter.default))
                self.assertEqual(ours["ansible_winrm_" + keyword], DEFAULTS.get(keyword, expected))

    def test_every_variable_of_ansible_in_its_order(self):
        """Of several names for one option Ansible takes the last that is set."""
        ours = [order(variable, others) for variable, others, _ in rows()]
        for option, described in yaml.safe_load(plugin.DOCUMENTATION)["options"].items():
            theirs = [row["name"] for row in described.get("vars", []) if row["name"] != "inventory_hostname"]
            if not theirs:
                continue
            with self.subTest(option):
                mine = [names for names in ours if theirs[0] in names]
                self.assertEqual(len(mine), 1, theirs)
                self.assertEqual([name for name in mine[0] if name in theirs], theirs)

    def test_the_deprecated_names_yield(self):
        ours = [order(variable, others) for variable, others, _ in rows()]
        for old, new in (("ansible_ssh_user", "ansible_user"), ("ansible_ssh_pass", "ansible_password"), ("ansible_ssh_host", "ansible_host"),
                         ("ansible_ssh_port", "ansible_port")):
            names = next(names for names in ours if old in names)
            self.assertEqual(names[0], old)
            self.assertIn(new, names)


if __name__ == "__main__":
    unittest.main()
