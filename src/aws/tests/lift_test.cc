#include "aws/lift.h"

#include <gtest/gtest.h>

namespace mullion::aws {
namespace {

TEST(LiftJson, TakesValuesOutAndLeavesStars) {
    auto lifted = lift_json(
        R"({"KeyId":"k","Plaintext":"c2VjcmV0","Nested":{"Plaintext":"not this"},"List":["Plaintext","x"]})",
        {"Plaintext"});
    ASSERT_TRUE(lifted.ok());
    EXPECT_EQ(
        lifted->rest,
        R"({"KeyId":"k","Plaintext":"********","Nested":{"Plaintext":"not this"},"List":["Plaintext","x"]})");
    EXPECT_EQ(lifted->take("Plaintext").expose(), "c2VjcmV0");
    EXPECT_TRUE(lifted->take("Plaintext").empty());
}

TEST(LiftJson, UnderstandsTheEscapesThatKeysCanHave) {
    auto lifted = lift_json(R"({ "Token" : "a\/b\u002bc\\\"" })", {"Token"});
    ASSERT_TRUE(lifted.ok());
    EXPECT_EQ(lifted->take("Token").expose(), "a/b+c\\\"");
    EXPECT_FALSE(lift_json(R"({"Token":"a\n"})", {"Token"}).ok());
    EXPECT_FALSE(lift_json("{\"Token\":\"a\r\"}", {"Token"}).ok());
    EXPECT_FALSE(lift_json(R"({"Token":"\u00e4"})", {"Token"}).ok());
    EXPECT_FALSE(lift_json(R"({"Token":"\u00"})", {"Token"}).ok());
}

TEST(LiftJson, RefusesWhatIsNoObjectTwiceOrDeep) {
    for (const std::string& wrong :
         {std::string(R"({"P":"a","P":"b"})"), std::string("[]"), std::string("}"), std::string(17, '{'),
          std::string(R"({"P":"a)"), std::string(R"({"P":"a\)")})
        EXPECT_FALSE(lift_json(wrong, {"P"}).ok()) << wrong;
    auto number = lift_json(R"({"P":12})", {"P"});
    ASSERT_TRUE(number.ok());
    EXPECT_TRUE(number->secrets.empty());
}

TEST(LiftJson, EveryTruncationLeavesNoPartOfTheSecret) {
    const std::string whole = R"({"P":"c2VjcmV0","K":"k"})";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto lifted = lift_json(whole.substr(0, size), {"P"});
        if (lifted.ok()) {
            EXPECT_EQ(lifted->rest.find("c2V"), std::string::npos) << size;
        }
    }
}

TEST(LiftXml, TakesTextsOut) {
    auto lifted =
        lift_xml("<C><SessionToken>tok</SessionToken><Key>a/b+c=</Key></C>", {"Key", "SessionToken"});
    ASSERT_TRUE(lifted.ok());
    EXPECT_EQ(lifted->rest, "<C><SessionToken>***</SessionToken><Key>******</Key></C>");
    EXPECT_EQ(lifted->take("Key").expose(), "a/b+c=");
    EXPECT_EQ(lifted->take("SessionToken").expose(), "tok");
}

TEST(LiftXml, RefusesMarkupReferencesAndDoubles) {
    for (const char* wrong :
         {"<K>a<b/></K>", "<K>a&amp;</K>", "<K>a</K><K>b</K>", "<K>a", "<K><![CDATA[a]]></K>"})
        EXPECT_FALSE(lift_xml(wrong, {"K"}).ok()) << wrong;
    EXPECT_TRUE(lift_xml("<a/>", {"K"}).value().secrets.empty());
}

}  // namespace
}  // namespace mullion::aws
