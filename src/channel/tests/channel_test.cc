// Both ends over loopback, with engines that need no library.
#include "channel/tests/channel_fixture.h"

namespace mullion::channel {
namespace {

using namespace std::chrono_literals;
using Channel = testing::ChannelFixture;

constexpr auto ntlm = auth::Transport::ntlm;
constexpr auto basic = auth::Transport::basic;

TEST_F(Channel, SealsOverHttpOnOneConnection) {
    const auto connection = client({ntlm});
    for (const std::string body : {"<one/>", "<two/>", "<three/>"}) {
        const auto answer = exchange(*connection, body);
        ASSERT_TRUE(answer.ok()) << answer.error().message();
        EXPECT_EQ(answer->body, "<re>" + body + "</re>");
    }
    EXPECT_EQ(heard_, (std::vector<std::string>{"alice sealed <one/>", "alice sealed <two/>",
                                                "alice sealed <three/>"}));
    EXPECT_EQ(connections_, 1);
    EXPECT_EQ(connection->round_trips(), 5U);  // Two empty POSTs, then one a message.
    EXPECT_TRUE(connection->sealed());
}

TEST_F(Channel, AWrongWordIsRejectedAndNothingIsHeard) {
    const auto connection = client({ntlm}, "wrong");
    const auto answer = exchange(*connection, "<one/>");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::auth_rejected);
    EXPECT_EQ(answer.error().offered, std::vector<std::string>{"Negotiate"});
    EXPECT_EQ(answer.error().tried, "fake in Negotiate");
    EXPECT_EQ(answer.error().http_status, 401);
    EXPECT_EQ(answer.error().step, "log on");
    EXPECT_FALSE(connection->sent());
    EXPECT_TRUE(heard_.empty());
}

TEST_F(Channel, AHostThatGoesOnAfterTheLastWordIsNotAnswered) {
    const auto rejected = client({auth::Transport::negotiate}, "again");
    const auto answer = exchange(*rejected, "<one/>");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::auth_rejected);
    // With its 200 a token more says nothing that matters.
    const auto taken = client({auth::Transport::negotiate});
    EXPECT_TRUE(exchange(*taken, "<one/>").ok());
}

TEST_F(Channel, BasicInClearIsRefusedBeforeAnythingIsSent) {
    const auto connection = client({basic});
    const auto answer = exchange(*connection, "<one/>");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::auth_plaintext);
    EXPECT_EQ(verifier_.verified, 0);
}

TEST_F(Channel, BasicIsVerifiedOncePerConnection) {
    server_.basic = server_.allow_unencrypted = true;
    client_.allow_unencrypted = true;
    const auto connection = client({basic});
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(exchange(*connection, "<one/>").ok());
    EXPECT_EQ(verifier_.verified, 1);
    EXPECT_EQ(heard_.front(), "alice clear <one/>");
}

TEST_F(Channel, ADisabledSchemeIsNamedWithWhatIsOffered) {
    server_.negotiate = false;
    server_.basic = server_.allow_unencrypted = true;
    const auto connection = client({ntlm});
    const auto answer = exchange(*connection, "<one/>");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::auth_not_offered);
    EXPECT_EQ(answer.error().offered, std::vector<std::string>{"Basic"});
}

TEST_F(Channel, TheNextOfferedTransportIsTaken) {
    server_.negotiate = false;
    server_.basic = server_.allow_unencrypted = true;
    client_.allow_unencrypted = true;
    const auto connection = client({ntlm, basic});
    ASSERT_TRUE(exchange(*connection, "<one/>").ok());
    EXPECT_EQ(connection->transport(), basic);
    EXPECT_EQ(connection->how().find("ntlm: the host does not offer that way to authenticate"), 0U)
        << connection->how();
}

TEST_F(Channel, TheFirstTransportHasNothingToExplain) {
    const auto connection = client({ntlm, basic});
    ASSERT_TRUE(exchange(*connection, "<one/>").ok());
    EXPECT_EQ(connection->how(), "");
}

TEST_F(Channel, WhoIsRejectedHearsWhyItWasNotTheFirst) {
    server_.negotiate = false;
    server_.basic = server_.allow_unencrypted = true;
    client_.allow_unencrypted = true;
    const auto connection = client({ntlm, basic}, "wrong");
    const auto answer = exchange(*connection, "<one/>");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::auth_rejected);
    EXPECT_EQ(answer.error().tried.find("basic (ntlm: the host does not offer"), 0U) << answer.error().tried;
}

TEST_F(Channel, ADisabledBasicIsNamedOrLeftForTheNext) {
    server_.allow_unencrypted = true;
    client_.allow_unencrypted = true;
    const auto alone = client({basic});
    EXPECT_EQ(exchange(*alone, "<one/>").error().id, ErrorId::auth_not_offered);
    const auto followed = client({basic, ntlm});
    ASSERT_TRUE(exchange(*followed, "<one/>").ok());
    EXPECT_EQ(followed->transport(), ntlm);
    EXPECT_EQ(verifier_.verified, 0);
}

TEST_F(Channel, NoPasswordIsSentWhereNothingIsOffered) {
    server_.negotiate = false;
    client_.allow_unencrypted = true;
    const auto connection = client({ntlm, basic});
    EXPECT_EQ(exchange(*connection, "<one/>").error().id, ErrorId::auth_not_offered);
    EXPECT_EQ(connection->round_trips(), 1U);
}

TEST_F(Channel, ARejectedCredentialIsNotTriedAnotherWay) {
    server_.basic = server_.allow_unencrypted = true;
    client_.allow_unencrypted = true;
    const auto connection = client({ntlm, basic}, "wrong");
    EXPECT_EQ(exchange(*connection, "<one/>").error().id, ErrorId::auth_rejected);
    EXPECT_EQ(verifier_.verified, 0);
}

TEST_F(Channel, MessagesInClearAreRefusedUnlessAllowed) {
    client_.allow_unencrypted = true;
    client_.encryption = Encryption::never;
    const auto connection = client({ntlm});
    const auto answer = exchange(*connection, "<one/>");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::auth_encryption_refused);
    EXPECT_TRUE(heard_.empty());
}

TEST_F(Channel, AHostIsAskedInClearByWhoHasLoggedOn) {
    const auto connection = client({ntlm});
    ASSERT_TRUE(exchange(*connection, "<one/>").ok());
    connection->speak_in_clear(true);
    const auto refused = exchange(*connection, "<two/>");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().id, ErrorId::auth_encryption_refused);
    // Nobody logs on anew for that.
    const auto gone = exchange(*connection, "<three/>");
    ASSERT_FALSE(gone.ok());
    EXPECT_EQ(gone.error().id, ErrorId::net_closed);
    connection->speak_in_clear(false);
    ASSERT_TRUE(exchange(*connection, "<four/>").ok());
    EXPECT_EQ(heard_, (std::vector<std::string>{"alice sealed <one/>", "alice sealed <four/>"}));
    EXPECT_EQ(connections_, 2);
}

TEST_F(Channel, AHostThatTakesMessagesInClearSaysSo) {
    server_.allow_unencrypted = true;
    const auto connection = client({ntlm});
    ASSERT_TRUE(exchange(*connection, "<one/>").ok());
    connection->speak_in_clear(true);
    ASSERT_TRUE(exchange(*connection, "<two/>").ok());
    EXPECT_EQ(heard_, (std::vector<std::string>{"alice sealed <one/>", "alice clear <two/>"}));
    EXPECT_EQ(connections_, 1);
}

TEST_F(Channel, AConnectionTheHostClosedWhileIdleIsReplaced) {
    const auto connection = client({ntlm});
    ASSERT_TRUE(exchange(*connection, "<one/>").ok());
    while (!live_.empty()) {
        for (auto* stream : live_) stream->close();
        context_.run_one();
    }
    ASSERT_TRUE(exchange(*connection, "<two/>").ok());
    EXPECT_EQ(connections_, 2);
    EXPECT_EQ(heard_.size(), 2U);
}

TEST_F(Channel, ALostAnswerLeavesItOpenWhetherItWasHeard) {
    handler_ = [this](Incoming incoming) -> net::Task<Outgoing> {
        heard_.push_back(incoming.body);
        for (auto* stream : live_) stream->close();
        co_return Outgoing{};
    };
    const auto connection = client({ntlm});
    const auto answer = exchange(*connection, "<one/>");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::net_closed);
    EXPECT_TRUE(connection->sent());
    EXPECT_EQ(heard_.size(), 1U);
}

TEST_F(Channel, AnAnswerInClearToASealedRequestIsNotTrusted) {
    server_.path = "/other";
    client_.path = "/wsman";
    const auto connection = client({ntlm});
    EXPECT_EQ(exchange(*connection, "<one/>").error().id, ErrorId::http_not_found);
}

TEST_F(Channel, AFullVerifierIsBusyNotARejection) {
    server_.basic = server_.allow_unencrypted = true;
    client_.allow_unencrypted = true;
    verifier_.busy = true;
    const auto connection = client({basic});
    EXPECT_EQ(exchange(*connection, "<one/>").error().id, ErrorId::http_busy);
}

std::string post(std::string_view fields, std::string_view body, std::string_view path = "/wsman") {
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: "
        "application/soap+xml;charset=UTF-8\r\n{}Content-Length: {}\r\n\r\n{}",
        path, fields, body.size(), body);
}

TEST_F(Channel, NobodyIsHeardWithoutProof) {
    server_.basic = server_.allow_unencrypted = true;
    const std::string right = "Authorization: " + http::credentials_field("Basic", "alice:word") + "\r\n";
    const std::vector<std::string> attempts = {
        post("", "<x/>"),
        post("Authorization: " + http::credentials_field("Basic", "alice:nope") + "\r\n", "<x/>"),
        post("Authorization: Basic\r\n", "<x/>"),
        post("Authorization: Negotiate\r\n", "<x/>"),
        post("Authorization: " + http::credentials_field("Negotiate", "hello") + "\r\n", "<x/>"),
        post("Authorization: " + http::credentials_field("Negotiate", "proof:nope") + "\r\n", "<x/>"),
        post("Authorization: Kerberos AAAA\r\n", "<x/>"),
        post("Authorization: Digest username=\"alice\"\r\n", "<x/>"),
        post(right + right, "<x/>"),
        post(right, "<x/>", "/elsewhere"),
        "GET /wsman HTTP/1.1\r\nHost: h\r\n" + right + "\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: h\r\n" + right + "\r\n",
        // An identity that comes after the body is none.
        "POST /wsman HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: "
        "Authorization\r\n\r\n4\r\n<x/>\r\n0\r\n" +
            right + "\r\n",
    };
    for (const auto& attempt : attempts) {
        const auto answer = raw(attempt);
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 4")) << attempt << "\n->\n" << answer;
        EXPECT_TRUE(heard_.empty()) << attempt;
    }
    EXPECT_TRUE(
        raw(post(right, "<x/>")).starts_with("HTTP/1.1 200"));  // The control: the right one is heard.
    EXPECT_EQ(heard_.size(), 1U);
}

TEST_F(Channel, AnAnswerGoesOutAsItsDeliverySays) {
    Delivery delivery;
    handler_ = [&](Incoming) -> net::Task<Outgoing> {
        Outgoing answer{200, "application/soap+xml;charset=UTF-8", "<answer/>", delivery};
        co_return answer;
    };
    const std::string request = post("WSMANIDENTIFY: unauthenticated\r\n", "<id/>");
    const std::string whole = raw(request);
    EXPECT_TRUE(whole.ends_with("<answer/>"));
    delivery.way = Delivery::Way::dropped;
    EXPECT_EQ(raw(request), "");
    delivery = {Delivery::Way::cut, 4, {}};
    EXPECT_EQ(raw(request), whole.substr(0, whole.size() - 5));
    delivery.bytes = 1'000;
    EXPECT_EQ(raw(request), whole);
    delivery = {Delivery::Way::slowly, 7, 1ms};
    EXPECT_EQ(raw(request), whole);
    delivery = {Delivery::Way::held, 0, {}};
    server_.packet_timeout = 50ms;  // The host's patience with a peer that waits.
    EXPECT_EQ(raw(request), "");
}

TEST_F(Channel, AWatchSeesEveryRequestAndMaySpoilAHandshake) {
    class Counting final : public ConnectionWatch {
    public:
        void request() override { ++requests; }
        net::Task<Delivery> handshake(http::Response& response) override {
            ++handshakes;
            if (handshakes > 2) response.status = 503;
            co_return Delivery{};
        }
        int requests = 0;
        int handshakes = 0;
    } counting;
    watch_ = &counting;
    {
        const auto connection = client({ntlm});
        ASSERT_TRUE(exchange(*connection, "<one/>").ok());
        ASSERT_TRUE(exchange(*connection, "<two/>").ok());
        EXPECT_EQ(counting.requests, counting.handshakes + 2);
    }
    counting.handshakes = 2;
    EXPECT_TRUE(raw(post("", "<x/>")).starts_with("HTTP/1.1 503"));
    while (!live_.empty()) context_.run_one();
    watch_ = nullptr;
}

TEST_F(Channel, IdentifyIsHeardFromNobodyAsSuch) {
    EXPECT_TRUE(raw(post("WSMANIDENTIFY: unauthenticated\r\n", "<id/>")).starts_with("HTTP/1.1 200"));
    EXPECT_EQ(heard_, std::vector<std::string>{"nobody clear <id/>"});
}

TEST_F(Channel, ATokenMayComeTogetherWithItsBody) {
    server_.allow_unencrypted = true;
    const std::string hello =
        "POST /wsman HTTP/1.1\r\nHost: h\r\nAuthorization: " + http::credentials_field("Negotiate", "hello") +
        "\r\nContent-Length: 0\r\n\r\n";
    const auto answer =
        raw(hello +
            post("Authorization: " + http::credentials_field("Negotiate", "proof:word") + "\r\n", "<x/>"));
    EXPECT_NE(answer.find("HTTP/1.1 200"), std::string::npos) << answer;
    EXPECT_NE(answer.find("WWW-Authenticate: " + http::credentials_field("Negotiate", "done")),
              std::string::npos)
        << answer;
    EXPECT_EQ(heard_, std::vector<std::string>{"alice clear <x/>"});
}

TEST_F(Channel, ANewAuthorizationEndsTheOldIdentity) {
    server_.allow_unencrypted = true;
    const auto field = [](std::string_view token) {
        return "Authorization: " + http::credentials_field("Negotiate", token) + "\r\n";
    };
    const auto keep = [](std::string fields) {
        return "POST /wsman HTTP/1.1\r\nHost: h\r\n" + fields + "Content-Length: 0\r\n\r\n";
    };
    raw(keep(field("hello")) + keep(field("proof:word")) + keep(field("hello")) + post("", "<x/>"));
    EXPECT_TRUE(heard_.empty());
}

TEST_F(Channel, AConnectionBelongsToOneAccountForLife) {
    server_.basic = server_.allow_unencrypted = true;
    const auto as = [](std::string_view who) {
        return "POST /wsman HTTP/1.1\r\nHost: h\r\nAuthorization: " + http::credentials_field("Basic", who) +
               "\r\nContent-Length: 4\r\n\r\n<x/>";
    };
    const auto answer =
        raw(as("alice:word") + as("bob:nope") + as("alice:word") + as("bob:word") + as("alice:word"));
    EXPECT_EQ(heard_, (std::vector<std::string>{"alice clear <x/>", "alice clear <x/>"}));
    EXPECT_TRUE(answer.ends_with("Connection: close\r\n\r\n")) << answer;
}

TEST_F(Channel, OversizeIsRefusedByItsHeader) {
    server_.max_envelope_bytes = 1024;
    EXPECT_TRUE(raw("POST /wsman HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n")
                    .starts_with("HTTP/1.1 413"));
}

TEST_F(Channel, TheClientHearsWhyALargeRequestWasRefused) {
    server_.max_envelope_bytes = 1024;
    auto connection = client({auth::Transport::ntlm});
    const auto answer = exchange(*connection, std::string(3'000'000, 'x'));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().info().id, "http.request_too_large") << answer.error().message();
    EXPECT_TRUE(connection->sent());  // Not sealed: anybody may have said so.
    EXPECT_TRUE(heard_.empty());
}

TEST_F(Channel, AStrangersIdentifyIsBounded) {
    const std::string large(100'000, 'x');
    EXPECT_TRUE(raw(post("WSMANIDENTIFY: unauthenticated\r\n", large)).starts_with("HTTP/1.1 413"));
    EXPECT_TRUE(heard_.empty());
}

TEST_F(Channel, ABrokenSealEndsTheConnection) {
    const auto token = [](std::string_view text) {
        return "POST /wsman HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nAuthorization: " +
               http::credentials_field("Negotiate", text) + "\r\n\r\n";
    };
    const std::string body =
        "--Encrypted Boundary\r\nContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n"
        "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=4\r\n--Encrypted Boundary\r\n"
        "Content-Type: application/octet-stream\r\n" +
        std::string("\x10\0\0\0", 4) + "0123456789abcdefXXXX--Encrypted Boundary--\r\n";
    const auto sealed = fmt::format(
        "POST /wsman HTTP/1.1\r\nHost: h\r\nContent-Type: "
        "multipart/encrypted;protocol=\"application/HTTP-SPNEGO-session-encrypted\";boundary=\"Encrypted "
        "Boundary\"\r\nContent-Length: {}\r\n\r\n{}",
        body.size(), body);
    const auto answer = raw(token("hello") + token("proof:word") + sealed);
    EXPECT_NE(answer.find("HTTP/1.1 400"), std::string::npos) << answer;
    EXPECT_TRUE(heard_.empty());
}

TEST_F(Channel, ARequestThatNeverEndsIsEnded) {
    server_.packet_timeout = 50ms;
    EXPECT_TRUE(raw("POST /wsman HTTP/1.1\r\nHost: h\r\n").starts_with("HTTP/1.1 500"));
    server_.idle_timeout = 50ms;
    EXPECT_EQ(raw(""), "");
}

}  // namespace
}  // namespace mullion::channel
