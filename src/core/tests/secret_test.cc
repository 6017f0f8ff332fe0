#include "core/secret.h"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>

namespace mullion {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
    out << value;
};

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!Printable<Secret>);

TEST(Secret, GivesItsBytesOnlyWhenAsked) {
    const Secret secret("p\0w");
    EXPECT_EQ(secret.expose(), "p");
    EXPECT_EQ(secret.expose().data()[1], '\0');
}

TEST(Secret, KeepsBytesAfterANul) {
    EXPECT_EQ(Secret(std::string_view("a\0b", 3)).expose().size(), 3U);
}

TEST(Secret, IsEmptyAfterAMove) {
    Secret first("word");
    const Secret second = std::move(first);
    EXPECT_TRUE(first.empty());  // NOLINT: the moved-from state is what is tested
    EXPECT_EQ(second.expose(), "word");
}

TEST(Secret, ComparesByContent) {
    EXPECT_TRUE(Secret("word").same_as(Secret("word")));
    EXPECT_FALSE(Secret("word").same_as(Secret("wore")));
    EXPECT_FALSE(Secret("word").same_as(Secret("wor")));
    EXPECT_TRUE(Secret().same_as(Secret("")));
}

TEST(Secret, WipingClears) {
    char bytes[] = "secret";
    wipe_memory(bytes, sizeof bytes);
    for (const char byte : bytes) EXPECT_EQ(byte, '\0');
}

TEST(Wipe, ReachesWhatAMoveLeftBehind) {
    for (const std::size_t size : {std::size_t{7}, std::size_t{100}}) {
        std::string text(size, 'x');
        const char* const bytes = text.data();
        wipe(text);
        EXPECT_TRUE(text.empty());
        EXPECT_EQ(text.data(), bytes);
        for (std::size_t i = 0; i < std::min(size, text.capacity()); ++i) EXPECT_EQ(bytes[i], '\0') << i;
    }
    std::string moved_from = "short";
    const std::string taken = std::move(moved_from);
    wipe(moved_from);  // NOLINT(bugprone-use-after-move): that is the point.
    EXPECT_EQ(taken, "short");
    EXPECT_EQ(std::string_view(moved_from.data(), 5), std::string_view("\0\0\0\0\0", 5));
}

}  // namespace
}  // namespace mullion
