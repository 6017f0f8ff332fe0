#include "encoding/der.h"

#include <gtest/gtest.h>

namespace mullion::encoding {
namespace {

using namespace std::string_literals;

TEST(Der, LengthsTakeAsFewBytesAsTheyNeed) {
    EXPECT_EQ(der_element(0x04, ""), "\x04\x00"s);
    EXPECT_EQ(der_element(0x04, "ab"), "\x04\x02"s + "ab");
    const std::pair<std::size_t, std::string> heads[] = {{0x7F, "\x30\x7F"s},
                                                         {0x80, "\x30\x81\x80"s},
                                                         {0xFF, "\x30\x81\xFF"s},
                                                         {0x100, "\x30\x82\x01\x00"s},
                                                         {0xFFFF, "\x30\x82\xFF\xFF"s},
                                                         {0x10000, "\x30\x83\x01\x00\x00"s},
                                                         {0x1000000, "\x30\x84\x01\x00\x00\x00"s}};
    for (const auto& [length, head] : heads) {
        const std::string content(length, 'x');
        const std::string element = der_element(0x30, content);
        EXPECT_EQ(element.substr(0, head.size()), head);
        DerReader reader(element);
        EXPECT_EQ(reader.expect(0x30), content);
        EXPECT_TRUE(reader.at_end());
    }
}

TEST(Der, ReadsOneAfterTheOther) {
    const std::string bytes = der_element(0x06, "oid") + der_element(0xA0, der_element(0x04, "in"));
    DerReader reader(bytes);
    EXPECT_FALSE(reader.expect(0x04).has_value());  // Another tag takes nothing away.
    EXPECT_EQ(reader.expect(0x06), "oid");
    const auto outer = reader.next();
    ASSERT_TRUE(outer.has_value());
    EXPECT_EQ(outer->tag, 0xA0);
    EXPECT_EQ(DerReader(outer->content).expect(0x04), "in");
    EXPECT_TRUE(reader.at_end());
    EXPECT_FALSE(reader.next().has_value());
}

TEST(Der, RefusesOtherForms) {
    for (const std::string& bytes : {
             ""s,
             "\x04"s,
             "\x04\x80"s + "abc\x00\x00"s,  // Indefinite.
             "\x04\x81\x02"s + "ab",        // Not minimal.
             "\x04\x82\x00\x80"s + std::string(128, 'x'),
             "\x04\x85\x00\x00\x00\x00\x01"s + "x",  // Five length bytes.
             "\x04\x84\xFF\xFF\xFF\xFF"s + "x",      // Beyond the input.
             "\x04\xFF"s,
             "\x04\x03"s + "ab",
             "\x1F\x01\x00"s,  // Tags of several bytes.
             "\xBF\x81\x01\x00"s,
         }) {
        EXPECT_FALSE(DerReader(bytes).next().has_value());
    }
}

TEST(Der, RefusesEveryTruncation) {
    for (const std::size_t size : {5u, 200u, 70000u}) {
        const std::string element = der_element(0x60, std::string(size, 'x'));
        for (std::size_t length = 0; length < element.size(); ++length) {
            DerReader reader(std::string_view(element).substr(0, length));
            ASSERT_FALSE(reader.next().has_value()) << length;
        }
    }
}

}  // namespace
}  // namespace mullion::encoding
