"""One cold command through a Python peer, for tools/bench: bench_peer.py pywinrm|pypsrp URL CA|- TRANSPORT USER, password on standard input."""
import sys


def main():
    library, url, ca, transport, user = sys.argv[1:6]
    password = sys.stdin.readline().rstrip("\n")
    if library == "pywinrm":
        if transport == "ntlm":  # requests-ntlm needs MD4: see tests/peers/clients.py.
            from cryptography.hazmat.bindings.openssl.binding import Binding  # noqa: F401
        from winrm.protocol import Protocol
        client = Protocol(endpoint=url, transport=transport, username=user, password=password, proxy=None,
                          ca_trust_path=None if ca == "-" else ca, message_encryption="auto")
        shell = client.open_shell()
        command = client.run_command(shell, "echo bench")
        out, _, code = client.get_command_output(shell, command)
        client.cleanup_command(shell, command)
        client.close_shell(shell)
    else:
        from urllib.parse import urlsplit

        from pypsrp.client import Client
        where = urlsplit(url)
        with Client(where.hostname, port=where.port, ssl=where.scheme == "https", username=user, password=password, auth=transport,
                    cert_validation=False if ca == "-" else ca, no_proxy=True) as client:
            text, _, code = client.execute_cmd("echo bench")
            out = text.encode()
    sys.stdout.write(out.decode())
    return code


if __name__ == "__main__":
    sys.exit(main())
