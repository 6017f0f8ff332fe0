"""Our inventories against Ansible's: 300 generated ones, their hosts' variables with their types, and what patterns select, in order.

On a mismatch the inventory is kept in build/test-logs/oracle-SEED and the two commands to run are printed. MULLION_ORACLE_SEEDS=17 or
=0:5000 asks for other inventories than the first 300. What differs on purpose is DIFFERENCES in inventory_differences.py.
"""
import json
import os
import shutil
import tempfile
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.peers.ansible_oracle import Ansible
from tests.peers.inventory_compare import Checker, plain, same
from tests.peers.inventory_generator import Generator, secrets_to_vault
from tests.support.service import LOGS

WORKERS = 2


def seeds():
    first, _, last = os.environ.get("MULLION_ORACLE_SEEDS", "0:300").partition(":")
    return range(int(first), int(last or int(first) + 1))


class Oracle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="mullion-oracle-")))
        cls.ansible = [cls.enterClassContext(Ansible()) for _ in range(WORKERS)]
        rows = list(secrets_to_vault())
        armours = cls.ansible[0].encrypt(rows)
        cls.armours = [(row[2], row[0], armour) for row, armour in zip(rows, armours)]

    def case(self, seed, folder="case"):
        where = self.folder / f"{folder}-{seed}"
        where.mkdir()
        generator = Generator(seed, where, self.armours)
        generator.make()
        return generator

    def check(self, seed, worker):
        """Problems with one seed, and what it was made of."""
        generator = self.case(seed)
        checker = Checker(self.ansible[worker], generator, self.armours)
        problems = checker.run()
        if problems:
            kept = LOGS / f"oracle-{seed}"
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(generator.case.folder, kept)
            problems = [problem.replace(str(generator.case.folder), str(kept)) for problem in problems]
        shutil.rmtree(generator.case.folder)
        return problems, checker.counts + generator.case.features

    def test_generated_inventories(self):
        counts, problems = Counter(), []
        asked = seeds()
        with ThreadPoolExecutor(WORKERS) as pool:
            lanes = pool.map(lambda worker: [self.check(seed, worker) for seed in asked[worker::WORKERS]], range(WORKERS))
            for found, features in (row for lane in lanes for row in lane):
                problems += found
                counts += features
        self.assertEqual(problems, [], f"{len(problems)} differences:\n" + "\n".join(problems[:12]))
        if len(asked) == 300:
            self.assertGreater(counts["hosts compared"], 600)
            self.assertGreater(counts["patterns compared"], 1000)
            self.assertLess(counts["Ansible has no answer"], 20)

    def test_every_feature_is_met(self):
        """An oracle that is never asked about a feature says nothing about it."""
        counts = Counter()
        for seed in range(300):
            generator = self.case(seed, "variety")
            counts += generator.case.features
            shutil.rmtree(generator.case.folder)
        rare = {feature: counts[feature] for feature in FEATURES if counts[feature] < 15}
        self.assertEqual(rare, {})

    def test_a_changed_answer_is_caught(self):
        """Positive control: what the comparison is for, planted."""
        self.assertTrue(same({"a": [1, "x", None]}, {"a": [1, "x", None]}))
        for one, other in ((1, True), (1, 1.0), ("1", 1), (None, ""), ([1], [1, 2]), ({"a": 1}, {"a": 1, "b": 2}), (0.0, -0.0), ("a", "a ")):
            self.assertFalse(same(one, other), (one, other))
        planted = []
        for seed in range(5):
            generator = self.case(seed, "planted")
            checker = Checker(self.ansible[0], generator, self.armours)
            checker.salts = 3  # None of Ansible's orders is looked for.
            checker.alter_variables = lambda variables: {**variables, "planted": 1}
            checker.alter_hosts = lambda hosts: hosts[::-1] if len(hosts) > 1 else hosts + ["planted"]
            planted += checker.run()
        self.assertTrue(any("planted" in problem and "variables of" in problem for problem in planted), planted)
        self.assertTrue(any("hosts of" in problem for problem in planted), planted)


FEATURES = """\
INI file|YAML file|YAML without extension|directory|several -i|host list|ignored file|group_vars|host_vars|vars file ''|vars file '.yml'|vars file '.yaml'
vars file '.json'|vars directory|vaulted file|vaulted value|vault 1.1|vault 1.2|range|port|IPv6 host|host beyond ASCII|INI [group:children]|INI [group:vars]
INI hosts before any section|INI sections in any order|INI section twice|INI comment|INI random literal|CRLF|ansible_group_priority|YAML children
YAML all: at the top|YAML empty group|YAML hosts as a string|YAML anchor|YAML alias|YAML merge|YAML merge of all vars|YAML random scalar|!unsafe|JSON vars
empty vars file|-e KEY=VALUE|-e @FILE|-e map""".replace("\n", "|").split("|")

if __name__ == "__main__":
    unittest.main()
