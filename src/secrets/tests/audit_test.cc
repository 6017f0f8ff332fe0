// The audit log: its chain, its writers, and what crashes and others do to it.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "os/tests/temporary_folder.h"
#include "secrets/audit/line.h"
#include "secrets/audit/log_file.h"
#include "secrets/audit/verify.h"

namespace mullion::secrets {
namespace {

const Principal operator_{"uid:1000"};
const Purpose run{"run", "web01", "ipconfig"};

AuditEntry used(const std::string& id) {
    return {AuditEntry::Kind::used, {Space::secret, {"o", "p"}, id}, 3, ""};
}

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}
void put(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
}

class AuditLogTest : public testing::Test {
protected:
    std::unique_ptr<AuditLog> open() {
        auto log = AuditLog::open(path, clock);
        EXPECT_TRUE(log.ok()) << log.error().message();
        return log.ok() ? std::move(log).value() : nullptr;
    }
    void write(int entries) {
        const auto log = open();
        for (int i = 0; i < entries; ++i)
            ASSERT_TRUE(log->write(operator_, run, std::vector{used("id" + std::to_string(i))}).ok());
    }

    os::TemporaryFolder folder;
    std::string path = folder.path() + "/audit";
    ManualClock clock;
};

TEST_F(AuditLogTest, SaysWhoUsedWhatForWhatAndIsChained) {
    const auto log = open();
    EXPECT_EQ(log->head(), no_audit_hash);
    const AuditEntry refused{AuditEntry::Kind::refused, {Space::connector, {}, "kms"}, 0, "secrets.missing"};
    ASSERT_TRUE(log->write(operator_, run, std::vector{used("win_pw"), refused}).ok());
    const std::string first =
        R"({"n":1,"time":"2025-12-18T00:00:00.000Z","kind":"used","who":"uid:1000","action":"run","host":"web01",)"
        R"("command":"ipconfig","space":"secret","scope":"project:o/p","id":"win_pw","version":3})";
    const std::string second =
        R"({"n":2,"time":"2025-12-18T00:00:00.000Z","kind":"refused","who":"uid:1000","action":"run","host":"web01",)"
        R"("command":"ipconfig","space":"connector","scope":"account","id":"kms","detail":"secrets.missing"})";
    const auto hash = audit_hash(no_audit_hash, first);
    EXPECT_EQ(text_of(path), audit_line(no_audit_hash, first) + audit_line(hash, second));
    EXPECT_EQ(log->head(), audit_hash(hash, second));

    std::vector<std::string> lines;
    const auto verdict = verify_audit(path, hash, [&](std::string_view line) { lines.emplace_back(line); });
    ASSERT_TRUE(verdict.ok()) << verdict.error().message();
    EXPECT_EQ(verdict->entries, 2u);
    EXPECT_EQ(verdict->head, log->head());
    EXPECT_EQ(verdict->after_head, 1u);
    EXPECT_EQ(verdict->unfinished + verdict->cut_off, 0u);
    EXPECT_EQ(lines.size(), 2u);
    struct stat about {};
    ASSERT_EQ(::stat(path.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 07777, 0600u);
}

TEST_F(AuditLogTest, KeepsTextsOfOthersOnTheirLine) {
    const auto log = open();
    const Purpose hostile{"run", "a\n\"b\x1b[2J\xE2\x80\xAE", std::string(5000, 'x') + "\xff"};
    ASSERT_TRUE(log->write(operator_, hostile, std::vector{used("id")}).ok());
    const auto text = text_of(path);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
    EXPECT_TRUE(std::all_of(text.begin(), text.end() - 1, [](char c) { return c >= ' ' && c <= '~'; }))
        << text;
    EXPECT_NE(text.find("(and 3977 bytes more)"), std::string::npos);
    EXPECT_TRUE(verify_audit(path).ok());
}

TEST_F(AuditLogTest, EveryBitThatChangesIsFound) {
    write(2);
    const auto whole = text_of(path);
    const auto head = verify_audit(path)->head;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto touched = whole;
        touched[at] = static_cast<char>(touched[at] ^ 1);
        put(path, touched);
        const auto verdict = verify_audit(path, head);
        ASSERT_FALSE(verdict.ok()) << at;
        EXPECT_EQ(verdict.error().id, ErrorId::audit_broken);
    }
}

TEST_F(AuditLogTest, LinesThatAreTakenOutPutInOrSwappedAreFound) {
    write(4);
    const auto whole = text_of(path);
    std::vector<std::string> lines;
    std::istringstream stream(whole);
    for (std::string line; std::getline(stream, line);) lines.push_back(line + "\n");
    const auto broken = [&](const std::string& text, const std::string& entry) {
        put(path, text);
        const auto verdict = verify_audit(path);
        ASSERT_FALSE(verdict.ok()) << text;
        EXPECT_EQ(verdict.error().id, ErrorId::audit_broken);
        EXPECT_NE(verdict.error().detail.find("entry " + entry + " "), std::string::npos)
            << verdict.error().detail;
    };
    broken(lines[1] + lines[2] + lines[3], "1");
    broken(lines[0] + lines[2] + lines[3], "2");
    broken(lines[0] + lines[2] + lines[1] + lines[3], "2");
    broken(lines[0] + lines[0] + lines[1] + lines[2], "2");
    broken(whole + lines[3], "5");
    // A line with a hash that is right, and a number that is not.
    broken(audit_line(no_audit_hash, entry_text(2, {}, operator_, run, used("a"))), "1");
}

TEST_F(AuditLogTest, OnlyAHeadTellsThatTheEndIsGone) {
    write(3);
    const auto whole = text_of(path);
    const auto head = verify_audit(path)->head;
    put(path, whole.substr(0, whole.rfind("{\"hash\"")));
    EXPECT_TRUE(verify_audit(path).ok());
    const auto verdict = verify_audit(path, head);
    ASSERT_FALSE(verdict.ok());
    EXPECT_EQ(verdict.error().id, ErrorId::audit_broken);
    EXPECT_NE(verdict.error().detail.find("2 entries"), std::string::npos);
    EXPECT_EQ(verify_audit(path, "ABC").error().id, ErrorId::usage_invalid);
}

TEST_F(AuditLogTest, WhatACrashCutShortIsSaidWhereverItWasCut) {
    write(1);
    const auto before = text_of(path);
    ASSERT_TRUE(open()->write(operator_, run, std::vector{used("x"), used("y")}).ok());
    const auto whole = text_of(path);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        // Each byte around the ends of lines, and some between: each costs two syncs.
        if (size > 2 && size % 16 != 0 && whole.substr(size - 2, 5).find('\n') == std::string::npos) continue;
        put(path, whole.substr(0, size));
        // A line that lacks nothing but its line feed says all that it had to say.
        const bool whole_lines = size == 0 || whole[size - 1] == '\n' || whole[size] == '\n';
        const auto begun = size == 0 ? 0 : size - 1 - whole.rfind('\n', size - 1);
        const auto cut = verify_audit(path);
        ASSERT_TRUE(cut.ok()) << size << cut.error().message();
        EXPECT_EQ(cut->cut_off, whole_lines ? 0 : begun) << size;

        const auto log = open();
        ASSERT_TRUE(log->write(operator_, run, std::vector{used("after")}).ok()) << size;
        const auto mended = verify_audit(path, log->head());
        ASSERT_TRUE(mended.ok()) << size << mended.error().message();
        EXPECT_EQ(mended->unfinished, whole_lines ? 0u : 1u) << size;
        EXPECT_EQ(mended->cut_off, 0u);
        // Nothing of what was there is gone.
        EXPECT_TRUE(text_of(path).starts_with(whole.substr(0, size)));
    }
}

TEST_F(AuditLogTest, WhatWasCutShortTwiceOrHasManyBytesIsSaidOnce) {
    write(1);
    auto text = text_of(path);
    // The disk of a machine that lost power: zeros, and a line that somebody had begun after them.
    text += std::string(300'000, '\0') + "\n{\"hash\":\"12";
    put(path, text);
    const auto log = open();
    ASSERT_TRUE(log->write(operator_, run, std::vector{used("after")}).ok());
    const auto verdict = verify_audit(path, log->head());
    ASSERT_TRUE(verdict.ok()) << verdict.error().message();
    EXPECT_EQ(verdict->unfinished, 1u);
    EXPECT_EQ(verdict->entries, 3u);
    // What was cut short cannot be changed afterwards either.
    text = text_of(path);
    text[text.find('\0')] = 'x';
    put(path, text);
    EXPECT_EQ(verify_audit(path).error().id, ErrorId::audit_broken);
}

TEST_F(AuditLogTest, IsWrittenBySeveralProcessesAtOnce) {
    constexpr int processes = 4, batches = 25;
    std::vector<pid_t> children;
    for (int child = 0; child < processes; ++child) {
        const pid_t pid = ::fork();
        ASSERT_GE(pid, 0);
        if (pid == 0) {
            auto log = AuditLog::open(path, clock);
            bool good = log.ok();
            for (int i = 0; good && i < batches; ++i)
                good = (*log)->write(operator_, run, std::vector{used("a"), used("b")}).ok();
            ::_exit(good ? 0 : 1);
        }
        children.push_back(pid);
    }
    for (const auto pid : children) {
        int status = -1;
        ASSERT_EQ(::waitpid(pid, &status, 0), pid);
        EXPECT_EQ(status, 0);
    }
    const auto verdict = verify_audit(path);
    ASSERT_TRUE(verdict.ok()) << verdict.error().message();
    EXPECT_EQ(verdict->entries, 2u * processes * batches);
    EXPECT_EQ(verdict->unfinished, 0u);
}

TEST_F(AuditLogTest, FailsWhereItCannotBeWrittenAndLeavesNoHalfOfABatch) {
    const auto log = open();
    ASSERT_TRUE(log->write(operator_, run, std::vector{used("a")}).ok());
    const auto before = text_of(path);
    const auto pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
        // As a full disk: some bytes go in, and then no more.
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{before.size() + 100, before.size() + 100};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto done = log->write(operator_, run, std::vector{used("b"), used("c")});
        ::_exit(!done.ok() && done.error().id == ErrorId::audit_failed ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(text_of(path), before);
    EXPECT_TRUE(log->write(operator_, run, std::vector{used("d")}).ok());
    EXPECT_EQ(verify_audit(path)->entries, 2u);
}

TEST_F(AuditLogTest, IsTheOwnersAloneAndTheSameFile) {
    const auto log = open();
    ASSERT_TRUE(log->write(operator_, run, std::vector{used("a")}).ok());
    ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
    EXPECT_EQ(AuditLog::open(path, clock).error().id, ErrorId::audit_failed);
    EXPECT_EQ(log->write(operator_, run, std::vector{used("a")}).error().id, ErrorId::audit_failed);
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    EXPECT_TRUE(log->write(operator_, run, std::vector{used("a")}).ok());
    // Shorter than what was written: somebody cut it.
    ASSERT_EQ(::truncate(path.c_str(), 10), 0);
    EXPECT_EQ(log->write(operator_, run, std::vector{used("a")}).error().id, ErrorId::audit_broken);
    ASSERT_EQ(::unlink(path.c_str()), 0);
    EXPECT_EQ(log->write(operator_, run, std::vector{used("a")}).error().id, ErrorId::audit_failed);
    ASSERT_EQ(::symlink("/dev/null", path.c_str()), 0);
    EXPECT_EQ(AuditLog::open(path, clock).error().id, ErrorId::audit_failed);
    EXPECT_EQ(AuditLog::open(folder.path() + "/none/audit", clock).error().id, ErrorId::audit_failed);
    EXPECT_EQ(AuditLog::open(folder.path(), clock).error().id, ErrorId::audit_failed);
}

TEST_F(AuditLogTest, IsNotGoneOnWithWhereAnotherLiesInItsPlace) {
    const auto log = open();
    ASSERT_TRUE(log->write(operator_, run, std::vector{used("a")}).ok());
    ASSERT_TRUE(log->write(operator_, run, std::vector{used("b")}).ok());
    const auto whole = text_of(path);
    const auto other = folder.path() + "/other";
    {
        const auto theirs = AuditLog::open(other, clock).value();
        for (int i = 0; i < 5; ++i) ASSERT_TRUE(theirs->write(operator_, run, std::vector{used("c")}).ok());
    }
    put(path, text_of(other));
    EXPECT_EQ(log->write(operator_, run, std::vector{used("d")}).error().id, ErrorId::audit_broken);
    put(path, whole + text_of(other).substr(0, 100));  // What was cut short behind it is another's crash.
    EXPECT_TRUE(log->write(operator_, run, std::vector{used("d")}).ok());
    ASSERT_EQ(::rename(other.c_str(), path.c_str()), 0);
    EXPECT_EQ(log->write(operator_, run, std::vector{used("d")}).error().id, ErrorId::audit_failed);
    ASSERT_EQ(::rename(path.c_str(), other.c_str()), 0);
    EXPECT_EQ(log->write(operator_, run, std::vector{used("d")}).error().id, ErrorId::audit_failed);
}

TEST_F(AuditLogTest, TheEndThatAStoreKnowsTellsACrashFromAnotherHand) {
    write(3);
    const auto whole = text_of(path);
    const auto last = whole.rfind("{\"hash\"");
    const AuditEnd third = open()->end();
    const auto verdict = [&](const std::string& text, const std::optional<AuditEnd>& known) -> std::string {
        put(path, text);
        const auto said = verify_audit(path, {}, {}, known);
        if (!said.ok()) return std::string(said.error().info().id) + ": " + said.error().detail;
        return fmt::format("{} and {} bytes", said->entries, said->cut_off);
    };
    EXPECT_EQ(verdict(whole, third), "3 and 0 bytes");
    EXPECT_EQ(verdict(whole.substr(0, whole.size() - 1), third), "3 and 0 bytes") << "it lacks its end only";
    for (const auto& garbled : {whole.substr(0, last) + "rubbish\n", whole.substr(0, last) + "rubbish",
                                whole.substr(0, whole.size() - 2), whole.substr(0, last + 1)}) {
        // A batch that was cut short was never committed: nobody knows of it.
        EXPECT_EQ(verdict(garbled, {}), fmt::format("2 and {} bytes", garbled.size() - last));
        EXPECT_EQ(verdict(garbled, third),
                  "audit.broken: 2 entries follow one another, and the store knows of entry 3: lines at the "
                  "end were changed (they are no lines any more), or it is another log's");
    }
    EXPECT_EQ(verdict(whole.substr(0, last), third),
              "audit.broken: 2 entries follow one another, and the store knows of entry 3: lines at the end "
              "were taken out, or it is another log's");
    EXPECT_EQ(verdict("", third).substr(0, 23), "audit.broken: 0 entries");
    auto other = third;
    other.number = 2;
    EXPECT_EQ(verdict(whole, other),
              "audit.broken: entry 2 is not the one that the store knows: it is another log's, or was "
              "written anew");
    EXPECT_EQ(verdict(whole, AuditEnd()), "3 and 0 bytes") << "it knows of none";
}

TEST_F(AuditLogTest, HasALineOrDoesNot) {
    const auto log = open();
    std::vector<AuditEnd> ends{log->end()};
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(log->write(operator_, run, std::vector{used("a"), used(std::string(3000, 'x'))}).ok());
        ends.push_back(log->end());
    }
    EXPECT_EQ(ends.back().number, 6u);
    EXPECT_EQ(ends.back().bytes, text_of(path).size());
    EXPECT_EQ(ends.back().hash, log->head());
    for (const auto& end : ends) EXPECT_TRUE(open()->check_has(end).ok()) << end.number;
    const auto lacks = [&](AuditEnd end) {
        EXPECT_EQ(open()->check_has(end).error().id, ErrorId::audit_broken) << end.number << " " << end.bytes;
    };
    auto wrong = ends[2];
    ++wrong.number;
    lacks(wrong);
    wrong = ends[2];
    wrong.hash = ends[1].hash;
    lacks(wrong);
    for (const std::uint64_t bytes :
         {std::uint64_t{0}, std::uint64_t{1}, ends[2].bytes - 1, ends[2].bytes + 1, ends[1].bytes,
          ends[3].bytes + 1, ~std::uint64_t{0}}) {
        wrong = ends[2];
        wrong.bytes = bytes;
        lacks(wrong);
    }
}

TEST_F(AuditLogTest, IsNotContinuedWhereItIsSomethingElse) {
    put(path, std::string(65 * 1024 * 1024, 'x'));
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    EXPECT_EQ(AuditLog::open(path, clock).error().id, ErrorId::audit_broken);
}

TEST(AuditLine, EveryTruncationIsRefused) {
    const auto entry = entry_text(7, {}, operator_, run, used("a"));
    auto line = audit_line(no_audit_hash, entry);
    line.pop_back();
    ASSERT_TRUE(parse_audit_line(line));
    EXPECT_EQ(parse_audit_line(line)->entry, entry);
    for (std::size_t size = 0; size < line.size(); ++size) {
        // What ends in a brace by chance has another hash.
        const auto parsed = parse_audit_line(line.substr(0, size));
        EXPECT_TRUE(!parsed || parsed->hash != audit_hash(no_audit_hash, parsed->entry)) << size;
    }
    for (std::size_t size = 0; size < entry.size(); ++size)
        EXPECT_FALSE(parse_entry(entry.substr(0, size))) << size;
    EXPECT_EQ(parse_entry(entry)->number, 7u);
    const Unfinished what{5, "abc"};
    const auto unfinished = unfinished_text(8, {}, what);
    EXPECT_EQ(parse_entry(unfinished)->unfinished, what);
    for (std::size_t size = 0; size < unfinished.size(); ++size)
        EXPECT_FALSE(parse_entry(unfinished.substr(0, size)));
    EXPECT_FALSE(parse_entry(std::string(10'000, '[')));
    EXPECT_FALSE(parse_entry(R"({"n":-1,"kind":"used"})"));
    EXPECT_FALSE(parse_entry(R"({"n":1,"kind":"unfinished"})"));
}

}  // namespace
}  // namespace mullion::secrets
