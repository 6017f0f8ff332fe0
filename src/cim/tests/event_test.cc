#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include <fmt/core.h>

#include "cim/classes/classes.h"
#include "cim/journal.h"
#include "cim/tests/made_up.h"

namespace mullion::cim {
namespace {

constexpr const char* converter = "/lib/systemd/systemd-journal-remote";
constexpr std::int64_t first = 1'700'000'000'000'000;

// In journald's export format ("Journal Export Formats"). What is not of one line has its length in front.
std::string entry(std::int64_t seconds, const std::string& message, const std::string& fields) {
    std::string size;
    for (unsigned byte = 0; byte < 8; ++byte) size += static_cast<char>(message.size() >> (8 * byte) & 0xFF);
    return fmt::format(
               "__REALTIME_TIMESTAMP={}\n__MONOTONIC_TIMESTAMP={}\n_BOOT_ID="
               "00000000000000000000000000000001\n",
               first + seconds * 1'000'000, seconds + 1) +
           fields + "MESSAGE\n" + size + message + "\n\n";
}

// A machine whose journal is a real file, made of that text.
class Journaled : public MadeUp {
public:
    explicit Journaled(const std::string& text) {
        file("/export", text).folder("/journal");
        const auto folder = machine.below_root("/journal");
        std::string program = converter, option = "--output=" + folder + "/system.journal",
                    input = machine.below_root("/export");
        std::array<char*, 4> words = {program.data(), option.data(), input.data(), nullptr};
        pid_t pid = -1;
        int status = -1;
        made_ = ::posix_spawn(&pid, converter, nullptr, nullptr, words.data(), environ) == 0 &&
                ::waitpid(pid, &status, 0) == pid && status == 0;
        machine.journal = [folder](std::string& why) { return open_journal(folder, why); };
        machine.user_name = [this](std::uint32_t uid) -> std::optional<std::string> {
            ++lookups;
            if (uid == 1000) return "alice";
            return std::nullopt;
        };
    }
    [[nodiscard]] bool made() const { return made_; }
    unsigned lookups = 0;

private:
    bool made_ = false;
};

bool have_converter() {
    return ::access(converter, X_OK) == 0;
}
#define NEEDS_CONVERTER() \
    if (!have_converter()) GTEST_SKIP() << "no " << converter << " (Debian package systemd-journal-remote)"

std::string a_few() {
    return entry(0, "boot", "PRIORITY=6\n_TRANSPORT=kernel\nSYSLOG_IDENTIFIER=kernel\n_HOSTNAME=web1\n") +
           entry(1, "disk fails", "PRIORITY=3\n_TRANSPORT=kernel\nSYSLOG_IDENTIFIER=kernel\n") +
           entry(2, "login",
                 "PRIORITY=4\n_TRANSPORT=syslog\n_SYSTEMD_UNIT=ssh.service\n_COMM=sshd\n_UID=0\n") +
           entry(3, "two\nlines \xff\x01",
                 "PRIORITY=0\n_TRANSPORT=journal\n_SYSTEMD_UNIT=session-1.scope\n"
                 "SYSLOG_IDENTIFIER=app\n_UID=1000\n"
                 "_SOURCE_REALTIME_TIMESTAMP=1700000002500000\n") +
           entry(4, "audited", "_TRANSPORT=audit\n_UID=1000\n") +
           entry(5, "unit",
                 "PRIORITY=nonsense\n_PID=1\n_TRANSPORT=journal\n_COMM=systemd\n"
                 "_SOURCE_REALTIME_TIMESTAMP=1800000000000000\n");
}

std::int64_t moment_of(const Instance& row, std::string_view property) {
    return std::get<Moment>(std::get<Scalar>(*row.find(property))).microseconds;
}

std::string messages(const std::vector<Instance>& rows) {
    std::string all;
    for (const auto& row : rows) all += text_of(row, "Message") + "|";
    return all;
}

TEST(Event, TellsWhatTheJournalSaysNewestFirst) {
    NEEDS_CONVERTER();
    Journaled made(a_few());
    ASSERT_TRUE(made.made());
    const auto rows = rows_of(nt_log_event(), made.machine);
    ASSERT_EQ(messages(rows), "unit|audited|two\nlines \\xff\\x01|login|disk fails|boot|");
    struct {
        const char *log, *source, *type;
        unsigned code;
    } const expected[] = {{"System", "systemd", "Information", 3}, {"Security", "audit", "Information", 3},
                          {"Application", "app", "Error", 1},      {"System", "sshd", "Warning", 2},
                          {"System", "kernel", "Error", 1},        {"System", "kernel", "Information", 3}};
    for (std::size_t at = 0; at < rows.size(); ++at) {
        EXPECT_EQ(text_of(rows[at], "Logfile"), expected[at].log) << at;
        EXPECT_EQ(text_of(rows[at], "SourceName"), expected[at].source) << at;
        EXPECT_EQ(text_of(rows[at], "Type"), expected[at].type) << at;
        EXPECT_EQ(number_of(rows[at], "EventType"), expected[at].code) << at;
        EXPECT_EQ(number_of(rows[at], "RecordNumber"), rows.size() - at);
        EXPECT_EQ(moment_of(rows[at], "TimeWritten"), first + static_cast<std::int64_t>(5 - at) * 1'000'000);
    }
    EXPECT_EQ(moment_of(rows[2], "TimeGenerated"), first + 2'500'000);
    // Later than it was written: a clock, or a lie.
    EXPECT_EQ(moment_of(rows[0], "TimeGenerated"), first + 5'000'000);
    EXPECT_EQ(text_of(rows[5], "ComputerName"), "web1");
    EXPECT_EQ(text_of(rows[2], "User"), "alice");
    EXPECT_TRUE(is_null(rows[3], "User"));
    EXPECT_EQ(made.lookups, 2u);
    EXPECT_TRUE(is_null(rows[0], "InsertionStrings"));
}

TEST(Event, LooksNoFurtherBackThanIsAsked) {
    NEEDS_CONVERTER();
    Journaled made(a_few());
    ASSERT_TRUE(made.made());
    const Question question = {{}, {}, {{"TimeGenerated", first + 3'000'000}}};
    EXPECT_EQ(messages(rows_of(nt_log_event(), made.machine, question)),
              "unit|audited|two\nlines \\xff\\x01|");
    EXPECT_EQ(messages(rows_of(nt_log_event(), made.machine, {{}, {}, {{"timewritten", first + 9'000'000}}})),
              "");
    EXPECT_EQ(messages(rows_of(nt_log_event(), made.machine, {{}, {{"EventType", "1"}}, {}})),
              "two\nlines \\xff\\x01|disk fails|");
    EXPECT_EQ(messages(rows_of(nt_log_event(), made.machine, {{}, {{"EventType", "2"}}, {}})), "login|");
    Gathered two;
    two.most = 2;
    EXPECT_FALSE(nt_log_event().enumerate(made.machine, {}, two));
    EXPECT_EQ(two.rows.size(), 2u);
    const auto found = nt_log_event().get(made.machine, {}, {{"Logfile", "system"}, {"RecordNumber", "2"}});
    ASSERT_TRUE(found.instance);
    EXPECT_EQ(text_of(*found.instance, "Message"), "disk fails");
    EXPECT_FALSE(
        nt_log_event().get(made.machine, {}, {{"Logfile", "Application"}, {"RecordNumber", "2"}}).instance);
}

TEST(Event, LongMessagesAreCut) {
    NEEDS_CONVERTER();
    Journaled made(entry(0, std::string(700'000, 'x'), ""));
    ASSERT_TRUE(made.made());
    const auto rows = rows_of(nt_log_event(), made.machine);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_LE(text_of(rows[0], "Message").size(), 64u * 1024);
    EXPECT_GT(text_of(rows[0], "Message").size(), 60u * 1024);
}

TEST(Event, ADamagedFileIsAFaultOrHasFewer) {
    NEEDS_CONVERTER();
    Journaled made(a_few());
    ASSERT_TRUE(made.made());
    const auto file = made.machine.below_root("/journal/system.journal");
    const auto size = std::filesystem::file_size(file);
    for (const auto part : {std::uintmax_t{8}, size / 1000, size / 4}) {
        std::filesystem::resize_file(file, part);
        Gathered gathered;
        (void)nt_log_event().enumerate(made.machine, {}, gathered);
        EXPECT_LE(gathered.rows.size(), 6u) << part;
        std::filesystem::resize_file(file, size);
    }
}

TEST(Event, WithoutAJournalIsAFault) {
    MadeUp made;
    Gathered gathered;
    auto fault = nt_log_event().enumerate(made.machine, {}, gathered);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->kind, Fault::Kind::unreadable);
    const auto folder = made.machine.below_root("/none");
    made.machine.journal = [&](std::string& why) { return open_journal(folder, why); };
    fault = nt_log_event().enumerate(made.machine, {}, gathered);
    ASSERT_TRUE(fault);
    EXPECT_NE(fault->text().find(folder), std::string::npos) << fault->text();
}

// A journal that breaks off.
class Breaking final : public Journal {
public:
    void only(const std::string&, const std::string&) override {}
    std::optional<JournalEntry> next(std::string& why) override {
        if (left_-- > 0) return JournalEntry{first, 1u << left_, {}};
        why = "Input/output error";
        return std::nullopt;
    }

private:
    int left_ = 2;
};

TEST(Event, WhatBreaksOffIsAFault) {
    MadeUp made;
    made.machine.journal = [](std::string&) { return std::make_unique<Breaking>(); };
    Gathered gathered;
    const auto fault = nt_log_event().enumerate(made.machine, {}, gathered);
    EXPECT_EQ(gathered.rows.size(), 2u);
    ASSERT_TRUE(fault);
    EXPECT_NE(fault->text().find("Input/output error"), std::string::npos);
}

TEST(Journal, EveryTruncationOfACursorIsTheNumberOrNone) {
    constexpr std::string_view cursor = "s=e07f;i=2fa;b=01;m=7d0;t=60a2;x=9cd4";
    for (std::size_t size = 0; size < cursor.size(); ++size)
        EXPECT_EQ(parse_cursor(cursor.substr(0, size)).value_or(0x2fa), 0x2fau) << size;
    EXPECT_EQ(parse_cursor(cursor), 0x2fau);
    for (const char* none : {"", ";;;", "i=;", "i=xyz;", "s=1;", "i=fffffffffffffffff;"})
        EXPECT_EQ(parse_cursor(none), std::nullopt) << none;
}

}  // namespace
}  // namespace mullion::cim
