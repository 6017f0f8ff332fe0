"""Requests in the wrong order, too large, or made to cost: each has its fault, and the connection its next answer."""
import select
import unittest

from tests.faults.targets import OnService
from tests.support import soap
from tests.support.raw_http import Raw, request
from tests.support.winrm import WinRM

INVALID_PARAMETER, NO_ENVELOPE, INVALID_HEADER, MINIMUM = 0x57, 0x80338041, 0x8033800F, 0x8033807E
NOBODYS = "66666666-7777-8888-9999-AAAAAAAAAAAA"


class Order(OnService):
    def setUp(self):
        super().setUp()
        self.client = self.enterContext(WinRM(self.target.port))
        self.shell = self.client.create()
        self.addCleanup(self.target.watch.settled)
        self.addCleanup(lambda: self.client.ask(soap.delete(self.shell)))

    def test_receive_before_command(self):
        self.assertEqual(self.client.fault(soap.receive(self.shell, NOBODYS)), soap.UNEXPECTED_SELECTORS)
        self.assertEqual(self.client.fault(soap.send(self.shell, NOBODYS, b"x")), soap.UNEXPECTED_SELECTORS)
        self.assertEqual(self.client.fault(soap.signal(self.shell, NOBODYS)), soap.UNEXPECTED_SELECTORS)
        self.assertEqual(self.client.fault(soap.receive(self.shell, "")), INVALID_PARAMETER)

    def test_send_after_done(self):
        command = self.client.command(self.shell, "exit 5")
        self.assertEqual(self.client.collect(self.shell, command), (b"", 5))
        self.assertEqual(self.client.fault(soap.send(self.shell, command, b"late")), soap.BROKEN_PIPE)

    def test_send_after_the_end_of_input(self):
        command = self.client.command(self.shell, "cat; sleep 600")
        self.client.well(soap.send(self.shell, command, b"all\n", True))
        self.assertEqual(self.client.fault(soap.send(self.shell, command, b"more\n", True)), soap.BROKEN_PIPE)

    def test_receive_after_done_gives_the_end_again(self):
        command = self.client.command(self.shell, "echo x")
        self.assertEqual(self.client.collect(self.shell, command), (b"x\n", 0))
        self.assertEqual(self.client.collect(self.shell, command), (b"", 0))

    def test_signal_twice(self):
        command = self.client.command(self.shell, "sleep 600")
        self.client.well(soap.signal(self.shell, command))
        for what in (soap.signal(self.shell, command), soap.receive(self.shell, command), soap.send(self.shell, command, b"x")):
            self.assertEqual(self.client.fault(what), soap.UNEXPECTED_SELECTORS)

    def test_ctrl_c_after_the_end_is_nothing(self):
        command = self.client.command(self.shell, "exit 0")
        self.client.collect(self.shell, command)
        self.client.well(soap.signal(self.shell, command, "ctrl_c"))
        self.client.well(soap.signal(self.shell, command, "ctrl_break"))

    def test_delete_twice(self):
        other = self.client.create()
        self.client.well(soap.delete(other))
        for what in (soap.delete(other), soap.command(other, "true"), soap.get(other), soap.signal(other, NOBODYS)):
            self.assertEqual(self.client.fault(what), soap.UNEXPECTED_SELECTORS)

    def test_a_shell_deleted_under_a_receive(self):
        command = self.client.command(self.shell, "sleep 600")
        with WinRM(self.target.port) as waiting:
            waiting.write(soap.receive(self.shell, command))
            self.client.well(soap.delete(self.shell))
            status, xml = waiting.read()
            self.assertEqual(status, 500)
            self.assertIn(soap.code_of(xml), (0x3E3, soap.UNEXPECTED_SELECTORS))  # Aborted, or it came when all was over.

    def test_two_receives_at_once(self):
        """The newer one is answered; the older is told that its time is over, at once, and takes nothing."""
        command = self.client.command(self.shell, "read line; echo got $line")
        with WinRM(self.target.port) as older, WinRM(self.target.port) as newer:
            older.write(soap.receive(self.shell, command, timeout="PT59S"))
            newer.write(soap.receive(self.shell, command, timeout="PT59S"))
            # Which came first is not ours to say; the one that did is answered, and only then there is input.
            self.assertEqual(self.first_to_answer(older, newer), soap.TIMED_OUT)
            self.client.well(soap.send(self.shell, command, b"it\n", True))
            self.assertEqual(self.client.collect(self.shell, command)[1], 0)

    @staticmethod
    def first_to_answer(*clients):
        ready, _, _ = select.select([one.raw.socket for one in clients], [], [], 20)
        status, xml = next(one for one in clients if one.raw.socket in ready).read()
        return soap.code_of(xml)

    def test_the_same_ids_again(self):
        command = self.client.command(self.shell, "sleep 600", command_id=NOBODYS)
        self.assertEqual(command, NOBODYS)
        self.assertEqual(self.client.fault(soap.command(self.shell, "sleep 600", NOBODYS.lower())), 0x803381D6)
        self.assertEqual(self.client.fault(soap.create(self.shell)), 0x803381D7)
        self.assertEqual(self.client.fault(soap.command(self.shell, "true", "not-a-guid")), 0x803381D4)
        self.assertEqual(self.client.fault(soap.create("not-a-guid")), 0x803381D5)

    def test_several_requests_in_one_piece_are_answered_in_their_order(self):
        with Raw(self.target.port) as raw:
            client = WinRM.__new__(WinRM)
            client.raw, client.account, client.how, client.sealed, client.fields = raw, self.client.account, "ntlm", True, []
            client.log_on()
            raw.send(b"".join(client.bytes_of(soap.get(shell)) for shell in (self.shell, NOBODYS, self.shell)))
            self.assertEqual([client.read()[0] for _ in range(3)], [200, 500, 200])

    def test_envelope_sizes(self):
        for size, code in (("0", MINIMUM), ("8191", MINIMUM), ("-1", INVALID_HEADER), ("many", INVALID_HEADER), ("9" * 40, INVALID_HEADER), ("", None), ("4294967295", None)):
            with self.subTest(size):
                status, xml = self.client.ask(soap.get(self.shell, size=size))
                self.assertEqual((status, soap.code_of(xml)), (500, code) if code else (200, None))

    def test_an_answer_keeps_to_the_size_that_was_asked_for(self):
        command = self.client.command(self.shell, "head -c 200000 /dev/zero")
        total = 0
        while True:
            status, xml = self.client.ask(soap.receive(self.shell, command, size=8192))
            self.assertEqual(status, 200)
            self.assertLessEqual(len(xml), 8192)
            total += len(soap.output_of(xml))
            if soap.is_done(xml):
                break
        self.assertEqual(total, 200000)

    def test_a_request_over_the_limit_is_413_and_the_last(self):
        with WinRM(self.target.port) as client:
            client.raw.send(request(b"x" * 600_000, [("Content-Type", soap.SOAP_TYPE)]))
            self.assertEqual(client.raw.answer().status, 413)
            self.assertTrue(client.raw.closed())
        for said in (2**31, 10**12, 2**62):
            with WinRM(self.target.port) as client:
                client.raw.send(request(b"", [("Content-Length", str(said))], length=False))
                self.assertEqual(client.raw.answer().status, 413)
                self.assertTrue(client.raw.closed())
        with WinRM(self.target.port) as client:  # Just below the limit it is a fault, sealed as every answer.
            self.assertEqual(client.fault(b"<a>" + b"x" * 500_000 + b"</a>"), NO_ENVELOPE)
        self.target.memory_within(self, 128, 24)

    def test_thousands_of_selectors_options_headers(self):
        for what in (soap.envelope(soap.TRANSFER + "Get", soap.SHELL, selectors=[(f"S{n}", "x" * 20) for n in range(5000)]),
                     soap.envelope(soap.TRANSFER + "Get", soap.SHELL, selectors=[("ShellId", self.shell)] * 5000),
                     soap.envelope(soap.TRANSFER + "Get", soap.SHELL, selectors=[("ShellId", "x" * 300_000)]),
                     soap.envelope("x" * 300_000, soap.SHELL), soap.envelope(soap.TRANSFER + "Get", "http://" + "y" * 300_000),
                     soap.get(self.shell, message_id="m" * 300_000), soap.get(self.shell, header="<z/>" * 60_000),
                     soap.get(self.shell, header='<z:z xmlns:z="urn:z" s:mustUnderstand="true"/>' * 5000),
                     soap.create(environment=[(f"V{n}", "x") for n in range(5000)])):
            with self.subTest(f"{len(what)} bytes", what=what[:900][-120:]):
                status, xml = self.client.ask(what)
                self.assertLess(len(xml), 20_000)  # What is wrong is not told back at length.
                self.assertIn((status, soap.code_of(xml) is not None), ((500, True), (200, False)))
        self.client.well(soap.get(self.shell))
        self.target.memory_within(self, 128, 24)

    def test_xml_made_to_cost_is_a_fault_also_under_a_seal(self):
        deep, wide = "<a>" * 60_000, "<a" + "".join(f" b{n}='c'" for n in range(30_000)) + "/>"
        bombs = {
            "entities": '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]><a>&c;</a>',
            "an external entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "a parameter entity": '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/">%p;]><a/>',
            "an external DTD": '<!DOCTYPE a SYSTEM "file:///dev/zero"><a/>', "depth": deep, "depth, closed": deep + "</a>" * 60_000, "attributes": wide,
            "namespaces": "<a" + "".join(f" xmlns:n{n}='u'" for n in range(20_000)) + "/>", "nodes": "<r>" + "<a/>" * 110_000 + "</r>", "a long name": "<" + "n" * 400_000 + "/>",
            "comments": "<!--" + "-" * 400_000 + "--><a/>", "instructions": "<?x " + "y" * 400_000 + "?><a/>", "references": "<a>" + "&#65;" * 80_000 + "</a>",
            "nothing": " ", "a NUL": "<a>\0</a>", "text": "text", "two roots": "<a/><b/>", "a soap 1.1 envelope": '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>',
        }
        for name, xml in bombs.items():
            with self.subTest(name):
                status, answer = self.client.ask(xml)
                self.assertEqual(status, 500)
                self.assertIsNotNone(soap.code_of(answer), answer[:200])
                self.assertLess(len(answer), 5000)
                self.assertNotIn("root:", answer)
        self.client.well(soap.get(self.shell))
        self.target.memory_within(self, 128, 24)

    def test_input_that_nobody_reads_is_not_kept_without_end(self):
        """One message may wait; the next is told to come again (code 170), and nothing is lost or doubled."""
        command = self.client.command(self.shell, "sleep 600")
        taken = busy = 0
        for _ in range(6):
            status, xml = self.client.ask(soap.send(self.shell, command, b"x" * 300_000, timeout="PT0.5S"))
            self.assertIn((status, soap.code_of(xml)), ((200, None), (500, 170)))
            taken, busy = taken + (status == 200), busy + (status == 500)
        self.assertGreaterEqual(busy, 1)
        self.assertLessEqual(taken, 3)
        self.target.memory_within(self, 128, 24)


if __name__ == "__main__":
    unittest.main()
