"""Who may use the service: descriptors (RootSDDL and Security), groups of Windows and of Linux, and what the log says of it."""
import grp
import json
import pwd
import re
import time
import unittest

from tests.e2e.client import mullion, words
from tests.e2e.test_certificates import reload
from tests.e2e.test_service import StateCase
from tests.support import soap
from tests.support.service import ADMIN, Service, shell_user, wait_until
from tests.support.winrm import WinRM

MONITOR, PLAIN, OTHER = ("monitor", "m0nitor Passw0rd"), ("plain", "pl4in Passw0rd"), ("other", "0ther Passw0rd")
INSTALLED = "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)"
# What `winrm configSDDL default` makes of it when Remote Management Users get Read and Execute (seeds/003).
GRANTED = INSTALLED.replace("S:P", "(A;;GXGR;;;RM)S:P")
FIVE_GROUPS = ("Distributed COM Users", "Event Log Readers", "Performance Log Users", "Performance Monitor Users", "Remote Management Users")
READ = [soap.envelope(soap.TRANSFER + "Get", soap.CONFIG + "/nothing"), soap.envelope(soap.ENUMERATION + "Enumerate", soap.SCX),
        soap.envelope(soap.EVENTING + "Subscribe", soap.SCX)]
WRITE = [soap.envelope(soap.TRANSFER + verb, soap.CONFIG + "/nothing") for verb in ("Put", "Create", "Delete")]
INVOKE = [soap.envelope(soap.SCX + "/ExecuteCommand", soap.SCX)]
NOBODYS = "11111111-2222-3333-4444-555555555555"
SHELL = [soap.create(shell="not-a-guid"), soap.get(NOBODYS), soap.enumerate_shells(), soap.command(NOBODYS, "true"), soap.receive(NOBODYS, NOBODYS),
         soap.send(NOBODYS, NOBODYS, b""), soap.signal(NOBODYS, NOBODYS), soap.delete(NOBODYS)]


def denied(client, xml):
    """Whether that is what is wrong with it: what there is not, or is badly asked, is another fault."""
    status, answer = client.ask(xml)
    return status == 500 and soap.code_of(answer) == soap.ACCESS_DENIED


def with_accounts():
    groups = [option for name in FIVE_GROUPS for option in ("--group", name)]
    return Service(accounts=[(*ADMIN, ["--admin"]), (*MONITOR, groups), (*PLAIN, []), (*OTHER, [])])


class RightsCase(unittest.TestCase):
    @property
    def port(self):
        return int(self.service.urls[0].split(":")[2].split("/")[0])

    def configure(self, sddl=INSTALLED, more=""):
        (self.service.state / "winrm.yaml").write_text(f"Service:\n  RootSDDL: '{sddl}'\n{more}")
        reload(self.service)

    def log_since(self, seen):
        with open(self.service.log) as file:
            file.seek(seen)
            return file.read()


class Rights(RightsCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(with_accounts())

    def tearDown(self):
        (self.service.state / "winrm.yaml").unlink(missing_ok=True)
        reload(self.service)

    def may(self, account, read, write, execute):
        with WinRM(self.port, account=account) as client:
            for expected, asked in ((read, READ), (write, WRITE), (execute, INVOKE), (execute, SHELL)):
                for xml in asked:
                    with self.subTest(account=account[0], action=re.search("mustUnderstand=\"true\">([^<]*)</a:Action", xml)[1]):
                        self.assertEqual(denied(client, xml), not expected)

    def test_as_installed_only_administrators_may(self):
        self.may(ADMIN, True, True, True)
        self.may(MONITOR, False, False, False)
        self.may(PLAIN, False, False, False)

    def test_the_account_for_monitoring_gets_in_with_the_grant_and_not_without(self):
        with WinRM(self.port, account=MONITOR) as client:
            self.assertEqual(client.fault(soap.create()), soap.ACCESS_DENIED)
            self.configure(GRANTED)
            self.assertEqual(client.run("id -un; exit 3"), (f"{shell_user()}\n".encode(), 3))
            self.may(MONITOR, True, False, True)
            self.may(PLAIN, False, False, False)
            shell = client.create()
            self.configure(INSTALLED)
            self.assertEqual(client.fault(soap.command(shell, "id")), soap.ACCESS_DENIED, "also on a connection, and in a shell, that is open")
        with WinRM(self.port, account=MONITOR) as again:
            self.assertEqual(again.fault(soap.delete(shell)), soap.ACCESS_DENIED)

    def test_the_client_says_so(self):
        run = lambda: mullion("run", *words(self.service, user=MONITOR[0]), "--", "echo", "hello", password=MONITOR[1])
        refused = run()
        self.assertEqual(refused.code, 4, refused.stderr)
        self.assertIn("[wsman.access_denied]", refused.stderr)
        self.configure(GRANTED)
        self.assertEqual((run().code, run().stdout), (0, b"hello\n"))

    def test_each_right_is_its_own(self):
        for letters, rights in (("GR", (True, False, False)), ("GW", (False, True, False)), ("GX", (False, False, True)), ("GA", (True, True, True))):
            self.configure(f"D:(A;;GA;;;BA)(A;;{letters};;;RM)")
            self.may(MONITOR, *rights)

    def test_denials_and_single_accounts(self):
        code, out, _ = self.users("list", "--output", "json")
        sids = {row["name"]: row["sid"] for row in json.loads(out)["accounts"]}
        self.assertEqual(code, 0)
        self.configure(f"D:(D;;GX;;;{sids['monitor']})(A;;GA;;;BA)(A;;GXGR;;;RM)(A;;GX;;;{sids['plain']})")
        self.may(MONITOR, True, False, False)
        self.may(PLAIN, False, False, True)
        self.may(OTHER, False, False, False)

    def test_a_resource_may_have_its_own_descriptor(self):
        entry = f"Security:\n  - Uri: {soap.SHELL}\n    Sddl: D:(A;;GA;;;RM)\n"
        self.configure(more=entry)
        with WinRM(self.port, account=MONITOR) as client:
            self.assertEqual(client.run("echo in"), (b"in\n", 0))
            self.assertTrue(denied(client, INVOKE[0]))
        with WinRM(self.port) as administrator:
            self.assertEqual(administrator.fault(soap.create()), soap.ACCESS_DENIED, "it counts in the place of RootSDDL, not beside it")
        self.configure(more=entry + f"  - Uri: {soap.CMD}\n    Sddl: D:(A;;GA;;;BA)\n    ExactMatch: true\n")
        with WinRM(self.port, account=MONITOR) as client:
            self.assertEqual(client.fault(soap.create()), soap.ACCESS_DENIED)
            self.assertFalse(denied(client, soap.get(NOBODYS)), "what is not the exact resource is below the other entry")

    def test_groups_of_linux(self):
        user = pwd.getpwnam(shell_user())
        group = grp.getgrgid(user.pw_gid).gr_name
        for sid in (f"S-1-22-1-{user.pw_uid}", f"S-1-22-2-{user.pw_gid}"):
            self.configure(f"D:(A;;GA;;;BA)(A;;GX;;;{sid})")
            self.may(PLAIN, False, False, True)
        self.configure(GRANTED, f"Groups:\n  {group}: Remote Management Users\n")
        self.may(PLAIN, True, False, True)
        self.configure(GRANTED, f"Groups:\n  {group}: BA\n  no-such-group: RM\n")
        self.may(PLAIN, True, True, True)
        self.configure(GRANTED)
        self.may(PLAIN, False, False, False)

    def users(self, *arguments):
        return StateCase.call(self, "user", *arguments, "--state", self.service.state)

    def test_groups_are_changed_while_the_service_runs(self):
        self.configure(GRANTED)
        with WinRM(self.port, account=OTHER) as client:
            self.assertTrue(denied(client, SHELL[0]))
            self.assertEqual(self.users("modify", "Other", "--add-group", "rm")[::2], (0, "Other is in Remote Management Users\n"))
            wait_until(lambda: not denied(client, SHELL[0]), "the new group")
            self.assertEqual(self.users("modify", "other", "--remove-group", "S-1-5-32-580", "--add-group", "administrators")[0], 0)
            wait_until(lambda: not denied(client, WRITE[0]), "the other group")
            self.assertEqual(self.users("modify", "other", "--remove-group", "BUILTIN\\Administrators")[::2], (0, "other is in no group\n"))
            self.assertTrue(denied(client, SHELL[0]), "it has no group any more")

    def test_an_account_that_is_gone_has_nothing_left(self):
        self.configure("D:(A;;GA;;;BA)(A;;GA;;;WD)")
        self.service.add_account("passing", "p4ssing Passw0rd")
        with WinRM(self.port, account=("passing", "p4ssing Passw0rd")) as client:
            self.assertEqual(client.run("echo in"), (b"in\n", 0))
            self.assertEqual(self.users("delete", "passing")[0], 0)
            self.assertEqual(client.ask(SHELL[0]), (401, ""))

    def test_what_no_entry_wants_written_is_not(self):
        self.configure("D:(A;;GA;;;BA)")
        seen = self.service.log.stat().st_size
        self.may(ADMIN, True, True, True)
        self.may(PLAIN, False, False, False)
        self.assertNotIn(": access ", self.log_since(seen))

    def test_a_broken_descriptor_changes_nothing(self):
        self.configure(GRANTED)
        (self.service.state / "winrm.yaml").write_text("Service:\n  RootSDDL: 'D:(A;;GA;;;XX)'\n")
        seen = self.service.log.stat().st_size
        self.service.process.send_signal(1)
        wait_until(lambda: "the configuration stays as it was" in self.log_since(seen), "the refusal")
        self.assertIn("winrm.yaml: line 2: Service/RootSDDL: character 12: expected a SID", self.log_since(seen))
        with WinRM(self.port, account=MONITOR) as client:
            self.assertFalse(denied(client, SHELL[0]))

    def test_what_is_most_likely_not_meant_is_warned_of(self):
        seen = self.service.log.stat().st_size
        self.configure("D:(A;;GA;;;IU)")
        wait_until(lambda: "warning Service/RootSDDL gives nobody full access" in self.log_since(seen), "the warning")
        self.may(ADMIN, False, False, False)


class Log(RightsCase):
    """A service each: what was denied before takes the places of later lines."""

    def setUp(self):
        self.service = self.enterContext(with_accounts())

    def test_the_log_says_who_did_what(self):
        self.configure(GRANTED)
        seen = self.service.log.stat().st_size
        with WinRM(self.port, account=MONITOR) as client:
            client.run("true")
            self.assertTrue(denied(client, WRITE[0]))
            self.assertFalse(denied(client, READ[0]))
        with WinRM(self.port, account=PLAIN) as client:
            self.assertTrue(denied(client, READ[0]))
        lines = [line.split(" ", 1)[1] for line in self.log_since(seen).splitlines() if ": access " in line]
        self.assertEqual([re.sub(r" \(S-1-5-21-[\d-]+\)$", "", line) for line in lines], [
            f"info monitor from 127.0.0.1: access granted to {soap.TRANSFER}Create: Execute on {soap.CMD} is granted by RootSDDL",
            f"info monitor from 127.0.0.1: access granted to {soap.SHELL}/Command: Execute on {soap.CMD} is granted by RootSDDL",
            f"info monitor from 127.0.0.1: access granted to {soap.TRANSFER}Delete: Execute on {soap.CMD} is granted by RootSDDL",
            f"warning monitor from 127.0.0.1: access denied to {soap.TRANSFER}Put: Write on {soap.CONFIG}/nothing is not granted by RootSDDL",
            f"warning plain from 127.0.0.1: access denied to {soap.TRANSFER}Get: Read on {soap.CONFIG}/nothing is not granted by RootSDDL"])

    def test_a_flood_of_refusals_is_few_lines(self):
        seen, begun = self.service.log.stat().st_size, time.monotonic()
        with WinRM(self.port, account=PLAIN) as client:
            for _ in range(300):
                self.assertTrue(denied(client, READ[0]))
        spans = 2 + int(time.monotonic() - begun) // 10
        self.assertLessEqual(self.log_since(seen).count(": access denied"), 30 * spans, "thirty in ten seconds, of an address")


class Accounts(StateCase):
    def test_groups_and_sids_are_listed(self):
        self.assertEqual(self.add("boss", "--admin")[0], 0)
        self.assertEqual(self.add("monitor", "--group", "rm", "--group", "event log readers")[0], 0)
        code, out, _ = self.call("user", "list", "--state", self.state)
        self.assertEqual(code, 0)
        machine = re.search(r"S-1-5-21-\d+-\d+-\d+", out)[0]
        self.assertEqual(out, f"boss  administrator  as {shell_user()}  {machine}-1000\n"
                              f"monitor  user  as {shell_user()}  {machine}-1001  in Event Log Readers, Remote Management Users\n")
        rows = json.loads(self.call("user", "list", "--state", self.state, "--output", "json")[1])["accounts"]
        self.assertEqual(rows[1], {"name": "monitor", "administrator": False, "unix_user": shell_user(), "password": "own",
                                   "groups": ["Event Log Readers", "Remote Management Users"], "sid": f"{machine}-1001",
                                   "group_sids": ["S-1-5-32-545", "S-1-5-32-573", "S-1-5-32-580"]})
        self.assertEqual(self.call("user", "delete", "monitor", "--state", self.state)[0], 0)
        self.assertEqual(self.add("monitor")[0], 0)
        self.assertIn(f"{machine}-1002", self.call("user", "list", "--state", self.state)[1])

    def test_account_invalid__group(self):
        self.expect("account.invalid", self.add("someone", "--group", "Remote Managment Users"), "did you mean Remote Management Users?")
        self.assertFalse(self.state.exists(), "told before the password is asked for")
        self.assertEqual(self.add("someone")[0], 0)
        self.expect("account.invalid", self.call("user", "modify", "someone", "--add-group", "wheel", "--state", self.state))

    def test_account_missing__modify(self):
        self.assertEqual(self.add("someone")[0], 0)
        self.expect("account.missing", self.call("user", "modify", "nobody-else", "--add-group", "RM", "--state", self.state))

    def test_config_invalid__rights(self):
        self.assertEqual(self.add("someone")[0], 0)
        for text, said in (("Service:\n  RootSDDL: 'D:(A;;GA;;;BA'\n", "line 2: Service/RootSDDL: character 14: expected ')', found the end"),
                           ("Security:\n  - Uri: http://x\n    Sddl: nonsense\n", "line 3: Sddl: character 1: expected O:, G:, D: or S:"),
                           ("Groups:\n  wheel: Admins\n", "line 2: wheel: there is no group \"Admins\"")):
            with self.subTest(text):
                (self.state / "winrm.yaml").write_text(text)
                self.expect("config.invalid", self.serve(), said)
        (self.state / "winrm.yaml").unlink()
        self.expect("config.invalid", self.serve("--set", "Service/RootSDDL=x"), "Service/RootSDDL: character 1")


if __name__ == "__main__":
    unittest.main()
