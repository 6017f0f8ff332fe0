"""A service with Basic in clear, for requests of which every byte matters: nothing but HTTP stands between them and their meaning."""
import unittest

from tests.support import soap
from tests.support.raw_http import Raw, request
from tests.support.service import ADMIN, Service
from tests.support.watch import Watch
from tests.support.winrm import basic

KIND = ("Content-Type", soap.SOAP_TYPE)
ME = ("Authorization", basic(ADMIN))
OTHER = ("Other", "Corr3ct-other-h0rse")


class ClearCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(
            ["Service/Auth/Basic=true", "Service/AllowUnencrypted=true"],
            [(*ADMIN, ["--admin"]), (*OTHER, ["--admin"])]))
        cls.watch = Watch(cls.service)
        cls.port = cls.service.port("http")

    def setUp(self):
        self.watch.begin()
        self.addCleanup(lambda: self.watch.no_shells(self, how="basic"))

    def statuses(self, data):
        """What is answered until the service closes; a request that would be waited for is ended with our half."""
        with Raw(self.port) as raw:
            raw.send(data)
            raw.socket.shutdown(1)
            return [one.status for one in raw.answers()]

    def refused(self, data, status=400):
        self.assertEqual(self.statuses(data), [status], data[:200])
        self.watch.untouched(self)

    def create(self, *fields, **how):
        return request(soap.create().encode(), [KIND, *fields], **how)
