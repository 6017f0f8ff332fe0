"""Credentials and passwords of the secret store in use: on the command line, in inventories, checks and the exporter; one question for a whole run."""
import json
import os
import re
import subprocess
import unittest

from tests.e2e.played_wsman import Played
from tests.e2e.test_exporter import FLEET, Exporter
from tests.e2e.test_secrets import WithStore
from tests.support import kdc as kerberos
from tests.support import vault
from tests.support.fake_aws import REGION, FakeAws, Refusal
from tests.support.inventory import Ran, by_host, statuses, write
from tests.support.kdc import Kdc
from tests.support.service import ADMIN, MULLION, Service, wait_until
from tests.support.simulate import Simulation

EXPRESSION = '<+secrets.getValue("account.win_pw")>'
HEAD = re.compile(r"mullion: audit log (\S+): head ([0-9a-f]{64})\n")


class WithUse(WithStore):
    """A store with the fleet's password, and an NTLM credential for http."""

    def setUp(self):
        super().setUp()
        self.add_text("win_pw", value=ADMIN[1])
        self.add_credential("win_prod")

    def add_credential(self, identifier, *words, auth="ntlm", password="win_pw"):
        log_on = ["--username", ADMIN[0], "--password-ref", password] if auth == "ntlm" else []
        self.does("credential", "add", "--id", identifier, "--auth", auth, *log_on, "--ssl", "no", *words)

    def run_client(self, *words, environment=None, stdin=subprocess.DEVNULL, timeout=90):
        place = words.index("--") if "--" in words else len(words)
        store = [] if "--store" in words else ["--store", self.store]
        line = [*words[:place], *store, *words[place:]]
        done = subprocess.run([str(MULLION), *map(str, line)], stdin=stdin, capture_output=True, timeout=timeout, cwd=self.folder,
                              env={**os.environ, **(environment or {})}, start_new_session=True)
        ran = Ran(done.returncode, done.stdout, done.stderr.decode())
        self.assertNotIn(ADMIN[1], done.stdout.decode() + ran.stderr, "the password was shown")
        return ran

    def entries(self, **fields):
        """The audit log's entries that have these fields."""
        page = [json.loads(line)["entry"] for line in (self.folder / "secrets.db.audit").read_text().splitlines()]
        return [entry for entry in page if all(entry.get(name) == value for name, value in fields.items())]

    def verified_head(self, ran):
        """The head that the run printed, once, when the log has it as its last line."""
        heads = HEAD.findall(ran.stderr)
        self.assertEqual(len(heads), 1, ran.stderr)
        self.assertEqual(heads[0][0], str(self.store) + ".audit")
        self.does("audit", "verify", "--head", heads[0][1])
        return heads[0][1]


class OnTheCommandLine(WithUse):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())
        cls.target = cls.service.http.split("/wsman")[0]

    def test_a_credential_logs_on_and_is_in_the_audit_log(self):
        ran = self.run_client("run", self.target, "--credential", "account.win_prod", "--output", "json", "--", "echo pane")
        self.assertEqual((ran.code, ran.host["stdout"]), (0, "pane\n"), ran)
        head = self.verified_head(ran)
        self.assertEqual(json.loads(ran.stdout)["audit_head"], head)
        name = self.target.removeprefix("http://")
        used = self.entries(kind="used", action="run", command="echo pane", host=name)
        self.assertEqual([entry["id"] for entry in used], ["win_prod", "win_pw"])
        self.assertEqual(used[1]["version"], 1)

    def test_every_command_that_connects_takes_one(self):
        for words in (["ping", self.target], ["run", self.target, "--", "true"], ["cim", "query", self.target, "SELECT Caption FROM Win32_OperatingSystem"],
                      ["config", "get", self.target, "Service/Auth/Basic"], ["doctor", self.target], ["check", "uptime", self.target]):
            with self.subTest(words[0]):
                place = words.index(self.target) + 1
                ran = self.run_client(*words[:place], "--credential", "win_prod", *words[place:])
                self.assertEqual(ran.code, 0, ran)
                self.verified_head(ran)
                self.assertEqual(len(self.entries(kind="used", action=words[0])), 2)

    def test_without_any_there_is_no_store(self):
        ran = subprocess.run([str(MULLION), "ping", self.target, "-u", ADMIN[0], "--transport", "ntlm", "--password-file", "/dev/stdin", "--store",
                              str(self.folder / "none.db")], input=ADMIN[1].encode() + b"\n", capture_output=True, timeout=60)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertNotIn(b"audit", ran.stderr)
        self.assertFalse((self.folder / "none.db.audit").exists())

    def test_beside_a_credential_only_port_and_transport_may_be_said(self):
        for words in (["-u", "me"], ["-k"], ["--scheme", "http"], ["--realm", "X"], ["--cert-validation", "ignore"]):
            ran = self.run_client("ping", self.target, "--credential", "win_prod", *words)
            self.assertEqual(ran.code, 5, ran)
            self.assertIn("beside the credential win_prod", ran.stderr)
            self.assertIn("[usage.invalid]", ran.stderr)
        ran = self.run_client("ping", self.target.replace("http://", "http://me@"), "--credential", "win_prod")
        self.assertEqual(ran.code, 5, ran)
        self.assertIn("names a user", ran.stderr)
        self.assertEqual(self.entries(kind="used"), [])
        host, port = self.target.removeprefix("http://").split(":")
        ran = self.run_client("ping", host, "--credential", "win_prod", "--port", port, "--transport", "negotiate", "--output", "json")
        self.assertEqual((ran.code, ran.host["transport"]), (0, "negotiate"), ran)

    def test_a_port_of_the_other_scheme_is_said(self):
        ran = self.run_client("ping", "127.0.0.1", "--credential", "win_prod", "--port", "5986", "--connect-timeout", "5")
        self.assertIn("port 5986 is the port with SSL by default, and the credential is without", ran.stderr)

    def test_the_scheme_is_the_credentials(self):
        ran = self.run_client("ping", self.service.https.split("/wsman")[0], "--credential", "win_prod")
        self.assertEqual(ran.code, 5, ran)
        self.assertIn("and the credential win_prod is for http", ran.stderr)

    def test_a_certificate_that_is_not_checked_is_said_each_time(self):
        self.does("credential", "update", "win_prod", "--ssl", "yes", "--skip-cert-check", "yes")
        ran = self.run_client("ping", self.service.https.split("/wsman")[0], "--credential", "win_prod")
        self.assertEqual(ran.code, 0, ran)
        self.assertEqual(ran.stderr.count("the host's certificate is not checked"), 1)
        self.assertEqual(len(self.entries(id="win_prod", detail="the host's certificate is not checked")), 1)

    def test_secrets_missing__and_what_else_cannot_be_opened(self):
        for reference, error in (("account.none", "secrets.missing"), ("win_pw", "secrets.kind"), ("project.x", "secrets.invalid")):
            ran = self.run_client("ping", self.target, "--credential", reference)
            self.assertEqual(ran.code, 5, ran)
            self.assertIn(f"[{error}]", ran.stderr)
        self.assertEqual({(entry["id"], entry["detail"]) for entry in self.entries(kind="refused")},
                         {("none", "secrets.missing"), ("win_pw", "secrets.kind")})
        ran = self.run_client("ping", self.target, "--credential", "win_prod", "--store", self.folder / "none.db")
        self.assertIn("[secrets.store]", ran.stderr)

    def test_audit_failed__nothing_is_used(self):
        (self.folder / "secrets.db.audit").chmod(0o644)
        ran = self.run_client("ping", self.target, "--credential", "win_prod")
        self.assertEqual(ran.code, 5, ran)
        self.assertIn("[audit.failed]", ran.stderr)

    def test_scopes(self):
        self.add_text("pw", "--scope", "project:o/p", value=ADMIN[1])
        self.add_credential("win", "--scope", "project:o/p", password="pw")
        ran = self.run_client("ping", self.target, "--credential", "win", "--secret-scope", "project:o/p")
        self.assertEqual(ran.code, 0, ran)
        self.assertEqual(self.run_client("ping", self.target, "--credential", "win").code, 5)

    def test_no_profile_is_the_credentials(self):
        for said in ("no", "yes"):
            self.does("credential", "update", "win_prod", "--no-profile", said)
            with Played() as played:
                self.run_client("run", played.url, "--credential", "win_prod", "--transport", "basic", "--allow-unencrypted", "--", "ver")
            create = next(asked for asked in played.asked if asked.action.endswith("/Create"))
            self.assertEqual(create.options["WINRS_NOPROFILE"].lower(), "true" if said == "yes" else "false")

    def test_winrs_takes_one(self):
        ran = self.run_client_of("winrs", f"-r:{self.service.http}", "--credential=win_prod", f"--store={self.store}", "echo pane")
        self.assertEqual((ran.code, ran.stdout), (0, b"pane\n"), ran)
        self.verified_head(ran)

    def run_client_of(self, name, *words):
        done = subprocess.run([str(MULLION.parent / name), *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, timeout=90)
        return Ran(done.returncode, done.stdout, done.stderr.decode())


class InInventories(WithUse):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(listen=["http://127.0.0.1:0"]))
        cls.port = cls.service.port("http")

    def inventory(self, hosts):
        write(self.folder, {"hosts.yml": f"all:\n  vars:\n    ansible_port: {self.port}\n    ansible_winrm_scheme: http\n"
                                         f"    ansible_winrm_transport: ntlm\n  hosts:\n{hosts}"})

    def ping(self, *words):
        return self.run_client("ping", "all", "-i", "hosts.yml", "--output", "jsonl", *words)

    def test_both_forms_and_a_host_of_its_own(self):
        self.inventory("    one: {ansible_host: 127.0.0.1, mullion_credential: account.win_prod, ansible_user: not-looked-at}\n"
                       f"    two: {{ansible_host: 127.0.0.1, ansible_user: {ADMIN[0]}, ansible_password: '{EXPRESSION}'}}\n"
                       f"    three: {{ansible_host: 127.0.0.1, ansible_user: {ADMIN[0]}, ansible_winrm_password: {json.dumps(ADMIN[1])}}}\n"
                       "    four: {ansible_host: 127.0.0.1, mullion_credential: account.gone}\n"
                       f"    five: {{ansible_host: 127.0.0.1, ansible_user: {ADMIN[0]}, ansible_password: 'x{EXPRESSION}'}}\n"
                       "    six: {ansible_connection: ssh, mullion_credential: account.other}\n")
        ran = self.ping()
        self.assertEqual(statuses(ran), {"one": "ok", "two": "ok", "three": "ok", "four": "not_started secrets.missing", "five": "not_started secrets.invalid",
                                         "six": "skipped"}, ran)
        self.verified_head(ran)
        self.assertEqual(sorted(entry["id"] for entry in self.entries(action="ping")), ["gone", "win_prod", "win_pw"])
        self.assertEqual(sorted(self.entries(id="win_pw", action="ping")[0]["hosts"]), ["one", "two"])

    def test_one_batch_for_the_hosts_that_are_used(self):
        self.inventory("".join(f"    h{number}: {{ansible_host: 127.0.0.1, mullion_credential: account.win_prod}}\n" for number in range(20)) +
                       "    other: {ansible_host: 127.0.0.1, mullion_credential: account.gone}\n")
        ran = self.run_client("ping", "all:!other", "-i", "hosts.yml", "--output", "jsonl")
        self.assertEqual((ran.code, len(by_host(ran))), (0, 20), ran)
        self.assertEqual(len(self.entries(action="ping")), 2)
        self.assertEqual(self.entries(action="ping", id="gone"), [])

    def test_a_vaulted_expression_and_extra_variables(self):
        write(self.folder, {"vault-password": "open sesame\n"})
        sealed = vault.as_yaml(EXPRESSION, "open sesame", indent=8).rstrip("\n")
        self.inventory(f"    one:\n      ansible_host: 127.0.0.1\n      ansible_user: {ADMIN[0]}\n      ansible_password: {sealed}\n")
        ran = self.ping("--vault-password-file", "vault-password")
        self.assertEqual(statuses(ran), {"one": "ok"}, ran)
        self.verified_head(ran)
        ran = self.ping("-e", "mullion_credential=account.win_prod")
        self.assertEqual(statuses(ran), {"one": "ok"}, ran)

    def test_expressions_elsewhere_are_refused(self):
        self.inventory(f"    one: {{ansible_host: 127.0.0.1, ansible_user: '{EXPRESSION}', ansible_password: x}}\n")
        self.assertEqual(statuses(self.ping()), {}, "wrong for all hosts")
        self.assertIn("ansible_password alone", self.ping().stderr)

    def test_the_inventory_is_shown_without_a_store(self):
        self.inventory("    one: {ansible_host: 127.0.0.1, mullion_credential: account.win_prod}\n")
        done = subprocess.run([str(MULLION), "inventory", "show", "-i", "hosts.yml", "one"], cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("credential account.win_prod", done.stdout)


class UnderKms(WithUse):
    """Secrets whose scope's key AWS has wrapped."""

    def setUp(self):
        super().setUp()
        self.aws = self.enterContext(FakeAws())
        access_key, secret_key = self.aws.user()
        self.add_text("ak", value=access_key)
        self.add_text("sk", value=secret_key)
        self.does("connector", "add", "--type", "aws-kms", "--id", "kms", "--credential-type", "access-key", "--access-key-ref", "ak", "--secret-key-ref", "sk",
                  "--kms-arn", self.aws.key(), "--region", REGION, "--endpoint", self.aws.url, "--sts-endpoint", self.aws.url)
        for scope in ("account", "org:o"):
            self.add_text("kms_pw", "--scope", scope, "--manager", "account.kms", value=ADMIN[1])
            self.add_credential("kms_win", "--scope", scope, password="kms_pw")
        self.aws.asked.clear()

    def test_ten_thousand_hosts_are_one_question(self):
        write(self.folder, {"hosts": "127.0.[0:39].[1:250]:1\n[all:vars]\nmullion_credential=account.kms_win\n"})
        ran = self.run_client("ping", "all", "-i", "hosts", "--output", "jsonl", "--forks", "500", timeout=300)
        self.assertEqual(ran.code, 4, ran.stderr[-2000:])
        self.assertEqual(set(statuses(ran).values()), {"unreachable net.refused"})
        self.assertEqual(len(by_host(ran)), 10_000)
        self.assertEqual(dict(self.aws.asked), {"Decrypt": 1})
        named = [host for entry in self.entries(id="kms_pw", kind="used") for host in entry["hosts"]]
        self.assertEqual(len(set(named)), 10_000)

    def test_two_scopes_are_two_questions_and_what_fails_is_its_hosts(self):
        with Service(listen=["http://127.0.0.1:0"]) as service:
            write(self.folder, {"hosts.yml": f"all:\n  vars: {{ansible_host: 127.0.0.1, ansible_port: {service.port('http')}}}\n  hosts:\n"
                                             "    one: {mullion_credential: account.kms_win}\n    two: {mullion_credential: org.kms_win}\n"
                                             "    three: {mullion_credential: account.win_prod}\n"})
            words = ("ping", "all", "-i", "hosts.yml", "--output", "jsonl", "--secret-scope", "org:o")
            ran = self.run_client(*words)
            self.assertEqual(statuses(ran), {"one": "ok", "two": "ok", "three": "ok"}, ran)
            self.assertEqual(dict(self.aws.asked), {"Decrypt": 2})
            self.aws.fail("Decrypt", Refusal(400, "AccessDeniedException"), times=10)
            ran = self.run_client(*words)
            found = statuses(ran)
            self.assertEqual(found.pop("three"), "ok")
            self.assertEqual(set(found.values()), {"refused aws.refused"}, ran)


class InTheExporter(WithUse):
    def configuration(self, auth):
        return ("version: 1\nlisten: ['127.0.0.1:0']\ntargets: {allow: ['127.1.0.0/29:*']}\nsecrets: {store: " + str(self.store) + "}\nauths:\n  default: " + auth +
                "\n  gone: {credential: account.gone}\nmodules:\n  default: {collectors: [os]}\n")

    def exporter(self, auth):
        return Exporter(self.configuration(auth).replace("{", "{{").replace("}", "}}"))

    def test_a_credential_and_an_expression(self):
        with Simulation(FLEET) as fleet:
            target = f"127.1.0.1:{fleet.ports['http']}"
            for auth in ("{credential: account.win_prod}", f"{{user: {ADMIN[0]}, password: '{EXPRESSION}', transport: ntlm, scheme: http}}"):
                with self.subTest(auth), self.exporter(auth) as exporter:
                    status, text, _ = exporter.probe(target)
                    self.assertEqual(status, 200)
                    self.assertIn("windows_os_info", text)
                    log = (exporter.folder / "log").read_text()
                    self.assertRegex(log, r"audit log \S+: head [0-9a-f]{64}")
                    self.assertIn("auth gone: there is no such secret", log)
                    self.assertNotIn("windows_os_info", exporter.probe(target, auth="gone")[1])
                    self.assertIn("is not there", exporter.probe(target, auth="gone", debug="true")[1])
                    self.assertNotIn(ADMIN[1], log)
        self.assertEqual({entry["host"] for entry in self.entries(action="exporter")}, {"auth default", "auth gone"})

    def test_a_new_version_is_taken_without_a_reload(self):
        self.does("secret", "update", "win_pw", "--value-stdin", stdin=b"an old password\n")
        with Simulation(FLEET) as fleet, self.exporter("{credential: account.win_prod}") as exporter:
            target = f"127.1.0.1:{fleet.ports['http']}"
            self.assertNotIn("windows_os_info", exporter.probe(target)[1])
            used = len(self.entries(action="exporter", id="win_pw"))
            self.does("secret", "update", "win_pw", "--value-stdin", stdin=ADMIN[1].encode() + b"\n")
            wait_until(lambda: "windows_os_info" in exporter.probe(target)[1], "the new password is used")
            self.assertEqual(len(self.entries(action="exporter", id="win_pw")), used + 1)

    def test_a_credential_that_was_taken_away_is_used_no_more(self):
        # With a wrong password each probe makes a session anew, and looks.
        self.does("secret", "update", "win_pw", "--value-stdin", stdin=b"an old password\n")
        with Simulation(FLEET) as fleet, self.exporter("{credential: account.win_prod}") as exporter:
            target = f"127.1.0.1:{fleet.ports['http']}"
            self.assertNotIn("is not there", exporter.probe(target, debug="true")[1])
            self.does("credential", "delete", "win_prod")
            wait_until(lambda: "is not there" in exporter.probe(target, debug="true")[1], "it is used no more")

    def test_config_invalid__what_cannot_be(self):
        for auth, words in (("{credential: account.win_prod, user: me}", "user cannot stand beside a credential"),
                            ("{credential: account.win_prod, password_file: x}", "password_file cannot stand beside"),
                            ("{user: me, password: hunter2}", "password takes an expression"),
                            ("{credential: project.x}", "Invalid Secret Reference")):
            file = self.folder / "exporter.yml"
            file.write_text(self.configuration(auth))
            done = subprocess.run([str(MULLION), "exporter", "--config", str(file), "--check"], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 5, done)
            self.assertIn(words, done.stderr)
            self.assertNotIn("hunter2", done.stderr)
        self.assertEqual(self.entries(action="exporter"), [])


@unittest.skipIf(kerberos.missing(), kerberos.missing())
class WithKerberos(WithUse):
    """A KDC, a service of its realm, and a machine whose krb5.conf knows neither."""

    @classmethod
    def setUpClass(cls):
        cls.kdc = cls.enterClassContext(Kdc())
        cls.service = cls.enterClassContext(Service(accounts=[("alice", kerberos.PASSWORD, ["--admin"])], options=["--keytab", str(cls.kdc.keytab)],
                                                    environment=cls.kdc.environment))
        cls.target = f"http://localhost:{cls.service.port('http')}"

    def setUp(self):
        super().setUp()
        self.does("secret", "add", "--type", "file", "--id", "alice_keys", "--file-name", "alice.keytab", "--value-file", self.kdc.folder / "alice.user.keytab")
        self.add_text("alice_pw", value=kerberos.PASSWORD)
        # The machine's krb5.conf knows no KDC: the credential does.
        self.bare = self.folder / "krb5.conf"
        self.bare.write_text("[libdefaults]\n  dns_lookup_kdc = false\n  dns_canonicalize_hostname = false\n  rdns = false\n[domain_realm]\n"
                             f"  localhost = {kerberos.REALM}\n")
        self.environment = {**self.kdc.environment, "KRB5_CONFIG": str(self.bare)}

    def credential(self, identifier, *ticket):
        self.add_credential(identifier, "--principal", "alice", "--realm", kerberos.REALM, "--kdc", f"127.0.0.1:{self.kdc.port}", *ticket, auth="kerberos")


class ByKerberos(WithKerberos):
    def ping(self, credential, targets=None):
        ran = self.run_client("ping", targets or self.target, "--credential", credential, "--kerberos-hostname", "localhost", "--output", "jsonl",
                              environment=self.environment)
        self.verified_head(ran)
        return ran

    def test_by_the_keys_of_a_file_secret(self):
        self.credential("by_keys", "--keytab-ref", "alice_keys")
        ran = self.ping("by_keys")
        self.assertEqual(by_host(ran)[self.target.removeprefix("http://")]["transport"], "kerberos", ran)
        self.assertEqual({entry["id"] for entry in self.entries(action="ping")}, {"by_keys", "alice_keys"})

    def test_by_password_with_a_ticket_for_each_or_one_for_all(self):
        several = f"{self.target},{self.target.replace('localhost', '127.0.0.1')}"
        self.credential("each", "--password-ref", "alice_pw")
        self.credential("reused", "--password-ref", "alice_pw", "--reuse-ticket", "yes")
        for credential, tickets in (("each", 2), ("reused", 1)):
            before = self.kdc.requests("AS_REQ")
            self.assertEqual(set(statuses(self.ping(credential, several)).values()), {"ok"})
            self.assertEqual(self.kdc.requests("AS_REQ") - before, tickets, credential)

    def test_what_is_no_keytab_is_said(self):
        self.credential("wrong", "--keytab-ref", "alice_keys")
        self.does("secret", "update", "alice_keys", "--value-stdin", stdin=b"no keytab at all")
        ran = self.ping("wrong")
        self.assertEqual(ran.code, 5, ran)
        self.assertIn("[secrets.invalid]", ran.stderr)
        self.assertIn("credential wrong of account: the keytab does not begin as one", ran.stderr)


if __name__ == "__main__":
    unittest.main()
