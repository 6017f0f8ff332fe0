#include "auth/matrix.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "auth/policy.h"
#include "source_dir/source_dir.h"

namespace mullion::auth {
namespace {

// "basic" → its four words, as tests/data/authentication.txt has them.
std::map<std::string, std::vector<std::string>> documented() {
    std::ifstream file(source_dir() + "/tests/data/authentication.txt");
    std::map<std::string, std::vector<std::string>> rows;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string name;
        if (!(words >> name) || name.front() == '#') continue;
        for (std::string word; words >> word;) rows[name].push_back(word);
    }
    return rows;
}

TEST(Matrix, IsTheDocuments) {
    const auto expected = documented();
    ASSERT_EQ(expected.size(), 5U);
    const auto word = [](bool able) { return std::string(able ? "yes" : "no"); };
    std::map<std::string, std::vector<std::string>> ours;
    for (const auto& row : matrix())
        ours[std::string(to_string(row.transport))] = {word(row.local_accounts), word(row.domain_accounts),
                                                       word(row.delegation), word(row.http_encryption)};
    EXPECT_EQ(ours, expected);
}

// What the code does with a way is what the table says of it.
TEST(Matrix, IsWhatThePolicyActsOn) {
    for (const auto& row : matrix()) {
        EXPECT_EQ(is_for_local_accounts(row.transport), !row.domain_accounts) << to_string(row.transport);
        EXPECT_EQ(is_for_local_accounts(row.transport), !row.http_encryption) << to_string(row.transport);
    }
}

TEST(Matrix, IsPrintedRowByRow) {
    const auto text = matrix_text();
    for (const auto& row : matrix()) {
        const auto begin = text.find("\n" + std::string(to_string(row.transport)));
        ASSERT_NE(begin, std::string::npos);
        std::istringstream line(text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1));
        std::vector<std::string> words;
        for (std::string word; line >> word;) words.push_back(word);
        EXPECT_EQ(words.size(), 5U) << line.str();
        EXPECT_NE(text.find("  " + std::string(to_string(row.transport)) + " "), std::string::npos);
        EXPECT_NE(text.find(row.when), std::string::npos);
    }
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
}

}  // namespace
}  // namespace mullion::auth
