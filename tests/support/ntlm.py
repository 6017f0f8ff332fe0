"""An NTLMv2 client that can be made to lie: for tests which say to the service what no honest client says.

[MS-NLMP] 3.1.5 and 3.4; SPNEGO around it as [MS-SPNG] and RFC 4178 have it. Plain Python: OpenSSL 3 hides MD4 and RC4."""
import hashlib
import hmac
import os
import struct

SIGNATURE = b"NTLMSSP\0"
UNICODE, REQUEST_TARGET, SIGN, SEAL, NTLM = 0x1, 0x4, 0x10, 0x20, 0x200
ALWAYS_SIGN, EXTENDED, TARGET_INFO, VERSION, KEY_128, KEY_EXCHANGE, KEY_56 = (
    0x8000, 0x80000, 0x800000, 0x2000000, 0x20000000, 0x40000000, 0x80000000)
USUAL = (UNICODE | REQUEST_TARGET | SIGN | SEAL | NTLM | ALWAYS_SIGN | EXTENDED | TARGET_INFO | VERSION | KEY_128 |
         KEY_EXCHANGE | KEY_56)
AV_END, AV_FLAGS, AV_TIMESTAMP, AV_BINDINGS = 0, 6, 7, 10
FIXED = 88  # Of AUTHENTICATE with version and MIC.

SPNEGO_OID = bytes.fromhex("06062b0601050502")
NTLM_OID = bytes.fromhex("060a2b06010401823702020a")


def md4(data):
    def turn(value, by):
        value &= 0xFFFFFFFF
        return (value << by | value >> (32 - by)) & 0xFFFFFFFF
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + struct.pack("<Q", 8 * len(data))
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476]
    rounds = (
        (lambda x, y, z: x & y | ~x & z, 0, list(range(16)), (3, 7, 11, 19)),
        (lambda x, y, z: x & y | x & z | y & z, 0x5A827999, [4 * (i % 4) + i // 4 for i in range(16)], (3, 5, 9, 13)),
        (lambda x, y, z: x ^ y ^ z, 0x6ED9EBA1, [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15], (3, 9, 11, 15)),
    )
    for at in range(0, len(padded), 64):
        words = struct.unpack("<16I", padded[at:at + 64])
        a, b, c, d = state
        for mix, constant, order, shifts in rounds:
            for step, index in enumerate(order):
                a = turn(a + (mix(b, c, d) & 0xFFFFFFFF) + words[index] + constant, shifts[step % 4])
                a, b, c, d = d, a, b, c
        state = [(old + new) & 0xFFFFFFFF for old, new in zip(state, (a, b, c, d))]
    return struct.pack("<4I", *state)


class Rc4:
    def __init__(self, key):
        self.box, j = list(range(256)), 0
        for i in range(256):
            j = (j + self.box[i] + key[i % len(key)]) % 256
            self.box[i], self.box[j] = self.box[j], self.box[i]
        self.i = self.j = 0

    def apply(self, data):
        box, i, j, out = self.box, self.i, self.j, bytearray(data)
        for at in range(len(out)):
            i = (i + 1) & 255
            j = (j + box[i]) & 255
            box[i], box[j] = box[j], box[i]
            out[at] ^= box[(box[i] + box[j]) & 255]
        self.i, self.j = i, j
        return bytes(out)


def md5_mac(key, data):
    return hmac.new(key, data, hashlib.md5).digest()


def der(tag, data):
    size = len(data)
    length = bytes([size]) if size < 128 else (b"\x81" + bytes([size]) if size < 256 else b"\x82" + struct.pack(">H", size))
    return bytes([tag]) + length + data


def spnego_init(token, mechanisms=NTLM_OID):
    inner = der(0xA0, der(0x30, mechanisms)) + der(0xA2, der(0x04, token))
    return der(0x60, SPNEGO_OID + der(0xA0, der(0x30, inner)))


def spnego_response(token, mic=None, state=1):
    inner = der(0xA0, der(0x0A, bytes([state]))) + der(0xA2, der(0x04, token)) + (der(0xA3, der(0x04, mic)) if mic else b"")
    return der(0xA1, der(0x30, inner))


def av_pairs(blob):
    pairs = []
    while len(blob) >= 4:
        kind, size = struct.unpack("<HH", blob[:4])
        if kind == AV_END:
            break
        pairs.append((kind, blob[4:4 + size]))
        blob = blob[4 + size:]
    return pairs


class Side:
    """The keys and the counter of one direction."""

    def __init__(self, key, way):
        self.sign_key = hashlib.md5(key + f"session key to {way} signing key magic constant\0".encode()).digest()
        self.seal_key = hashlib.md5(key + f"session key to {way} sealing key magic constant\0".encode()).digest()
        self.sequence = 0
        self.reset_cipher()

    def reset_cipher(self):
        self.cipher = Rc4(self.seal_key)

    def signature(self, data, sequence=None):
        number = struct.pack("<I", self.sequence if sequence is None else sequence)
        self.sequence += 1
        return struct.pack("<I", 1) + self.cipher.apply(md5_mac(self.sign_key, number + data)[:8]) + number


class Ntlm:
    """One handshake. What a test wants wrong it changes in `flags`, in the tokens, or by the hooks of authenticate()."""

    def __init__(self, user, password, domain="", spnego=False, flags=USUAL):
        self.user, self.domain, self.spnego, self.flags = user, domain, spnego, flags
        self.nt_hash = md4(password.encode("utf-16-le"))
        self.ours = self.theirs = None

    def negotiate(self):
        self.first = SIGNATURE + struct.pack("<II", 1, self.flags) + b"\0" * 16 + b"\x0a\0\0\0\0\0\0\x0f"
        return spnego_init(self.first) if self.spnego else self.first

    def challenge_in(self, token):
        """The NTLM message in what the service sent."""
        self.second = token[token.index(SIGNATURE):]
        if self.spnego:  # Behind it only a mechListMIC could stand, which no challenge has.
            length, offset = struct.unpack("<HxxI", self.second[40:48])
            self.second = self.second[:offset + length]
        return self.second

    def authenticate(self, token, promise_mic=True, spoil_mic=False, spoil_proof=False, more_pairs=()):
        challenge = self.challenge_in(token)
        length, offset = struct.unpack("<HxxI", challenge[40:48])
        pairs = av_pairs(challenge[offset:offset + length])
        stamp = dict(pairs)[AV_TIMESTAMP]
        flags = (struct.unpack("<I", challenge[20:24])[0] | VERSION) & self.flags
        pairs = [pair for pair in pairs if pair[0] != AV_FLAGS] + ([(AV_FLAGS, struct.pack("<I", 2))] if promise_mic else [])
        info = b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in (*pairs, *more_pairs)) + b"\0" * 4
        blob = b"\x01\x01" + b"\0" * 6 + stamp + os.urandom(8) + b"\0" * 4 + info + b"\0" * 4
        key = md5_mac(self.nt_hash, (self.user.upper() + self.domain).encode("utf-16-le"))
        proof = md5_mac(key, challenge[24:32] + blob)
        base = md5_mac(key, proof)
        if spoil_proof:
            proof = bytes([proof[0] ^ 1]) + proof[1:]
        exported = os.urandom(16) if flags & KEY_EXCHANGE else base
        session = Rc4(base).apply(exported) if flags & KEY_EXCHANGE else b""
        third = self.assemble(flags, [b"\0" * 24, proof + blob, self.domain.encode("utf-16-le"),
                                      self.user.encode("utf-16-le"), b"", session])
        mic = md5_mac(exported, self.first + challenge + third)
        if spoil_mic:
            mic = mic[:-1] + bytes([mic[-1] ^ 0x80])
        third = third[:FIXED - 16] + mic + third[FIXED:]
        self.ours, self.theirs = Side(exported, "client-to-server"), Side(exported, "server-to-client")
        if not self.spnego:
            return third
        mechanism_mic = self.ours.signature(der(0x30, NTLM_OID))
        for side in (self.ours, self.theirs):  # [MS-SPNG] 3.3.5.1: each side's MIC counts, but the ciphers begin anew.
            side.reset_cipher()
            side.sequence = 1
        return spnego_response(third, mechanism_mic)

    @staticmethod
    def assemble(flags, fields):
        head, payload = SIGNATURE + struct.pack("<I", 3), b""
        for data in fields:
            head += struct.pack("<HHI", len(data), len(data), FIXED + len(payload))
            payload += data
        return head + struct.pack("<I", flags) + b"\x0a\0\0\0\0\0\0\x0f" + b"\0" * 16 + payload

    def seal(self, clear, sequence=None):
        sealed = self.ours.cipher.apply(clear)
        return self.ours.signature(clear, sequence), sealed

    def unseal(self, signature, sealed):
        clear = self.theirs.cipher.apply(sealed)
        if self.theirs.signature(clear) != signature:
            raise AssertionError("the service's seal is wrong")
        return clear
