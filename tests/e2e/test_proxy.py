"""A command through an HTTP proxy: sealed NTLM and HTTPS pass it, by option and by environment."""
import unittest

from tests.e2e import bad_servers
from tests.e2e.client import mullion, words
from tests.support.service import Service


class ThroughAProxy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true"]))

    def setUp(self):
        self.proxy = self.enterContext(bad_servers.Proxy())
        self.url = f"http://127.0.0.1:{self.proxy.port}"

    def check(self, ran, scheme):
        self.assertEqual((ran.code, ran.stdout), (0, b"through\n"), ran)
        authority = self.service.url(scheme).split("/")[2]
        self.assertEqual(set(self.proxy.asked), {authority})

    def test_sealed_over_http(self):
        self.check(mullion("run", *words(self.service), "--proxy", self.url, "--", "echo through"), "http")

    def test_https_is_verified_against_the_host(self):
        options = words(self.service, scheme="https", transport="basic")
        self.check(mullion("run", *options, "--proxy", self.url, "--", "echo through"), "https")

    def test_by_environment(self):
        options = words(self.service, "--proxy", "environment")
        self.check(mullion("run", *options, "--", "echo through", environment={"http_proxy": self.url, "no_proxy": ""}), "http")

    def test_the_environment_is_left_alone_unless_asked_for(self):
        ran = mullion("run", *words(self.service), "--", "echo through", environment={"http_proxy": self.url})
        self.assertEqual((ran.code, self.proxy.asked), (0, []), ran)
