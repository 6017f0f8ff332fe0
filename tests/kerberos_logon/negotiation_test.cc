// Kerberos inside Negotiate, beside NTLM.
#include <gtest/gtest.h>

#include "encoding/hex.h"
#include "kerberos_logon/both_ends.h"
#include "ntlm/acceptor.h"
#include "ntlm/initiator.h"
#include "spnego/spnego.h"

namespace mullion::kerberos {
namespace {

class NtlmAccounts final : public auth::AccountLookup {
public:
    Result<std::optional<auth::AccountRecord>> find(std::string_view user) override {
        if (user != "alice") return std::optional<auth::AccountRecord>();
        const Secret hash(encoding::from_hex("766fa652d0a93e06e87b8ed6b2d54cde").value());  // Of "Sesame-1".
        return std::optional<auth::AccountRecord>(
            auth::AccountRecord{"alice by ntlm", hash.clone(), "", true, "alice"});
    }
    bool may_block() const override { return false; }
};

struct Talk {
    Realm& realm = Realm::usual();
    Accounts accounts;
    NtlmAccounts ntlm_accounts;
    std::unique_ptr<auth::Initiator> client;
    std::unique_ptr<auth::Acceptor> server;
    std::vector<std::string> tokens;
    std::optional<auth::Identity> identity;
    std::optional<Error> refused, failed;
    bool complete = false;

    // Kerberos by this name first; none: NTLM alone.
    void offer(std::string_view kerberos_oid, std::string_view also = {}) {
        std::vector<spnego::Offer> offers;
        if (!kerberos_oid.empty()) {
            auto made = make_initiator(realm.ticket(), {});
            ASSERT_TRUE(made.ok()) << made.error().message();
            offers.push_back({kerberos_oid, std::move(*made), also});
        }
        auto ntlm = ntlm::make_initiator({"alice", Secret(kdc::kPassword)}, {"localhost", "TESTS", {}});
        ASSERT_TRUE(ntlm.ok());
        offers.push_back({spnego::ntlm_oid, std::move(*ntlm)});
        client = spnego::make_initiator(std::move(offers));
    }
    void serve(bool with_tickets, const std::string& keytab = "HTTP/localhost") {
        std::vector<spnego::Served> served;
        for (const auto oid_served : {oid, windows_oid}) {
            if (with_tickets) served.push_back({oid_served, make_acceptor(realm.keys(keytab), accounts, {})});
        }
        ntlm::AcceptorOptions options;
        options.computer = "service.example";
        served.push_back({spnego::ntlm_oid, ntlm::make_acceptor(ntlm_accounts, options)});
        server = spnego::make_acceptor(std::move(served));
    }
    void run() {
        std::string token;
        while (!complete || !identity) {
            auto step = client->step(token);
            if (!step.ok()) {
                failed = step.error();
                return;
            }
            complete = step->complete;
            if (step->token.empty()) return;
            tokens.push_back(step->token);
            auto answer = server->step(step->token);
            if (!answer.ok()) {
                refused = answer.error();
                token = server->last_word();
                if (token.empty()) return;
                continue;
            }
            if (answer->identity) identity = std::move(answer->identity);
            token = answer->token;
            if (token.empty()) return;
        }
    }
    void expect_sealing() {
        ASSERT_TRUE(complete && identity) << (failed ? failed->message() : refused ? refused->message() : "");
        auto sealed = client->sealing()->seal("a message");
        ASSERT_TRUE(sealed.ok());
        EXPECT_EQ(*server->sealing()->unseal(sealed->signature, sealed->data), "a message");
        auto answer = server->sealing()->seal("an answer");
        EXPECT_EQ(*client->sealing()->unseal(answer->signature, answer->data), "an answer");
    }
};

TEST(KerberosInNegotiate, IsOneRoundTrip) {
    for (const auto name : {oid, windows_oid}) {
        Talk talk;
        talk.offer(name);
        talk.serve(true);
        talk.run();
        talk.expect_sealing();
        EXPECT_EQ(talk.tokens.size(), 1u);
        EXPECT_EQ(talk.identity->user(), "Alice");
        EXPECT_EQ(talk.client->how(), "kerberos for HTTP/localhost@EXAMPLE.TEST");
    }
}

TEST(KerberosInNegotiate, GivesWayToNtlmWhereTheHostHasNoKeytab) {
    Talk talk;
    talk.offer(oid, windows_oid);
    talk.serve(false);
    talk.run();
    talk.expect_sealing();
    EXPECT_EQ(talk.identity->user(), "alice by ntlm");
    EXPECT_EQ(talk.client->how(), "ntlm; kerberos: the host chose otherwise");
}

TEST(KerberosInNegotiate, ProtectsTheListAsWellWhereItIsTheSecondChoice) {
    // The host does not serve what was preferred, so both ends must show that nobody took it out.
    Talk talk;
    std::vector<spnego::Offer> offers;
    auto ntlm = ntlm::make_initiator({"alice", Secret(kdc::kPassword)}, {"localhost", "TESTS", {}});
    ASSERT_TRUE(ntlm.ok());
    offers.push_back({spnego::ntlm_oid, std::move(*ntlm)});
    auto ticket = make_initiator(talk.realm.ticket(), {});
    ASSERT_TRUE(ticket.ok());
    offers.push_back({oid, std::move(*ticket)});
    talk.client = spnego::make_initiator(std::move(offers));
    std::vector<spnego::Served> served;
    served.push_back({oid, make_acceptor(talk.realm.keys(), talk.accounts, {})});
    talk.server = spnego::make_acceptor(std::move(served));
    talk.run();
    talk.expect_sealing();
    EXPECT_EQ(talk.identity->user(), "Alice");
}

TEST(KerberosInNegotiate, IsTakenRaw) {
    Talk talk;
    talk.serve(true);
    auto made = make_initiator(talk.realm.ticket(), {});
    ASSERT_TRUE(made.ok());
    talk.client = std::move(*made);
    talk.run();
    talk.expect_sealing();
    EXPECT_EQ(talk.identity->transport(), auth::Transport::kerberos);
}

TEST(KerberosInNegotiate, TellsTheClientOfAnotherKey) {
    Talk talk;
    talk.offer(oid);
    talk.serve(true, "host/localhost");
    talk.run();
    ASSERT_TRUE(talk.refused && talk.failed);
    EXPECT_EQ(talk.refused->id, ErrorId::auth_rejected);
    EXPECT_EQ(talk.failed->id, ErrorId::kerberos_refused) << talk.failed->message();
}

}  // namespace
}  // namespace mullion::kerberos
