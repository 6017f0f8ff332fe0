"""Clients that connect and wait: they hold places, and give way to those who have something to say."""
import threading
import unittest

from tests.faults.nobodies import NEGOTIATE
from tests.faults.test_clients_tls import client_hello
from tests.support import soap
from tests.support.raw_http import Raw, request
from tests.support.service import Service, wait_until
from tests.support.watch import Watch
from tests.support.winrm import WinRM, negotiate

LIMIT = 12  # MaxConnections. One account may have 11 of them.
KIND = ("Content-Type", soap.SOAP_TYPE)


class Slow(unittest.TestCase):
    def serve(self, *settings):
        self.service = self.enterContext(Service([f"Service/MaxConnections={LIMIT}", *settings]))
        self.watch = Watch(self.service)
        self.port, self.tls = self.service.port("http"), self.service.port("https")

    def hold(self, opened):
        self.addCleanup(opened.socket.close)
        return opened

    def served(self):
        """True when a good client is served; False when it was closed or turned away."""
        try:
            self.watch.serves(self)
        except ConnectionError:
            return False
        return True

    def all_places_are_taken(self):
        """What was connected is accepted in its own time: here at the latest, since one more than there are places was refused."""
        wait_until(lambda: "MaxConnections" in self.service.log.read_text(), "the log to tell")

    def served_in_the_end(self):
        wait_until(self.served, "a good client to be served")


class HalfOpen(Slow):
    def test_connections_that_say_nothing_give_way(self):
        self.serve()
        held = [self.hold(Raw(self.port)) for _ in range(LIMIT + 1)]
        self.all_places_are_taken()
        self.assertFalse(self.served())  # They have only just come.
        self.served_in_the_end()
        self.assertTrue(held[0].closed())  # The oldest went.

    def test_tls_that_stops_in_the_handshake_gives_way(self):
        self.serve()
        hello = client_hello()
        held = []
        for part in (b"", b"\x16", hello[:5], hello[:60], hello):
            held += [self.hold(Raw(self.tls)) for _ in range(3)]
            for one in held[-3:]:
                one.send(part)
        self.all_places_are_taken()
        self.served_in_the_end()
        self.assertTrue(held[0].closed())

    def test_half_a_handshake_of_ntlm_gives_way(self):
        self.serve()
        for _ in range(LIMIT):
            one = self.hold(Raw(self.port))
            self.assertEqual(one.ask(fields=[("Authorization", negotiate(NEGOTIATE))]).status, 401)
        self.served_in_the_end()

    def test_a_flood_is_one_line_in_the_log(self):
        self.serve()
        for _ in range(LIMIT * 10):
            self.hold(Raw(self.port))
        self.all_places_are_taken()
        self.assertLessEqual(self.service.log.read_text().count("MaxConnections"), 2)


class Slowloris(Slow):
    def test_one_byte_at_a_time_holds_nobody_up(self):
        """A dozen that drip their headers, all the while others are served; each is ended when its time is over."""
        self.serve("Service/MaxPacketRetrievalTimeSeconds=2")
        data = request(soap.create().encode(), [KIND, ("X-Slow", "a" * 3000)])
        held = [self.hold(Raw(self.port)) for _ in range(LIMIT - 4)]
        over = threading.Event()
        answers = []

        def drip():
            # At the pace of the answers of good clients: a byte each, and none is waited for.
            for at in range(len(data)):
                if over.wait(0.01):
                    return
                for one in held:
                    one.send(data[at:at + 1])
        thread = threading.Thread(target=drip)
        thread.start()
        try:
            for _ in range(10):
                self.watch.serves(self)
            for one in held:
                answer = one.answer()
                answers.append(answer.status if answer else None)
                self.assertTrue(one.closed())
        finally:
            over.set()
            thread.join()
        # service-protocol.md 3.1: a packet that is not complete in its time is 500. A reset may come before that is read.
        self.assertLessEqual(set(answers), {500, None})
        self.assertIn(500, answers)
        self.assertNotIn(" opened", self.log_of_creates())

    def log_of_creates(self):
        lines = self.service.log.read_text().splitlines()
        opened = [line for line in lines if " opened" in line]
        return "" if len(opened) == 10 else "\n".join(opened)

    def test_a_body_that_does_not_come_is_ended(self):
        self.serve("Service/MaxPacketRetrievalTimeSeconds=1")
        for known in (False, True):
            with self.subTest(known=known):
                client = WinRM(self.port)
                self.hold(client.raw)
                if known:
                    client.log_on()
                client.raw.send(request(b"<", [KIND, ("Content-Length", "5000")], length=False))
                answer = client.raw.answer()
                # Of a stranger's body nothing is kept; he is told who he is not.
                self.assertEqual(answer.status, 500 if known else 401)
                self.assertTrue(client.raw.closed())
        self.watch.serves(self)

    def test_a_reader_that_does_not_read_is_ended(self):
        """Answers that nobody takes: the service stops writing, keeps one answer at most, and ends the connection."""
        self.serve("Service/MaxPacketRetrievalTimeSeconds=2")
        with WinRM(self.port) as client:
            shell = client.create()
            command = client.command(shell, "cat /dev/zero")
            client.raw.socket.setsockopt(1, 8, 2048)  # SO_RCVBUF
            for _ in range(60):  # Of 300 KB and more each: beyond what the kernel keeps for a connection.
                client.write(soap.receive(shell, command))
            self.watch.serves(self)
            self.watch.memory_within(self, 128, 24)
            wait_until(lambda: self.ended(client), "the connection to end")
        with WinRM(self.port) as client:
            client.well(soap.delete(shell))

    @staticmethod
    def ended(client):
        try:
            client.raw.socket.send(b"P")
        except OSError:
            return True
        return False


if __name__ == "__main__":
    unittest.main()
