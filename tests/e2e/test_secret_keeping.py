"""`mullion secret backup|restore|rotate|rewrap`: the store as a whole; and what the log says of it."""
import contextlib
import json
import os
import sqlite3
import unittest

from tests.e2e.test_secrets import VALUE, WithStore


class Keeping(WithStore):
    def setUp(self):
        super().setUp()
        self.add_text("win_pw")
        self.backup = self.folder / "backup"

    def entries(self):
        out, _ = self.does("audit", "export")
        return [json.loads(line)["entry"] for line in out.splitlines()]

    def test_a_backup_comes_back_beside_its_key(self):
        self.does("secret", "backup", "--to", self.backup)
        self.refused("secrets.exists", "secret", "backup", "--to", self.backup)
        self.assertEqual(self.backup.stat().st_mode & 0o7777, 0o600)
        self.assertNotIn(VALUE.encode(), self.backup.read_bytes())
        self.add_text("later")
        self.refused("secrets.exists", "secret", "restore", "--from", self.backup)
        self.does("secret", "restore", "--from", self.backup, "--replace")
        self.assertEqual(len(self.listed()), 1)
        self.store.unlink()
        self.does("secret", "restore", "--from", self.backup)
        self.assertEqual(len(self.listed()), 1)
        self.refused("secrets.store", "secret", "restore", "--from", self.folder / "none", "--replace")
        # Without its key it is worth nothing.
        (self.folder / "secrets.db.key").unlink()
        self.refused("secrets.key", "secret", "list")
        self.assertEqual([e["detail"].split()[0] for e in self.entries() if e["action"] in ("secret backup", "secret restore")],
                         ["backup", "restore", "restore", "restore"])

    def test_keys_are_made_anew_and_wrapped_anew(self):
        _, err = self.does("secret", "rotate")
        self.assertIn("1 keys made anew, 1 values and 1 records", err)
        _, err = self.does("secret", "rewrap")
        self.assertIn("1 keys of scopes wrapped anew", err)
        self.assertEqual((self.folder / "secrets.db.key").read_text().count("\nkey "), 2)
        self.does("secret", "rewrap")
        self.assertEqual((self.folder / "secrets.db.key").read_text().count("\nkey "), 2)
        self.assertEqual(len(self.listed()), 1)
        self.assertEqual(self.run_it("audit", "verify")[0], 0)

    def test_a_log_that_was_emptied_or_put_away_is_found_out_and_another_accepted_on_purpose(self):
        log, away = self.folder / "secrets.db.audit", self.folder / "away"
        self.does("secret", "move", "win_pw", "--to", "org:o")
        log.rename(away)
        err = self.refused("audit.broken", "secret", "rotate")
        self.assertIn("does not have entry", err)
        self.assertIn("mullion audit accept", err)
        self.does("secret", "list")
        log.write_text("rubbish\n" * 1000)
        self.refused("audit.broken", "secret", "rotate")
        away.replace(log)
        self.does("secret", "rotate")
        _, err = self.does("audit", "accept")
        self.assertIn("there is nothing to accept", err)
        log.write_text("")
        self.refused("audit.broken", "secret", "rotate")
        _, err = self.does("audit", "accept")
        self.assertIn("accepted: the store goes on", err)
        self.does("secret", "rotate")
        entry = self.entries()[0]
        self.assertEqual((entry["n"], entry["action"]), (1, "audit accept"))
        self.assertIn("the store knew of entry", entry["detail"])
        self.assertEqual(self.run_it("audit", "verify")[0], 0)

    def test_audit_broken__a_last_line_that_the_store_knows_is_not_one_that_a_crash_cut_short(self):
        log = self.folder / "secrets.db.audit"
        self.does("secret", "move", "win_pw", "--to", "org:o")
        whole = log.read_text()
        entries = len(whole.splitlines())
        out, err = self.does("audit", "verify")
        self.assertEqual(err, "")
        self.assertIn(f"the store knows of entry {entries}, which is there", out)
        self.assertEqual(json.loads(self.does("audit", "verify", "--output", "json")[0])["known_to_store"], entries)
        start = whole.rindex('{"hash"')
        for text in (whole[:start] + "garbled\n", whole[:start], whole[:-20]):
            with self.subTest(text[start:]):
                log.write_text(text)
                for verb in ("verify", "export"):
                    self.assertIn(f"the store knows of entry {entries}", self.refused("audit.broken", "audit", verb))
                # A copy has no store beside it, and what was never committed is as a crash leaves it.
                self.does("audit", "verify", "--log", log, store=False)
                log.write_text(whole + text[start:].replace("\n", ""))
                self.does("audit", "verify")
        log.write_text(whole)
        self.store.chmod(0o644)
        out, err = self.does("audit", "verify")
        self.assertIn("the store could not be asked how far its log goes", err)
        self.assertNotIn("the store knows", out)

    def test_who_looked_at_what_was_changed_by_hand_is_named(self):
        with contextlib.closing(sqlite3.connect(self.store)) as store, store:
            store.execute("UPDATE entity SET name = 'other'")
        self.refused("secrets.tampered", "secret", "list")
        changed = [entry for entry in self.entries() if entry["kind"] == "tampered"]
        self.assertEqual({entry["action"] for entry in changed}, {"look"})
        self.assertRegex(changed[0]["who"], rf"\(uid:{os.getuid()}\)$|^uid:{os.getuid()}$")
        self.assertEqual(changed[0]["who"], self.entries()[0]["who"])

    def test_the_key_is_put_under_a_passphrase(self):
        words = self.folder / "passphrase"
        words.write_text("correct horse\n")
        self.does("secret", "rewrap", "--new-passphrase-file", words)
        self.assertIn("protection argon2id", (self.folder / "secrets.db.key").read_text())
        self.refused("secrets.key", "secret", "list", "--store-passphrase-file", "/dev/null")
        self.does("secret", "list", "--store-passphrase-file", words)
        self.does("secret", "rewrap", "--store-passphrase-file", words, "--no-passphrase")
        self.assertEqual(len(self.listed()), 1)


if __name__ == "__main__":
    unittest.main()
