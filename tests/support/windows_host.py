"""A made-up Windows host for tests/support/powershell.py: WinRM's service, configuration and listeners, the registry, the firewall, certificates, and the journal's
folder, so that `prepare host` can be run, killed and undone."""
import copy
import ipaddress
import re

from tests.support.powershell import PowerShell
from tests.support.powershell_values import VOID, Bag, Failure, Thing, same

FOLDER = "C:\\ProgramData\\Mullion"
ADMINISTRATORS = "S-1-5-32-544"


class Killed(Exception):
    """The process is gone: no script catches this."""


class Date(int):
    """A day, as a number."""

    def adddays(self, days):
        return Date(self + days)

    def tostring(self, *_):
        return f"day {int(self)}"


class Certificate:
    def __init__(self, name, friendly, until):
        self.name, self.friendlyname, self.subject, self.issuer = name, friendly, "CN=" + name, "CN=" + name
        self.thumbprint = f"{abs(hash((name, friendly, until, id(self)))):040X}"[-40:]
        self.hasprivatekey, self.notbefore, self.notafter, self.extensions, self.rawdata = True, Date(0), Date(until), [], [1]

    def getnameinfo(self, *_):
        return self.name


class Rules(list):
    def __init__(self, host, items=()):
        super().__init__(items)
        self.host = host

    def add(self, rule):
        self.host.mutate("rule")
        self.append(Thing(rule))
        return VOID

    def remove(self, name):
        self.host.mutate("rule")
        del self[next(at for at, rule in enumerate(self) if rule["Name"] == name)]
        return VOID


class Service:
    def __init__(self, host):
        self.host = host

    @property
    def status(self):
        return "Running" if self.host.service["Running"] else "Stopped"

    def start(self):
        self.host.mutate("service")
        self.host.service["Running"] = True
        return VOID

    def stop(self):
        self.host.mutate("service")
        self.host.service["Running"] = False
        return VOID

    def waitforstatus(self, *_):
        return VOID


class Acl:
    def __init__(self):
        self.owner, self.writers, self.inherits = ADMINISTRATORS, [], True

    def setaccessruleprotection(self, *_):
        return VOID

    def addaccessrule(self, rule):
        self.writers.append(rule)
        return VOID

    def setowner(self, owner):
        self.owner = owner
        return VOID

    def getowner(self, _):
        return Thing(Value=self.owner)

    def getaccessrules(self, *_):
        return [Thing(IdentityReference=Thing(Value=sid), AccessControlType="Allow", FileSystemRights=0x1F01FF) for sid in self.writers]


class Ref:
    def __init__(self, shell, name):
        self.shell, self.name = shell, name


class Shell(PowerShell):
    def x_path_command_name(self, node):
        return self.expression(node.children[0])

    def x_cast_expression(self, node):
        if node.children[0].text.lower() == b"[ref]":
            return Ref(self, node.children[1].text.decode()[1:].lower())
        return super().x_cast_expression(node)


class Address:
    def __init__(self, text):
        self.address = ipaddress.ip_address(text)
        self.addressfamily = "InterNetwork" if self.address.version == 4 else "InterNetworkV6"

    def tostring(self):
        return str(self.address)

    def getaddressbytes(self):
        return list(self.address.packed)


def try_parse(text, ref):
    try:
        ref.shell.scopes[-1][ref.name] = Address(text)
    except ValueError:
        return False
    return True


class Host:
    def __init__(self):
        self.service = {"Start": 3, "Delayed": 0, "Running": False}
        self.wsman = {"Service\\Auth\\" + name: value for name, value in {"Basic": "false", "Kerberos": "true", "Negotiate": "true", "Certificate": "false",
                                                                         "CredSSP": "false", "CbtHardeningLevel": "Relaxed"}.items()}
        self.wsman |= {"Service\\CertificateThumbprint": "", "Service\\AllowUnencrypted": "false", "Shell\\MaxShellRunTime": "7200000", "MaxEnvelopeSizekb": "500"}
        self.listeners = [{"Address": "*", "Transport": "HTTP", "Port": "5985", "Hostname": "", "Enabled": "true", "URLPrefix": "wsman", "CertificateThumbprint": ""},
                          {"Address": "IP:10.0.0.9", "Transport": "HTTPS", "Port": "443", "Hostname": "", "Enabled": "true", "URLPrefix": "wsman",
                           "CertificateThumbprint": "A" * 40}]
        self.registry = {"HKLM:": {}, "HKLM:\\SYSTEM": {}}
        at = "HKLM:\\SYSTEM"
        for part in ("CurrentControlSet", "Control", "SecurityProviders", "SCHANNEL", "Protocols"):
            at += "\\" + part
            self.registry[at] = {}
        self.certificates, self.rules = [], Rules(self)
        self.files, self.acl, self.mutations, self.dies_at, self.fails_at, self.said = {}, None, 0, None, None, []

    def mutate(self, what):
        """One change of the host. The process may die here, before it is made, or Windows may refuse it."""
        self.mutations += 1
        if self.mutations == self.dies_at:
            raise Killed(what)
        if self.mutations == self.fails_at:
            raise Failure("Access is denied.")

    def state(self):
        """What an undo has to bring back."""
        return copy.deepcopy((self.service, self.wsman, sorted(sorted(one.items()) for one in self.listeners), self.registry, sorted(c.thumbprint for c in self.certificates),
                              [dict(rule) for rule in self.rules], self.files, self.acl is None))

    def run(self, script, mode="Apply", over=""):
        """(exit code, {step: state}); None and what was told so far where the process died."""
        self.mutations, self.said = 0, []
        shell = Shell(self.commands(), self.statics(), {}, {"sc.exe": self.sc})
        try:
            code = shell.run(script, Mode=mode, Over=over, Password=None, LASTEXITCODE=0, ErrorActionPreference="Stop", ProgressPreference="")
        except Killed:
            code = None
        lines = [line.split("\t") for line in self.said if line.startswith("mullion-")]
        self.details = {line[1]: line[3] for line in lines if line[0] == "mullion-step"}
        return code, {line[1]: line[2] for line in lines if line[0] == "mullion-step"}

    def sc(self, verb, name, key, how):
        assert (verb, name, key) == ("config", "WinRM", "start=")
        self.mutate("start")
        self.service["Start"] = {"auto": 2, "demand": 3, "disabled": 4}[how]
        return ["done"], 0

    # ---- Commands

    def commands(self):
        return {name.replace("_", "-"): getattr(self, "c_" + name) for name in
                (made[2:] for made in dir(self) if made.startswith("c_"))}

    def c_Set_StrictMode(self, *_):
        return []

    def c_Write_Host(self, _, words, *__):
        self.said.append(words[0])
        return []

    def c_Join_Path(self, _, words, *__):
        return ["\\".join(words)]

    def c_Get_Date(self, *_):
        return [Date(1000)]

    def c_Add_Type(self, *_):
        return []

    def c_Get_Command(self, *_):
        return [Thing(Parameters=Bag(TextExtension=1))]

    def c_Select_Object(self, _, __, names, given):
        if "First" in names:
            return given[:names["First"]]
        return [one for at, one in enumerate(given) if one not in given[:at]]

    def c_Sort_Object(self, shell, words, names, given):
        items = sorted(given, key=lambda one: shell.member(one, words[0]) if words else one, reverse="Descending" in names)
        return [one for at, one in enumerate(items) if "Unique" not in names or not any(same(one, other) for other in items[:at])]

    def c_New_Object(self, shell, words, names, _):
        if "ComObject" in names:
            return [Thing(Rules=self.rules, CurrentProfileTypes=4) if names["ComObject"].endswith("Policy2") else Thing()]
        name, arguments = words[0], words[1:]
        if name == "PSObject":
            return [Thing(names["Property"])]
        made = {"System.Collections.ArrayList": lambda: [], "System.Security.AccessControl.DirectorySecurity": Acl,
                "System.Security.Principal.SecurityIdentifier": lambda sid: sid, "System.Security.AccessControl.FileSystemAccessRule": lambda args: args[0],
                "System.Security.Principal.WindowsPrincipal": lambda _: Principal(), "System.Threading.Mutex": lambda _: Mutex(),
                "Version": lambda parts: parts}[name](*arguments)
        return [made]

    def c_Get_Acl(self, *_):
        return [self.acl]

    def c_Set_Acl(self, _, __, names, ___):
        self.mutate("acl")
        self.acl = names["AclObject"]
        return []

    def c_Export_Clixml(self, _, __, names, given):
        self.mutate("journal")
        self.files[names["Path"]] = copy.deepcopy(given)
        return []

    def c_Import_Clixml(self, _, __, names, ___):
        return copy.deepcopy(self.files[names["Path"]])

    def c_Get_ChildItem(self, _, __, names, ___):
        if names["Path"] == FOLDER:
            return [Thing(Name=path.rsplit("\\", 1)[1], FullName=path) for path in self.files]
        return list(self.certificates)

    def c_Test_Path(self, _, __, names, ___):
        path = names["LiteralPath"]
        return [path in self.registry if path.startswith("HKLM:") else self.acl is not None if path == FOLDER else path in self.files]

    def c_Split_Path(self, _, __, names, ___):
        return [names["Path"].rpartition("\\")[0]]

    def c_New_Item(self, _, __, names, ___):
        self.mutate("item")
        if names["Path"] == FOLDER:
            self.acl = Acl()
            self.acl.writers = ["S-1-5-32-545"]  # As %ProgramData% has it: users may put files there.
        else:
            assert names["Path"].rpartition("\\")[0] in self.registry
            self.registry[names["Path"]] = {}
        return [Thing()]

    def c_New_ItemProperty(self, _, __, names, ___):
        self.mutate("value")
        self.registry[names["Path"]][names["Name"]] = (names["Value"], names["PropertyType"])
        return [Thing()]

    def c_Remove_ItemProperty(self, _, __, names, ___):
        self.mutate("value")
        del self.registry[names["LiteralPath"]][names["Name"]]
        return []

    def c_Remove_Item(self, _, __, names, ___):
        self.mutate("remove")
        path = names["LiteralPath"] if "LiteralPath" in names else names["Path"]
        if path == FOLDER:
            self.acl = None
        elif path.startswith("HKLM:"):
            del self.registry[path]
        elif path.startswith("Cert:"):
            self.certificates = [one for one in self.certificates if one.thumbprint != path.rsplit("\\", 1)[1]]
        else:
            del self.files[path]
        return []

    def c_Get_Item(self, _, __, names, ___):
        if "LiteralPath" in names:
            return [Key(self.registry, names["LiteralPath"])]
        path = names["Path"].removeprefix("WSMan:\\localhost\\")
        return [Thing(Value=self.wsman[path], PSObject=Thing(Properties=Bag()))]

    def c_Set_Item(self, _, __, names, ___):
        self.mutate("wsman")
        self.wsman[names["Path"].removeprefix("WSMan:\\localhost\\")] = names["Value"]
        return []

    def c_Enable_WSManCredSSP(self, *_):
        self.mutate("wsman")
        self.wsman["Service\\Auth\\CredSSP"] = "true"
        return [Thing()]

    def c_Disable_WSManCredSSP(self, *_):
        self.mutate("wsman")
        self.wsman["Service\\Auth\\CredSSP"] = "false"
        return []

    def c_Get_ItemProperty(self, *_):
        return [Thing(Start=self.service["Start"], PSObject=Thing(Properties=Bag()))]

    def c_Get_Service(self, *_):
        return [Service(self)]

    def c_New_SelfSignedCertificate(self, _, __, names, ___):
        self.mutate("certificate")
        self.certificates.append(Certificate(names["Subject"].removeprefix("CN="), names["FriendlyName"], int(names["NotAfter"])))
        return [self.certificates[-1]]

    def c_Get_WSManInstance(self, *_):
        return [Node(listener) for listener in self.listeners]

    def find(self, selectors):
        return next((one for one in self.listeners if all(one[key] == value for key, value in selectors.items())), None)

    def c_New_WSManInstance(self, _, __, names, ___):
        self.mutate("listener")
        if self.find(names["SelectorSet"]):
            raise Failure("There is such a listener.")
        made = {"Hostname": "", "CertificateThumbprint": ""} | dict(names["SelectorSet"]) | dict(names["ValueSet"])
        self.listeners.append(made)
        return [Thing()]

    def c_Set_WSManInstance(self, _, __, names, ___):
        self.mutate("listener")
        self.find(names["SelectorSet"]).update(names["ValueSet"])
        return [Thing()]

    def c_Remove_WSManInstance(self, _, __, names, ___):
        self.mutate("listener")
        self.listeners.remove(self.find(names["SelectorSet"]))
        return []

    # ---- Types

    def replace(self, fresh, journal, old):
        self.mutate("journal")
        self.files[old], self.files[journal] = self.files[journal], self.files.pop(fresh)
        return VOID

    def move(self, fresh, journal):
        self.mutate("journal")
        self.files[journal] = self.files.pop(fresh)
        return VOID

    def statics(self):
        return {"environment::getfolderpath": lambda _: "C:\\ProgramData", "environment::machinename": "WEB01",
                "environment::osversion": Thing(Version=[10, 0]), "system.net.dns::gethostentry": lambda _: Thing(HostName="web01.example.com"),
                "system.io.file::replace": self.replace, "system.io.file::move": self.move, "system.io.path::getfilename": lambda path: path.rsplit("\\", 1)[1],
                "system.security.principal.windowsidentity::getcurrent": lambda: Thing(), "system.net.ipaddress::tryparse": try_parse,
                "system.net.ipaddress::parse": Address, "system.security.cryptography.sha256::create": lambda: Sha(), "bitconverter::tostring": lambda _: "AB-CD",
                "system.security.cryptography.x509certificates.x509nametype::simplename": 0,
                "system.globalization.cultureinfo::invariantculture": 0, "timespan::fromseconds": lambda count: count}


class Sha:
    def computehash(self, _):
        return [1]


class Principal:
    def isinrole(self, sid):
        return sid == ADMINISTRATORS


class Mutex:
    def waitone(self, *_):
        return True

    def releasemutex(self):
        return VOID


class Key:
    def __init__(self, registry, path):
        self.values, self.valuecount = registry[path], len(registry[path])
        self.subkeycount = sum(1 for other in registry if other.rpartition("\\")[0] == path)

    def getvaluenames(self):
        return list(self.values)

    def getvalue(self, name):
        return self.values[name][0]

    def getvaluekind(self, name):
        return self.values[name][1]


class Node:
    def __init__(self, listener):
        self.listener = listener

    def getattribute(self, _):
        return ""

    def selectsinglenode(self, path):
        name = re.search(r"'(\w+)'", path)[1]
        return Thing(InnerText=self.listener[name])
