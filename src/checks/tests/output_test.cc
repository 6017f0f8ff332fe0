#include "checks/output/output.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace mullion::checks {
namespace {

Report report() {
    Report made;
    made.say(Status::ok, "All is well\n");
    made.add({.name = "thing.size.bytes",
              .legacy = "size",
              .instances = {"C:\\"},
              .value = "512",
              .unit = "B",
              .warning = "0:256",
              .critical = "@-0.0:5",
              .min = "0",
              .max = "1024"});
    made.add({.name = "thing.free.bytes",
              .legacy = "free",
              .instances = {"it's"},
              .value = "100",
              .unit = "B",
              .critical = "10:",
              .min = "0",
              .max = "1024"});
    made.line("first");
    made.line("second");
    return made;
}

ModeInfo mode(bool new_names = true) {
    ModeInfo info;
    info.name = "things";
    info.new_names = new_names;
    return info;
}

Words words_of(std::initializer_list<std::pair<std::string_view, std::string>> options) {
    Words words;
    for (const auto& [name, value] : options) words.add(name, value);
    return words;
}

std::string printed(const Words& words, const Report& of = report(), bool new_names = true) {
    const auto result = print(of, mode(new_names), words, WallTime(std::chrono::seconds(1773144000)));
    return result ? result->text : "refused: " + result.error().detail;
}

std::string metrics(const Words& words) {
    const auto text = printed(words);
    return text.starts_with("OK") ? text.substr(text.find('|') + 2) : text;
}

TEST(Output, IsOneLineAndWithVerboseMore) {
    const std::string line =
        "OK: All is well | 'C:\\#thing.size.bytes'=512B;0:256;@-0.0:5;0;1024 "
        "'it''s#thing.free.bytes'=100B;;10:;0;1024\n";
    EXPECT_EQ(printed({}), line);
    EXPECT_EQ(printed(words_of({{"verbose", ""}})), line + "first\nsecond\n");
    EXPECT_EQ(printed({}, report(), false),
              "OK: All is well | 'size_C:\\'=512B;0:256;@-0.0:5;0;1024 'free_it''s'=100B;;10:;0;1024\n");
    EXPECT_EQ(printed(words_of({{"use-new-perfdata", ""}}), report(), false), line);
}

TEST(Output, StatusesStandBesideEachOtherAndWhatIsWellIsLeftOut) {
    Report bad;
    bad.say(Status::unknown, "u");
    bad.say(Status::ok, "o");
    bad.say(Status::warning, "w");
    bad.say(Status::critical, "c1");
    bad.say(Status::critical, "c2");
    EXPECT_EQ(printed({}, bad), "CRITICAL: c1 - c2 WARNING: w UNKNOWN: u \n");
    EXPECT_EQ(printed(words_of({{"output-ignore-label", ""}}), bad), "c1 - c2 w u \n");
    EXPECT_EQ(printed({}, {}), "OK:  \n");
    EXPECT_EQ(print(bad, mode(), {})->exit_code, 2);
    EXPECT_EQ(print(bad, mode(), words_of({{"change-exit", "critical=ok"}}))->exit_code, 0);
    EXPECT_FALSE(check_output(words_of({{"change-exit", "critical:ok"}})).ok());
}

TEST(Output, MetricsAreFiltered) {
    EXPECT_EQ(printed(words_of({{"output-ignore-perfdata", ""}})), "OK: All is well \n");
    EXPECT_EQ(metrics(words_of({{"filter-perfdata", "free"}})),
              "'it''s#thing.free.bytes'=100B;;10:;0;1024\n");
    EXPECT_EQ(metrics(words_of({{"filter-perfdata-adv", "%(value) > 200 and %{unit} eq 'B'"}})),
              "'C:\\#thing.size.bytes'=512B;0:256;@-0.0:5;0;1024\n");
    EXPECT_EQ(metrics(words_of({{"filter-perfdata-adv", "alert_triggered()"}})),
              "'C:\\#thing.size.bytes'=512B;0:256;@-0.0:5;0;1024\n");
    EXPECT_EQ(metrics(words_of({{"filter-perfdata", "size"}, {"filter-uom", "%"}, {"range-perfdata", ""}})),
              "'C:\\#thing.size.bytes'=512;256;@5;0;1024\n");
    EXPECT_EQ(metrics(words_of({{"filter-perfdata", "free"}, {"range-perfdata", "2"}})),
              "'it''s#thing.free.bytes'=100B;;;0;1024\n");
    EXPECT_EQ(printed(words_of({{"range-perfdata", "3"}})), "refused: Wrong range-perfdata option '3'");
}

TEST(Output, MetricsAreChanged) {
    const auto one = [](std::string_view option, const std::string& value) {
        return metrics(words_of({{option, value}, {"filter-perfdata", "C:"}}));
    };
    EXPECT_EQ(one("change-perfdata", "size,free,invert()"),
              "'C:\\#thing.free.bytes'=512B;768:1024;@1019:1024;0;1024\n");
    EXPECT_EQ(one("change-perfdata", "size,,percent()"),
              "'C:\\#thing.size.bytes'=50.00%;0.00:25.00;@-0.00:0.49;0;100\n");
    EXPECT_EQ(one("change-perfdata", "size,,scale(KB)"),
              "'C:\\#thing.size.bytes'=0.50KB;0:0.25;@0:0.0048828125;0;1.00\n");
    EXPECT_EQ(one("change-perfdata", "size,,scale(b)"),
              "'C:\\#thing.size.bytes'=4096.00b;0:2048;@0:40;0;8192.00\n");
    EXPECT_EQ(one("change-perfdata", "size,,math(current * 2 + 1)"),
              "'C:\\#thing.size.bytes'=1025B;0:256;@-0.0:5;0;1024\n");
    EXPECT_EQ(one("change-perfdata", "size,,math(current / 2 | 1),x,1,2,50%,80:"),
              "'C:\\#thing.size.bytes'=256x;1;80:;1;2\n");
    EXPECT_EQ(one("extend-perfdata", "size,big,percent()"),
              "'C:\\#thing.size.bytes'=512B;0:256;@-0.0:5;0;1024 "
              "'C:\\#thing.big.bytes'=50.00%;0.00:25.00;@-0.00:0.49;0;100\n");
    EXPECT_EQ(one("explode-perfdata-max", ""),
              "'C:\\#thing.size.bytes'=512B;0:256;@-0.0:5;0;1024 'C:\\#thing.size.bytes_max'=1024B;;;;\n");
    EXPECT_EQ(one("change-perfdata", "size,,eval(1)").substr(0, 40),
              "refused: --change-perfdata: the method i");
    EXPECT_EQ(one("explode-perfdata-max", "size"),
              "refused: Wrong explode-perfdata-max option 'size' (syntax: match,value)");
}

TEST(Output, MetricsAreGathered) {
    EXPECT_EQ(
        metrics(words_of({{"extend-perfdata-group", ",all,sum(bytes),B"}, {"filter-perfdata", "^all"}})),
        "'all'=612B;;;;\n");
    EXPECT_EQ(
        metrics(words_of({{"extend-perfdata-group", ",all,average(bytes)"}, {"filter-perfdata", "^all"}})),
        "'all'=306.00;;;;\n");
    EXPECT_EQ(metrics(words_of({{"extend-perfdata-group", ",all,min(bytes)"}, {"filter-perfdata", "^all"}})),
              "'all'=100;;;;\n");
    // What the search found is a text in the pattern, also where it has characters of a regular expression.
    EXPECT_EQ(metrics(words_of({{"extend-perfdata-group", "^(.*)#thing.size.bytes,$1 sum,sum(^$1#)"},
                                {"filter-perfdata", " sum"}})),
              "'C:\\ sum'=512;;;;\n");
    EXPECT_EQ(
        printed(words_of({{"extend-perfdata-group", ",all,sum(nothing)"}, {"filter-perfdata", "^all"}})),
        "OK: All is well \n");
}

TEST(Output, EveryTruncationOfAChangeIsReadOrRefused) {
    const std::string text = "^(.*)size,$1free,math((current + 1.5) * 2 | 1),KB,0,2048,50%:90%,@1:2";
    for (std::size_t size = 0; size <= text.size(); ++size)
        for (const auto* option : {"change-perfdata", "extend-perfdata", "extend-perfdata-group"}) {
            const auto words = words_of({{option, text.substr(0, size)}});
            EXPECT_EQ(print(report(), mode(), words).ok(), check_output(words).ok()) << size;
        }
}

TEST(Output, TextsAreChanged) {
    EXPECT_EQ(printed(words_of({{"change-short-output", "ok~Up~gi"}, {"output-ignore-perfdata", ""}})),
              "Up: All is well \n");
    EXPECT_EQ(printed(words_of({{"change-long-output", "(first|second)~<$1>~g"},
                                {"verbose", ""},
                                {"output-ignore-perfdata", ""}})),
              "OK: All is well \n<first>\n<second>\n");
    const auto words = words_of(
        {{"change-output-adv", "%(short_output) =~ /well/ && %{exit_code} == 0,CRITICAL: not so,CRITICAL"},
         {"output-ignore-perfdata", ""}});
    EXPECT_EQ(printed(words), "CRITICAL: not so\n");
    EXPECT_EQ(print(report(), mode(), words)->exit_code, 2);
    EXPECT_FALSE(check_output(words_of({{"change-short-output", "a~b~e"}})).ok());
}

TEST(Output, Json) {
    EXPECT_EQ(
        printed(words_of({{"output-json", ""}, {"verbose", ""}, {"filter-perfdata", "size"}})),
        R"({"plugin":{"name":"os::windows::wsman::plugin","mode":"things","exit":"OK","outputs":[)"
        R"({"type":1,"exit":"OK","msg":"OK: All is well"},{"type":2,"msg":"first"},{"type":2,"msg":"second"}],)"
        R"("perfdatas":[{"label":"C:\\#thing.size.bytes","value":"512","unit":"B","warning":"0:256",)"
        R"("critical":"@-0.0:5","min":"0","max":"1024","mode":"things","nlabel":"thing.size.bytes","instances":"C:\\"}]}})");
}

TEST(Output, Xml) {
    Report made;
    made.say(Status::warning, "<a> & \x01 \xFF");
    EXPECT_EQ(
        printed(words_of({{"output-xml", ""}}), made),
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<plugin>\n  <name>os::windows::wsman::plugin</name>\n"
        "  <mode>things</mode>\n  <exit>WARNING</exit>\n  <outputs>\n    <output>\n      <type>1</type>\n"
        "      <exit>WARNING</exit>\n      <msg>WARNING: &lt;a&gt; &amp; ? ?</msg>\n    </output>\n  "
        "</outputs>\n"
        "  <perfdatas/>\n</plugin>\n");
}

TEST(Output, MetricsForPrometheusHaveNamesThatItReads) {
    const auto words = words_of({{"output-openmetrics", ""}, {"filter-perfdata", "size|status"}});
    EXPECT_EQ(
        printed(words),
        "# TYPE thing_size_bytes gauge\n"
        "thing_size_bytes{plugin=\"os::windows::wsman::plugin\",mode=\"things\",unit=\"B\",warning=\"0:256\","
        "critical=\"@-0.0:5\",min=\"0\",max=\"1024\",instance=\"C:\\\\\"} 512 1773144000000\n"
        "# TYPE plugin_mode_status gauge\n"
        "plugin_mode_status{plugin=\"os::windows::wsman::plugin\",mode=\"things\"} 0 1773144000000\n");
    auto compat = words;
    compat.set("centreon-compat", "");
    EXPECT_EQ(printed(compat).substr(0, 25), "thing.size.bytes{plugin=\"");
    Report report;
    report.say(Status::ok, "well");
    report.add({.name = "size", .legacy = "", .instances = {"c#1"}, .value = "1"});
    EXPECT_NE(printed(words, report)
                  .find("\nsize{plugin=\"os::windows::wsman::plugin\",mode=\"things\",instance=\"c#1\"} 1 "),
              std::string::npos)
        << printed(words, report);
}

TEST(Output, WhatIsFound) {
    Report list;
    list.attributes = {"name", "size"};
    list.found = {{{"name", "C:\\ \"x\""}, {"size", ""}}};
    const std::string head = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
    EXPECT_EQ(printed(words_of({{"disco-format", ""}}), list),
              head + "<data>\n  <element>name</element>\n  <element>size</element>\n</data>\n");
    EXPECT_EQ(printed(words_of({{"disco-show", ""}}), list),
              head + "<data>\n  <label name=\"C:\\ &quot;x&quot;\" size=\"\"/>\n</data>\n");
    EXPECT_EQ(printed(words_of({{"disco-show", ""}, {"output-json", ""}}), list),
              R"({"data":[{"name":"C:\\ \"x\"","size":""}]})");
    EXPECT_EQ(printed(words_of({{"disco-format", ""}, {"output-json", ""}}), list),
              R"({"data":["name","size"]})");
}

TEST(Output, NamesOfAHostEndNoLine) {
    Report report;
    report.say(Status::critical, "Service 'a\nOK: all is well\x1b[2J' is Stopped\n");
    report.add({.name = "x", .legacy = "", .instances = {"b\nc"}, .value = "1"});
    EXPECT_EQ(printed({}, report),
              R"(CRITICAL: Service 'a\x0aOK: all is well\x1b[2J' is Stopped | 'b\x0ac#x'=1;;;;)"
              "\n");
    EXPECT_EQ(printed(words_of({{"centreon-compat", "1"}}), report),
              "CRITICAL: Service 'a\nOK: all is well\x1b[2J' is Stopped | 'b\nc#x'=1;;;;\n");
    Report piped;
    piped.say(Status::critical, "Service 'a|'b'=1' is Stopped");
    piped.add({.name = "x", .legacy = "", .value = "1"});
    EXPECT_EQ(printed({}, piped), "CRITICAL: Service 'a 'b'=1' is Stopped | 'x'=1;;;;\n");
    EXPECT_EQ(printed(words_of({{"centreon-compat", "1"}}), piped),
              "CRITICAL: Service 'a|'b'=1' is Stopped | 'x'=1;;;;\n");
    // A script that is only shown has lines of its own.
    report.labelled = false;
    EXPECT_NE(printed({}, report).find("'a\nOK"), std::string::npos);
    Error said(ErrorId::wsman_fault, "no | 'x'=1\nOK: all is well");
    said.host = "web01";
    EXPECT_TRUE(print_refusal(said, {}).text.starts_with(
        R"(UNKNOWN: web01: the host answered with a fault: no   'x'=1\x0aOK: all is well )"
        "\n"));
}

TEST(Output, RefusalsHaveTheWordAndCodeOfOptExit) {
    const Error wrong(ErrorId::usage_invalid, "Wrong x threshold 'y'.");
    EXPECT_EQ(print_refusal(wrong, {}).text, "UNKNOWN: Wrong x threshold 'y'. \n");
    EXPECT_EQ(print_refusal(wrong, {}).exit_code, 3);
    const auto critical = print_refusal(wrong, words_of({{"opt-exit", "Critical"}}));
    EXPECT_EQ(critical.text, "CRITICAL: Wrong x threshold 'y'. \n");
    EXPECT_EQ(critical.exit_code, 2);
    EXPECT_EQ(print_refusal(wrong, words_of({{"opt-exit", "ok"}})).text, "OK: Wrong x threshold 'y'. \n");
    EXPECT_EQ(print_refusal(wrong, words_of({{"output-ignore-label", ""}, {"opt-exit", "bad"}})).text,
              "Wrong x threshold 'y'. \n");
    EXPECT_EQ(print_refusal(wrong, words_of({{"output-json", ""}, {"mode", "memory"}})).text,
              R"({"plugin":{"name":"os::windows::wsman::plugin","mode":"memory","exit":"unknown","outputs":[)"
              R"({"type":1,"exit":"UNKNOWN","msg":"UNKNOWN: Wrong x threshold 'y'."}],"perfdatas":[]}})");
    EXPECT_FALSE(check_output(words_of({{"opt-exit", "bad"}})).ok());
    for (const auto* precision : {"x", "-1", "2.5", "100"})
        EXPECT_FALSE(check_output(words_of({{"float-precision", precision}})).ok()) << precision;
    EXPECT_TRUE(check_output(words_of({{"float-precision", "x"}, {"centreon-compat", ""}})).ok());
    EXPECT_TRUE(check_output(words_of({{"float-precision", "2"}})).ok());
    Error gone(ErrorId::net_refused, "connect to 10.0.0.1 port 5986: Connection refused");
    const auto told = print_refusal(gone, {}, "critical");
    EXPECT_EQ(told.exit_code, 2);
    EXPECT_GT(std::count(told.text.begin(), told.text.end(), '\n'), 1);  // What to do next.
    // By what a check has.
    EXPECT_EQ(told.text.find("--wait-for"), std::string::npos) << told.text;
    EXPECT_NE(told.text.find("answers the next check"), std::string::npos) << told.text;
    const auto metrics = print_refusal(gone, words_of({{"output-openmetrics", ""}, {"mode", "memory"}}),
                                       "critical", WallTime(std::chrono::seconds(1773144000)));
    EXPECT_TRUE(metrics.text.starts_with("# CRITICAL: the connection was refused: connect to 10.0.0.1"))
        << metrics.text;
    EXPECT_TRUE(metrics.text.ends_with(
        "# TYPE plugin_mode_status "
        "gauge\nplugin_mode_status{plugin=\"os::windows::wsman::plugin\",mode=\"memory\"} 2 "
        "1773144000000\n"))
        << metrics.text;
    const auto brief = print_refusal(gone, words_of({{"centreon-compat", ""}}));
    EXPECT_EQ(std::count(brief.text.begin(), brief.text.end(), '\n'), 1);
}

}  // namespace
}  // namespace mullion::checks
