// Questions, and what becomes of a scrape where some of them fail.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "exporter/collectors/all.h"
#include "exporter/tests/tables.h"
#include "wql/parse.h"

namespace mullion::exporter::tests {
namespace {

bool has(const ScrapeResult& result, const std::string& line) {
    return ("\n" + result.text).find("\n" + line + "\n") != std::string::npos;
}

const auto memory = answer({row({{"AvailableBytes", "1"}})});
const auto system_row = answer({row({{"TotalVisibleMemorySize", "1"}, {"Caption", "Windows"}})});
const auto computer = answer({row({{"DNSHostName", "web01"}})});

TEST(Plan, CollectorsShareTheQuestionOfAClass) {
    const std::vector<const Collector*> wanted = {&memory_collector, &os_collector, &os_collector,
                                                  &time_collector};
    const Plan plan(wanted);
    EXPECT_EQ(plan.collectors(), 3U);
    std::size_t of_system = 0;
    for (const auto& question : plan.questions())
        if (question.class_name == "Win32_OperatingSystem") {
            ++of_system;
            EXPECT_EQ(
                question.query.wql,
                "SELECT TotalVisibleMemorySize, FreePhysicalMemory, MaxProcessMemorySize, Caption, Version, "
                "BuildNumber, ProductType, InstallDate, LocalDateTime FROM Win32_OperatingSystem");
        }
    EXPECT_EQ(of_system, 1U);
}

TEST(Plan, AllQuestionsAreWqlOfOneClass) {
    const std::vector<const Collector*> all(collectors().begin(), collectors().end());
    const Plan plan(all);
    EXPECT_GT(plan.questions().size(), 15U);
    for (const auto& question : plan.questions()) {
        EXPECT_TRUE(std::holds_alternative<wql::Query>(wql::parse(question.query.wql))) << question.query.wql;
        EXPECT_EQ(question.query.wql.find('*'), std::string::npos);
    }
}

TEST(Plan, NewPropertiesAreAskedForApart) {
    // An older host refuses a query that names a property which it has not: the others must not suffer.
    const std::vector<const Collector*> wanted = {&cpu_collector};
    const Plan plan(wanted);
    ASSERT_EQ(plan.questions().size(), 2U);
    EXPECT_EQ(plan.questions()[0].query.wql.find("Utility"), std::string::npos);
    EXPECT_NE(plan.questions()[1].query.wql.find("PercentProcessorUtility_Base"), std::string::npos);
}

TEST(Scrape, OneCollectorFailsAndTheOthersAreShown) {
    const auto result =
        scrape({&memory_collector, &os_collector},
               {{"Win32_PerfRawData_PerfOS_Memory", answer(Error(ErrorId::wsman_access_denied, "no"))},
                {"Win32_OperatingSystem", system_row},
                {"Win32_ComputerSystem", computer}});
    EXPECT_FALSE(result.success);
    EXPECT_TRUE(result.up);
    EXPECT_TRUE(has(result, "windows_exporter_collector_success{collector=\"memory\"} 0"));
    EXPECT_TRUE(
        has(result, "wsman_collector_failure{collector=\"memory\",reason=\"wsman.access_denied\"} 1"));
    EXPECT_TRUE(has(result, "windows_exporter_collector_success{collector=\"os\"} 1"));
    EXPECT_TRUE(has(result, "windows_exporter_collector_duration_seconds{collector=\"os\"} 0.5"));
    EXPECT_TRUE(has(result, "windows_memory_physical_total_bytes 1024")) << "what did come is shown";
    EXPECT_TRUE(has(result, "probe_success 0"));
    EXPECT_TRUE(has(result, "wsman_up 1"));
    EXPECT_TRUE(has(result, "probe_duration_seconds 1.5"));
}

TEST(Scrape, NoRowsOfWhatEveryHostHasAreAFailureThatNamesTheRight) {
    const auto result = scrape({&os_collector}, {{"Win32_OperatingSystem", answer(checks::Rows())},
                                                 {"Win32_ComputerSystem", computer}});
    EXPECT_FALSE(result.success);
    ASSERT_EQ(result.told.front().problems.count(), 1U);
    EXPECT_NE(result.told.front().problems.first().front().find("Performance Monitor Users"),
              std::string::npos);
    EXPECT_TRUE(has(result, "wsman_collector_failure{collector=\"os\",reason=\"rows\"} 1"));
}

TEST(Scrape, AHostThatDoesNotKnowAClassHasNoSuchMetrics) {
    const Answers answers = {
        {"Win32_OperatingSystem", answer({row({{"LocalDateTime", "20260101120000.000000+000"}})})},
        {"Win32_TimeZone", answer(Error(ErrorId::wsman_fault, "invalid class"))},
        {"Win32_PerfRawData_MicrosoftWindowsW32TimePerf_WindowsTimeService",
         answer(Error(ErrorId::wsman_fault, "invalid class"))}};
    EXPECT_TRUE(scrape({&time_collector}, answers).success);
    auto denied = answers;
    denied[1].second = answer(Error(ErrorId::wsman_access_denied, "no"));
    EXPECT_FALSE(scrape({&time_collector}, denied).success) << "a right that is missing is told all the same";
}

TEST(Scrape, WhatWasNotAskedAnyMoreIsATimeout) {
    const auto result = scrape({&os_collector}, {{"Win32_OperatingSystem", system_row}});
    EXPECT_TRUE(has(result, "windows_exporter_collector_timeout{collector=\"os\"} 1"));
    EXPECT_TRUE(has(result, "wsman_collector_failure{collector=\"os\",reason=\"run.timeout\"} 1"));
    EXPECT_TRUE(has(result, "windows_os_info{product=\"Windows\"} 1"));
}

TEST(Scrape, AHostThatIsNotThereIsNotUp) {
    const auto gone = answer(Error(ErrorId::net_refused, "connection refused"));
    const auto result =
        scrape({&os_collector}, {{"Win32_OperatingSystem", gone}, {"Win32_ComputerSystem", gone}});
    EXPECT_FALSE(result.up);
    EXPECT_TRUE(has(result, "wsman_up 0"));
    EXPECT_TRUE(has(result, "wsman_collector_failure{collector=\"os\",reason=\"net.refused\"} 1"));
    // One that says no is there: the alert for hosts that are not reached is not for it.
    const auto denied = answer(Error(ErrorId::wsman_access_denied, "no right"));
    const auto up =
        scrape({&os_collector}, {{"Win32_OperatingSystem", denied}, {"Win32_ComputerSystem", denied}});
    EXPECT_TRUE(has(up, "wsman_up 1"));
    EXPECT_TRUE(has(up, "probe_success 0"));
}

TEST(Scrape, AWrongTypeIsSaidAndIsNoZero) {
    const auto result =
        scrape({&memory_collector}, {{"Win32_PerfRawData_PerfOS_Memory",
                                      answer({row({{"AvailableBytes", "many"}, {"CacheBytes", "-1"}})})},
                                     {"Win32_OperatingSystem", system_row}});
    EXPECT_FALSE(result.success);
    EXPECT_EQ(result.text.find("windows_memory_available_bytes"), std::string::npos);
    ASSERT_EQ(result.told.front().problems.count(), 2U);
    EXPECT_NE(
        result.told.front().problems.first()[0].find("PerfOS_Memory.AvailableBytes: \"many\" is no number"),
        std::string::npos);
}

TEST(Scrape, AFloodIsCutOffAndSaid) {
    checks::Rows rows;
    for (int at = 0; at < 100; ++at) {
        const auto name = "nic" + std::to_string(at);
        rows.push_back(row({{"Name", name.c_str()}, {"BytesSentPersec", "1"}}));
    }
    const auto result = scrape({&net_collector},
                               {{"Win32_PerfRawData_Tcpip_NetworkInterface", answer(rows)},
                                {"Win32_NetworkAdapter", answer(checks::Rows())},
                                {"Win32_NetworkAdapterConfiguration", answer(checks::Rows())},
                                {"MSFT_NetAdapter", answer(checks::Rows())}},
                               {}, {.series = 60});
    EXPECT_EQ(result.dropped, 40U);
    EXPECT_FALSE(result.success);
    EXPECT_TRUE(has(result, "wsman_dropped_series 40"));
    EXPECT_TRUE(has(result, "probe_success 0"));
}

// Prometheus' own judge, with every family that there is.
TEST(Scrape, PromtoolFindsNothingToSay) {
    if (std::system("promtool --version >/dev/null 2>&1") != 0)
        GTEST_SKIP() << "promtool is not installed (tools/install-deps: prometheus)";
    Page page;
    const auto add = [&](const Family& family) {
        std::vector<std::string_view> labels(family.labels().size(), "a \"b\" \\ c\n\xFF");
        page.add(family, labels, 1.5);
    };
    for (const auto* family : scrape_families()) add(*family);
    for (const auto* collector : collectors())
        for (const auto* family : collector->families) add(*family);
    ASSERT_EQ(page.dropped(), 0U);
    char name[] = "/tmp/mullion-promtool-XXXXXX";
    const int file = mkstemp(name);
    ASSERT_GE(file, 0);
    const auto text = page.print();
    ASSERT_EQ(write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    close(file);
    FILE* tool = popen(("promtool check metrics 2>&1 <" + std::string(name)).c_str(), "r");
    ASSERT_NE(tool, nullptr);
    std::string said;
    char part[4096];
    while (const auto count = fread(part, 1, sizeof part, tool)) said.append(part, count);
    EXPECT_EQ(pclose(tool), 0) << said;
    EXPECT_EQ(said, "");
    unlink(name);
}

}  // namespace
}  // namespace mullion::exporter::tests
