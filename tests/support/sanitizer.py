"""Runs of the tests against a build with sanitizers: every report of every process, of whatever user, is a failure."""
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

PLANTED = """
#include <climits>
#include <cstring>
int main(int, char** words) {
    volatile int most = INT_MAX;
    int* p = new int(1);
    if (!std::strcmp(words[1], "overflow")) return most + 1;
    if (!std::strcmp(words[1], "use")) { delete p; return *static_cast<volatile int*>(p); }
    for (int i = 0; i < 100; ++i) p = new int[100];
    p = nullptr;
    return 0;
}
"""


def is_sanitized(build):
    cache = Path(build) / "CMakeCache.txt"
    return cache.exists() and re.search(r"^MULLION_SANITIZE:\w+=\S", cache.read_text(), re.M) is not None


class Reports:
    """Sends the reports of all processes into one folder. The service's are written by another user, so it is open to all."""

    def __init__(self):
        # Not in /tmp, over which some tests mount a folder of their own (PrivateFolders).
        self.folder = Path(tempfile.mkdtemp(prefix="mullion-sanitizer-", dir="/var/tmp"))
        os.chmod(self.folder, 0o1777)
        where = f"log_path={self.folder}/report:"
        os.environ["ASAN_OPTIONS"] = where + "detect_stack_use_after_return=0:allocator_may_return_null=0"
        os.environ["UBSAN_OPTIONS"] = where + "print_stacktrace=1"
        os.environ["LSAN_OPTIONS"] = f"suppressions={ROOT}/cmake/leaks.supp:print_suppressions=0"

    def take(self):
        """[(what, text)] since the last time."""
        found = []
        for path in sorted(self.folder.iterdir()):
            if not path.name.startswith("report."):
                continue
            text = path.read_text(errors="replace")
            what = re.search(r"(?:ERROR: |runtime error: )(.*)", text)
            found.append((what[1] if what else text[:200], text))
            path.unlink()
        return found

    def close(self):
        found = self.take()
        shutil.rmtree(self.folder, ignore_errors=True)
        return found

    def catch_planted_faults(self):
        """The positive control: a program that does each of what is looked for. Says what was not seen."""
        program = self.folder / "planted"
        source = PLANTED.encode()
        subprocess.run(["clang++-14", "-x", "c++", "-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-o", program, "-"],
                       input=source, check=True, timeout=120)
        missed = []
        for fault, words in {"use": "heap-use-after-free", "overflow": "signed integer overflow", "leak": "detected memory leaks"}.items():
            subprocess.run([program, fault], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
            if not any(words in text for _, text in self.take()):
                missed.append(words)
        return missed
