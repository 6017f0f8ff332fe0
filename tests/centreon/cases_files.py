"""files-date and files-size."""
from tests.centreon.case_makers import *  # noqa: F403

DATA = "--folder=C:/data/"


def dates(name, *argv, **rest):
    return one("files-date", name, *argv, **rest)


def sizes(name, *argv, **rest):
    return one("files-size", name, *argv, **rest)


def folders(mode):
    return [
        one(mode, "no-folder"), one(mode, "folder-empty", "--folder="), one(mode, "folder-backslashes", "--folder=C:\\\\data\\\\"),
        one(mode, "folder-one-backslash", "--folder=C:\\data\\", differs="backslashes have to be doubled; ours takes a folder as Windows writes it"),
        one(mode, "folder-no-end", "--folder=C:/data", differs=EMPTY), one(mode, "folder-missing", "--folder=C:/gone/"), one(mode, "folder-drive", "--folder=D:/data/"),
        one(mode, "folder-short", "--folder=C", differs=NO_FOLDER), one(mode, "folder-case", "--folder=c:/DATA/"), one(mode, "folder-quote", '--folder=C:/a"b/', differs=ESCAPES),
        one(mode, "other-folder", "--folder=C:/other/", "--verbose", differs=WHOLE_SECOND if mode == "files-date" else ""),
        one(mode, "verbose", DATA, "--verbose"), one(mode, "plain", DATA), one(mode, "one", DATA, "--verbose", on="server2016"), one(mode, "accents", "--folder=C:/données/", "--verbose", on="server2012r2",
                                                                                                                                 differs=WHOLE_SECOND if mode == "files-date" else ""),
        one(mode, "names", DATA, "--verbose", on="quirks"),
        one(mode, "filter", DATA, "--filter-filename=csv$", "--verbose"), one(mode, "filter-none", DATA, "--filter-filename=^nothing$", "--verbose"), one(mode, "filter-empty", DATA, "--filter-filename="),
        one(mode, "filter-bad", DATA, "--filter-filename=(", differs=PERL), one(mode, "filter-two", DATA, "--filter-filename=csv|bak", "--verbose"),
        one(mode, "empty", DATA, on="empty"), one(mode, "nulls", DATA, "--verbose", on="nulls", differs=NULL), one(mode, "unknown-option", DATA, "--warning-all=1"),
        one(mode, "pulls", DATA, "--verbose", batch=1),
        one(mode, "fault-second-pull", DATA, "--verbose", batch=1, faults=({"step": "pull", "nth": 1, "text": "x"},), differs=PULL),
        *faults_of(mode, DATA),
    ]


DATES = [
    *folders("files-date"),
    dates("warning", DATA, "--warning=3600", "--critical=86400", "--verbose"), dates("critical", DATA, "--critical=3600"), dates("all", DATA, "--warning=0:60"), dates("at-least", DATA, "--warning=3600:"),
    dates("inside", DATA, "--critical=@1800:86400"), dates("exact", DATA, "--warning=1800", "--filter-filename=csv"), dates("one-alert", DATA, "--critical=0", "--verbose", on="server2016"),
    dates("future", DATA, "--warning=0:", "--verbose", now="2026-03-10T11:00:00Z"), dates("future-names", DATA, "--warning=0:", "--verbose", on="quirks"),
    dates("wrong-warning", DATA, "--warning=x"), dates("wrong-critical", DATA, "--critical=x"), dates("wrong-before-folder", "--warning=x"),
    *outputs("files-date", DATA, "--warning=3600"),
]
SIZES = [
    *folders("files-size"),
    sizes("one-warning", DATA, "--warning-one=1MB", "--critical-one=1GB", "--verbose"), sizes("one-exact", DATA, "--warning-one=1048576"), sizes("one-at-least", DATA, "--critical-one=100:"),
    sizes("total", DATA, "--warning-total=1GB", "--critical-total=10GB"), sizes("total-critical", DATA, "--critical-total=1GB"), sizes("both", DATA, "--warning-one=1MB", "--critical-total=1GB", "--verbose"),
    sizes("total-filtered", DATA, "--filter-filename=csv", "--warning-total=1KB", "--verbose"), sizes("small", DATA, "--critical-one=@0:1KB", "--verbose"),
    sizes("wrong-one", DATA, "--warning-one=x"), sizes("wrong-critical-one", DATA, "--critical-one=x"), sizes("wrong-total", DATA, "--warning-total=x"), sizes("wrong-critical-total", DATA, "--critical-total=x"),
    sizes("all-files", DATA, "--all-files"),
    *outputs("files-size", DATA, "--warning-one=1MB"),
]
CASES = marked(DATES + SIZES, BYTES_AS_LATIN, "files-date-json", "files-size-json")
