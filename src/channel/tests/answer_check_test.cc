#include "channel/answer_check.h"

#include <gtest/gtest.h>

namespace mullion::channel {
namespace {

http::Response answer(int status, std::string_view type = {}, std::string_view body = {}) {
    http::Response response;
    response.status = status;
    if (!type.empty()) response.headers.set("Content-Type", type);
    response.body = body;
    return response;
}

ErrorId id(const http::Response& response, bool in_clear = false, bool tls = true) {
    return explain_answer(response, in_clear, tls).id;
}

TEST(AnswerCheck, TellsWhatAnswered) {
    EXPECT_EQ(id(answer(404)), ErrorId::http_not_found);
    EXPECT_EQ(id(answer(405)), ErrorId::http_not_winrm);
    EXPECT_EQ(id(answer(501, "text/html", "<html>")), ErrorId::http_not_winrm);
    EXPECT_EQ(id(answer(200, "text/html", "<html>")), ErrorId::http_not_winrm);
    EXPECT_EQ(id(answer(413)), ErrorId::http_request_too_large);
    EXPECT_EQ(id(answer(503)), ErrorId::http_busy);
    EXPECT_EQ(id(answer(302)), ErrorId::http_redirected);
    EXPECT_EQ(id(answer(500)), ErrorId::http_status);
    EXPECT_EQ(id(answer(403, "text/plain", "no")), ErrorId::http_status);
}

TEST(AnswerCheck, A404NamesThePath) {
    EXPECT_NE(explain_answer(answer(404), false, true, "/wsman").detail.find("/wsman"), std::string::npos);
}

TEST(AnswerCheck, AnEmpty500InClearMeansEncryptionIsRequired) {
    EXPECT_EQ(id(answer(500), true, false), ErrorId::auth_encryption_refused);
    EXPECT_EQ(id(answer(500, "text/plain", "x"), true, false), ErrorId::http_status);
}

TEST(AnswerCheck, A400ThatSpeaksOfHttpsIsTheWrongPort) {
    EXPECT_EQ(id(answer(400, "text/plain", "Client sent an HTTP request to an HTTPS server."), false, false),
              ErrorId::http_tls_port);
    EXPECT_EQ(id(answer(400, "text/plain", "HTTPS"), false, true), ErrorId::http_status);
}

TEST(AnswerCheck, ForeignTextCannotDriveATerminal) {
    const auto error = explain_answer(answer(418, "text/plain", "\x1b[2Jgone\r\nnew line"), false, true);
    EXPECT_EQ(error.detail.find('\x1b'), std::string::npos);
    EXPECT_EQ(error.detail.find('\n'), std::string::npos);
}

// A changed digit, or a proxy's status over the host's body: the host did something.
TEST(AnswerCheck, AStatusOverAMessageIsNoRefusal) {
    for (const int status : {300, 302, 401, 403, 404, 405, 413, 501, 503}) {
        EXPECT_TRUE(refused_untouched(answer(status)));
        EXPECT_TRUE(refused_untouched(answer(status, "text/html", "<html>")));
        for (const auto* const type :
             {"application/soap+xml;charset=UTF-8",
              "multipart/encrypted;protocol=\"application/HTTP-SPNEGO-session-encrypted\";boundary=\"b\""}) {
            EXPECT_FALSE(refused_untouched(answer(status, type, "<s:Envelope/>"))) << status;
            EXPECT_TRUE(refused_untouched(answer(status, type)));
        }
    }
    EXPECT_FALSE(refused_untouched(answer(200)));
    EXPECT_EQ(explain_message(answer(300, "application/soap+xml", "<s:Envelope/>")).id, ErrorId::http_status);
}

TEST(AnswerCheck, NamesEachSchemeOnce) {
    http::Response response = answer(401);
    response.headers.add("WWW-Authenticate", "Negotiate");
    response.headers.add("WWW-Authenticate", "Kerberos");
    response.headers.add("WWW-Authenticate", "Basic realm=\"WSMAN\", Negotiate");
    EXPECT_EQ(offered_schemes(response), (std::vector<std::string>{"Negotiate", "Kerberos", "Basic"}));
}

}  // namespace
}  // namespace mullion::channel
