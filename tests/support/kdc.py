"""A Kerberos KDC (MIT krb5) on the loopback: a directory of its own, a free port, stopped by process id.

As a program it serves the tests that are written in C++ (tests/kdc): python3 tests/support/kdc.py '{"realm": "A.TEST"}'
says one JSON line when it is ready, takes lines of standard input (stop, count AS_REQ, admin LINE), answers each with
one of its own, and ends with standard input.
"""
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

REALM = "EXAMPLE.TEST"
PASSWORD = "Sesame-1"
USERS = {"alice": PASSWORD, "bob": "pa:ss w'ord"}
SERVICES = ("HTTP/localhost", "host/localhost", "WSMAN/localhost")
AES = ("aes256-cts-hmac-sha1-96", "aes128-cts-hmac-sha1-96")
SHA2 = ("aes256-cts-hmac-sha384-192", "aes128-cts-hmac-sha256-128")
RC4 = ("arcfour-hmac",)
STARTS = 5  # Another process may take the port between our look and the KDC's bind.
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def missing():
    """Why there can be no KDC here; nothing where there can."""
    lacking = [name for name in ("krb5kdc", "kdb5_util", "kadmin.local") if not shutil.which(name, path=PATH)]
    return f"{', '.join(lacking)} not found: install krb5-kdc and krb5-admin-server (tools/install-deps)" if lacking else None


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def in_environment(variables):
    """Variables of this very process, for the libraries in it and for what it starts."""
    kept = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class Kdc:
    """Use as a context manager. `users` (name: password) and `services` are its principals; each service's keys are in
    a keytab of its own, and all of them in `keytab`. `enctypes` are of all keys, and all that clients and services know.
    `preload` is a library for the KDC's process, with `environment`. `hosts` belong to the realm; `lifetime` is of tickets."""

    def __init__(self, realm=REALM, users=None, services=SERVICES, enctypes=AES, preauth=True, lifetime="10h", hosts=(),
                 preload="", environment=None):
        self.realm, self.users, self.services = realm, USERS if users is None else users, services
        self.enctypes, self.preauth, self.lifetime, self.hosts = enctypes, preauth, lifetime, hosts
        self.folder = Path(tempfile.mkdtemp(prefix="mullion-kdc-"))
        os.chmod(self.folder, 0o755)  # A service that runs as nobody reads its keytab.
        self.config, self.keytab = self.folder / "krb5.conf", self.folder / "all.keytab"
        self.own_config = self.folder / "kdc-krb5.conf"  # Its master key is of AES whatever the others are.
        self.log, self.cache = self.folder / "kdc.log", self.folder / "ccache"
        self.own_environment = {**os.environ, "PATH": PATH, "KRB5_CONFIG": str(self.own_config),
                                "KRB5_KDC_PROFILE": str(self.folder / "kdc.conf"), **(environment or {})}
        self.preload = preload
        self.process, self.port = None, None

    def __enter__(self):
        try:
            self.write_configuration(free_port())
            self.command("kdb5_util", "create", "-s", "-r", self.realm, "-P", "master")
            self.fill()
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def environment(self):
        """What a client or service needs to find this KDC, and no ticket of the developer's own."""
        return {"KRB5_CONFIG": str(self.config), "KRB5CCNAME": f"FILE:{self.cache}", "KRB5RCACHENAME": "none:"}

    def keytab_of(self, service):
        return self.folder / (service.replace("/", "_") + ".keytab")

    def write_configuration(self, port):
        self.port = port
        weak = "true" if set(self.enctypes) & set(RC4) else "false"  # Of old names and of new ones.
        domains = "".join(f"  {host} = {self.realm}\n" for host in ("localhost", "127.0.0.1", *self.hosts))
        for path, types in (self.config, self.enctypes), (self.own_config, (*AES, *SHA2, *RC4)):
            path.write_text(
                f"[libdefaults]\n  default_realm = {self.realm}\n  dns_lookup_kdc = false\n  dns_lookup_realm = false\n"
                f"  dns_canonicalize_hostname = false\n  rdns = false\n  forwardable = true\n  udp_preference_limit = 1\n"
                f"  allow_weak_crypto = {weak}\n  allow_rc4 = {weak}\n  permitted_enctypes = {' '.join(types)}\n"
                f"[realms]\n  {self.realm} = {{\n    kdc = 127.0.0.1:{port}\n  }}\n[domain_realm]\n{domains}")
        keys = " ".join(f"{name}:normal" for name in self.enctypes)
        flags = "+forwardable" + (",+preauth" if self.preauth else "")
        (self.folder / "kdc.conf").write_text(
            f"[kdcdefaults]\n  kdc_listen = 127.0.0.1:{port}\n  kdc_tcp_listen = 127.0.0.1:{port}\n"
            f"[realms]\n  {self.realm} = {{\n    database_name = {self.folder}/principal\n    key_stash_file = {self.folder}/stash\n"
            f"    acl_file = {self.folder}/kadm5.acl\n    max_life = {self.lifetime}\n    max_renewable_life = 7d\n"
            f"    supported_enctypes = {keys}\n    default_principal_flags = {flags}\n  }}\n"
            f"[logging]\n  kdc = FILE:{self.log}\n  default = FILE:{self.log}\n")

    def command(self, *words, text=None):
        done = subprocess.run(words, input=text, capture_output=True, text=True, env=self.own_environment, timeout=30)
        # kadmin.local goes on after an error, and says 0.
        said = [line for line in done.stderr.splitlines() if words[0] == "kadmin.local" and "o policy specified" not in line]
        if done.returncode != 0 or said:
            raise AssertionError(f"{words[0]}: exit {done.returncode}: {done.stdout[-500:]}{done.stderr[-1000:]}")
        return done.stdout

    def admin(self, *lines):
        """Lines of kadmin, as "modprinc -allow_tix alice"."""
        return self.command("kadmin.local", "-r", self.realm, text="".join(line + "\n" for line in lines))

    def fill(self):
        lines = [f'addprinc -pw "{password}" {name}' for name, password in self.users.items()]
        for service in self.services:
            lines.append(f"addprinc -randkey {service}")
            lines.append(f"modprinc +ok_as_delegate {service}")
            for keytab in (self.keytab, self.keytab_of(service)):
                lines.append(f"ktadd -norandkey -k {keytab} {service}")
        lines += [f"ktadd -norandkey -k {self.folder}/{name}.user.keytab {name}" for name in self.users]
        self.admin(*lines)
        for path in self.folder.glob("*.keytab"):
            path.chmod(0o644)

    def start(self):
        for left in reversed(range(STARTS)):
            environment = {**self.own_environment, **({"LD_PRELOAD": self.preload} if self.preload else {})}
            self.process = subprocess.Popen([shutil.which("krb5kdc", path=PATH), "-n", "-r", self.realm], env=environment,
                                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            said = self.process.stderr.readline()  # "krb5kdc: starting...", once it listens; nothing when it cannot.
            if b"starting" in said:
                return
            self.stop()
            if left == 0:
                raise AssertionError(f"krb5kdc does not start: {said.decode()}{self.log.read_text()[-2000:]}")
            self.write_configuration(free_port())

    def stop(self):
        """No KDC answers any more; what it issued goes on being valid."""
        if self.process:
            process, self.process = self.process, None
            process.terminate()
            process.wait(30)
            process.stderr.close()

    def requests(self, kind):
        """How many AS_REQ or TGS_REQ it has answered with a ticket."""
        return sum(1 for line in self.log.read_text().splitlines() if f" {kind} " in line and " ISSUE: " in line)

    def asked(self):
        """Every request, answered or not. That a connection was closed is a line, too, and may come late."""
        return [line for line in self.log.read_text().splitlines() if "_REQ " in line]


def answer(kdc, line):
    word, _, rest = line.strip().partition(" ")
    if word == "stop":
        kdc.stop()
    elif word == "count":
        return kdc.requests(rest)
    elif word == "admin":
        kdc.admin(rest)
    else:
        raise ValueError(line)
    return "done"


def main():
    # What ends the one who started us must end the KDC with it: its end of the pipe closes in every case.
    with Kdc(**json.loads(sys.argv[1])) as kdc:
        print(json.dumps({"config": str(kdc.config), "folder": str(kdc.folder)}), flush=True)
        for line in sys.stdin:
            print(answer(kdc, line), flush=True)


if __name__ == "__main__":
    if reason := missing():
        sys.exit(reason)
    main()
