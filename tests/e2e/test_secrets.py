"""`mullion secret|credential|connector|apply`: what is kept, shown, changed and refused; a value goes in and never comes out."""
import json
import os
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.support.fake_aws import REGION, FakeAws
from tests.support.service import MULLION
from tests.support.terminal import Terminal

HARNESS = Path(__file__).resolve().parent.parent / "data/harness"
VALUE = "c4nary-in-a-store"
NTLM = ["--auth", "ntlm", "--domain", "corp.example", "--username", "svc"]


class WithStore(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.store = self.folder / "secrets.db"

    prefix = ()  # Words of a command that starts ours.

    def run_it(self, *words, stdin=b"", environment=None, store=True):
        command = [*self.prefix, str(MULLION), *map(str, words)] + (["--store", str(self.store)] if store else [])
        done = subprocess.run(command, input=stdin, capture_output=True, timeout=90, env={**os.environ, **(environment or {})}, start_new_session=True)
        self.assertNotIn(VALUE.encode(), done.stdout + done.stderr, "a value was shown")
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def does(self, *words, **more):
        code, out, err = self.run_it(*words, **more)
        self.assertEqual(code, 0, err)
        return out, err

    def refused(self, error, *words, **more):
        code, out, err = self.run_it(*words, **more)
        self.assertEqual(code, 5, out + err)
        self.assertIn(f"[{error}]", err)
        return err

    def add_text(self, identifier, *words, value=VALUE):
        return self.does("secret", "add", "--id", identifier, "--value-stdin", *words, stdin=value.encode() + b"\n")

    def listed(self, noun="secret", *words):
        page = json.loads(self.does(noun, "list", "--output", "json", *words)[0])
        self.assertEqual(page["schema"], 1)
        return page[f"{noun}s"]

    def shown(self, noun, *words):
        return json.loads(self.does(noun, "show", "--output", "json", *words)[0])

    def identifiers(self, noun="secret", *words):
        return [next(iter(one.values()))["identifier"] for one in self.listed(noun, *words)]


class SecretsTest(WithStore):
    def test_a_value_goes_in_and_never_comes_out(self):
        _, err = self.add_text("win_pw", "--name", "Windows password", "--tag", "team=a", "--description", "of the fleet")
        self.assertIn("added secret win_pw of account, version 1", err)
        self.assertIn("is its key: keep a copy of the key apart", err)
        one = self.shown("secret", "win_pw")
        self.assertEqual((one["secret"]["name"], one["secret"]["tags"], one["version"]), ("Windows password", {"team": "a"}, 1))
        text, _ = self.does("secret", "show", "account.win_pw")
        self.assertIn("  description: of the fleet\n", text)
        self.assertIn("  version: 1\n", text)
        self.assertIn("account  win_pw      SecretText  Windows password  1", self.does("secret", "list")[0])
        kept = b"".join(file.read_bytes() for file in self.folder.iterdir())
        self.assertNotIn(VALUE.encode(), kept)
        for file in self.folder.iterdir():
            self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600, file)

    def test_an_update_keeps_what_is_not_named(self):
        self.add_text("win_pw", "--tag", "team=a")
        _, err = self.does("secret", "update", "win_pw", "--description", "new")
        self.assertIn("changed: description\n", err)
        self.assertEqual(self.shown("secret", "win_pw")["version"], 1)
        self.assertIn("unchanged", self.does("secret", "update", "win_pw", "--description", "new")[1])
        self.assertIn("version 2", self.does("secret", "update", "win_pw", "--value-stdin", stdin=b"another")[1])
        one = self.shown("secret", "win_pw")
        self.assertEqual((one["version"], one["secret"]["tags"], one["secret"]["description"]), (2, {"team": "a"}, "new"))

    def test_secrets_exists__an_identifier_comes_from_the_name_and_is_taken_once(self):
        self.does("secret", "add", "--name", "win pw", "--value-stdin", stdin=b"x")
        self.assertEqual(self.identifiers(), ["win_pw"])
        self.refused("secrets.exists", "secret", "add", "--name", "win.pw", "--value-stdin", stdin=b"x")
        # Secrets of all kinds share identifiers; another scope has its own.
        self.refused("secrets.exists", "credential", "add", "--id", "win_pw", *NTLM, "--password-ref", "win_pw")
        self.add_text("win_pw", "--scope", "org:o")
        self.assertEqual(self.identifiers("secret", "--scope", "org:o"), ["win_pw"])
        self.assertEqual(len(self.identifiers()), 2)
        self.assertIn("is a keyword, so cannot be used", self.refused("secrets.invalid", "secret", "add", "--id", "null", "--value-stdin", stdin=b"x"))

    def test_a_value_is_asked_for_twice_on_a_terminal(self):
        def add(first, second):
            with Terminal(MULLION, "secret", "add", "--id", "typed", "--store", self.store) as terminal:
                terminal.read(b"Value of secret typed of account: ")
                self.assertFalse(terminal.echoes())
                terminal.type(first + b"\n")
                terminal.read(b"Again: ")
                terminal.type(second + b"\n")
                terminal.read()
                self.assertNotIn(first, terminal.shown)
                return terminal.process.wait()
        self.assertEqual(add(b"one", b"other"), 5)
        self.assertEqual(add(VALUE.encode(), VALUE.encode()), 0)
        self.assertEqual(self.identifiers(), ["typed"])

    def test_without_a_terminal_a_missing_value_is_an_error(self):
        err = self.refused("usage.password_missing", "secret", "add", "--id", "a")
        self.assertIn("--value-stdin or --value-file FILE", err)
        self.refused("secrets.invalid", "secret", "add", "--id", "a", "--value-stdin", stdin=b"\n")
        self.refused("usage.file", "secret", "add", "--id", "a", "--value-file", self.folder / "none")

    def test_what_is_refused_makes_no_store(self):
        kept = self.folder / "kept"
        kept.write_bytes(b"\n")
        store = ("--store", self.folder / "data/none.db")
        (self.folder / "data").mkdir(mode=0o700)
        for what, *words in (("usage.password_missing", "secret", "add", "--id", "a"),
                             ("usage.file", "secret", "add", "--id", "a", "--value-file", self.folder / "none"),
                             ("secrets.invalid", "secret", "add", "--id", "a", "--value-file", kept),
                             ("secrets.missing", "secret", "add", "--id", "a", "--manager", "account.kms", "--value-file", kept),
                             ("secrets.missing", "credential", "add", "--id", "a", *NTLM, "--password-ref", "account.none"),
                             ("secrets.invalid", "connector", "add", "--type", "aws-kms", "--id", "a", "--credential-type", "iam-role", "--region", "eu-west-1")):
            with self.subTest(words):
                self.refused(what, *words, *store, store=False)
                self.assertEqual(list((self.folder / "data").iterdir()), [])
        away = {"XDG_DATA_HOME": str(self.folder / "data/home")}
        self.refused("secrets.missing", "credential", "add", "--id", "a", *NTLM, "--password-ref", "account.none", environment=away, store=False)
        self.assertEqual(list((self.folder / "data").iterdir()), [])
        self.does("secret", "add", "--id", "a", "--value-stdin", *store, stdin=b"x", store=False)
        self.assertEqual(sorted(file.name for file in (self.folder / "data").iterdir()), ["none.db", "none.db.audit", "none.db.key"])

    def test_a_file_is_kept_byte_for_byte_up_to_ten_megabytes(self):
        file = self.folder / "kt"
        file.write_bytes(bytes(range(256)) * 40960)
        self.does("secret", "add", "--type", "file", "--id", "kt", "--file-name", "svc.keytab", "--value-file", file)
        self.assertEqual(self.shown("secret", "kt")["secret"]["spec"]["fileName"], "svc.keytab")
        with open(file, "ab") as more:
            more.write(b"x")
        self.refused("usage.file", "secret", "add", "--type", "file", "--id", "kt2", "--value-file", file)
        self.assertEqual(self.identifiers(), ["kt"])

    def test_the_store_is_below_the_data_folder_by_default(self):
        where = {"XDG_DATA_HOME": str(self.folder / "data")}
        self.does("secret", "add", "--id", "a", "--value-stdin", stdin=b"x", environment=where, store=False)
        folder = self.folder / "data/mullion"
        self.assertEqual(sorted(p.name for p in folder.iterdir()), ["secrets.db", "secrets.db.audit", "secrets.db.key"])
        self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)

    def test_a_home_may_be_reached_by_a_link(self):
        (self.folder / "real").mkdir(mode=0o700)
        (self.folder / "home").symlink_to("real")
        home = {"HOME": str(self.folder / "home"), "XDG_DATA_HOME": ""}
        self.does("secret", "add", "--id", "a", "--value-stdin", stdin=b"x", store=False, environment=home)
        self.assertIn("account  a ", self.does("secret", "list", store=False, environment=home)[0])
        self.does("secret", "backup", "--to", self.folder / "home/copy", store=False, environment=home)
        self.assertTrue((self.folder / "real/copy").exists())
        # The file itself is no link.
        self.store.symlink_to("real/.local/share/mullion/secrets.db")
        self.refused("secrets.store", "secret", "list")

    def test_those_that_make_a_store_at_once_make_one(self):
        for number in range(4):
            store = self.folder / str(number)
            command = [str(MULLION), "secret", "add", "--value-stdin", "--store", str(store), "--id"]
            adding = [subprocess.Popen([*command, f"a{one}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for one in range(6)]
            for one in adding:
                one.stdin.write(b"x")
            said = [one.communicate(timeout=90)[1].decode() for one in adding]
            self.assertEqual([one.returncode for one in adding], [0] * 6, said)
            self.assertEqual(sum("is a new secret store" in one for one in said), 1, said)
            listed = self.does("secret", "list", "--output", "json", "--store", store, store=False)[0]
            self.assertEqual(len(json.loads(listed)["secrets"]), 6)

    def test_a_passphrase_from_standard_input_makes_a_store_and_opens_it(self):
        value = self.folder / "value"
        value.write_text("x\n")
        words = ["--store-passphrase-file", "-"]
        self.does("secret", "add", "--id", "a", "--value-file", value, *words, stdin=b"pass\n")
        self.assertIn("protection argon2id", (self.folder / "secrets.db.key").read_text())
        self.assertIn("account  a ", self.does("secret", "list", *words, stdin=b"pass\n")[0])
        self.refused("secrets.key", "secret", "list", *words, stdin=b"another\n")

    def test_standard_input_is_one(self):
        both = ["--store-passphrase-file", "-"]
        file = self.folder / "a.yaml"
        file.write_text("secret: {type: SecretText, name: a}\n")
        for words in (["secret", "add", "--id", "a", "--value-stdin"], ["secret", "add", "--id", "a", "--value-file", "-"], ["secret", "update", "a", "--value-stdin"],
                      ["apply", "-f", "-"], ["apply", "-f", file, "--value", "account.a=-"], ["secret", "rewrap", "--new-passphrase-file", "-"]):
            err = self.refused("usage.invalid", *words, *both, stdin=b"pass\nvalue\n")
            self.assertIn("standard input cannot be both --store-passphrase-file and --", err)
        self.assertIn("both --file and --value", self.refused("usage.invalid", "apply", "-f", "-", "--value", "account.a=-"))
        self.assertEqual([one.name for one in self.folder.iterdir()], ["a.yaml"], "something was made")

    def test_a_passphrase_that_protects_nothing_is_said(self):
        self.add_text("a")
        passphrase = self.folder / "passphrase"
        passphrase.write_text("pass\n")
        self.assertIn("under no passphrase", self.does("secret", "list", "--store-passphrase-file", passphrase)[1])
        self.does("secret", "rewrap", "--new-passphrase-file", passphrase)
        self.assertNotIn("under no passphrase", self.does("secret", "list", "--store-passphrase-file", passphrase)[1])
        passphrase.write_text("")
        self.refused("secrets.key", "secret", "add", "--id", "a", "--value-stdin", "--store", self.folder / "new", "--store-passphrase-file", passphrase, store=False, stdin=b"x")
        self.assertFalse((self.folder / "new.key").exists())

    def test_an_older_value_is_made_current_again(self):
        self.add_text("a")
        self.assertNotIn("  version 1: ", self.does("secret", "show", "a")[0])
        self.does("secret", "update", "a", "--value-stdin", stdin=b"second")
        self.assertEqual([(v["version"], v["current"]) for v in self.shown("secret", "a")["versions"]], [(2, True), (1, False)])
        self.assertIn("updated secret a of account, version 1", self.does("secret", "update", "a", "--use-version", "1")[1])
        text, _ = self.does("secret", "show", "a")
        self.assertIn("  version: 1\n", text)
        self.assertRegex(text, r"  version 2: [0-9TZ:-]+\n  version 1: [0-9TZ:-]+, current\n")
        self.assertIn("unchanged", self.does("secret", "update", "a", "--use-version", "1")[1])
        self.assertIn("has no version 3", self.refused("secrets.missing", "secret", "update", "a", "--use-version", "3"))
        for more in (["--value-stdin"], ["--name", "b"]):
            self.refused("usage.invalid", "secret", "update", "a", "--use-version", "2", *more, stdin=b"x")
        # The next value is a new version, never one that was there.
        self.assertIn("version 3", self.does("secret", "update", "a", "--value-stdin", stdin=b"third")[1])

    def test_secrets_key__a_store_without_its_key_gets_no_other(self):
        self.add_text("a")
        os.unlink(f"{self.store}.key")
        self.refused("secrets.key", "secret", "list")
        self.refused("secrets.key", "secret", "add", "--id", "b", "--value-stdin", stdin=b"x")
        self.assertFalse(os.path.exists(f"{self.store}.key"))

    def test_a_key_under_a_passphrase_needs_it(self):
        phrase, other = self.folder / "phrase", self.folder / "other"
        phrase.write_text("correct horse\n")
        other.write_text("battery staple\n")
        self.does("secret", "add", "--id", "a", "--value-stdin", "--store-passphrase-file", phrase, stdin=b"x")
        self.does("secret", "list", "--store-passphrase-file", phrase)
        self.refused("secrets.key", "secret", "list", "--store-passphrase-file", other)
        self.refused("usage.password_missing", "secret", "list")

    def test_secrets_store__none_is_made_by_looking(self):
        self.refused("secrets.store", "secret", "list")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_secrets_tampered__a_changed_record_is_not_shown(self):
        self.add_text("win_pw", "--name", "Windows password")
        kept = self.store.read_bytes()
        self.assertIn(b'"name":"Windows password"', kept)
        self.store.write_bytes(kept.replace(b'"name":"Windows password"', b'"name":"windows password"'))
        self.refused("secrets.tampered", "secret", "show", "win_pw")
        self.assertIn('"kind":"tampered"', Path(f"{self.store}.audit").read_text())
        # Nothing else can be listed, or its key made anew, until it is put right or taken out.
        self.refused("secrets.tampered", "secret", "list")
        self.refused("secrets.tampered", "secret", "rotate")
        self.does("secret", "delete", "win_pw")
        self.assertEqual(self.identifiers(), [])
        self.does("secret", "rotate")

    def test_audit_failed__nothing_is_changed_without_its_log(self):
        self.add_text("a")
        os.rename(f"{self.store}.audit", self.folder / "away")
        os.mkdir(f"{self.store}.audit")
        self.refused("audit.failed", "secret", "delete", "a")
        os.rmdir(f"{self.store}.audit")
        self.assertEqual(self.identifiers(), ["a"])


class CredentialsTest(WithStore):
    def setUp(self):
        super().setUp()
        self.add_text("win_pw")

    def test_secrets_missing__references_are_looked_up_when_it_is_saved(self):
        self.refused("secrets.missing", "credential", "add", "--id", "w", *NTLM, "--password-ref", "none")
        self.does("credential", "add", "--id", "w", *NTLM, "--password-ref", "account.win_pw")
        self.refused("secrets.kind", "credential", "add", "--id", "w2", *NTLM, "--password-ref", "w")
        self.assertEqual(self.identifiers("credential"), ["w"])
        self.assertEqual(self.identifiers("secret"), ["win_pw"])

    def test_secrets_referenced__what_is_referred_to_cannot_be_deleted(self):
        self.does("credential", "add", "--id", "w", *NTLM, "--password-ref", "win_pw")
        self.does("connector", "add", "--type", "pdc", "--id", "rack", "--host", "web01", "--credential", "w")
        self.assertIn("secret w of account", self.refused("secrets.referenced", "secret", "delete", "win_pw"))
        self.assertIn("connector rack of account", self.refused("secrets.referenced", "credential", "delete", "w"))
        self.assertIn("  referred to by: connector rack of account (spec.credential)\n", self.does("credential", "show", "w")[0])
        for noun, which in (("connector", "rack"), ("credential", "w"), ("secret", "win_pw")):
            self.does(noun, "delete", which)
        self.refused("secrets.missing", "secret", "show", "win_pw")

    def test_secrets_kind__one_noun_does_not_show_the_others_things(self):
        self.refused("secrets.kind", "credential", "show", "win_pw")
        self.refused("secrets.missing", "connector", "show", "win_pw")

    def test_the_port_follows_ssl_until_one_is_given(self):
        self.does("credential", "add", "--id", "w", *NTLM, "--password-ref", "win_pw")
        self.assertIn("  port: 5986 (follows useSSL)\n", self.does("credential", "show", "w")[0])
        self.does("credential", "update", "w", "--ssl", "no")
        self.assertIn("  port: 5985 (follows useSSL)\n", self.does("credential", "show", "w")[0])
        self.does("credential", "update", "w", "--port", "5985")
        _, err = self.does("credential", "update", "w", "--ssl", "yes")
        self.assertIn("warning: w: port 5985 is the port without SSL by default", err)
        self.assertEqual(self.shown("credential", "w")["secret"]["spec"]["port"], 5985)
        self.does("credential", "update", "w", "--port", "auto")
        self.assertNotIn("port", self.shown("credential", "w")["secret"]["spec"])

    def test_an_unchecked_certificate_is_said(self):
        _, err = self.does("credential", "add", "--id", "w", *NTLM, "--password-ref", "win_pw", "--skip-cert-check", "yes")
        self.assertIn("the host's certificate is not checked", err)

    def test_moves_keep_the_identifier(self):
        self.does("credential", "add", "--id", "w", *NTLM, "--password-ref", "account.win_pw")
        self.does("credential", "move", "w", "--to", "project:o/p")
        self.assertEqual(self.shown("credential", "w", "--scope", "project:o/p")["secret"]["projectIdentifier"], "p")
        self.refused("secrets.missing", "credential", "show", "w")
        self.refused("secrets.referenced", "secret", "move", "win_pw", "--to", "org:o")

    def test_no_option_takes_a_password(self):
        code, _, err = self.run_it("credential", "add", "--id", "w", *NTLM, "--password", "x")
        self.assertEqual(code, 5, err)
        self.assertIn("invalid", self.refused("secrets.invalid", "credential", "add", "--id", "w", *NTLM, "--password-ref", "pa ss"))


class ApplyTest(WithStore):
    NEEDED = ("win_pw", "krb_pw", "ak", "sk", "kms_arn")

    def setUp(self):
        super().setUp()
        for identifier in self.NEEDED:
            self.add_text(identifier, value="arn:aws:kms:us-east-1:111122223333:alias/x" if identifier == "kms_arn" else VALUE)

    def test_every_form_of_harness_applies_unchanged(self):
        bad = {"secret_text_inline", "secret_text_reference"}
        for file in sorted(HARNESS.glob("*.yaml")):
            value = self.folder / "value"
            value.write_text("x")
            given = {"secret_file": ["account.svc_keytab"], "of_ours": ["account.svc_keytab"]}.get(file.stem, [])
            words = ["apply", "-f", file, *(f"--value={name}={value}" for name in given)]
            with self.subTest(file.stem):
                code, out, err = self.run_it(*words)
                self.assertEqual(code, 5 if file.stem in bad else 0, out + err)
                if file.stem not in bad:
                    again, _ = self.does("apply", "-f", file)
                    self.assertTrue(all(line.endswith(": unchanged") for line in again.splitlines()), again)

    def test_secrets_invalid__inline_secret_text_is_refused_in_harnesss_words(self):
        err = self.refused("secrets.invalid", "apply", "-f", HARNESS / "secret_text_inline.yaml")
        self.assertIn("secret_text_inline.yaml:9: Inline secret text cannot be provided in YAML.", err)
        self.assertNotIn("not to be shown", err)

    def test_what_changed_is_said_field_by_field(self):
        file = self.folder / "f.yaml"
        text = (HARNESS / "winrm_ntlm.yaml").read_text()
        file.write_text(text)
        self.assertEqual(self.does("apply", "-f", file)[0], "secret win_prod of project:default/p1: created\n")
        file.write_text(text.replace("username: svc", "username: adm").replace("port: 5986", "port: 443"))
        would, _ = self.does("apply", "-f", file, "--check")
        self.assertIn("would be updated (spec.auth.spec.username, spec.port)\n", would)
        self.assertIn(": updated (spec.auth.spec.username, spec.port)\n", self.does("apply", "-f", file)[0])
        changes = json.loads(self.does("apply", "-f", file, "--output", "json")[0])["changes"]
        self.assertEqual([one["result"] for one in changes], ["unchanged"])

    def test_one_wrong_document_refuses_all(self):
        file = self.folder / "f.yaml"
        text = (HARNESS / "winrm_ntlm.yaml").read_text()
        file.write_text(text + "---\n" + text.replace("win_prod", "other").replace("account.win_pw", "account.none"))
        before = self.listed("credential")
        self.assertIn("f.yaml:24: spec.auth.spec.password", self.refused("secrets.missing", "apply", "-f", file))
        file.write_text(text + "---\n" + text.replace("win_prod", "other").replace("useSSL", "useSsl"))
        self.refused("secrets.invalid", "apply", "-f", file)
        self.assertEqual(self.listed("credential"), before)

    def test_to_be_told_what_would_change_nobody_needs_a_store(self):
        file = self.folder / "f.yaml"
        file.write_text((HARNESS / "secret_text.yaml").read_text())
        store = self.folder / "none/secrets.db"
        out, _ = self.does("apply", "--check", "-f", file, "--store", store, store=False)
        self.assertIn("secret win_pw of account: would be created", out)
        away = {"XDG_DATA_HOME": str(self.folder / "data")}
        self.does("apply", "--check", "-f", file, environment=away, store=False)
        self.assertFalse((self.folder / "data").exists())
        file.write_text((HARNESS / "winrm_ntlm.yaml").read_text())
        self.refused("secrets.missing", "apply", "--check", "-f", file, "--store", store, store=False)

    def test_a_file_that_is_refused_makes_no_store(self):
        file = self.folder / "f.yaml"
        store = self.folder / "none.db"
        file.write_text((HARNESS / "winrm_ntlm.yaml").read_text())
        self.refused("secrets.missing", "apply", "-f", file, "--store", store, store=False)
        file.write_text((HARNESS / "secret_text.yaml").read_text())
        self.refused("usage.password_missing", "apply", "-f", file, "--store", store, store=False)
        self.assertEqual([one.name for one in self.folder.glob("none.db*")], [])
        value = self.folder / "value"
        value.write_text("x")
        self.does("apply", "-f", file, "--value", f"account.win_pw={value}", "--store", store, store=False)
        self.assertTrue(store.exists())

    def test_a_new_secret_needs_its_value_and_an_old_one_keeps_it(self):
        file = self.folder / "f.yaml"
        file.write_text((HARNESS / "secret_text.yaml").read_text().replace("win_pw", "fresh"))
        self.assertIn("--value", self.refused("usage.password_missing", "apply", "-f", file))
        value = self.folder / "value"
        value.write_text(VALUE + "\n")
        self.does("apply", "-f", file, "--value", f"account.fresh={value}")
        self.assertIn("unchanged", self.does("apply", "-f", file)[0])
        self.assertIn("updated (value)", self.does("apply", "-f", file, "--value", f"fresh={value}")[0])
        self.assertEqual(self.shown("secret", "fresh")["version"], 2)
        self.refused("usage.invalid", "apply", "-f", file, "--value", f"account.another={value}")

    def test_what_is_shown_as_yaml_applies(self):
        for name in ("winrm_ntlm", "winrm_kerberos_password", "pdc"):
            self.does("apply", "-f", HARNESS / f"{name}.yaml")
        for noun in ("credential", "connector"):
            text, _ = self.does(noun, "list", "--output", "yaml")
            again, _ = self.does("apply", "-f", "-", stdin=text.encode())
            self.assertTrue(all(line.endswith(": unchanged") for line in again.splitlines()), again)

    def test_secrets_cycle__a_manager_cannot_keep_its_own_credentials(self):
        self.does("apply", "-f", HARNESS / "awskms_access_key.yaml")
        file = self.folder / "f.yaml"
        file.write_text("secret: {type: SecretText, name: ak, spec: {secretManagerIdentifier: kms}}\n")
        self.refused("secrets.cycle", "apply", "-f", file)
        self.refused("secrets.cycle", "secret", "update", "ak", "--manager", "kms")


class KmsTest(WithStore):
    def test_a_value_is_sealed_under_a_key_of_aws(self):
        aws = self.enterContext(FakeAws())
        access_key, secret_key = aws.user()
        self.add_text("ak", value=access_key)
        self.add_text("sk", value=secret_key)
        self.does("connector", "add", "--type", "aws-kms", "--id", "kms", "--credential-type", "access-key", "--access-key-ref", "ak",
                  "--secret-key-ref", "sk", "--kms-arn", aws.key(), "--region", REGION, "--endpoint", aws.url, "--sts-endpoint", aws.url,
                  "--selector", "site-a")
        self.refused("usage.unsupported", "secret", "add", "--id", "pw", "--manager", "kms", "--value-stdin", stdin=VALUE.encode())
        self.add_text("pw", "--manager", "kms", "--delegate-tag", "site-a")
        self.assertEqual(aws.asked.get("GenerateDataKey"), 1, aws.asked)
        self.refused("secrets.referenced", "connector", "delete", "kms")


if __name__ == "__main__":
    unittest.main()
