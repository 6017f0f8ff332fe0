"""Functions of `mullion prepare`'s scripts by themselves: what they make of names, addresses and lists that Windows has."""
import re
import unittest

from tests.support.powershell_values import Bag, Failure, Thing, collapse
from tests.support.prepare_scripts import VARIANTS, printed
from tests.support.windows_host import Host, Shell


def matches(text, pattern):
    return [Thing(Value=found[0]) for found in re.finditer(pattern, text)]


def function(variant, name):
    """One of a script's functions, as one of ours."""
    host = Host()
    shell = Shell(host.commands(), host.statics() | {"regex::matches": matches, "system.text.encoding::ascii": Thing()}, {}, {})
    shell.run(printed(*VARIANTS[variant]).removesuffix("Invoke-Mullion\n"), Mode="Check", Over="", Password=None)
    return lambda *words: collapse(shell.call(name, list(words), {}, None))


SID = "S-1-5-21-3051596711-3341658857-577043467-1000"
SDDL = ("D:(A;;CC;;;AU)(A;;CCLCRPRC;;;IU)(A;;CCLCRPRC;;;SU)(A;;CCLCRPWPRC;;;SY)(A;;KA;;;BA)(A;;CC;;;AC)"
        "(A;;CC;;;S-1-15-3-1024-528118966-3876874398)S:(AU;FA;KA;;;WD)(AU;OIIOFA;GA;;;WD)")


class Account:
    def translate(self, _):
        return Thing(Value=SID)


class Group:
    """What [regex]::Match gives."""

    def __init__(self, found):
        self.success = found is not None
        self.groups = {name: Thing(Value=text or "") for name, text in (found.groupdict() if found else {}).items()}


class Manager:
    """sc.exe, as far as the service manager's SDDL goes."""

    def __init__(self, sddl):
        self.sddl, self.sets = sddl, 0

    def __call__(self, verb, name, sddl=None):
        assert name == "scmanager"
        if verb == "sdshow":
            return ["", self.sddl, ""], 0
        self.sets, self.sddl = self.sets + 1, sddl
        return ["[SC] SetServiceObjectSecurity SUCCESS"], 0


class ServiceManager(unittest.TestCase):
    def setUp(self):
        self.manager = Manager(SDDL)
        host = Host()
        commands = host.commands() | {"New-Object": lambda shell, words, *_: [[] if "ArrayList" in words[0] else Account()]}
        statics = host.statics() | {"regex::match": lambda text, pattern: Group(re.search(pattern.replace("(?<", "(?P<"), text))}
        self.shell = Shell(commands, statics, {}, {"sc.exe": self.manager})
        self.shell.run(printed(*VARIANTS["monitoring-user"]).removesuffix("Invoke-Mullion\n"), Mode="Check", Over="", Password=None, LASTEXITCODE=0,
                       ErrorActionPreference="Stop")

    def call(self, name, table):
        return collapse(self.shell.call(name, [table], {}, None))

    def test_the_entry_stands_in_d_before_s_and_others_stay(self):
        with_user = Bag(User="monitor")
        kept = self.call("Save-ServiceManager", with_user)
        self.call("Set-ServiceManager", with_user)
        head, tail = SDDL.split("S:(AU", 1)
        self.assertEqual(self.manager.sddl, f"{head}(A;;CCLCRPRC;;;{SID})S:(AU{tail}")
        self.manager.sddl = self.manager.sddl.replace("D:", "D:(A;;CC;;;WD)")  # What somebody else adds stays.
        self.call("Undo-ServiceManager", kept)
        self.assertEqual(self.manager.sddl, SDDL.replace("D:", "D:(A;;CC;;;WD)"))
        self.call("Undo-ServiceManager", kept)
        self.assertEqual(self.manager.sets, 2, "what is gone already is not taken away again")

    def test_a_form_that_is_not_known_is_refused(self):
        self.manager.sddl = "D:(XA;;CC;;;WD;(@User.x == 1))" + SDDL[2:]
        with self.assertRaisesRegex(Failure, "not known here"):
            self.call("Set-ServiceManager", Bag(User="monitor"))
        self.assertEqual(self.manager.sets, 0)


class Functions(unittest.TestCase):
    def test_extensions_are_listed_once_in_order(self):
        add = function("domain", "Add-ExtensionPair")
        zero, registry, tool, other = ("{%s-0000-0000-0000-000000000000}" % digits for digits in ("00000000", "35378EAC", "CC5746A9", "0F6B957D"))
        self.assertEqual(add("", f"[{registry}{tool}]"), f"[{registry}{tool}]")
        self.assertEqual(add(f"[{registry}{tool}]", f"[{registry}{tool}]"), f"[{registry}{tool}]")
        self.assertEqual(add(f"[{registry}{tool}]", f"[{zero}{tool}]"), f"[{zero}{tool}][{registry}{tool}]")
        self.assertEqual(add(f"[{zero}{tool}][{registry.lower()}{tool}]", f"[{registry}{other}]"), f"[{zero}{tool}][{registry}{other}{tool}]")
        self.assertEqual(add("", ""), "")

    def test_addresses_as_the_firewall_says_them_again(self):
        same = function("host", "Test-SameAddresses")
        self.assertTrue(same("10.0.0.0/8,LocalSubnet,fd00::/8", "LocalSubnet,10.0.0.0/255.0.0.0,fd00::/8"))
        self.assertTrue(same("10.1.0.5", "10.1.0.5/255.255.255.255"))
        self.assertTrue(same("*", "*"))
        self.assertTrue(same("172.16.0.0/12", "172.16.0.0/255.240.0.0"))
        self.assertFalse(same("10.0.0.0/8", "10.0.0.0/255.255.0.0"))
        self.assertFalse(same("*", "10.0.0.0/8"))

    def test_names_of_certificates(self):
        same = function("host", "Test-SameName")
        for pattern, name in (("web01.example.com", "WEB01.example.com"), ("*.example.com", "web01.example.com"), ("WEB01", "web01")):
            self.assertTrue(same(pattern, name), (pattern, name))
        for pattern, name in (("*.example.com", "a.web01.example.com"), ("*.com", "web01"), ("web0", "web01"), ("*", "web01"), ("", "web01")):
            self.assertFalse(same(pattern, name), (pattern, name))

    def test_values_of_der(self):
        read = function("host", "Read-Der")
        short = read([0x82, 5, *b"web01"], 0)
        self.assertEqual((short["Tag"], short["From"], short["End"]), (0x82, 2, 7))
        long = read([0, 0x30, 0x82, 0x01, 0x04], 1)
        self.assertEqual((long["Tag"], long["From"], long["Length"]), (0x30, 5, 260))
