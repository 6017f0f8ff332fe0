#include "crypto/bcrypt.h"

#include <gtest/gtest.h>

namespace mullion::crypto {
namespace {

// Of crypt_blowfish' own tests.
const std::string known = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

bool fits(const std::string& hash, const std::string& password) {
    const auto result = verify_bcrypt(hash, Secret(password));
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message());
    return result.ok() && *result;
}

TEST(Bcrypt, PublishedVector) {
    EXPECT_TRUE(fits(known, "U*U"));
    EXPECT_FALSE(fits(known, "U*V"));
    EXPECT_FALSE(fits(known, ""));
    EXPECT_FALSE(fits(known, std::string("U*U\0", 4)));
    EXPECT_TRUE(fits("$2y$05$" + known.substr(7), "U*U")) << "as htpasswd -B writes it";
    EXPECT_TRUE(fits("$2b$05$" + known.substr(7), "U*U"));
}

TEST(Bcrypt, AnotherHashIsNotIt) {
    auto other = known;
    other.back() = other.back() == 'W' ? 'X' : 'W';
    EXPECT_FALSE(fits(other, "U*U"));
}

TEST(Bcrypt, WhatIsNoHash) {
    EXPECT_EQ(bcrypt_cost(known), 5U);
    for (std::size_t length = 0; length < known.size(); ++length)
        EXPECT_FALSE(bcrypt_cost(known.substr(0, length))) << length;
    for (const std::string begin : {"$2x$05$", "$1$$05$", "$2a$03$", "$2a$32$", "$2a$0x$", "$2a$05:"})
        EXPECT_FALSE(bcrypt_cost(begin + known.substr(7))) << begin;
    EXPECT_FALSE(bcrypt_cost(known + "a"));
    EXPECT_FALSE(bcrypt_cost(known.substr(0, 59) + ":"));
    EXPECT_FALSE(fits("plain", "plain"));
}

}  // namespace
}  // namespace mullion::crypto
