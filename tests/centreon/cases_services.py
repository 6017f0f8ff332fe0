"""services, processes, eventlog."""
from tests.centreon.case_makers import *  # noqa: F403

CANCELLED = ({"step": "pull", "nth": 1, "text": "The operation was cancelled. "},)


def services(name, *argv, **rest):
    return one("services", name, *argv, **rest)


SERVICES = [
    services("nothing-asked"), services("auto", "--auto"), services("auto-verbose", "--auto", "--verbose"), services("auto-warning", "--auto", "--warning"),
    services("auto-critical", "--auto", "--critical"), services("auto-both", "--auto", "--warning", "--critical"), services("auto-warning-word", "--auto", "--warning", "80"),
    services("auto-ok", "--auto", on="server2016"), services("auto-ok-verbose", "--auto", "--verbose", on="server2016"), services("auto-accents", "--auto", "--verbose", on="server2012r2"),
    services("auto-names", "--auto", "--verbose", on="quirks"), services("auto-exclude", "--auto", "--exclude=BITS|edge", "--verbose"), services("auto-exclude-all", "--auto", "--exclude=.", "--verbose"),
    services("auto-exclude-dollar", "--auto", r"--exclude=^MSSQL\$", "--verbose"), services("auto-exclude-case", "--auto", "--exclude=bits"), services("auto-exclude-empty", "--auto", "--exclude="),
    services("auto-exclude-bad", "--auto", "--exclude=(", differs=PERL),
    services("auto-empty", "--auto", on="empty"), services("auto-empty-verbose", "--auto", "--verbose", on="empty"),
    services("auto-nulls", "--auto", "--verbose", on="nulls"), services("auto-many", "--auto", "--verbose", on="many"), services("auto-pulls", "--auto", on="many", batch=6),
    services("auto-fault-second-pull", "--auto", on="many", batch=10, faults=CANCELLED, differs=PULL), services("auto-opt-exit", "--opt-exit=critical"),
    services("one", "--services=WinRM"), services("one-verbose", "--services=WinRM", "--verbose"), services("one-stopped", "--services=BITS"), services("one-stopped-warning", "--services=BITS", "--warning"),
    services("several", "--services=WinRM,W32Time,Dnscache", "--verbose"), services("several-alerts", "--services=WinRM,BITS,Spooler", "--verbose"), services("order", "--services=wuauserv,AppIDSvc,BITS"),
    services("not-found", "--services=Nothing"), services("not-found-and-stopped", "--services=Nothing,BITS", "--verbose"), services("not-found-and-warning", "--services=Nothing,BITS", "--warning"),
    services("not-found-all", "--services=a1,b2", on="empty"), services("case", "--services=winrm"), services("twice", "--services=BITS,BITS=running", "--verbose"),
    services("is-not", "--services=BITS!=stopped"), services("is-not-alert", "--services=WinRM!=stopped"), services("is", "--services=BITS=stopped"), services("is-no-alert", "--services=WinRM=stopped"),
    services("is-capital", "--services=BITS=STOPPED"), services("is-two-words", "--services=Spooler=stop pending,wuauserv=start pending"), services("is-paused", "--services=MSSQL$APP=paused"),
    services("rules-mixed", "--services=WinRM!=running,BITS=stopped,Spooler", "--verbose"), services("empty-state", "--services=BITS=", "--verbose"),
    services("wrong-state", "--services=BITS=gone"), services("wrong-operator", "--services=BITS!stopped"), services("wrong-operator-equals", "--services=BITS==stopped"),
    services("empty-rule", "--services=BITS,,WinRM"), services("empty-name", "--services==stopped"), services("empty", "--services="), services("comma", "--services=,"),
    services("blanks", "--services= BITS , WinRM ", "--verbose"), services("with-auto", "--auto", "--services=WinRM", "--verbose"), services("exclude-unused", "--services=BITS", "--exclude=BITS"),
    services("name-with-blank", "--services=a b", "--verbose", on="quirks"), services("name-with-letters", "--services=Zoë=paused", "--verbose", on="quirks"),
    services("name-with-quote", "--services=it's", on="quirks", differs=ESCAPES), services("injected", "--services=x' Or Name Like '%", on="server2022"),
    services("threshold-word", "--auto", "--warning=80"), services("threshold-off", "--auto", "--critical=0", "--warning"),
    services("no-statefile", "--auto", "--statefile-dir=/tmp"), services("no-counters", "--auto", "--filter-counters=x"),
    *outputs("services", "--services=WinRM,BITS,Nothing"),
    *outputs("services", "--auto", name="ok-", on="server2016"),
    *faults_of("services", "--auto"),
]


def processes(name, *argv, **rest):
    return one("processes", name, *argv, **rest)


PROCESSES = [
    processes("plain"), processes("verbose", "--verbose"), processes("states", "--verbose", on="server2016"), processes("accents", "--verbose", on="server2012r2"),
    processes("names", "--verbose", on="quirks"),
    processes("warning", "--warning=5", "--critical=10"), processes("critical", "--warning=5", "--critical=6"), processes("at-least-one", "--critical=1:"), processes("inside", "--warning=@7"),
    processes("wrong-warning", "--warning=x"), processes("wrong-critical", "--critical=1e3"), processes("wrong-both", "--warning=x", "--critical=y"), processes("fraction", "--warning=6.5", "--critical=7.5:"),
    processes("name", "--process-name=svchost.exe", "--verbose"), processes("name-none", "--process-name=gone.exe"), processes("name-none-critical", "--process-name=gone.exe", "--critical=1:"),
    processes("name-empty", "--process-name="), processes("name-accents", "--process-name=été d'Ann.exe", "--verbose", on="server2012r2"),
    processes("like", "--process-name=s%", "--regexp-name", "--verbose"), processes("like-one", "--process-name=a_b.exe", "--regexp-name", "--verbose", on="quirks"),
    processes("like-escaped", "--process-name=a[_]b.exe", "--regexp-name", "--verbose", on="quirks"), processes("like-set", "--process-name=[f-s]%host.exe", "--regexp-name", "--verbose"),
    processes("like-not-set", "--process-name=[^s]%", "--regexp-name", "--verbose"), processes("like-regex", "--process-name=^svc.*", "--regexp-name"), processes("like-alone", "--regexp-name"),
    processes("name-with-quote", '--process-name=a"b', differs=ESCAPES), processes("status", "--process-status=blocked", "--verbose", on="server2016"),
    processes("status-wrong", "--process-status=what"),
    processes("empty", on="empty"), processes("empty-critical", "--critical=1:", on="empty"), processes("nulls", "--verbose", on="nulls"),
    processes("pulls", "--verbose", on="many", batch=10), processes("fault-second-pull", on="many", batch=10, faults=CANCELLED, differs=PULL),
    processes("debug-stream", "--debug-stream"), processes("debug-stream-verbose", "--debug-stream", "--verbose", "--change-long-output=Process~P~g"),
    processes("no-unknown", "--unknown=1"),
    *outputs("processes", "--warning=5"),
    *faults_of("processes"),
]


def eventlog(name, *argv, **rest):
    return one("eventlog", name, *argv, **rest)


EVENTLOG = [
    eventlog("plain"), eventlog("verbose", "--verbose"), eventlog("security", "--verbose", on="server2016"), eventlog("names", "--verbose", on="quirks"),
    eventlog("timeframe", "--timeframe=5", "--verbose"), eventlog("timeframe-zero", "--timeframe=0"), eventlog("timeframe-empty", "--timeframe=", differs=NO_NUMBER), eventlog("timeframe-word", "--timeframe=day", differs=NO_NUMBER),
    eventlog("timeframe-fraction", "--timeframe=0.5"), eventlog("timeframe-small", "--timeframe=0.2475", "--verbose"), eventlog("timeframe-many", "--timeframe=48.75"), eventlog("edge", now="2026-03-10T12:45:11Z"), eventlog("edge-just-past", now="2026-03-10T12:45:12Z"),
    eventlog("warning", "--warning-events=2", "--critical-events=5"), eventlog("critical", "--critical-events=0", "--verbose"), eventlog("at-least", "--critical-events=10:"),
    eventlog("long-name", "--warning-events-total-count=2"), eventlog("unknown", "--unknown-events=0"), eventlog("wrong", "--warning-events=x"),
    eventlog("eventid", "--filter-eventid=7036", "--verbose"), eventlog("eventid-none", "--filter-eventid=1"), eventlog("eventid-word", "--filter-eventid=abc", differs=FAULT), eventlog("eventid-empty", "--filter-eventid="),
    eventlog("source", "--filter-source=Service Control Manager", "--verbose"), eventlog("source-case", "--filter-source=service control manager"), eventlog("source-none", "--filter-source=x"),
    eventlog("source-quote", "--filter-source=it's", on="quirks", differs=ESCAPES), eventlog("logfile", "--filter-logfile=Application", "--verbose"), eventlog("logfile-none", "--filter-logfile=Security"),
    *(eventlog(f"type-{kind}", f"--filter-type={kind}", "--timeframe=24", "--verbose")
      for kind in ("information", "error", "warning", "critical", "verbose")),
    eventlog("type-french", "--filter-type=error", on="server2012r2"), eventlog("type-wrong", "--filter-type=Fehler"), eventlog("type-capital", "--filter-type=Error"), eventlog("type-empty", "--filter-type="),
    eventlog("all-filters", "--filter-eventid=7000", "--filter-source=Service Control Manager", "--filter-type=error", "--filter-logfile=System", "--timeframe=2", "--verbose"),
    eventlog("whole-second", on="server2008r2", differs=WHOLE_SECOND), eventlog("whole-second-among", "--verbose", on="server2012r2", differs=WHOLE_SECOND),
    eventlog("empty", on="empty"), eventlog("empty-verbose", "--verbose", on="empty"), eventlog("nulls", "--verbose", on="nulls"),
    eventlog("pulls", "--timeframe=24", "--verbose", batch=1), eventlog("fault-second-pull", "--timeframe=24", batch=1, faults=CANCELLED, differs=PULL),
    *outputs("eventlog", "--warning-events=1"),
    *faults_of("eventlog"),
]
CASES = SERVICES + PROCESSES + EVENTLOG
