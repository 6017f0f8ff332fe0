"""cpu, memory, pages, storages, uptime, time: values and percents."""
from tests.centreon.case_makers import *  # noqa: F403

BOTH = ("server2022", ("server2022", "server2022-later"))
BOTH16 = ("server2016", ("server2016", "server2016-later"))
BETWEEN16 = 2361  # As the recorded processor times have it: ours compares the host's clock with its own.


def cpu(name, *argv, on=BOTH, **rest):
    return some("cpu", name, *argv, on=on, **rest)


CPU = [
    cpu("first"), cpu("verbose", "--verbose"),
    cpu("one-core", "--verbose", on=BOTH16, seconds=BETWEEN16),
    cpu("twelve-cores", "--verbose", on=("server2012r2", ("server2012r2", "server2012r2-later")), seconds=300),
    cpu("third-run", "--verbose", on=(*BOTH, ("server2022", "server2022-later")), differs=PERL),
    cpu("average", "--warning-average=20", "--critical-average=40"),
    cpu("average-critical", "--warning-average=10", "--critical-average=20", "--verbose"),
    cpu("average-ok", "--warning-average=80", "--critical-average=90"),
    cpu("core", "--warning-core=40", "--verbose"),
    cpu("core-critical", "--critical-core=@0:1", "--warning-core=~:40"),
    cpu("core-long-name", "--warning-instance-core-cpu-utilization-percentage=40"),
    cpu("average-long-name", "--critical-cpu-utilization-percentage=20"),
    cpu("both", "--warning-average=10", "--critical-core=40"),
    cpu("one-core-alert", "--warning-core=1", "--verbose", on=BOTH16, seconds=BETWEEN16),
    cpu("one-core-both", "--warning-core=1", "--critical-average=1", on=BOTH16, seconds=BETWEEN16),
    cpu("one-core-average-alert", "--critical-average=1", on=BOTH16, seconds=BETWEEN16),
    cpu("filter-average", "--filter-counters=average", "--verbose"),
    cpu("filter-core", "--filter-counters=core", "--verbose"),
    cpu("filter-core-one", "--filter-counters=core", on=BOTH16, seconds=BETWEEN16),
    cpu("filter-none", "--filter-counters=none"),
    cpu("block-average", "--filter-counters-block=avg", "--verbose"),
    cpu("block-core", "--filter-counters-block=core"),
    cpu("wrong-core", "--warning-core=x"),
    cpu("wrong-average", "--critical-average=x"),
    cpu("rebooted", "--verbose", on=("server2022", ("server2022", "server2022-rebooted")), differs=WENT_DOWN),
    cpu("still", "--verbose", on=("server2022", ("server2022", "server2022-still")), differs=PERL),
    cpu("backwards", "--verbose", on=("server2022", ("server2022", "server2022-backwards")), differs=NEGATIVE),
    cpu("hotplug", "--verbose", on=("server2022", ("server2022", "server2022-later", "server2022-hotplug"))),
    cpu("hotplug-gone", "--verbose", on=(("server2022", "server2022-hotplug"), ("server2022", "server2022-later")), differs=PERL),
    cpu("names", "--verbose", on=("quirks", ("quirks", "quirks-later"))),
    cpu("empty", on=("empty",)), cpu("empty-twice", "--verbose", on=("empty", "empty")),
    cpu("nulls", on=("nulls",), differs=NULL), cpu("nulls-twice", on=("nulls", "nulls"), differs=NULL),
    cpu("old", "--verbose", on=("server2008r2", ("server2008r2", "server2008r2-later"))),
    cpu("state-suffix", "--statefile-suffix=x"),
    cpu("state-nowhere", "--statefile-dir=/dev/null/state", on=("server2022",), differs=STATE_FILE),
    cpu("two-pulls", "--verbose", batch=1),
    cpu("fault-second-pull", "--verbose", batch=1, faults=({"step": "pull", "nth": 1, "text": "The operation was cancelled. "},), differs=PULL),
    *outputs("cpu", "--warning-core=40", maker=some, on=BOTH),
    *faults_of("cpu"),
]


def memory(name, *argv, **rest):
    return one("memory", name, *argv, **rest)


MEMORY = [
    memory("plain"), memory("verbose", "--verbose"),
    memory("2016", on="server2016"), memory("full", on="server2012r2"), memory("none-used", on="server2008r2"), memory("three-kilobytes", on="quirks"),
    memory("usage", "--warning-usage=2GB", "--critical-usage=4GB"),
    memory("usage-critical", "--warning-usage=1GB", "--critical-usage=2GB"),
    memory("usage-fraction", "--warning-usage=2147483648.7"),
    memory("free", "--warning-usage-free=6GB:", "--critical-usage-free=1GB:"),
    memory("free-critical", "--critical-usage-free=@0:6GB"),
    memory("prct", "--warning-usage-prct=80", "--critical-usage-prct=90", on="server2016"),
    memory("prct-warning", "--warning-usage-prct=30", "--critical-usage-prct=90", "--verbose"),
    memory("two-alerts", "--warning-usage=1GB", "--warning-usage-prct=10"),
    memory("three-alerts", "--warning-usage=1GB", "--warning-usage-prct=10", "--critical-usage-free=1GB"),
    memory("empty", on="empty"), memory("empty-verbose", "--verbose", on="empty"),
    memory("empty-json", "--output-json", on="empty"),
    memory("nulls", on="nulls", differs=NULL),
    *faults_of("memory"),
]


def pages(name, *argv, **rest):
    return one("pages", name, *argv, **rest)


PAGES = [
    pages("plain"), pages("verbose", "--verbose"), pages("one", "--verbose", on="server2016"), pages("names", "--verbose", on="quirks"),
    pages("none", on="server2012r2"), pages("none-critical", "--opt-exit=critical", on="empty"),
    pages("size-zero", on="server2008r2", differs=PERL), pages("nulls", "--verbose", on="nulls", differs=NULL),
    pages("prct", "--warning-space-usage-prct=80", "--critical-space-usage-prct=90", "--verbose"),
    pages("usage", "--warning-space-usage=100MB", "--critical-space-usage=1GB"),
    pages("free", "--warning-space-usage-free=1GB:", "--critical-space-usage-free=@0:300MB"),
    pages("two-counters", "--warning-space-usage=100MB", "--warning-space-usage-prct=10"),
    pages("two-severities", "--critical-space-usage=1GB", "--warning-space-usage-prct=10"),
    pages("long-name", "--critical-instance-page-space-usage-percentage=90"),
    pages("long-name-free", "--warning-instance-page-space-free-bytes=1GB:"),
    pages("one-alert", "--warning-space-usage-prct=10", "--verbose", on="server2016"),
    pages("wrong", "--warning-space-usage=x"), pages("wrong-prct", "--critical-space-usage-prct=x"),
    pages("filter-counters", "--filter-counters=prct", "--verbose"), pages("filter-counters-one", "--filter-counters=prct", "--verbose", on="server2016"),
    pages("filter-counters-none", "--filter-counters=none", "--verbose"), pages("filter-counters-none-one", "--filter-counters=none", "--verbose", on="server2016"),
    pages("display-ok", "--display-ok-counters=free", "--verbose"),
    *outputs("pages", "--critical-space-usage-prct=90"),
    *faults_of("pages"),
]


def storages(name, *argv, **rest):
    return one("storages", name, *argv, **rest)


STORAGES = [
    storages("plain"), storages("verbose", "--verbose"), storages("one", "--verbose", on="server2016"), storages("accents", "--verbose", on="server2012r2"),
    storages("names", "--verbose", on="quirks"), storages("twelve", "--verbose", on="many"),
    storages("filter-name", "--filter-name=^C:", "--verbose"), storages("filter-name-case", "--filter-name=^c:"), storages("filter-name-none", "--filter-name=^Q:"),
    storages("filter-name-bad", "--filter-name=(", differs=PERL), storages("filter-name-empty", "--filter-name="),
    storages("filter-type", "--filter-type=removable", "--verbose"), storages("filter-type-two", "--filter-type=^(localDisk|removableDisk)$", "--verbose"),
    storages("filter-type-all", "--filter-type=", on="quirks"), storages("filter-type-all-2022", "--filter-type=", differs=PERL),
    storages("filter-type-network", "--filter-type=network|ram", "--verbose", on="quirks"), storages("filter-type-none", "--filter-type=floppy"),
    storages("filter-type-unknown", "--filter-type=unknown", "--verbose", on="nulls"),
    storages("no-capacity", "--verbose", on="server2008r2", differs=PERL), storages("no-capacity-filtered", "--verbose", "--filter-name=C", on="server2008r2"),
    storages("detected", "--warning-detected=5:", "--critical-detected=1:"), storages("detected-critical", "--critical-detected=@3"), storages("detected-shown", "--display-ok-counters=detected"),
    storages("detected-long-name", "--warning-storages-detected-count=1"),
    storages("usage", "--warning-space-usage=10GB", "--critical-space-usage=100GB"), storages("free", "--warning-space-usage-free=20GB:", "--critical-space-usage-free=100MB:"),
    storages("prct", "--warning-space-usage-prct=80", "--critical-space-usage-prct=90", "--verbose"),
    storages("prct-one", "--warning-space-usage-prct=80", "--critical-space-usage-prct=90", "--verbose", on="server2016"),
    storages("prct-exact", "--warning-space-usage-prct=90", on="server2016"),
    storages("two-counters", "--warning-space-usage=10GB", "--critical-space-usage-prct=94", "--verbose"),
    storages("detected-and-space", "--warning-detected=1", "--critical-space-usage-prct=94"),
    storages("long-name", "--critical-instance-storage-space-usage-percentage=90"), storages("long-name-bytes", "--warning-instance-storage-space-usage-bytes=20GB"),
    storages("wrong", "--warning-space-usage-prct=x"), storages("wrong-detected", "--warning-detected=x"),
    storages("filter-counters", "--filter-counters=^space-usage$", "--verbose"), storages("filter-counters-prct", "--filter-counters=prct", "--verbose", on="server2016"),
    storages("filter-counters-detected", "--filter-counters=detected"), storages("block", "--filter-counters-block=global"), storages("block-storages", "--filter-counters-block=storages"),
    storages("empty", on="empty"), storages("empty-critical", "--critical-detected=1:", on="empty"), storages("nulls", "--verbose", on="nulls", differs=NULL),
    storages("pulls", "--verbose", on="many", batch=5),
    storages("fault-third-pull", on="many", batch=5, faults=({"step": "pull", "nth": 2, "text": "The operation was cancelled. "},), differs=PULL),
    *outputs("storages", "--critical-space-usage-prct=94"),
    *faults_of("storages"),
]


def uptime(name, *argv, **rest):
    return one("uptime", name, *argv, **rest)


UPTIME = [
    uptime("plain"), uptime("verbose", "--verbose"), uptime("minutes", on="server2016"), uptime("over-a-year", on="server2012r2"),
    *(uptime(f"unit-{unit}", f"--unit={unit}", f"--warning-uptime=2:") for unit in ("s", "m", "h", "d", "w")),
    uptime("unit-wrong", "--unit=y"), uptime("unit-empty", "--unit="), uptime("unit-capital", "--unit=D"),
    uptime("warning", "--warning-uptime=@0:3600", "--critical-uptime=@0:1800", on="server2016"), uptime("critical", "--unit=d", "--critical-uptime=8"),
    uptime("unknown", "--unknown-uptime=@0:600", on="server2016"), uptime("wrong", "--warning-uptime=x"),
    uptime("long-name", "--warning-system-uptime-seconds=1"),
    uptime("empty", on="empty"), uptime("nulls", on="nulls", differs=NULL),
    *outputs("uptime", "--warning-uptime=10:"),
    *faults_of("uptime"),
]


def clock(name, *argv, **rest):
    return one("time", name, *argv, **rest)


TIME = [
    clock("plain"), clock("verbose", "--verbose"), clock("behind", on="server2016"), clock("day-behind", on="server2012r2"), clock("midnight", now="2026-03-10T12:00:03Z"),
    clock("warning", "--warning-offset=-1:1", "--critical-offset=-10:10"), clock("critical", "--critical-offset=-2:2", "--warning-offset=-1:1", "--verbose"),
    clock("critical-behind", "--critical-offset=-2:2", on="server2016"), clock("long-name", "--warning-time-offset-seconds=-1:1"), clock("wrong", "--warning-offset=x"),
    clock("zone", "--timezone=Europe/Paris", differs=ZONE), clock("zone-colon", "--timezone=:Europe/Paris", differs=ZONE), clock("zone-utc", "--timezone=UTC"),
    clock("zone-wrong", "--timezone=Nowhere/Town", differs=ZONE), clock("zone-empty", "--timezone="),
    clock("ntp", "--ntp-hostname=ntp.example", ntp=1773143990), clock("ntp-port", "--ntp-hostname=ntp.example", "--ntp-port=1123", ntp=1773144003),
    clock("ntp-silent", "--ntp-hostname=ntp.example"), clock("ntp-empty", "--ntp-hostname=", ntp=1),
    clock("empty", on="empty", differs=PERL), clock("nulls", on="nulls", differs=NULL),
    *outputs("time", "--warning-offset=-1:1"),
    *faults_of("time"),
]
CASES = CPU + MEMORY + PAGES + STORAGES + UPTIME + TIME
