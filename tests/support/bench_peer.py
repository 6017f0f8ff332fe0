"""Commands through a Python peer, for tools/bench: cold, or many to see what one more costs.

  bench_peer.py pywinrm|pypsrp URL CA|- TRANSPORT USER|- COUNT new|held COMMAND [OPTION=VALUE…]

The password is on standard input; an empty one is none. `new` gives each command a connection and a shell of its own; `held` runs
all in one shell on one connection. The options are those of the library.
"""
import sys

sys.path.pop(0)  # This folder has a winrm.py of its own.


class Pywinrm:
    def __init__(self, url, ca, transport, user, password, **more):
        if transport == "ntlm":  # requests-ntlm needs MD4: see tests/peers/clients.py.
            from cryptography.hazmat.bindings.openssl.binding import Binding  # noqa: F401
        from winrm.protocol import Protocol
        self.client = Protocol(endpoint=url, transport=transport, username=user, password=password, proxy=None,
                               ca_trust_path=ca, message_encryption="auto", **more)

    def open(self):
        self.shell = self.client.open_shell()

    def run(self, command):
        running = self.client.run_command(self.shell, command)
        out, _, code = self.client.get_command_output(self.shell, running)
        self.client.cleanup_command(self.shell, running)
        return out, code

    def close(self):
        self.client.close_shell(self.shell)


class Pypsrp:
    def __init__(self, url, ca, transport, user, password, **more):
        from urllib.parse import urlsplit

        from pypsrp.client import Client
        where = urlsplit(url)
        self.client = Client(where.hostname, port=where.port, ssl=where.scheme == "https", username=user, password=password,
                             auth=transport, encryption="auto", cert_validation=ca or False, no_proxy=True, **more)

    def open(self):
        from pypsrp.shell import WinRS
        self.shell = WinRS(self.client.wsman)
        self.shell.open()

    def run(self, command):
        from pypsrp.shell import Process, SignalCode
        process = Process(self.shell, command)
        process.invoke()
        process.signal(SignalCode.CTRL_C)
        return process.stdout, process.rc

    def close(self):
        self.shell.close()
        self.client.__exit__(None, None, None)


def main():
    library, url, ca, transport, user, count, kind, command, *options = sys.argv[1:]
    more = dict(option.split("=", 1) for option in options)
    user = None if user == "-" else user
    password = sys.stdin.readline().rstrip("\n") or None
    make = {"pywinrm": Pywinrm, "pypsrp": Pypsrp}[library]
    client = None
    for _ in range(int(count)):
        if client is None:
            client = make(url, None if ca == "-" else ca, transport, user, password, **more)
            client.open()
        out, code = client.run(command)
        sys.stdout.buffer.write(out)
        if code != 0:
            return code
        if kind == "new":
            client.close()
            client = None
    if client is not None:
        client.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
