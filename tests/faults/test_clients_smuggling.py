"""Requests in which one reader sees another identity, another length or another request than the next."""
import unittest

from tests.faults.clear import KIND, ME, ClearCase
from tests.support import soap
from tests.support.raw_http import Raw, chunked, request
from tests.support.service import ADMIN
from tests.support.winrm import basic


class Smuggling(ClearCase):
    def test_these_bytes_work_when_nothing_is_smuggled(self):
        with Raw(self.port) as raw:
            answer = raw.ask(soap.create().encode(), [KIND, ME])
            self.assertEqual(answer.status, 200)
            self.assertEqual(raw.ask(soap.delete(soap.shell_of(answer.body.decode())).encode(), [KIND, ME]).status, 200)

    # The five byte strings of Beast 1.81: what its parser lets through, and what it is known to refuse.

    def test_1_content_length_and_transfer_encoding(self):
        body = chunked(soap.create().encode())
        self.refused(request(body, [ME, KIND, ("Transfer-Encoding", "chunked")]))

    def test_2_transfer_encoding_and_content_length(self):
        body = chunked(soap.create().encode())
        self.refused(request(body, [ME, KIND, ("Content-Length", len(body)), ("Transfer-Encoding", "chunked")], length=False))

    def test_3_transfer_encodings_after_chunked(self):
        for coding in ("chunked, gzip", "gzip, chunked", "chunked, chunked", "chunked,", "chunked;q=1", "identity", "gzip", "xchunked",
                       "chunked, identity", "", "\tchunked\x0b", '"chunked"'):
            with self.subTest(coding):
                head = request(fields=[ME, KIND, ("Transfer-Encoding", coding)], length=False)
                self.refused(head + chunked(soap.create().encode()))

    def test_4_chunked_in_http_1_0(self):
        head = request(fields=[ME, KIND, ("Transfer-Encoding", "chunked")], length=False, version="HTTP/1.0")
        self.refused(head + chunked(soap.create().encode()))

    def test_5_authorization_in_a_trailer(self):
        for name in (b"Authorization", b"authorization", b"WSMANIDENTIFY: unauthenticated\r\nAuthorization"):
            with self.subTest(name):
                head = request(fields=[KIND, ("Transfer-Encoding", "chunked"), ("Trailer", "Authorization")], length=False)
                self.refused(head + chunked(soap.create().encode(), name + b": " + basic(ADMIN).encode() + b"\r\n"), 401)

    def test_a_trailer_does_not_reach_the_next_request(self):
        head = request(fields=[KIND, ("Transfer-Encoding", "chunked")], length=False)
        trailer = b"Authorization: " + basic(ADMIN).encode() + b"\r\n"
        self.assertEqual(self.statuses(head + chunked(soap.create().encode(), trailer) + self.create()), [401, 401])
        self.watch.untouched(self)

    def test_lengths_that_can_be_read_in_two_ways(self):
        body = soap.create().encode()
        for lengths in ([len(body)] * 2, [len(body), 0], [0, len(body)], [f"{len(body)}, {len(body)}"], [f"+{len(body)}"], [f"-{len(body)}"],
                        [f"0x{len(body):x}"], [f"{len(body)} "  + "1"], ["1e3"], [""], ["99999999999999999999"], [f"{len(body)};"], ["٣"]):
            fields = [(("Content-Length"), str(one)) for one in lengths]
            with self.subTest(lengths):
                lines = "".join(f"{name}: {value}\r\n" for name, value in [ME, KIND, *fields]).encode()
                self.refused(b"POST /wsman HTTP/1.1\r\nHost: x\r\n" + lines + b"\r\n" + body)

    def test_chunks_that_can_be_read_in_two_ways(self):
        body = soap.create().encode()
        size = f"{len(body):x}".encode()
        head = request(fields=[ME, KIND, ("Transfer-Encoding", "chunked")], length=False)
        for name, sent in {"a negative size": b"-1\r\n" + body, "an endless size": b"ffffffffffffffffff\r\n" + body, "0x": b"0x" + size + b"\r\n" + body,
                           "a blank before": b" " + size + b"\r\n" + body, "no line end": size + body, "bare line feed": size + b"\n" + body + b"\n0\n\n",
                           "no size": b"\r\n" + body, "a sign": b"+" + size + b"\r\n" + body, "longer than said": b"3\r\n" + body + b"\r\n0\r\n\r\n"}.items():
            with self.subTest(name):
                found = self.statuses(head + sent)
                self.assertIn(found, ([400], [413], []))  # Or it still waits for the end of a line, when we leave.
                self.watch.untouched(self)

    def test_two_hosts_no_host(self):
        self.refused(self.create(ME, ("Host", "other")))
        self.refused(self.create(ME, ("host", "127.0.0.1")))
        self.refused(self.create(ME, host=None))

    def test_absolute_form_is_the_path_in_it(self):
        """RFC 9112 3.2.2: servers take it, and pass over Host. There is one service here, so no name in it changes who is asked."""
        for target in ("http://127.0.0.1/wsman", "http://other/wsman", "HTTPS://other:1/wsman?x"):
            with self.subTest(target), Raw(self.port) as raw:
                self.assertEqual(raw.ask(soap.create().encode(), [KIND], target=target).status, 401)
                raw.send(self.create(ME, target=target))
                answer = raw.answer()
                self.assertEqual(answer.status, 200)
                self.assertEqual(raw.ask(soap.delete(soap.shell_of(answer.body.decode())).encode(), [KIND, ME]).status, 200)

    def test_other_targets(self):
        for target in ("http://127.0.0.1/", "http://other", "http:///x/wsman", "ftp://127.0.0.1/wsman", "http:/wsman", "//wsman", "/wsman/../wsman", "/%77sman",
                       "*", "other:80", "/wsman#x", "wsman"):
            with self.subTest(target):
                found = self.statuses(self.create(ME, target=target))
                self.assertIn(found, ([400], [404]))
                self.watch.untouched(self)

    def test_folded_headers(self):
        for line in ("X-A: 1\r\n Authorization: " + basic(ADMIN), "X-A: 1\r\n\tAuthorization: " + basic(ADMIN), " X-A: 1", "\tX-A: 1"):
            with self.subTest(line):
                self.refused(f"POST /wsman HTTP/1.1\r\nHost: x\r\n{line}\r\nContent-Length: 0\r\n\r\n".encode())

    def test_bytes_that_end_a_line_for_some(self):
        for byte in (b"\0", b"\n", b"\r", b"\x0b", b"\x0c", b"\x1f", b"\x7f", b"\x01"):
            for place in (b"POST /wsman%s HTTP/1.1\r\nHost: x\r\n", b"POST /wsman HTTP/1.1%s\r\nHost: x\r\n", b"POST /wsman HTTP/1.1\r\nHo%sst: x\r\n",
                          b"POST /wsman HTTP/1.1\r\nHost: x%s\r\n", b"POST /wsman HTTP/1.1\r\nHost: x\r\nX-A: 1%sAuthorization: me\r\n",
                          b"POST /wsman HTTP/1.1\r\nHost: x\r\nX-A%s: 1\r\n", b"PO%sST /wsman HTTP/1.1\r\nHost: x\r\n"):
                with self.subTest(byte=byte, place=place):
                    head = place.replace(b"%s", byte) + b"Authorization: " + basic(ADMIN).encode() + b"\r\nContent-Length: "
                    body = soap.create().encode()
                    self.refused(head + str(len(body)).encode() + b"\r\n\r\n" + body)

    def test_names_that_some_take_for_authorization(self):
        for name in ("Authorization ", "Authorization\t", " Authorization", "X Authorization", "Authorization:", "Author\xefzation", "\"Authorization\"",
                     "(Authorization)", "Authorization_", "Authorization-", "AUTHORIZATI0N"):
            with self.subTest(name):
                found = self.statuses(self.create((name, basic(ADMIN))))
                self.assertIn(found, ([400], [401]))
                self.watch.untouched(self)

    def test_bare_line_feeds_make_no_header(self):
        body = soap.create().encode()
        self.refused(b"POST /wsman HTTP/1.1\nHost: x\nAuthorization: " + basic(ADMIN).encode() + b"\nContent-Length: " + str(len(body)).encode() +
                     b"\n\n" + body + b"\r\n\r\n")

    def test_other_versions(self):
        for version in ("HTTP/0.9", "HTTP/2.0", "HTTP/1.2", "HTTP/1.10", "HTTP/1.", "HTTP/11", "http/1.1", "HTTP/1.1 ", " HTTP/1.1", "", "HTTPS/1.1", "ICY"):
            with self.subTest(version):
                self.refused(self.create(ME, version=version))
        self.refused(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        self.refused(b"POST /wsman\r\n\r\n")

    def test_no_upgrade(self):
        found = self.statuses(self.create(("Upgrade", "h2c, websocket"), ("Connection", "Upgrade, HTTP2-Settings"), ("HTTP2-Settings", "AAMAAABkAAQAAP__")))
        self.assertEqual(found, [401])
        self.watch.untouched(self)


if __name__ == "__main__":
    unittest.main()
