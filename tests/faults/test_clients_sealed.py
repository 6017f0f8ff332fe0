"""Sealed messages that are not what they say: each ends its connection, and nothing in it is done."""
import struct
import unittest

from tests.faults.targets import OnService, OnSimulator
from tests.support import soap
from tests.support.raw_http import Raw, request
from tests.support.winrm import BOUNDARY, MULTIPART, PROTOCOL, SEALED_TYPE, WinRM, multipart

CREATE = soap.create().encode()


class Sealed:
    def refused(self, body, kind=SEALED_TYPE, client=None, where=None):
        """Sent on a connection that is somebody's: 400, and its end."""
        if client is None:
            with WinRM(self.target.port) as client:
                return self.refused(body(client) if callable(body) else body, kind, client, where)
        client.raw.send(request(body, [("Content-Type", kind)]))
        answer = client.raw.answer()
        self.assertIsNotNone(answer, where)
        self.assertEqual((answer.status, answer.body), (400, b""), where)
        self.assertTrue(client.raw.closed())
        return None

    def honest(self, client, text=CREATE):
        signature, sealed = client.ntlm.seal(text)
        return signature, sealed, len(text)

    def over(self):
        self.target.untouched(self)
        self.target.serves(self)
        self.target.memory_within(self, 128, 24)

    def test_honest_ones_are_heard(self):
        """The positive control, with the same bytes."""
        with WinRM(self.target.port) as client:
            client.raw.send(request(multipart(*self.honest(client)), [("Content-Type", SEALED_TYPE)]))
            status, xml = client.read()
            self.assertEqual(status, 200)
            client.well(soap.delete(soap.shell_of(xml)))

    def test_tokens_of_0_to_17_bytes(self):
        """What gss_unwrap would be given: 1 to 15 bytes made a well-known library ask for a negative size."""
        for size in range(18):
            for said in {0, size // 2, min(size, 16), size}:
                def short(client):
                    signature, sealed, length = self.honest(client)
                    return multipart((signature + sealed)[:size], b"", length, signature_length=said)
                with self.subTest(size=size, said=said):
                    self.refused(short)
        self.over()

    def test_signature_lengths_that_lie(self):
        for said in (0, 1, 15, 17, 1024, 1025, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF):
            with self.subTest(said):
                self.refused(lambda client: multipart(*self.honest(client), signature_length=said))
        self.over()

    def test_original_lengths_that_lie(self):
        for said in (0, 1, len(CREATE) - 1, len(CREATE) + 1, 2**31, 2**32, 2**63, 2**64, -1, "", "abc", f"+{len(CREATE)}",
                     f"{len(CREATE)};Length={len(CREATE)}", f"0x{len(CREATE):x}"):
            def lying(client):
                signature, sealed, _ = self.honest(client)
                return multipart(signature, sealed, said)
            with self.subTest(said):
                self.refused(lying)
        self.over()

    def test_boundaries_that_do_not_fit(self):
        for named, used in (("Another", BOUNDARY), (BOUNDARY, "Another"), (BOUNDARY.lower(), BOUNDARY), (BOUNDARY + "x", BOUNDARY), ("B" * 71, "B" * 71),
                            ("", ""), ("--", BOUNDARY)):
            kind = f'{MULTIPART};protocol="{PROTOCOL}";boundary="{named}"'
            with self.subTest(named=named, used=used):
                self.refused(lambda client: multipart(*self.honest(client), boundary=used), kind)
        for kind in (f'{MULTIPART};protocol="{PROTOCOL}"', f'{MULTIPART};boundary="{BOUNDARY}"', f'{MULTIPART};protocol="";boundary="{BOUNDARY}"',
                     f'{MULTIPART};protocol="application/x-none";boundary="{BOUNDARY}"', f'multipart/x-multi-encrypted;boundary="{BOUNDARY}"'):
            with self.subTest(kind):
                self.refused(lambda client: multipart(*self.honest(client)), kind)
        self.over()

    def test_bodies_cut_at_every_length(self):
        with WinRM(self.target.port) as client:
            whole = multipart(*self.honest(client, b"<a/>"))
        for size in range(len(whole)):
            with self.subTest(size):
                self.refused(whole[:size] or b"-")
        self.over()

    def test_a_bit_of_the_signature_or_of_the_data_flipped(self):
        for part in (0, 1):
            for at in (*range(16), 40, 200):
                def flipped(client):
                    found = list(self.honest(client))
                    found[part] = found[part][:at] + bytes([found[part][at] ^ 1 << at % 8]) + found[part][at + 1:]
                    return multipart(*found)
                if at < (16 if part == 0 else 1000):
                    with self.subTest(part=part, at=at):
                        self.refused(flipped)
        self.over()

    def test_messages_out_of_order_and_again(self):
        with WinRM(self.target.port) as client:
            first, second = multipart(*self.honest(client, soap.enumerate_shells().encode())), multipart(*self.honest(client))
            self.refused(second, client=client)
        with WinRM(self.target.port) as client:
            first = multipart(*self.honest(client, soap.enumerate_shells().encode()))
            client.raw.send(request(first, [("Content-Type", SEALED_TYPE)]))
            self.assertEqual(client.read()[0], 200)
            self.refused(first, client=client)
        self.over()

    def test_sequence_numbers_that_lie(self):
        for number in (1, 2, 0x7FFFFFFF, 0xFFFFFFFF):
            def numbered(client):
                signature, sealed = client.ntlm.seal(CREATE, number)
                return multipart(signature, sealed, len(CREATE))
            with self.subTest(number):
                self.refused(numbered)
        for version in (0, 2, 0xFFFFFFFF):
            def versioned(client):
                signature, sealed, length = self.honest(client)
                return multipart(struct.pack("<I", version) + signature[4:], sealed, length)
            with self.subTest(version=version):
                self.refused(versioned)
        self.over()

    def test_keys_of_another_connection(self):
        with WinRM(self.target.port) as one, WinRM(self.target.port) as other:
            self.refused(multipart(*self.honest(one)), client=other)
        self.over()

    def test_the_services_own_words_come_back_as_ours(self):
        """Each direction has its own keys."""
        with WinRM(self.target.port) as client:
            client.write(soap.enumerate_shells())
            self.refused(client.raw.answer().body, client=client)
        self.over()

    def test_sealed_words_of_nobody(self):
        with WinRM(self.target.port) as client:
            sealed = multipart(*self.honest(client))
        with Raw(self.target.port) as raw:
            self.assertEqual(raw.ask(sealed, [("Content-Type", SEALED_TYPE)]).status, 401)
            self.assertEqual(raw.ask(sealed, [("Content-Type", SEALED_TYPE), ("WSMANIDENTIFY", "unauthenticated")]).status, 400)
        self.over()

    def test_clear_words_on_a_sealing_connection(self):
        """Not heard, and no matter for the seal: service-protocol.md 3.1."""
        with WinRM(self.target.port) as client:
            answer = client.raw.ask(CREATE, [("Content-Type", soap.SOAP_TYPE)])
            self.assertEqual((answer.status, answer.body), (500, b""))
            client.well(soap.enumerate_shells())
        self.over()

    def test_a_handshake_that_begins_anew_takes_the_keys_away(self):
        with WinRM(self.target.port) as client:
            body = multipart(*self.honest(client))
            client.raw.ask(fields=[("Authorization", "Negotiate")])
            client.raw.send(request(body, [("Content-Type", SEALED_TYPE)]))
            self.assertEqual(client.raw.answer().status, 401)
        self.over()


class SealedToTheService(Sealed, OnService):
    pass


class SealedToTheSimulator(Sealed, OnSimulator):
    pass


if __name__ == "__main__":
    unittest.main()
