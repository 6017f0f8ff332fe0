#include "checks/state_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "checks/state_options.h"

namespace mullion::checks {
namespace {

namespace fs = std::filesystem;

const Series cpu{"cpu", "web01.example.com", 5985};

Sample sample_at(std::int64_t at) {
    Sample sample;
    sample.at = at;
    sample.boot = 133'000'000'000'000'000U;
    sample.values = {{"0_PercentProcessorTime", "18446744073709551615"}, {"C:\\ \"é\"\n_x", ""}};
    return sample;
}

class StateFolder : public testing::Test {
protected:
    StateFolder() {
        std::string name = (fs::temp_directory_path() / "mullion-state-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~StateFolder() override {
        ::chmod(folder_.c_str(), 0700);
        fs::remove_all(folder_);
    }
    StateFile open(const Series& series = cpu) {
        auto opened = StateFile::open(folder_, series);
        EXPECT_TRUE(opened.ok()) << opened.error().detail;
        return std::move(opened).value();
    }
    void put(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

    std::string folder_;
};

TEST(StateText, IsReadAsItWasPrinted) {
    for (const auto& sample : {Sample(), sample_at(1'700'000'000), sample_at(-1)}) {
        const auto read = parse_state(print_state(sample, cpu), cpu);
        ASSERT_TRUE(read.ok()) << read.error().detail;
        EXPECT_EQ(*read, sample);
    }
}

TEST(StateText, RefusesEveryTruncation) {
    const auto whole = print_state(sample_at(7), cpu);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(parse_state(whole.substr(0, size), cpu).ok()) << size;
}

TEST(StateText, RefusesWhatIsNotOfThisSeries) {
    const auto whole = print_state(sample_at(7), cpu);
    auto other = cpu;
    other.rest = "filter";
    EXPECT_FALSE(parse_state(whole, other).ok());
    EXPECT_FALSE(parse_state("{}\n", cpu).ok());
    EXPECT_FALSE(parse_state("[{}]}\n", cpu).ok());
    EXPECT_FALSE(parse_state(R"({"mullion-check":2})"
                             "\n",
                             cpu)
                     .ok());
    for (const auto& [from, to] : {std::pair{"\"at\":7", "\"at\":\"7\""},
                                   {"\"at\":7", "\"at\":7.5"},
                                   {"133000000000000000", "1330x"},
                                   {"133000000000000000", "99999999999999999999"},
                                   {"\"18446744073709551615\"", "5"},
                                   {"\"values\":{", "\"value\":{"}}) {
        auto text = whole;
        const auto found = text.find(from);
        ASSERT_NE(found, std::string::npos) << from;
        text.replace(found, std::string_view(from).size(), to);
        EXPECT_FALSE(parse_state(text, cpu).ok()) << text;
    }
}

TEST(StateText, NestingWithoutEndIsRefused) {
    EXPECT_FALSE(parse_state(std::string(1'000'000, '[') + "}\n", cpu).ok());
    EXPECT_FALSE(
        parse_state(R"({"a":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}\n", cpu).ok());
}

TEST(StateFileName, IsReadableAndOfOneSeriesOnly) {
    EXPECT_TRUE(state_file_name(cpu).starts_with("cpu_web01.example.com_5985_"));
    EXPECT_TRUE(state_file_name(cpu).ends_with(".json"));
    const std::vector<Series> all{cpu,
                                  {"cpu", "web01.example.com", 5986},
                                  {"interfaces", "web01.example.com", 5985},
                                  {"cpu", "web01", 5985},
                                  {"cpu", "web01.example.com", 5985, "x"},
                                  {"cpu", "web01.example.com", 5985, "", "x"},
                                  {"cpu", "../../etc/passwd", 5985},
                                  {"cpu", "..-..-etc-passwd", 5985},
                                  {"cpu", std::string(255, 'a'), 5985},
                                  {"cpu", std::string(254, 'a') + "b", 5985}};
    std::set<std::string> names;
    for (const auto& series : all) {
        const auto name = state_file_name(series);
        EXPECT_TRUE(names.insert(name).second) << name;
        EXPECT_EQ(name.find('/'), std::string::npos) << name;
        EXPECT_LT(name.size(), 200U);
    }
}

TEST_F(StateFolder, WhatWasWrittenIsReadByTheNextRun) {
    auto first = open();
    EXPECT_FALSE(first.read());
    EXPECT_EQ(first.complaint(), "");
    ASSERT_TRUE(first.write(sample_at(5)).ok());
    auto second = open();
    EXPECT_EQ(second.read(), sample_at(5));
    ASSERT_TRUE(second.write(sample_at(6)).ok());
    EXPECT_EQ(open().read(), sample_at(6));
    struct stat about {};
    ASSERT_EQ(::stat(second.path().c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0600U);
    // Nothing else is left in the folder.
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
}

TEST_F(StateFolder, OtherSeriesAreOtherFiles) {
    ASSERT_TRUE(open().write(sample_at(5)).ok());
    EXPECT_FALSE(open({"cpu", "web02", 5985}).read());
}

TEST_F(StateFolder, IsMadeWithItsParentsForTheAccountAlone) {
    folder_ += "";
    const auto deep = folder_ + "/a/b";
    ASSERT_TRUE(StateFile::open(deep, cpu).ok());
    for (const auto& one : {folder_ + "/a", deep}) {
        struct stat about {};
        ASSERT_EQ(::stat(one.c_str(), &about), 0);
        EXPECT_EQ(about.st_mode & 0777U, 0700U) << one;
    }
}

TEST_F(StateFolder, ABrokenFileIsSaidAndReplaced) {
    auto file = open();
    ASSERT_TRUE(file.write(sample_at(5)).ok());
    put(file.path(), "$VAR1 = {};\n");
    EXPECT_FALSE(file.read());
    EXPECT_NE(file.complaint().find(file.path()), std::string::npos) << file.complaint();
    ASSERT_TRUE(file.write(sample_at(6)).ok());
    EXPECT_EQ(file.read(), sample_at(6));
    EXPECT_EQ(file.complaint(), "");
}

TEST_F(StateFolder, AnEmptyFileIsNone) {
    auto file = open();
    put(file.path(), "");
    EXPECT_FALSE(file.read());
    EXPECT_EQ(file.complaint(), "");
}

TEST_F(StateFolder, AFileThatOthersMayChangeIsNotBelieved) {
    auto file = open();
    ASSERT_TRUE(file.write(sample_at(5)).ok());
    ASSERT_EQ(::chmod(file.path().c_str(), 0666), 0);
    EXPECT_FALSE(file.read());
    EXPECT_NE(file.complaint(), "");
}

TEST_F(StateFolder, ALinkIsNotFollowed) {
    auto file = open();
    const auto elsewhere = folder_ + "/elsewhere";
    put(elsewhere, "precious");
    ASSERT_EQ(::symlink(elsewhere.c_str(), file.path().c_str()), 0);
    EXPECT_FALSE(file.read());
    EXPECT_FALSE(file.write(sample_at(5)).ok());
    std::string kept;
    std::ifstream(elsewhere) >> kept;
    EXPECT_EQ(kept, "precious");
}

TEST_F(StateFolder, AFolderThatEverybodyMayWriteIntoIsRefused) {
    ASSERT_EQ(::chmod(folder_.c_str(), 0777), 0);
    const auto refused = StateFile::open(folder_, cpu);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().id, ErrorId::state_directory);
    ASSERT_EQ(::chmod(folder_.c_str(), 01777), 0);  // As /tmp: nobody can replace what is another's.
    EXPECT_TRUE(StateFile::open(folder_, cpu).ok());
    ASSERT_EQ(::chmod(folder_.c_str(), 0775), 0);  // As Centreon's own.
    EXPECT_TRUE(StateFile::open(folder_, cpu).ok());
}

TEST_F(StateFolder, WhatIsNoFolderIsRefused) {
    const auto path = folder_ + "/file";
    put(path, "");
    EXPECT_FALSE(StateFile::open(path, cpu).ok());
    EXPECT_FALSE(StateFile::open(path + "/below", cpu).ok());
    EXPECT_FALSE(StateFile::open("", cpu).ok());
}

TEST_F(StateFolder, AnOlderLookDoesNotReplaceANewerOne) {
    auto slow = open();
    auto quick = open();
    (void)slow.read();
    (void)quick.read();
    ASSERT_TRUE(quick.write(sample_at(10)).ok());
    ASSERT_TRUE(slow.write(sample_at(9)).ok());
    EXPECT_EQ(open().read(), sample_at(10));
}

TEST_F(StateFolder, AClockThatWasPutBackKeepsNothingFromBeingWritten) {
    auto file = open();
    ASSERT_TRUE(file.write(sample_at(1000)).ok());
    EXPECT_EQ(file.read(), sample_at(1000));
    ASSERT_TRUE(file.write(sample_at(9)).ok());
    EXPECT_EQ(file.read(), sample_at(9));
}

TEST_F(StateFolder, AFileThatIsHeldIsNotWaitedForForever) {
    auto file = open();
    ASSERT_TRUE(file.write(sample_at(5)).ok());
    const int held = ::open(file.path().c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_EQ(::flock(held, LOCK_EX | LOCK_NB), 0);
    const auto refused = file.write(sample_at(6), Duration(20));
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().detail.find("held by another process"), std::string::npos)
        << refused.error().detail;
    ::close(held);
    EXPECT_TRUE(file.write(sample_at(6), Duration(20)).ok());
}

// Writers that replace the file while others wait for it: what is read is always one of them, whole.
TEST_F(StateFolder, ManyWritersLeaveOneOfThem) {
    std::vector<std::thread> writers;
    std::atomic<int> failures = 0;
    for (int writer = 0; writer < 4; ++writer) {
        writers.emplace_back([this, writer, &failures] {
            auto opened = StateFile::open(folder_, cpu);
            for (int round = 0; round < 50; ++round) {
                auto& file = opened.value();
                (void)file.read();
                if (!file.complaint().empty()) ++failures;
                if (!file.write(sample_at(writer * 1000 + round)).ok()) ++failures;
            }
        });
    }
    for (auto& writer : writers) writer.join();
    EXPECT_EQ(failures, 0);
    auto file = open();
    EXPECT_TRUE(file.read()) << file.complaint();
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
}

TEST(StateOptions, TheFolderIsTheOneThatWasNamed) {
    Words words;
    words.set("statefile-dir", "/var/lib/centreon/centplugins");
    EXPECT_EQ(state_folder(words).value(), "/var/lib/centreon/centplugins");
    words.set("statefile-dir", "below");
    words.set("statefile-concat-cwd", "1");
    EXPECT_EQ(state_folder(words).value(), fs::current_path().string() + "/below");
}

TEST(StateOptions, WithoutOneItIsTheAccountsOwn) {
    ::setenv("XDG_STATE_HOME", "/somewhere", 1);
    EXPECT_EQ(state_folder({}).value(), "/somewhere/mullion/checks");
    ::setenv("XDG_STATE_HOME", "not/absolute", 1);
    ::setenv("HOME", "/home/ann", 1);
    EXPECT_EQ(state_folder({}).value(), "/home/ann/.local/state/mullion/checks");
    ::unsetenv("XDG_STATE_HOME");
}

TEST(StateOptions, WhatWeHaveNotIsRefusedByName) {
    for (const auto& name : {"memcached", "redis-server", "redis-attribute", "redis-db", "failback-file",
                             "memexpiration", "statefile-storable", "statefile-key", "statefile-cipher"}) {
        Words words;
        words.set(name, "1");
        const auto refused = state_folder(words);
        ASSERT_FALSE(refused.ok()) << name;
        EXPECT_EQ(refused.error().id, ErrorId::usage_unsupported);
        EXPECT_NE(refused.error().detail.find(name), std::string::npos);
    }
    Words words;
    words.set("statefile-format", "dumper");
    EXPECT_FALSE(state_folder(words).ok());
    words.set("statefile-format", "json");
    EXPECT_TRUE(state_folder(words).ok());
}

TEST(StateOptions, EachIsListedOnce) {
    std::set<std::string> names;
    for (const auto& option : state_options()) EXPECT_TRUE(names.insert(option.name).second) << option.name;
    EXPECT_TRUE(names.contains("statefile-dir"));
    EXPECT_TRUE(names.contains("redis-server"));
}

}  // namespace
}  // namespace mullion::checks
