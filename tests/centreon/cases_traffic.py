"""interfaces, list-interfaces, list-storages."""
from tests.centreon.case_makers import *  # noqa: F403

BOTH = ("server2022", ("server2022", "server2022-later"))
ONE = ("server2016", ("server2016", "server2016-later"))
SEVERAL = ("server2012r2", ("server2012r2", "server2012r2-later"))
OLD = ("server2008r2", ("server2008r2", "server2008r2-later"))
ODD = ("quirks", ("quirks", "quirks-later"))


def nic(name, *argv, on=BOTH, **rest):
    return some("interfaces", name, *argv, on=on, **rest)


UNITS = [
    *(nic(f"traffic-{unit}", f"--units-traffic={unit}", "--warning-in-traffic=0:10", "--critical-out-traffic=1:", "--verbose") for unit in ("percent", "percent_delta", "%", "bps", "counter")),
    *(nic(f"traffic-{unit}-one", f"--units-traffic={unit}", "--warning-in-traffic=0:10", "--critical-out-traffic=1:", "--verbose", on=ONE) for unit in ("percent", "percent_delta", "bps", "counter")),
    *(nic(f"errors-{unit}", "--add-errors", f"--units-errors={unit}", "--warning-in-discard=0:0", "--critical-out-error=0:0", "--verbose")
      for unit in ("percent", "percent_delta", "%", "delta", "counter")),
    *(nic(f"errors-{unit}-one", "--add-errors", f"--units-errors={unit}", "--warning-in-error=0:0.5", "--critical-out-discard=1", "--verbose", on=ONE)
      for unit in ("percent", "percent_delta", "delta", "counter")),
    nic("traffic-wrong-unit", "--units-traffic=kbps"), nic("traffic-empty-unit", "--units-traffic="), nic("errors-wrong-unit", "--add-errors", "--units-errors=x"),
    nic("errors-wrong-unit-unused", "--units-errors=x"), nic("traffic-wrong-unit-unused", "--add-errors", "--units-traffic=x"), nic("errors-unit-absolute", "--add-errors", "--units-errors=absolute"),
]
TRAFFIC = [
    nic("first"), nic("verbose", "--verbose"), nic("one", "--verbose", on=ONE), nic("first-one", "--verbose", on=("server2016",)),
    nic("add-traffic", "--add-traffic", "--verbose"), nic("add-errors", "--add-errors", "--verbose"), nic("add-both", "--add-traffic", "--add-errors", "--verbose"),
    nic("add-both-one", "--add-traffic", "--add-errors", "--verbose", on=ONE), nic("add-off", "--add-traffic=0", "--add-errors"),
    nic("prct", "--warning-in-traffic=0.05", "--critical-in-traffic=80"), nic("prct-out", "--warning-out-traffic=5", "--critical-out-traffic=9", "--verbose"),
    nic("several", "--warning-out-traffic=50", "--verbose", on=SEVERAL, seconds=300), nic("prct-hundred", "--critical-out-traffic=99.98", on=SEVERAL, seconds=300),
    nic("unknown-threshold", "--unknown-in-traffic=0:0", differs=NEVER_COMPARED), nic("bps-units", "--units-traffic=bps", "--warning-in-traffic=1Mb", "--critical-in-traffic=10Gb"),
    nic("long-name", "--warning-instance-interface-traffic-in-bitspersecond=0.05"), nic("long-name-errors", "--add-errors", "--critical-instance-interface-packets-in-discard-count=1"),
    nic("wrong", "--warning-in-traffic=x"), nic("wrong-errors", "--critical-out-error=x"),
    nic("speed", "--speed=10", "--warning-in-traffic=0.5", "--verbose"), nic("speed-fraction", "--speed=0.5", "--verbose", on=ONE), nic("speed-zero", "--speed=0", "--verbose", on=ONE),
    nic("speed-wrong", "--speed=fast"), nic("speed-negative", "--speed=-1"), nic("speed-empty", "--speed=", "--verbose", on=ONE),
    nic("filter", "--filter-interface=^AWS", "--verbose"), nic("filter-two", "--filter-interface=AWS|Intel"), nic("filter-brackets", r"--filter-interface=Intel\[R\]"),
    nic("filter-none", "--filter-interface=nothing"), nic("filter-empty", "--filter-interface="), nic("exclude", "--exclude-interface=isatap", "--verbose"),
    nic("exclude-all", "--exclude-interface=.*"), nic("filter-and-exclude", "--filter-interface=e", "--exclude-interface=isatap|Intel", "--verbose"),
    nic("filter-bad", "--filter-interface=[", differs=PERL),
    nic("filter-counters", "--filter-counters=in-traffic", "--verbose"), nic("filter-counters-none", "--filter-counters=none"), nic("filter-counters-errors", "--add-errors", "--filter-counters=error", "--verbose"),
    nic("filter-counters-not-added", "--filter-counters=discard", "--verbose"), nic("block", "--filter-counters-block=interfaces"),
    nic("rebooted", "--verbose", on=("server2022", ("server2022", "server2022-rebooted"))),
    nic("rebooted-errors", "--add-errors", "--verbose", on=("server2022", ("server2022", "server2022-rebooted"))),
    nic("wrapped", "--verbose", on=OLD), nic("wrapped-errors", "--add-errors", "--verbose", on=OLD),
    nic("hotplug", "--verbose", on=("server2022", ("server2022", "server2022-later", "server2022-hotplug"))),
    nic("hotplug-gone", "--verbose", on=(("server2022", "server2022-hotplug"), ("server2022", "server2022-later")), differs=PERL),
    nic("names", "--verbose", "--add-traffic", "--add-errors", on=ODD), nic("names-alert", "--warning-in-traffic=50", "--add-errors", "--critical-in-discard=5", "--add-traffic", on=ODD),
    nic("names-terabits", "--units-traffic=bps", "--verbose", on=ODD),
    nic("still", on=("server2022", "server2022"), differs=PERL),
    nic("empty", on=("empty",)), nic("empty-ok", "--opt-exit=ok", on=("empty",)),
    nic("nulls", on=("nulls",), differs=NULL), nic("nulls-twice", on=("nulls", "nulls"), differs=NULL),
    nic("two-pulls", "--verbose", batch=1),
    nic("fault-second-pull", "--verbose", batch=1, faults=({"step": "pull", "nth": 1, "text": "The operation was cancelled. "},), differs=PULL),
    nic("state-suffix", "--statefile-suffix=_x"), nic("state-format", "--statefile-format=json"),
    *outputs("interfaces", "--warning-in-traffic=0.05", maker=some, on=BOTH),
    *faults_of("interfaces"),
]


def lists(mode, *extra):
    """What all four modes that only list have."""
    return [
        one(mode, "plain"), one(mode, "verbose", "--verbose"), one(mode, "json", "--output-json"), one(mode, "xml", "--output-xml"), one(mode, "openmetrics", "--output-openmetrics"),
        one(mode, "disco-format", "--disco-format"), one(mode, "disco-format-json", "--disco-format", "--output-json"),
        one(mode, "disco-show", "--disco-show"), one(mode, "disco-show-json", "--disco-show", "--output-json"),
        one(mode, "one", on="server2016"), one(mode, "disco-show-one", "--disco-show", on="server2016"),
        one(mode, "accents", on="server2012r2"), one(mode, "accents-json", "--output-json", on="server2012r2", differs="" if mode == "list-services" else BYTES_AS_LATIN),
        one(mode, "disco-show-accents", "--disco-show", on="server2012r2"),
        one(mode, "names", on="quirks"), one(mode, "names-disco-show", "--disco-show", on="quirks"),
        one(mode, "nulls", on="nulls"), one(mode, "nulls-disco-show", "--disco-show", on="nulls"),
        one(mode, "empty", on="empty"), one(mode, "empty-disco-show", "--disco-show", on="empty"),
        one(mode, "ignore-label", "--output-ignore-label"), one(mode, "change-short", "--change-short-output=List~Here are the~"),
        one(mode, "change-long", "--change-long-output=\\[name: (.*?)\\]~<$1>~g"),
        one(mode, "debug-stream", "--debug-stream"),
        one(mode, "unknown-option", "--filter=x"), *extra, *faults_of(mode),
    ]


LISTS = [
    *lists("list-interfaces"),
    *lists("list-storages",
           one("list-storages", "transform", "--display-transform-src=\\\\$", "--display-transform-dst=/"), one("list-storages", "transform-away", "--display-transform-src=^C"),
           one("list-storages", "transform-group", "--display-transform-src=^(.):\\\\", "--display-transform-dst=$1 drive "),
           one("list-storages", "transform-bad", "--display-transform-src=("), one("list-storages", "transform-dst-alone", "--display-transform-dst=x")),
    *lists("list-processes", one("list-processes", "pulls", on="many", batch=10),
           one("list-processes", "fault-second-pull", on="many", batch=10, faults=({"step": "pull", "nth": 1, "text": "x"},), differs=PULL)),
    *lists("list-services",
           one("list-services", "name", "--name=WinRM"), one("list-services", "name-case", "--name=winrm"), one("list-services", "name-none", "--name=nothing"),
           one("list-services", "name-empty", "--name="), one("list-services", "regexp", "--name=^W", "--regexp"), one("list-services", "regexp-dollar", "--name=\\$APP$", "--regexp"),
           one("list-services", "regexp-alone", "--regexp"), one("list-services", "regexp-bad", "--name=(", "--regexp", differs=PERL),
           one("list-services", "name-disco-show", "--disco-show", "--name=WinRM"), one("list-services", "pulls", on="many", batch=7)),
]
CASES = marked(UNITS + TRAFFIC + marked(LISTS, LATIN, "list-services-accents", "list-services-names"), BYTES_AS_LATIN, "list-interfaces-json", "list-interfaces-disco-show-json")
