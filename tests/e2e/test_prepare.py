"""`mullion prepare`: what it prints, and what comes of --apply over hosts that play the Windows side."""
import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.e2e.client import Password, Ran
from tests.support.prepare_scripts import MODES, VARIANTS, printed, steps
from tests.support.service import ADMIN, MULLION, Service
from tests.support.simulate import Simulation


def prepare(*words, password=ADMIN[1], stdin=None):
    """Runs it to its end; the password of the connection goes by a pipe."""
    with Password(password) as file:
        command = [str(MULLION), "prepare", words[0], "--password-file", file.path, *map(str, words[1:])]
        done = subprocess.run(command, **({"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}), capture_output=True, timeout=120,
                              pass_fds=file.descriptors)
    return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


def refused(*words):
    done = subprocess.run([str(MULLION), "prepare", *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


def states(host):
    return {step["id"]: step["state"] for step in host["steps"]}


class Scripts(unittest.TestCase):
    def test_printed_in_every_mode(self):
        for name, words in VARIANTS.items():
            for mode, options in MODES.items():
                with self.subTest(script=name, mode=mode):
                    script = printed(*words, *options)
                    self.assertIn(f"[string]$Mode = '{mode}'", script)
                    found = steps(script)
                    self.assertGreater(len(found), 1)
                    self.assertEqual(list(found), list(steps(printed(*words))), "the steps are the same in every mode")
                    before = set()
                    for name_of_step, step in found.items():
                        self.assertLessEqual(set(step["needs"]), before, name_of_step)
                        self.assertTrue(step["does"], f"{name_of_step} cites no document")
                        before.add(name_of_step)

    def test_wrong_words(self):
        for words in (["host", "--cert", "x"], ["host", "--transport", "none", "--cert", "template:a"], ["host", "--allow-from", "'; whoami"],
                      ["host", "--check", "--undo"], ["host", "--set", "Service/RootSDDL=D:"], ["host", "--auth", "digest"], ["monitoring-user"],
                      ["monitoring-user", "--user", "a\"b"], ["domain", "--domain", "corp", "--user", "x"], ["host", "--output", "json"],
                      ["host", "--via-transport", "ntlm"], ["host", "-k"], ["monitoring-user", "--user", "CORP\\x", "--user-password-file", "f"]):
            with self.subTest(words):
                ran = refused(*words)
                self.assertEqual((ran.code, ran.stdout), (5, b""), ran.stderr)

    def test_no_secret_is_printed(self):
        """There is none in it, whatever was given: the password of the account goes another way."""
        self.assertNotIn("ConvertTo-SecureString", printed("monitoring-user", "--user", "monitor"))


class Expressions(unittest.TestCase):
    """What the scripts look for in texts of Windows. .NET's expressions are Python's, but for the names of groups."""

    def expression(self, words, function):
        body = re.search(rf"(?ms)^function {function}[ (].*?^}}", printed(*words))[0]
        return re.compile(re.search(r"\[regex\]::Match\([^,]+, '([^']+)'\)", body)[1].replace("(?<", "(?P<"))

    def test_the_name_of_a_template(self):
        template = self.expression(["host"], "Get-TemplateName")
        for text, name in {
            "Template=WinRM(1.3.6.1.4.1.311.21.8.16.4), Major Version Number=100, Minor Version Number=3": "WinRM",
            "Vorlage=WinRM Cert (2)(1.3.6.1.4.1.311.21.8.16.4), Hauptversionsnummer=100": "WinRM Cert (2)",
            "Mod\u00e8le=WinRM old(1.3.6.1.4.1.311.21.8.16.4)": "WinRM old",
            "Template=1.3.6.1.4.1.311.21.8.16.4, Major Version Number=100": "1.3.6.1.4.1.311.21.8.16.4",
        }.items():
            self.assertEqual(template.match(text)["name"], name)

    def test_the_service_managers_sddl(self):
        sddl = self.expression(["monitoring-user", "--user", "monitor"], "Read-ManagerSddl")
        dacl = "D:(A;;CC;;;AU)(A;;CCLCRPRC;;;IU)(A;;KA;;;BA)(A;;CC;;;S-1-15-3-1024-528118966-3876874398)"
        sacl = "S:(AU;FA;KA;;;WD)(AU;OIIOFA;GA;;;WD)"
        for head, tail in ((dacl, sacl), ("O:SYG:SY" + dacl.replace("D:", "D:PAI"), sacl.replace("S:", "S:AI")), (dacl, "")):
            found = sddl.match(head + tail)
            self.assertEqual((found["head"], found["tail"]), (head, tail))
        self.assertIsNone(sddl.match("D:(A;;CC;;;AU)(XA;;CC;;;BA;(@User.x == 1))" + sacl))


class Played(unittest.TestCase):
    """Hosts of every kind: nothing is done, all is, some is, one fails."""

    def fleet(self, hosts):
        lines = [f"  - {{name: {name}, address: 127.2.0.{number}, prepare: {json.dumps(side)}}}\n" for number, (name, side) in enumerate(hosts.items(), 1)]
        return self.enterContext(Simulation("hosts:\n" + "".join(lines)))

    def reach(self, fleet, scheme="http"):
        """An inventory of the hosts that were named, as options."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        text = ["windows:", "  vars: {ansible_connection: winrm, ansible_winrm_transport: ntlm, ansible_winrm_scheme: %s, ansible_port: %d, ansible_user: %s}"
                % (scheme, fleet.ports[scheme], ADMIN[0]), "  hosts:"]
        names = [line.split("name: ")[1].split(",")[0] for line in fleet.file.read_text().splitlines() if "prepare:" in line]
        text += [f"    {name}: {{ansible_host: 127.2.0.{number}}}" for number, name in enumerate(names, 1)]
        (folder / "hosts.yml").write_text("\n".join(text) + "\n")
        return ["-i", str(folder / "hosts.yml"), "--apply", "windows"]

    def objects(self, ran):
        return {host["host"]: host for host in json.loads(ran.stdout)["hosts"]}

    def test_a_fleet_before_after_and_between(self):
        fleet = self.fleet({"before": {}, "after": {"done": "all"}, "between": {"done": ["service", "certificate"]}})
        reach = self.reach(fleet)
        ran = prepare("host", *reach, "--check", "--output", "json")
        self.assertEqual(ran.code, 2, ran.stderr)
        hosts = self.objects(ran)
        self.assertEqual([hosts[name]["status"] for name in ("before", "after", "between")], ["failed", "ok", "failed"])
        self.assertEqual(hosts["before"]["error"]["id"], "prepare.differs")
        self.assertEqual(states(hosts["between"]), {"service": "ok", "certificate": "ok", "listener-https": "changed", "firewall-https": "changed"})

        ran = prepare("host", *reach, "--output", "json")
        self.assertEqual(ran.code, 0, ran.stderr)
        hosts = self.objects(ran)
        self.assertEqual(set(states(hosts["before"]).values()), {"changed"})
        self.assertEqual(set(states(hosts["after"]).values()), {"ok"})
        self.assertEqual(states(hosts["between"]), {"service": "ok", "certificate": "ok", "listener-https": "changed", "firewall-https": "changed"})

        again = self.objects(prepare("host", *reach, "--output", "json"))
        for name, host in again.items():
            self.assertEqual((name, set(states(host).values())), (name, {"ok"}), "a second run changes nothing")
        self.assertEqual(prepare("host", *reach, "--check").code, 0)

        undone = self.objects(prepare("host", *reach, "--undo", "--output", "json"))
        self.assertEqual(states(undone["between"]), {"firewall-https": "changed", "listener-https": "changed", "service": "ok", "certificate": "ok"})
        self.assertEqual(set(states(undone["after"]).values()), {"ok"}, "what it did not change it does not put back")
        start = self.objects(prepare("host", *reach, "--check", "--output", "json"))
        self.assertEqual(set(states(start["before"]).values()), {"changed"})
        self.assertEqual(states(start["between"])["certificate"], "ok")
        counts = fleet.counts()
        self.assertLessEqual(counts["totals"]["most_executions_of_a_command"], 1)
        self.assertEqual(counts["totals"]["shells_open"], 0)

    def each_step_fails(self, *words):
        names = list(steps(printed(*words)))
        fleet = self.fleet({f"h{number}": {"fails": {name: "Access is denied."}} for number, name in enumerate(names)})
        reach = self.reach(fleet)
        extra = ["--user-password-file", "-"] if words[0] != "host" else []
        ran = prepare(words[0], *words[1:], *reach, *extra, "--output", "json", stdin=b"new-pass-word\n")
        self.assertEqual(ran.code, 2, ran.stderr)
        needs = {name: step["needs"] for name, step in steps(printed(*words)).items()}
        for number, failing in enumerate(names):
            host = self.objects(ran)[f"h{number}"]
            with self.subTest(failing):
                wanted = {}
                for name in names:
                    blocked = any(wanted[need] != "changed" for need in needs[name])
                    wanted[name] = "failed" if name == failing else "skipped" if blocked else "changed"
                self.assertEqual(states(host), wanted)
                self.assertEqual((host["status"], host["error"]["id"], host["exit_code"]), ("failed", "prepare.step_failed", 1))
                self.assertIn(f"{failing}: Access is denied.", host["error"]["message"])
        # What was done is put back, and nothing else.
        undone = self.objects(prepare(words[0], *words[1:], *reach, "--undo", "--output", "json"))
        for number, failing in enumerate(names):
            self.assertEqual({state for name, state in states(undone[f"h{number}"]).items() if name == failing}, {"ok"})
        after = self.objects(prepare(words[0], *words[1:], *reach, "--check", "--output", "json"))
        for number in range(len(names)):
            self.assertEqual(set(states(after[f"h{number}"]).values()), {"changed"}, names[number])

    def test_prepare_step_failed(self):
        self.each_step_fails(*VARIANTS["host, everything"])

    def test_each_step_of_monitoring_user_fails(self):
        self.each_step_fails("monitoring-user", "--user", "monitor")

    def test_each_step_of_domain_fails(self):
        self.each_step_fails("domain", "--domain", "corp.example.com", "--user", "svc-monitor")

    def test_prepare_differs(self):
        fleet = self.fleet({"web01": {"done": ["service"]}})
        ran = prepare("host", *self.reach(fleet), "--check")
        self.assertEqual(ran.code, 2)
        self.assertIn("[prepare.differs]", ran.stderr)
        self.assertRegex(ran.stdout.decode(), r"(?m)^would change +certificate")
        self.assertRegex(ran.stdout.decode(), r"(?m)^ok +service")

    def test_prepare_incomplete(self):
        for step in ("service", "listener-https"):
            fleet = self.fleet({"web01": {"ends_after": step}})
            ran = prepare("host", *self.reach(fleet), "--output", "json")
            with self.subTest(step):
                host = ran.host
                self.assertEqual((ran.code, host["status"], host["error"]["id"]), (4, "unknown", "prepare.incomplete"))
                self.assertIn(step, host["error"]["message"])
                self.assertEqual(host["steps"][-1]["id"], step)

    def test_prepare_not_begun(self):
        """A service that has no PowerShell, and says so."""
        with Service() as service:
            ran = prepare("host", "--apply", service.http, "-u", ADMIN[0], "--via-transport", "ntlm", "--output", "json")
        self.assertEqual((ran.code, ran.host["status"], ran.host["error"]["id"]), (2, "failed", "prepare.not_begun"), ran.stderr)
        self.assertIn("powershell", ran.host["error"]["message"])

    def test_in_text(self):
        fleet = self.fleet({"one": {}, "two": {"done": "all"}, "bad": {"fails": {"certificate": "none \x1b[2J left"}}})
        ran = prepare("host", *self.reach(fleet))
        self.assertEqual(ran.code, 2, ran.stderr)
        out = ran.stdout.decode()
        self.assertRegex(out, r"(?m)^one \| changed +listener-https: ")
        self.assertNotIn("two |", out, "what is so already is no news of one of many")
        self.assertRegex(out, r"(?m)^bad \| failed +certificate: none \\x1b\[2J left$")
        self.assertNotIn("\x1b", out + ran.stderr)
        self.assertRegex(ran.stderr, r"(?m)^two: 4 ok in [\d.]+ s$")
        self.assertRegex(ran.stderr, r"(?m)^3 hosts: 2 ok, 1 failed in ")

    def test_over_https_and_one_host(self):
        fleet = self.fleet({"web01": {}})
        ran = prepare("host", "--apply", f"https://{ADMIN[0]}@127.2.0.1:{fleet.ports['https']}", "--via-transport", "ntlm", "--ca-file", fleet.ca)
        self.assertEqual(ran.code, 0, ran.stderr)
        self.assertRegex(ran.stderr, r"4 changed in [\d.]+ s\n$")

    def test_a_new_accounts_password(self):
        fleet = self.fleet({"web01": {}})
        reach = self.reach(fleet)
        ran = prepare("monitoring-user", "--user", "monitor", *reach, "--output", "json")
        self.assertEqual((ran.code, states(ran.host)["account"]), (2, "failed"))
        self.assertIn("no password came", ran.host["error"]["message"])
        self.assertEqual(states(ran.host)["wmi-root"], "skipped")
        with tempfile.NamedTemporaryFile() as file:
            Path(file.name).write_text("gr\u00fc\u00df'e $x\n")
            ran = prepare("monitoring-user", "--user", "monitor", *reach, "--user-password-file", file.name, "--output", "json")
        self.assertEqual((ran.code, set(states(ran.host).values())), (0, {"changed"}), ran.stderr)
        ran = prepare("monitoring-user", "--user", "monitor", *reach, "--user-password-file", "-", stdin=b"\n")
        self.assertEqual(ran.code, 5, "an empty password is refused here")

    def test_a_journal_for_each_purpose(self):
        """Undoing one leaves what the other did."""
        fleet = self.fleet({"web01": {}})
        reach = self.reach(fleet)
        self.assertEqual(prepare("host", *reach).code, 0)
        self.assertEqual(prepare("monitoring-user", "--user", "CORP\\svc", *reach).code, 0)
        self.assertEqual(prepare("monitoring-user", "--user", "CORP\\svc", *reach, "--undo").code, 0)
        self.assertEqual(prepare("host", *reach, "--check").code, 0)
        self.assertEqual(prepare("monitoring-user", "--user", "CORP\\svc", *reach, "--check").code, 2)

    def test_rights_of_a_group_stay_for_the_other_account(self):
        """They are given to Remote Management Users once: the undo of the first account would blind the second."""
        fleet = self.fleet({"web01": {}})
        reach = self.reach(fleet)
        account = {name: ["monitoring-user", "--user", f"CORP\\{name}"] for name in ("first", "second")}
        rights = {name for name, step in steps(printed(*account["first"])).items() if step["kind"] in {"WmiNamespace", "RootSddl"}}
        self.assertEqual(len(rights), 8)
        self.assertEqual(set(states(prepare(*account["first"], *reach, "--output", "json").host).values()), {"changed"})
        second = states(prepare(*account["second"], *reach, "--output", "json").host)
        self.assertEqual({name for name, state in second.items() if state == "ok"}, rights)
        undone = states(prepare(*account["first"], *reach, "--undo", "--output", "json").host)
        self.assertEqual({name for name, state in undone.items() if state == "ok"}, rights)
        self.assertEqual({name: state for name, state in states(prepare(*account["second"], *reach, "--check", "--output", "json").host).items() if name in rights},
                         dict.fromkeys(rights, "ok"))
        undone = states(prepare(*account["second"], *reach, "--undo", "--output", "json").host)
        self.assertEqual({undone[name] for name in rights}, {"changed"}, "the last one puts them back")
        start = states(prepare(*account["first"], *reach, "--check", "--output", "json").host)
        self.assertEqual({start[name] for name in rights}, {"changed"})

    def test_undo_needs_no_options_of_the_first_run(self):
        fleet = self.fleet({"web01": {"done": ["service"]}})
        reach = self.reach(fleet)
        self.assertEqual(prepare(*VARIANTS["host, everything"], *reach).code, 0)
        ran = prepare("host", *reach, "--undo", "--output", "json")
        self.assertEqual(ran.code, 0, ran.stderr)
        self.assertEqual(states(ran.host)["tls12-client-default"], "changed")
        self.assertEqual(list(states(ran.host))[-1], "service", "the last to be looked at, and not ours")


class NoTrace(unittest.TestCase):
    def test_the_password_is_in_no_word(self):
        """Neither of ours nor of the host's processes: a command line can be read by everybody there."""
        with Service() as service, tempfile.NamedTemporaryFile() as file:
            Path(file.name).write_text("canary-4711\n")
            ran = prepare("monitoring-user", "--user", "monitor", "--apply", service.http, "-u", ADMIN[0], "--via-transport", "ntlm", "--user-password-file",
                          file.name, "--output", "json")
            self.assertNotIn("canary", ran.stdout.decode() + ran.stderr + service.log.read_text())
