// Bodies in one chunk and in several.
#include "channel/sealed_body.h"

#include "channel/tests/fake_engines.h"
#include "http/encrypted.h"

namespace mullion::channel {
namespace {

class Small final : public auth::Sealing {
public:
    std::size_t largest() const override { return 4; }
    Result<auth::SealedMessage> seal(std::string_view plaintext) override {
        EXPECT_LE(plaintext.size(), largest());
        return inner_.seal(plaintext);
    }
    Result<std::string> unseal(std::string_view signature, std::string_view data) override {
        return inner_.unseal(signature, data);
    }

private:
    testing::FakeSealing inner_;
};

TEST(SealedBody, GoesInAsManyChunksAsItTakes) {
    for (const std::string text : {"a", "four", "five!", "twelve bytes", "--Encrypted Boundary--\r\n"}) {
        Small here, there;
        const auto sealed = seal_body(here, http::credssp_encrypted, soap_utf8, text);
        ASSERT_TRUE(sealed.ok());
        EXPECT_EQ(sealed->content_type.starts_with("multipart/x-multi-encrypted"), text.size() > 4);
        const auto opened = open_body(there, sealed->content_type, sealed->bytes, 1000);
        ASSERT_TRUE(opened.ok()) << opened.error().message();
        EXPECT_EQ(opened->bytes, text);
        EXPECT_EQ(opened->content_type, soap_utf8);
    }
}

TEST(SealedBody, OfALimitIsHeldByAllChunksTogether) {
    Small here, there;
    const auto sealed = seal_body(here, http::credssp_encrypted, soap_utf8, "twelve bytes");
    ASSERT_TRUE(sealed.ok());
    const auto opened = open_body(there, sealed->content_type, sealed->bytes, 11);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().id, ErrorId::http_malformed);
}

TEST(SealedBody, ChunksCannotBeReorderedOrLeftOut) {
    Small here;
    const auto sealed = seal_body(here, http::credssp_encrypted, soap_utf8, "oneetwoo");
    ASSERT_TRUE(sealed.ok());
    auto chunks = http::read_encrypted(sealed->content_type, sealed->bytes, 1000).value();
    std::swap(chunks[0], chunks[1]);
    Small there, elsewhere;
    EXPECT_EQ(open_body(there, sealed->content_type, http::write_encrypted(chunks), 1000).error().id,
              ErrorId::seal_broken);
    chunks.pop_back();
    EXPECT_FALSE(open_body(elsewhere, sealed->content_type, http::write_encrypted(chunks), 1000).ok());
}

}  // namespace
}  // namespace mullion::channel
