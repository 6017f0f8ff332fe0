"""The certificate stores of a service: made, imported, listed, shown, deleted, and seen at once by a service that runs."""
import json
import os
import pty
import socket
import subprocess
import unittest

from tests.e2e.client import mullion
from tests.e2e.test_certificates import ON, cert, create, reload, thumbprint
from tests.support.service import ADMIN, DEADLINE, MULLION, Service


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


class Chain:
    """root -> middle -> leaf, as files in a folder."""

    def __init__(self, folder, leaf="web01", use="serverAuth", upn=None):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        names = f"otherName:1.3.6.1.4.1.311.20.2.3;UTF8:{upn}" if upn else f"DNS:{leaf}"
        authority = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
        self.make("root", "Root", authority)
        self.make("middle", "Middle", authority, "root")
        self.make("leaf", leaf, f"subjectAltName={names}\nextendedKeyUsage={use}\n", "middle")

    def __getattr__(self, name):
        return self.folder / f"{name}.pem"

    def key(self, name):
        return self.folder / f"{name}_key.pem"

    def make(self, name, common_name, extensions, signer=None):
        request, file = self.folder / "request.pem", self.folder / "extensions.cnf"
        file.write_text(extensions)
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.key(name), "-subj", f"/CN={common_name}",
                "-out", request)
        by = ["-CA", self.folder / f"{signer}.pem", "-CAkey", self.key(signer), "-CAcreateserial"] if signer else ["-signkey", self.key(name)]
        openssl("x509", "-req", "-in", request, "-days", "30", "-extfile", file, *by, "-out", self.folder / f"{name}.pem")

    def pkcs12(self, password):
        path = self.folder / "leaf.pfx"
        both = self.folder / "both.pem"
        both.write_text(self.middle.read_text() + self.root.read_text())
        openssl("pkcs12", "-export", "-in", self.leaf, "-inkey", self.key("leaf"), "-certfile", both, "-out", path, "-passout", f"pass:{password}")
        return path


class Certs(unittest.TestCase):
    def setUp(self):
        self.service = self.enterContext(Service(ON, listen=["https://127.0.0.1:0"]))
        self.state, self.folder = self.service.state, self.service.folder
        self.chain = Chain(self.folder / "chain")

    def cert(self, *words, code=0, stdin=None):
        return cert(*words, "--state", self.state, code=code, stdin=stdin)

    def stores(self, file):
        found = json.loads(self.cert("show", thumbprint(file), "--output", "json").stdout)
        return found["certificate"]["stores"]

    def test_create_server(self):
        made = self.cert("create", "--server", "--name", "web01.example.com", "--name", "10.0.0.1", "--key", "p256", "--days", "10").stdout.strip()
        found = json.loads(self.cert("show", made, "--output", "json").stdout)["certificate"]
        self.assertEqual((found["names"], found["uses"], found["has_key"], found["stores"], found["self_signed"]),
                         (["web01.example.com", "10.0.0.1"], ["serverAuth"], True, ["My"], True))
        self.assertEqual(thumbprint(self.state / f"certs/{made}.crt"), made)
        self.assertEqual((self.state / f"certs/{made}.pem").stat().st_mode & 0o777, 0o600)
        self.assertEqual((self.state / f"certs/{made}.pem").stat().st_uid, self.state.stat().st_uid)
        for words in (("--server", "--user", "x"), ("--client", "--user", "x", "--out", "y"), ("--server", "--client"), ("--server", "--out", "y")):
            self.cert("create", *words, code=5)

    def test_a_listener_shows_what_was_imported(self):
        password = self.folder / "password"
        password.write_text("word\n")
        done = self.cert("import", self.chain.pkcs12("word"), "--store", "My", "--password-file", password)
        self.assertEqual(done.stdout.strip(), thumbprint(self.chain.leaf))
        self.assertIn(f"CA: {thumbprint(self.chain.middle)}", done.stderr)
        self.assertIn(f"left out: {thumbprint(self.chain.root)}", done.stderr)
        self.assertEqual(self.stores(self.chain.middle), ["CA"])
        self.service.stop()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (self.state / "winrm.yaml").write_text(f"Listener:\n  - Address: 127.0.0.1\n    Transport: HTTPS\n    Port: {port}\n    CertificateThumbprint: {done.stdout.strip()}\n")
        self.service.listen = []
        self.service.start()
        ran = mullion("run", self.service.https, "-u", ADMIN[0], "--transport", "basic", "--ca-file", self.chain.root, "--tls-server-name", "web01", "--", "echo in")
        self.assertEqual((ran.code, ran.stdout), (0, b"in\n"), ran)
        refused = self.cert("delete", done.stdout.strip(), code=5).stderr
        self.assertIn(f"the listener https://127.0.0.1:{port}", refused)
        self.assertIn("--force", refused)
        self.assertIn("named it", self.cert("delete", done.stdout.strip(), "--force").stderr)
        self.assertFalse((self.state / f"certs/{done.stdout.strip()}.pem").exists())

    def test_what_policy_or_the_command_line_of_a_running_service_names_stays(self):
        made = self.cert("create", "--server", "--name", "web01", "--key", "p256").stdout.strip()
        self.service.stop()
        self.service.settings.append(f"Service/CertificateThumbprint={made}")
        self.service.start()
        self.assertIn("Service/CertificateThumbprint names it", self.cert("delete", made, code=5).stderr)
        shown = thumbprint(self.service.ca)  # By the listener, which names none: the service made it.
        self.assertIn("the listener https://127.0.0.1:", self.cert("delete", shown, code=5).stderr)
        (self.state / "run/admin.sock").unlink()  # Who cannot be asked may name it.
        unasked = subprocess.run([MULLION, "cert", "delete", made, "--state", self.state], capture_output=True, text=True, timeout=DEADLINE)
        self.assertNotEqual(unasked.returncode, 0)
        self.assertIn("the running service was not asked who names the certificate", unasked.stderr)
        self.service.stop()
        (self.state / "policy.d").mkdir()
        (self.state / "policy.d/1.yml").write_text(f"Service/CertificateThumbprint: {made}\n")
        self.assertIn("Service/CertificateThumbprint names it", self.cert("delete", made, code=5).stderr)
        (self.state / "policy.d/1.yml").unlink()
        self.cert("delete", made)
        self.service.settings.pop()
        self.service.start()

    def test_the_password_of_pkcs12(self):
        file = self.chain.pkcs12("word")
        wrong = self.folder / "wrong"
        wrong.write_text("another\n")
        for store in ("My", "Root"):
            for words, why in (((), "it is encrypted, and there is no password for it"), (("--password-file", wrong), "the password does not open it")):
                said = self.cert("import", file, "--store", store, *words, code=5).stderr
                self.assertIn(why + " [tls.client_key_password]", said)
                self.assertIn("  Give its password with --password-file FILE (- is standard input)", said)
                self.assertNotIn("--client-key", said)
        self.cert("import", file, "--store", "My", "--password-file", "-", stdin="word\n")

    def test_a_certificate_alone_does_not_go_to_my(self):
        der = self.folder / "leaf.cer"
        openssl("x509", "-in", self.chain.leaf, "-outform", "DER", "-out", der)
        for file in (self.chain.leaf, der):
            said = self.cert("import", file, "--store", "My", code=5).stderr
            self.assertIn(f"{file}: it holds a certificate and no key; in My are those that the service shows, with their keys [tls.files]", said)
            self.assertIn("openssl pkcs12 -export", said)
            self.assertNotIn("--ca-file", said)
        both = self.folder / "both.pem"
        both.write_text(self.chain.leaf.read_text() + self.chain.key("middle").read_text())
        said = self.cert("import", both, "--store", "My", code=5).stderr
        self.assertIn("[tls.client_key]", said)
        self.assertNotIn("--client-key", said)
        both.write_text(self.chain.leaf.read_text() + self.chain.key("leaf").read_text())
        self.assertEqual(self.cert("import", both, "--store", "My").stdout.strip(), thumbprint(self.chain.leaf))

    def test_the_password_is_asked_for_on_a_terminal(self):
        file = self.chain.pkcs12("word")
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(MULLION, ["mullion", "cert", "import", str(file), "--store", "My", "--state", str(self.state)])
        said = b""
        try:
            while b"Password of" not in said:
                said += os.read(terminal, 4096)
            os.write(terminal, b"word\n")
            while True:
                said += os.read(terminal, 4096)
        except OSError:  # The terminal's other end is closed.
            pass
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, said)
        os.close(terminal)
        self.assertIn(thumbprint(self.chain.leaf).encode(), said)
        self.assertNotIn(b"word\r", said)

    def test_der_and_stores(self):
        der = self.folder / "root.cer"
        openssl("x509", "-in", self.chain.root, "-outform", "DER", "-out", der)
        self.cert("import", der, "--store", r"cert:\LocalMachine\Root")
        self.assertEqual(self.stores(self.chain.root), ["Root"])
        self.assertIn("--store", self.cert("import", der, "--store", "Disallowed", code=5).stderr)
        self.cert("import", der, code=5)
        self.assertEqual(self.cert("list", "--store", "CA").stdout, "")
        listed = self.cert("list").stdout
        self.assertRegex(listed, rf"(?m)^Root +{thumbprint(self.chain.root)}  CN=Root  until 20")

    def test_show_is_for_people_too(self):
        self.cert("import", self.chain.root, "--store", "Root")
        spaced = " ".join(thumbprint(self.chain.root)[i:i + 2] for i in range(0, 40, 2)).lower()
        text = self.cert("show", spaced).stdout
        for part in ("stores       Root", "subject      CN=Root", "issuer       CN=Root  (signs itself)", "uses         every", "authority    yes", "key          no",
                     "named by     nothing"):
            self.assertIn(part, text)
        self.assertIn("those that are there", self.cert("show", "0" * 40, code=5).stderr)
        self.assertIn("40 hex digits", self.cert("show", "12", code=5).stderr)

    def client(self, certificate, key):
        return mullion("ping", self.service.https, "--ca-file", self.service.ca, "--transport", "certificate", "--client-cert", certificate, "--client-key", key)

    def test_a_running_service_sees_each_change_at_once(self):
        certificate, key, _ = create(self.folder / "own")
        own = thumbprint(certificate)
        self.cert("import", certificate, "--store", "TrustedPeople")
        self.cert("map", "--user", ADMIN[0], "--issuer", own)
        reload(self.service)  # For the mapping.
        self.assertEqual(self.client(certificate, key).code, 0)
        self.assertIn(f"the mapping of {ADMIN[0]}@localhost to {ADMIN[0]}", self.cert("delete", own, code=5).stderr)
        for _ in range(3):
            self.cert("delete", own, "--force")
            self.assertEqual(self.client(certificate, key).code, 4)
            self.cert("import", certificate, "--store", "Root")
            self.assertEqual(self.client(certificate, key).code, 0)

    def test_a_chain_through_ca(self):
        people = Chain(self.folder / "people", "ann", "clientAuth", f"{ADMIN[0]}@localhost")
        self.cert("import", people.middle, "--store", "CA")
        told = self.cert("map", "--user", ADMIN[0], "--issuer", thumbprint(people.middle), code=5).stderr
        self.assertIn("leads to no certificate of Root", told)
        self.cert("import", people.root, "--store", "Root")
        self.cert("map", "--user", ADMIN[0], "--issuer", thumbprint(people.middle))
        reload(self.service)
        self.assertEqual(self.client(people.leaf, people.key("leaf")).code, 0)
        self.cert("delete", thumbprint(people.root))
        self.assertEqual(self.client(people.leaf, people.key("leaf")).code, 4)

    def test_root_hands_the_stores_over_with_the_rest(self):
        if os.geteuid() != 0:
            self.skipTest("only root hands a directory over")
        self.cert("import", self.chain.root, "--store", "Root")
        self.service.stop()
        self.service.options = ["--run-as", "daemon"]
        self.service.start()
        self.assertEqual((self.state / "trust/Root").stat().st_uid, self.state.stat().st_uid)
        self.assertNotEqual(self.state.stat().st_uid, 0)


if __name__ == "__main__":
    unittest.main()
