"""Ten thousand wrong requests: of nobody, of somebody, and to the simulator. Each is refused by the rules, and nothing is left."""
import collections
import unittest

from tests.faults.bad_requests import Generator
from tests.faults.targets import OnService, OnSimulator
from tests.support.raw_http import Raw
from tests.support.service import ADMIN
from tests.support.winrm import WinRM, basic

NOBODY = {400, 401, 404, 405, 413}
SOMEBODY = NOBODY | {500}  # A SOAP fault, 3.1; never 200: what is asked for is no shell of anybody's.


class BadRequests:
    def connection(self):
        return Raw(self.target.port)

    def throw(self, seed, count, allowed, fields=()):
        generator, seen, kinds = Generator(seed, fields), collections.Counter(), collections.Counter()
        for number in range(count):
            wrong, data = generator.one()
            with self.connection() as raw:
                raw.send(data)
                try:
                    raw.socket.shutdown(1)
                except OSError:
                    pass  # The service has answered and reset before all was sent.
                found = [one.status for one in raw.answers()] or ["closed"]
            for status in found:
                self.assertIn(status, {*allowed, "closed"}, f"seed {seed}, number {number}, {wrong}: {data[:300]}")
            seen.update(found)
            kinds.update(wrong)
        print(f"{count} requests with seed {seed}: " + ", ".join(f"{status} {n}" for status, n in sorted(seen.items(), key=str)))
        self.assertEqual(set(kinds), set(generator.kinds))
        self.assertGreaterEqual(set(seen), {400, 404, 405, 413})
        self.target.untouched(self)
        self.target.serves(self)
        self.target.memory_within(self, 128, 24)


class OfNobodyToTheService(BadRequests, OnService):
    def test_ten_thousand(self):
        self.throw(1, 10_000, NOBODY)


class OfSomebodyToTheService(BadRequests, OnService):
    """Each on a connection that is the administrator's: what a wrong identity would hide is seen as well."""
    settings = ["Service/AllowUnencrypted=true"]

    def connection(self):
        client = WinRM(self.target.port)
        client.log_on()
        return client.raw

    def test_two_thousand(self):
        self.throw(2, 2_000, SOMEBODY)


class OfNobodyToTheSimulator(BadRequests, OnSimulator):
    def test_ten_thousand(self):
        self.throw(3, 10_000, NOBODY)


class OfSomebodyToTheSimulator(BadRequests, OnSimulator):
    """The simulator's passwords cost nothing to check."""
    settings = ["Service/Auth/Basic=true", "Service/AllowUnencrypted=true"]

    def test_ten_thousand(self):
        self.throw(4, 10_000, SOMEBODY, [("Authorization", basic(ADMIN))])


if __name__ == "__main__":
    unittest.main()
