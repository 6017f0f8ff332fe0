"""Every way of not being anybody: what stands where an identity should, and what HTTP says of it."""
import base64
import itertools
import struct

from tests.support import ntlm, soap
from tests.support.raw_http import Raw, chunked, request
from tests.support.service import ADMIN
from tests.support.winrm import basic, negotiate, token_in

KIND = ("Content-Type", soap.SOAP_TYPE)
LONG = "A" * 40_000
NEGOTIATE = ntlm.Ntlm(*ADMIN).negotiate()
AP_REQ = base64.b64encode(bytes.fromhex("6082020006092a864886f71201020201006e") + b"\0" * 500).decode()

# One request each: fields that prove nothing. Over HTTP the service offers only Negotiate.
FIELDS = {
    "nothing": [],
    "an empty Authorization": [("Authorization", "")],
    "a blank Authorization": [("Authorization", "   ")],
    "Basic alone": [("Authorization", "Basic")],
    "Basic and a blank": [("Authorization", "Basic ")],
    "Basic that is not base64": [("Authorization", "Basic ***")],
    "Basic without a colon": [("Authorization", "Basic " + base64.b64encode(b"Administrator").decode())],
    "Basic of nobody": [("Authorization", basic(("", "")))],
    "Basic with the right password, not offered here": [("Authorization", basic(ADMIN))],
    "Basic, long": [("Authorization", "Basic " + LONG)],
    "Negotiate alone": [("Authorization", "Negotiate")],
    "Negotiate that is not base64": [("Authorization", "Negotiate *")],
    "Negotiate, long": [("Authorization", "Negotiate " + LONG)],
    "Negotiate with zeros": [("Authorization", negotiate(b"\0" * 64))],
    "NTLM's third message first": [("Authorization", negotiate(ntlm.SIGNATURE + struct.pack("<I", 3) + b"\0" * 100))],
    "NTLM's second message": [("Authorization", negotiate(ntlm.SIGNATURE + struct.pack("<I", 2) + b"\0" * 100))],
    "SPNEGO that says it is done": [("Authorization", negotiate(ntlm.spnego_response(b"", state=0)))],
    "NTLM as a scheme of its own": [("Authorization", "NTLM " + base64.b64encode(NEGOTIATE).decode())],
    "Kerberos": [("Authorization", "Kerberos " + AP_REQ)],
    "Negotiate with Kerberos": [("Authorization", "Negotiate " + AP_REQ)],
    "CredSSP": [("Authorization", "CredSSP FgMBAAUBAAABAA==")],
    "Digest": [("Authorization", 'Digest username="Administrator", realm="WSMAN", nonce="", uri="/wsman", response=""')],
    "Bearer": [("Authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJBZG1pbmlzdHJhdG9yIn0.")],
    "a client's certificate": [("Authorization", "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual")],
    "a scheme nobody knows": [("Authorization", "Administrator")],
    "headers of a proxy": [(name, ADMIN[0]) for name in ("X-Forwarded-User", "X-Remote-User", "REMOTE_USER", "Remote-User",
                                                        "X-Authenticated-User", "X-WEBAUTH-USER", "X-ARR-ClientCert",
                                                        "SSL_CLIENT_S_DN", "X-SSL-Client-Verify", "X-Client-Cert", "From")],
    "Proxy-Authorization": [("Proxy-Authorization", basic(ADMIN))],
    "Authentication": [("Authentication", basic(ADMIN)), ("WWW-Authorization", basic(ADMIN)), ("X-Authorization", basic(ADMIN))],
    "a cookie": [("Cookie", "WSMAN=Administrator; session=1; uid=0")],
    "a local address": [("X-Forwarded-For", "127.0.0.1"), ("X-Real-IP", "127.0.0.1"), ("Forwarded", "for=127.0.0.1;by=localhost")],
    "an identify that is not unauthenticated": [("WSMANIDENTIFY", "Administrator")],
    "unauthenticated, and an Authorization": [("WSMANIDENTIFY", "unauthenticated"), ("Authorization", "Basic AAAA")],
}
IDENTIFIES = "WSMANIDENTIFY: unauthenticated"  # The one exception: service-protocol.md 3.2.
# What HTTP itself forbids: 400, whatever the method.
MALFORMED = {
    "Authorization twice": [("Authorization", basic(ADMIN)), ("Authorization", basic(("x", "y")))],
    "Authorization twice, alike": [("Authorization", basic(ADMIN))] * 2,
    "Authorization twice, once empty": [("Authorization", ""), ("AUTHORIZATION", basic(ADMIN))],
    "Authorization folded": [("X-Start", f"1\r\n Authorization: {basic(ADMIN)}"), ("Authorization", "Basic")],
    "Authorization behind a bare line feed": [("X-Start", f"1\nAuthorization: {basic(ADMIN)}")],
    "Authorization with a NUL": [("Authorization", basic(ADMIN) + "\0")],
    "a blank before the colon": [("Authorization ", basic(ADMIN))],
}


def plain(fields, **how):
    """The form: one request on a connection of its own."""
    def form(surface, method, xml):
        with Raw(surface.port, surface.ca) as raw:
            return raw.ask(xml.encode(), [*fields, KIND], method=method, **how)
    return form


def in_a_trailer(surface, method, xml):
    """Beast 1.81 puts trailers among the headers."""
    with Raw(surface.port, surface.ca) as raw:
        head = request(fields=[("Transfer-Encoding", "chunked"), ("Trailer", "Authorization"), KIND], method=method, length=False)
        raw.send(head + chunked(xml.encode(), b"Authorization: " + basic(ADMIN).encode() + b"\r\n"))
        return raw.answer()


def half_a_handshake(surface, method, xml):
    """A challenge was given, and no answer to it."""
    with Raw(surface.port, surface.ca) as raw:
        raw.ask(fields=[("Authorization", negotiate(NEGOTIATE))])
        return raw.ask(xml.encode(), [KIND], method=method)


def first_token_with_it(surface, method, xml):
    with Raw(surface.port, surface.ca) as raw:
        return raw.ask(xml.encode(), [("Authorization", negotiate(NEGOTIATE)), KIND], method=method)


def finished(account=ADMIN, spnego=False, message_without=False, **wrong):
    """A whole handshake that must fail; the message comes with the last token, or after it without any. A {} in the name is a number."""
    number = itertools.count()

    def form(surface, method, xml):
        with Raw(surface.port, surface.ca) as raw:
            client = ntlm.Ntlm(account[0].format(next(number)), account[1], spnego=spnego)
            challenge = token_in(raw.ask(fields=[("Authorization", negotiate(client.negotiate()))]))
            last = [("Authorization", negotiate(client.authenticate(challenge, **wrong)))]
            if not message_without:
                return raw.ask(xml.encode(), [*last, KIND], method=method)
            raw.ask(fields=last)
            return raw.ask(xml.encode(), [KIND], method=method)
    return form


def of_another_connection(surface, method, xml):
    """The answer to another connection's challenge."""
    with Raw(surface.port, surface.ca) as one, Raw(surface.port, surface.ca) as other:
        client = ntlm.Ntlm(*ADMIN)
        first = [("Authorization", negotiate(client.negotiate()))]
        challenge = token_in(one.ask(fields=first))
        other.ask(fields=first)
        return other.ask(xml.encode(), [("Authorization", negotiate(client.authenticate(challenge))), KIND], method=method)


def replayed(surface, method, xml):
    """A token that let somebody in on another connection a moment ago."""
    with Raw(surface.port, surface.ca) as one, Raw(surface.port, surface.ca) as other:
        client = ntlm.Ntlm(*ADMIN)
        first = [("Authorization", negotiate(client.negotiate()))]
        last = [("Authorization", negotiate(client.authenticate(token_in(one.ask(fields=first)))))]
        surface.case.assertEqual(one.ask(fields=last).status, 200)
        other.ask(fields=first)
        return other.ask(xml.encode(), [*last, KIND], method=method)


def beside_somebody(surface, method, xml):
    """Another connection is somebody's; this one is nobody's, and says so in no header."""
    with Raw(surface.port, surface.ca) as one, Raw(surface.port, surface.ca) as other:
        client = ntlm.Ntlm(*ADMIN)
        challenge = token_in(one.ask(fields=[("Authorization", negotiate(client.negotiate()))]))
        surface.case.assertEqual(one.ask(fields=[("Authorization", negotiate(client.authenticate(challenge)))]).status, 200)
        return other.ask(xml.encode(), [KIND], method=method)


def anonymous(surface, method, xml):
    """[MS-NLMP] 3.2.5.1.2: empty names and responses are the anonymous user."""
    with Raw(surface.port, surface.ca) as raw:
        raw.ask(fields=[("Authorization", negotiate(NEGOTIATE))])
        token = ntlm.Ntlm.assemble(ntlm.USUAL | 0x800, [b"\0", b"", b"", b"", b"", b""])
        return raw.ask(xml.encode(), [("Authorization", negotiate(token)), KIND], method=method)


FORMS = {
    **{name: plain(fields) for name, fields in {**FIELDS, **MALFORMED}.items()},
    IDENTIFIES: plain([("WSMANIDENTIFY", "unauthenticated")]),
    "Authorization in a trailer": in_a_trailer,
    "half a handshake": half_a_handshake,
    "the first token of one": first_token_with_it,
    "a wrong password": finished((ADMIN[0], "wrong")),
    "a wrong password, then nothing": finished((ADMIN[0], "wrong"), message_without=True),
    "an unknown user": finished(("nobody-knows-{}", "wrong")),
    "a wrong proof": finished(spoil_proof=True),
    "a wrong MIC": finished(spoil_mic=True),
    "a wrong MIC, then nothing": finished(spoil_mic=True, message_without=True),
    "SPNEGO with a wrong password": finished((ADMIN[0], "wrong"), spnego=True),
    "SPNEGO with a wrong MIC": finished(spnego=True, spoil_mic=True),
    "another connection's challenge": of_another_connection,
    "a token replayed": replayed,
    "beside somebody": beside_somebody,
    "the anonymous user": anonymous,
}
GUESSES = {"a wrong password", "a wrong password, then nothing", "a wrong proof", "a wrong MIC", "a wrong MIC, then nothing",
           "SPNEGO with a wrong password", "SPNEGO with a wrong MIC", "another connection's challenge"}  # After a few of which the account's answers are held back.
METHODS = ("POST", "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "PROPFIND", "SEARCH", "POSTS", "Post", "M-POST")


def expected(method, form, message):
    """The rule: 400 for what is no HTTP, 405 for what is no POST, 401 for everybody else, and Identify by its own header."""
    if form in MALFORMED:
        return 400
    if method != "POST":
        return 405
    return 200 if (form, message) == (IDENTIFIES, "Identify") else 401
