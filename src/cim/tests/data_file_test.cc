#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cim/classes/classes.h"
#include "cim/tests/made_up.h"

namespace mullion::cim {
namespace {

std::int64_t moment_of(const Instance& row, std::string_view property) {
    const auto* scalar = std::get_if<Scalar>(row.find(property));
    return scalar ? std::get<Moment>(*scalar).microseconds : -1;
}

TEST(DataFile, TellsWhatTheFileSystemSays) {
    MadeUp made;
    made.file("/var/log/app.log.1", "12345").link("/var/log/now", "app.log.1").folder("/var/log/old");
    const auto found = data_file().get(made.machine, {}, {{"Name", "/var/log/app.log.1"}});
    ASSERT_TRUE(found.instance);
    const auto& row = *found.instance;
    struct stat status = {};
    ASSERT_EQ(::stat(made.machine.below_root("/var/log/app.log.1").c_str(), &status), 0);
    EXPECT_EQ(number_of(row, "FileSize"), 5u);
    EXPECT_EQ(moment_of(row, "LastModified"),
              std::int64_t{status.st_mtim.tv_sec} * 1'000'000 + status.st_mtim.tv_nsec / 1000);
    EXPECT_EQ(text_of(row, "Path"), "/var/log/");
    EXPECT_EQ(text_of(row, "FileName"), "app.log");
    EXPECT_EQ(text_of(row, "Extension"), "1");
    EXPECT_EQ(text_of(row, "Hidden"), "FALSE");
    EXPECT_EQ(text_of(row, "Readable"), "TRUE");
    EXPECT_TRUE(is_null(row, "Drive"));
    EXPECT_TRUE(is_null(row, "Compressed"));
    EXPECT_EQ(number_of(*data_file().get(made.machine, {}, {{"Name", "/var/log/now"}}).instance, "FileSize"),
              5u);
    EXPECT_FALSE(data_file().get(made.machine, {}, {{"Name", "/var/log/old"}}).instance);
    EXPECT_FALSE(data_file().get(made.machine, {}, {{"Name", "/var/log/none"}}).instance);
}

TEST(DataFile, NamesAreSaidInOneWay) {
    MadeUp made;
    made.file("/a/b", "x").file("/a/...", "y");
    for (const char* name : {"a/b", "", "/", "/a/../a/b", "/a/./b", "//a/b", "/a//b", "/a/b/..", "/a/b/"})
        EXPECT_TRUE(rows_of(data_file(), made.machine, {{}, {{"Name", name}}, {}}).empty()) << name;
    EXPECT_TRUE(rows_of(data_file(), made.machine, {{}, {{"Name", std::string("/a/b\0c", 6)}}, {}}).empty());
    EXPECT_TRUE(rows_of(data_file(), made.machine, {{}, {{"Name", std::string(10'000, '/')}}, {}}).empty());
    EXPECT_EQ(rows_of(data_file(), made.machine, {{}, {{"Name", "/a/..."}}, {}}).size(), 1u);
}

TEST(DataFile, ListsAFolder) {
    MadeUp made;
    made.file("/logs/a", "1").file("/logs/.b", "22").folder("/logs/c").link("/logs/dead", "nowhere");
    const auto rows = rows_of(data_file(), made.machine, {{}, {{"path", "/logs/"}}, {}});
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(text_of(rows[0], "Name"), "/logs/.b");
    EXPECT_EQ(text_of(rows[0], "Hidden"), "TRUE");
    EXPECT_EQ(text_of(rows[0], "Extension"), "");
    EXPECT_EQ(text_of(rows[1], "FileName"), "a");
    EXPECT_TRUE(rows_of(data_file(), made.machine, {{}, {{"Path", "/none/"}}, {}}).empty());
    EXPECT_TRUE(rows_of(data_file(), made.machine, {{}, {{"Path", "/logs"}}, {}}).empty());
    made.machine.limits.entries = 2;
    Gathered gathered;
    EXPECT_TRUE(data_file().enumerate(made.machine, {{}, {{"Path", "/logs/"}}, {}}, gathered));
}

TEST(DataFile, CannotBeListedWhole) {
    MadeUp made;
    Gathered gathered;
    const auto fault = data_file().enumerate(made.machine, {}, gathered);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->text(), "this class cannot be listed: say which instance is meant, by Name or Path");
}

}  // namespace
}  // namespace mullion::cim
