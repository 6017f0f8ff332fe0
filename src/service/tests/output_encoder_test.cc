#include <gtest/gtest.h>

#include "encoding/code_page.h"
#include "service/shells/output_encoder.h"

namespace mullion::service {
namespace {

TEST(OutputEncoder, Utf8PassesAsItIs) {
    OutputEncoder encoder(code_page_utf8);
    EXPECT_EQ(encoder.encode("\xC3"), "\xC3");
    EXPECT_EQ(encoder.encode("\xFF\x80"), "\xFF\x80");
    EXPECT_EQ(encoder.finish(), "");
}

// However a text is cut into chunks, the bytes are those of the whole.
TEST(OutputEncoder, EveryCutGivesTheSame) {
    const std::string text = "a\xC3\xA9\xE2\x94\x80\xF0\x9F\x98\x80z\xC3\xBC";
    const std::string whole = encoding::utf8_to_cp437(text);
    for (std::size_t first = 0; first <= text.size(); ++first) {
        for (std::size_t second = first; second <= text.size(); ++second) {
            OutputEncoder encoder(code_page_437);
            std::string out = encoder.encode(text.substr(0, first));
            out += encoder.encode(text.substr(first, second - first));
            out += encoder.encode(text.substr(second));
            out += encoder.finish();
            EXPECT_EQ(out, whole) << first << " " << second;
        }
    }
}

TEST(OutputEncoder, AnUnfinishedCharacterIsNotLost) {
    OutputEncoder encoder(code_page_437);
    EXPECT_EQ(encoder.encode("x\xE2\x94"), "x");
    EXPECT_EQ(encoder.finish(), encoding::utf8_to_cp437("\xE2\x94"));
    EXPECT_FALSE(encoding::utf8_to_cp437("\xE2\x94").empty());
}

}  // namespace
}  // namespace mullion::service
