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


def entry(key, name, value):
    """One of Registry.pol, [MS-GPREG] 2.2.1."""
    data = value.to_bytes(4, "little")
    return "[".encode("utf-16-le") + f"{key}\0;{name}\0;".encode("utf-16-le") + b"\4\0\0\0;\0" + b"\4\0\0\0;\0" + data + "]".encode("utf-16-le")


REGISTRY = b"PReg\1\0\0\0"
FIREWALL = entry("SOFTWARE\\Policies\\Microsoft\\WindowsFirewall", "PolicyVersion", 0x21E)
FOREIGN = entry("SOFTWARE\\Policies\\Example", "Setting", 1)


class Policies:
    """A policy object in SYSVOL and in the directory, as far as its undo looks at it."""

    FOLDER = "\\\\dc1\\SYSVOL\\corp.example.com\\Policies\\{1-2}"

    def __init__(self):
        self.files = {"GPT.INI": b"", "GPO.cmt": b"", "Machine\\Registry.pol": REGISTRY}
        self.folders = ["Machine", "User", "Machine\\Preferences"]
        self.objects, self.links, self.removed, self.detail = 3, [], 0, ""

    def get_item(self, shell, words, names, given):
        assert (names["Path"], names["Recurse"]) == (self.FOLDER, True), names
        things = [Thing(Name=name.split("\\")[-1], FullName=f"{self.FOLDER}\\{name}", PSIsContainer=name in self.folders) for name in self.folders + list(self.files)]
        return things

    def get_object(self, shell, words, names, given):
        if names["LDAPFilter"] == "(objectClass=*)":
            assert names["SearchBase"] == "CN={1-2},CN=Policies,CN=System,DC=corp", names
            return [Thing(DistinguishedName=str(at)) for at in range(self.objects)]
        assert (names["LDAPFilter"], names["SearchBase"]) == ("(gPLink=*{1-2}*)", "DC=corp"), names
        return [Thing(DistinguishedName=link) for link in self.links]

    def remove(self, *_):
        self.removed += 1
        return []

    def undo(self):
        commands = {"Get-ChildItem": self.get_item, "Get-ADObject": self.get_object, "Remove-GPO": self.remove,
                    "Split-Path": lambda shell, words, names, given: names["Path"].rpartition("\\")[0],
                    "Get-GPO": lambda *_: [] if self.removed else [Thing(DisplayName="P", Id="1-2")]}
        statics = {"system.io.file::readallbytes": lambda path: list(self.files[path.removeprefix(self.FOLDER + "\\")]),
                   "system.text.encoding::unicode": Utf16(), "regex::replace": lambda text, pattern, new: re.sub(pattern, new, text)}
        host = Host()
        shell = Shell(host.commands() | commands, host.statics() | statics, {}, {})
        shell.run(printed(*VARIANTS["domain"]).removesuffix("Invoke-Mullion\n"), Mode="Undo", Over="", Password=None)
        run = shell.get("MullionRun")
        run["Domain"], run["Server"] = Thing(DNSRoot="corp.example.com", DistinguishedName="DC=corp"), "dc1"
        shell.call("Undo-Gpo", [Bag(Gpo="P", Domain="corp.example.com", Before="")], {}, None)
        return run["Detail"]


class Utf16:
    def getstring(self, values, at, count):
        return bytes(values[at:at + count]).decode("utf-16-le", "replace")


class UndoneGpo(unittest.TestCase):
    def test_goes_where_nothing_else_is_in_it(self):
        for name, values in (("nothing", b""), ("a header", REGISTRY), ("what the firewall leaves", REGISTRY + FIREWALL)):
            with self.subTest(name):
                policies = Policies()
                policies.files["Machine\\Registry.pol"] = values
                self.assertEqual((policies.undo(), policies.removed), ("no policy P", 1))
                self.assertEqual((policies.undo(), policies.removed), ("no policy P", 1), "again")

    def stays(self, policies, what):
        self.assertEqual((policies.undo(), policies.removed), (f"policy P stays, as others have put more into it: {what}", 0))

    def test_stays_where_others_have_put_more_into_it(self):
        for values in (REGISTRY + FOREIGN, REGISTRY + FIREWALL + FOREIGN, REGISTRY + FOREIGN + FIREWALL, REGISTRY + FIREWALL[:-2], REGISTRY + FIREWALL + b"\0"):
            policies = Policies()
            policies.files["Machine\\Registry.pol"] = values
            self.stays(policies, f"{policies.FOLDER}\\Machine\\Registry.pol")
        for name in ("User\\Registry.pol", "Machine\\Scripts\\scripts.ini", "Machine\\Microsoft\\Windows NT\\SecEdit\\GptTmpl.inf", "Machine\\Registry.pol.txt"):
            policies = Policies()
            policies.files[name] = REGISTRY + FOREIGN
            self.stays(policies, f"{policies.FOLDER}\\{name}")

    def test_stays_with_settings_in_the_directory_and_links_elsewhere(self):
        policies = Policies()
        policies.objects = 4
        self.stays(policies, "settings that stand in the directory")
        policies = Policies()
        policies.links = ["OU=web,DC=corp"]
        self.stays(policies, "a link at OU=web,DC=corp")


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
