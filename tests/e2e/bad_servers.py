"""Small servers that do what a host should not, each on a loopback port of its own."""
import contextlib
import re
import socket
import ssl
import struct
import subprocess
import threading
import uuid
from xml.sax.saxutils import escape


class BadServer:
    """Answers every connection with `serve(socket)`, in threads, until the context ends."""

    def __init__(self, serve, tls=None):
        self.serve, self.tls = serve, tls
        self.open, self.lock = set(), threading.Lock()

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.lock:
            for connection in self.open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.thread.join(10)

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.open.add(connection)
            threading.Thread(target=self.one, args=(connection,), daemon=True).start()

    def one(self, connection):
        try:
            talk = self.tls.wrap_socket(connection, server_side=True) if self.tls else connection
            self.serve(talk)
            with contextlib.suppress(OSError):
                talk.shutdown(socket.SHUT_WR)
            while talk.recv(65536):  # A reset would take away what the client has not read yet.
                pass
        except OSError:
            pass
        finally:
            with self.lock:
                self.open.discard(connection)
            connection.close()


def read_request(connection):
    """One HTTP request, head and body; None when the peer is gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        more = connection.recv(65536)
        if not more:
            return None
        body += more
    return head, body


def answering(status, headers=(), body=b"", kind="text/html"):
    """Every request gets the same answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", f"Content-Type: {kind}", *headers]
    answer = "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def serve(connection):
        while read_request(connection):
            connection.sendall(answer)
    return BadServer(serve)


def saying(data, after_request=True):
    """Says bytes that are no answer, and closes."""
    def serve(connection):
        if after_request:
            read_request(connection)
        connection.sendall(data)
    return BadServer(serve)


def silent():
    """Takes the request and never answers."""
    def serve(connection):
        while connection.recv(65536):
            pass
    return BadServer(serve)


def closing():
    """Takes the request, and is gone without a word."""
    def serve(connection):
        read_request(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    return BadServer(serve)


def over_tls(certificate, key, answer=b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", oldest=None, ciphers=None, want_client=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if oldest:
        context.minimum_version = context.maximum_version = oldest
    if ciphers:
        context.set_ciphers(ciphers)
    if want_client:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(want_client)

    def serve(connection):
        while read_request(connection):
            connection.sendall(answer)
    return BadServer(serve, context)


FAULT = """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"><s:Header>
<a:Action>http://schemas.dmtf.org/wbem/wsman/1/wsman/fault</a:Action><a:MessageID>uuid:{own}</a:MessageID>
<a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To><a:RelatesTo>{relates_to}</a:RelatesTo></s:Header>
<s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang="en-US">{text}</s:Text></s:Reason>
<s:Detail><f:WSManFault Code="{code}" Machine="host"><f:Message>{text}</f:Message></f:WSManFault></s:Detail></s:Fault></s:Body></s:Envelope>"""


def faulting(code, text="a fault", relates_to=None):
    """A host that answers every message with one fault."""
    def serve(connection):
        while request := read_request(connection):
            found = re.search(rb"MessageID[^>]*>([^<]+)<", request[1])
            body = FAULT.format(own=uuid.uuid4(), code=code, text=escape(text),
                                relates_to=relates_to or (found[1].decode() if found else "none")).encode()
            head = f"HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/soap+xml;charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)
    return BadServer(serve)


def meddling(port, change):
    """A proxy to a loopback port. change(request body, answer head, answer body) gives (head, body), or None: the answer is lost."""
    def serve(client):
        with socket.create_connection(("127.0.0.1", port)) as host:
            while request := read_request(client):
                host.sendall(request[0] + b"\r\n\r\n" + request[1])
                answer = read_request(host)
                changed = answer and change(request[1], *answer)
                if not changed:
                    client.shutdown(socket.SHUT_RDWR)
                    return
                client.sendall(changed[0] + b"\r\n\r\n" + changed[1])
    return BadServer(serve)


@contextlib.contextmanager
def black_hole():
    """A port whose connections are never answered: a listener with a full backlog drops further SYNs."""
    with socket.socket() as listener, contextlib.ExitStack() as fillers:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        for _ in range(4):
            filler = fillers.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        yield port


@contextlib.contextmanager
def closed_port():
    """A port that nobody listens on and nobody else can get: bound, not listening."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


class Authority:
    """A certificate authority in a folder, made with the openssl command."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.txt").touch()
        (folder / "index.txt.attr").write_text("unique_subject = no\n")
        (folder / "serial").write_text("1000\n")
        (folder / "crlnumber").write_text("01\n")
        (folder / "ca.cnf").write_text(f"""[ca]
default_ca = it
[it]
database = {folder}/index.txt
serial = {folder}/serial
crlnumber = {folder}/crlnumber
new_certs_dir = {folder}
certificate = {folder}/ca.pem
private_key = {folder}/ca.key
default_md = sha256
default_crl_days = 30
policy = any
copy_extensions = copy
[any]
commonName = supplied
""")
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
                     "-days", "30", "-subj", "/CN=Mullion test authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self.ca = folder / "ca.pem"

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)

    def issue(self, name, subject_alternative="IP:127.0.0.1", dates=(), use=None):
        """(certificate, key); dates are openssl ca's -startdate and -enddate, use is extendedKeyUsage."""
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr",
                     "-subj", f"/CN={name}", "-addext", f"subjectAltName={subject_alternative}", *(("-addext", f"extendedKeyUsage={use}") if use else ()))
        self.openssl("ca", "-batch", "-config", "ca.cnf", "-in", f"{name}.csr", "-out", f"{name}.pem", "-notext",
                     *(dates or ("-days", "20")))
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    def revoke(self, name):
        self.openssl("ca", "-batch", "-config", "ca.cnf", "-revoke", f"{name}.pem")

    def revocation_list(self):
        self.openssl("ca", "-batch", "-config", "ca.cnf", "-gencrl", "-out", "crl.pem")
        return self.folder / "crl.pem"


class Proxy(BadServer):
    """An HTTP proxy that connects to anything on loopback by CONNECT, and remembers what it was asked for."""

    def __init__(self):
        super().__init__(self.tunnel)
        self.asked = []

    def tunnel(self, client):
        header = b""
        while b"\r\n\r\n" not in header:
            piece = client.recv(4096)
            if not piece:
                return
            header += piece
        authority = header.split()[1].decode()
        self.asked.append(authority)
        host, port = authority.rsplit(":", 1)
        with socket.create_connection((host.strip("[]"), int(port))) as remote:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self.pump, args=(remote, client), daemon=True)
            back.start()
            self.pump(client, remote)
            back.join(30)

    @staticmethod
    def pump(source, sink):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
