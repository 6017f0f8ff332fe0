"""`mullion connector test` and `mullion credential test`: what works, what does not and whose matter that is; the result is kept with the entity."""
import json
import unittest
from pathlib import Path

from tests.e2e.test_secrets import NTLM, WithStore
from tests.support.fake_aws import ACCOUNT, REGION, FakeAws, Refusal
from tests.support.service import ADMIN
from tests.support.simulate import Simulation

DELEGATE = ["--delegate-name", "dc1", "--delegate-tag", "site-a"]


class Tested(WithStore):
    """`test` of one entity: exit status, the page for programs, and what is kept of it."""
    noun = "connector"

    def ask(self, *words, expect=0, noun=None):
        code, out, err = self.run_it(noun or self.noun, "test", *words, "--output", "json", *DELEGATE)
        self.assertEqual(code, expect, out + err)
        page = json.loads(out)
        self.assertEqual((page["schema"], page["delegate"], page["delegate_tags"]), (1, "dc1", ["site-a"]))
        self.assertEqual(page["result"], "failed" if expect else "ok")
        return page

    def entries(self, kind, action):
        lines = [json.loads(line)["entry"] for line in Path(f"{self.store}.audit").read_text().splitlines()]
        return [one for one in lines if (one["kind"], one["action"]) == (kind, action)]

    def kept(self, identifier, noun=None):
        return self.shown(noun or self.noun, identifier)["test"]


class WithManager(Tested):
    def setUp(self):
        super().setUp()
        self.aws = self.enterContext(FakeAws())
        access_key, secret_key = self.aws.user()
        self.key = self.aws.key()
        self.add_text("ak", value=access_key)
        self.add_text("sk", value=secret_key)
        self.add_connector("kms")

    def add_connector(self, identifier, *words, key=None):
        self.does("connector", "add", "--type", "aws-kms", "--id", identifier, "--credential-type", "access-key", "--access-key-ref", "ak",
                  "--secret-key-ref", "sk", "--kms-arn", key or self.key, "--region", REGION, "--endpoint", self.aws.url, "--sts-endpoint", self.aws.url, *words)


class ManagerTest(WithManager):
    def failure(self, *words, expect=4):
        """The step, cause and id of what failed, which is kept as well."""
        page = self.ask("kms", *words, expect=expect)
        step = next(step for step in page["steps"] if step["result"] == "failed")
        self.assertTrue(step["error"]["advice"], step)
        kept = self.kept("kms")
        self.assertEqual((kept["passed"], kept["error"], kept["delegate"]), (False, step["error"]["id"], "dc1"))
        self.assertTrue(kept["message"])
        return step["name"], step["cause"], step["error"]["id"]

    def test_each_step_is_told_and_the_result_kept(self):
        self.assertIsNone(self.kept("kms"))
        page = self.ask("kms")
        self.assertEqual([(step["name"], step["result"]) for step in page["steps"]],
                         [(name, "ok") for name in ("settings", "credentials", "identity", "key", "round-trip", "clock")])
        self.assertEqual((page["key"], page["key_state"], page["caller"], page["region"]),
                         (self.key, "Enabled", f"arn:aws:iam::{ACCOUNT}:user/operator", REGION))
        kept = self.kept("kms")
        self.assertEqual((kept["passed"], kept["error"], kept["delegate"], kept["at"]), (True, None, "dc1", page["at"]))
        self.assertIn("  last test: passed at ", self.does("connector", "show", "kms")[0])
        # Said before the keys were used; and gone when the connector changes.
        self.assertEqual([one["id"] for one in self.entries("used", "connector test")], ["ak", "sk"])
        self.does("connector", "update", "kms", "--description", "changed")
        self.assertIsNone(self.kept("kms"))

    def test_people_are_told_who_tried_and_what_to_do(self):
        code, out, err = self.run_it("connector", "test", "kms", *DELEGATE)
        self.assertEqual((code, err), (0, ""))
        self.assertTrue(out.startswith("delegate dc1 (site-a), 20"), out)
        self.assertTrue(out.endswith("the secret manager works\n"), out)
        self.aws.keys[self.key]["state"] = "Disabled"
        code, out, _ = self.run_it("connector", "test", "kms", *DELEGATE)
        self.assertEqual(code, 4)
        self.assertIn("FAILED  key", out)
        self.assertIn("        next: ", out)
        self.assertTrue(out.endswith("the secret manager does not work\n"), out)
        self.assertIn("[aws.refused]", self.does("connector", "show", "kms")[0])

    def test_causes_are_told_apart(self):
        self.aws.fail("GenerateDataKey", Refusal(400, "AccessDeniedException"), 9)
        self.assertEqual(self.failure(), ("round-trip", "no-right", "aws.refused"))
        self.aws.faults.clear()
        self.aws.fail("GenerateDataKey", Refusal(400, "ThrottlingException"), 9)
        self.assertEqual(self.failure(), ("round-trip", "throttled", "aws.throttled"))
        self.aws.faults.clear()
        self.aws.keys[self.key]["state"] = "PendingDeletion"
        self.assertEqual(self.failure(), ("key", "key-unusable", "aws.refused"))
        self.does("secret", "update", "ak", "--value-stdin", stdin=b"AKIANOBODY")
        self.assertEqual(self.failure(), ("identity", "credential-refused", "aws.refused"))
        with FakeAws() as gone:
            url = gone.url
        self.does("connector", "update", "kms", "--endpoint", url, "--sts-endpoint", url)
        self.assertEqual(self.failure(), ("key", "unreachable", "aws.unreachable"))

    def test_a_delegate_without_the_tags_asks_nobody(self):
        self.assertEqual(self.failure("--delegate-selector", "site-b", expect=5), ("settings", "delegate", "usage.unsupported"))
        self.does("connector", "update", "kms", "--selector", "site-b")
        self.assertEqual(self.failure(expect=5), ("settings", "delegate", "usage.unsupported"))
        self.does("connector", "update", "kms", "--selector", "site-a", "--execute-on-delegate", "no")
        self.assertEqual(self.failure(expect=5), ("settings", "delegate", "usage.unsupported"))
        self.assertEqual(self.aws.connections, 0)
        self.assertEqual(self.entries("used", "connector test"), [])

    def test_ignore_test_connection_leaves_it_out_until_it_is_forced(self):
        self.does("connector", "update", "kms", "--ignore-test-connection", "yes")
        out, _ = self.does("connector", "test", "kms", *DELEGATE)
        self.assertIn("is not tested: its ignoreTestConnection is true", out)
        self.assertEqual(json.loads(self.does("connector", "test", "kms", "--output", "json")[0])["result"], "skipped")
        self.assertEqual(self.aws.connections, 0)
        self.assertIsNone(self.kept("kms"))
        self.ask("kms", "--force")
        self.assertTrue(self.kept("kms")["passed"])

    def test_credentials_that_another_manager_does_not_open_are_a_step_that_failed(self):
        other = self.aws.key()
        self.add_connector("outer", key=other)
        self.add_text("ak2", "--manager", "outer")
        self.does("connector", "update", "kms", "--access-key-ref", "ak2")
        self.aws.keys[other]["state"] = "Disabled"
        self.assertEqual(self.failure(), ("settings", "settings", "aws.refused"))

    def test_what_is_not_there_and_what_is_none(self):
        self.refused("secrets.missing", "connector", "test", "none")
        self.refused("secrets.missing", "connector", "test", "ak")
        self.refused("secrets.kind", "credential", "test", "ak", "127.0.0.1")


class DefaultManagerTest(WithManager):
    """A connector that is the default one of its scope."""

    def manager_of(self, identifier, *words):
        return self.shown("secret", identifier, *words)["secret"]["spec"]["secretManagerIdentifier"]

    def test_a_secret_that_names_no_manager_gets_the_nearest_default(self):
        self.add_text("before")
        self.does("connector", "update", "kms", "--default", "yes")
        self.assertIn("AwsKms (default)", self.does("connector", "list")[0])
        self.add_text("here")
        self.add_text("there", "--scope", "project:o/p")
        self.add_text("own", "--manager", "harnessSecretManager")
        self.assertEqual([self.manager_of("before"), self.manager_of("here"), self.manager_of("there", "--scope", "project:o/p"), self.manager_of("own")],
                         ["harnessSecretManager", "kms", "account.kms", "harnessSecretManager"])
        self.assertEqual(self.aws.asked["GenerateDataKey"], 2)  # One for each scope.
        self.assertIn("default secret manager there already", self.refused(
            "secrets.invalid", "connector", "add", "--type", "aws-kms", "--id", "kms2", "--credential-type", "access-key", "--access-key-ref", "ak",
            "--secret-key-ref", "sk", "--kms-arn", self.key, "--region", REGION, "--default", "yes"))

    def test_a_file_takes_the_default_of_its_own(self):
        file, value = self.folder / "f.yaml", self.folder / "value"
        value.write_text("x")
        file.write_text("secret: {type: SecretText, name: fresh}\n---\nsecret: {type: SecretText, name: ak}\n")
        self.does("connector", "update", "kms", "--default", "yes")
        out, err = self.does("apply", "-f", file, "--value", f"account.fresh={value}")
        self.assertEqual(out, "secret ak of account: unchanged\nsecret fresh of account: created\n")
        self.assertTrue(err.endswith("plan: create secret fresh of account\nplan: 1 to create, 0 to update, 1 unchanged; all of it or nothing\n"), err)
        self.assertEqual(self.manager_of("fresh"), "kms")


class AtOnceTest(WithManager):
    """A file is applied as a whole or not at all."""

    def test_all_or_nothing_over_a_manager_that_is_new_itself(self):
        file, value = self.folder / "f.yaml", self.folder / "value"
        value.write_text("x")
        file.write_text(f"""connector:
  name: kms2
  type: AwsKms
  spec:
    credential: {{type: ManualConfig, spec: {{accessKey: ak, secretKey: sk}}}}
    kmsArnInPlainText: {self.key}
    endpoint: {self.aws.url}
    stsEndpoint: {self.aws.url}
---
secret: {{type: SecretText, name: sealed, spec: {{secretManagerIdentifier: kms2}}}}
---
secret: {{type: SecretText, name: plain, spec: {{secretManagerIdentifier: harnessSecretManager}}}}
""")
        words = ("apply", "-f", file, "--value", f"account.sealed={value}", "--value", f"account.plain={value}")
        before = (self.identifiers(), self.identifiers("connector"))
        self.aws.keys[self.key]["state"] = "Disabled"
        code, out, err = self.run_it(*words)
        self.assertEqual((code, out), (4, ""), err)
        self.assertIn("[aws.refused]", err)
        self.assertEqual((self.identifiers(), self.identifiers("connector")), before)
        self.assertEqual(self.entries("changed", "apply"), [])
        self.aws.keys[self.key]["state"] = "Enabled"
        self.does(*words)
        self.assertEqual(set(self.identifiers()) - set(before[0]), {"sealed", "plain"})
        self.assertEqual([one["id"] for one in self.entries("changed", "apply")], ["kms2", "sealed", "plain"])
        self.does("audit", "verify")


FLEET = """faults:
  - {host: busy, step: create, do: fault, code: 0x803381A5}
hosts:
  - {name: well, address: 127.1.0.1}
  - {name: other, address: 127.1.0.2, accounts: [{user: Administrator, password: another}]}
  - {name: guest, address: 127.1.0.3, accounts: [{user: Administrator, password: PASSWORD, administrator: false}]}
  - {name: busy, address: 127.1.0.4}
"""


class CredentialTest(Tested):
    noun = "credential"

    def setUp(self):
        super().setUp()
        fleet = FLEET.replace("PASSWORD", json.dumps(ADMIN[1]))
        self.hosts = self.enterContext(Simulation(fleet))
        self.does("secret", "add", "--id", "pw", "--value-stdin", stdin=ADMIN[1].encode() + b"\n")
        self.does("credential", "add", "--id", "win", "--auth", "ntlm", "--username", ADMIN[0], "--password-ref", "pw", "--ssl", "no",
                  "--port", self.hosts.ports["http"])

    def failure(self, *words):
        """Cause, error id and the steps of the one host."""
        page = self.ask("win", *words, expect=4)
        host, = page["hosts"]
        self.assertTrue(host["error"]["advice"], host)
        kept = self.kept("win")
        self.assertEqual((kept["passed"], kept["error"]), (False, host["error"]["id"]))
        return host["error"]["cause"], host["error"]["id"], [step["result"] for step in host["steps"]]

    def test_a_log_on_and_a_command(self):
        page = self.ask("win", "127.1.0.1")
        host, = page["hosts"]
        self.assertEqual((host["transport"], host["sealed"], [step["result"] for step in host["steps"]]), ("ntlm", True, ["ok", "ok"]))
        self.assertIn("Microsoft", host["vendor"])
        kept = self.kept("win")
        self.assertEqual((kept["passed"], kept["message"], kept["delegate"], kept["at"]), (True, "127.1.0.1", "dc1", page["at"]))
        counts = self.hosts.counts()
        self.assertEqual(counts["totals"]["shells_open"], 0)
        self.assertEqual({(one["id"], one.get("host")) for one in self.entries("used", "credential test")}, {("pw", "127.1.0.1"), ("win", "127.1.0.1")})

    def test_causes_are_told_apart(self):
        self.assertEqual(self.failure("127.1.0.2"), ("credential-refused", "auth.rejected", ["failed", "skipped"]))
        self.assertEqual(self.failure("127.1.0.4"), ("quota", "wsman.quota", ["ok", "failed"]))
        self.assertEqual(self.failure("127.1.0.3"), ("no-right", "wsman.access_denied", ["ok", "failed"]))
        self.assertEqual(self.failure(f"127.1.0.1:{self.gone()}")[:2], ("unreachable", "net.refused"))
        self.does("credential", "update", "win", "--ssl", "yes")
        self.assertEqual(self.failure("127.1.0.1")[0], "tls")
        self.does("credential", "update", "win", "--port", self.hosts.ports["https"])
        self.assertEqual(self.failure("127.1.0.1")[:2], ("tls", "tls.untrusted"))

    @staticmethod
    def gone():
        with FakeAws() as gone:
            return gone.port

    def test_people_are_told_in_harnesss_words(self):
        code, out, _ = self.run_it("credential", "test", "win", "127.1.0.1", "127.1.0.2", *DELEGATE)
        self.assertEqual(code, 4)
        self.assertIn("ok        127.1.0.1  ntlm, sealed; Microsoft", out)
        self.assertIn("credential-refused: Authorization Error: Invalid credentials. Check AuthenticationScheme, username and password", out)
        self.assertIn("[auth.rejected]", out)
        self.assertIn("          next: ", out)
        self.assertTrue(out.endswith("works on 1 of 2 hosts\n"), out)
        self.assertEqual(self.kept("win")["message"].split(";")[0], "1 of 2 hosts")

    def test_a_password_that_was_refused_is_shown_once(self):
        self.ask("win", "127.1.0.2", expect=4)
        self.assertEqual(self.hosts.counts()["hosts"]["other"]["steps"]["handshake"], 2)

    def test_hosts_of_a_connector(self):
        self.does("connector", "add", "--type", "pdc", "--id", "rack", "--host", "127.1.0.1", "--credential", "win", "--selector", "site-a")
        page = self.ask("rack", noun="connector")
        self.assertEqual(page["connector"], {"identifier": "rack", "scope": "account"})
        self.assertTrue(self.kept("rack", "connector")["passed"])
        self.does("connector", "update", "rack", "--selector", "site-b")
        page = self.ask("rack", noun="connector", expect=5)
        self.assertEqual((page["error"]["cause"], page["hosts"]), ("delegate", []))
        self.does("connector", "update", "rack", "--selector", "", "--credential", "")
        self.refused("secrets.invalid", "connector", "test", "rack")

    def test_hosts_of_a_connector_are_an_inventory(self):
        file = self.folder / "rack.yaml"
        file.write_text("""connector:
  name: rack 7
  type: Pdc
  spec:
    credential: win
    hosts:
      - hostname: 127.1.0.1
        attributes: {zone: b, role: web server}
      - hostname: 127.1.0.2:15985
        attributes: {zone: b}
""")
        self.does("apply", "-f", file)
        out, _ = self.does("connector", "inventory", "rack_7", *DELEGATE)
        groups = json.loads(out)["all"]["children"]
        self.assertEqual(groups["rack_7"], {"hosts": {
            "127.1.0.1": {"ansible_host": "127.1.0.1", "mullion_credential": "account.win", "attributes": {"role": "web server", "zone": "b"}},
            "127.1.0.2": {"ansible_host": "127.1.0.2", "ansible_port": 15985, "mullion_credential": "account.win", "attributes": {"zone": "b"}}}})
        inventory = self.folder / "rack.json"
        inventory.write_text(out)
        listed = lambda pattern: self.does("inventory", "list", "-i", inventory, pattern, store=False)[0].split()
        self.assertEqual((listed("rack_7"), listed("zone_b:&role_web_server")), (["127.1.0.1", "127.1.0.2"], ["127.1.0.1"]))
        self.does("connector", "update", "rack_7", "--selector", "site-b")
        self.assertIn("lacks the tag site-b", self.refused("usage.unsupported", "connector", "inventory", "rack_7", *DELEGATE))
        self.does("connector", "inventory", "rack_7", "--delegate-tag", "site-b")

    def test_what_cannot_be_tested(self):
        self.refused("usage.target", "credential", "test", "win", "http://127.1.0.1/")
        page = self.ask("win", "127.1.0.1", "--delegate-selector", "site-b", expect=5)
        self.assertEqual((page["error"]["cause"], page["hosts"]), ("delegate", []))
        code, _, err = self.run_it("credential", "test", "win")
        self.assertEqual(code, 5, err)


if __name__ == "__main__":
    unittest.main()
