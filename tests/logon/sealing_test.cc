#include "logon/both_ends.h"

namespace mullion::logon {
namespace {

class Sealed : public Pairs {
protected:
    void SetUp() override {
        handshake_ = std::make_unique<Handshake>(scene());
        handshake_->run();
        ASSERT_TRUE(handshake_->done());
        client_ = handshake_->client->sealing();
        server_ = handshake_->server->sealing();
        ASSERT_NE(client_, nullptr);
        ASSERT_NE(server_, nullptr);
    }
    // Nothing works any more.
    static void expect_poisoned(auth::Sealing& side) {
        EXPECT_EQ(side.seal("x").error().id, ErrorId::seal_broken);
        EXPECT_EQ(side.unseal(std::string(16, 's'), "x").error().id, ErrorId::seal_broken);
    }

    std::unique_ptr<Handshake> handshake_;
    auth::Sealing* client_ = nullptr;
    auth::Sealing* server_ = nullptr;
};
INSTANTIATE_TEST_SUITE_P(Ends, Sealed, ::testing::ValuesIn(all_ends()), name_of);

TEST_P(Sealed, CarriesManyMessagesBothWays) {
    for (int round = 0; round < 200; ++round) {
        const std::string request(1 + static_cast<std::size_t>(round) * 37,
                                  static_cast<char>('a' + round % 26));
        auto sealed = client_->seal(request);
        ASSERT_TRUE(sealed.ok()) << sealed.error().message();
        EXPECT_EQ(sealed->signature.size(), 16u);
        EXPECT_EQ(sealed->data.size(), request.size());
        EXPECT_EQ(sealed->original_length, request.size());
        if (request.size() > 8) {
            EXPECT_EQ(sealed->data.find(request), std::string::npos);
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

TEST_P(Sealed, EndsAtAChangedByteOfTheData) {
    auto sealed = client_->seal("a message");
    sealed->data[3] ^= 1;
    EXPECT_EQ(server_->unseal(sealed->signature, sealed->data).error().id, ErrorId::seal_broken);
    expect_poisoned(*server_);
}

TEST_P(Sealed, EndsAtAChangedByteOfTheSignature) {
    auto sealed = client_->seal("a message");
    sealed->signature[5] ^= 1;
    EXPECT_EQ(server_->unseal(sealed->signature, sealed->data).error().id, ErrorId::seal_broken);
    expect_poisoned(*server_);
}

TEST_P(Sealed, EndsAtAMessageOutOfOrder) {
    auto first = client_->seal("first");
    auto second = client_->seal("second");
    ASSERT_TRUE(first.ok() && second.ok());
    EXPECT_FALSE(server_->unseal(second->signature, second->data).ok());
    expect_poisoned(*server_);
}

TEST_P(Sealed, EndsAtAMessageSentTwice) {
    auto first = client_->seal("first");
    EXPECT_TRUE(server_->unseal(first->signature, first->data).ok());
    EXPECT_FALSE(server_->unseal(first->signature, first->data).ok());
    expect_poisoned(*server_);
}

TEST_P(Sealed, EndsAtAMessageOfItsOwn) {
    auto own = server_->seal("reflected");
    EXPECT_FALSE(server_->unseal(own->signature, own->data).ok());
    expect_poisoned(*server_);
}

TEST_P(Sealed, EndsAtEveryCut) {
    auto whole = client_->seal("a message");
    const std::string token = whole->signature + whole->data;
    for (std::size_t length = 0; length < token.size(); ++length) {
        Handshake fresh(scene());
        fresh.run();
        auth::Sealing& server = *fresh.server->sealing();
        auto sealed = fresh.client->sealing()->seal("a message");
        const std::string bytes = (sealed->signature + sealed->data).substr(0, length);
        auto opened =
            length <= 16 ? server.unseal(bytes, "") : server.unseal(bytes.substr(0, 16), bytes.substr(16));
        ASSERT_FALSE(opened.ok()) << length;
        EXPECT_EQ(opened.error().id, ErrorId::seal_broken);
        expect_poisoned(server);
    }
}

TEST_P(Sealed, RefusesAnEmptyMessageAndGoesOn) {
    EXPECT_EQ(client_->seal("").error().id, ErrorId::seal_broken);
    auto next = client_->seal("next");
    ASSERT_TRUE(next.ok());
    EXPECT_EQ(*server_->unseal(next->signature, next->data), "next");
}

}  // namespace
}  // namespace mullion::logon
