"""Plugins, the descriptors of single resources, and what quickconfig asks, as the service has them on the wire; and our own `winrm` on them."""
import os
import re
import unittest
from xml.sax.saxutils import quoteattr

from tests.e2e.namesakes import WINRM, run
from tests.support import soap
from tests.support.service import ADMIN, Service, shell_user
from tests.support.winrm import WinRM

MONITOR = ("monitor", "m0nitor Passw0rd")
FULL = "D:(A;;GA;;;BA)"
NOT_FOUND, READ_ONLY, SCHEMA, NO_ACTION, POLICY = 0x80338000, 0x8033813F, 0x80338041, 0x80338013, 0x8033808A
PLUGIN_SPACE = soap.CONFIG + "/PluginConfiguration"
NAME = [("Name", "Shell cmd plugin")]
CONTEXT = r"<n:EnumerationContext>([^<]+)</n:EnumerationContext>"


def security(uri, sddl, exact="false"):
    return f'<p:Security xmlns:p="{PLUGIN_SPACE}" Uri={quoteattr(uri)} Sddl={quoteattr(sddl)} ExactMatch="{exact}"/>'


def put_security(uri, sddl, exact="false"):
    return soap.envelope(soap.TRANSFER + "Put", soap.CONFIG + "/service/security", security(uri, sddl, exact), [("Uri", uri)])


def get_security(uri):
    return soap.config_get("service/security", [("Uri", uri)])


def invoke(name, inside="", path="service"):
    uri = soap.config_uri(path)
    return soap.envelope(f"{uri}/{name}", uri, f'<{name}_INPUT xmlns="{uri}">{inside}</{name}_INPUT>')


def sddl_of(xml):
    return re.search(r'Sddl="([^"]*)"', xml)[1]


class Wire(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(accounts=[(*ADMIN, ["--admin"]), (*MONITOR, ["--group", "RM"])]))
        cls.port = cls.service.port("http")

    def setUp(self):
        self.admin = self.enterContext(WinRM(self.port))

    def tearDown(self):
        self.admin.well(invoke("restore", path="plugin"))

    def winrm(self, *words):
        return run(WINRM, *words, f"--state={self.service.state}")

    def shown(self, *words):
        ran = self.winrm(*words)
        self.assertEqual(ran.code, 0, ran.stderr)
        return ran.stdout.decode()

    def sid_of(self, name):
        listed = run(WINRM.with_name("mullion"), "user", "list", "--state", self.service.state).stdout.decode()
        return re.search(rf"^{name} .* (S-1-5-21-[\d-]+)", listed, re.M)[1]

    def test_the_descriptor_of_a_resource_is_in_force_at_once_and_told(self):
        with WinRM(self.port, account=MONITOR) as monitor:
            self.assertEqual(monitor.fault(soap.create()), soap.ACCESS_DENIED)
            answer = self.admin.well(put_security(soap.SHELL, FULL[:-1] + ")(A;;GX;;;RM)"))
            self.assertIn('Name="Shell cmd plugin"', answer)
            self.assertEqual(monitor.run("id -un"), (f"{shell_user()}\n".encode(), 0))
            self.assertEqual(monitor.fault(soap.config_get()), soap.ACCESS_DENIED, "of shells alone")
            self.admin.well(put_security(soap.CMD, FULL, "true"))
            self.assertEqual(monitor.fault(soap.create()), soap.ACCESS_DENIED, "the exact one goes before")
        self.assertIn(f"configuration: {ADMIN[0]} from 127.0.0.1: Security of {soap.CMD}: created, {FULL}, ExactMatch", self.service.log.read_text())
        self.assertIn("Security:", (self.service.state / "winrm.yaml").read_text())

    def test_a_descriptor_of_the_configuration_itself(self):
        self.admin.well(put_security(soap.CONFIG + "/listener", FULL + "(A;;GR;;;RM)"))
        with WinRM(self.port, account=MONITOR) as monitor:
            self.assertIn("<cfg:Listener", monitor.well(soap.config_enumerate("listener")))
            self.assertEqual(monitor.fault(soap.config_get("winrs")), soap.ACCESS_DENIED)
            self.assertEqual(monitor.fault(put_security(soap.SHELL, "D:(A;;GA;;;RM)")), soap.ACCESS_DENIED)

    def test_what_one_may_use_is_read_by_whom_its_own_descriptor_lets_in(self):
        """Read on …/config/resource, of that or from above: who may use shells alone has none of it until it is granted (service-protocol 3.4)."""
        path = "resource"
        self.admin.well(put_security(soap.SHELL, FULL[:-1] + ")(A;;GX;;;RM)"))
        with WinRM(self.port, account=MONITOR) as monitor:
            self.assertEqual(monitor.fault(soap.config_enumerate(path)), soap.ACCESS_DENIED)
            self.assertIn("Remote Management Users: Read\n", self.shown("configSDDL", "winrm/config/resource", "--grant=RM:read"))
            found = re.findall(r"<cfg:ResourceUri>([^<]+)<", monitor.well(soap.config_enumerate(path)))
            self.assertEqual(found, [soap.SHELL], "nothing that he may not use")
            self.admin.well(put_security(soap.CONFIG + "/winrs", FULL + "(A;;GR;;;RM)"))
            context = re.search(CONTEXT, monitor.well(soap.config_enumerate(path, count=1)))[1]
            pull = f"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>9</n:MaxElements></n:Pull>"
            self.assertIn("<cfg:ResourceUri>", monitor.well(soap.envelope(soap.ENUMERATION + "Pull", soap.config_uri(path), pull)))
            self.assertEqual(monitor.fault(soap.config_enumerate("listener")), soap.ACCESS_DENIED, "of that alone")

    def test_what_is_refused(self):
        for message, code in (
                (put_security(soap.SHELL, "D:(A;;GA;;;IU)"), SCHEMA), (put_security(soap.SHELL, "quux"), SCHEMA), (put_security("http://no/body", FULL), NOT_FOUND),
                (get_security("http://no/body"), NOT_FOUND), (soap.config_get("plugin", [("Name", "Event Forwarding Plugin")]), NOT_FOUND),
                (soap.config_create("service/security", {}, [("Uri", soap.SHELL)]), NO_ACTION), (soap.config_delete("plugin", NAME), NO_ACTION),
                (soap.config_create("plugin", {}, [("Name", "x")]), NO_ACTION), (soap.config_get("resource"), NO_ACTION)):
            self.assertEqual(self.admin.fault(message), code, message)

    def test_a_plugin_comes_back_as_it_was_but_for_its_descriptors(self):
        whole = re.search(r"<cfg:PlugInConfiguration.*</cfg:PlugInConfiguration>", self.admin.well(soap.config_get("plugin", NAME)))[0]
        put = lambda body: soap.envelope(soap.TRANSFER + "Put", soap.CONFIG + "/plugin", body, NAME)
        self.admin.well(put(whole))
        mine = f'<cfg:Security Uri="{soap.CMD}" Sddl="{FULL}" ExactMatch="false"/>'
        self.assertIn(mine, self.admin.well(put(whole.replace("<cfg:Capability", mine + "<cfg:Capability"))))
        self.assertEqual(sddl_of(self.admin.well(get_security(soap.CMD + "/below"))), FULL)
        self.assertEqual(self.admin.fault(put(whole.replace('Enabled="true"', 'Enabled="false"'))), READ_ONLY)
        self.admin.well(put(whole))
        self.assertNotEqual(sddl_of(self.admin.well(get_security(soap.CMD))), FULL)

    def test_winrm_shows_plugins_and_what_one_may_use(self):
        plugins = self.shown("enumerate", "winrm/config/plugin")
        self.assertTrue(plugins.startswith("PlugInConfiguration\n    Name = Shell cmd plugin\n    Filename = mullion-service\n"), plugins)
        self.assertIn(f"        Resource\n            ResourceUri = {soap.SHELL}\n", plugins)
        self.assertIn("            Capability\n                Type = Shell\n", plugins)
        for name in ("Config provider", "WMI Provider"):
            self.assertIn(f"    Name = {name}\n", self.shown("get", f"winrm/config/plugin?Name={name}"))
        usable = self.shown("enum", "winrm/config/resource")
        self.assertEqual(usable.count("ResourceUri = "), 18, usable)
        self.assertIn(f"Resource\n    ResourceUri = {soap.CONFIG}/listener\n", usable)

    def test_configsddl_of_one_resource_with_the_names_of_accounts(self):
        sid = self.sid_of("monitor")
        self.assertEqual(self.shown("configSDDL", "shell"), sddl_of(self.admin.well(get_security(soap.SHELL))) + "\n")
        told = self.shown("configSDDL", "shell", "--grant=Monitor:execute")
        self.assertIn("monitor: Execute\n", told)
        self.assertIn(f"(A;;GX;;;{sid})", self.shown("configSDDL", "shell"))
        with WinRM(self.port, account=MONITOR) as monitor:
            self.assertEqual(monitor.run("echo in"), (b"in\n", 0))
            self.assertIn("is now:", self.shown("configSDDL", "shell", "--revoke=monitor"))
            self.assertEqual(monitor.fault(soap.create()), soap.ACCESS_DENIED)
        self.assertIn("Unix Group\\root: Read\n", self.shown("configSDDL", "shell", "--grant=Unix Group\\root:read"))
        self.assertIn("(A;;GR;;;S-1-22-2-0)", self.shown("configSDDL", "shell"))
        wrong = self.winrm("configSDDL", "default", "--grant=monitr:read")
        self.assertEqual(wrong.code, 1)
        self.assertIn('there is no group or account "monitr"', wrong.stderr)
        self.assertRegex(wrong.stderr, r"accounts \([^)]*\bmonitor\b")

    def test_configsddl_keeps_what_counts_for_one_resource_alone(self):
        self.admin.well(put_security(soap.CMD, FULL, "true"))
        self.shown("configSDDL", "shell/cmd", "--grant=RM:execute")
        self.assertIn('ExactMatch="true"', self.admin.well(get_security(soap.CMD)))

    def test_quickconfig(self):
        """Everything of it that a service answers. The machine's own part is `winrm quickconfig` itself."""
        words = ("winrm/config/service", "@{}")
        self.assertIn("    RemotingEnabled = true\n    Results = WinRM service is already running on this machine.\n", self.shown("invoke", "AnalyzeService", *words))
        listening = self.admin.well(soap.config_enumerate("listener"))
        self.assertNotIn("<cfg:Address>*<", listening)
        found = self.admin.well(invoke("Analyze", "<Transport>http</Transport>"))
        self.assertIn(">false</p:RemotingEnabled>", found)
        self.assertIn("Create a WinRM listener on HTTP://* to accept WS-Man requests", found)
        self.assertIn("<p:EnableRemoting_INPUT><p:Transport>http</p:Transport></p:EnableRemoting_INPUT>", found)
        self.assertEqual(self.admin.fault(invoke("Analyze", "<Transport>ftp</Transport>")), SCHEMA)
        with WinRM(self.port, account=MONITOR) as monitor:
            self.assertEqual(monitor.fault(invoke("Analyze")), soap.ACCESS_DENIED)
        policy = self.service.state / "policy.d"
        policy.mkdir(mode=0o700)
        (policy / "1.yml").write_text("Service/AllowRemoteAccess: false\n")
        owner = self.service.state.stat()  # Whom the service runs as.
        os.chown(policy, owner.st_uid, owner.st_gid)
        try:
            local = self.shown("invoke", "restore", "winrm/config/plugin", "@{}")  # Whatever is written reads policies again.
            self.assertIn("restore_OUTPUT", local)
            self.admin.well(put_security(soap.CMD, FULL))
            self.assertIn('RemotingEnabled Source="GPO">false<', self.admin.well(invoke("Analyze")))
            self.assertEqual(self.admin.fault(invoke("EnableRemoting")), POLICY)
        finally:
            (policy / "1.yml").unlink()
            policy.rmdir()


class Counted(unittest.TestCase):
    """MaxConcurrentOperationsPerUser: requests of the configuration count with those of shells."""

    def test_with_an_enumeration_that_was_left_open(self):
        with Service(["Service/MaxConcurrentOperationsPerUser=1"]) as service, WinRM(service.port("http")) as client:
            begun = client.well(soap.config_enumerate("listener", optimize=False))
            context = re.search(CONTEXT, begun)[1]
            self.assertEqual(client.fault(soap.config_get("winrs")), soap.QUOTA_OPERATIONS)
            self.assertEqual(client.fault(soap.enumerate_shells()), soap.QUOTA_OPERATIONS)
            pull = f"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>9</n:MaxElements></n:Pull>"
            stolen = soap.envelope(soap.ENUMERATION + "Pull", soap.SHELL, pull)
            self.assertEqual(client.fault(stolen), 0x8033801B, "of the resource that it was begun for")
            self.assertIn("<n:EndOfSequence", client.well(soap.envelope(soap.ENUMERATION + "Pull", soap.CONFIG + "/listener", pull)))
            client.well(soap.config_get("winrs"))
