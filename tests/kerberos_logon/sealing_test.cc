#include <gtest/gtest.h>

#include "kerberos_logon/both_ends.h"

namespace mullion::kerberos {
namespace {

struct Kind {
    const char* name;
    std::size_t header;  // 0: it grows with the message.
    std::size_t padding;
};

// What [MS-WSMV] 2.2.9.1 carries for each of Kerberos' encryption types.
class Sealed : public ::testing::TestWithParam<Kind> {
protected:
    void SetUp() override {
        realm_ = &Realm::of(std::string(R"({"enctypes": [")") + GetParam().name + R"("]})");
        meet();
    }
    void meet() {
        handshake_ = std::make_unique<Handshake>(*realm_);
        handshake_->run();
        ASSERT_TRUE(handshake_->done());
        client_ = handshake_->client->sealing();
        server_ = handshake_->server->sealing();
        ASSERT_NE(client_, nullptr);
        ASSERT_NE(server_, nullptr);
    }
    static void expect_broken(auth::Sealing& side, const std::string& signature, const std::string& data) {
        const auto opened = side.unseal(signature, data);
        ASSERT_FALSE(opened.ok());
        EXPECT_EQ(opened.error().id, ErrorId::seal_broken);
        EXPECT_EQ(side.seal("x").error().id, ErrorId::seal_broken);
        EXPECT_EQ(side.unseal("x", "x").error().id, ErrorId::seal_broken);
    }

    Realm* realm_ = nullptr;
    std::unique_ptr<Handshake> handshake_;
    auth::Sealing* client_ = nullptr;
    auth::Sealing* server_ = nullptr;
};
INSTANTIATE_TEST_SUITE_P(Types, Sealed,
                         ::testing::Values(Kind{"aes128-cts-hmac-sha1-96", 60, 0},
                                           Kind{"aes256-cts-hmac-sha1-96", 60, 0},
                                           Kind{"aes128-cts-hmac-sha256-128", 64, 0},
                                           Kind{"aes256-cts-hmac-sha384-192", 72, 0},
                                           Kind{"arcfour-hmac", 0, 1}),
                         [](const auto& parameter) {
                             std::string name = parameter.param.name;
                             for (char& c : name) c = c == '-' ? '_' : c;
                             return name;
                         });

TEST_P(Sealed, CarriesManyMessagesBothWays) {
    const auto kind = GetParam();
    for (std::size_t round = 0; round < 60; ++round) {
        const std::string request(1 + round * 37, static_cast<char>('a' + round % 26));
        auto sealed = client_->seal(request);
        ASSERT_TRUE(sealed.ok()) << sealed.error().message();
        if (kind.header != 0) {
            EXPECT_EQ(sealed->signature.size(), kind.header);
        } else {
            EXPECT_GE(sealed->signature.size(), 45u);
            EXPECT_LE(sealed->signature.size(), 47u);
        }
        EXPECT_EQ(sealed->data.size(), request.size() + kind.padding);
        EXPECT_EQ(sealed->original_length, request.size() + kind.padding);
        EXPECT_LE(kind.padding, server_->padding());
        if (request.size() > 8) {
            EXPECT_EQ((sealed->signature + sealed->data).find(request), std::string::npos);
        }
        auto opened = server_->unseal(sealed->signature, sealed->data);
        ASSERT_TRUE(opened.ok()) << opened.error().message();
        EXPECT_EQ(*opened, request);
        auto answer = server_->seal("answer " + request);
        ASSERT_TRUE(answer.ok());
        EXPECT_EQ(*client_->unseal(answer->signature, answer->data), "answer " + request);
    }
}

TEST_P(Sealed, CarriesALargeMessage) {
    const std::string request(500 * 1024, 'x');
    auto sealed = client_->seal(request);
    ASSERT_TRUE(sealed.ok());
    EXPECT_EQ(*server_->unseal(sealed->signature, sealed->data), request);
}

TEST_P(Sealed, EndsAtAChangedByte) {
    for (const std::size_t at : {std::size_t{1}, std::size_t{2}, std::size_t{20}, std::size_t{30}}) {
        meet();
        auto sealed = client_->seal("a message");
        sealed->signature[at] ^= 1;
        expect_broken(*server_, sealed->signature, sealed->data);
    }
    meet();
    auto sealed = client_->seal("a message");
    sealed->data[3] ^= 1;
    expect_broken(*server_, sealed->signature, sealed->data);
}

TEST_P(Sealed, EndsAtAMessageSentTwice) {
    auto first = client_->seal("first");
    EXPECT_TRUE(server_->unseal(first->signature, first->data).ok());
    expect_broken(*server_, first->signature, first->data);
}

TEST_P(Sealed, EndsAtAGap) {
    (void)client_->seal("first");
    auto second = client_->seal("second");
    expect_broken(*server_, second->signature, second->data);
}

TEST_P(Sealed, EndsAtAMessageOfItsOwn) {
    auto own = server_->seal("reflected");
    expect_broken(*server_, own->signature, own->data);
}

TEST_P(Sealed, EndsAtEveryCut) {
    auto whole = client_->seal("a message");
    const std::string token = whole->signature + whole->data;
    const std::size_t header = whole->signature.size();
    for (std::size_t length = 0; length < token.size(); ++length) {
        meet();
        auto sealed = client_->seal("a message");
        const std::string bytes = (sealed->signature + sealed->data).substr(0, length);
        expect_broken(*server_, bytes.substr(0, header), length <= header ? "" : bytes.substr(header));
    }
}

TEST_P(Sealed, RefusesAnEmptyMessageAndGoesOn) {
    EXPECT_EQ(client_->seal("").error().id, ErrorId::seal_broken);
    auto next = client_->seal("next");
    ASSERT_TRUE(next.ok());
    EXPECT_EQ(*server_->unseal(next->signature, next->data), "next");
}

TEST_P(Sealed, ProtectsTheListOfMechanisms) {
    auto* const client = handshake_->client->integrity();
    auto* const server = handshake_->server->integrity();
    ASSERT_NE(client, nullptr);
    ASSERT_NE(server, nullptr);
    const std::string mic = client->list_mic("a list");
    EXPECT_TRUE(server->list_mic_is_right("a list", mic));
    EXPECT_TRUE(client->list_mic_is_right("a list", server->list_mic("a list")));
    auto sealed = client_->seal("goes on");
    EXPECT_EQ(*server_->unseal(sealed->signature, sealed->data), "goes on");
    EXPECT_FALSE(server->list_mic_is_right("another", client->list_mic("a list")));
}

}  // namespace
}  // namespace mullion::kerberos
