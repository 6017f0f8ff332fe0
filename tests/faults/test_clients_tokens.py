"""Tokens of log-ons cut at every length, and with every field wrong. None lets anybody in, none ends the service."""
import base64
import struct
import unittest

from tests.faults.targets import OnService, OnSimulator
from tests.support import ntlm, soap
from tests.support.raw_http import Raw
from tests.support.service import ADMIN
from tests.support.winrm import forgive, negotiate, token_in

KIND = ("Content-Type", soap.SOAP_TYPE)
CREATE = soap.create().encode()
# Of AUTHENTICATE: LM, NT, domain, user, workstation, session key.
THIRD_FIELDS = {"LM response": 12, "NT response": 20, "domain": 28, "user": 36, "workstation": 44, "session key": 52}
FIRST_FIELDS = {"domain": 16, "workstation": 24}


def with_field(message, at, length, offset):
    return message[:at] + struct.pack("<HHI", length & 0xFFFF, length & 0xFFFF, offset & 0xFFFFFFFF) + message[at + 8:]


def wrong_fields(message, fields):
    """The message with one field pointing elsewhere: lengths and offsets at and over every border. (name, message) each."""
    def changed(name, at, length, offset):
        return [(name, token)] if (token := with_field(message, at, length, offset)) != message else []
    size = len(message)
    for name, at in fields.items():
        length, offset = struct.unpack("<HxxI", message[at:at + 8])
        offsets = (0, 1, at, 63, 64, 87, size - 1, size, size + 1, offset + 1, offset - 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFF - length)
        lengths = (0, 1, length + 1, length - 1, size, size + 1, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF)
        for value in offsets:
            yield from changed(f"{name} at {value:#x}", at, length, value)
        for value in lengths:
            yield from changed(f"{name} of {value:#x} bytes", at, value, offset)


class Tokens:
    guesses = 0

    def logon(self, first, third=None, spnego=False, answer_to=ntlm.Ntlm.authenticate):
        """Statuses of a log-on with changed tokens; `third` changes the honest answer to the challenge."""
        self.guesses += 1 if third else 0
        if self.guesses % 4 == 3:
            forgive(self.target.port)
        with Raw(self.target.port) as raw:
            answer = raw.ask(CREATE, [("Authorization", negotiate(first)), KIND])
            found = [answer.status]
            challenge = token_in(answer)
            if challenge and third:
                token = third(answer_to(self.client(spnego, first), challenge))
                found.append(raw.ask(CREATE, [("Authorization", negotiate(token)), KIND]).status)
            found.append(raw.ask(CREATE, [KIND]).status)
            return found

    @staticmethod
    def client(spnego, first=None):
        client = ntlm.Ntlm(*ADMIN, spnego=spnego)
        client.negotiate()
        if first is not None:
            client.first = first[first.index(ntlm.SIGNATURE):] if ntlm.SIGNATURE in first else b""
        return client

    def nobody(self, statuses, where):
        self.assertEqual(set(statuses), {401}, where)

    def over(self, count, at_least):
        print(f"{count} tokens")
        self.assertGreater(count, at_least)
        self.target.untouched(self)
        self.target.serves(self)
        self.target.memory_within(self, 128, 24)

    def test_the_honest_token_lets_in(self):
        """The positive control: uncut, the same tokens let in, and sealing is all that is missing."""
        for spnego in (False, True):
            client = ntlm.Ntlm(*ADMIN, spnego=spnego)
            with Raw(self.target.port) as raw:
                challenge = token_in(raw.ask(fields=[("Authorization", negotiate(client.negotiate()))]))
                self.assertEqual(raw.ask(fields=[("Authorization", negotiate(client.authenticate(challenge)))]).status, 200)

    def test_first_tokens_cut_at_every_length(self):
        count = 0
        for spnego in (False, True):
            whole = ntlm.Ntlm(*ADMIN, spnego=spnego).negotiate()
            for size in range(len(whole)):
                self.nobody(self.logon(whole[:size]), (spnego, size))
                count += 1
        self.over(count, 90)

    def test_last_tokens_cut_at_every_length(self):
        count = 0
        for spnego in (False, True):
            first = ntlm.Ntlm(*ADMIN, spnego=spnego).negotiate()
            size = 0
            whole = [1]
            while size < whole[0]:
                def cut(token):
                    whole[0] = len(token)
                    return token[:size]
                self.nobody(self.logon(first, cut, spnego), (spnego, size))
                count += 1
                size += 1
        self.over(count, 500)

    def test_every_field_of_the_first_message_wrong(self):
        count = 0
        whole = ntlm.Ntlm(*ADMIN).negotiate()
        for where, token in wrong_fields(whole, FIRST_FIELDS):
            for wrapped in (token, ntlm.spnego_init(token)):
                with Raw(self.target.port) as raw:
                    answer = raw.ask(CREATE, [("Authorization", negotiate(wrapped)), KIND])
                    self.assertEqual(answer.status, 401, where)
                    count += 1
        for bit in range(32):
            self.nobody(self.logon(whole[:12] + struct.pack("<I", ntlm.USUAL ^ (1 << bit)) + whole[16:]), f"flag {bit}")
            count += 1
        self.over(count, 100)

    def test_every_field_of_the_last_message_wrong(self):
        first = ntlm.Ntlm(*ADMIN).negotiate()
        names = []
        self.logon(first, lambda token: names.extend(name for name, _ in wrong_fields(token, THIRD_FIELDS)) or b"-")
        for where in names:
            # The MIC covers the header, so that no field can be another's: not even an empty one's.
            self.nobody(self.logon(first, lambda token: dict(wrong_fields(token, THIRD_FIELDS)).get(where, b"-")), where)
        self.over(len(names), 140)

    def test_every_byte_of_the_last_message_wrong(self):
        """One bit at a time, in the raw and in the wrapped form. The MIC, the proof or the form is wrong each time."""
        count = 0
        for spnego in (False, True):
            first = ntlm.Ntlm(*ADMIN, spnego=spnego).negotiate()
            sizes = []
            self.logon(first, lambda token: sizes.append(len(token)) or b"-", spnego)
            for at in range(sizes[0]):
                def flip(token):
                    return token[:at] + bytes([token[at] ^ (1 << at % 8)]) + token[at + 1:]
                self.nobody(self.logon(first, flip, spnego), (spnego, at))
                count += 1
        self.over(count, 500)

    def test_pairs_of_the_proof_cut_and_wrong(self):
        """The client's own copy of the target information, under a proof that is right."""
        first = ntlm.Ntlm(*ADMIN).negotiate()
        pairs = {"two timestamps": (ntlm.AV_TIMESTAMP, b"\0" * 8), "a short timestamp": (ntlm.AV_TIMESTAMP, b"\0"),
                 "two flags": (ntlm.AV_FLAGS, b"\2\0\0\0"), "long flags": (ntlm.AV_FLAGS, b"\2" * 400), "a short binding": (ntlm.AV_BINDINGS, b"\0" * 15)}
        for name, pair in pairs.items():
            found = self.logon(first, lambda token: token, answer_to=lambda client, challenge: client.authenticate(challenge, more_pairs=(pair,)))
            self.nobody(found, name)
        many = tuple((0x0001, b"ab") for _ in range(200))
        self.nobody(self.logon(first, lambda token: token, answer_to=lambda client, challenge: client.authenticate(challenge, more_pairs=many)), "200 pairs")
        self.over(len(pairs), 4)

    def test_a_target_name_that_is_another_user(self):
        """Names that some layer could read as Administrator: none of them is."""
        for user in ("", " Administrator", "Administrator ", "Administrator\0", "Administrator\0x", "./Administrator", "Administrator:", "a\\Administrator\\b",
                     "\uff21dministrator", "A" * 255, "A" * 5000, "\x01", "Administrator\r\n"):
            client = ntlm.Ntlm(user, ADMIN[1])
            found = self.logon(client.negotiate(), lambda token: token, answer_to=lambda _, challenge, honest=client: honest.authenticate(challenge))
            self.nobody(found, repr(user))
        self.over(13, 12)

    def test_der_lengths_of_spnego(self):
        inner = ntlm.Ntlm(*ADMIN).negotiate()
        whole = ntlm.spnego_init(inner)
        tokens = [whole[:1] + length + whole[2:] for length in (b"\0", b"\x7f", b"\x80", b"\x81\0", b"\x82\0\0", b"\x84\xff\xff\xff\xff", b"\x88" + b"\xff" * 8, b"\xff", b"\x89" + b"\0" * 9)]
        tokens += [b"\x60" * 5000, b"\x60\x80" * 3000, b"\xa0\x84\x7f\xff\xff\xff" * 500, b"\x30" * 40000, ntlm.spnego_init(b""), ntlm.spnego_init(inner, b""),
                   ntlm.spnego_init(inner, ntlm.NTLM_OID * 2000), ntlm.spnego_init(inner, b"\x06\x00"), ntlm.spnego_init(ntlm.spnego_init(inner)), whole + b"\0" * 3000]
        for token in tokens:
            with Raw(self.target.port) as raw:
                answer = raw.ask(CREATE, [("Authorization", negotiate(token)), KIND])
                self.assertEqual(answer.status, 401, token[:20])
        self.over(len(tokens), 15)

    def test_base64_that_is_none(self):
        honest = base64.b64encode(ntlm.Ntlm(*ADMIN).negotiate()).decode()
        for text in (honest[:-1], honest + "=", "=" + honest, honest[:8] + "=" + honest[8:], honest[:8] + " " + honest[8:], honest[:8] + "\t" + honest[8:],
                     honest.replace("A", "-"), honest + "\u00e9", "====", "A", honest + "," + honest, '"' + honest + '"', honest + "\x80" * 10):
            with Raw(self.target.port) as raw:
                answer = raw.ask(CREATE, [("Authorization", "Negotiate " + text), KIND])
                self.assertIn(answer.status, (400, 401), text)
                self.assertEqual(raw.ask(CREATE, [KIND]).status if answer.status == 401 else 401, 401)
        self.over(13, 12)


class TokensOfTheService(Tokens, OnService):
    pass


class TokensOfTheSimulator(Tokens, OnSimulator):
    pass


class BasicTokens(OnService):
    """Each is a check of a password, so a choice of lengths; the ends and the middle of base64's quanta."""
    settings = ["Service/Auth/Basic=true"]

    def test_basic_tokens_cut_at_every_length(self):
        whole = base64.b64encode(f"{ADMIN[0]}:{ADMIN[1]}".encode()).decode()
        for size in range(len(whole)):
            with Raw(self.target.tls, self.target.ca) as raw:
                answer = raw.ask(CREATE, [("Authorization", "Basic " + whole[:size]), KIND])
                self.assertEqual((answer.status, raw.ask(CREATE, [KIND]).status), (401, 401), size)
        with Raw(self.target.tls, self.target.ca) as raw:  # The positive control.
            self.assertEqual(raw.ask(soap.enumerate_shells().encode(), [("Authorization", "Basic " + whole), KIND]).status, 200)
        self.target.untouched(self)
        self.target.serves(self)


if __name__ == "__main__":
    unittest.main()
