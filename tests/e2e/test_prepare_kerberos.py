"""`mullion prepare kerberos`: the script, and what it makes of machines on which nothing is prepared. KDCs are in test_prepare_kerberos_tickets.py."""
import collections
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.e2e.prepare_scene import OPTIONS, REALM, STEPS, Case, script_of, statuses, steps_of
from tests.support.bare_machine import BARE_KRB5_CONF
from tests.support.service import DEADLINE, MULLION, ROOT


class Script(unittest.TestCase):
    """The script as text."""

    WORDS = [*OPTIONS, "--host", "10.0.0.5=dc1.example.test,dc1", "--keytab", "/root/it's here.keytab", "--principal", "monitor", "--target", "http://web01"]

    # As many as the documents have there, counted in them by hand; Centreon's yum line is two, what Kerberos needs and the rest.
    COUNTED = {
        ("Harness", "Kerberos startup script"): 23,
        ("Harness", "TGT Generation"): 2,
        ("Harness", "Test Connection"): 1,
        ("Ansible", "Installing the Kerberos Library"): 9,
        ("Ansible", "Configuring Host Kerberos"): 2,
        ("Ansible", "Automatic Kerberos Ticket Management"): 1,
        ("Ansible", "Manual Kerberos Ticket Management"): 3,
        ("Ansible", "Troubleshooting Kerberos"): 4,
        ("Centreon", "Configure Kerberos on the Centreon server"): 4,
        ("Centreon", "Test check from Centreon server"): 3,
    }

    def test_shellcheck_finds_nothing(self):
        if not shutil.which("shellcheck"):
            self.skipTest("shellcheck not found: tools/install-deps")
        for words in (OPTIONS, self.WORDS):
            done = subprocess.run(["shellcheck", "--shell", "sh", "--severity", "style", "-"], input=script_of(*words), capture_output=True, text=True,
                                  timeout=DEADLINE)
            self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_every_shell_that_is_here_reads_it(self):
        read = []
        for shell in (["dash"], ["bash", "--posix"], ["busybox", "sh"], ["ksh"], ["mksh"], ["yash"]):
            if shutil.which(shell[0]):
                done = subprocess.run([*shell, "-n"], input=script_of(*self.WORDS), capture_output=True, text=True, timeout=DEADLINE)
                self.assertEqual((done.returncode, done.stderr), (0, ""), shell)
                read.append(shell[0])
        self.assertIn("dash", read)

    def test_its_head_says_what_it_changes(self):
        head = script_of().split("\nset -uf\n")[0]
        for step in STEPS:
            self.assertRegex(head, rf"(?m)^#   {re.escape(step)} ")
        self.assertEqual(head.count("# " + " " * 13 + "changes: "), len(STEPS))
        self.assertEqual(head.count("# " + " " * 13 + "see: "), len(STEPS))

    def test_a_file_of_the_operators_is_named_from_where_the_operator_stands(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([MULLION, "prepare", "kerberos", *OPTIONS, "--keytab", "a.keytab"], capture_output=True, text=True, cwd=folder, timeout=DEADLINE)
            self.assertIn(f"KEYTAB='{os.path.realpath(folder)}/a.keytab'\n", done.stdout)

    def test_wrong_words_are_refused_before_anything(self):
        for words, says in ((["--realm", "example.test", "--kdc", "a"], "in capitals"), (["--realm", REALM], "--kdc is missing"),
                            (["--realm", REALM, "--kdc", "a b"], "--kdc"), ([*OPTIONS, "--host", "web01"], "ADDRESS=NAME"),
                            ([*OPTIONS, "--principal", "a@OTHER.TEST"], "its realm is not"), ([*OPTIONS, "--apply", "--undo"], "excludes"),
                            (["--kdc", "a"], "--realm")):
            done = subprocess.run([MULLION, "prepare", "kerberos", *words], capture_output=True, text=True, timeout=DEADLINE)
            self.assertEqual((done.returncode, done.stdout), (5, ""), words)
            self.assertIn(says, done.stderr)

    def test_each_step_of_the_documents_is_one_of_the_script(self):
        """tests/data/prepare-kerberos.txt: document | section | what a person does | step | what the script has for it."""
        script, rows, done_by = script_of(*self.WORDS), collections.Counter(), set()
        for line in (ROOT / "tests/data/prepare-kerberos.txt").read_text().splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            document, section, what, step, proof = (part.strip() for part in line.split("|", 4))
            rows[document, section] += 1
            self.assertTrue(what and proof, line)
            if step == "none":
                continue  # Then the last column says why.
            self.assertIn(step, STEPS, line)
            self.assertIn(proof, script, line)
            done_by.add(step)
        self.assertEqual(rows, self.COUNTED)
        self.assertEqual(done_by, set(STEPS))


class WhoMayRunIt(Case):
    def test_not_root(self):
        if os.geteuid() != 0:
            done = subprocess.run([MULLION, "prepare", "kerberos", *OPTIONS, "--apply"], capture_output=True, text=True, timeout=DEADLINE)
        else:
            done = subprocess.run(["sh", "-s", "--", "--apply"], input=script_of(), capture_output=True, text=True, timeout=DEADLINE, user="nobody", group="nogroup",
                                  extra_groups=[])
        self.failed(done, "root", "only root may do this", "sudo", "--check needs no rights")
        self.assertEqual(list(steps_of(done)), ["root"])

    def test_check_needs_no_rights(self):
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("only root can become nobody")
        machine = self.machine()
        (machine.folder / "script").write_text(script_of())
        as_nobody = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "sh", machine.folder / "script"]
        before = machine.state()
        ran = machine.run(*as_nobody, "--check")
        self.assertEqual((ran.returncode, statuses(ran)["krb5.conf"], machine.state()), (2, "changed", before), ran)
        self.prepare(machine)
        ran = machine.run(*as_nobody, "--check")
        self.assertEqual((statuses(ran)["krb5.conf"], statuses(ran)["kdc"]), ("ok", "failed"), ran)  # Nobody answers at that port.
        ran = machine.run(*as_nobody, "--undo")
        self.failed(ran, "root", "only root may do this, and this is user nobody")

    def test_undo_takes_the_realm_alone(self):
        machine = self.machine()
        ran = self.prepare(machine, "--undo", base=["--realm", REALM])
        self.assertEqual((ran.returncode, set(statuses(ran).values())), (0, {"skipped"}), ran)


class Distributions(Case):
    RELEASES = {
        "debian": "ID=debian\nVERSION_ID=12\n", "ubuntu": "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", "rhel": "ID=\"almalinux\"\nID_LIKE=\"rhel centos fedora\"\n",
        "rhel-micro": "ID=\"rhel\"\n", "rhel-yum": "ID=\"amzn\"\nID_LIKE=\"centos rhel fedora\"\n", "suse": "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n",
        "alpine": "ID=alpine\n", "arch": "ID=manjaro\nID_LIKE=arch\n", "gentoo": "ID=gentoo\n",
    }
    WANTED = {
        "debian": {"krb5-user"}, "rhel": {"krb5-libs", "krb5-workstation"}, "suse": {"krb5", "krb5-client"}, "alpine": {"krb5"}, "arch": {"krb5"},
        "gentoo": {"app-crypt/mit-krb5"},
    }
    INSTALLS = {
        "debian": "apt-get install -y --no-install-recommends krb5-user", "rhel": "dnf install -y krb5-libs krb5-workstation",
        "rhel-micro": "microdnf install -y krb5-libs krb5-workstation", "rhel-yum": "yum install -y krb5-libs krb5-workstation",
        "suse": "zypper --non-interactive install --no-recommends krb5 krb5-client", "alpine": "apk add krb5", "arch": "pacman -Sy --noconfirm --needed krb5",
        "gentoo": "emerge --noreplace app-crypt/mit-krb5",
    }

    def test_each_from_nothing_and_back(self):
        for name, release in self.RELEASES.items():
            with self.subTest(name):
                manager = "debian" if name == "ubuntu" else name
                machine = self.machine(manager=manager, release=release, installed=())
                before = machine.state()
                ran = self.prepare(machine, "--check")
                self.assertEqual((ran.returncode, steps_of(ran)["packages"][0]), (2, "changed"), ran)
                self.assertEqual(machine.state(), before)
                ran = self.prepare(machine)
                self.assertEqual(steps_of(ran)["packages"][0], "changed", ran)
                self.assertIn(self.INSTALLS[manager], machine.calls())
                self.assertLessEqual(self.WANTED[manager.split("-")[0]], machine.installed())
                ran = self.prepare(machine)
                self.assertEqual(steps_of(ran)["packages"][0], "ok", ran)
                ran = self.prepare(machine, "--undo")
                self.assertEqual((ran.returncode, steps_of(ran)["packages"][0]), (0, "changed"), ran)
                self.assertEqual(machine.installed(), set())
                self.assertFalse(machine.journals.exists())

    def test_debian_is_told_the_realm_where_the_package_writes_krb5_conf(self):
        machine = self.machine(installed=(), krb5_conf=None)
        self.prepare(machine)
        self.assertIn(f"krb5-config krb5-config/default_realm string {REALM}\n", (machine.played / "answers").read_text())

    def test_what_was_there_stays_there(self):
        machine = self.machine(manager="rhel", release=self.RELEASES["rhel"], installed=("krb5-libs",))
        self.prepare(machine)
        self.assertIn("dnf install -y krb5-workstation", machine.calls())
        self.prepare(machine, "--undo")
        self.assertEqual(machine.installed(), {"krb5-libs"})

    def test_packages_that_do_not_come(self):
        machine = self.machine(installed=())
        (machine.played / "broken").touch()
        ran = self.prepare(machine)
        self.failed(ran, "packages", "krb5-user could not be installed (exit 100)", "Unable to fetch", "package sources")
        self.assertEqual(steps_of(ran)["ticket"], ("skipped", "because of packages"))

    def test_packages_that_somebody_needs_by_now(self):
        machine = self.machine(installed=())
        self.prepare(machine)
        (machine.played / "needed").touch()
        self.failed(self.prepare(machine, "--undo"), "packages", "dependency problems", "Something else may need them")
        (machine.played / "needed").unlink()
        self.assertEqual(self.prepare(machine, "--undo").returncode, 0)
        self.assertEqual(machine.installed(), set())

    def test_a_distribution_that_nobody_knows(self):
        machine = self.machine(manager=None, release="ID=plan9\n")
        self.assertEqual(steps_of(self.prepare(machine))["packages"][0], "ok")  # kinit is there: nothing has to be installed.
        # A PATH without kinit, and with all that the script is made of.
        tools = machine.folder / "tools"
        tools.mkdir()
        for name in ("sh", "awk", "cat", "chmod", "chown", "cmp", "comm", "cp", "cut", "date", "flock", "grep", "head", "id", "mkdir", "mktemp", "mv", "rm", "rmdir",
                     "sed", "sha256sum", "sort", "stat", "tail", "timeout", "tr", "mount"):
            (tools / name).symlink_to(shutil.which(name))
        (machine.folder / "script").write_text(script_of())
        for name in ("kinit", "klist"):  # The script looks into /usr/sbin and /sbin as well.
            self.assertFalse(any(Path(folder, name).exists() for folder in ("/usr/sbin", "/sbin")))
        ran = machine.run("env", f"PATH={tools}", shutil.which("sh"), machine.folder / "script", "--apply")
        self.failed(ran, "packages", "the distribution plan9 is not known", "Install MIT Kerberos by hand", "ID_LIKE")


class Config(Case):
    def config(self, machine):
        return (machine.etc / "krb5.conf").read_text()

    def test_between_two_lines_where_nothing_is_included(self):
        machine = self.machine()
        before = machine.state()
        ran = self.prepare(machine, "--check")
        self.assertEqual((ran.returncode, steps_of(ran)["krb5.conf"][0]), (2, "changed"))
        self.assertEqual(machine.state(), before)
        ran = self.prepare(machine)
        self.assertEqual(steps_of(ran)["krb5.conf"], ("changed", "/etc/krb5.conf, between two lines of ours, as it includes no folder of /etc"))
        text = self.config(machine)
        self.assertTrue(text.startswith(BARE_KRB5_CONF))
        ours = text[len(BARE_KRB5_CONF):]
        self.assertEqual(ours, f"""# BEGIN mullion prepare kerberos {REALM}
[libdefaults]
    default_realm = {REALM}
    ticket_lifetime = 24h
    renew_lifetime = 7d
    forwardable = true
    rdns = false
[realms]
    {REALM} = {{
        kdc = 127.0.0.1:1
        admin_server = 127.0.0.1:1
        default_domain = example.test
        master_kdc = 127.0.0.1:1
    }}
[domain_realm]
    .example.test = {REALM}
    example.test = {REALM}
# END mullion prepare kerberos {REALM}
""")
        after = machine.state()
        ran = self.prepare(machine)
        self.assertEqual(set(self.changes(ran).values()), {"ok", "skipped"}, ran)
        self.assertEqual(machine.state(), after)
        ran = self.prepare(machine, "--undo")
        self.assertEqual((ran.returncode, machine.state()), (0, before), ran)

    def test_an_address_of_ipv6_is_no_pattern(self):
        machine = self.machine()
        (machine.folder / "1").touch()  # What [::1] would be, as a pattern.
        ran = machine.run("sh", "-c", 'cd "$0" && exec "$@"', machine.folder, MULLION, "prepare", "kerberos", "--realm", REALM, "--kdc", "[::1]", "--apply")
        self.assertIn("        kdc = [::1]\n", self.config(machine), ran)
        self.assertIn("no KDC of EXAMPLE.TEST answers: [::1]: ", ran.stderr)

    def test_what_would_not_be_read_any_more_is_taken_back(self):
        theirs = "[realms]\n OTHER.TEST = {\n  kdc = kdc.other.test\n"  # Its brace is not closed, which libkrb5 minds once something follows.
        machine = self.machine(krb5_conf=theirs)
        self.failed(self.prepare(machine), "krb5.conf", "libkrb5 could not read krb5.conf with our lines", "everything is as it was", "each brace is closed")
        self.assertEqual(self.config(machine), theirs)
        self.assertEqual(self.prepare(machine, "--undo").returncode, 0)

    def test_its_own_file_where_a_folder_is_included(self):
        machine = self.machine(krb5_conf="includedir /etc/krb5.conf.d/\nincludedir /var/lib/sss/pubconf/krb5.include.d/\n" + BARE_KRB5_CONF)
        (machine.etc / "krb5.conf.d").mkdir()
        (machine.lib / "sss/pubconf/krb5.include.d").mkdir(parents=True)
        before = machine.state()
        own = machine.etc / "krb5.conf.d/mullion_EXAMPLE_TEST"
        ran = self.prepare(machine)
        self.assertEqual(steps_of(ran)["krb5.conf"][0], "changed", ran)
        self.assertIn(f"    {REALM} = {{\n", own.read_text())
        self.assertEqual(oct(own.stat().st_mode)[-3:], "644")
        self.assertEqual(self.config(machine).count("mullion"), 0)
        after = machine.state()
        self.assertEqual(steps_of(self.prepare(machine))["krb5.conf"][0], "ok")
        self.assertEqual(machine.state(), after)
        self.prepare(machine, "--undo")
        self.assertEqual(machine.state(), before)

    def test_no_krb5_conf_at_all(self):
        machine = self.machine(krb5_conf=None)
        before = machine.state()
        self.assertEqual(steps_of(self.prepare(machine))["krb5.conf"][0], "changed")
        self.assertEqual(steps_of(self.prepare(machine))["krb5.conf"][0], "ok")
        self.prepare(machine, "--undo")
        self.assertEqual(machine.state(), before)

    def test_a_folder_that_is_not_there(self):
        machine = self.machine(krb5_conf="includedir /etc/nowhere.d\n")
        self.failed(self.prepare(machine), "krb5.conf", "includes the folder /etc/nowhere.d, which is not there", "libkrb5 reads nothing at all", "mkdir -p /etc/nowhere.d")

    def test_what_others_set_stays(self):
        theirs = """[libdefaults]
  default_realm = OTHER.TEST
  forwardable = false
[realms]
  OTHER.TEST = {
    kdc = kdc.other.test
  }
[domain_realm]
  .other.test = OTHER.TEST"""  # No end of line at its end.
        machine = self.machine(krb5_conf=theirs)
        before = machine.state()
        ran = self.prepare(machine)
        self.assertIn("the default realm stays OTHER.TEST", steps_of(ran)["krb5.conf"][1])
        text = self.config(machine)
        self.assertTrue(text.startswith(theirs + "\n# BEGIN"))
        self.assertEqual((text.count("default_realm"), text.count("forwardable")), (1, 1))
        self.assertIn("kdc = 127.0.0.1:1", text)
        self.assertEqual(steps_of(self.prepare(machine))["krb5.conf"][0], "ok")
        self.prepare(machine, "--undo")
        self.assertEqual(machine.state(), before)

    def test_a_realm_that_is_there_with_other_kdcs(self):
        for theirs in (f"[realms]\n {REALM} = {{\n  kdc = dc9.example.test\n }}\n", f"[realms]\n{REALM} =\n{{\nkdc = \"dc9.example.test:88\"\n}}\n"):
            machine = self.machine(krb5_conf=theirs)
            before = machine.state()
            ran = self.prepare(machine)
            self.failed(ran, "krb5.conf", f"has the realm {REALM} already, with other KDCs: dc9.example.test, not 127.0.0.1:1", "--kdc")
            self.assertEqual(steps_of(ran)["ticket"], ("skipped", "because of krb5.conf"))
            self.assertEqual({key: value for key, value in machine.state().items() if "lib/" not in key}, before)

    def test_a_realm_that_is_there_already(self):
        theirs = f"""[libdefaults]
 default_realm={REALM}
 ticket_lifetime = 1h
 renew_lifetime = 1d
 forwardable = true
 rdns = true
[realms]
 {REALM} = {{
  kdc = 127.0.0.1:1
 }}
[domain_realm]
 .example.test = {REALM}
 example.test = {REALM}
"""
        machine = self.machine(krb5_conf=theirs)
        self.assertEqual(steps_of(self.prepare(machine, "--check"))["krb5.conf"], ("ok", "krb5.conf says it all already"))
        self.assertEqual(steps_of(self.prepare(machine))["krb5.conf"], ("ok", "krb5.conf says it all already"))
        self.assertEqual(self.config(machine), theirs)

    def test_a_domain_of_another_realm(self):
        machine = self.machine(krb5_conf="[domain_realm]\n .example.test = OTHER.TEST\n")
        self.failed(self.prepare(machine), "krb5.conf", ".example.test belongs to OTHER.TEST, not to EXAMPLE.TEST", "--domain")

    def test_other_kdcs_than_last_time(self):
        machine = self.machine()
        before = machine.state()
        self.prepare(machine)
        changed = ["--realm", REALM, "--kdc", "127.0.0.1:2,127.0.0.1:1"]
        ran = self.prepare(machine, base=changed)
        self.assertEqual(steps_of(ran)["krb5.conf"][0], "changed", ran)
        self.assertEqual(self.config(machine).count("        kdc = "), 2)
        self.assertEqual(self.config(machine).count("# BEGIN mullion"), 1)
        self.prepare(machine, "--undo")
        self.assertEqual(machine.state(), before)

    def test_a_folder_that_is_no_longer_included(self):
        machine = self.machine(krb5_conf="includedir /etc/krb5.conf.d\n")
        (machine.etc / "krb5.conf.d").mkdir()
        self.prepare(machine)
        (machine.etc / "krb5.conf").write_text(BARE_KRB5_CONF)
        ran = self.prepare(machine)
        self.assertEqual(steps_of(ran)["krb5.conf"][0], "changed", ran)
        self.assertEqual([*(machine.etc / "krb5.conf.d").iterdir()], [])
        self.assertIn("# BEGIN mullion", self.config(machine))
        self.assertEqual(self.prepare(machine, "--undo").returncode, 0)
        self.assertEqual(self.config(machine), BARE_KRB5_CONF)

    def test_two_realms(self):
        machine = self.machine()
        before = machine.state()
        other = ["--realm", "OTHER.TEST", "--kdc", "127.0.0.1:3"]
        self.prepare(machine)
        ran = machine.run(MULLION, "prepare", "kerberos", *other, "--apply")
        self.assertIn("the default realm stays EXAMPLE.TEST", steps_of(ran)["krb5.conf"][1])
        self.assertEqual(steps_of(self.prepare(machine))["krb5.conf"][0], "ok")
        self.assertEqual(self.prepare(machine, "--undo").returncode, 0)
        self.assertIn("kdc = 127.0.0.1:3", self.config(machine))
        self.assertEqual(machine.run(MULLION, "prepare", "kerberos", "--realm", "OTHER.TEST", "--undo").returncode, 0)
        self.assertEqual(machine.state(), before)

    def test_a_disk_that_is_full(self):
        if os.geteuid() != 0:
            self.skipTest("only root can mount a small file system")
        machine = self.machine()
        full = 'mount -t tmpfs -o size=64k tmpfs /var/lib && head -c 70000 /dev/zero >/var/lib/fill 2>/dev/null; exec "$@"'
        ran = machine.run("sh", "-c", full, "sh", MULLION, "prepare", "kerberos", *OPTIONS, "--apply")
        self.assertEqual(ran.returncode, 1, ran)
        self.assertEqual(self.config(machine), BARE_KRB5_CONF)  # What could not be undone is not done.

    def test_lines_of_ours_that_somebody_changed(self):
        machine = self.machine()
        self.prepare(machine)
        theirs = self.config(machine).replace("kdc = 127.0.0.1:1", "kdc = 127.0.0.1:7", 1)
        (machine.etc / "krb5.conf").write_text(theirs)
        self.failed(self.prepare(machine), "krb5.conf", "somebody changed the lines between")
        ran = self.prepare(machine, "--undo")
        self.failed(ran, "krb5.conf", "since: left as they are")
        self.assertEqual(self.config(machine), theirs)
        (machine.etc / "krb5.conf").write_text(theirs.replace("127.0.0.1:7", "127.0.0.1:1"))
        self.assertEqual(self.prepare(machine, "--undo").returncode, 0)
        self.assertEqual(self.config(machine), BARE_KRB5_CONF)

    def test_other_lines_that_somebody_added(self):
        machine = self.machine()
        self.prepare(machine)
        with open(machine.etc / "krb5.conf", "a") as file:
            file.write("[appdefaults]\n")
        ran = self.prepare(machine, "--undo")
        self.assertEqual(steps_of(ran)["krb5.conf"], ("changed", "/etc/krb5.conf: our lines are out; what others changed since stays"))
        self.assertEqual(self.config(machine), BARE_KRB5_CONF + "[appdefaults]\n")

    def test_marks_that_do_not_match(self):
        machine = self.machine(krb5_conf=BARE_KRB5_CONF + f"# BEGIN mullion prepare kerberos {REALM}\n[appdefaults]\n")
        self.failed(self.prepare(machine), "krb5.conf", "are not there once each", "by hand")


class Hosts(Case):
    ONE = ("--host", "10.0.0.5=dc1.example.test,dc1")

    def test_there_and_back(self):
        machine = self.machine(hosts="127.0.0.1 localhost")  # No end of line.
        before = machine.state()
        ran = self.prepare(machine, "--apply", *self.ONE, "--host", "2001:db8::5=dc1.example.test")
        self.assertEqual(steps_of(ran)["hosts"][0], "changed", ran)
        self.assertEqual((machine.etc / "hosts").read_text(), f"""127.0.0.1 localhost
# BEGIN mullion prepare kerberos {REALM}
10.0.0.5 dc1.example.test dc1
2001:db8::5 dc1.example.test
# END mullion prepare kerberos {REALM}
""")
        self.assertIn("10.0.0.5", machine.run("getent", "ahostsv4", "dc1.example.test").stdout)
        self.assertEqual(steps_of(self.prepare(machine, "--apply", *self.ONE, "--host", "2001:db8::5=dc1.example.test"))["hosts"][0], "ok")
        self.prepare(machine, "--undo")
        self.assertEqual(machine.state(), before)

    def test_a_line_that_is_there_already(self):
        machine = self.machine(hosts="10.0.0.5\tDC1.example.test dc1 # ours\n")
        self.assertEqual(steps_of(self.prepare(machine, "--apply", *self.ONE))["hosts"][0], "ok")
        self.assertNotIn("BEGIN", (machine.etc / "hosts").read_text())

    def test_a_name_that_has_another_address(self):
        machine = self.machine(hosts="10.0.0.9 dc1.example.test\n")
        self.failed(self.prepare(machine, "--apply", *self.ONE), "hosts", "has dc1.example.test already, with another address: 10.0.0.9, not 10.0.0.5")

    def test_a_file_that_is_mounted_as_containers_have_it(self):
        machine = self.machine()
        (machine.folder / "hosts").write_text("127.0.0.1 localhost\n")
        ran = machine.run("sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', machine.folder / "hosts", MULLION, "prepare", "kerberos", *OPTIONS, *self.ONE, "--apply")
        self.assertEqual(steps_of(ran)["hosts"][0], "changed", ran)
        self.assertIn("10.0.0.5 dc1.example.test dc1\n", (machine.folder / "hosts").read_text())


if __name__ == "__main__":
    unittest.main()
