"""What the memory of a command at its end holds of what KMS answered, of the access key that it was asked with, and of the value that was sealed: nothing,
whichever way the answer came. While it works it has the keys themselves, once each, and nothing of the text that they came in."""
import base64
import os
import subprocess
import threading
import unittest

from tests.e2e.test_aws_kms import certificate
from tests.e2e.test_secrets import WithStore
from tests.support import core_at_exit
from tests.support.canary import forms, in_memory, written
from tests.support.fake_aws import REGION, Broken, FakeAws
from tests.support.service import MULLION

VALUE = "Canary-4b1f0c77d2"


class Remembering(FakeAws):
    """Keeps each key that it gave away in clear."""
    def __init__(self, **more):
        super().__init__(**more)
        self.given, self.stalls = [], threading.Event()

    def kms(self, operation, asked, caller):
        told = super().kms(operation, asked, caller)
        if "Plaintext" in told:
            self.given.append(base64.b64decode(told["Plaintext"]))
        return told

    def break_off(self, handler, how):
        self.stalls.set()
        super().break_off(handler, how)


@unittest.skipUnless(os.geteuid() == 0, "needs root: these commands hide their memory from everybody else")
class KmsMemory(WithStore):
    def at_its_end(self, *words, stdin, environment):
        """The command's pid at its last step, looked at by `in_memory`."""
        child = subprocess.Popen([str(MULLION), *words, "--store", str(self.store)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                 env={**os.environ, **environment})
        core_at_exit.follow(child.pid)  # It waits for its standard input.
        child.stdin.write(stdin)
        child.stdin.close()

        def look(pid):
            wanted = {**forms(VALUE), **written("secret key", self.secret_key.encode()), "the store's name": str(self.store).encode()}
            for number, key in enumerate(self.aws.given):
                wanted |= written(f"data key {number}", key)
            return in_memory(wanted, pid)
        found, child.returncode = core_at_exit.look_at_end(child.pid, look)
        told = child.stderr.read().decode()
        child.stderr.close()
        self.assertEqual(child.returncode, 0, told)
        self.assertGreaterEqual(found.pop("the store's name", 0), 1)  # Or the search does not see.
        return found

    def ways(self):
        """The environment of commands, once with a KMS over HTTP and once over TLS; each with a store of its own."""
        for tls in (None, certificate(self.folder, "127.0.0.1")):
            with Remembering(tls=tls) as self.aws:
                self.store = self.folder / f"{bool(tls)}.db"
                access_key, self.secret_key = self.aws.user()
                self.add_text("ak", value=access_key)
                self.add_text("sk", value=self.secret_key)
                self.does("connector", "add", "--type", "aws-kms", "--id", "kms", "--credential-type", "access-key", "--access-key-ref", "ak",
                          "--secret-key-ref", "sk", "--kms-arn", self.aws.key(), "--region", REGION, "--endpoint", self.aws.url, "--sts-endpoint", self.aws.url)
                yield {"AWS_CA_BUNDLE": tls[0]} if tls else {}

    def test_the_keys_alone_are_there_while_the_next_is_awaited(self):
        for environment in self.ways():
            for scope in ("account", "org:o"):
                self.does("secret", "add", "--id", "pw", "--scope", scope, "--manager", "account.kms", "--value-stdin", stdin=VALUE.encode(),
                          environment=environment)
            self.aws.faults["GenerateDataKey"] = [None, Broken("stall")]
            with subprocess.Popen([str(MULLION), "secret", "rotate", "--store", str(self.store)], stderr=subprocess.DEVNULL,
                                  env={**os.environ, **environment}) as child:
                self.assertTrue(self.aws.stalls.wait(60))
                found = in_memory(written("data key", self.aws.given[-1]), child.pid)
                child.kill()
            self.assertEqual(found, {"data key": 1}, self.aws.url)

    def test_nothing_is_left_at_the_end(self):
        for environment in self.ways():
            add = "secret", "add", "--manager", "kms", "--value-stdin", "--id"
            self.assertEqual(self.at_its_end(*add, "first", stdin=VALUE.encode(), environment=environment), {}, self.aws.url)
            self.assertEqual(self.at_its_end(*add, "second", stdin=VALUE.encode(), environment=environment), {}, self.aws.url)
            self.assertEqual((dict(self.aws.asked), len(set(self.aws.given))), ({"GenerateDataKey": 1, "Decrypt": 1}, 1))


if __name__ == "__main__":
    unittest.main()
