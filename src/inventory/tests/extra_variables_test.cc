#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "inventory/loader.h"
#include "inventory/tests/show.h"

namespace mullion::inventory {
namespace {

std::string extra(const std::vector<std::string>& given) {
    Model model;
    const Vault vault({});
    const auto read = load_extra_variables(model, vault, given);
    return read.ok() ? show(*read)
                     : std::string(Error(read.error()).info().id) + " " + Error(read.error()).detail;
}

// Each expectation is what Ansible's parse_kv gives.
TEST(ExtraVariables, ArePairsOfText) {
    EXPECT_EQ(extra({"a=1 b=two"}), "a='1' b='two'");
    EXPECT_EQ(extra({"a='x y' b=\"z  'w'\""}), "a='x y' b='z  'w''");
    EXPECT_EQ(extra({"a={{ b + c }} d={{e}}"}), "a='{{ b + c }}' d='{{e}}'");
    EXPECT_EQ(extra({"a=b=c"}), "a='b=c'");
    EXPECT_EQ(extra({"a="}), "a=''");
    EXPECT_EQ(extra({"a=yes  b=007\n c=x"}), "a='yes' b='007' c='x'");
    EXPECT_EQ(extra({"a=x\\ty b=\\x41\\u00e4"}), "a='x\ty' b='Aä'");
    EXPECT_EQ(extra({"a=C:\\\\dir\\q"}), "a='C:\\dir\\q'");
    EXPECT_EQ(extra({"", "a=1", "a=2"}), "a='2'");
}

TEST(ExtraVariables, AreYamlInBraces) {
    EXPECT_EQ(extra({"{a: 1, b: [x, yes]}"}), "a=1 b=['x', true]");
    EXPECT_EQ(extra({"{\"a\": {\"b\": null}}", "c=1"}), "a={b: null} c='1'");
    EXPECT_EQ(extra({"{a: [}"}).substr(0, 24), "inventory.invalid -e:1: ");
}

TEST(ExtraVariables, AreAFileAfterAnAt) {
    std::string name = (std::filesystem::temp_directory_path() / "mullion-extra-XXXXXX").string();
    const int file = ::mkstemp(name.data());
    ASSERT_GE(file, 0);
    ::close(file);
    std::ofstream(name) << "a: 1\nb: {c: d}\n";
    EXPECT_EQ(extra({"a=0", "@" + name}), "a=1 b={c: 'd'}");
    std::filesystem::remove(name);
    EXPECT_EQ(extra({"@" + name}), "usage.file " + name + ": No such file or directory");
}

TEST(ExtraVariables, AreRefusedWhereTheyAreNone) {
    EXPECT_EQ(extra({"a"}), "usage.invalid -e a: KEY=VALUE is wanted, and here is a");
    EXPECT_EQ(extra({"a=1 b"}), "usage.invalid -e a: KEY=VALUE is wanted, and here is b");
    EXPECT_EQ(extra({"/etc/x.yml"}), "usage.invalid -e /etc/x.yml: a file is given as @/etc/x.yml");
    EXPECT_EQ(extra({"[a, b]"}), "usage.invalid -e […]: a list is no set of variables");
    EXPECT_EQ(extra({"a='x"}), "usage.invalid -e a: a quote or brace is not closed");
    EXPECT_EQ(extra({"a={{ x"}), "usage.invalid -e a: a quote or brace is not closed");
}

TEST(ExtraVariables, EveryTruncationIsAnErrorOrAPrefix) {
    const std::string text = "a='x y' b={{ c }} d=\"\\x41\\\\\" e=f";
    for (std::size_t size = 1; size < text.size(); ++size) {
        const std::string read = extra({text.substr(0, size)});
        EXPECT_TRUE(read.starts_with("a='") || read.starts_with("usage.invalid -e a")) << size << " " << read;
    }
}

}  // namespace
}  // namespace mullion::inventory
