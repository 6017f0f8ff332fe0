// Check files at work: what they ask, and what they make of answers.
#include <gtest/gtest.h>

#include "checks/check_file/ad_hoc.h"
#include "checks/check_file/mode.h"
#include "checks/tests/played.h"

namespace mullion::checks::tests {
namespace {

ModeInfo mode_of(const std::string& text) {
    auto read = read_check_file("version: 1\nname: x\nclass: C\n" + text, "c.yml");
    EXPECT_TRUE(read.ok()) << read.error().detail;
    return check_file_mode(std::move(read).value());
}

const std::string pools = R"(instance: Name
exclude: '^_Total$'
values:
  state: {property: State, words: {3: running, 5: disabled}}
counters:
  status: {text: 'state is %{state}', critical: "%{state} ne 'running'"}
  workers: {metric: pool.workers.count, value: '%{Workers}', unit: w, min: 0, max: '%{Most}', warning: '1:'}
count: {metric: pools.detected.count, text: 'Pools: %{count}'}
output: {prefix: "Pool '%{instance}' ", all_ok: All pools are ok}
)";

std::string pool(std::string_view name, std::string_view state, std::string_view workers) {
    return "<Name>" + std::string(name) + "</Name><State>" + std::string(state) + "</State><Workers>" +
           std::string(workers) + "</Workers><Most>9</Most>";
}

Answer many(const std::vector<std::string>& texts) {
    return rows(std::vector<std::string_view>(texts.begin(), texts.end()));
}

Answer boot(std::string_view time = "2026-03-01T06:15:02.5Z") {
    return many({"<LastBootUpTime><cim:Datetime>" + std::string(time) +
                 "</cim:Datetime></LastBootUpTime><Version>10.0.20348</Version>"});
}

TEST(CheckFileMode, SaysOneSentenceWhereAllIsWell) {
    const auto played =
        play(mode_of(pools),
             {.answers = {many({pool("b", "3", "2"), pool("a", "3", "1"), pool("_Total", "0", "3")})}});
    EXPECT_EQ(played.wql(), "SELECT Name, State, Workers, Most FROM C");
    EXPECT_EQ(played.text,
              "OK: All pools are ok | 'a#pool.workers.count'=1w;1:;;0;9 'b#pool.workers.count'=2w;1:;;0;9 "
              "'pools.detected.count'=2;;;0;\n"
              "Pool 'a' state is running, workers: 1w\nPool 'b' state is running, workers: 2w\n");
}

TEST(CheckFileMode, SaysWhatIsNotWell) {
    const auto played = play(mode_of(pools), {.answers = {many({pool("a", "5", "0"), pool("b", "3", "0")})}});
    EXPECT_EQ(played.exit_code, 2);
    EXPECT_EQ(played.text.substr(0, played.text.find('|')),
              "CRITICAL: Pool 'a' state is disabled, workers: 0w WARNING: Pool 'b' workers: 0w ");
    EXPECT_EQ(play(mode_of(pools), {.answers = {many({pool("a", "3", "1")})}}).text.substr(0, 50),
              "OK: Pool 'a' state is running, workers: 1w | 'a#po");
}

TEST(CheckFileMode, OptionsGoOverTheFile) {
    const auto answer = many({pool("a", "5", "0"), pool("b", "3", "0")});
    const auto status = [&](std::initializer_list<std::pair<std::string_view, std::string>> words) {
        return play(mode_of(pools), {.words = words_of(words), .answers = {answer}});
    };
    EXPECT_EQ(status({{"critical-status", "%{instance} eq 'c'"}, {"warning-workers", ""}}).exit_code, 0);
    EXPECT_EQ(status({{"critical-status", "%{State} == 3"}}).report.texts[1].text,
              "Pool 'b' state is running, workers: 0w");
    EXPECT_EQ(status({{"exclude", "^a$"}, {"warning-instance-pool-workers-count", "5"}}).exit_code, 0);
    EXPECT_EQ(status({{"include", "^a$"}}).report.metrics.size(), 2U);
    EXPECT_EQ(status({{"critical-detected", "0:1"}, {"critical-status", ""}}).exit_code, 2);
}

TEST(CheckFileMode, WrongOptionsAreRefused) {
    const auto said = [&](const std::string& text,
                          std::initializer_list<std::pair<std::string_view, std::string>> words) {
        const auto played = play(mode_of(text), {.words = words_of(words)});
        return played.error ? played.error->detail : "";
    };
    EXPECT_NE(
        said(pools, {{"critical-status", "%{Stat} eq 'x'"}}).find("--critical-status: %{Stat} is no value"),
        std::string::npos);
    EXPECT_NE(said(pools, {{"warning-workers", "x"}}).find("Wrong"), std::string::npos);
    EXPECT_NE(said(pools, {{"empty", "fine"}}).find("Wrong option --empty"), std::string::npos);
    EXPECT_NE(said(pools, {{"include", "("}}), "");
    EXPECT_NE(said("counters: {a: {value: '%{A}'}}\n", {{"include", "a"}}).find("nothing names a row"),
              std::string::npos);
}

TEST(CheckFileMode, NoRowIsNotWellUnlessTheFileSaysSo) {
    const auto none = play(mode_of(pools), {.answers = {rows({})}});
    EXPECT_EQ(none.exit_code, 3);
    EXPECT_NE(none.text.find("UNKNOWN: The host returned no row for SELECT Name"), std::string::npos)
        << none.text;
    const auto filtered = play(mode_of(pools), {.answers = {many({pool("_Total", "0", "1")})}});
    EXPECT_EQ(filtered.exit_code, 3);
    EXPECT_NE(filtered.text.find("none is of that name"), std::string::npos) << filtered.text;
    EXPECT_EQ(
        play(mode_of(pools), {.words = words_of({{"empty", "Critical"}}), .answers = {rows({})}}).exit_code,
        2);
    const auto fine =
        play(mode_of(pools + "empty: {status: ok, text: No pools here}\n"), {.answers = {rows({})}});
    EXPECT_EQ(fine.text, "OK: No pools here | 'pools.detected.count'=0;;;0;\n");
}

TEST(CheckFileMode, WhatIsNotThereIsUnknown) {
    const auto null =
        play(mode_of(pools),
             {.answers = {many({"<Name>a</Name><State>3</State><Workers xsi:nil=\"true\"/><Most>1</Most>",
                                pool("b", "3", "1")})}});
    EXPECT_EQ(null.exit_code, 3);
    EXPECT_NE(null.text.find("UNKNOWN: Pool 'a' workers: no value: Workers is null"), std::string::npos)
        << null.text;
    const auto word = play(mode_of(pools), {.answers = {many({pool("a", "4", "1")})}});
    EXPECT_EQ(word.exit_code, 3);
    EXPECT_NE(word.text.find("status: no value: State is 4, for which the file has no word"),
              std::string::npos)
        << word.text;
    const auto lacks =
        play(mode_of("counters: {a: {value: '%{A} + 1'}}\n"), {.answers = {many({"<B>1</B>"})}});
    EXPECT_EQ(lacks.text, "UNKNOWN: a: no value: the host's answer has no A \n");
    const auto letters =
        play(mode_of("counters: {a: {value: '%{A} + 1'}}\n"), {.answers = {many({"<A>x</A>"})}});
    EXPECT_EQ(letters.text, "UNKNOWN: a: no value: value: 'x' is no number \n");
    // Of a host, an empty text is no 0; what does not hold counts as one.
    const auto mode =
        mode_of("counters: {a: {value: '%{A}'}, b: {value: '%{B} == 3'}, c: {value: '%{A} * 2'}}\n");
    const auto empty = play(mode, {.answers = {many({"<A></A><B>4</B>"})}});
    EXPECT_EQ(empty.exit_code, 3);
    EXPECT_EQ(empty.text,
              "UNKNOWN: a: no value: '' is no number - c: no value: value: '' is no number | 'b'=0;;;;\n");
    const auto divided =
        play(mode_of("counters: {a: {value: '1 / %{A}'}}\n"), {.answers = {many({"<A>0</A>"})}});
    EXPECT_EQ(divided.text, "UNKNOWN: a: no value: value: a division by zero \n");
    const auto skipped =
        play(mode_of("counters: {a: {value: '1 / %{A}', missing: skip}, b: {value: '%{A}'}}\n"),
             {.answers = {many({"<A>0</A>"})}});
    EXPECT_EQ(skipped.text, "OK: b: 0 | 'b'=0;;;;\n");
}

TEST(CheckFileMode, OtherwiseIsWhatNullStandsFor) {
    const auto mode = mode_of("values: {v: {property: A, otherwise: 7}}\ncounters: {a: {value: '%{v}'}}\n");
    EXPECT_EQ(play(mode, {.answers = {many({"<A xsi:nil=\"true\"/>"})}}).text, "OK: a: 7 | 'a'=7;;;;\n");
}

TEST(CheckFileMode, RowsHaveToBeToldApart) {
    const auto twice = play(mode_of(pools), {.answers = {many({pool("a", "3", "1"), pool("a", "3", "1")})}});
    ASSERT_TRUE(twice.error);
    EXPECT_NE(twice.error->detail.find("several rows are named 'a'"), std::string::npos);
    const auto nameless =
        play(mode_of("counters: {a: {value: '%{A}'}}\n"), {.answers = {many({"<A>1</A>", "<A>2</A>"})}});
    ASSERT_TRUE(nameless.error);
    EXPECT_NE(nameless.error->detail.find("instance"), std::string::npos);
}

TEST(CheckFileMode, NumbersAreShownAsTheFileSays) {
    const auto shown = [](const std::string& how, const std::string& value) {
        return play(mode_of("counters: {a: {value: '%{A}', text: '%{value}', " + how + "}}\n"),
                    {.answers = {many({"<A>" + value + "</A>"})}})
            .text;
    };
    EXPECT_EQ(shown("show: bytes", "1572864"), "OK: 1.50 MB | 'a'=1572864;;;;\n");
    EXPECT_EQ(shown("show: bits", "1500"), "OK: 1.50Kb | 'a'=1500;;;;\n");
    EXPECT_EQ(shown("show: duration", "90061"), "OK: 1d 1h 1m 1s | 'a'=90061;;;;\n");
    EXPECT_EQ(shown("decimals: 2", "3"), "OK: 3.00 | 'a'=3.00;;;;\n");
    EXPECT_EQ(shown("unit: B", "18446744073709551615"),
              "OK: 18446744073709551615 | 'a'=18446744073709551615B;;;;\n");
}

TEST(CheckFileMode, WhatAHostSaysStaysInItsPlace) {
    const auto played = play(mode_of("instance: Name\ncounters: {a: {value: 1}}\n"),
                             {.answers = {many({"<Name>x | 'y'=1;;;;\nOK</Name>"})}});
    EXPECT_EQ(played.text.find('|'), played.text.rfind("| '"));
    EXPECT_EQ(played.text.substr(0, 4), "OK: ");
    EXPECT_EQ(std::count(played.text.begin(), played.text.end(), '\n'), 2) << played.text;
}

TEST(CheckFileMode, OnlyAndLine) {
    const auto mode = mode_of(
        "instance: Name\nonly: '%{A} > 1'\ncounters: {a: {value: '%{A}', metric: m}}\noutput: {line: 'row "
        "%{instance}: %{A}'}\n");
    const auto played = play(mode, {.answers = {many({"<Name>x</Name><A>1</A>", "<Name>y</Name><A>2</A>"})}});
    EXPECT_EQ(played.text, "OK: 'y' a: 2 | 'y#m'=2;;;;\nrow y: 2\n");
}

// ---- two looks ----

const std::string rates = R"(instance: Name
values:
  rate: {property: Reads, type: PERF_COUNTER_COUNTER}
  gone: {property: Reads, type: difference, bits: 32}
  wait: {property: Wait, type: average_timer}
counters:
  rate: {value: '%{rate}', decimals: 1}
  gone: {value: '%{gone}'}
  wait: {value: '%{wait}', unit: s}
)";

std::string disk(std::uint64_t reads, std::uint64_t seconds, std::uint64_t wait, std::uint64_t base) {
    const auto one = [](const char* name, std::uint64_t value) {
        return "<" + std::string(name) + ">" + std::to_string(value) + "</" + name + ">";
    };
    return "<Name>d</Name>" + one("Reads", reads) + one("Timestamp_PerfTime", seconds * 1000) +
           one("Frequency_PerfTime", 1000) + one("Wait", wait) + one("Wait_Base", base);
}

Played then(const Played& before, const std::string& row, const Answer& booted = boot()) {
    Stage stage{.answers = {many({row}), booted}};
    stage.samples.before = before.samples.now;
    return play(mode_of(rates), std::move(stage));
}

TEST(CheckFileMode, TwoLooksMakeRates) {
    EXPECT_TRUE(mode_of(rates).two_samples);
    EXPECT_FALSE(mode_of(pools).two_samples);
    const auto first = play(mode_of(rates), {.answers = {many({disk(100, 10, 500, 5)}), boot()}});
    EXPECT_EQ(first.wql(),
              "SELECT Name, Reads, Timestamp_PerfTime, Frequency_PerfTime, Wait, Wait_Base FROM C");
    EXPECT_EQ(first.text.substr(0, first.text.find('\n')),
              "OK: 'd' rate : Buffer creation, gone : Buffer creation, wait : Buffer creation ");
    EXPECT_EQ(then(first, disk(160, 20, 2500, 9)).text.substr(0, 38),
              "OK: 'd' rate: 6.0, gone: 60, wait: 0.5");
    // Nothing was done, and nothing took long.
    EXPECT_EQ(then(first, disk(100, 20, 500, 5)).text.substr(0, 34), "OK: 'd' rate: 0.0, gone: 0, wait: ");
}

TEST(CheckFileMode, CountersOf32BitsGoRound) {
    const auto first =
        play(mode_of(rates), {.answers = {many({disk(4294967290, 10, 4294967295, 4294967295)}), boot()}});
    EXPECT_EQ(then(first, disk(4, 20, 999, 0)).text.substr(0, 36), "OK: 'd' rate: 1.0, gone: 10, wait: 1");
}

TEST(CheckFileMode, AStartIsAFirstLookAgain) {
    const auto first = play(mode_of(rates), {.answers = {many({disk(100, 10, 500, 5)}), boot()}});
    const auto later = then(first, disk(160, 20, 2500, 9), boot("2026-03-10T12:00:30Z"));
    EXPECT_TRUE(later.report.metrics.empty()) << later.text;
}

TEST(CheckFileMode, CountersThatStandStillAreNoAnswer) {
    const auto first = play(mode_of(rates), {.answers = {many({disk(100, 10, 500, 5)}), boot()}});
    const auto later = then(first, disk(160, 10, 2500, 9));
    ASSERT_TRUE(later.error);
    EXPECT_NE(later.error->detail.find("stand still"), std::string::npos);
}

TEST(CheckFileMode, AClockThatWasSetIsUnknown) {
    const auto mode = mode_of(
        "instance: Name\nvalues: {busy: {property: Busy, type: 100nsec_timer}}\ncounters: {busy: {value: "
        "'%{busy}'}}\n");
    const auto row = [](std::uint64_t busy, std::uint64_t time) {
        return "<Name>d</Name><Busy>" + std::to_string(busy) + "</Busy><Timestamp_Sys100NS>" +
               std::to_string(time) + "</Timestamp_Sys100NS>";
    };
    constexpr std::uint64_t second = 10'000'000;
    const auto first = play(mode, {.answers = {many({row(0, 100 * second)}), boot()}});
    const auto after_a_minute = [&](std::uint64_t time) {
        Stage stage{.answers = {many({row(30 * second, time)}), boot()}};
        stage.samples.before = first.samples.now;
        stage.unix_time += 60;
        return play(mode, std::move(stage));
    };
    EXPECT_EQ(after_a_minute(160 * second).text.substr(0, 17), "OK: 'd' busy: 0.5");
    for (const auto time : {3700 * second, 50 * second}) {
        const auto set = after_a_minute(time);
        EXPECT_EQ(set.exit_code, 3) << set.text;
        EXPECT_NE(set.text.find("was set between the looks"), std::string::npos) << set.text;
        EXPECT_NE(set.samples.now.find("d_Timestamp_Sys100NS"), nullptr);
    }
}

TEST(CheckFileMode, TypesOfOneLook) {
    const auto mode = mode_of(
        "values: {up: {property: Up, type: elapsed_time}, part: {property: Part, type: raw_fraction}}\n"
        "counters: {up: {value: '%{up}'}, part: {value: '%{part} * 100'}}\n");
    EXPECT_FALSE(mode.two_samples);
    const auto played = play(
        mode, {.answers = {many({"<Up>100</Up><Timestamp_Object>700</Timestamp_Object><Frequency_Object>10</"
                                 "Frequency_Object><Part>1</Part><Part_Base>4</Part_Base>"})}});
    EXPECT_EQ(played.text, "OK: up: 60, part: 25 | 'up'=60;;;; 'part'=25;;;;\n");
    const auto none = play(
        mode, {.answers = {many({"<Up>100</Up><Timestamp_Object>700</Timestamp_Object><Frequency_Object>10</"
                                 "Frequency_Object><Part>1</Part><Part_Base>0</Part_Base>"})}});
    EXPECT_NE(none.text.find("part: no value: Part_Base is 0"), std::string::npos) << none.text;
}

// ---- on the command line ----

ModeInfo asked(Words words, std::initializer_list<std::string> metrics = {}) {
    for (const auto& metric : metrics) words.add("metric", metric);
    auto check = ad_hoc_check(words);
    EXPECT_TRUE(check.ok()) << check.error().detail;
    return ad_hoc_mode(std::move(check).value());
}

TEST(AdHoc, CountsRowsWhereNothingElseIsSaid) {
    const auto mode = asked(words_of({{"query", "SELECT Name FROM C"}}));
    const auto played = play(mode, {.words = words_of({{"warning-rows-count", "0:1"}}),
                                    .answers = {many({"<Name>a</Name>", "<Name>a</Name>"})}});
    EXPECT_EQ(played.text, "WARNING: Number of rows: 2 | 'rows.count'=2;0:1;;0;\n");
    EXPECT_TRUE(std::any_of(mode.options.begin(), mode.options.end(), [](const OptionSpec& option) {
        return option.name == "warning" && option.same_as == "warning-rows-count";
    }));
    EXPECT_EQ(play(mode, {.answers = {rows({})}}).exit_code, 3);
}

TEST(AdHoc, MetricsAndAState) {
    const auto mode = asked(words_of({{"query", "q"}, {"instance", "Name"}, {"status", "is %{State}"}}),
                            {"free.part[%]=%{Free} * 100 / %{Size}"});
    const auto played = play(
        mode, {.words = words_of({{"critical-status", "%{State} ne 'up'"}, {"warning-free-part", "50:"}}),
               .answers = {many({"<Name>a</Name><State>down</State><Free>1</Free><Size>4</Size>"})}});
    EXPECT_EQ(
        played.text,
        "CRITICAL: 'a' free.part: 25%, is down | 'a#free.part'=25%;50:;;;\n'a' free.part: 25%, is down\n");
}

TEST(AdHoc, WithoutASourceItSaysWhatItTakes) {
    const auto played = play(*find_mode("wql"), {});
    ASSERT_TRUE(played.error);
    EXPECT_NE(played.error->detail.find("--file"), std::string::npos);
}

}  // namespace
}  // namespace mullion::checks::tests
