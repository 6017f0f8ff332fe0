#include "checks/counters/counters.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "checks/output/output.h"

namespace mullion::checks {
namespace {

std::vector<Block> table() {
    return {
        {.name = "global", .counters = {{.label = "total", .metric = "things.total.count", .shown = false}}},
        {.name = "things",
         .instances = true,
         .counters = {{.label = "size", .metric = "thing.size.bytes"},
                      {.label = "age", .metric = "thing.age.seconds"}},
         .all_well = "All things are well"}};
}

Reading reading(double number, std::string text) {
    Reading made;
    made.number = number;
    made.text = std::move(text);
    made.metrics = {{.value = std::to_string(static_cast<int>(number)), .min = "0"}};
    return made;
}

CountedBlock things(std::initializer_list<std::string> names) {
    CountedBlock made;
    int size = 0;
    for (const auto& name : names) {
        size += 10;
        made.push_back({.instance = name,
                        .prefix = "Thing '" + name + "' ",
                        .readings = {reading(size, "size: " + std::to_string(size)), reading(5, "age: 5")}});
    }
    return made;
}

std::string said(const Words& words, CountedBlock many, bool verbose = true) {
    Counters counters(table());
    if (const auto ready = counters.prepare(words); !ready) return ready.error().detail;
    Report report;
    std::vector<CountedBlock> blocks;
    blocks.push_back({{.readings = {reading(static_cast<double>(many.size()), "total: some")}}});
    blocks.push_back(std::move(many));
    if (counters.only_listed())
        counters.list(report);
    else if (const auto judged = counters.judge(std::move(blocks), report); !judged)
        return judged.error().detail;
    ModeInfo mode;
    mode.name = "things";
    auto global = words;
    if (verbose) global.set("verbose", "");
    const auto printed = print(report, mode, global);
    return printed ? printed->text : printed.error().detail;
}

Words words_of(std::initializer_list<std::pair<std::string_view, std::string>> options) {
    Words words;
    for (const auto& [name, value] : options) words.set(name, value);
    return words;
}

TEST(Counters, ManyThatAreWellAreOneSentenceInTheOrderOfTheirNames) {
    EXPECT_EQ(said({}, things({"2", "10", "1"})),
              "OK: All things are well | 'things.total.count'=3;;;0; '1#thing.size.bytes'=30;;;0; "
              "'1#thing.age.seconds'=5;;;0; '10#thing.size.bytes'=20;;;0; '10#thing.age.seconds'=5;;;0; "
              "'2#thing.size.bytes'=10;;;0; '2#thing.age.seconds'=5;;;0;\n"
              "Thing '1' size: 30, age: 5\nThing '10' size: 20, age: 5\nThing '2' size: 10, age: 5\n");
}

TEST(Counters, OneIsTold) {
    EXPECT_EQ(said({}, things({"a"}), false),
              "OK: Thing 'a' size: 10, age: 5 | 'things.total.count'=1;;;0; 'a#thing.size.bytes'=10;;;0; "
              "'a#thing.age.seconds'=5;;;0;\n");
}

TEST(Counters, OnlyWhatAlertsIsToldOfThoseThatAlert) {
    const auto words = words_of({{"warning-instance-thing-size-bytes", "15"},
                                 {"critical-instance-thing-age-seconds", "4"},
                                 {"unknown-things-total-count", "1"}});
    const auto text = said(words, things({"a", "b"}), false);
    EXPECT_EQ(text.substr(0, text.find('|')),
              "CRITICAL: Thing 'a' age: 5 - Thing 'b' size: 20, age: 5 UNKNOWN: total: some ");
    EXPECT_NE(text.find("'b#thing.size.bytes'=20;0:15;;0;"), std::string::npos);
}

TEST(Counters, ShortNamesAreTakenWhereTheLongOnesAreNot) {
    const auto text = said(words_of({{"warning-size", "5"}}), things({"a"}), false);
    EXPECT_EQ(text.substr(0, 28), "WARNING: Thing 'a' size: 10 ");
}

TEST(Counters, TheOrderOfThresholdsIsCriticalWarningUnknown) {
    auto words = words_of({{"unknown-things-total-count", "0"}, {"warning-things-total-count", "0"}});
    EXPECT_EQ(said(words, things({"a"})).substr(0, 8), "WARNING:");
    words.set("critical-things-total-count", "0");
    EXPECT_EQ(said(words, things({"a"})).substr(0, 9), "CRITICAL:");
}

TEST(Counters, FiltersLeaveOut) {
    EXPECT_EQ(said(words_of({{"filter-counters", "^age$"}}), things({"a"})),
              "OK: Thing 'a' age: 5 | 'a#thing.age.seconds'=5;;;0;\nThing 'a' age: 5\n");
    EXPECT_EQ(said(words_of({{"filter-counters-block", "things"}}), things({"a"})),
              "OK:  | 'things.total.count'=1;;;0;\n");
    // Nothing is judged then, and Centreon is well with that.
    EXPECT_EQ(said(words_of({{"filter-counters", "none"}}), things({"a"})),
              "--filter-counters 'none' leaves no counter of this check: total, size, age");
    EXPECT_EQ(said(words_of({{"filter-counters-block", "."}}), things({"a"})),
              "--filter-counters-block '.' leaves no counter of this check: total, size, age");
    const auto none = words_of({{"filter-counters", "none"}, {"centreon-compat", ""}});
    EXPECT_EQ(said(none, things({"a", "b"})), "OK:  \n");
    EXPECT_EQ(said(none, things({"a"})), "OK: Thing 'a'  \n");
    EXPECT_EQ(
        said(words_of({{"display-ok-counters", "tot"}, {"filter-counters", "total"}}), things({"a", "b"})),
        "OK: total: some | 'things.total.count'=2;;;0;\n");
}

TEST(Counters, WhatIsMissingIsToldUnderItsName) {
    CountedBlock many = things({"a"});
    many[0].readings[0] = Reading::missing();
    many[0].readings[1] = Reading::first_look();
    EXPECT_EQ(
        said({}, many),
        "OK: Thing 'a' size : skipped (no value(s)), age : Buffer creation | 'things.total.count'=1;;;0;\n"
        "Thing 'a' size : skipped (no value(s)), age : Buffer creation\n");
}

TEST(Counters, WrongThresholdsAreRefusedByTheLongName) {
    EXPECT_EQ(said(words_of({{"warning-size", "abc"}}), {}),
              "Wrong warning-instance-thing-size-bytes threshold 'abc'.");
    EXPECT_EQ(said(words_of({{"filter-counters", "("}}), {}).substr(0, 51),
              "--filter-counters: wrong regular expression '(' at ");
}

TEST(Counters, CanBeListed) {
    EXPECT_EQ(
        said(words_of({{"list-counters", ""}}), {}),
        "counter list: total size age \n"
        "configuration:  --warning-total='$_SERVICEWARNINGTOTAL$' --critical-total='$_SERVICECRITICALTOTAL$' "
        "--warning-size='$_SERVICEWARNINGSIZE$' --critical-size='$_SERVICECRITICALSIZE$' "
        "--warning-age='$_SERVICEWARNINGAGE$' --critical-age='$_SERVICECRITICALAGE$'\n");
}

TEST(Counters, OptionsHaveBothNames) {
    const auto find = [](const std::vector<OptionSpec>& options, std::string_view name) {
        const auto found = std::find_if(options.begin(), options.end(),
                                        [&](const OptionSpec& one) { return one.name == name; });
        return found == options.end() ? OptionSpec{} : *found;
    };
    const auto fresh = counter_options(table());
    EXPECT_EQ(find(fresh, "warning-size").same_as, "warning-instance-thing-size-bytes");
    EXPECT_EQ(find(fresh, "critical-things-total-count").same_as, "");
    const auto old = counter_options(table(), false);
    EXPECT_EQ(find(old, "warning-instance-thing-size-bytes").same_as, "warning-size");
}

TEST(Counters, ConditionsDecideOverVariables) {
    Counters counters(
        {{.name = "status",
          .counters = {{.label = "status", .condition = true, .fallback_warning = "%{state} eq 'bad'"}}}});
    Reading made;
    made.text = "state is bad";
    made.variables = {{"state", "bad"}};
    ASSERT_TRUE(counters.prepare({}).ok());
    Report report;
    ASSERT_TRUE(counters.judge({{{.readings = {made}}}}, report).ok());
    EXPECT_EQ(report.status(), Status::warning);
    Report other;
    ASSERT_TRUE(
        counters.prepare(words_of({{"warning-status", ""}, {"critical-status", "%{state} =~ /BAD/i"}})).ok());
    ASSERT_TRUE(counters.judge({{{.readings = {made}}}}, other).ok());
    EXPECT_EQ(other.status(), Status::critical);
    EXPECT_FALSE(counters.prepare(words_of({{"critical-status", "%{state} =="}})).ok());
}

}  // namespace
}  // namespace mullion::checks
