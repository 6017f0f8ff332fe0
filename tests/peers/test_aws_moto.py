"""The AWS key manager against moto, which checks signatures with botocore and enforces IAM's policies: all four kinds of credentials."""
import json
import os
import re
import signal
import subprocess
import sys
import unittest
import urllib.request

from tests.support.aws_probe import Probe
from tests.support.fake_aws import FakeAws
from tests.support.service import DEADLINE, read_line

REGION = "us-east-1"
CONTEXT = {"app": "mullion", "account": "4c1", "scope": "org:O", "key": "k1"}
ALLOW = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["kms:*", "sts:*", "iam:*"], "Resource": "*"}]})
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]})


class Moto:
    """moto_server on a port of the kernel's choice; the first three calls are not authenticated, all after them are."""

    def __enter__(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self.process = subprocess.Popen([sys.executable, "-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**kept, "INITIAL_NO_AUTH_ACTION_COUNT": "3"})
        while True:
            line = read_line(self.process.stderr, self.process, 2 * DEADLINE)
            if line is None:
                raise AssertionError(f"moto_server did not start; exit {self.process.poll()}")
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                self.url = found[0]
                break
        # Its log of requests would fill the pipe; cat ends when moto does.
        self.drain = subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=subprocess.DEVNULL)
        self.process.stderr.close()
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.drain.wait(DEADLINE)

    def unauthenticated(self, count):
        """The next so many calls are not checked, those after them are again."""
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/moto-api/reset-auth", data=str(count).encode(), method="POST",
                                                      headers={"Content-Type": "text/plain"})).read()

    def client(self, service, keys=("AKIAFIRST", "x"), token=None):
        import boto3
        return boto3.client(service, endpoint_url=self.url, region_name=REGION, aws_access_key_id=keys[0], aws_secret_access_key=keys[1],
                            aws_session_token=token)


class MotoTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.moto = cls.enterClassContext(Moto())
        iam = cls.moto.client("iam")
        iam.create_user(UserName="operator")
        made = iam.create_access_key(UserName="operator")["AccessKey"]
        iam.put_user_policy(UserName="operator", PolicyName="p", PolicyDocument=ALLOW)
        cls.keys = made["AccessKeyId"], made["SecretAccessKey"]
        iam = cls.moto.client("iam", cls.keys)  # From here on each call is checked.
        cls.role = iam.create_role(RoleName="mullion", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        iam.put_role_policy(RoleName="mullion", PolicyName="p", PolicyDocument=ALLOW)
        cls.helpless = iam.create_role(RoleName="helpless", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        cls.kms = cls.moto.client("kms", cls.keys)
        cls.key = cls.kms.create_key()["KeyMetadata"]["Arn"]
        cls.kms.create_alias(AliasName="alias/mullion", TargetKeyId=cls.key)

    def connector(self, kind="ManualConfig", **more):
        made = {"credential": {"type": kind}, "key": self.key, "region": REGION, "endpoint": self.moto.url, "sts_endpoint": self.moto.url, "delegate": "dc1"}
        if kind == "ManualConfig":
            made |= {"access_key": self.keys[0], "secret_key": self.keys[1]}
        return made | more

    def probe(self, connector, **environment):
        return self.enterContext(Probe(connector, environment))

    def works(self, probe):
        made = probe.generate(**CONTEXT)
        self.assertTrue(made["ok"], made)
        self.assertEqual(made["arn"], self.key)
        self.assertEqual(probe.unwrap(made, **CONTEXT)["key"], made["key"])
        again = probe.rewrap(made, **CONTEXT)
        self.assertTrue(again["ok"], again)
        self.assertEqual(probe.unwrap(again, **CONTEXT)["key"], made["key"])
        return made

    def test_access_keys(self):
        self.works(self.probe(self.connector()))

    def test_the_region_follows_from_the_arn(self):
        self.works(self.probe(self.connector(region="")))

    def test_botocore_opens_what_we_wrapped(self):
        import base64
        import hashlib
        made = self.works(self.probe(self.connector()))
        opened = self.kms.decrypt(CiphertextBlob=base64.b64decode(made["blob"]), KeyId=self.key, EncryptionContext=CONTEXT)
        self.assertEqual(hashlib.sha256(opened["Plaintext"]).hexdigest(), made["key"])
        self.assertEqual(opened["KeyId"], self.key)

    def test_an_alias(self):
        self.works(self.probe(self.connector(key="alias/mullion")))

    def test_the_role_of_the_machine(self):
        moto = self

        class Instance(FakeAws):
            """An instance whose role's sessions are moto's."""

            def session(self, arn, seconds):
                given = moto.moto.client("sts", moto.keys).assume_role(RoleArn=moto.role, RoleSessionName="i-0123456789")["Credentials"]
                return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], given["Expiration"].timestamp()

        with Instance() as instance:
            instance.instance_role = "mullion"
            self.works(self.probe(self.connector("AssumeIAMRole"), AWS_EC2_METADATA_DISABLED="", AWS_EC2_METADATA_SERVICE_ENDPOINT=instance.url))
            instance.container_token = "Bearer x"
            self.works(self.probe(self.connector("AssumeIAMRole"), AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{instance.url}/container/credentials",
                                  AWS_CONTAINER_AUTHORIZATION_TOKEN="Bearer x"))

    def role_connector(self, role, **more):
        made = self.connector("AssumeSTSRole")
        made["credential"] |= {"roleArn": role, **more}
        return made

    def environment_keys(self):
        return {"AWS_ACCESS_KEY_ID": self.keys[0], "AWS_SECRET_ACCESS_KEY": self.keys[1]}

    def test_an_assumed_role(self):
        probe = self.probe(self.role_connector(self.role, externalName="ext-1", seconds=900), **self.environment_keys())
        self.works(probe)
        told = probe.do("test")
        self.assertEqual(told["result"], "ok", told)
        self.assertTrue(told["caller"].endswith(":assumed-role/mullion/mullion-dc1"), told["caller"])

    def test_a_web_identity(self):
        connector = self.connector("OidcAuthentication")
        connector["credential"] |= {"iamRoleArn": self.role, "token_command": ["/bin/echo", "header.payload.signature"]}
        probe = self.probe(connector)
        # moto asks for a signature of every call, also of this one, which has none: the first is let through, those for KMS are not.
        self.moto.unauthenticated(1)
        self.works(probe)

    def test_a_role_without_rights(self):
        told = self.probe(self.role_connector(self.helpless), **self.environment_keys()).generate(**CONTEXT)
        self.assertEqual((told["ok"], told.get("id")), (False, "aws.refused"), told)

    def test_a_wrong_secret_key(self):
        told = self.probe(self.connector(secret_key="wrong")).generate(**CONTEXT)
        self.assertEqual((told["ok"], told.get("id")), (False, "aws.refused"), told)

    def test_another_context(self):
        probe = self.probe(self.connector())
        made = self.works(probe)
        told = probe.unwrap(made, **{**CONTEXT, "scope": "org:P"})
        self.assertEqual((told["ok"], told.get("id")), (False, "secrets.tampered"), told)

    def test_a_disabled_key(self):
        key = self.kms.create_key()["KeyMetadata"]["Arn"]
        self.kms.disable_key(KeyId=key.rpartition("/")[2])  # moto takes no ARN here.
        told = self.probe(self.connector(key=key)).do("test")
        failed = next(step for step in told["steps"] if step["result"] == "failed")
        self.assertEqual((failed["name"], failed["cause"], failed["error"]["id"]), ("key", "key-disabled", "aws.refused"), told)

    def test_a_test_of_the_connection(self):
        told = self.probe(self.connector()).do("test")
        self.assertEqual((told["result"], told["key"], told["key_state"]), ("ok", self.key, "Enabled"), told)
        self.assertEqual({step["result"] for step in told["steps"]}, {"ok"}, told)


if __name__ == "__main__":
    unittest.main()
