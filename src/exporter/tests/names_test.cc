// Names, types and labels beside windows_exporter's own (tests/data/windows_exporter).
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "exporter/collector.h"
#include "exporter/scrape.h"
#include "source_dir/source_dir.h"

namespace mullion::exporter {
namespace {

std::string data(const std::string& file) {
    return source_dir() + "/src/exporter/tests/data/windows_exporter/" + file;
}

// "# TYPE name kind" of each.
std::map<std::string, std::string> their_types() {
    std::map<std::string, std::string> types;
    std::ifstream in(data("e2e-output.txt"));
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string hash, type, name, kind;
        if (words >> hash >> type >> name >> kind && type == "TYPE") types[name] = kind;
    }
    return types;
}

std::map<std::string, std::set<std::string>> their_labels() {
    std::map<std::string, std::set<std::string>> all;
    std::ifstream in(data("labels.txt"));
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("#")) continue;
        std::istringstream words(line);
        std::string name, labels;
        words >> name >> labels;
        auto& set = all[name];
        std::istringstream parts(labels);
        for (std::string label; std::getline(parts, label, ',');) set.insert(label);
    }
    return all;
}

std::vector<const Family*> our_families() {
    std::vector<const Family*> all(scrape_families().begin(), scrape_families().end());
    for (const auto* collector : collectors())
        all.insert(all.end(), collector->families.begin(), collector->families.end());
    return all;
}

// Where we differ in what both have, each with its reason.
const std::map<std::string, std::string> other_type = {
    {"windows_memory_pool_nonpaged_allocs_total", "theirs is a gauge that counts: promtool refuses it"},
    {"windows_udp_datagram_received_total", "the same"}};
const std::map<std::string, std::set<std::string>> labels_we_lack = {
    {"windows_logical_disk_info", {"disk"}},    // Two associations more for each volume.
    {"windows_os_info", {"revision"}},          // In the registry only: another right, another call.
    {"windows_process_info",                    // Win32_Process has them for administrators only; command
     {"cmdline", "owner", "process_group_id"}}  // lines hold passwords.
};

// Names of windows_exporter that have no source here. A prefix that ends in '*' is a collector as a whole.
const std::map<std::string, std::string> missing = {
    {"test_alpha_total", "its test's own"},
    {"windows_cache_*", "no collector yet: Win32_PerfRawData_PerfOS_Cache"},
    {"windows_exporter_build_info", "/metrics has mullion_exporter_build_info: a host runs no exporter"},
    {"windows_performancecounter_*", "no collector: its counters are the user's; mullion check wql has them"},
    {"windows_scheduled_task_*", "no collector yet: root/Microsoft/Windows/TaskScheduler"},
    {"windows_tcp_connections_state_count", "needs each connection (MSFT_NetTCPConnection)"},
    {"windows_textfile_mtime_seconds", "files of the host's own; there is no agent to read them"},
    {"windows_time_clock_frequency_adjustment_ppb", "Server 2019 and later only: one more query each time"},
    {"windows_time_clock_sync_source", "in the registry only"}};

bool covers(const std::string& pattern, const std::string& name) {
    return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1)) : name == pattern;
}

TEST(Names, EachIsThereOnceWithItsHelp) {
    std::set<std::string_view> seen;
    for (const auto* family : our_families()) {
        EXPECT_TRUE(seen.insert(family->name).second) << family->name;
        EXPECT_FALSE(family->help.empty()) << family->name;
        EXPECT_EQ(family->name.ends_with("_total"), family->kind == Kind::counter) << family->name;
    }
    EXPECT_GT(seen.size(), 150U);
}

TEST(Names, TypesAreWindowsExporters) {
    const auto theirs = their_types();
    ASSERT_GT(theirs.size(), 150U);
    std::size_t shared = 0;
    for (const auto* family : our_families()) {
        const std::string name(family->name);
        const auto found = theirs.find(name);
        if (found == theirs.end()) continue;
        ++shared;
        const bool same = found->second == kind_name(family->kind);
        EXPECT_NE(same, other_type.contains(name)) << name;
    }
    EXPECT_GT(shared, 120U);
}

TEST(Names, LabelsAreWindowsExporters) {
    const auto theirs = their_labels();
    ASSERT_GT(theirs.size(), 100U);
    for (const auto* family : our_families()) {
        const std::string name(family->name);
        if (!theirs.contains(name)) continue;
        std::set<std::string> ours(family->labels().begin(), family->labels().end());
        const auto lack = labels_we_lack.find(name);
        if (lack != labels_we_lack.end()) {
            for (const auto& label : lack->second) {
                EXPECT_TRUE(ours.insert(label).second) << name << ' ' << label;
            }
        }
        EXPECT_EQ(ours, theirs.at(name)) << name;
    }
}

TEST(Names, WhatIsMissingIsListedWithItsReason) {
    std::set<std::string> ours;
    for (const auto* family : our_families()) ours.emplace(family->name);
    std::set<std::string> used;
    for (const auto& theirs : their_types()) {
        const auto& name = theirs.first;
        const auto reason = std::find_if(missing.begin(), missing.end(),
                                         [&](const auto& entry) { return covers(entry.first, name); });
        if (reason != missing.end()) used.insert(reason->first);
        EXPECT_NE(ours.contains(name), reason != missing.end()) << name;
    }
    for (const auto& [pattern, why] : missing)
        EXPECT_TRUE(used.contains(pattern)) << pattern << ": nothing of it";
}

}  // namespace
}  // namespace mullion::exporter
