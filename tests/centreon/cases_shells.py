"""sessions, updates, pending-reboot: commands in a shell. Debian's Centreon has no certificates yet."""
from tests.centreon.case_makers import *  # noqa: F403

DENIED = {"text": "Access is denied. "}


def shell_faults(mode, maker=one):
    return [
        maker(mode, "create-refused", faults=({"step": "create", **DENIED},), differs=FAULT), maker(mode, "command-refused", faults=({"step": "command", **DENIED},), differs=FAULT),
        maker(mode, "receive-refused", faults=({"step": "receive", **DENIED},), differs=FAULT), maker(mode, "no-answer", faults=({"step": "connect", "do": "drop"},), differs=FAULT),
        maker(mode, "errors-exit", "--wsman-errors-exit=warning", faults=({"step": "create", **DENIED},), differs=FAULT),
    ]


LATER = ("server2022", ("server2022", "server2022-later"))
LATER16 = ("server2016", ("server2016", "server2016-sessions-later"))


def sessions(name, *argv, on=LATER, **rest):
    return some("sessions", name, *argv, on=on, **rest)


SESSIONS = [
    sessions("first"), sessions("verbose", "--verbose"), sessions("one", "--verbose", on=LATER16),
    sessions("created", "--warning-sessions-created=5", "--critical-sessions-created=10"), sessions("created-critical", "--critical-sessions-created=0"),
    sessions("active", "--warning-sessions-active=1:", "--critical-sessions-active=@0", "--verbose"), sessions("active-warning", "--warning-sessions-active=1"),
    sessions("disconnected", "--warning-sessions-disconnected=@0", "--critical-sessions-disconnected-current=0"), sessions("reconnected", "--warning-sessions-reconnected=0"),
    sessions("two", "--warning-sessions-created=5", "--critical-sessions-reconnected=0", "--verbose"), sessions("wrong", "--warning-sessions-created=x"),
    sessions("long-name", "--warning-sessions-created-total-count=5", differs=NAME_AGAIN), sessions("long-name-new", "--warning-sessions-created-total-count=5", "--use-new-perfdata"),
    sessions("rebooted", "--verbose", on=("server2022", ("server2022", "server2022-rebooted"))),
    sessions("filter", "--filter-sessionname=rdp", "--verbose"), sessions("filter-debug", "--filter-sessionname=rdp", "--debug"), sessions("filter-none", "--filter-sessionname=^x$", "--verbose"),
    sessions("debug-stream", "--filter-sessionname=rdp", "--debug-stream", "--verbose"), sessions("command-debug", "--command=qwinsta", "--debug"),
    sessions("filter-bad", "--filter-sessionname=(", differs=PERL),
    sessions("language-fr", "--language=fr", "--verbose", on=("server2012r2", "server2012r2"), differs=SHELL_TEXT), sessions("language-wrong", on=("server2012r2",)),
    sessions("language-none", "--language=xx"), sessions("config-missing", "--config=/nonexistent.xml"), sessions("config-empty", "--config="),
    sessions("command", "--command=query.exe", "--command-options=session", "--verbose", on=("shells-pieces", "shells-pieces")),
    sessions("command-path", "--command-path=C:/tools/", "--verbose", on=("shells-pieces",)), sessions("command-unknown", "--command=nothing"),
    sessions("timeout", "--timeout=1"), sessions("no-users", on=("shells-odd",)),
    sessions("filter-counters", "--filter-counters=active", "--verbose"), sessions("filter-counters-diff", "--filter-counters=created"), sessions("filter-counters-none", "--filter-counters=none"),
    *outputs("sessions", "--warning-sessions-active=1", maker=some, on=LATER),
    *shell_faults("sessions"),
]


def updates(name, *argv, **rest):
    return one("updates", name, *argv, **rest)


UPDATES = [
    updates("plain"), updates("verbose", "--verbose"), updates("display", "--display-updates", "--verbose"), updates("display-quiet", "--display-updates"), updates("none", "--display-updates", "--verbose", on="server2016"),
    updates("warning", "--warning-pending-updates=0", "--critical-pending-updates=5"), updates("critical", "--critical-pending-updates=2", "--display-updates", "--verbose"),
    updates("name-of-the-help", "--warning-updates=0"), updates("long-name", "--warning-windows-pending-updates-count=0", differs=NAME_AGAIN), updates("unknown", "--unknown-pending-updates=0"),
    updates("wrong", "--warning-pending-updates=x"), updates("wrong-new", "--warning-pending-updates=x", "--use-new-perfdata"),
    updates("filter-title", "--filter-title=KB5053603", "--display-updates", "--verbose"), updates("filter-title-none", "--filter-title=KB0"), updates("filter-title-bad", "--filter-title=(", differs=PERL),
    updates("exclude-title", "--exclude-title=KB|Intel", "--display-updates", "--verbose"), updates("exclude-some", "--exclude-title=Malicious", "--display-updates", "--verbose"),
    updates("mandatory", "--filter-mandatory=yes", "--display-updates", "--verbose"), updates("not-mandatory", "--filter-mandatory=^no$", "--display-updates", "--verbose"), updates("mandatory-true", "--filter-mandatory=true"),
    updates("pieces", "--display-updates", "--verbose", on="shells-pieces"), updates("denied", on="shells-odd", differs=PERL), updates("not-json", on="server2012r2", differs=PERL),
    updates("accents", "--display-updates", "--verbose", on="shells-accents"), updates("accents-one", "--filter-title=jour", "--display-updates", "--verbose", on="shells-accents", differs=LATIN),
    updates("exec-only", "--ps-exec-only"), updates("exec-only-none", "--ps-exec-only", on="server2016"), updates("no-answer-text", on="nothing", differs=PERL),
    *outputs("updates", "--warning-pending-updates=0", "--display-updates"),
    *shell_faults("updates"),
]


def reboot(name, *argv, **rest):
    return one("pending-reboot", name, *argv, **rest)


WARN, CRIT = "--warning-status=%{RebootPending} =~ /true/i", "--critical-status=%{WindowsUpdate} eq 'true' and %{CBServicing} ne 'false'"
REBOOT = [
    reboot("plain"), reboot("verbose", "--verbose"), reboot("none", "--verbose", on="server2016"), reboot("all", on="server2012r2"),
    reboot("warning", WARN), reboot("warning-none", WARN, on="server2016"), reboot("critical", WARN, CRIT), reboot("critical-all", WARN, CRIT, on="server2012r2"),
    reboot("unknown", "--unknown-status=%{CCMClientSDK} eq '-'"), reboot("unknown-and-warning", "--unknown-status=%{CCMClientSDK} eq '-'", WARN),
    reboot("not", "--warning-status=not %{PendFileRename} eq 'true'"), reboot("or", "--warning-status=%{PendFileRename} eq 'true' or %{RebootPending} eq 'true'"),
    reboot("not-match", "--critical-status=%{WindowsVersion} !~ /2022/"), reboot("match-version", "--critical-status=%{WindowsVersion} =~ /Server 2022/"), reboot("parentheses", "--warning-status=(1 == 1) && %{CBServicing} =~ /^f/"),
    reboot("always", "--warning-status=1"), reboot("never", "--warning-status=0"), reboot("empty", "--warning-status="), reboot("unknown-variable", "--warning-status=%{Nothing} eq ''"),
    reboot("bad-expression", "--warning-status=%{RebootPending} eq", differs=PERL), reboot("unsafe", "--warning-status=system('true')", differs=PERL),
    reboot("pieces", "--verbose", on="shells-pieces"), reboot("pieces-warning", WARN, on="shells-pieces"), reboot("not-json", on="shells-odd", differs=PERL), reboot("nothing", on="nothing", differs=PERL),
    reboot("accents", on="shells-accents", differs=LATIN),
    reboot("exec-only", "--ps-exec-only"), reboot("filter-counters", "--filter-counters=status", WARN), reboot("filter-counters-none", "--filter-counters=x"),
    *outputs("pending-reboot", WARN),
    *shell_faults("pending-reboot"),
]
CERTIFICATES = [one("certificates", "not-there", differs="Centreon's version of Debian 12 is older than this mode")]
CASES = SESSIONS + UPDATES + REBOOT + CERTIFICATES
