"""Runs a folder of unittest cases: one line a test, what failed at the end, and a summary that tools/run-tests reads."""
import json
import signal
import sys
import time
import unittest

LONGEST = 600  # Seconds. A test that hangs is one failure, and not the end of all that come after it.


class Hangs(BaseException):
    """Not an Exception: whatever the test catches while it waits, it is not this."""


def give_up(*_):
    signal.setitimer(signal.ITIMER_REAL, 30)  # Once more, where the clearing up hangs as well.
    raise Hangs(f"not done after {LONGEST} s")


class Result(unittest.TestResult):
    def __init__(self, out, total):
        super().__init__()
        self.out, self.total, self.count, self.passed = out, total, 0, 0

    def startTest(self, test):
        super().startTest(test)
        self.count += 1
        self.began = time.monotonic()
        self.failed_before = len(self.failures) + len(self.errors)
        signal.signal(signal.SIGALRM, give_up)
        signal.setitimer(signal.ITIMER_REAL, LONGEST)

    def stopTest(self, test):
        signal.setitimer(signal.ITIMER_REAL, 0)
        super().stopTest(test)

    def say(self, test, verdict):
        seconds = time.monotonic() - getattr(self, "began", time.monotonic())
        name = test.id() if hasattr(test, "id") else str(test)
        print(f"{self.count:4}/{self.total} {name} ... {verdict} {seconds:.2f} s", file=self.out, flush=True)

    def addSuccess(self, test):
        self.passed += 1
        self.say(test, "passed")

    def addFailure(self, test, problem):
        super().addFailure(test, problem)
        self.say(test, "FAILED")

    def addError(self, test, problem):
        super().addError(test, problem)
        self.say(test, "FAILED")

    def addSubTest(self, test, subtest, problem):
        super().addSubTest(test, subtest, problem)
        if problem:
            self.say(subtest, "FAILED")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.say(test, f"skipped: {reason}")


def flatten(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flatten(item)
        else:
            yield item


def main(folder, arguments, reports=lambda: []):
    """`reports` gives what else went wrong, as (what, text); it is asked when all tests have run."""
    patterns = [word for word in arguments if not word.startswith("-")]
    found = unittest.defaultTestLoader.discover(str(folder), top_level_dir=str(folder.parent.parent))
    tests = [t for t in flatten(found) if not patterns or any(p in t.id() for p in patterns)]
    if not tests:
        print(f"no test matches {patterns}" if patterns else f"no tests in {folder}")
        return 1
    result = Result(sys.stdout, len(tests))
    unittest.TestSuite(tests).run(result)
    problems = result.failures + result.errors
    for test, trace in problems:
        print(f"\nFAILED {test.id() if hasattr(test, 'id') else test}\n{trace}")
    others = reports()
    for what, text in others:
        print(f"\nFAILED sanitizer: {what}\n{text}")
    failed = max(len(problems), result.count - result.passed - len(result.skipped)) + len(others)
    summary = {"passed": result.passed, "failed": failed, "skipped": [[str(t.id()), why] for t, why in result.skipped]}
    print("summary " + json.dumps(summary))
    print(f"{result.passed} passed, {failed} failed, {len(result.skipped)} skipped")
    return 1 if failed else 0
