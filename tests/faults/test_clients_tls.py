"""Below HTTP: handshakes that are twisted, cut, or of something else. Each ends, and a good client is served."""
import random
import ssl
import unittest

from tests.faults.targets import OnService, OnSimulator
from tests.support import soap
from tests.support.raw_http import Raw
from tests.support.winrm import WinRM


def client_hello():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    outgoing = ssl.MemoryBIO()
    talk = context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost")
    try:
        talk.do_handshake()
    except ssl.SSLWantReadError:
        return outgoing.read()
    raise AssertionError("no hello")


class Tls:
    def ends(self, data):
        """The service ends the connection when we have said this and no more."""
        with Raw(self.target.tls) as raw:
            raw.send(data)
            try:
                raw.socket.shutdown(1)
            except OSError:
                return
            self.assertTrue(raw.closed())
            self.assertNotIn(b"HTTP/1.1 2", raw.data)

    def over(self):
        self.target.untouched(self)
        with WinRM(self.target.tls, self.target.ca) as client:
            client.well(soap.enumerate_shells())
        self.target.serves(self)
        self.target.memory_within(self, 128, 24)

    def test_hellos_cut_at_every_length(self):
        hello = client_hello()
        for size in range(len(hello)):
            self.ends(hello[:size])
        self.over()

    def test_twisted_hellos(self):
        dice = random.Random(5)
        for _ in range(2000):
            hello = bytearray(client_hello())
            for _ in range(dice.choice((1, 2, 8, 40))):
                hello[dice.randrange(5 if dice.random() < 0.3 else len(hello))] = dice.randrange(256)
            self.ends(bytes(hello))
        self.over()

    def test_other_records_and_protocols(self):
        hello = client_hello()
        for data in (b"\x15\x03\x03\x00\x02\x02\x28", b"\x17\x03\x03\x40\x00" + b"\0" * 0x4000, b"\x14\x03\x03\x00\x01\x01" * 1000, b"\x16\x03\x03\x00\x00" * 5000,
                     b"\x16\x03\x01\xff\xff" + b"\0" * 0xffff, hello + hello, hello + b"\x17\x03\x03\x00\x10" + b"\0" * 16, hello + b"\x14\x03\x03\x00\x01\x01" * 3000,
                     b"SSH-2.0-x\r\n", b"\x80\x2e\x01\x00\x02" + b"\0" * 40, b"GET / HTTP/1.1\r\n\r\n", b"POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", b"\0" * 70000,
                     b"\x16\x03\x01\x00\x04\x01\xff\xff\xff" + b"\0" * 60000):
            with self.subTest(data[:12]):
                self.ends(data)
        self.over()

    def test_plain_http_on_the_tls_port_is_told(self):
        with Raw(self.target.tls) as raw:
            raw.send(b"POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            self.assertEqual(raw.answer().status, 400)
            self.assertTrue(raw.closed())
        self.over()


class TlsOfTheService(Tls, OnService):
    pass


class TlsOfTheSimulator(Tls, OnSimulator):
    pass


if __name__ == "__main__":
    unittest.main()
