#include "cli/password.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace mullion::cli {
namespace {

class PasswordFile : public ::testing::Test {
protected:
    ~PasswordFile() override { ::unlink(path.c_str()); }
    Result<Secret> read(std::string_view content) {
        std::ofstream(path, std::ios::binary) << content;
        return read_password({false, path}, "");
    }
    std::string path = ::testing::TempDir() + "mullion-password-" + std::to_string(::getpid());
};

TEST_F(PasswordFile, GivesItsFirstLine) {
    EXPECT_EQ(read("secret\n").value().expose(), "secret");
    EXPECT_EQ(read("secret").value().expose(), "secret");
    EXPECT_EQ(read("secret\r\nnext").value().expose(), "secret");
    EXPECT_EQ(read(" sp %$\" \n").value().expose(), " sp %$\" ");
}

TEST_F(PasswordFile, RefusesWhatIsNoPassword) {
    for (const auto& content : {std::string(), std::string("\n"), std::string(5000, 'x')}) {
        const auto password = read(content);
        ASSERT_FALSE(password.ok());
        EXPECT_EQ(password.error().id, ErrorId::usage_file);
    }
}

TEST_F(PasswordFile, IsNamedWhenItIsMissing) {
    const auto password = read_password({false, path + "-none"}, "");
    ASSERT_FALSE(password.ok());
    EXPECT_EQ(password.error().id, ErrorId::usage_file);
    EXPECT_NE(password.error().detail.find("-none"), std::string::npos);
}

TEST_F(PasswordFile, IsFoundThroughTheEnvironment) {
    std::ofstream(path) << "from-env\n";
    ::setenv("MULLION_PASSWORD_FILE", path.c_str(), 1);
    EXPECT_EQ(read_password({}, "").value().expose(), "from-env");
    ::unsetenv("MULLION_PASSWORD_FILE");
}

}  // namespace
}  // namespace mullion::cli
