"""Options that every mode has: what is missing, unknown, wrong, and in which order that is said."""
from tests.centreon.case_makers import *  # noqa: F403

M = "memory"
NO_HOST = ("--wsman-username=monitor", "--wsman-password=secret")


def connection(name, *words, **rest):
    return one(M, f"connection-{name}", connection=words, **rest)


MISSING = [
    one("", "no-mode"),
    one("", "list-mode", "--list-mode", differs=HELP),
    one("nothing-like-it", "unknown-mode"),
    one("", "empty-mode", "--mode="),
    connection("no-hostname", *NO_HOST),
    connection("host", "--host=win.example", "--wsman-username=monitor"),
    connection("nobody", "--hostname=win.example"),
    connection("hostname-apart", "--hostname", "win.example"),
    connection("empty-hostname", "--hostname=", differs="an empty name of a host is taken; ours refuses it"),
    connection("scheme", "--hostname=h", "--wsman-scheme=ftp"),
    connection("https", "--hostname=h", "--wsman-scheme=https"),
    connection("auth", "--hostname=h", "--wsman-auth-method=kerberos"),
    connection("port", "--hostname=h", "--wsman-port=http"),
    connection("port-empty", "--hostname=h", "--wsman-port="),
    connection("two-wrong", "--hostname=h", "--wsman-port=x", "--wsman-auth-method=x", "--wsman-scheme=x"),
    connection("wrong-and-no-host", "--wsman-scheme=x"),
    connection("errors-exit", "--hostname=h", "--wsman-errors-exit=never"),
    connection("errors-exit-capital", "--hostname=h", "--wsman-errors-exit=CRITICAL"),
    *(connection(f"auth-{method}", "--hostname=h", f"--wsman-auth-method={method}") for method in ("basic", "ntlm", "gssnegotiate")),
    connection("auth-noauth", "--hostname=h", "--wsman-auth-method=noauth", differs=STAND_IN),
    *(connection(f"auth-{method}", "--hostname=h", f"--wsman-auth-method={method}", differs=NO_SERVICE) for method in ("digest", "pass")),
]
UNKNOWN = [
    one(M, "unknown-option", "--warnin-usage=1"),
    one(M, "unknown-option-exit", "--warnin-usage=1", "--opt-exit=critical"),
    one(M, "unknown-option-json", "--warnin-usage=1", "--output-json"),
    one(M, "unknown-two", "--one", "--two=2"),
    one(M, "unknown-unchecked", "--warnin-usage=1", "--no-sanity-options"),
    one(M, "unknown-before-host", "--unknown", connection=()),
    one(M, "stray-word", "word"),
    one(M, "stray-words", "one", "two"),
    one(M, "swallowed-word", "--verbose", "word"),
    one(M, "flag-off", "--verbose=0"),
    one(M, "flag-no", "--output-json=0"),
    one(M, "single-dash", "-v"),
    one(M, "value-apart", "--warning-usage-prct", "80"),
    one(M, "value-empty-then-word", "--warning-usage-prct=", "20"),
    one(M, "value-empty", "--warning-usage-prct="),
    one(M, "value-negative-apart", "--warning-usage-prct", "-5:20"),
    one(M, "double-dash", "--"),
]
OPT_EXIT = [
    one(M, "opt-exit-bad", "--opt-exit=fine"),
    *(one(M, f"opt-exit-{status}", f"--opt-exit={status}", connection=()) for status in ("ok", "warning", "CRITICAL", "unknown", "pending")),
    one(M, "opt-exit-no-label", "--output-ignore-label", connection=()),
    one(M, "opt-exit-json", "--output-json", connection=()),
    one(M, "opt-exit-xml", "--output-xml", connection=()),
    one(M, "opt-exit-openmetrics", "--output-openmetrics", connection=()),
    one(M, "opt-exit-not-of-answers", "--opt-exit=ok", on="nothing", differs=FAULT),
    one(M, "version", "--version"),
    one(M, "mode-version-ok", "--mode-version=1.0"),
    one(M, "mode-version-newer", "--mode-version=2.0"),
    one(M, "mode-version-x", "--mode-version=1.x"),
    one(M, "list-counters", "--list-counters", "--verbose"),
    one("cpu", "list-counters", "--list-counters", "--verbose", differs=HASH_ORDER),
    one("services", "list-counters", "--list-counters"),
    one(M, "range-3", "--range-perfdata=3"),
    one(M, "range-empty", "--range-perfdata=", "--warning-usage-prct=80"),
    one(M, "explode-bad", "--explode-perfdata-max=used"),
    one(M, "disco-format", "--disco-format"),
    one(M, "disco-show", "--disco-show", "--output-json"),
]

# ---- thresholds, on one counter of percents: 34.20 ----

def threshold(name, text, **rest):
    return one(M, f"threshold-{name}", f"--warning-usage-prct={text}", **rest)


GRAMMAR = {
    "to": "80", "to-under": "20", "to-equal": "34.20", "from": "10:", "from-over": "40:", "up-to": "~:80", "up-to-under": "~:5", "never": "~:", "between": "10:40",
    "between-outside": "40:50", "inside": "@10:40", "inside-outside": "@40:50", "inside-to": "@80", "inside-from": "@10:", "inside-up-to": "@~:80", "at-alone": "@", "colon": ":",
    "colon-to": ":80", "reversed": "50:10", "reversed-inside": "@50:10", "negative": "-10:-5", "plus": "+10:+40", "plus-to": "+80", "comma": "10,5:40,5", "fraction": "34.2:34.3",
    "fraction-under": "34.1", "zero": "0", "zero-from": "0:", "zeros": "0:0", "leading-zeros": "007:0080", "trailing-zeros": "80.500", "blanks": "  80  ", "tab": "\t80",
    "unit-k": "1KB", "unit-kb": "1Kb:2Kb", "unit-g-start": "1GB:", "unit-e": "1EB", "unit-fraction": "1.5KB", "unit-comma": "1,5KB", "unit-negative": "-1KB:80", "unit-p": "1Pb", "unit-t": "@0:1TB",
    "unit-half-e": "0.5EB", "unit-e-bits": "1Eb", "unit-p-large": "1023PB", "unit-comma-both": "@1,5Kb:2,25TB",
    "large": "99999999999999999999", "precise": "34.123456789:40", "long-fraction": "34.2000000001", "infinity-at": "@~:",
}
WRONG = {"word": "abc", "exponent": "1e3", "hex": "0x10", "minus-minus": "--1", "two-colons": "1:2:3", "blank-inside": "10 :40", "percent": "80%", "small-unit": "1kb", "bare-unit": "1K", "two-ats": "@@1",
         "at-behind": "1:@2", "tilde-end": "1:~", "point": ".5", "point-end": "5.", "semicolon": "1;2", "newline-inside": "1\n2", "infinite": "inf", "nan": "nan"}
# What the order is: critical, warning, unknown; and which name a threshold has.
THRESHOLDS = [
    *(threshold(name, text) for name, text in GRAMMAR.items()),
    *(threshold(f"wrong-{name}", text) for name, text in WRONG.items()),
    one(M, "threshold-wrong-critical", "--critical-usage-prct=x"),
    one(M, "threshold-wrong-unknown", "--unknown-usage-prct=x"),
    one(M, "threshold-wrong-all", "--critical-usage=x", "--warning-usage=y", "--unknown-usage=z", "--warning-usage-free=a"),
    one(M, "threshold-order", "--critical-usage-prct=10", "--warning-usage-prct=10", "--unknown-usage-prct=10"),
    one(M, "threshold-unknown", "--unknown-usage-prct=10", "--warning-usage-prct=80"),
    one(M, "threshold-unknown-over-warning", "--unknown-usage=1GB", "--warning-usage-prct=10"),
    one(M, "threshold-critical-over-unknown", "--unknown-usage=1GB", "--critical-usage-prct=10", "--verbose"),
    one(M, "threshold-long-name", "--warning-memory-usage-percentage=10"),
    one(M, "threshold-both-names", "--warning-memory-usage-percentage=10", "--warning-usage-prct=80"),
    one(M, "threshold-both-names-other-way", "--warning-usage-prct=80", "--warning-memory-usage-percentage=10"),
    one(M, "threshold-twice", "--warning-usage-prct=10", "--warning-usage-prct=80"),
    one(M, "threshold-dots-kept", "--warning-memory.usage.percentage=10", differs=NAME_REGEX),
    one(M, "option-regex", "--verb.*", differs=NAME_REGEX),
    one(M, "threshold-instance-name", "--warning-instance-memory-usage-percentage=10"),
]

# ---- what is printed ----
CHANGES = [
    *outputs(M, "--warning-usage-prct=80", "--critical-usage=@1:5GB"),
    one(M, "change-exit", "--critical-usage-prct=10", "--change-exit=critical=warning"),
    one(M, "change-exit-unknown", "--change-exit=unknown=ok", connection=()),
    one(M, "change-exit-bad", "--critical-usage-prct=10", "--change-exit=critical=fine"),
    one(M, "change-exit-two", "--critical-usage-prct=10", "--change-exit=ok=critical", "--change-exit=CRITICAL=OK"),
    one(M, "change-short", "--change-short-output=Memory~Mem~"),
    one(M, "change-short-all", "--change-short-output=GB~GiB~g", "--change-short-output=^OK"),
    one(M, "change-short-group", "--change-short-output=used: (\\S+)~[$1]~i"),
    one(M, "filter-counters", "--filter-counters=prct"),
    one(M, "filter-counters-exact", "--filter-counters=^usage$"),
    one(M, "filter-counters-none", "--filter-counters=none"),
    one(M, "filter-counters-empty", "--filter-counters="),
    one(M, "filter-counters-alert", "--filter-counters=prct", "--warning-usage=1GB", "--critical-usage-prct=10"),
    one(M, "filter-block", "--filter-counters-block=memory"),
    one(M, "filter-block-other", "--filter-counters-block=other"),
    one(M, "display-ok", "--display-ok-counters=prct"),
    one(M, "display-ok-all", "--display-ok-counters=.*", "--verbose"),
    one(M, "filter-perfdata-adv", "--filter-perfdata-adv=%(value) > 50 and %(unit) eq 'B'"),
    one(M, "change-perfdata-invert", "--change-perfdata=free,used,invert()", "--warning-usage-free=@0:1GB"),
    one(M, "change-perfdata-percent", "--change-perfdata=bytes,,percent()", "--warning-usage=1GB:4GB"),
    one(M, "change-perfdata-scale", "--change-perfdata=bytes,,scale(GB)", "--warning-usage=1GB:4GB"),
    one(M, "change-perfdata-scale-auto", "--change-perfdata=bytes,,scale(auto)"),
    one(M, "change-perfdata-math", "--change-perfdata=percentage,,math(current*2|1),x", "--warning-usage-prct=10:40"),
    one(M, "change-perfdata-uom", "--change-perfdata=percentage,share,,pc,1,99,50%,90%"),
    one(M, "change-perfdata-eval", "--change-perfdata=usage.percentage,,eval(%(value) = 7)", differs=RUNS_PERL),
    one(M, "change-perfdata-bad-method", "--change-perfdata=percentage,,double()", "--debug"),
    one(M, "extend-perfdata", "--extend-perfdata=free,used_too,invert()"),
    one(M, "extend-perfdata-group-sum", "--extend-perfdata-group=,memory.bytes,sum(bytes),B"),
    one(M, "extend-perfdata-group-min", "--extend-perfdata-group=,least,min(bytes)"),
    one(M, "extend-perfdata-group-max", "--extend-perfdata-group=,most,max(bytes)"),
    one(M, "extend-perfdata-group-average", "--extend-perfdata-group=,mean,average(bytes)"),
    one(M, "debug-stream", "--debug-stream", "--verbose"), one(M, "source-encoding", "--source-encoding=utf-8"),
    one(M, "output-file-nowhere", "--output-file=/nonexistent/file", "--critical-usage-prct=10"),
    one(M, "output-file-refused", "--output-file=/nonexistent/file", "--critical-usage-prct=x"),
    one(M, "global-timeout", "--global-timeout=60"), one(M, "global-timeout-words", "--global-timeout=60 seconds"), one(M, "global-timeout-zero", "--global-timeout=0"),
    one(M, "global-timeout-no-number", "--global-timeout=soon", differs=NO_TIMEOUT),
    one(M, "explode-one", "--explode-perfdata-max=usage.bytes,size", "--explode-perfdata-max=percentage,hundred"),
]
CASES = MISSING + UNKNOWN + OPT_EXIT + THRESHOLDS + CHANGES
