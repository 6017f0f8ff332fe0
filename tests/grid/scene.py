"""One service that offers every way to log on, a KDC, and an account that each of them can be: alice."""
import contextlib
import subprocess

from tests.e2e.test_certificates import cert, create, reload, thumbprint
from tests.support import kdc as kerberos
from tests.support.kdc import PASSWORD, REALM, Kdc, in_environment
from tests.support.stand_in_powershell import ServiceWithPowerShell

ALICE = ("alice", PASSWORD)
PRINCIPAL = (f"alice@{REALM}", PASSWORD)
EVERYTHING = ["Service/Auth/Basic=true", "Service/Auth/Certificate=true", "Service/Auth/CredSSP=true"]


class Scene:
    """Use as a context manager. The environment of this process finds the KDC meanwhile: the peers' libraries read it."""

    known_as = "localhost"  # Kerberos' name of the host, where it is not the URL's.

    def __init__(self, settings=(), options=(), alice=ALICE):
        """`settings` and `options` are the service's, beside its own; `alice` is her name and password."""
        self.settings, self.options, self.alice = [*EVERYTHING, *settings], options, alice

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        try:
            self.kdc = self.stack.enter_context(Kdc(users={**kerberos.USERS, self.alice[0]: self.alice[1]}))
            self.stack.enter_context(in_environment(self.kdc.environment))
            subprocess.run(["kinit", "-f", self.alice[0]], input=self.alice[1], text=True, check=True, capture_output=True, timeout=30)
            self.service = self.stack.enter_context(ServiceWithPowerShell(self.settings, accounts=[(*self.alice, ["--admin"])],
                                                                options=["--keytab", str(self.kdc.keytab), *self.options]))
            self.certificate, self.key, _ = create(self.service.folder / "own", self.alice[0])
            cert("import", self.certificate, "--trust", "--state", self.service.state)
            cert("map", "--user", self.alice[0], "--issuer", thumbprint(self.certificate), "--state", self.service.state)
            reload(self.service)
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *failed):
        return self.stack.__exit__(*failed)

    def url(self, scheme):
        return self.service.url(scheme)

    @staticmethod
    def account(transport):
        return PRINCIPAL if transport in ("kerberos", "negotiate") else ALICE


missing = kerberos.missing
