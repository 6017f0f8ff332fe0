"""KMS, STS, the instance's and the container's metadata on loopback: written from AWS's documents alone, knowing nothing of our client. Verifies
Signature Version 4, its time, session tokens and encryption contexts itself, and fails on demand.

    with FakeAws() as aws:
        aws.user("AKIDEXAMPLE", "secret")
        key = aws.key()
        aws.fail("Decrypt", Refusal(400, "ThrottlingException"), times=2)
"""
import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
import select
import socket
import ssl
import struct
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit
from xml.sax.saxutils import escape

ACCOUNT, REGION = "111122223333", "us-east-1"
ROOM_FOR_SKEW = 300  # Seconds.


@dataclass
class Refusal:
    """An answer of the service that is no success."""
    status: int
    code: str
    message: str = "as the test wants it"
    headers: dict = field(default_factory=dict)


@dataclass
class Broken:
    """reset: the connection is cut hard; close: without an answer; slow: a body that never ends; stall: nothing at all;
    garbage: no HTTP; huge: a body far too long; page: what a proxy answers; cut: half a body; redirect: elsewhere."""
    how: str


@dataclass
class Principal:
    secret: str
    arn: str
    token: str = ""
    expires: float = float("inf")


def sign_key(secret, day, region, service):
    key = b"AWS4" + secret.encode()
    for word in (day, region, service, "aws4_request"):
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    return key


class FakeAws:
    def __init__(self, tls=None, clock_shift=0):
        self.tls, self.clock_shift = tls, clock_shift
        self.principals, self.keys, self.roles = {}, {}, {}
        self.web_tokens = {}       # Token to the subject that it proves.
        self.asked = Counter()     # Operations as they came, those that failed included.
        self.log = []              # (operation, headers, body) of each.
        self.connections = 0
        self.faults = {}           # Operation to what it does wrong, in order.
        self.aliases = {}
        self.instance_role = None  # Its name, where this is an instance with one.
        self.instance_token = "IMDS-" + secrets.token_hex(8)
        self.container_token = None
        self.session_seconds = 3600
        self.lock = threading.Lock()
        self.done = threading.Event()

    # -- what there is ---------------------------------------------------------------------------------------------
    def user(self, access_key="AKIDEXAMPLE", secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", name="operator"):
        self.principals[access_key] = Principal(secret, f"arn:aws:iam::{ACCOUNT}:user/{name}")
        return access_key, secret

    def key(self, state="Enabled", usage="ENCRYPT_DECRYPT", spec="SYMMETRIC_DEFAULT"):
        arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{uuid.uuid4()}"
        self.keys[arn] = {"state": state, "usage": usage, "spec": spec, "material": os.urandom(32)}
        return arn

    def role(self, name="mullion", external_id=None, longest=3600, web_subject=None):
        arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        self.roles[arn] = {"external_id": external_id, "longest": longest, "subject": web_subject}
        return arn

    def session(self, arn, seconds):
        access_key, secret, token = "ASIA" + secrets.token_hex(8).upper(), secrets.token_urlsafe(30), secrets.token_urlsafe(200)
        self.principals[access_key] = Principal(secret, arn, token, self.now() + seconds)
        return access_key, secret, token, self.now() + seconds

    def expire_sessions(self):
        for one in self.principals.values():
            if one.token:
                one.expires = 0

    def fail(self, operation, fault, times=1):
        self.faults.setdefault(operation, []).extend([fault] * times)

    # -- running ---------------------------------------------------------------------------------------------------
    def __enter__(self):
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self):
                with fake.lock:
                    fake.connections += 1
                super().setup()

            def do_POST(self):
                fake.serve(self)

            do_GET = do_PUT = do_POST

            def date_time_string(self, timestamp=None):
                return super().date_time_string(fake.now())

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):  # Clients that went away are part of the tests.
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        if self.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.url = f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)

    def now(self):
        return time.time() + self.clock_shift

    # -- one request -----------------------------------------------------------------------------------------------
    def serve(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        kind, operation, form = self.what(handler, body)
        with self.lock:
            self.asked[operation] += 1
            self.log.append((operation, {name.lower(): value for name, value in handler.headers.items()}, body))
            waiting = self.faults.get(operation) or []
            fault = waiting.pop(0) if waiting else None
        try:
            if isinstance(fault, Broken):
                return self.break_off(handler, fault.how)
            if isinstance(fault, Refusal):
                raise Refused(fault)
            if kind == "kms":
                caller = self.authenticate(handler, body, "kms")
                return self.send(handler, 200, json.dumps(self.kms(operation, json.loads(body), caller)), "application/x-amz-json-1.1")
            if kind == "sts":
                return self.send(handler, 200, self.sts(handler, body, operation, form), "text/xml")
            return self.send(handler, 200, self.metadata(handler, operation), "text/plain")
        except Refused as refused:
            return self.refuse(handler, kind, refused.refusal)

    def what(self, handler, body):
        path = urlsplit(handler.path).path
        if target := handler.headers.get("X-Amz-Target"):
            return "kms", target.partition("TrentService.")[2], None
        if path.startswith(("/latest/", "/container")):
            return "metadata", path, None
        form = {name: values[0] for name, values in parse_qs(body.decode(errors="replace"), keep_blank_values=True).items()}
        return "sts", form.get("Action", "?"), form

    def send(self, handler, status, text, kind, headers=()):
        data = text.encode()
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(data)))
        for name, value in dict(headers).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    def refuse(self, handler, kind, refusal):
        if kind == "sts":
            text = ('<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
                    f"<Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message></Error><RequestId>1</RequestId></ErrorResponse>")
            return self.send(handler, refusal.status, text, "text/xml", refusal.headers)
        text = json.dumps({"__type": refusal.code, "message": refusal.message}) if kind == "kms" else refusal.message
        return self.send(handler, refusal.status, text, "application/x-amz-json-1.1", refusal.headers)

    def break_off(self, handler, how):
        handler.close_connection = True
        connection = handler.connection
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        with contextlib.suppress(OSError):
            if how == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()
            elif how == "garbage":
                connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
            elif how == "huge":
                connection.sendall(head + b"Content-Length: 10000000\r\n\r\n" + b"x" * 1_000_000)
            elif how == "page":
                page = b"<html>Blocked by the proxy</html>"
                connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: %d\r\n\r\n%b" % (len(page), page))
            elif how == "redirect":
                connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: %b/elsewhere\r\nContent-Length: 0\r\n\r\n" % self.url.encode())
            elif how == "cut":
                connection.sendall(head + b"Content-Length: 1000\r\n\r\n{\"KeyId\"")
            elif how in ("slow", "stall"):
                if how == "slow":
                    connection.sendall(head + b"Content-Length: 60000\r\n\r\n")
                while not self.done.is_set():  # Until the client goes.
                    readable, _, _ = select.select([connection], [], [], 0.1)
                    if readable and not connection.recv(1):
                        break
                    if how == "slow":
                        connection.sendall(b" ")

    # -- Signature Version 4 ---------------------------------------------------------------------------------------
    def authenticate(self, handler, body, service):
        late = "SignatureDoesNotMatch" if service == "sts" else "InvalidSignatureException"
        status = 403 if service == "sts" else 400
        refused = lambda code, message: Refused(Refusal(status, code, message))
        kind, _, rest = (handler.headers.get("Authorization") or "").partition(" ")
        if kind != "AWS4-HMAC-SHA256":
            raise refused("MissingAuthenticationToken", "Missing Authentication Token")
        fields = dict(part.strip().split("=", 1) for part in rest.split(","))
        access_key, day, region, named, end = fields["Credential"].split("/")
        when = handler.headers.get("X-Amz-Date", "")
        if (region, named, end) != (REGION, service, "aws4_request"):
            raise refused(late, f"Credential should be scoped to a valid region, not '{region}'.")
        principal = self.principals.get(access_key)
        unknown = "InvalidClientTokenId" if service == "sts" else "UnrecognizedClientException"
        if principal is None or principal.token != (handler.headers.get("X-Amz-Security-Token") or ""):
            raise refused(unknown, "The security token included in the request is invalid.")
        signed = fields["SignedHeaders"].split(";")
        needed = {"host", "x-amz-date"} | ({"x-amz-security-token"} if principal.token else set()) | ({"x-amz-target"} if service == "kms" else set())
        if not needed <= set(signed) or not when.startswith(day):
            raise refused("IncompleteSignature", f"not signed: {sorted(needed - set(signed))}")
        parts = urlsplit(handler.path)
        lines = [handler.command, quote(parts.path, safe="/-_.~"), parts.query]
        lines += [f"{name}:{' '.join((handler.headers.get(name) or '').split())}" for name in signed]
        lines += ["", ";".join(signed), hashlib.sha256(body).hexdigest()]
        scope = "/".join((day, region, named, end))
        text = "\n".join(("AWS4-HMAC-SHA256", when, scope, hashlib.sha256("\n".join(lines).encode()).hexdigest()))
        made = hmac.new(sign_key(principal.secret, day, region, named), text.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(made, fields["Signature"]):
            raise refused(late, "The request signature we calculated does not match the signature you provided.")
        sent = time.mktime(time.strptime(when, "%Y%m%dT%H%M%SZ")) - time.timezone
        if abs(sent - self.now()) > ROOM_FOR_SKEW:
            raise refused(late, f"Signature expired: {when} is not within 5 min. of now")
        if principal.expires < self.now():
            raise refused("ExpiredToken" if service == "sts" else "ExpiredTokenException", "The security token included in the request is expired")
        return principal

    # -- KMS -------------------------------------------------------------------------------------------------------
    def find_key(self, name):
        name = self.aliases.get(name, name)
        for arn, key in self.keys.items():
            if name == arn or name == arn.rpartition("/")[2]:
                return arn, key
        if name.startswith("arn:") and f":kms:{REGION}:" not in name:
            raise Refused(Refusal(400, "NotFoundException", f"Invalid arn {name.split(':')[3]}"))
        raise Refused(Refusal(400, "NotFoundException", f"Key '{name}' does not exist"))

    def usable_key(self, name):
        arn, key = self.find_key(name)
        if key["state"] == "Disabled":
            raise Refused(Refusal(400, "DisabledException", f"{arn} is disabled."))
        if key["state"] != "Enabled":
            raise Refused(Refusal(400, "KMSInvalidStateException", f"{arn} is {key['state']}."))
        return arn, key

    @staticmethod
    def stream(key, nonce, size):
        out = b""
        while len(out) < size:
            out += hashlib.sha256(key["material"] + nonce + struct.pack(">I", len(out))).digest()
        return out[:size]

    def tag(self, key, nonce, sealed, context):
        return hmac.new(key["material"], nonce + sealed + json.dumps(context or {}, sort_keys=True).encode(), hashlib.sha256).digest()

    def seal(self, name, plaintext, context):
        arn, key = self.usable_key(name)
        nonce = os.urandom(16)
        sealed = bytes(a ^ b for a, b in zip(plaintext, self.stream(key, nonce, len(plaintext))))
        whole = struct.pack(">H", len(arn)) + arn.encode() + nonce + self.tag(key, nonce, sealed, context) + sealed
        return arn, base64.b64encode(whole).decode()

    def open(self, text, context, name):
        whole = base64.b64decode(text, validate=True)
        bad = Refused(Refusal(400, "InvalidCiphertextException", ""))
        try:
            size, = struct.unpack(">H", whole[:2])
            arn, rest = whole[2:2 + size].decode(), whole[2 + size:]
        except (struct.error, UnicodeDecodeError):
            raise bad from None
        if arn not in self.keys:
            raise bad
        if name is not None and self.find_key(name)[0] != arn:
            raise Refused(Refusal(400, "IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation."))
        _, key = self.usable_key(arn)
        nonce, tag, sealed = rest[:16], rest[16:48], rest[48:]
        if not hmac.compare_digest(tag, self.tag(key, nonce, sealed, context)):
            raise bad
        return arn, bytes(a ^ b for a, b in zip(sealed, self.stream(key, nonce, len(sealed))))

    def kms(self, operation, asked, _caller):
        context = asked.get("EncryptionContext")
        if operation == "DescribeKey":
            arn, key = self.find_key(asked["KeyId"])
            return {"KeyMetadata": {"Arn": arn, "KeyId": arn.rpartition("/")[2], "KeyState": key["state"], "Enabled": key["state"] == "Enabled",
                                    "KeyUsage": key["usage"], "KeySpec": key["spec"], "Origin": "AWS_KMS", "MultiRegion": False,
                                    "CreationDate": 1.7e9}}
        if operation == "GenerateDataKey":
            assert asked["KeySpec"] == "AES_256", asked
            plaintext = os.urandom(32)
            arn, blob = self.seal(asked["KeyId"], plaintext, context)
            return {"CiphertextBlob": blob, "KeyId": arn, "Plaintext": base64.b64encode(plaintext).decode(), "KeyMaterialId": "0" * 64}
        if operation == "Encrypt":
            arn, blob = self.seal(asked["KeyId"], base64.b64decode(asked["Plaintext"]), context)
            return {"CiphertextBlob": blob, "KeyId": arn, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}
        if operation == "Decrypt":
            arn, plaintext = self.open(asked["CiphertextBlob"], context, asked.get("KeyId"))
            return {"KeyId": arn, "Plaintext": base64.b64encode(plaintext).decode(), "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}
        if operation == "ReEncrypt":
            source, plaintext = self.open(asked["CiphertextBlob"], asked.get("SourceEncryptionContext"), asked.get("SourceKeyId"))
            arn, blob = self.seal(asked["DestinationKeyId"], plaintext, asked.get("DestinationEncryptionContext"))
            return {"CiphertextBlob": blob, "SourceKeyId": source, "KeyId": arn}
        raise Refused(Refusal(400, "UnknownOperationException", operation))

    # -- STS -------------------------------------------------------------------------------------------------------
    def sts(self, handler, body, operation, form):
        if form.get("Version") != "2011-06-15":
            raise Refused(Refusal(400, "NoSuchVersion", "no such version"))
        if operation == "GetCallerIdentity":
            caller = self.authenticate(handler, body, "sts")
            return self.xml(operation, f"<Arn>{caller.arn}</Arn><UserId>AIDEXAMPLE</UserId><Account>{ACCOUNT}</Account>")
        if operation == "AssumeRole":
            caller = self.authenticate(handler, body, "sts")
            role = self.roles.get(form["RoleArn"])
            if role is None or role["subject"] is not None or role["external_id"] != form.get("ExternalId"):
                raise Refused(Refusal(403, "AccessDenied", f"User: {caller.arn} is not authorized to perform: sts:AssumeRole on resource: {form['RoleArn']}"))
            longest = 3600 if ":assumed-role/" in caller.arn else role["longest"]
        elif operation == "AssumeRoleWithWebIdentity":
            if handler.headers.get("Authorization"):
                raise Refused(Refusal(400, "InvalidAction", "this is not signed"))
            role = self.roles.get(form["RoleArn"])
            subject = self.web_tokens.get(form["WebIdentityToken"])
            if subject is None:
                raise Refused(Refusal(400, "InvalidIdentityToken", "The web identity token is not one of this provider"))
            if role is None or role["subject"] != subject:
                raise Refused(Refusal(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"))
            longest = role["longest"]
        else:
            raise Refused(Refusal(400, "InvalidAction", operation))
        seconds = int(form.get("DurationSeconds", 3600))
        if seconds > longest:
            raise Refused(Refusal(400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."))
        arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{form['RoleArn'].rpartition('/')[2]}/{form['RoleSessionName']}"
        return self.xml(operation, f"<AssumedRoleUser><Arn>{arn}</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser>" + self.session_xml(arn, seconds))

    def session_xml(self, arn, seconds):
        access_key, secret, token, expires = self.session(arn, seconds)
        return (f"<Credentials><AccessKeyId>{access_key}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>"
                f"<SessionToken>{token}</SessionToken><Expiration>{moment(expires)}</Expiration></Credentials>")

    @staticmethod
    def xml(operation, inside):
        return (f'<{operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{operation}Result>{inside}</{operation}Result>'
                f"<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{operation}Response>")

    # -- metadata of an instance (version 2 alone) and of a container ---------------------------------------------------
    def metadata(self, handler, path):
        missing = Refused(Refusal(404, "404", "not found"))
        if path == "/container/credentials":
            if self.container_token is None or handler.headers.get("Authorization") != self.container_token:
                raise Refused(Refusal(401, "401", "unauthorized"))
            return self.session_json("container", {})
        if path == "/latest/api/token":
            if handler.command != "PUT" or handler.headers.get("X-aws-ec2-metadata-token-ttl-seconds") != "21600" or handler.headers.get("X-Forwarded-For"):
                raise Refused(Refusal(400, "400", "bad request"))
            return self.instance_token
        if handler.headers.get("X-aws-ec2-metadata-token") != self.instance_token:
            raise Refused(Refusal(401, "401", "unauthorized"))
        if self.instance_role is None:
            raise missing
        if path == "/latest/meta-data/iam/security-credentials/":
            return self.instance_role
        if path == f"/latest/meta-data/iam/security-credentials/{self.instance_role}":
            return self.session_json(self.instance_role, {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": moment(self.now())})
        raise missing

    def session_json(self, role, more):
        access_key, secret, token, expires = self.session(f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/i-0123456789", self.session_seconds)
        return json.dumps({**more, "AccessKeyId": access_key, "SecretAccessKey": secret, "Token": token, "Expiration": moment(expires)})


def moment(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class Refused(Exception):
    def __init__(self, refusal):
        super().__init__(refusal.code)
        self.refusal = refusal
