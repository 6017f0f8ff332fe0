"""Hosts that do what no host should, many in one run of the client: each on a port of its own, each doing one wrong thing."""
import base64
import contextlib
import json
import os
import re
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.sanitizer import is_sanitized
from tests.support.service import ADMIN, BUILD, MULLION

PEAK = Path(__file__).with_name("peak.py")
SANITIZED = is_sanitized(BUILD)
HANGS = 240 if SANITIZED else 60  # Seconds after which a client that has not ended hangs. Nothing waits for it otherwise.
SOAP = "application/soap+xml;charset=UTF-8"
COMMAND = "echo what-must-run-once"


def answer(body, status="200 OK", kind=SOAP, headers=()):
    """An HTTP answer as it should be."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Request:
    head: bytes
    body: bytes

    def _find(self, pattern):
        found = re.search(pattern, self.body)
        return found[1].decode() if found else ""

    @property
    def action(self):
        """Create, Command, Receive, Send, Signal, Delete; empty for a message of the log-on and for Identify."""
        return self._find(rb"<a:Action[^>]*>[^<]*/(\w+)<")

    @property
    def message_id(self):
        return self._find(rb"<a:MessageID[^>]*>([^<]+)<")

    @property
    def shell_id(self):
        return self._find(rb'ShellId="([^"]+)"') or self._find(rb'Name="ShellId"[^>]*>([^<]+)<')

    @property
    def command_id(self):
        return self._find(rb'CommandId="([^"]+)"')


class Talk:
    """One connection of one hostile host."""

    def __init__(self, connection, host):
        self.connection, self.host, self.rest = connection, host, b""

    def request(self):
        """The next request, or None when the client is gone."""
        data, self.rest = self.rest, b""
        while b"\r\n\r\n" not in data:
            more = self.connection.recv(65536)
            if not more:
                return None
            data += more
        head, body = data.split(b"\r\n\r\n", 1)
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        while len(body) < length:
            more = self.connection.recv(65536)
            if not more:
                return None
            body += more
        self.rest = body[length:]
        request = Request(head, body[:length])
        with self.host.lock:
            self.host.requests.append(request)
        return request

    def say(self, data):
        self.connection.sendall(data)

    def endlessly(self, piece, first=b""):
        """Until the client has enough of it."""
        self.say(first)
        while True:
            self.say(piece)

    def wait(self):
        """Takes everything, says nothing."""
        while self.connection.recv(65536):
            pass

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


@dataclass
class HostileHost:
    name: str
    serve: object
    port: int = 0
    requests: list = field(default_factory=list)
    connections: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def heard(self):
        return b"\n".join(request.head + b"\n" + request.body for request in self.requests)

    @property
    def commands(self):
        """How many times the command was asked for."""
        return sum(request.action == "Command" for request in self.requests)


class Crowd:
    """Use as a context manager. `ways` are {name: serve(talk)}; a connection ends when its `serve` does."""

    def __init__(self, ways, tls=None):
        self.hosts = {name: HostileHost(name, serve) for name, serve in ways.items()}
        self.tls, self.open, self.lock, self.over = tls, set(), threading.Lock(), False

    def __enter__(self):
        self.selector = selectors.DefaultSelector()
        self.listeners = []
        for host in self.hosts.values():
            listener = socket.create_server(("127.0.0.1", 0), backlog=16)
            listener.setblocking(False)
            host.port = listener.getsockname()[1]
            self.selector.register(listener, selectors.EVENT_READ, host)
            self.listeners.append(listener)
        self.waker, woken = socket.socketpair()
        self.selector.register(woken, selectors.EVENT_READ, None)
        self.listeners.append(woken)
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over = True
        self.waker.close()
        self.thread.join(10)
        with self.lock:
            for connection in self.open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for listener in self.listeners:
            listener.close()
        self.selector.close()

    def __getitem__(self, name):
        return self.hosts[name]

    def _accept(self):
        while not self.over:
            for key, _ in self.selector.select():
                if key.data is None:
                    return
                with contextlib.suppress(OSError):
                    connection, _ = key.fileobj.accept()
                    connection.setblocking(True)
                    with self.lock:
                        self.open.add(connection)
                    threading.Thread(target=self._one, args=(connection, key.data), daemon=True).start()

    def _one(self, connection, host):
        talk = connection
        try:
            with contextlib.suppress(OSError, ValueError):
                with host.lock:
                    host.connections += 1
                if self.tls:
                    talk = self.tls.wrap_socket(connection, server_side=True)
                host.serve(Talk(talk, host))
                talk.shutdown(socket.SHUT_WR)
                while talk.recv(65536):  # A reset would take away what the client has not read yet.
                    pass
        finally:
            with self.lock:
                self.open.discard(connection)
            with contextlib.suppress(OSError):
                talk.close()

    def url(self, name, scheme="http"):
        return f"{scheme}://127.0.0.1:{self.hosts[name].port}"

    def results(self, ran):
        """{name: its object}; each host must have exactly one."""
        by_port = {}
        for line in ran.stdout.decode().splitlines():
            found = json.loads(line)
            if found["host"] in by_port:
                raise AssertionError(f"{found['host']} has two results")
            by_port[found["host"]] = found
        return {name: by_port.get(f"127.0.0.1:{host.port}") for name, host in self.hosts.items()}


@dataclass
class Attacked:
    code: int  # Below zero: the signal that ended the client.
    stdout: bytes
    stderr: str
    peak: int  # KiB; 0 with a sanitizer, whose shadow and quarantine are not the product's memory.
    seconds: float


def attack(*words, password=ADMIN[1], hangs=HANGS, program=MULLION):
    """Runs the client to its end, its memory measured."""
    told, tell = os.pipe()
    read_end, write_end = os.pipe()
    os.write(write_end, password.encode() + b"\n")
    os.close(write_end)
    command = [sys.executable, "-I", "-S", str(PEAK), str(tell), str(program), words[0], "--password-file", f"/dev/fd/{read_end}", *map(str, words[1:])]
    began = time.monotonic()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=(tell, read_end), process_group=0)
    os.close(tell)
    os.close(read_end)
    try:
        out, errors = child.communicate(timeout=hangs)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        out, errors = child.communicate()
        raise AssertionError(f"the client hangs: {words}\n{out[-2000:]}\n{errors[-2000:]}") from None
    finally:
        with open(told, "rb") as pipe:
            peak = int(pipe.read() or 0)
    if SANITIZED:
        peak = 0
    return Attacked(child.returncode, out, errors.decode(errors="replace"), peak, time.monotonic() - began)


def clear(*options):
    """Basic over HTTP: what a host says next is all that matters, not how the client logged on."""
    return "-u", ADMIN[0], "--transport", "basic", "--allow-unencrypted", *options


def sealed(*options):
    return "-u", ADMIN[0], "--transport", "ntlm", *options


def passwords_in(heard):
    """How the password was readable in what hosts were told."""
    name, password = (text.encode() for text in ADMIN)
    forms = {"as it is": password, "UTF-16": ADMIN[1].encode("utf-16-le"), "Basic": base64.b64encode(name + b":" + password)}
    return [form for form, text in forms.items() if text in heard]


# --- a host that speaks WS-Management, but for one thing ---

SPACES = ('xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
          'xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer" '
          'xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell" xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" '
          'xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"')
ACTIONS = {"Create": "http://schemas.xmlsoap.org/ws/2004/09/transfer/", "Delete": "http://schemas.xmlsoap.org/ws/2004/09/transfer/",
           **dict.fromkeys(("Command", "Receive", "Send", "Signal"), "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/")}
FAULT_ACTION = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
STATE = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/"


def envelope(request, body, action=None, relates_to=None, extra=""):
    action = action or (FAULT_ACTION if body.startswith("<s:Fault") else ACTIONS.get(request.action, "") + request.action + "Response")
    relates_to = request.message_id if relates_to is None else relates_to
    return (f'<s:Envelope {SPACES}><s:Header><a:Action>{action}</a:Action><a:MessageID>uuid:{uuid.uuid4()}</a:MessageID>'
            f'<a:RelatesTo>{relates_to}</a:RelatesTo>{extra}</s:Header><s:Body>{body}</s:Body></s:Envelope>').encode()


def created(shell_id):
    return (f'<x:ResourceCreated><a:Address>http://host/wsman</a:Address><a:ReferenceParameters><w:ResourceURI>{ACTIONS["Command"]}cmd</w:ResourceURI>'
            f'<w:SelectorSet><w:Selector Name="ShellId">{shell_id}</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>')


def stream(data, name="stdout", command_id="", raw=None, attributes=""):
    text = base64.b64encode(data).decode() if raw is None else raw
    return f'<rsp:Stream Name="{name}" CommandId="{command_id}"{attributes}>{text}</rsp:Stream>'


def state(which="Done", code="0", command_id=""):
    inside = "" if code is None else f"<rsp:ExitCode>{code}</rsp:ExitCode>"
    return f'<rsp:CommandState CommandId="{command_id}" State="{STATE}{which}">{inside}</rsp:CommandState>'


def received(*parts):
    return f'<rsp:ReceiveResponse>{"".join(parts)}</rsp:ReceiveResponse>'


def fault(text, code=2150858793, raw=None):
    text = raw or text.replace("&", "&amp;").replace("<", "&lt;")
    return ('<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang="en-US">reason</s:Text></s:Reason>'
            f'<s:Detail><f:WSManFault Code="{code}" Machine="host"><f:Message>{text}</f:Message></f:WSManFault></s:Detail></s:Fault>')


def usual(request):
    """The body a good host answers with."""
    if request.action == "Create":
        return created(request.shell_id)
    if request.action == "Command":
        return f"<rsp:CommandResponse><rsp:CommandId>{request.command_id}</rsp:CommandId></rsp:CommandResponse>"
    if request.action == "Receive":
        return received(stream(b"good\n", command_id=request.command_id), state(command_id=request.command_id))
    if request.action == "Signal":
        return "<rsp:SignalResponse/>"
    if b"Identify" in request.body:
        return ("<wsmid:IdentifyResponse><wsmid:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</wsmid:ProtocolVersion>"
                "<wsmid:ProductVendor>Hostile</wsmid:ProductVendor><wsmid:ProductVersion>1</wsmid:ProductVersion></wsmid:IdentifyResponse>")
    return ""


def speaking(**steps):
    """A host that answers as it should, but for the steps named: create=…, receive=…: a text is the Body's content, bytes are the
    HTTP answer, and a function (talk, request) gives one of these, or None when it has said all itself."""
    def serve(talk):
        while request := talk.request():
            said = steps.get((request.action or "identify").lower())
            said = said(talk, request) if callable(said) else said
            if said is None and (request.action or "identify").lower() in steps:
                continue
            if said is None:
                said = usual(request)
            if isinstance(said, str):
                said = answer(envelope(request, said), status="500 Internal Server Error" if "<s:Fault>" in said else "200 OK")
            talk.say(said)
    return serve
