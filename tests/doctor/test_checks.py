"""`mullion doctor --for check`: which grant is missing for which mode, from what a host answers."""
import json
import signal
import subprocess
import unittest

from tests.doctor.case import doctor, text_of
from tests.doctor.monitored import COUNTERS, MONITOR, Monitored, registry, service
from tests.doctor.setups import CHECK_ORDER, ROWS
from tests.e2e.client import Password, words
from tests.e2e.error_table import ROWS as ERRORS
from tests.support.service import ADMIN, DEADLINE, MULLION, Service

BROKEN = "the host's counters are broken"
NAMESPACE = "Enable Account, Remote Enable on root/cimv2"
COUNTER_MODES = ("cpu", "interfaces", "sessions", "tcp", "uptime")


class Answer:
    """What it said of the one host, for programs."""

    def __init__(self, ran):
        self.ran = ran
        self.host = ran.host
        self.findings = {finding["check"]: finding for finding in self.host["findings"]}
        self.modes = {row["mode"]: row for row in self.host.get("modes", [])}

    def works(self):
        return {name: row["works"] for name, row in self.modes.items()}

    def grants(self, mode):
        """Of the first that is missing: those that the evidence cannot tell apart."""
        missing = self.modes[mode]["missing"]
        return [cause["grant"] for cause in missing[0]["any_of"]] if missing else []


class CheckCase(unittest.TestCase):
    def look(self, played, *options, purpose="check", user=ADMIN, output="json"):
        at = f"http://127.0.0.1:{played.ports['http']}"
        ran = doctor(at, "-u", user[0], "--transport", "ntlm", "--for", purpose, *options, password=user[1], output=output)
        self.assertNotIn(user[1], ran.stdout.decode() + ran.stderr)
        return ran if output == "text" else Answer(ran)

    def expect(self, number, host, *options, names=(), without=(), purpose="check", user=ADMIN):
        """The row's check fails with the row's id and names all of `names`, and nothing of `without`."""
        row = ROWS[number]
        with host.simulation() as played:
            answer = self.look(played, *options, purpose=purpose, user=user)
            self.assertEqual(played.counts()["totals"]["shells_open"], 0)
        finding = answer.findings[row.check]
        self.assertEqual((finding["state"], finding["id"]), ("failed", row.id), answer.ran)
        text = text_of(finding)
        for part in names:
            self.assertIn(part, text)
        for part in without:
            self.assertNotIn(part, text)
        self.assertEqual(answer.ran.code, ERRORS[row.id].exit_code, answer.ran)
        checks = [CHECK_ORDER.index(one["check"].split()[0]) for one in answer.host["findings"]]
        self.assertEqual((checks, set(checks)), (sorted(checks), set(range(len(CHECK_ORDER)))))
        return answer


class AllRights(CheckCase):
    def test_every_mode_works_and_nothing_is_left_on_the_host(self):
        with Monitored().simulation() as played:
            answer = self.look(played)
            self.assertEqual(answer.ran.code, 0, answer.ran)
            bad = {name: row for name, row in answer.modes.items() if row["works"] != "yes"}
            self.assertEqual(bad, {})
            self.assertGreaterEqual(len(answer.modes), 22)
            for check in ("cim", "counters", "eventlog", "services", "files", "registry", "shell", "modes"):
                self.assertEqual(answer.findings[check]["state"], "ok", answer.findings[check])
            self.assertIn("Windows Server 2022", answer.findings["cim"]["seen"])
            self.assertIn("command lines of", answer.modes["processes"]["seen"])
            totals = played.counts()["totals"]
            self.assertEqual((totals["shells_open"], totals["most_executions_of_a_command"]), (0, 1))
            self.assertLessEqual(played.counts()["hosts"]["WIN22"]["steps"]["handshake"], 3, "it looks at the schemes, and logs on once")

    def test_only_what_the_modes_need(self):
        with Monitored().simulation() as played:
            answer = self.look(played, purpose="check=memory,services")
            self.assertEqual((answer.ran.code, answer.works()), (0, {"memory": "yes", "services": "yes"}))
            for check in ("counters", "eventlog", "files", "registry", "shell"):
                self.assertEqual(answer.findings[check]["state"], "skipped")
            self.assertEqual(played.counts()["hosts"]["WIN22"]["steps"]["create"], 0, "no shell is opened for it")

    def test_for_people_it_is_a_table(self):
        host = Monitored()
        for table in host.counters():
            table["rows"] = []
        with host.simulation() as played:
            text = self.look(played, purpose="check=memory,cpu,uptime", output="text").stdout.decode()
        for line in (r"^  mode +works +missing grant +how to give it, on the host$", r"^  memory +yes$",
                     r"^  cpu +no +Performance Monitor Users +Add-LocalGroupMember -SID S-1-5-32-558 -Member 'Administrator'",
                     r"^ +or the host's counters are broken +lodctr /R$", r"^ +winmgmt /resyncperf$", r"^  uptime +no +Performance Monitor Users +as for cpu$"):
            self.assertRegex(text, "(?m)" + line)

    def test_a_service_of_ours(self):
        with Service() as service:
            answer = Answer(doctor(*words(service), "--for", "check=memory,services,processes,storages,uptime,eventlog"))
            self.assertEqual(answer.findings["cim"]["state"], "ok", answer.ran)
            for mode in ("memory", "processes", "storages", "uptime"):
                self.assertEqual(answer.works()[mode], "yes", answer.modes[mode])


    def test_the_group_and_the_descriptor_it_takes_both(self):
        """Really: by the rights of the service. Its RootSDDL, as Windows', names administrators alone until somebody names the group."""
        plain, member = ("plain", "another-Passw0rd"), ("member", "third-Passw0rd")
        accounts = [(*plain, []), (*member, ["--group", "Remote Management Users"])]
        named = ["Service/RootSDDL=O:NSG:BAD:P(A;;GA;;;BA)(A;;GXGR;;;RM)S:P(AU;FA;GA;;;WD)"]
        for settings, user, works in (((), member, "no"), (named, plain, "no"), (named, member, "yes")):
            with self.subTest(settings=settings, user=user[0]), Service(settings, accounts=accounts) as service:
                answer = Answer(doctor(*words(service, user=user[0]), "--for", "check=memory,processes", password=user[1]))
                self.assertEqual(answer.works(), {"memory": works, "processes": works}, answer.ran)
                if works == "no":
                    self.assertEqual(answer.grants("memory")[:2], ["Remote Management Users", "Read and Execute in WinRM's RootSDDL"])
                else:
                    self.assertEqual(answer.ran.code, 0)


class Grants(CheckCase):
    def test_row_49__who_is_not_let_in(self):
        answer = self.expect(49, Monitored(), user=MONITOR, names=["Remote Management Users", "S-1-5-32-580", "winrm configSDDL default", "root\\cimv2",
                                                                  "LocalAccountTokenFilterPolicy"])
        self.assertEqual(answer.works()["memory"], "no")
        self.assertEqual(answer.grants("memory")[:2], ["Remote Management Users", "Read and Execute in WinRM's RootSDDL"])
        self.assertEqual(answer.findings["counters"]["because"], "cim")

    def test_row_50__a_namespace_that_is_closed(self):
        host = Monitored()
        host.refuse_all()
        answer = self.expect(50, host, names=["0x80041003", "wmimgmt.msc", "Enable Account"], without=["Remote Management", "S-1-5"])
        for mode in ("memory", "services", "cpu", "eventlog"):
            self.assertEqual((answer.works()[mode], answer.grants(mode)), ("no", [NAMESPACE]), mode)

    def test_row_51__counters_without_a_row(self):
        host = Monitored()
        for table in host.counters():
            table["rows"] = []
        answer = self.expect(51, host, names=["no instance, and no error", "S-1-5-32-558", "lodctr /R"])
        for mode in COUNTER_MODES:
            self.assertEqual((answer.works()[mode], answer.grants(mode)), ("no", ["Performance Monitor Users", BROKEN]), mode)
        for mode in ("memory", "services", "storages", "processes", "time", "eventlog"):
            self.assertEqual(answer.works()[mode], "yes", mode)

    def test_counters_that_wmi_denies(self):
        host = Monitored()
        host.refuse(*(table["class"] for table in host.counters()))
        with host.simulation() as played:
            answer = self.look(played, purpose="check=cpu,memory")
        self.assertEqual((answer.works(), answer.grants("cpu")), ({"cpu": "no", "memory": "yes"}, ["Performance Monitor Users"]))

    def test_row_52__counters_that_are_gone(self):
        host = Monitored()
        host.drop(*(table["class"] for table in host.counters()))
        answer = self.expect(52, host, names=["0x80041010", "lodctr /R", "winmgmt /resyncperf"], without=["S-1-5"])
        self.assertEqual(answer.grants("cpu"), [BROKEN])

    def test_one_counter_that_is_gone(self):
        host = Monitored()
        host[COUNTERS + "PerfOS_Processor"]["rows"] = []
        with host.simulation() as played:
            answer = self.look(played, purpose="check=cpu,uptime")
        self.assertEqual((answer.works(), answer.grants("cpu")), ({"cpu": "no", "uptime": "yes"}, [BROKEN]))
        self.assertEqual((answer.findings["modes"]["state"], answer.ran.code), ("failed", 4))

    def test_row_53__the_event_log(self):
        host = Monitored()
        host.refuse("Win32_NTLogEvent")
        answer = self.expect(53, host, names=["S-1-5-32-573", "Event Log Readers"])
        self.assertEqual(answer.grants("eventlog --filter-logfile=Security"), ["Manage auditing and security log (SeSecurityPrivilege)"])

    def test_the_security_log_is_beside_the_modes(self):
        host = Monitored()
        host["Win32_NTLogEvent"]["rows"] = [row for row in host.rows("Win32_NTLogEvent") if row["Logfile"] != "Security"]
        with host.simulation() as played:
            answer = self.look(played, purpose="check=eventlog")
        self.assertEqual(answer.works(), {"eventlog": "yes", "eventlog --filter-logfile=Security": "no"})
        self.assertEqual(answer.ran.code, 0, "the host is well without it")

    def test_row_54__no_service_at_all(self):
        host = Monitored()
        host["Win32_Service"]["rows"] = []
        answer = self.expect(54, host, names=["no instance, and no error; Win32_Process has 7", "sc.exe sdset scmanager", "(A;;CCLCRPRC;;;$sid)"])
        for mode in ("services", "list-services"):
            self.assertEqual(answer.works()[mode], "no")

    def test_row_55__hidden_services(self):
        host = Monitored()
        host["Win32_Service"]["rows"] = [row for row in host.rows("Win32_Service") if row["Name"] not in ("Winmgmt", "RpcSs")]
        answer = self.expect(55, host, names=["Winmgmt answers this and is not in the list", "2 svchost.exe run no service of the list", "sc.exe sdset NAME",
                                              "(A;;CCLCLORC;;;$sid)"])
        for mode in ("services", "list-services"):
            self.assertEqual(answer.works()[mode], "partly")

    def test_services_without_their_state(self):
        host = Monitored()
        host.rows("Win32_Service").append(service("WaaSMedicSvc", State=None))
        with host.simulation() as played:
            answer = self.look(played, purpose="check=list-services")
        self.assertEqual(answer.works(), {"list-services": "partly"})
        self.assertIn("without a State or StartMode: WaaSMedicSvc", answer.modes["list-services"]["seen"])

    def test_row_56__a_folder(self):
        answer = self.expect(56, Monitored(), "--folder", "D:/Data/", names=["icacls 'D:\\Data'", "Get-ChildItem"])
        self.assertEqual(answer.grants("files-size"), ["List and read D:\\Data (NTFS)", "it has no file, or is not there"])

    def test_row_57__the_registrys_methods(self):
        host = Monitored()
        host.refuse("StdRegProv")
        answer = self.expect(57, host, names=["Execute Methods", "root\\default"])
        self.assertEqual(answer.grants("pending-reboot"), ["Enable Account, Remote Enable, Execute Methods on root/default"])

    def test_a_key_of_the_registry(self):
        host = Monitored()
        host.classes["stdregprov"] = registry(returns=5)
        with host.simulation() as played:
            answer = self.look(played, purpose="check=pending-reboot")
        self.assertTrue(answer.grants("pending-reboot")[0].startswith("Read on HKLM\\SOFTWARE"), answer.modes)

    def test_invoke_alone_is_not_let_in(self):
        host = Monitored()
        host.faults = [{"step": "invoke", "do": "fault", "code": 5}]
        with host.simulation() as played:
            answer = self.look(played, purpose="check=memory,pending-reboot")
        self.assertEqual(answer.grants("pending-reboot"), ["Execute (Invoke) in WinRM's RootSDDL",
                                                           "Enable Account, Remote Enable, Execute Methods on root/default"])
        self.assertEqual(answer.works()["memory"], "yes")

    def test_row_58__no_shell(self):
        host = Monitored()
        host.faults = [{"step": "create", "do": "fault", "code": 5}]
        answer = self.expect(58, host, names=["Remote Management Users", "winrm configSDDL default"])
        self.assertEqual(answer.works()["updates"], "no")
        self.assertEqual(answer.works()["sessions"], "yes", "the counters need none")
        self.assertEqual(answer.works()["sessions --command=qwinsta"], "no")

    def test_updates_for_administrators_alone(self):
        host = Monitored()
        host.fleet["answers"].insert(0, {"as": "powershell", "contains": "Microsoft.Update.Session", "exit_code": 1,
                                         "stdout": "System.UnauthorizedAccessException: Zugriff verweigert (Ausnahme von HRESULT: 0x80070005 (E_ACCESSDENIED))\n"})
        with host.simulation() as played:
            answer = self.look(played, purpose="check=updates")
        self.assertEqual((answer.works(), answer.grants("updates"), answer.ran.code), ({"updates": "no"}, ["Administrators"], 4))

    def test_row_59__fifteen_operations(self):
        host = Monitored()
        host.faults = [{"step": "enumerate", "do": "fault", "code": "0x803381A6"}]
        answer = self.expect(59, host, names=["MaxConcurrentOperationsPerUser"])
        self.assertEqual(answer.findings["cim"]["because"], "quota")
        self.assertEqual(answer.grants("memory"), ["a higher quota, or fewer questions at a time"])

    def test_what_an_old_host_allows(self):
        host = Monitored()
        host.fleet["identify"] = {"vendor": "Microsoft Corporation", "os": "OS: 6.1.7601 SP: 1.0", "stack": "2.0"}
        with host.simulation() as played:
            answer = self.look(played, purpose="check=memory")
        self.assertIn("WinRM 2.0 lets an account have 15 operations and 5 shells at a time", answer.findings["quota"]["seen"])
        self.assertEqual(answer.ran.code, 0)

    def test_row_60__a_property_that_is_null(self):
        host = Monitored()
        host.rows("Win32_OperatingSystem")[0]["FreePhysicalMemory"] = None
        answer = self.expect(60, host, names=["memory"])
        self.assertEqual((answer.works()["memory"], answer.modes["memory"]["missing"]), ("no", []))
        self.assertIn("FreePhysicalMemory", answer.modes["memory"]["seen"])


class Ending(CheckCase):
    def test_ctrl_c_while_a_mode_waits(self):
        host = Monitored()
        host.faults = [{"step": "enumerate", "nth": 2, "do": "stall"}]
        with host.simulation() as played, Password(ADMIN[1]) as file:
            command = [str(MULLION), "doctor", f"http://127.0.0.1:{played.ports['http']}", "-u", ADMIN[0], "--transport", "ntlm", "--password-file", file.path,
                       "--for", "check=memory,uptime"]
            running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=file.descriptors)
            try:
                while played.counts()["hosts"].get("WIN22", {}).get("steps", {}).get("enumerate", 0) < 2:
                    self.assertIsNone(running.poll())
                running.send_signal(signal.SIGINT)
                out, err = running.communicate(timeout=DEADLINE)
            finally:
                running.kill()
                running.communicate()
        self.assertEqual(running.returncode, 130, (out, err))
        self.assertRegex(out, rb"(?m)^  counters +skipped +interrupted$")

    def test_a_host_that_goes_away_is_not_asked_on_and_on(self):
        host = Monitored()
        host.faults = [{"step": "enumerate", "every": 1, "do": "drop"}]
        with host.simulation() as played:
            answer = self.look(played)
            self.assertLessEqual(played.counts()["hosts"]["WIN22"]["steps"]["enumerate"], 2)
        self.assertEqual((answer.findings["cim"]["state"], answer.modes), ("failed", {}))
        self.assertEqual(answer.findings["modes"]["because"], "cim")


class WrongWords(unittest.TestCase):
    def test_they_are_refused_before_anybody_is_asked(self):
        for options, named in ((["--for", "checks"], "check=MODE"), (["--for", "check=nope"], "there is no mode 'nope'"), (["--for", "check="], "no mode ''"),
                               (["--for", "check", "--folder", "here"], "begins with a drive"), (["--folder", "C:/"], "--for check")):
            with self.subTest(options):
                ran = doctor("http://127.0.0.1:1", "-u", "x", *options)
                self.assertEqual((ran.code, ran.stdout), (5, b""))
                self.assertIn(named, ran.stderr)

    def test_a_mode_that_needs_options_is_said_to(self):
        with Monitored().simulation() as played:
            listed = json.loads(doctor(f"http://127.0.0.1:{played.ports['http']}", "-u", ADMIN[0], "--transport", "ntlm", "--for", "check").stdout)
        self.assertNotIn("unknown", [row["works"] for row in listed["hosts"][0]["modes"]])
