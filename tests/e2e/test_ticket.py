"""`mullion ticket`: caches that others made, shown and destroyed; those that were not named stay."""
import json
import os
import subprocess
import unittest

from tests.support.kdc import PASSWORD, Kdc, missing
from tests.support.service import DEADLINE, MULLION


@unittest.skipIf(missing(), missing())
class Ticket(unittest.TestCase):
    def setUp(self):
        self.kdc = self.enterContext(Kdc())
        self.environment = {**os.environ, **self.kdc.environment}
        self.other = str(self.kdc.folder / "other")

    def kinit(self, *words):
        subprocess.run(["kinit", *words, "alice"], input=PASSWORD.encode() + b"\n", env=self.environment, check=True, stdout=subprocess.DEVNULL,
                       timeout=DEADLINE)

    def ticket(self, *words, code=0):
        done = subprocess.run([MULLION, "ticket", *words], capture_output=True, text=True, env=self.environment, timeout=DEADLINE)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def test_list_shows_whose_cache_it_is_and_each_ticket(self):
        self.kinit("-f")
        text = self.ticket("list").stdout
        for part in (f"FILE:{self.kdc.cache}", "alice@EXAMPLE.TEST", "krbtgt/EXAMPLE.TEST@EXAMPLE.TEST", "expires", "aes256-cts-hmac-sha1-96"):
            self.assertIn(part, text)
        found = json.loads(self.ticket("list", "--output", "json").stdout)
        self.assertEqual((found["schema"], found["principal"], found["realm"]), (1, "alice@EXAMPLE.TEST", "EXAMPLE.TEST"))
        [granting] = found["tickets"]
        self.assertIn("F", granting["flags"])
        self.assertFalse(granting["expired"])
        self.assertLess(granting["begins"], granting["expires"])

    def test_destroy_takes_the_named_cache_alone_and_says_so(self):
        self.kinit()
        self.kinit("-c", self.other)
        done = self.ticket("destroy", "--ccache", self.other)
        self.assertIn(self.other, done.stderr)
        self.assertIn("alice@EXAMPLE.TEST", done.stderr)
        self.assertFalse(os.path.exists(self.other))
        self.assertTrue(self.kdc.cache.exists())
        self.assertIn(str(self.kdc.cache), self.ticket("destroy").stderr)
        self.assertFalse(self.kdc.cache.exists())

    def test_without_a_cache_it_says_which_one_is_missing(self):
        for word in "list", "destroy":
            self.assertIn(f"{self.kdc.cache}", self.ticket(word, code=4).stderr)


if __name__ == "__main__":
    unittest.main()
