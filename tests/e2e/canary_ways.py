"""Every way in which a secret goes to a host, and a service with a KDC that takes all of them: for the tests that look for it afterwards."""
import subprocess
import tempfile
import unittest
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from tests.e2e.client import Password
from tests.grid.scene import Scene, missing
from tests.support.canary import account_forms, keys_of_keytab, passphrase_forms, written
from tests.support.kdc import REALM
from tests.support.leftovers import run_in
from tests.support.service import MULLION

USER = "canary"
PRINCIPAL = f"{USER}@{REALM}"
OF_THE_SERVICE = {"mullion-service": {"NT hash": 1}, "mullion-monitor": {}, "mullion-keeper": {}}  # test_canary_memory.py says why.


@dataclass
class Way:
    scheme: str
    transport: str
    user: str = USER
    options: tuple = ()       # Flags, and variables of options that have none, with values that may name a file of the scene.
    handed_over: bool = False  # The host is given the password.
    # What the client may have while its command runs, and at its end (it ends without waiting for its last thread). Of Kerberos the office
    # has one more than NTLM: what a ticket is got anew with.
    copies: dict = field(default_factory=lambda: {"raw": 2})

    @property
    def password(self):
        return self.transport != "certificate"


KERBEROS = (("--kerberos-hostname", "localhost"),)
WITH_TICKET = {"raw": 3}
WAYS = {
    "basic": Way("https", "basic", copies={"raw": 3, "Basic": 2, "raw, base64 at 1": 2}),
    "ntlm": Way("http", "ntlm"),
    "ntlm over https": Way("https", "ntlm"),
    "negotiate, NTLM": Way("http", "negotiate"),
    "negotiate, Kerberos": Way("http", "negotiate", PRINCIPAL, KERBEROS, copies=WITH_TICKET),
    "kerberos": Way("http", "kerberos", PRINCIPAL, KERBEROS, copies=WITH_TICKET),
    "kerberos over https": Way("https", "kerberos", PRINCIPAL, KERBEROS, copies=WITH_TICKET),
    "kerberos by kinit_cmd": Way("http", "kerberos", PRINCIPAL, (*KERBEROS, ("--kinit-cmd", "{kinit}"), ("ansible_winrm_kinit_env_vars", "TMPDIR")), copies=WITH_TICKET),
    "kerberos, delegated": Way("http", "kerberos", PRINCIPAL, (*KERBEROS, ("--kerberos-delegation", None)), copies=WITH_TICKET),
    "credssp": Way("http", "credssp", handed_over=True),
    "credssp over https": Way("https", "credssp", handed_over=True),
    "credssp, Kerberos": Way("http", "credssp", PRINCIPAL, (*KERBEROS, ("ansible_winrm_credssp_auth_mechanism", "kerberos")), True, WITH_TICKET),
    "certificate, encrypted key": Way("https", "certificate", options=(
        ("--client-cert", "{certificate}"), ("--client-key", "{locked}"), ("--client-key-password-file", "{passphrase}")), copies={}),
    "certificate, PKCS#12": Way("https", "certificate", options=(
        ("--client-cert", "{pfx}"), ("--client-key-password-file", "{passphrase}")), copies={}),
}


class EveryWay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if reason := missing():
            raise unittest.SkipTest(reason)
        cls.secret = "Canary-" + uuid.uuid4().hex
        # /tmp is another one for those whom PrivateFolders start.
        cls.enterClassContext(mock.patch.object(tempfile, "tempdir", "/var/tmp"))
        cls.scene = cls.enterClassContext(Scene(options=["--log-level", "debug"], alice=(USER, cls.secret)))
        cls.service = cls.scene.service
        # What is the operator's own, and not looked through.
        cls.own = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="mullion-own-")))
        cls.places = {"certificate": cls.scene.certificate, "passphrase": cls.own / "passphrase", "locked": cls.own / "locked.pem",
                      "pfx": cls.own / "client.pfx", "kinit": cls.own / "kinit"}
        cls.lock_the_key()
        cls.keys = keys_of_keytab(cls.scene.kdc.folder / f"{USER}.user.keytab")
        cls.wanted = {**account_forms(USER, cls.secret), **passphrase_forms(cls.secret)}
        for name, key in cls.keys.items():
            cls.wanted.update(written(name, key))

    @classmethod
    def lock_the_key(cls):
        cls.places["passphrase"].write_text(cls.secret + "\n")
        by_file = f"file:{cls.places['passphrase']}"
        subprocess.run(["openssl", "pkey", "-in", cls.scene.key, "-aes256", "-passout", by_file, "-out", cls.places["locked"]], check=True, capture_output=True)
        subprocess.run(["openssl", "pkcs12", "-export", "-in", cls.scene.certificate, "-inkey", cls.scene.key, "-passout", by_file,
                        "-out", cls.places["pfx"]], check=True, capture_output=True)
        for name in ("passphrase", "locked", "pfx"):
            cls.places[name].chmod(0o600)
        # Says how it was called before it becomes kinit.
        cls.places["kinit"].write_text('#!/bin/sh\n[ -z "$TMPDIR" ] || cat "/proc/$$/cmdline" "/proc/$$/environ" >"$TMPDIR/kinit-$$"\nexec kinit "$@"\n')
        cls.places["kinit"].chmod(0o755)

    def options(self, way):
        found = [("--transport", way.transport), *way.options]
        found += [("--user", way.user)] if way.password else []
        found += [("--ca-file", self.service.ca)] if way.scheme == "https" else []
        return [(name, value and str(value).format(**self.places)) for name, value in found]

    def words(self, way):
        """For the command line."""
        words = [self.service.url(way.scheme)]
        for name, value in self.options(way):
            words += ([name] if value is None else [name, value]) if name.startswith("-") else ["-e", f"{name}={value}"]
        return words

    def start(self, way, *more, command="echo ready; cat", folders=None, password=None, **how):
        with Password(password or self.secret) as file:
            given = ["--password-file", file.path] if way.password else []
            line = [str(word) for word in (MULLION, "run", *self.words(way), *given, *more, "--", command)]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "pass_fds": file.descriptors, **how}
            return run_in(folders, line, **pipes) if folders else subprocess.Popen(line, **pipes)

    def ready(self, client):
        line = client.stdout.readline()
        said = b"" if line else client.stderr.read()
        if b"[usage.unsupported]" in said:
            self.skipTest(said.decode().splitlines()[0])
        self.assertEqual(line, b"ready\n", said)

    def expect_at_most(self, allowed, found, where):
        self.assertEqual({form: count for form, count in found.items() if count > allowed.get(form, 0)}, {}, where)
