#include "secrets/entities/document.h"

#include <gtest/gtest.h>

#include "secrets/tests/sample_entities.h"
#include "secrets/yaml/form.h"

namespace mullion::secrets {
namespace {

std::string written(const Entity& entity) {
    auto text = write_document(entity);
    return text.ok() ? *text : "error: " + text.error().detail;
}
std::string refusal(const std::string& text) {
    const auto read = read_document(text);
    return read.ok() ? "" : read.error().message();
}

TEST(Document, OfEverySampleIsReadAsItWas) {
    for (const auto& entity : sample_entities()) {
        const auto read = read_document(written(entity));
        ASSERT_TRUE(read.ok()) << written(entity) << read.error().detail;
        EXPECT_EQ(*read, entity);
    }
}

TEST(Document, OfAThousandDrawnOnesIsReadAsItWas) {
    for (std::uint32_t seed = 0; seed < 1000; ++seed) {
        const auto entity = random_entity(seed);
        const auto read = read_document(written(entity));
        ASSERT_TRUE(read.ok()) << written(entity) << read.error().detail;
        ASSERT_EQ(*read, entity) << seed;
    }
}

// What is stored must be readable for ever: this text is not to change.
TEST(Document, HasTheFormThatIsKept) {
    const auto all = sample_entities();
    EXPECT_EQ(
        written(all[0]),
        R"({"version":1,"secret":{"type":"SecretText","name":"pw","identifier":"pw","orgIdentifier":"o",)"
        R"("projectIdentifier":"p","description":"two\nlines","tags":{"empty":"","team":"a"},)"
        R"("spec":{"secretManagerIdentifier":"harnessSecretManager","valueType":"Inline"}}})");
    EXPECT_EQ(written(all[6]),
              R"({"version":1,"secret":{"type":"WinRmCredentials","name":"password","identifier":"password",)"
              R"("description":"","tags":{},"spec":{"auth":{"type":"Kerberos","spec":{"principal":"svc",)"
              R"("realm":"CORP.EXAMPLE","kdcs":["dc1.corp.example"],"useSSL":true,"skipCertChecks":false,)"
              R"("useNoProfile":false,"tgtGenerationMethod":"Password","spec":{"password":"account.pw"},)"
              R"("reuseTicketWithinRun":true}},"parameters":[]}}})");
    EXPECT_EQ(
        written(all[9]),
        R"({"version":1,"connector":{"type":"AwsKms","name":"sts","identifier":"sts","description":"",)"
        R"("tags":{},"spec":{"credential":{"type":"AssumeSTSRole","spec":{"delegateSelectors":["site-a"],)"
        R"("roleArn":"arn:aws:iam::111122223333:role/kms","externalName":"ext","assumeStsRoleDuration":3600}},)"
        R"("kmsArnInPlainText":"arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",)"
        R"("region":"eu-central-1","delegateSelectors":[],"default":false,"executeOnDelegate":true,)"
        R"("ignoreTestConnection":false}}})");
}

TEST(Document, EveryTruncationIsRefused) {
    for (const auto& entity : sample_entities()) {
        const auto text = written(entity);
        for (std::size_t size = 0; size < text.size(); ++size) {
            const auto read = read_document(std::string_view(text).substr(0, size));
            ASSERT_FALSE(read.ok());
            ASSERT_EQ(read.error().id, ErrorId::secrets_tampered);
        }
    }
}

TEST(Document, IsTakenInItsOneFormOnly) {
    const auto text = written(sample_entities()[0]);
    for (const auto& other : {" " + text, text + "\n", text + text, std::string("[]"), std::string("null"),
                              std::string(R"({"version":1})"), std::string(R"({"secret":{}})")})
        EXPECT_TRUE(refusal(other).find("what is kept is not what was written") != std::string::npos)
            << other;
    const auto with = [&](std::string_view from, std::string_view to) {
        auto changed = text;
        return changed.replace(changed.find(from), from.size(), to);
    };
    EXPECT_NE(refusal(with(R"("spec":{)", R"("spec":{"value":"x",)")), "");
    EXPECT_NE(refusal(with(R"("tags")", R"("colour":"x","tags")")), "");
    EXPECT_NE(refusal(with(R"("name":"pw","identifier":"pw")", R"("identifier":"pw","name":"pw")")), "");
    EXPECT_NE(refusal(with(R"("version":1)", R"("version":"1")")), "");
    EXPECT_NE(refusal(std::string(5 << 20, ' ')), "");
    EXPECT_NE(refusal(std::string(100'000, '[')), "");
}

TEST(Document, OfANewerVersionIsToldAsSuch) {
    const auto read = read_document(R"({"version":2,"thing":{}})");
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().id, ErrorId::secrets_store);
}

TEST(Document, TakesNoTextThatIsNoUtf8AndNoneTooLong) {
    auto entity = sample_entities()[0];
    entity.description = "\xff";
    EXPECT_EQ(written(entity), "error: a text in it is not UTF-8");
    entity.description = std::string(largest_document, 'x');
    EXPECT_EQ(written(entity), "error: it is over 4194304 bytes");
}

TEST(Document, FieldsThatDifferAreNamed) {
    const auto before = sample_entities()[2];
    auto after = before;
    EXPECT_TRUE(changed_fields(before, after).empty());
    after.tags["team"] = "b";
    auto& credential = std::get<WinRmCredential>(after.spec);
    credential.port = 5985;
    credential.parameters = {{"a", "b"}};
    std::get<NtlmLogOn>(credential.log_on).username = "other";
    EXPECT_EQ(
        changed_fields(before, after),
        (std::vector<std::string>{"spec.auth.spec.username", "spec.parameters", "spec.port", "tags.team"}));
    EXPECT_EQ(changed_fields(after, before), changed_fields(before, after));
}

}  // namespace
}  // namespace mullion::secrets
