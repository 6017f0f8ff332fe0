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

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        try:
            self.kdc = self.stack.enter_context(Kdc())
            self.stack.enter_context(in_environment(self.kdc.environment))
            subprocess.run(["kinit", "-f", "alice"], input=PASSWORD, text=True, check=True, capture_output=True, timeout=30)
            self.service = self.stack.enter_context(ServiceWithPowerShell(EVERYTHING, accounts=[(*ALICE, ["--admin"])],
                                                                      options=["--keytab", str(self.kdc.keytab)]))
            self.certificate, self.key, _ = create(self.service.folder / "own", "alice")
            cert("import", self.certificate, "--trust", "--state", self.service.state)
            cert("map", "--user", "alice", "--issuer", thumbprint(self.certificate), "--state", self.service.state)
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
