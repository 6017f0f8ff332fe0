// A program of its own: OpenSSL's memory can be taken over before its first use only.
#include "crypto/wiped_free.h"

#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <cstring>
#include <string>
#include <vector>

namespace mullion::crypto {
namespace {

const bool in_time = take_openssl_memory();

// Large enough that the allocator keeps its own notes of a freed block in the first bytes only.
constexpr std::size_t size = 1000;
constexpr std::size_t notes = 64;

// What is left of a block's content after it was given back. It is looked at through the allocator, which
// gives the same block again for the same size.
std::size_t left_after(void (*free_it)(void*)) {
    auto* const block = static_cast<char*>(OPENSSL_malloc(size));
    std::memset(block, 'x', size);
    free_it(block);
    auto* const again = static_cast<char*>(OPENSSL_malloc(size));
    if (again != block) ADD_FAILURE() << "the allocator gave another block";
    std::size_t left = 0;
    for (std::size_t i = notes; i < size; ++i) left += again[i] == 'x';
    OPENSSL_free(again);
    return left;
}

#if defined(__SANITIZE_ADDRESS__)
constexpr bool gives_blocks_again = false;
#elif defined(__has_feature)
constexpr bool gives_blocks_again = !__has_feature(address_sanitizer);
#else
constexpr bool gives_blocks_again = true;
#endif
constexpr const char* why_not = "the address sanitizer's allocator gives no block again at once";

TEST(WipesFreed, WhileItLives) {
    ASSERT_TRUE(in_time);
    if (!gives_blocks_again) GTEST_SKIP() << why_not;
    const auto plainly = [](void* block) { OPENSSL_free(block); };
    EXPECT_GT(left_after(plainly), 0u);  // Or the test sees nothing.
    {
        const WipesFreed wiping;
        EXPECT_EQ(left_after(plainly), 0u);
    }
    EXPECT_GT(left_after(plainly), 0u);
}

TEST(WipesFreed, WhereABlockMoves) {
    if (!gives_blocks_again) GTEST_SKIP() << why_not;
    const WipesFreed wiping;
    EXPECT_EQ(left_after([](void* block) {
                  auto* const moved = static_cast<char*>(OPENSSL_realloc(block, 100 * size));
                  EXPECT_EQ(std::string(moved, size), std::string(size, 'x'));
                  OPENSSL_free(moved);
              }),
              0u);
    auto* const block = static_cast<char*>(OPENSSL_realloc(nullptr, size));
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(OPENSSL_realloc(block, 1), block);
    EXPECT_EQ(OPENSSL_realloc(block, 0), nullptr);
}

}  // namespace
}  // namespace mullion::crypto
