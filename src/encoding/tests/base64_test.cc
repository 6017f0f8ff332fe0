#include "encoding/base64.h"

#include <gtest/gtest.h>

namespace mullion::encoding {
namespace {

// RFC 4648 10.
TEST(Base64, PublishedVectors) {
    const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                     {"f", "Zg=="},
                                                                     {"fo", "Zm8="},
                                                                     {"foo", "Zm9v"},
                                                                     {"foob", "Zm9vYg=="},
                                                                     {"fooba", "Zm9vYmE="},
                                                                     {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : vectors) {
        EXPECT_EQ(base64_encode(bytes), text);
        EXPECT_EQ(base64_decode(text), bytes);
    }
}

TEST(Base64, EveryByteRoundTripsAtEveryLength) {
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
        bytes += static_cast<char>(i);
    }
}

TEST(Base64, SkipsXmlWhiteSpace) {
    EXPECT_EQ(base64_decode("QUJD\r\nREVG"), "ABCDEF");
    EXPECT_EQ(base64_decode(" Q Q\t= = \n"), "A");
    EXPECT_EQ(base64_decode(" \r\n\t"), "");
}

TEST(Base64, RefusesWhatIsNotBase64) {
    for (const std::string_view text :
         {"Q", "QQ", "QQ=", "QQ===", "=", "====", "A===", "QQ==QQ==", "Q=Q=", "QUJD*REVG", "QUJDREV-",
          "QUJDREV_", "QUJD\vREVG", "QUJDRE\xC3\xA4", "QQ==\x01"}) {
        EXPECT_FALSE(base64_decode(text).has_value()) << text;
    }
    EXPECT_FALSE(base64_decode(std::string_view("QUJ\0", 4)).has_value());
}

// Two texts for the same bytes would let a token pass under two spellings. RFC 4648 3.5.
TEST(Base64, RefusesBitsBehindTheEnd) {
    for (const std::string_view text : {"QR==", "Qf==", "QUJDQR==", "QUN=", "QUP=", "Q R = ="}) {
        EXPECT_FALSE(base64_decode(text).has_value()) << text;
    }
}

TEST(Base64, EveryTruncationIsRefusedOrShorter) {
    const std::string text = base64_encode("truncated at every length");
    for (std::size_t length = 0; length < text.size(); ++length) {
        const auto bytes = base64_decode(std::string_view(text).substr(0, length));
        EXPECT_EQ(bytes.has_value(), length % 4 == 0) << length;
        EXPECT_EQ(base64_encode(bytes.value_or("")), length % 4 == 0 ? text.substr(0, length) : "");
    }
}

}  // namespace
}  // namespace mullion::encoding
