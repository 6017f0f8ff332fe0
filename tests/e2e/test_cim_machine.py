"""A machine's services and processes by `winrm` and `mullion cim`, as an administrator asks: the bus is a test's own, with a stand-in for systemd on it."""
import os
import pwd
import re
import subprocess
import sys
import unittest
from pathlib import Path

from tests.e2e.cim_scene import get, no_hosts
from tests.e2e.client import Password, Ran
from tests.e2e.namesakes import WINRM, with_password
from tests.e2e.test_memory import kept_by
from tests.support import own_bus, soap
from tests.support.own_bus import BusService, OwnBus, file, refusing, unit
from tests.support.service import ADMIN, DEADLINE, MULLION, Service, alive, shell_user, wait_until
from tests.support.winrm import WinRM

WEAK = ("weak", "we4k Passw0rd")
ODD = "a&b<c>]]>'\" é"
INSTANCE = "systemd-fsck@dev-disk-by\\x2duuid-1F"
UNITS = [unit("ssh", pid=4711, description="OpenBSD Secure Shell server", command=("/usr/sbin/sshd", "-D")),
         unit("cron", "inactive", user="daemon", command=("/usr/sbin/cron", "-f")), unit(ODD, "failed"), unit(INSTANCE),
         file("ssh", "enabled"), file("cron", "disabled"), file("template@", "enabled"), file("other", "masked"), file("systemd-fsck@", "static")]
QUIET = ("GetAll", "GetUnitFileState", "Subscribe")  # What changes nothing.
TOO_LARGE = 0x80338048
SSH = """Win32_Service
    AcceptPause = false
    AcceptStop = true
    Caption = OpenBSD Secure Shell server
    CheckPoint = null
    CreationClassName = Win32_Service
    DelayedAutoStart = null
    Description = OpenBSD Secure Shell server
    DesktopInteract = null
    DisplayName = OpenBSD Secure Shell server
    ErrorControl = null
    ExitCode = 0
    InstallDate = null
    Name = ssh
    PathName = /usr/sbin/sshd -D
    ProcessId = 4711
    ServiceSpecificExitCode = null
    ServiceType = Own Process
    Started = true
    StartMode = Auto
    StartName = root
    State = Running
    Status = OK
    SystemCreationClassName = Win32_ComputerSystem
    SystemName = {machine}
    TagId = null
    WaitHint = null

"""
EPR = """EndpointReference
    Address = http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous
    ReferenceParameters
        ResourceURI = http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service
        SelectorSet
            Selector: Name = {name}

"""
NAMES = [ODD, "cron", "other", "ssh", INSTANCE]


def cim(service, verb, *words, account=ADMIN):
    with Password(account[1]) as password:
        command = [str(MULLION), "cim", verb, "--password-file", password.path, "-u", account[0], "--transport", "ntlm", service.http, *map(str, words)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=3 * DEADLINE, pass_fds=password.descriptors)
    return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


class Asked(unittest.TestCase):
    def winrm(self, *words, account=ADMIN):
        return with_password(WINRM, *words, f"-r:{self.service.http}", f"-u:{account[0]}", password=account[1])

    def text(self, *words, **how):
        ran = self.winrm(*words, **how)
        self.assertEqual((ran.code, ran.stderr), (0, ""))
        return ran.stdout.decode()

    def refused(self, *words):
        ran = self.winrm(*words)
        self.assertEqual((ran.code, ran.stdout), (1, b""))
        return ran.stderr

    def cim(self, verb, *words, code=0):
        ran = cim(self.service, verb, *words)
        self.assertEqual(ran.code, code, ran)
        return ran


@unittest.skipIf(own_bus.missing(), own_bus.missing())
class OnABus(Asked):
    """Each test has a machine of its own: methods change it."""

    def setUp(self):
        self.bus = self.enterContext(OwnBus(UNITS, refusing("daemon", "StartUnit", "StopUnit", "EnableUnitFiles", "DisableUnitFiles", "MaskUnitFiles")))
        self.service = self.enterContext(BusService(self.bus, accounts=[(*ADMIN, ["--admin"])]))

    def method(self, name, of, *words, **how):
        """What `winrm invoke` says was returned."""
        text = self.text("invoke", name, f"wmicimv2/Win32_Service?Name={of}", *words, **how)
        found = re.fullmatch(rf"{name}_OUTPUT\n    ReturnValue = (\d+)\n\n", text)
        self.assertTrue(found, text)
        return int(found[1])

    def test_services_as_windows_prints_them(self):
        self.assertEqual(self.text("get", "wmicimv2/Win32_Service?Name=ssh"), SSH.format(machine=os.uname().nodename))
        all_text = self.text("enumerate", "wmicimv2/Win32_Service")
        self.assertIn(SSH.format(machine=os.uname().nodename), all_text)
        items = all_text.removesuffix("\n\n").split("\n\n")
        self.assertEqual([re.search(r"^    Name = (.*)$", one, re.M)[1] for one in items], NAMES)
        for one in items:
            properties = [line.split(" = ")[0].strip().lower() for line in one.splitlines()[1:]]
            self.assertEqual(properties, sorted(properties))
        self.assertIn("    State = Stopped\n    Status = Error\n", items[0])
        self.assertIn("    StartMode = Disabled\n", items[2])
        self.assertIn("    StartMode = Manual\n", items[4])  # An instance of a template that cannot be enabled.

    def test_forms_of_output(self):
        xml = self.text("get", "wmicimv2/Win32_Service?Name=ssh", "-format:xml")
        self.assertRegex(xml, r'^<p:Win32_Service [^>]*xsi:type="p:Win32_Service_Type"[^>]*><p:AcceptPause>false</p:AcceptPause>')
        self.assertIn('<p:WaitHint xsi:nil="true"/></p:Win32_Service>', xml)
        pretty = self.text("enumerate", "wmicimv2/Win32_Service", "-format:pretty")
        self.assertTrue(pretty.startswith('<wsman:Results xmlns:wsman="http://schemas.dmtf.org/wbem/wsman/1/wsman/results">\n<p:Win32_Service '))
        self.assertIn("\n    <p:Name>a&amp;b&lt;c&gt;]]&gt;'\" é</p:Name>\n", pretty)
        self.assertTrue(pretty.endswith("\n</p:Win32_Service>\n\n</wsman:Results>\n"), pretty[-80:])
        self.assertEqual(pretty.count("</p:Win32_Service>"), len(NAMES))

    def test_queries_and_what_they_return(self):
        for dialect in ((), ("-dialect:wql",)):
            text = self.text("enumerate", "wmicimv2/*", "-filter:select Name,State from Win32_Service where State='Running'", *dialect)
            self.assertEqual(text, f"XmlFragment\n    Name = ssh\n    State = Running\n\nXmlFragment\n    Name = {INSTANCE}\n    State = Running\n\n")
        self.assertEqual(self.text("enumerate", "wmicimv2/Win32_Service", "-returntype:epr"), "".join(EPR.format(name=name) for name in NAMES))
        both = self.text("enumerate", "wmicimv2/Win32_Service", "-returntype:objectandepr")
        self.assertEqual(both.count("Item\n    Win32_Service\n"), len(NAMES))
        self.assertIn("        WaitHint = null\n    EndpointReference\n", both)
        self.assertIn("                Selector: Name = cron\n", both)

    def test_classes_above(self):
        """Win32_Service is one: -shallow has none of it, -basepropertiesonly what a CIM_Service has."""
        whole = self.text("enumerate", "wmicimv2/CIM_Service")
        self.assertEqual(whole.count("Win32_Service\n    AcceptPause"), len(NAMES))
        self.assertEqual(self.text("enumerate", "wmicimv2/CIM_Service", "-shallow"), "")
        base = self.text("enumerate", "wmicimv2/CIM_Service", "-basepropertiesonly")
        self.assertEqual(base.count("CIM_Service\n    Caption = "), len(NAMES))
        self.assertNotIn("AcceptPause", base)

    def test_methods_return_windows_codes(self):
        self.assertEqual(self.method("StartService", "cron"), 0)
        self.assertEqual(self.method("StartService", "cron"), 10)
        self.assertIn("    State = Running\n", self.text("get", "wmicimv2/Win32_Service?Name=cron"))
        self.assertEqual(self.method("StopService", "cron"), 0)
        self.assertEqual(self.method("StopService", "cron"), 5)
        self.assertEqual(self.method("StartService", "other"), 14)
        self.assertEqual(self.method("ChangeStartMode", "ssh", '@{StartMode="Manual"}'), 0)
        self.assertEqual(self.method("InterrogateService", "ssh"), 0)
        self.assertEqual(self.method("StartService", INSTANCE), 10)
        asked = [one for one in self.bus.stop() if not one.startswith(QUIET)]
        self.assertEqual(asked, ["StartUnit cron.service", "StopUnit cron.service", "DisableUnitFiles ssh.service", "Reload"])

    def test_whom_the_bus_refuses(self):
        """The account may everything here; its Linux user may not."""
        self.service.add_account(*WEAK, "--admin", linux_user="daemon")
        wait_until(lambda: self.winrm("identify", account=WEAK).code == 0, "the new account")
        self.assertEqual(self.method("StartService", "cron", account=WEAK), 2)
        self.assertEqual(self.method("StopService", "ssh", account=WEAK), 2)
        self.assertEqual(self.method("ChangeStartMode", "ssh", '@{StartMode="Disabled"}', account=WEAK), 2)
        self.assertIn("    State = Running\n", self.text("get", "wmicimv2/Win32_Service?Name=ssh", account=WEAK))
        # A change that fails may have changed something: what there is is loaded.
        self.assertEqual([one for one in self.bus.stop() if not one.startswith(QUIET)], ["Reload"])

    def test_mullion_cim(self):
        self.assertEqual(self.cim("query", "SELECT Name, State, ProcessId FROM Win32_Service").stdout.decode().splitlines(),
                         [f"{'Name':{len(INSTANCE)}}  State    ProcessId"] +
                         [f"{name:{len(INSTANCE)}}  {state:7}  {pid}" for name, state, pid in
                          zip(NAMES, ("Stopped", "Stopped", "Stopped", "Running", "Running"), (0, 0, 0, 4711, 0))])
        host = self.cim("list", "Win32_Service", "--output", "json").host
        self.assertEqual((host["row_count"], host["complete"], [row["Name"] for row in host["rows"]]), (len(NAMES), True, NAMES))
        for name in NAMES:
            host = self.cim("get", "Win32_Service", f"Name={name}", "--output", "json").host
            self.assertEqual(host["instance"]["Name"], name)
        self.assertEqual(self.cim("invoke", "Win32_Service?Name=cron", "StartService").stdout, b"ReturnValue = 0 (Success)\n")
        again = self.cim("invoke", "Win32_Service?Name=cron", "StartService", "--output", "json", code=2).host
        self.assertEqual((again["status"], again["return_value"], again["return_text"]), ("failed", "10", "Service Already Running"))

    def test_a_bus_that_is_gone_is_said(self):
        self.bus.daemon.terminate()
        self.bus.daemon.wait(DEADLINE)
        told = self.refused("enumerate", "wmicimv2/Win32_Service")
        self.assertIn("the service manager (systemd, by D-Bus: ", told)
        self.assertIn("0x8007054F", told)


class Wrong(Asked):
    """What is wrong is said, with what would be right where that is known."""

    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())

    def test_by_winrm(self):
        for words, code, said in (
                (("get", "wmicimv2/Win32_OperatingSystm"), "0x80338000", "there is no class Win32_OperatingSystm here; there is Win32_OperatingSystem"),
                (("enumerate", "wmi/root/nowhere/Win32_Service"), "0x80338000", "there is no namespace root/nowhere here"),
                (("enumerate", "wmicimv2/*", "-filter:select * from"), "0x8033801A", "character 14: expected the name of a class, found the end"),
                (("enumerate", "wmicimv2/*", "-filter:select Nix from Win32_Process"), "0x8033801A", "character 8: expected a property of Win32_Process"),
                (("get", "wmicimv2/Win32_Process"), "0x803380FA", "the class has keys and the request has no selectors"),
                (("get", "wmicimv2/Win32_Process?Handel=1"), "0x8033805B", "the class has no key Handel"),
                (("get", "wmicimv2/Win32_Process?Handle=0"), "0x80338000", 'there is no Win32_Process.Handle="0" on this machine'),
                (("invoke", "Nix", "wmicimv2/Win32_Process?Handle=1"), "0x80338013", "Win32_Process has no method Nix"),
                (("invoke", "Terminate", "wmicimv2/Win32_Process?Handle=1", '@{Nix="a"}'), "0x80338055", "Terminate has no argument Nix"),
                (("delete", "wmicimv2/Win32_Process?Handle=1"), "0x80338102", "what can be changed here has a method")):
            with self.subTest(" ".join(words)):
                told = self.refused(*words)
                self.assertIn(f" {code}\n", told)
                self.assertRegex(told, r"\AWSManFault\n    Message")
                self.assertIn(said, told)

    def test_by_mullion_cim(self):
        told = self.cim("query", "SELECT Nix FROM Win32_Process", code=4).stderr
        self.assertIn("expected a property of Win32_Process", told)
        self.assertIn("[wsman.fault]", told)
        told = self.cim("list", "CIM_DataFile", code=4).stderr
        self.assertIn("this class cannot be listed: say which instance is meant, by Name or Path", told)

    def test_times(self):
        text = self.text("get", "wmicimv2/Win32_OperatingSystem")
        self.assertRegex(text, r"\n    LastBootUpTime\n        Datetime = \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\n")

    def test_an_answer_that_does_not_fit(self):
        with subprocess.Popen(["sh", "-c", "read line", "x" * 30_000], stdin=subprocess.PIPE) as process, WinRM(self.service.port("http")) as client:
            self.assertEqual(client.fault(soap.envelope(soap.TRANSFER + "Get", "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Process",
                                                        selectors=[("Handle", str(process.pid))], size=8192)), TOO_LARGE)
            self.assertIn("x" * 29_000, client.well(get("Win32_Process", Handle=str(process.pid))))
            process.stdin.close()


class Processes(Asked):
    def serve(self, *settings):
        self.service = self.enterContext(Service(list(settings)))

    def create(self, line):
        host = self.cim("invoke", "Win32_Process", "Create", f"CommandLine={line}", "--output", "json").host
        self.assertEqual(host["return_value"], "0")
        return int(host["outputs"]["ProcessId"])

    def lives_on_as_the_caller(self):
        pid = self.create("exec sleep 600")
        no_hosts(self.service)
        self.text("enumerate", "wmicimv2/Win32_UTCTime")  # The monitor has looked after what ended.
        self.assertTrue(alive(pid))
        status = Path(f"/proc/{pid}/status").read_text()
        self.assertIn(f"\nUid:\t{pwd.getpwnam(shell_user()).pw_uid}\t", status)
        self.assertEqual(os.getsid(pid), pid)
        self.assertEqual(self.cim("invoke", f"Win32_Process?Handle={pid}", "GetOwner", "--output", "json").host["outputs"]["User"], shell_user())
        return pid

    def terminate(self, pid):
        self.assertEqual(self.cim("invoke", f"Win32_Process?Handle={pid}", "Terminate", "--output", "json").host["return_value"], "0")
        wait_until(lambda: not alive(pid), "what was created ends")

    def test_what_is_created_outlives_the_answer(self):
        self.serve()
        self.terminate(self.lives_on_as_the_caller())

    def test_also_where_memory_is_limited(self):
        """It stays in the control group of the process that answered; the group goes when it does."""
        self.serve("Winrs/MaxMemoryPerShellMB=256")
        pid = self.lives_on_as_the_caller()
        how = kept_by(self.service)
        grouped = how.startswith("by control groups")
        if grouped:
            top = Path(how.split(" in ")[1]).name
            self.assertIn(f"/{top}/", Path(f"/proc/{pid}/cgroup").read_text())
        self.terminate(pid)
        if grouped:
            wait_until(lambda: not [one for one in Path(how.split(" in ")[1]).iterdir() if one.is_dir()], "its control group is removed")

    def test_names_and_words_that_are_no_text(self):
        self.serve()
        words = [b"sh", b"-c", b"read line", b"\xff\xfe\x01\x1b[31m]]>&<\xc3", b"\xed\xa0\x80 \xef\xbf\xbe"]
        named = b"import ctypes,sys; ctypes.CDLL(None).prctl(15,b'\\xff]]>\\x01) S 1',0,0,0); print('x',flush=True); sys.stdin.read()"
        with subprocess.Popen(words, stdin=subprocess.PIPE) as first, \
                subprocess.Popen([sys.executable.encode(), b"-c", named], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as second:
            second.stdout.readline()
            query = f"SELECT CommandLine FROM Win32_Process WHERE Handle = '{first.pid}'"
            self.assertEqual(self.cim("query", query, "--output", "json").host["rows"],
                             [{"CommandLine": r"sh -c read line \xff\xfe\x01\x1b[31m]]>&<\xc3 \xed\xa0\x80 \ufffe"}])
            self.assertIn("\n    Name = \\xff]]>\\x01) S 1\n", self.text("get", f"wmicimv2/Win32_Process?Handle={second.pid}"))
            self.assertIn(f"\n    Handle = {second.pid}\n", self.text("enumerate", "wmicimv2/*", "-filter:SELECT Handle FROM Win32_Process WHERE Name LIKE '%]]>%'"))
            first.stdin.close()
            second.stdin.close()
