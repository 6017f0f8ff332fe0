"""Requests that are wrong in one to four ways. The same seed gives the same requests."""
import random

from tests.support import soap

NOISE = bytes(range(256))
METHODS = ["GET", "PUT", "post", "POST\t", "P" * 5000, "", "POST POST", "*", "\x00", "CONNECT", "TRACE", "M-SEARCH", "\xff\xfe", "POST\x7f"]
TARGETS = ["/", "*", "", "/wsman/x", "/WSMAN", "/wsman?x=y", "/wsman?" + "a" * 9000, "http://h/wsman", "/" + "../" * 400, "/%00", "/wsman#f", "\\wsman", "/\xe4",
           "/" + "a" * 70000, "wsman", "//", "/wsman ", " /wsman", "/ws man", "127.0.0.1:80"]
VERSIONS = ["HTTP/1.0", "HTTP/0.9", "HTTP/2", "HTTP/1.2", "http/1.1", "HTTP/1.1\t", "", "HTTP/9999999999.1", "HTTP/1.1 x", "RTSP/1.0", "HTTP/-1.1", "HTTP\\1.1"]
FIELDS = [("Host", "other"), ("Content-Length", "5"), ("Content-Length", "-1"), ("Content-Length", "9" * 30), ("Content-Length", "0x10"), ("Transfer-Encoding", "chunked"),
          ("Transfer-Encoding", "gzip"), ("Transfer-Encoding", "chunked, gzip"), ("Content-Encoding", "gzip"), ("Content-Encoding", "deflate"), ("Expect", "100-continue"),
          ("Expect", "200-ok"), ("Connection", "close"), ("Connection", "keep-alive, close, upgrade"), ("Upgrade", "websocket"), ("X", "a" * 60000), ("X" * 3000, "y"),
          ("", "no name"), (" X", "y"), ("X ", "y"), ("X\x00", "y"), ("X", "a\x00b"), ("X", "a\rb"), ("X", "a\nb"), ("X", "a\r\n b"), ("X", "\x80\xff"), ("@(),;", "y"),
          ("Content-Type", ""), ("Content-Type", "text/html"), ("Content-Type", "multipart/encrypted"), ("Content-Type", 'multipart/encrypted;protocol="x";boundary='),
          ("Content-Type", "application/soap+xml;charset=UTF-7"), ("Content-Type", "application/soap+xml;charset=" + "x" * 5000), ("Range", "bytes=0-"),
          ("Trailer", "Authorization"), ("TE", "trailers"), ("Via", "1.1 x"), ("Max-Forwards", "0"), ("Cookie", "a=" + "b" * 4000), ("WSMANIDENTIFY", "x")]
BODIES = [b"", b"\0" * 1000, b"<", b"<a>" * 5000, b"\xff\xfe<\0a\0/\0>\0", b"\xfe\xff\0<", b"<?xml version='1.0' encoding='UTF-32'?><a/>", b"A" * 100_000,
          b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"<a " + b"b='c' " * 5000 + b"/>", NOISE * 20, b"<a xmlns:" + b"x" * 9000 + b"='y'/>", b"]]>", b"&#0;&#xFFFFFFFF;",
          b"<a>" + b"&amp;" * 20000 + b"</a>", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"{}", b"--Encrypted Boundary--\r\n"]


class Generator:
    """Each request is (kinds, bytes): what was made wrong, and how it goes over the wire."""

    def __init__(self, seed, fields=()):
        self.random, self.fields = random.Random(seed), list(fields)
        self.kinds = [name[6:] for name in dir(self) if name.startswith("wrong_")]

    def one(self):
        message = {"method": "POST", "target": "/wsman", "version": "HTTP/1.1", "end": "\r\n", "body": soap.delete("11111111-2222-3333-4444-555555555555").encode(),
                   "fields": [("Host", "127.0.0.1"), *self.fields, ("Content-Type", soap.SOAP_TYPE)], "length": None, "after": lambda data: data}
        kinds = self.random.sample(self.kinds, self.random.choice((1, 1, 1, 2, 2, 3, 4)))
        for kind in kinds:
            getattr(self, "wrong_" + kind)(message)
        length = len(message["body"]) if message["length"] is None else message["length"]
        lines = [f"{message['method']} {message['target']} {message['version']}", *(f"{name}: {value}" for name, value in message["fields"])]
        lines += [f"Content-Length: {length}"] if length != "" else []
        head = message["end"].join(lines) + 2 * message["end"]
        return kinds, message["after"](head.encode("latin-1") + message["body"])

    def wrong_method(self, message):
        message["method"] = self.random.choice(METHODS)

    def wrong_target(self, message):
        message["target"] = self.random.choice(TARGETS)

    def wrong_version(self, message):
        message["version"] = self.random.choice(VERSIONS)

    def wrong_field(self, message):
        message["fields"].insert(self.random.randrange(len(message["fields"]) + 1), self.random.choice(FIELDS))

    def wrong_many_fields(self, message):
        message["fields"] += [(f"X-{n}", "y" * self.random.choice((0, 1, 100))) for n in range(self.random.choice((90, 101, 2000)))]

    def wrong_no_host(self, message):
        message["fields"] = message["fields"][1:]

    def wrong_length(self, message):
        message["length"] = self.random.choice((0, 1, len(message["body"]) - 1, len(message["body"]) + 1, 10**6, 10**12, 2**63, 2**64, "", "ten", "1,1", "1 1"))

    def wrong_body(self, message):
        message["body"] = self.random.choice(BODIES)

    def wrong_cut_body(self, message):
        message["body"] = message["body"][:self.random.randrange(len(message["body"]) or 1)]

    def wrong_twisted_body(self, message):
        body = bytearray(message["body"])
        for _ in range(self.random.choice((1, 2, 10, 100))):
            if body:
                body[self.random.randrange(len(body))] = self.random.randrange(256)
        message["body"] = bytes(body)

    def wrong_line_ends(self, message):
        message["end"] = self.random.choice(("\n", "\r", "\r\r\n", "\n\r", "\r\n ", "\0\r\n"))

    def wrong_cut(self, message):
        where = self.random.random()
        message["after"] = lambda data: data[:int(len(data) * where)]

    def wrong_twisted(self, message):
        places = [(self.random.random(), self.random.randrange(256)) for _ in range(self.random.choice((1, 3, 30)))]

        def twist(data):
            data = bytearray(data)
            for at, byte in places:
                data[int(at * len(data))] = byte
            return bytes(data)
        message["after"] = twist

    def wrong_noise(self, message):
        noise = self.random.randbytes(self.random.choice((1, 5, 100, 5000)))
        message["after"] = lambda data: noise

    def wrong_tls(self, message):
        hello = b"\x16\x03\x01\x02\x00" + self.random.randbytes(200)
        message["after"] = lambda data: hello

    def wrong_chunks(self, message):
        size = self.random.choice((b"0", b"ffffffff", b"fffffffffffffffff", b"-1", b"5;x=" + b"y" * 9000, b"zz", b"", b"5 ", b"00000000000000005"))
        message["length"] = ""
        message["fields"].append(("Transfer-Encoding", "chunked"))
        message["body"] = size + b"\r\n" + message["body"] + b"\r\n" + self.random.choice((b"0\r\n\r\n", b"", b"0\r\nX: y\r\n" * 300, b"0\r\n" + b"T: " + b"u" * 70000))

    def wrong_twice(self, message):
        message["after"] = lambda data: data + data
