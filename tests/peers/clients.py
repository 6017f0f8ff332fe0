"""How the tests call each of the peers: one function `run` a library, all with the same answer."""
import subprocess
from dataclasses import dataclass
from urllib.parse import urlsplit

# requests-ntlm needs MD4, which OpenSSL 3 keeps in its legacy provider; this import loads it.
from cryptography.hazmat.bindings.openssl.binding import Binding  # noqa: F401
from pypsrp.shell import Process, WinRS
from pypsrp.wsman import WSMan
from winrm.protocol import Protocol

from tests.support.service import ROOT

MASTERZEN = ROOT / "build/peers/masterzen"
MASTERZEN_FAILED = 250  # tests/peers/go/main.go


@dataclass
class Answer:
    stdout: bytes
    stderr: bytes
    code: int


def pywinrm(url, ca, account, transport, **more):
    return Protocol(endpoint=url, transport=transport, username=account[0], password=account[1], ca_trust_path=ca,
                    proxy=None, **more)


def pywinrm_run(client, command, stdin=None, code_page=65001, environment=None):
    shell = client.open_shell(codepage=code_page, env_vars=environment)
    try:
        ran = client.run_command(shell, command)
        try:
            if stdin is not None:
                client.send_command_input(shell, ran, stdin, end=True)
            return Answer(*client.get_command_output(shell, ran))
        finally:
            client.cleanup_command(shell, ran)
    finally:
        client.close_shell(shell)


def pypsrp(url, ca, account, auth, **more):
    where = urlsplit(url)
    return WSMan(where.hostname, port=where.port, ssl=where.scheme == "https", username=account[0], password=account[1],
                 auth=auth, cert_validation=ca or False, no_proxy=True, **more)


def pypsrp_run(client, command, stdin=None, **shell):
    with client, WinRS(client, codepage=65001, **shell) as opened:
        process = Process(opened, command)
        process.begin_invoke()
        if stdin is not None:
            process.send(stdin, end=True)
        process.end_invoke()
        process.signal("http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/terminate")
        return Answer(process.stdout, process.stderr, process.rc)


def masterzen_run(url, ca, account, auth, command, stdin=None):
    words = [str(MASTERZEN), "-url", url.rsplit("/wsman", 1)[0], "-user", account[0], "-auth", auth]
    words += ["-ca", ca] if ca else []
    words += ["-stdin"] if stdin is not None else []
    done = subprocess.run([*words, "--", command], input=account[1].encode() + b"\n" + (stdin or b""),
                          capture_output=True, timeout=120)
    return Answer(done.stdout, done.stderr, done.returncode)
