"""Faults at every message of a run, in both directions, over each transport: the table is in build/test-logs/fault-walk.txt.

What must come of each is in model.py. Each walk is one `mullion run` over a host for each fault, so that it is seen at the same time that
one host's trouble touches no other.
"""
import unittest
from dataclasses import replace

from tests.faults.walk import conversation, fleet, table
from tests.faults.walk.conversation import BASIC, SEALED, over_tls
from tests.faults.walk.one_walk import PatientWalk, Walk
from tests.faults.walk.proxy import Fault
from tests.faults.walk.send_walk import SendWalk
from tests.faults.walk.serve_walk import SETTINGS, ServeWalk
from tests.support.service import Service

PATIENT, INPUT = ("patient",), ("input",)


def exit_status(walk):
    """Of a fleet: 2 a command failed, 4 a host was not reached, 6 both (design 3)."""
    # The bystanders' command gives 7 as well.
    return 6 if any(place.expected.status != "failed" or place.expected.error for place in walk.places) else 2


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tls = [over_tls(f"HTTPS, {name}", auth, fleet.records(auth)) for name, auth in (("Basic", "basic"), ("NTLM", "ntlm"))]
        older = over_tls("HTTPS with TLS 1.2, Basic", "basic", fleet.records("basic", "1.2"), "1.2")
        pairs = [(transport, forever) for transport in (BASIC, SEALED, *tls, older) for forever in (False, True)]
        cls.walks = {(transport.name, forever): Walk(10 + number, transport, forever) for number, (transport, forever) in enumerate(pairs)}
        cls.walks[PATIENT] = PatientWalk(30, SEALED)
        cls.walks[INPUT] = SendWalk(31)
        cls.served = {"sealed, once": ServeWalk(40, SEALED, False, ("before", "after", "cut-body", "stall", "line", "length", "signature", "data")),
                      "sealed, for good": ServeWalk(41, SEALED, True, ("before", "stall", "data")),
                      "https, once": ServeWalk(42, tls[1], False, ("before", "after", "stall", "payload"))}
        everywhere = ["http://0.0.0.0:0", "https://0.0.0.0:0"]
        with fleet.simulation(cls.walks.values()) as simulation, Service(SETTINGS, listen=everywhere) as service:
            cls.walks[PATIENT].start(simulation)
            for walk in cls.walks.values():
                if walk is not cls.walks[PATIENT]:
                    walk.start(simulation)
            for walk in cls.served.values():
                walk.start(service)
            for walk in (*cls.walks.values(), *cls.served.values()):
                walk.finish()
            cls.counts = simulation.counts()
            for walk in cls.served.values():
                cls.counts["hosts"] |= walk.counts()["hosts"]
        cls.all = (*cls.walks.values(), *cls.served.values())
        for walk in cls.all:
            walk.judge(cls.counts)
        table.publish(cls.all, cls.counts, "fault-walk.txt")

    def check(self, *name):
        self.check_places(self.walks[name])
        self.assertEqual(self.walks[name].ran.code, exit_status(self.walks[name]), self.walks[name].ran.stderr[-2000:])

    def check_places(self, walk):
        wrong = [f"{place.message} {place.cell.fault.way} {place.cell.fault.kind} ({place.host}): {'; '.join(place.problems)}; "
                 f"{(walk.results.get(place.host) or {}).get('error')}" for place in walk.places if place.problems]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_http_basic_in_clear__once(self):
        self.check(BASIC.name, False)

    def test_http_basic_in_clear__for_good(self):
        self.check(BASIC.name, True)

    def test_http_ntlm_sealed__once(self):
        self.check(SEALED.name, False)

    def test_http_ntlm_sealed__for_good(self):
        self.check(SEALED.name, True)

    def test_https_basic__once(self):
        self.check("HTTPS, Basic", False)

    def test_https_basic__for_good(self):
        self.check("HTTPS, Basic", True)

    def test_https_ntlm__once(self):
        self.check("HTTPS, NTLM", False)

    def test_https_ntlm__for_good(self):
        self.check("HTTPS, NTLM", True)

    def test_https_with_tls_12_basic__once(self):
        self.check("HTTPS with TLS 1.2, Basic", False)

    def test_https_with_tls_12_basic__for_good(self):
        self.check("HTTPS with TLS 1.2, Basic", True)

    def test_input_arrives_once_and_in_order_or_is_told(self):
        self.check(*INPUT)

    def test_without_a_timeout(self):
        self.check(*PATIENT)

    def test_mullion_serve_ntlm_sealed__once(self):
        self.check_places(self.served["sealed, once"])

    def test_mullion_serve_ntlm_sealed__for_good(self):
        self.check_places(self.served["sealed, for good"])

    def test_mullion_serve_https_ntlm__once(self):
        self.check_places(self.served["https, once"])

    def test_no_command_ran_twice(self):
        self.assertEqual(self.counts["repeated_commands"], [])
        self.assertEqual({name: host["executions"] for name, host in self.counts["hosts"].items() if host["executions"] > 1}, {})

    def test_other_hosts_have_their_results(self):
        for walk in self.walks.values():
            with self.subTest(walk.name):
                self.assertEqual(list(walk.others_problems()), [])

    def test_the_table_has_no_hole(self):
        """Every message has every fault that is possible there, and every one happened."""
        for walk in self.all:
            with self.subTest(walk.name):
                self.assertEqual([place.host for place in walk.places if not place.cell.fired], [])
                for way in "><":
                    met = {message: {place.cell.fault.kind for place in walk.places if (place.message, place.cell.fault.way) == (message, way)}
                           for message in walk.transport.messages(way)}
                    self.assertEqual([message for message, kinds in met.items() if len(kinds) < 2], [], met)


class Caught(unittest.TestCase):
    """Planted: each must be seen, or the walk proves nothing."""

    @classmethod
    def setUpClass(cls):
        transport = replace(BASIC, kinds=("stall", "twice", "before"))
        cls.walk = Walk(90, transport, False, only=lambda message, fault: fault.way == ">" and (message, fault.kind) in
                        (("command", "twice"), ("command", "before"), ("create", "before"), ("receive 1", "before")))
        # A fault at a message that never comes.
        cls.walk.add(90, "command", Fault(">", 99, "before"))
        with fleet.simulation([cls.walk]) as simulation:
            cls.walk.start(simulation)
            cls.walk.finish()
            cls.counts = simulation.counts()
        cls.walk.judge(cls.counts)

    def place(self, message, kind, number=None):
        return next(place for place in self.walk.places if (place.message, place.cell.fault.kind) == (message, kind) and number in (None, place.cell.fault.number))

    def problems(self, place, **wrong):
        place = replace(place, expected=replace(place.expected, **wrong))
        return list(self.walk.problems(place, self.counts["hosts"].get(place.host, {}), place.host in self.walk.left))

    def test_a_command_that_is_sent_twice(self):
        self.assertIn("executions is 2, not 1", self.place("command", "twice").problems)

    def test_a_fault_that_never_happens(self):
        self.assertIn("the fault never happened", self.place("command", "before", 99).problems)

    def test_each_part_of_a_wrong_expectation(self):
        place = self.place("receive 1", "before")
        self.assertEqual(place.problems, [])
        for wrong in ({"status": "ok"}, {"error": "net.closed"}, {"complete": True}, {"executions": 0}, {"output": "first"}, {"left": True}):
            with self.subTest(wrong):
                self.assertEqual(len(self.problems(place, **wrong)), 2 if "status" in wrong else 1)

    def test_output_that_is_garbled(self):
        from tests.faults.walk.one_walk import part_of
        output = conversation.OUTPUT
        self.assertEqual([part_of(text) for text in ("", output, output[:100], output[100:])], ["none", "all", "first", "not first"])
        self.assertTrue(part_of(output[:100] + output[101:]).startswith("something else"))
        self.assertTrue(part_of(output[:100] + "?" + output[101:]).startswith("something else"))

    def test_a_bystander_without_its_result(self):
        self.assertEqual(list(self.walk.others_problems()), [])
        name = self.walk.bystanders[1][0]
        result = self.walk.results.pop(name)
        self.addCleanup(self.walk.results.__setitem__, name, result)
        self.assertEqual(len(list(self.walk.others_problems())), 1)


if __name__ == "__main__":
    unittest.main()
