"""The AWS key manager against tests/support/fake_aws.py: four kinds of credentials, and the table of what is repeated, by counts."""
import base64
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.support.aws_probe import Probe
from tests.support.fake_aws import ACCOUNT, REGION, Broken, FakeAws, Refusal

SCOPE = {"app": "mullion", "scope": "account"}


class WithAws(unittest.TestCase):
    def setUp(self):
        self.aws = self.enterContext(FakeAws())
        self.access_key, self.secret = self.aws.user()
        self.key = self.aws.key()

    def connector(self, kind="ManualConfig", **more):
        made = {"credential": {"type": kind}, "key": self.key, "region": REGION, "endpoint": self.aws.url, "sts_endpoint": self.aws.url, "delegate": "dc1"}
        if kind == "ManualConfig":
            made |= {"access_key": self.access_key, "secret_key": self.secret}
        return made | more

    def probe(self, connector=None, **environment):
        return self.enterContext(Probe(connector or self.connector(), environment))

    def fails(self, told, error):
        self.assertFalse(told["ok"], told)
        self.assertEqual(told["id"], error, told)
        self.assertTrue(told["advice"], told)
        return told["message"]


class KeysTest(WithAws):
    def test_a_key_is_made_opened_and_rewrapped(self):
        probe = self.probe()
        made = probe.generate(**SCOPE)
        self.assertTrue(made["ok"], made)
        self.assertEqual(made["arn"], self.key)
        self.assertEqual(probe.unwrap(made, **SCOPE)["key"], made["key"])
        again = probe.rewrap(made, **SCOPE)
        self.assertTrue(again["ok"], again)
        self.assertNotEqual(again["blob"], made["blob"])
        self.assertEqual(probe.unwrap(again, **SCOPE)["key"], made["key"])
        self.assertEqual(self.aws.asked, {"GenerateDataKey": 1, "Decrypt": 2, "ReEncrypt": 1})

    def test_all_questions_go_over_one_connection(self):
        probe = self.probe()
        for _ in range(5):
            self.assertTrue(probe.generate(**SCOPE)["ok"])
        self.assertEqual(self.aws.connections, 1)

    def test_what_was_wrapped_by_an_alias_is_opened_after_it_moved(self):
        self.aws.aliases["alias/mullion"] = self.key
        probe = self.probe(self.connector(key="alias/mullion"))
        made = probe.generate(**SCOPE)
        self.assertEqual(made["arn"], self.key)
        other = self.aws.aliases["alias/mullion"] = self.aws.key()
        self.assertEqual(probe.unwrap(made, **SCOPE)["key"], made["key"])
        self.assertEqual(probe.rewrap(made, **SCOPE)["arn"], other)

    def test_another_context_is_tampering(self):
        probe = self.probe()
        made = probe.generate(**SCOPE)
        for wrong in ({**SCOPE, "scope": "org:O"}, {"app": "mullion"}, {}, {**SCOPE, "App": "mullion"}):
            self.fails(probe.unwrap(made, **wrong), "secrets.tampered")

    def test_another_key_is_tampering(self):
        probe = self.probe()
        made = probe.generate(**SCOPE)
        self.assertIn("IncorrectKeyException", self.fails(probe.unwrap({**made, "arn": self.aws.key()}, **SCOPE), "secrets.tampered"))

    def test_a_changed_byte_is_tampering(self):
        probe = self.probe()
        made = probe.generate(**SCOPE)
        raw = bytearray(base64.b64decode(made["blob"]))
        raw[-1] ^= 1
        self.fails(probe.unwrap({**made, "blob": base64.b64encode(raw).decode()}, **SCOPE), "secrets.tampered")

    def test_aws_refused__names_key_region_and_caller_of_a_disabled_key(self):
        self.aws.keys[self.key]["state"] = "Disabled"
        probe = self.probe()
        message = self.fails(probe.generate(**SCOPE), "aws.refused")
        for part in ("DisabledException", self.key, REGION, f"arn:aws:iam::{ACCOUNT}:user/operator"):
            self.assertIn(part, message)
        self.assertEqual(self.aws.asked["GenerateDataKey"], 1)

    def test_a_key_of_nobody_says_so_once(self):
        probe = self.probe(self.connector(key=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"))
        self.assertIn("NotFoundException", self.fails(probe.generate(**SCOPE), "aws.refused"))
        self.assertEqual(self.aws.asked["GenerateDataKey"], 1)

    def test_a_region_that_is_not_the_keys_is_refused_before_anything_is_sent(self):
        probe = self.probe(self.connector(region="eu-west-1"))
        self.fails(probe.generate(**SCOPE), "secrets.invalid")
        self.assertEqual(self.aws.connections, 0)


class RetryTest(WithAws):
    """secrets.md 2.2, row by row: how often is asked, and what comes of it."""

    def after(self, fault, times, operation="GenerateDataKey", **connector):
        """Attempts, and what came of them, where the service fails so many times first."""
        self.aws.fail(operation, fault, times)
        probe = self.probe(self.connector(**connector))
        before = self.aws.asked[operation]
        told = probe.generate(**SCOPE)
        return told, self.aws.asked[operation] - before

    def test_throttling_is_a_400_that_is_repeated(self):
        for code in ("ThrottlingException", "Throttling", "ThrottledException", "RequestThrottled", "RequestThrottledException",
                     "TooManyRequestsException", "RequestLimitExceeded", "LimitExceededException", "SlowDown", "PriorRequestNotComplete"):
            with self.subTest(code):
                told, attempts = self.after(Refusal(400, code), 4)
                self.assertTrue(told["ok"], told)
                self.assertEqual((attempts, told["pauses"]), (5, 4))

    def test_aws_throttled__after_five_attempts(self):
        told, attempts = self.after(Refusal(400, "ThrottlingException"), 9)
        self.assertIn("after 5 attempts", self.fails(told, "aws.throttled"))
        self.assertEqual(attempts, 5)

    def test_what_is_transient_is_repeated_twice(self):
        faults = [Refusal(status, "InternalFailure") for status in (500, 502, 503, 504)]
        faults += [Refusal(400, code) for code in ("RequestTimeout", "RequestTimeoutException", "KMSInternalException", "DependencyTimeoutException",
                                                   "KeyUnavailableException")]
        for fault in faults:
            with self.subTest(f"{fault.status} {fault.code}"):
                told, attempts = self.after(fault, 2)
                self.assertTrue(told["ok"], told)
                self.assertEqual((attempts, told["pauses"]), (3, 2))

    def test_what_is_transient_ends(self):
        told, attempts = self.after(Refusal(500, "KMSInternalException"), 9)
        self.assertIn("KMSInternalException", self.fails(told, "aws.unreachable"))
        self.assertEqual(attempts, 3)

    def test_a_connection_that_breaks_is_made_anew(self):
        for how in ("reset", "close", "cut"):
            with self.subTest(how):
                told, attempts = self.after(Broken(how), 2)
                self.assertTrue(told["ok"], told)
                self.assertEqual(attempts, 3)

    def test_aws_unreachable__after_three_connections_that_broke(self):
        told, attempts = self.after(Broken("reset"), 9)
        self.assertIn(self.aws.url, self.fails(told, "aws.unreachable"))
        self.assertEqual(attempts, 3)

    def test_an_answer_that_never_ends_is_given_up(self):
        for how in ("slow", "stall"):
            with self.subTest(how):
                told, attempts = self.after(Broken(how), 9, timeout_ms=700)
                self.assertIn("no whole answer", self.fails(told, "aws.unreachable"))
                self.assertEqual(attempts, 3)
                self.aws.faults.clear()

    def test_aws_answer__is_not_asked_for_again(self):
        for how in ("garbage", "huge", "page", "redirect"):
            with self.subTest(how):
                told, attempts = self.after(Broken(how), 1)
                self.fails(told, "aws.answer")
                self.assertEqual(attempts, 1)

    def test_what_is_final_is_asked_once(self):
        for code in ("AccessDeniedException", "NotFoundException", "DisabledException", "KMSInvalidStateException", "InvalidKeyUsageException",
                     "InvalidGrantTokenException", "InvalidArnException", "ValidationException", "DryRunOperationException"):
            with self.subTest(code):
                told, attempts = self.after(Refusal(400, code), 9)
                self.assertIn(code, self.fails(told, "aws.refused"))
                self.assertEqual((attempts, told["pauses"]), (1, 0))
                self.aws.faults.clear()
        for code in ("InvalidCiphertextException", "IncorrectKeyException"):
            with self.subTest(code):
                told, attempts = self.after(Refusal(400, code), 9)
                self.fails(told, "secrets.tampered")
                self.assertEqual(attempts, 1)
                self.aws.faults.clear()

    def test_nobody_there(self):
        with FakeAws() as gone:
            url = gone.url
        probe = self.probe(self.connector(endpoint=url))
        self.assertIn(url, self.fails(probe.generate(**SCOPE), "aws.unreachable"))

    def test_a_wrong_clock_is_corrected_once_and_remembered(self):
        for shift in (-7200, 7200):
            with self.subTest(shift):
                self.aws.asked.clear()
                probe = self.probe(self.connector(clock_shift=shift))
                made = probe.generate(**SCOPE)
                self.assertTrue(made["ok"], made)
                self.assertEqual(self.aws.asked["GenerateDataKey"], 2)
                self.assertTrue(probe.unwrap(made, **SCOPE)["ok"])
                self.assertEqual(self.aws.asked["Decrypt"], 1)
                self.assertAlmostEqual(made["skew_ms"] / 1000, -shift, delta=30)

    def test_a_wrong_secret_key_is_tried_with_the_services_clock_and_refused(self):
        probe = self.probe(self.connector(secret_key="another"))
        told = probe.generate(**SCOPE)
        self.assertIn("InvalidSignatureException", self.fails(told, "aws.refused"))
        self.assertIn("secret key", " ".join(told["advice"]))
        self.assertEqual(self.aws.asked["GenerateDataKey"], 2)
        self.assertNotIn("another", told["message"])

    def test_an_unknown_access_key_is_refused_at_once(self):
        told = self.probe(self.connector(access_key="AKIANOBODY")).generate(**SCOPE)
        self.assertIn("UnrecognizedClientException", self.fails(told, "aws.refused"))
        self.assertEqual(self.aws.asked["GenerateDataKey"], 1)

    def test_a_session_that_expires_is_replaced_once(self):
        self.aws.instance_role = "mullion-host"
        connector = self.connector("AssumeIAMRole")
        probe = self.probe(connector, AWS_EC2_METADATA_DISABLED="false", AWS_EC2_METADATA_SERVICE_ENDPOINT=self.aws.url)
        self.assertTrue(probe.generate(**SCOPE)["ok"])
        self.aws.expire_sessions()
        told = probe.generate(**SCOPE)
        self.assertTrue(told["ok"], told)
        self.assertEqual(self.aws.asked["GenerateDataKey"], 3)
        self.assertEqual(self.aws.asked["/latest/api/token"], 2)
        self.aws.fail("GenerateDataKey", Refusal(400, "ExpiredTokenException"), 9)
        self.fails(probe.generate(**SCOPE), "aws.refused")
        self.assertEqual(self.aws.asked["GenerateDataKey"], 5)  # Once more, and no more.


class CredentialsTest(WithAws):
    def test_the_role_of_an_instance(self):
        self.aws.instance_role = "mullion-host"
        probe = self.probe(self.connector("AssumeIAMRole"), AWS_EC2_METADATA_DISABLED="", AWS_EC2_METADATA_SERVICE_ENDPOINT=self.aws.url)
        made = probe.generate(**SCOPE)
        self.assertTrue(made["ok"], made)
        self.assertTrue(probe.unwrap(made, **SCOPE)["ok"])
        self.assertEqual(self.aws.asked["/latest/api/token"], 1)  # Kept.

    def test_metadata_goes_past_proxies(self):
        self.aws.instance_role = "mullion-host"
        with FakeAws() as gone:
            nobody = gone.url
        probe = self.probe(self.connector("AssumeIAMRole"), AWS_EC2_METADATA_DISABLED="", AWS_EC2_METADATA_SERVICE_ENDPOINT=self.aws.url,
                           http_proxy=nobody, no_proxy="nothing.example")
        # Nor does anything else that goes in clear: keys stand in KMS's answers.
        self.assertTrue(probe.generate(**SCOPE)["ok"])
        self.assertEqual(self.aws.asked["/latest/meta-data/iam/security-credentials/mullion-host"], 1)

    def test_kms_is_asked_by_the_proxy(self):
        with FakeAws() as gone:
            nobody = gone.url
        probe = self.probe(self.connector(endpoint="https://localhost:1"), https_proxy=nobody, no_proxy="nothing.example")
        self.assertIn(nobody.rpartition(":")[2], self.fails(probe.generate(**SCOPE), "aws.unreachable"))

    def test_aws_credentials__of_metadata_that_is_switched_off(self):
        told = self.probe(self.connector("AssumeIAMRole"), AWS_EC2_METADATA_SERVICE_ENDPOINT=self.aws.url).generate(**SCOPE)
        self.assertIn("AWS_EC2_METADATA_DISABLED", self.fails(told, "aws.credentials"))
        self.assertEqual(self.aws.connections, 0)

    def test_an_instance_without_a_role(self):
        told = self.probe(self.connector("AssumeIAMRole"), AWS_EC2_METADATA_DISABLED="", AWS_EC2_METADATA_SERVICE_ENDPOINT=self.aws.url).generate(**SCOPE)
        self.assertIn("404", self.fails(told, "aws.credentials"))

    def test_the_role_of_a_container(self):
        self.aws.container_token = "Bearer first"
        with tempfile.NamedTemporaryFile("w") as token:
            token.write("Bearer first\n")
            token.flush()
            probe = self.probe(self.connector("AssumeIAMRole"), AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{self.aws.url}/container/credentials",
                               AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=token.name)
            self.assertTrue(probe.generate(**SCOPE)["ok"])
            self.aws.container_token = "Bearer second"
            self.aws.expire_sessions()
            Path(token.name).write_text("Bearer second")
            self.assertTrue(probe.generate(**SCOPE)["ok"])
            self.aws.expire_sessions()
            self.aws.container_token = "Bearer third"
            self.assertIn("401", self.fails(probe.generate(**SCOPE), "aws.credentials"))

    def test_a_container_elsewhere_in_clear(self):
        told = self.probe(self.connector("AssumeIAMRole"), AWS_CONTAINER_CREDENTIALS_FULL_URI="http://192.0.2.1/x").generate(**SCOPE)
        self.assertIn("192.0.2.1", self.fails(told, "aws.credentials"))

    def keys_in_the_environment(self):
        return {"AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret}

    def role_connector(self, **credential):
        made = self.connector("AssumeSTSRole")
        made["credential"] |= credential
        return made

    def test_an_assumed_role_with_its_external_id_and_duration(self):
        role = self.aws.role(external_id="ext-1", longest=43200)
        probe = self.probe(self.role_connector(roleArn=role, externalName="ext-1", seconds=43200), **self.keys_in_the_environment())
        self.assertTrue(probe.generate(**SCOPE)["ok"])
        form = next(body.decode() for operation, _, body in self.aws.log if operation == "AssumeRole")
        self.assertIn("RoleSessionName=mullion-dc1", form)
        self.assertIn("DurationSeconds=43200", form)
        self.assertEqual(self.aws.asked["AssumeRole"], 1)

    def test_an_assumed_role_with_a_wrong_external_id(self):
        role = self.aws.role(external_id="ext-1")
        told = self.probe(self.role_connector(roleArn=role, externalName="ext-2"), **self.keys_in_the_environment()).generate(**SCOPE)
        self.assertIn("AccessDenied", self.fails(told, "aws.refused"))
        self.assertEqual(self.aws.asked["AssumeRole"], 1)

    def test_a_duration_that_the_role_does_not_allow(self):
        role = self.aws.role(longest=7200)
        told = self.probe(self.role_connector(roleArn=role, seconds=7201), **self.keys_in_the_environment()).generate(**SCOPE)
        self.assertIn("MaxSessionDuration", self.fails(told, "aws.refused"))
        self.assertIn("Shorten the duration", " ".join(told["advice"]))

    def test_a_role_from_a_role_lasts_an_hour_and_says_so(self):
        self.aws.instance_role = "mullion-host"
        role = self.aws.role(longest=43200)
        probe = self.probe(self.role_connector(roleArn=role, seconds=43200), AWS_EC2_METADATA_DISABLED="", AWS_EC2_METADATA_SERVICE_ENDPOINT=self.aws.url)
        told = probe.generate(**SCOPE)
        self.assertTrue(told["ok"], told)
        self.assertIn("3600 s instead of 43200 s", told["notes"][0])

    def test_sts_that_throttles_is_asked_again(self):
        role = self.aws.role()
        self.aws.fail("AssumeRole", Refusal(400, "Throttling"), 2)
        told = self.probe(self.role_connector(roleArn=role), **self.keys_in_the_environment()).generate(**SCOPE)
        self.assertTrue(told["ok"], told)
        self.assertEqual(self.aws.asked["AssumeRole"], 3)

    def test_a_web_identity_from_a_file_that_is_read_again(self):
        role = self.aws.role(web_subject="repo:x")
        self.aws.web_tokens["first.token.x"] = "repo:x"
        with tempfile.NamedTemporaryFile("w") as token:
            token.write("first.token.x\n")
            token.flush()
            made = self.connector("OidcAuthentication")
            made["credential"] |= {"iamRoleArn": role, "token_file": token.name}
            probe = self.probe(made)
            self.assertTrue(probe.generate(**SCOPE)["ok"])
            self.aws.web_tokens = {"second.token.x": "repo:x"}
            Path(token.name).write_text("second.token.x")
            self.aws.expire_sessions()
            self.assertTrue(probe.generate(**SCOPE)["ok"])
            self.aws.web_tokens = {}
            self.aws.expire_sessions()
            self.assertIn("InvalidIdentityToken", self.fails(probe.generate(**SCOPE), "aws.refused"))

    def test_a_web_identity_from_a_command(self):
        role = self.aws.role(web_subject="repo:x")
        self.aws.web_tokens["a.token.x"] = "repo:x"
        self.aws.fail("AssumeRoleWithWebIdentity", Refusal(400, "IDPCommunicationError"), 2)
        made = self.connector("OidcAuthentication")
        made["credential"] |= {"iamRoleArn": role, "token_command": ["/bin/echo", "a.token.x"]}
        told = self.probe(made).generate(**SCOPE)
        self.assertTrue(told["ok"], told)
        self.assertEqual(self.aws.asked["AssumeRoleWithWebIdentity"], 3)

    def test_the_role_of_a_pod(self):
        role = self.aws.role(web_subject="pod")
        self.aws.web_tokens["pod.token.x"] = "pod"
        with tempfile.NamedTemporaryFile("w") as token:
            token.write("pod.token.x")
            token.flush()
            probe = self.probe(self.connector("AssumeIAMRole"), AWS_WEB_IDENTITY_TOKEN_FILE=token.name, AWS_ROLE_ARN=role)
            self.assertTrue(probe.generate(**SCOPE)["ok"])


class ConnectionTest(WithAws):
    """Test connection: each cause by itself."""

    def told(self, connector=None, **environment):
        return self.probe(connector, **environment).do("test")

    def failed(self, told):
        self.assertEqual(told["result"], "failed", told)
        step = next(step for step in told["steps"] if step["result"] == "failed")
        self.assertTrue(step["error"]["advice"], step)
        return step["name"], step["cause"], step["error"]["id"]

    def test_everything_is_well(self):
        told = self.told()
        self.assertEqual((told["result"], told["key"], told["key_state"], told["delegate"]), ("ok", self.key, "Enabled", "dc1"), told)
        self.assertEqual(told["caller"], f"arn:aws:iam::{ACCOUNT}:user/operator")
        self.assertLess(abs(told["skew_ms"]), 30_000)
        self.assertEqual({step["result"] for step in told["steps"]}, {"ok"})
        self.assertIn("the secret manager works", told["shown"])

    def test_nobody_there(self):
        with FakeAws() as gone:
            url = gone.url
        self.assertEqual(self.failed(self.told(self.connector(endpoint=url, sts_endpoint=url))), ("key", "unreachable", "aws.unreachable"))

    def test_the_credential_is_refused(self):
        self.assertEqual(self.failed(self.told(self.connector(access_key="AKIANOBODY"))), ("identity", "credential-refused", "aws.refused"))

    def test_no_right(self):
        self.aws.fail("GenerateDataKey", Refusal(400, "AccessDeniedException"), 9)
        self.assertEqual(self.failed(self.told()), ("round-trip", "no-right", "aws.refused"))

    def test_the_key_is_disabled(self):
        self.aws.keys[self.key]["state"] = "Disabled"
        self.assertEqual(self.failed(self.told()), ("key", "key-disabled", "aws.refused"))

    def test_the_key_is_for_signing(self):
        self.key = self.aws.key(usage="SIGN_VERIFY", spec="RSA_2048")
        self.assertEqual(self.failed(self.told()), ("key", "key-unusable", "aws.refused"))

    def test_it_throttles(self):
        self.aws.fail("GenerateDataKey", Refusal(400, "ThrottlingException"), 9)
        self.assertEqual(self.failed(self.told()), ("round-trip", "throttled", "aws.throttled"))

    def test_the_endpoint_is_of_another_region(self):
        told = self.told(self.connector(key=self.key.replace(REGION, "eu-west-1"), region="eu-west-1", sts_endpoint=self.aws.url))
        self.assertEqual(self.failed(told)[1:], ("wrong-region", "aws.refused"))

    def test_the_clock_is_wrong(self):
        told = self.told(self.connector(clock_shift=-7200))
        clock = told["steps"][-1]
        self.assertEqual((told["result"], clock["result"], clock["cause"]), ("ok", "warning", "clock"), told)
        self.assertIn("behind AWS's", clock["text"])

    def test_no_credentials(self):
        self.assertEqual(self.failed(self.told(self.connector("AssumeIAMRole"))), ("credentials", "no-credentials", "aws.credentials"))


def certificate(folder, name):
    """A certificate of its own for `name`, and its key."""
    key, certificate = Path(folder) / "key.pem", Path(folder) / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", certificate,
                    "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=IP:{name}"], check=True, capture_output=True)
    return str(certificate), str(key)


class TlsTest(unittest.TestCase):
    def generate(self, name, url=None, trusted=True, **more):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        pair = certificate(folder, name)
        aws = self.enterContext(FakeAws(tls=pair))
        access_key, secret = aws.user()
        connector = {"credential": {"type": "ManualConfig"}, "key": aws.key(), "endpoint": url or aws.url, "sts_endpoint": aws.url, "access_key": access_key,
                     "secret_key": secret}
        probe = self.enterContext(Probe(connector, {"AWS_CA_BUNDLE": pair[0]} if trusted else {}))
        return probe.do("generate", context={}), aws

    def test_a_trusted_authority(self):
        told, _ = self.generate("127.0.0.1")
        self.assertTrue(told["ok"], told)

    def test_an_authority_that_is_not_trusted_is_asked_once_and_sees_nothing(self):
        told, aws = self.generate("127.0.0.1", trusted=False)
        self.assertEqual((told["ok"], told.get("id")), (False, "tls.untrusted"), told)
        self.assertEqual(sum(aws.asked.values()), 0)
        self.assertEqual(told["pauses"], 0)

    def test_a_certificate_for_another_name(self):
        told, aws = self.generate("192.0.2.7")
        self.assertEqual((told["ok"], told.get("id")), (False, "tls.name"), told)
        self.assertEqual(sum(aws.asked.values()), 0)

    def test_a_port_that_speaks_no_tls(self):
        with FakeAws() as plain:
            told, _ = self.generate("127.0.0.1", url=plain.url.replace("http:", "https:"))
        self.assertEqual((told["ok"], told.get("id")), (False, "tls.not_tls"), told)


if __name__ == "__main__":
    unittest.main()
