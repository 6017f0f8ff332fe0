"""Other people's clients ask our service about CIM: what pywinrm and pypsrp let their users send, over sealed HTTP and over HTTPS."""
import unittest
import xml.etree.ElementTree as ET

from pypsrp.exceptions import WSManFaultError
from pypsrp.wsman import OptionSet, SelectorSet
from winrm.exceptions import WSManFaultError as PywinrmFault

from tests.e2e.cim_scene import ALL, CIMV2, WQL, context_of, enumerate_class, get, is_end, no_hosts, pull
from tests.peers.clients import pypsrp, pywinrm
from tests.support.service import ADMIN, Service
from tests.support.simulate import Simulation

N = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
W = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
QUERY = "SELECT Handle, Name FROM Win32_Process WHERE Handle = '1'"


def enumeration(most, query=None):
    body = ET.Element(f"{{{N}}}Enumerate")
    ET.SubElement(body, f"{{{W}}}OptimizeEnumeration")
    ET.SubElement(body, f"{{{W}}}MaxElements").text = str(most)
    if query:
        ET.SubElement(body, f"{{{W}}}Filter", Dialect=WQL).text = query
    return body


def pulling(context, most):
    body = ET.Element(f"{{{N}}}Pull")
    ET.SubElement(body, f"{{{N}}}EnumerationContext").text = context
    ET.SubElement(body, f"{{{N}}}MaxElements").text = str(most)
    return body


class Pypsrp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())

    def clients(self):
        for scheme in ("http", "https"):
            with self.subTest(scheme), pypsrp(self.service.url(scheme), self.service.ca, ADMIN, "ntlm") as client:
                yield client

    def test_a_query(self):
        for client in self.clients():
            body = client.enumerate(ALL, enumeration(10, QUERY))
            rows = body.findall(f".//{{{W}}}XmlFragment")
            self.assertEqual([[child.tag for child in row] for row in rows], [["Handle", "Name"]])
            self.assertEqual(rows[0].find("Handle").text, "1")
            self.assertIsNotNone(body.find(f".//{{{W}}}EndOfSequence"))

    def test_a_class_pulled_to_its_end(self):
        for client in self.clients():
            uri = CIMV2 + "/Win32_Process"
            body = client.enumerate(uri, enumeration(5))
            found = [item.find(f"{{{uri}}}Handle").text for item in body.find(f".//{{{W}}}Items")]
            self.assertEqual(len(found), 5)
            while body.find(".//{*}EndOfSequence") is None:
                body = client.pull(uri, pulling(body.find(f".//{{{N}}}EnumerationContext").text, 50))
                items = body.find(f".//{{{N}}}Items")
                found += [item.find(f"{{{uri}}}Handle").text for item in (items if items is not None else ())]
            self.assertIn("1", found)
            self.assertEqual(len(found), len(set(found)))
        no_hosts(self.service)

    def test_one_instance_with_a_windows_clients_options(self):
        for client in self.clients():
            keys, options = SelectorSet(), OptionSet()
            keys.add_option("Handle", "1")
            options.add_option("__MI_CallbackRegistration", "11", {"MustComply": "true"})
            body = client.get(CIMV2 + "/Win32_Process", selector_set=keys, option_set=options)
            self.assertEqual(body[0].find(f"{{{CIMV2}/Win32_Process}}Handle").text, "1")

    def test_faults(self):
        for client in self.clients():
            with self.assertRaises(WSManFaultError) as refused:
                client.enumerate(ALL, enumeration(10, "SELECT * FROM"))
            self.assertEqual(refused.exception.code, 0x8033801A)
            with self.assertRaises(WSManFaultError):
                client.get(CIMV2 + "/Win32_Nothing")


class Simulated(unittest.TestCase):
    def test_pypsrp_pulls_a_class_to_its_end_and_asks_for_one(self):
        fleet = ("hosts: [{name: h}]\ncim:\n  - class: Win32_Process\n    properties: {Handle: string key, Name: string}\n"
                 "    generate: {count: 120, row: {Handle: '{n}', Name: '{host}'}}\n")
        with Simulation(fleet) as running:
            for scheme, ca in (("http", None), ("https", running.ca)):
                with self.subTest(scheme), pypsrp(f"{scheme}://127.0.0.1:{running.ports[scheme]}/wsman", ca, ADMIN, "ntlm") as client:
                    self.asked(client)

    def asked(self, client):
        uri = CIMV2 + "/Win32_Process"
        body = client.enumerate(uri, enumeration(50))
        found = [item.find(f"{{{uri}}}Handle").text for item in body.find(f".//{{{W}}}Items")]
        while body.find(".//{*}EndOfSequence") is None:
            body = client.pull(uri, pulling(body.find(f".//{{{N}}}EnumerationContext").text, 50))
            found += [item.find(f"{{{uri}}}Handle").text for item in body.find(f".//{{{N}}}Items")]
        self.assertEqual(found, [str(number) for number in range(1, 121)])
        keys = SelectorSet()
        keys.add_option("Handle", "7")
        self.assertEqual(client.get(uri, selector_set=keys)[0].find(f"{{{uri}}}Name").text, "h")
        with self.assertRaises(WSManFaultError) as refused:
            client.enumerate(ALL, enumeration(10, "SELECT * FROM Win32_Nothing"))
        self.assertEqual(refused.exception.code, 0x8033801A)


class Pywinrm(unittest.TestCase):
    """It has no words for CIM: its users write the message, and it logs on, seals and reads faults."""

    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())

    def clients(self):
        for scheme, more in (("http", {"message_encryption": "always"}), ("https", {})):
            with self.subTest(scheme):
                yield pywinrm(self.service.url(scheme), self.service.ca, ADMIN, "ntlm", **more)

    def test_a_query(self):
        for client in self.clients():
            answer = client.send_message(enumerate_class("", 10, QUERY)).decode()
            self.assertIn("<Handle>1</Handle>", answer)
            self.assertTrue(is_end(answer))

    def test_a_class_pulled_to_its_end(self):
        for client in self.clients():
            answer, count = client.send_message(enumerate_class("Win32_Process", 5)).decode(), 0
            while True:
                count += answer.count("</p:Win32_Process>")
                if is_end(answer):
                    break
                answer = client.send_message(pull("Win32_Process", context_of(answer), 50)).decode()
            self.assertGreater(count, 5)

    def test_faults(self):
        for client in self.clients():
            self.assertIn("<p:Handle>1</p:Handle>", client.send_message(get("Win32_Process", Handle="1")).decode())
            with self.assertRaises(PywinrmFault) as refused:
                client.send_message(get("Win32_Nothing"))
            self.assertGreater(refused.exception.wsman_fault_code, 0x80330000)


if __name__ == "__main__":
    unittest.main()
