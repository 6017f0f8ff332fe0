// What tells one password from another.
#include "exporter/session_pool.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

namespace mullion::exporter {
namespace {

class PasswordEdition : public testing::Test {
protected:
    PasswordEdition() {
        std::string name = testing::TempDir() + "mullion-edition-XXXXXX";
        folder_ = ::mkdtemp(name.data());
        auth_.password_file = folder_ + "/password";
    }
    ~PasswordEdition() override { std::filesystem::remove_all(folder_); }

    void put(const std::string& text) const {
        std::ofstream(auth_.password_file, std::ios::trunc) << text;
        ::chmod(auth_.password_file.c_str(), 0600);
    }
    [[nodiscard]] std::string edition() const { return password_edition(auth_, key_); }

    Auth auth_;
    Secret key_{"a key"};

private:
    std::string folder_;
};

TEST_F(PasswordEdition, IsThePasswordsAndNotTheFiles) {
    put("one\n");
    const auto one = edition();
    EXPECT_EQ(one.size(), 64U);
    struct timespec long_ago[2] = {{1, 0}, {1, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, auth_.password_file.c_str(), long_ago, 0), 0);
    EXPECT_EQ(edition(), one) << "touched";
    std::filesystem::remove(auth_.password_file);
    put("one");
    EXPECT_EQ(edition(), one) << "another file, and its line's end is none of it";
    put("two\n");
    EXPECT_NE(edition(), one);
    put("one\n");
    EXPECT_EQ(edition(), one) << "put back";
    EXPECT_NE(password_edition(auth_, Secret("another key")), one);
    EXPECT_EQ(one.find("one"), std::string::npos);
}

TEST_F(PasswordEdition, IsNoneWhereThereIsNoPassword) {
    EXPECT_EQ(edition(), "") << "no such file";
    put("\n");
    EXPECT_EQ(edition(), "");
    auth_.password_file.clear();
    EXPECT_EQ(edition(), "");
}

class OneOfAStore final : public StoredAuth {
    std::string edition() override { return "third"; }
    std::uint16_t port() override { return 0; }
    Result<LogOn> log_on() override { return LogOn(); }
};

TEST_F(PasswordEdition, IsTheStoresForASecretOfIt) {
    put("one\n");
    auth_.stored = std::make_shared<OneOfAStore>();
    EXPECT_EQ(edition(), "third");
}

}  // namespace
}  // namespace mullion::exporter
