// What a peer may send instead of a token: nothing is accepted, nothing crashes.
#include "encoding/der.h"
#include "logon/both_ends.h"
#include "ntlm/messages.h"

namespace mullion::logon {
namespace {

using namespace ntlm;

using auth::Transport;

class ToOurService : public Pairs {};
INSTANTIATE_TEST_SUITE_P(Ends, ToOurService, ::testing::ValuesIn(ends_with_our_service()), name_of);
class ToOurClient : public Pairs {};
INSTANTIATE_TEST_SUITE_P(Ends, ToOurClient, ::testing::ValuesIn(ends_with_our_client()), name_of);

void put_u16(std::string& bytes, std::size_t at, std::size_t value) {
    bytes[at] = static_cast<char>(value & 0xff);
    bytes[at + 1] = static_cast<char>(value >> 8);
}

// An AUTHENTICATE message in SPNEGO's clothes where the transport wants them.
std::string dress(const std::string& message, Transport transport) {
    using encoding::der_element;
    if (transport == Transport::ntlm) return message;
    return der_element(0xa1, der_element(0x30, der_element(0xa2, der_element(0x04, message))));
}

TEST_P(ToOurService, CutTokensOfTheClient) {
    Handshake whole(scene());
    whole.run();
    ASSERT_TRUE(whole.done());
    for (std::size_t leg = 0; leg < 2; ++leg) {
        for (std::size_t length = 0; length < whole.from_client.at(leg).size(); ++length) {
            Handshake cut(scene());
            const std::string token = leg == 0 ? cut.negotiate() : cut.authenticate();
            auto answer = cut.server->step(token.substr(0, std::min(length, token.size() - 1)));
            // A first message may lose what the service does not need (names, version); it never proves
            // anybody.
            if (answer.ok()) {
                EXPECT_EQ(leg, 0u) << length;
                EXPECT_FALSE(answer->identity) << length;
            } else {
                EXPECT_FALSE(cut.server->step(token).ok()) << "went on after a failure";
            }
        }
    }
}

TEST_P(ToOurClient, CutTokensOfTheService) {
    Handshake whole(scene());
    whole.run();
    const std::size_t size = whole.from_server.at(0).size();
    for (std::size_t length = 0; length < size; ++length) {
        Handshake cut(scene());
        const std::string token = cut.challenge();
        auto step = cut.client->step(token.substr(0, std::min(length, token.size() - 1)));
        ASSERT_FALSE(step.ok()) << length;
        EXPECT_EQ(step.error().id, ErrorId::auth_protocol);
        EXPECT_EQ(cut.client->sealing(), nullptr);
    }
}

TEST_P(ToOurService, EveryByteOfTheProofChanged) {
    Handshake probe(scene());
    probe.run();
    const std::size_t size = probe.from_client.at(1).size();
    std::size_t accepted = 0;
    for (std::size_t at = 0; at < size; ++at) {
        Handshake changed(scene());
        std::string token = changed.authenticate();
        if (at >= token.size()) break;
        token[at] = static_cast<char>(token[at] ^ 0x20);
        auto answer = changed.server->step(token);
        if (answer.ok() && answer->identity) ++accepted;
    }
    // The MIC covers the whole NTLM message.
    EXPECT_EQ(accepted, 0u);
}

TEST_P(ToOurService, NtlmVersion1) {
    for (const std::size_t response : {24u, 0u, 16u, 44u}) {
        Handshake handshake(scene());
        const std::string second = handshake.authenticate();
        std::string message = ntlm_inside(second);
        put_u16(message, 20, response);
        put_u16(message, 22, response);
        auto answer = handshake.server->step(dress(message, GetParam().transport));
        ASSERT_FALSE(answer.ok()) << response;
        EXPECT_EQ(answer.error().id, ErrorId::auth_rejected);
        EXPECT_NE(answer.error().detail.find("NTLMv2"), std::string::npos) << answer.error().detail;
    }
}

TEST_P(ToOurService, AnonymousAndForeignNames) {
    struct Case {
        std::size_t user_length;
        char character;
        ErrorId id;
    };
    for (const Case& c : {Case{0, 'x', ErrorId::auth_rejected}, Case{10, ':', ErrorId::auth_rejected},
                          Case{10, '\n', ErrorId::auth_rejected}, Case{10, '\\', ErrorId::auth_rejected},
                          Case{9, 'x', ErrorId::auth_protocol}}) {
        Handshake handshake(scene());
        const std::string second = handshake.authenticate();
        std::string message = ntlm_inside(second);
        const auto user_at = static_cast<unsigned char>(message[40]) | static_cast<unsigned char>(message[41])
                                                                           << 8;
        message[static_cast<std::size_t>(user_at) + 2] = c.character;
        put_u16(message, 36, c.user_length);
        auto answer = handshake.server->step(dress(message, GetParam().transport));
        ASSERT_FALSE(answer.ok());
        EXPECT_EQ(answer.error().id, c.id) << answer.error().detail;
    }
}

TEST_P(ToOurService, AShortSessionKey) {
    Handshake handshake(scene());
    const std::string second = handshake.authenticate();
    std::string message = ntlm_inside(second);
    put_u16(message, 52, 4);
    auto answer = handshake.server->step(dress(message, GetParam().transport));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::auth_protocol);
}

TEST_P(ToOurService, MessagesOutOfOrder) {
    Handshake whole(scene());
    whole.run();
    // The last message first, and the first one twice.
    Handshake late(scene());
    EXPECT_FALSE(late.server->step(whole.from_client.at(1)).ok());
    Handshake twice(scene());
    ASSERT_TRUE(twice.server->step(whole.from_client.at(0)).ok());
    EXPECT_FALSE(twice.server->step(whole.from_client.at(0)).ok());
    // A proof for another challenge.
    Handshake replayed(scene());
    ASSERT_TRUE(replayed.server->step(whole.from_client.at(0)).ok());
    auto answer = replayed.server->step(whole.from_client.at(1));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::auth_rejected);
}

TEST(HostileTokens, RefusesWhatIsNoTokenAtAll) {
    Accounts accounts;
    for (const std::string& token :
         {std::string(), std::string("x"), std::string("NTLMSSP"), std::string("NTLMSSP\0\1\0\0\0", 12),
          std::string("NTLMSSP\0\2\0\0\0", 12) + std::string(64, '\0'), std::string(49 * 1024, 'x'),
          std::string("\x60\x82\xff\xff", 4), encoding::der_element(0x60, "\x06\x01\x2a")}) {
        auto acceptor = service_of({}, accounts);
        auto step = acceptor->step(token);
        ASSERT_FALSE(step.ok());
        EXPECT_EQ(step.error().id, ErrorId::auth_protocol);
    }
}

}  // namespace
}  // namespace mullion::logon
