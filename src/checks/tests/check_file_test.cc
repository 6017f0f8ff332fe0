// Check files: how they are read, and refused.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "checks/check_file/ad_hoc.h"
#include "checks/check_file/check_file.h"
#include "checks/tests/played.h"
#include "source_dir/source_dir.h"

namespace mullion::checks::tests {
namespace {

std::string content_of(const std::string& path) {
    std::ifstream file(source_dir() + "/" + path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string refusal(const std::string& text) {
    const auto read = read_check_file(text, "c.yml");
    if (read.ok()) return "";
    EXPECT_EQ(read.error().id, ErrorId::usage_invalid) << text;
    return read.error().detail;
}

// The smallest that is right, with something behind it.
std::string with(const std::string& more) {
    return "version: 1\nname: x\nclass: C\ncounters:\n  a: {value: '%{A}'}\n" + more;
}

TEST(CheckFile, TheExamplesAreRight) {
    for (const char* name : {"iis-app-pools", "tcp-retransmissions"}) {
        const auto read = read_check_file(content_of(std::string("examples/checks/") + name + ".yml"), name);
        ASSERT_TRUE(read.ok()) << read.error().detail;
        EXPECT_EQ((*read)->name, name);
    }
}

TEST(CheckFile, TheSchemaHasTheSameKeys) {
    const auto schema = nlohmann::json::parse(content_of("docs/formats/check.schema.json"));
    for (const auto& [kind, keys] : check_file_keys()) {
        const auto& object = kind.empty() ? schema : schema.at("$defs").at(kind);
        EXPECT_EQ(object.at("additionalProperties"), false) << kind;
        std::set<std::string> names;
        for (const auto& [name, value] : object.at("properties").items()) names.insert(name);
        EXPECT_EQ(names, keys) << kind;
    }
}

TEST(CheckFile, AsksForWhatItUses) {
    const auto read = read_check_file(
        "version: 1\nname: x\nclass: C\nnamespace: root\\WebAdministration\nwhere: \"Name != "
        "'x'\"\ninstance: "
        "Name\nvalues:\n  r: {property: Reads, type: counter}\ncounters:\n  a: {value: '%{r} + %{Other}'}\n  "
        "s: "
        "{critical: '%{name} eq %{State}'}\n",
        "c.yml");
    ASSERT_TRUE(read.ok()) << read.error().detail;
    EXPECT_EQ(
        (*read)->wql,
        "SELECT Name, Reads, Timestamp_PerfTime, Frequency_PerfTime, Other, State FROM C WHERE Name != 'x'");
    EXPECT_EQ((*read)->cim_namespace, "root/WebAdministration");
    EXPECT_TRUE((*read)->two_looks());
    EXPECT_EQ((*read)->counters[0].metric, "a");
}

TEST(CheckFile, FaultsHaveTheFileAndTheLine) {
    EXPECT_EQ(refusal(with("")), "");
    EXPECT_EQ(refusal(with("contuers: {}\n")),
              "c.yml:6: contuers is not a key of a check file; did you mean counters?");
    EXPECT_EQ(refusal("version: 2\n"), "c.yml:1: version is 1");
    EXPECT_EQ(refusal("name: x\nclass: C\ncount: {}\n"), "c.yml:1: version: 1 is missing");
    EXPECT_EQ(refusal("version: 1\nclass: C\ncount: {}\n"), "c.yml:1: name is missing");
    EXPECT_EQ(refusal("version: 1\nname: x\ncount: {}\n"), "c.yml:1: it takes either class or query");
    EXPECT_EQ(refusal(with("query: SELECT * FROM C\n")), "c.yml:6: it takes either class or query");
    EXPECT_EQ(refusal("version: 1\nname: x\nquery: q\nwhere: a = 1\ncount: {}\n"),
              "c.yml:3: query says all: properties and where go with class");
    EXPECT_EQ(refusal("version: 1\nname: x\nclass: C\n"),
              "c.yml:1: counters or count is missing: what is judged");
    EXPECT_EQ(refusal("version: 1\nname: X\nclass: C\n"),
              "c.yml:2: 'X' is no name: small letters, digits and -");
    EXPECT_EQ(refusal("version: 1\nname: x\nclass: C D\n"), "c.yml:3: class: 'C D' is no name of CIM");
    EXPECT_EQ(refusal(with("namespace: 'root cimv2'\n")), "c.yml:6: 'root cimv2' is no namespace");
    EXPECT_EQ(refusal(with("include: x\n")),
              "c.yml:1: include and exclude are of the names that instance gives, which is missing");
    EXPECT_NE(refusal(with("instance: Name\ninclude: '('\n")).find("c.yml:7: include"), std::string::npos);
    EXPECT_NE(refusal(with("only: '%{A} =='\n")).find("c.yml:6: only: character"), std::string::npos);
    EXPECT_EQ(refusal(with("empty: fine\n")), "c.yml:6: empty is ok, warning, critical or unknown");
    EXPECT_EQ(refusal(with("output: {lines: x}\n")),
              "c.yml:6: lines is not a key of output; did you mean line?");
    EXPECT_EQ(refusal(with("values: [a]\n")), "c.yml:6: values is a map of keys and values");
    EXPECT_EQ(refusal(with("help: [a]\n")), "c.yml:6: help takes one value");
    EXPECT_EQ(refusal(with("properties: A\n")), "c.yml:6: properties takes a list");
    EXPECT_NE(refusal("version: 1\nversion: 1\n").find("c.yml:2: "), std::string::npos);
    EXPECT_NE(refusal("version: &a 1\n").find("c.yml:1: "), std::string::npos);
}

TEST(CheckFile, WrongCountersAreRefused) {
    const auto counter = [](const std::string& text) {
        return refusal("version: 1\nname: x\nclass: C\ncounters:\n  a:\n    " + text + "\n");
    };
    EXPECT_EQ(counter("value: '%{A}'"), "");
    EXPECT_EQ(counter("warning: 80\n    value: '%{A}'"), "");
    EXPECT_EQ(counter("value: '%{A}'\n    warning: abc"),
              "c.yml:7: warning: 'abc' is no threshold: [@][start:][end]");
    EXPECT_EQ(counter("value: '%{A}'\n    warning: 5:1"),
              "c.yml:7: warning: '5:1' is no threshold: [@][start:][end]");
    EXPECT_NE(counter("critical: '%{A} eq'").find("c.yml:6: critical: character"), std::string::npos);
    EXPECT_EQ(counter("unit: s"), "c.yml:6: a: unit goes with value");
    EXPECT_EQ(counter("value: '%{A}'\n    unit: 's;1'"), "c.yml:7: unit: 's;1' is no unit");
    EXPECT_EQ(counter("value: '%{A}'\n    decimals: 10"), "c.yml:7: decimals is a number from 0 to 9");
    EXPECT_EQ(counter("value: '%{A}'\n    show: words"), "c.yml:7: show is number, bytes, bits or duration");
    EXPECT_EQ(counter("value: '%{A}'\n    missing: ok"), "c.yml:7: missing is unknown or skip");
    EXPECT_NE(counter("value: '%{A}'\n    metric: 'a b'").find("c.yml:7: metric: 'a b' is no name"),
              std::string::npos);
    EXPECT_EQ(counter("text: '%{value}'"), "c.yml:5: %{value} means nothing here");
    EXPECT_EQ(counter("value: '%{a-b}'"), "c.yml:5: %{a-b} is no value and no property");
    EXPECT_NE(refusal("version: 1\nname: x\nclass: C\ncounters:\n  A: {value: 1}\n")
                  .find("c.yml:5: 'A' is no label"),
              std::string::npos);
    EXPECT_NE(refusal("version: 1\nname: x\nclass: C\ncounters:\n  a-b: {value: 1, metric: c}\n  c: {value: "
                      "1, metric: a.b}\n")
                  .find("c.yml:1: two counters have an option --"),
              std::string::npos);
}

TEST(CheckFile, WrongValuesAreRefused) {
    const auto value = [](const std::string& text) {
        return refusal(with("properties: [A, B]\nvalues:\n  v: " + text + "\n"));
    };
    EXPECT_EQ(value("{property: X, type: bulk_count}"), "");
    EXPECT_EQ(value("{property: X, type: 272696576, time: T}"), "");
    EXPECT_EQ(value("{}"), "c.yml:8: v takes either property or calculate");
    EXPECT_EQ(value("{property: A, calculate: '1'}"), "c.yml:8: v takes either property or calculate");
    EXPECT_EQ(value("{calculate: '1', type: counter}"), "c.yml:8: v: what is calculated has no type");
    EXPECT_NE(value("{property: A, type: x}").find("c.yml:8: v: 'x' is no type"), std::string::npos);
    EXPECT_EQ(value("{property: A, base: B}"), "c.yml:8: v: its type takes no base");
    EXPECT_EQ(value("{property: A, type: counter, base: B}"), "c.yml:8: v: its type takes no base");
    EXPECT_EQ(value("{property: A, bits: 32}"), "c.yml:8: v: bits go with what is looked at twice");
    EXPECT_EQ(value("{property: A, type: difference, bits: 31}"), "c.yml:8: bits is 8, 16, 32 or 64");
    EXPECT_EQ(value("{property: A, type: counter, words: {1: x}}"), "c.yml:8: v: words are for plain values");
    EXPECT_EQ(value("{calculate: '%{C}'}"), "c.yml:8: %{C} is no value, and not among the properties");
    EXPECT_EQ(value("{calculate: '%{w}'}\n  w: {property: A}"),
              "c.yml:8: %{w} is used before it is there: put it above");
    EXPECT_EQ(value("{calculate: '%{v}'}"), "c.yml:8: %{v} is used before it is there: put it above");
    EXPECT_NE(refusal(with("values:\n  Name: {property: A}\n")).find("c.yml:7: 'Name' is no name of a value"),
              std::string::npos);
    EXPECT_NE(refusal(with("values:\n  count: {property: A}\n")).find("c.yml:7: 'count' is no name"),
              std::string::npos);
}

TEST(CheckFile, IsBounded) {
    EXPECT_FALSE(read_check_file(std::string(longest_check_file + 1, ' '), "c.yml").ok());
    EXPECT_NE(refusal(with("help: " + std::string(5000, 'x') + "\n")).find("longer than 4096"),
              std::string::npos);
    std::string many = "version: 1\nname: x\nclass: C\ncounters:\n";
    for (int i = 0; i < 101; ++i) many += "  a" + std::to_string(i) + ": {value: 1}\n";
    EXPECT_EQ(refusal(many), "c.yml:4: there are too many counters");
    std::string deep = "version: ";
    for (int i = 0; i < 100; ++i) deep += "[";
    EXPECT_NE(refusal(deep), "");
}

TEST(CheckFile, EveryTruncationIsRefusedOrAnother) {
    const auto text = content_of("examples/checks/iis-app-pools.yml");
    std::size_t refused = 0;
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto read = read_check_file(std::string_view(text).substr(0, size), "c.yml");
        refused += !read.ok();
        if (read.ok())
            EXPECT_FALSE((*read)->counters.empty()) << size;
        else
            EXPECT_EQ(read.error().id, ErrorId::usage_invalid) << size;
    }
    EXPECT_GT(refused, text.size() / 2);
}

TEST(AdHoc, IsReadFromOptions) {
    auto words = words_of({{"query", "SELECT * FROM C"}, {"namespace", "root\\x"}, {"instance", "Name"}});
    words.add("metric", "disk.Queue.length=CurrentDiskQueueLength");
    words.add("metric", "reads=counter(DiskReadsPersec)");
    words.add("metric", "free[%]=%{Free} * 100 / %{Size}");
    const auto check = ad_hoc_check(words);
    ASSERT_TRUE(check.ok()) << check.error().detail;
    EXPECT_EQ((*check)->wql, "SELECT * FROM C");
    EXPECT_EQ((*check)->cim_namespace, "root/x");
    ASSERT_EQ((*check)->counters.size(), 3U);
    EXPECT_EQ((*check)->counters[0].label, "disk-queue-length");
    EXPECT_EQ((*check)->counters[0].metric, "disk.Queue.length");
    EXPECT_EQ((*check)->values.at(0).property, "DiskReadsPersec");
    EXPECT_EQ((*check)->counters[2].unit, "%");
    EXPECT_TRUE((*check)->two_looks());
}

TEST(AdHoc, WrongOptionsAreRefused) {
    const auto said = [](std::initializer_list<std::string> metrics,
                         std::initializer_list<std::pair<std::string_view, std::string>> more = {}) {
        auto words = words_of(more);
        words.set("query", "q");
        for (const auto& metric : metrics) words.add("metric", metric);
        const auto check = ad_hoc_check(words);
        return check.ok() ? std::string() : check.error().detail;
    };
    EXPECT_EQ(said({"a=A"}), "");
    EXPECT_NE(said({"a"}).find("Wrong --metric 'a'"), std::string::npos);
    EXPECT_NE(said({"a="}).find("Wrong --metric"), std::string::npos);
    EXPECT_NE(said({"=A"}).find("Wrong --metric"), std::string::npos);
    EXPECT_NE(said({"a[1]=A"}).find("Wrong --metric"), std::string::npos);
    EXPECT_NE(said({"-a=A"}).find("no label"), std::string::npos);
    EXPECT_NE(said({"a=A", "a=B"}).find("twice"), std::string::npos);
    EXPECT_NE(said({"a=nothing(A)"}), "");
    EXPECT_NE(said({"a=%{A} +"}), "");
    EXPECT_NE(said({}, {{"namespace", "a b"}}), "");
    EXPECT_NE(said({}, {{"instance", "a b"}}), "");
    EXPECT_FALSE(ad_hoc_check(words_of({{"instance", "A"}})).ok());
}

}  // namespace
}  // namespace mullion::checks::tests
