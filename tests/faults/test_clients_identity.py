"""Whose a request is: never that of the one before it, and a connection is one account's for life."""
import unittest

from tests.faults.clear import KIND, ME, OTHER, ClearCase
from tests.support import soap
from tests.support.ntlm import Ntlm
from tests.support.raw_http import Raw, request
from tests.support.service import ADMIN
from tests.support.winrm import WinRM, basic, negotiate, token_in


class BehindSomebody(ClearCase):
    """A second request behind one that is somebody's is nobody's until it proves itself, or its connection has."""

    def test_pipelined_behind_basic(self):
        get = request(soap.enumerate_shells().encode(), [KIND, ME])
        self.assertEqual(self.statuses(get + self.create()), [200, 401])
        self.watch.untouched(self)

    def test_pipelined_behind_basic_in_one_segment_with_another_right_one(self):
        """Each by itself: the third is somebody's again, and the second stays nobody's."""
        get = request(soap.enumerate_shells().encode(), [KIND, ME])
        self.assertEqual(self.statuses(get + self.create() + get), [200, 401, 200])
        self.watch.untouched(self)

    def test_a_request_inside_a_body_is_a_body(self):
        inner = self.create(ME)
        for outer in (request(inner, [KIND]), request(inner, [KIND], method="GET"), request(inner, [KIND], target="/other"),
                      request(inner, [KIND, ("Expect", "100-continue")])):
            with self.subTest(outer[:80]):
                found = self.statuses(outer)
                self.assertEqual(len(found), 1)
                self.assertIn(found[0], (401, 404, 405))
                self.watch.untouched(self)
        self.assertEqual(self.statuses(request(inner, [KIND, ME])), [500])  # No XML.
        self.watch.untouched(self)

    def test_a_request_behind_one_that_ends_its_connection_is_not_heard(self):
        for first in (request(method="GET", fields=[ME]), request(target="/x", fields=[ME]), b"POST /wsman HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                      request(soap.enumerate_shells().encode(), [KIND, ME, ("Connection", "close")]),
                      request(soap.enumerate_shells().encode(), [KIND, ME], version="HTTP/1.0")):
            with self.subTest(first[:60]):
                self.assertEqual(len(self.statuses(first + self.create(ME))), 1)
                self.watch.untouched(self)

    def test_a_body_that_is_longer_than_said_becomes_no_request(self):
        body = soap.enumerate_shells().encode()
        found = self.statuses(request(body, [KIND, ME])[:-1] + body[-1:] + b"GARBAGE" + self.create(ME))
        self.assertEqual(found[0], 200)
        self.assertIn(found[1:], ([400], [405]))
        self.watch.untouched(self)


class OneAccountForLife(ClearCase):
    """A connection that was one account's is never another's. design.md 2, 6."""

    def let_in_as(self, raw, account):
        client = Ntlm(*account)
        challenge = token_in(raw.ask(fields=[("Authorization", negotiate(client.negotiate()))]))
        return raw.ask(fields=[("Authorization", negotiate(client.authenticate(challenge)))])

    def test_basic_of_another_account(self):
        with Raw(self.port) as raw:
            self.assertEqual(raw.ask(soap.enumerate_shells().encode(), [KIND, ME]).status, 200)
            answer = raw.ask(soap.create().encode(), [KIND, ("Authorization", basic(OTHER))])
            self.assertEqual((answer.status, answer.first("connection")), (401, "close"))
            self.assertTrue(raw.closed())
        self.watch.untouched(self)
        self.assertIn("belongs to", self.watch.log())

    def test_a_handshake_of_another_account(self):
        with WinRM(self.port) as client:
            client.well(soap.enumerate_shells())
            self.assertEqual(self.let_in_as(client.raw, OTHER).status, 401)
            self.assertTrue(client.raw.closed())
        self.watch.untouched(self)

    def test_basic_after_a_handshake_and_the_other_way_round(self):
        with WinRM(self.port) as client:
            client.well(soap.enumerate_shells())
            self.assertEqual(client.raw.ask(soap.create().encode(), [KIND, ("Authorization", basic(OTHER))]).status, 401)
            self.assertTrue(client.raw.closed())
        with Raw(self.port) as raw:
            self.assertEqual(raw.ask(soap.enumerate_shells().encode(), [KIND, ME]).status, 200)
            self.assertEqual(self.let_in_as(raw, OTHER).status, 401)
            self.assertTrue(raw.closed())
        self.watch.untouched(self)

    def test_the_same_account_may_prove_itself_again(self):
        with Raw(self.port) as raw:
            self.assertEqual(raw.ask(soap.enumerate_shells().encode(), [KIND, ME]).status, 200)
            self.assertEqual(self.let_in_as(raw, ADMIN).status, 200)
            self.assertEqual(self.let_in_as(raw, ADMIN).status, 200)
            self.assertEqual(raw.ask(soap.enumerate_shells().encode(), [KIND, ME]).status, 200)

    def test_a_wrong_password_in_between_makes_nobody_and_changes_no_owner(self):
        with Raw(self.port) as raw:
            self.assertEqual(raw.ask(soap.enumerate_shells().encode(), [KIND, ME]).status, 200)
            self.assertEqual(raw.ask(soap.create().encode(), [KIND, ("Authorization", basic((ADMIN[0], "wrong")))]).status, 401)
            self.assertEqual(raw.ask(soap.create().encode(), [KIND]).status, 401)
            self.assertEqual(raw.ask(soap.create().encode(), [KIND, ("Authorization", basic(OTHER))]).status, 401)
            self.assertTrue(raw.closed())
        self.watch.untouched(self)


if __name__ == "__main__":
    unittest.main()
