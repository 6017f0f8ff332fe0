"""CIM over the service, answered by processes of the caller's own: service-protocol 3.4, 3.5, 4."""
import datetime
import os
import re
import signal
import unittest

from tests.e2e.cim_scene import (ALL, CIMV2, WMI, all_of, call, context_of, enumerate_class, get, hosts, is_end, items_of, many_long_processes, metadata, no_hosts,
                                 pull, release)
from tests.e2e.namesakes import WINRM, with_password
from tests.support import soap
from tests.support.leftovers import descriptors, processes_of, settled
from tests.support.service import ADMIN, Service, alive, wait_until
from tests.support.winrm import WinRM

MONITOR = ("monitor", "m0nitor Passw0rd")
BAD_CONTEXT, QUOTA_USER, TOO_LARGE, INTERNAL, NO_OPTION, NO_ACTION = 0x8033801B, 0x803381A7, 0x80338048, 0x54F, 0x80338051, 0x80338013


def put_security(uri, sddl):
    space = soap.CONFIG + "/PluginConfiguration"
    body = f'<p:Security xmlns:p="{space}" Uri="{uri}" Sddl="{sddl}" ExactMatch="false"/>'
    return soap.envelope(soap.TRANSFER + "Put", soap.CONFIG + "/service/security", body, [("Uri", uri)])


class Wire(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(accounts=[(*ADMIN, ["--admin"]), (*MONITOR, ["--group", "RM"])]))

    def setUp(self):
        self.admin = self.enterContext(WinRM(self.service.port("http")))

    def winrm(self, *words):
        return with_password(WINRM, *words, f"-r:{self.service.http}", f"-u:{ADMIN[0]}")

    def test_winrm_enumerates_and_gets(self):
        ran = self.winrm("enumerate", "wmicimv2/Win32_UTCTime")
        self.assertEqual((ran.code, ran.stderr), (0, ""))
        self.assertRegex(ran.stdout.decode(), rf"^Win32_UTCTime\n(.*\n)*    Year = {datetime.datetime.now(datetime.timezone.utc).year}\n")
        ran = self.winrm("get", "wmicimv2/Win32_Process?Handle=1")
        self.assertEqual((ran.code, ran.stderr), (0, ""))
        self.assertIn("    Handle = 1\n", ran.stdout.decode())
        ran = self.winrm("enumerate", "wmicimv2/*", "-filter:select Handle from Win32_Process where Handle = '1'")
        self.assertEqual(ran.code, 0, ran.stderr)
        self.assertRegex(ran.stdout.decode(), r"^XmlFragment\n    Handle = 1\n")
        self.assertNotEqual(self.winrm("get", "wmicimv2/Win32_Process?Handle=0").code, 0)

    def test_a_class_comes_whole_in_batches_of_any_size(self):
        with many_long_processes(5, 100) as ours:
            found, batches = all_of(self.admin, "Win32_Process", 1)
            handles = [soap.value_of(one, "Handle") for one in found]
            self.assertEqual(len(handles), len(set(handles)))
            self.assertLessEqual(ours, set(handles))
            self.assertGreaterEqual(batches, len(found))
            more, fewer = all_of(self.admin, "Win32_Process", 32000)
            self.assertLess(fewer, batches)
            self.assertLessEqual(ours, {soap.value_of(one, "Handle") for one in more})
        no_hosts(self.service)

    def test_classes_say_what_they_have(self):
        described = self.admin.well(metadata("Win32_Service"))
        self.assertRegex(described, r'<CLASS NAME="Win32_Service" SUPERCLASS="\w+"')
        self.assertRegex(described, r'<PROPERTY NAME="Name"[^>]* TYPE="string"')
        self.assertRegex(described, r'<METHOD NAME="StartService"[^>]* TYPE="uint32"')
        below = self.admin.well(metadata("CIM_Service", "Enumerate"))
        self.assertIn('<CLASS NAME="Win32_Service"', below)
        self.assertEqual(self.admin.fault(metadata("Win32_Nothing")), 0x80338000)

    def test_queries_choose_rows_and_columns(self):
        with many_long_processes(3, 10) as ours:
            xml = self.admin.well(enumerate_class("", 100, "select Handle, Name from Win32_Process where Name = 'sh' and CommandLine like '%read line%'"))
            rows = re.findall(r"<w:XmlFragment.*?</w:XmlFragment>", xml, re.S)
            self.assertLessEqual(ours, {soap.value_of(row, "Handle") for row in rows})
            self.assertNotIn("CommandLine", xml)
            self.assertTrue(is_end(xml))

    def test_what_is_wrong_is_said_at_once(self):
        for query in ("select from x", "select Handel from Win32_Process", "select * from Win32_Proces"):
            for optimize in (True, False):
                with self.subTest(query, optimize=optimize):
                    status, xml = self.admin.ask(enumerate_class("", 10, query, optimize=optimize))
                    self.assertEqual((status, is_end(xml)), (500, False))
                    self.assertIn("Fault", xml)
        self.assertEqual(self.admin.fault(soap.envelope(soap.TRANSFER + "Get", ALL)) & 0x80330000, 0x80330000)
        no_hosts(self.service)

    def test_messages_that_have_no_place_here(self):
        self.assertEqual(self.admin.fault(pull("Win32_Process", "11111111-2222-3333-4444-555555555555")), BAD_CONTEXT)
        self.assertEqual(self.admin.fault(release("Win32_Process", "11111111-2222-3333-4444-555555555555")), BAD_CONTEXT)
        self.assertEqual(self.admin.fault(soap.envelope(soap.EVENTING + "Subscribe", CIMV2 + "/Win32_Process")), NO_ACTION)
        option = '<w:OptionSet s:mustUnderstand="true"><w:Option Name="{}" MustComply="true">1</w:Option></w:OptionSet>'
        self.admin.well(enumerate_class("Win32_UTCTime", header=option.format("__MI_CallbackRegistration")))
        self.assertEqual(self.admin.fault(enumerate_class("Win32_UTCTime", header=option.format("TURBO"))), NO_OPTION)

    def test_one_that_is_bigger_than_the_envelope(self):
        with many_long_processes(1, 30_000) as ours:
            query = f"select * from Win32_Process where Handle = '{ours.pop()}'"
            self.assertEqual(self.admin.fault(enumerate_class("", 10, query, size=8192)), TOO_LARGE)
            self.assertTrue(is_end(self.admin.well(enumerate_class("", 10, query))))

    def test_calls_of_methods_are_written_down_and_reads_are_not(self):
        before = len(self.service.log.read_text())
        self.admin.well(get("Win32_Process", Handle="1"))
        self.admin.ask(call("Win32_Process", "NoSuchMethod", Handle="1"))
        said = [line for line in self.service.log.read_text()[before:].splitlines() if "calls " in line or "called " in line or "Get" in line]
        self.assertEqual(len(said), 2, said)
        what = rf"NoSuchMethod of {re.escape(CIMV2)}/Win32_Process \(Handle=1\)"
        self.assertRegex(said[0], rf"{ADMIN[0]} from 127\.0\.0\.1: calls {what}$")
        self.assertRegex(said[1], rf"{ADMIN[0]} from 127\.0\.0\.1: called {what}: fault 0x")

    def test_refused_calls_are_written_down_so_often(self):
        with Service(["Service/MaxConcurrentOperationsPerUser=1"]) as service, WinRM(service.port("http")) as client:
            self.assertFalse(is_end(client.well(enumerate_class("Win32_UTCTime", optimize=False))))
            for _ in range(40):
                self.assertEqual(client.fault(call("Win32_Process", "Terminate", Handle="1")), soap.QUOTA_OPERATIONS)
            said = [line for line in service.log.read_text().splitlines() if "did not call Terminate" in line]
            self.assertEqual(len(said), 30)
            self.assertIn("(Handle=1): fault 0x803381A6", said[0])

    def test_batches_fill_the_envelope(self):
        with many_long_processes(20, 29_000):
            batch = self.admin.well(enumerate_class("Win32_Process", 32000, "select * from Win32_Process where CommandLine like '%xxx%'", size=100_000))
            self.assertLessEqual(len(batch.encode()), 100_000)
            self.assertEqual(len(items_of(batch, "Win32_Process")), 3, "of some 30,500 bytes each; three quarters would hold two")
            context = context_of(batch)
            self.admin.well(release("*", context))

    @unittest.skipUnless(os.geteuid() == 0, "only where shells run as somebody else")
    def test_the_kernel_says_what_is_seen(self):
        init = self.admin.well(get("Win32_Process", Handle="1"))
        self.assertIn('<p:ExecutablePath xsi:nil="true"/>', init, "nobody may not look at root's")
        own = self.admin.well(get("Win32_Process", Handle=str(self.own_process())))
        self.assertNotIn('<p:ExecutablePath xsi:nil="true"/>', own)

    def own_process(self):
        """One of the user's that the service runs commands as."""
        shell = self.admin.create()
        self.addCleanup(lambda: self.admin.well(soap.delete(shell)))
        command = self.admin.command(shell, "echo $$; exec sleep 600")
        return int(soap.output_of(self.admin.well(soap.receive(shell, command))))

    def test_rights_are_granted_by_namespace(self):
        self.addCleanup(lambda: self.admin.well(soap.envelope(soap.CONFIG + "/plugin/restore", soap.CONFIG + "/plugin", f'<restore_INPUT xmlns="{soap.CONFIG}/plugin"/>')))
        with WinRM(self.service.port("http"), account=MONITOR) as monitor:
            self.assertEqual(monitor.fault(enumerate_class("Win32_UTCTime")), soap.ACCESS_DENIED)
            self.admin.well(put_security(CIMV2, "D:(A;;GA;;;BA)(A;;GR;;;RM)"))
            self.assertEqual(len(items_of(monitor.well(enumerate_class("Win32_UTCTime")), "Win32_UTCTime")), 1)
            monitor.well(get("Win32_Process", Handle="1"))
            self.assertEqual(monitor.fault(call("Win32_Process", "Terminate", Handle="1")), soap.ACCESS_DENIED)
            elsewhere = soap.envelope(soap.TRANSFER + "Get", WMI + "/root/other/X")
            self.assertEqual(monitor.fault(elsewhere), soap.ACCESS_DENIED)
            # Wide open above, shut below: no other spelling leads around it.
            self.admin.well(put_security(WMI, "D:(A;;GA;;;BA)(A;;GRGX;;;RM)"))
            self.admin.well(put_security(CIMV2, "D:(A;;GA;;;BA)"))
            for uri in (CIMV2, WMI + "/root\\cimv2", WMI + "/ROOT/CIMV2"):
                self.assertEqual(monitor.fault(soap.envelope(soap.TRANSFER + "Get", uri + "/Win32_UTCTime")), soap.ACCESS_DENIED, uri)

    def test_the_plugin_is_shown(self):
        shown = self.admin.well(soap.config_get("plugin", [("Name", "WMI Provider")]))
        self.assertIn(f'ResourceUri="{WMI}"', shown)
        self.assertIn('ResourceUri="http://schemas.dmtf.org/wbem/wscim/1/*"', shown)


class Held(unittest.TestCase):
    """Enumerations that stay open while their process waits."""

    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(many_long_processes())

    def service(self, *settings):
        service = self.enterContext(Service(list(settings)))
        return service, self.enterContext(WinRM(service.port("http")))

    def open(self, client):
        return context_of(client.well(enumerate_class("Win32_Process", 1)))

    def test_release_ends_the_process(self):
        service, client = self.service()
        context = self.open(client)
        (host,) = hosts(service)
        status = open(f"/proc/{host}/status").read()
        if os.geteuid() == 0:
            self.assertIn("\nUid:\t65534\t65534\t65534\t65534\n", status, "it is the user's")
        client.well(release("Win32_Process", context))
        no_hosts(service)
        self.assertEqual(client.fault(pull("Win32_Process", context)), BAD_CONTEXT)

    def test_the_last_pull_ends_the_process(self):
        service, client = self.service()
        context, handles = self.open(client), []
        while context:
            xml = client.well(pull("Win32_Process", context, 1000, size=512000))
            handles += [soap.value_of(one, "Handle") for one in items_of(xml, "Win32_Process")]
            context = None if is_end(xml) else context_of(xml)
        self.assertEqual(len(handles), len(set(handles)))
        self.assertGreater(len(handles), 80)
        no_hosts(service)

    def test_a_killed_process_is_no_end(self):
        service, client = self.service()
        context = self.open(client)
        os.kill(hosts(service)[0], signal.SIGKILL)
        while True:
            status, xml = client.ask(pull("Win32_Process", context, 1000))
            if status != 200:
                break
            self.assertFalse(is_end(xml), "what was cut off is not told as all")
        self.assertEqual(soap.code_of(xml), INTERNAL)
        self.assertIn("ended before it was done (exit code 137)", xml)
        self.assertRegex(service.log.read_text(), rf"CIM: the process that answers {ADMIN[0]} from 127\.0\.0\.1 \(Enumerate [^)]*Win32_Process\) ended before it was done: exit code 137")
        self.assertEqual(client.fault(pull("Win32_Process", context)), BAD_CONTEXT)
        client.well(get("Win32_UTCTime"))

    def test_idle_ones_are_ended(self):
        service, client = self.service("Service/EnumerationTimeoutms=500", "Winrs/MaxShellRunTime=1000")
        context = self.open(client)
        no_hosts(service)
        self.assertEqual(client.fault(pull("Win32_Process", context)), BAD_CONTEXT)

    def test_a_plain_one_that_nobody_pulls_from_lets_its_process_go(self):
        service, client = self.service()
        with WinRM(service.port("http")) as gone:
            context = context_of(gone.well(enumerate_class("Win32_Process", None, optimize=False)))
            self.assertEqual(len(hosts(service)), 1)
        no_hosts(service)
        handles = []
        while context:  # Over another connection, and all of it.
            xml = client.well(pull("Win32_Process", context, 1000, size=512000))
            handles += [soap.value_of(one, "Handle") for one in items_of(xml, "Win32_Process")]
            context = None if is_end(xml) else context_of(xml)
        self.assertEqual(len(handles), len(set(handles)))
        self.assertGreater(len(handles), 80)
        no_hosts(service)

    def test_open_ones_count_as_operations(self):
        service, client = self.service("Service/MaxConcurrentOperationsPerUser=1")
        context = self.open(client)
        self.assertEqual(client.fault(get("Win32_UTCTime")), soap.QUOTA_OPERATIONS)
        self.assertEqual(client.fault(enumerate_class("Win32_UTCTime")), soap.QUOTA_OPERATIONS)
        self.assertEqual(len(hosts(service)), 1)
        client.well(release("Win32_Process", context))
        client.well(get("Win32_UTCTime"))

    def test_a_hundred_left_open_leave_nothing(self):
        service, client = self.service("Service/EnumerationTimeoutms=2000", "Winrs/MaxShellRunTime=1000")
        for _ in range(2 * os.cpu_count()):  # Each thread opens what it keeps with its first connection.
            with WinRM(service.port("http")) as another:
                another.well(get("Win32_UTCTime"))
        no_hosts(service)
        own = processes_of(service)
        before = {name: descriptors(pid) for name, pid in own.items()}
        opened = 0
        with WinRM(service.port("http")) as gone:
            for _ in range(100):
                status, xml = gone.ask(enumerate_class("Win32_Process", 1))
                if status == 200:
                    opened += 1
                else:
                    self.assertEqual(soap.code_of(xml), QUOTA_USER)
        # Of 768 KiB and an envelope each, of 64 MiB; more where the first were idle too long meanwhile.
        self.assertGreaterEqual(opened, 50)
        no_hosts(service)
        for name, pid in own.items():
            settled(lambda pid=pid: descriptors(pid), before[name], f"descriptors of {name}")
        client.well(enumerate_class("Win32_Process", 1))

    def test_a_killed_service_leaves_no_process(self):
        for killed in ("mullion-service", "mullion-monitor"):
            with self.subTest(killed), Service() as service, WinRM(service.port("http")) as client:
                self.open(client)
                (host,) = hosts(service)
                pid = next(pid for name, pid in processes_of(service).items() if name == killed[:15])
                os.kill(pid, signal.SIGKILL)
                wait_until(lambda host=host: not alive(host), "the process that answers is gone")

    def test_an_orderly_end_does_not_wait(self):
        service, client = self.service()
        self.open(client)
        (host,) = hosts(service)
        self.assertEqual(service.stop(), 0)
        self.assertFalse(alive(host))
