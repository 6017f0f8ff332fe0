// Both ends of CredSSP around NTLM in SPNEGO, and every token as it went.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "credssp/credssp.h"
#include "crypto/hash.h"
#include "crypto/x509.h"
#include "ntlm/acceptor.h"
#include "ntlm/initiator.h"
#include "spnego/spnego.h"

namespace mullion::credssp::testing {

inline constexpr std::string_view password = "Sesame-1 ä";

class Accounts final : public auth::AccountLookup {
public:
    Result<std::optional<auth::AccountRecord>> find(std::string_view user) override {
        if (user != "alice") return std::optional<auth::AccountRecord>();
        MULLION_ASSIGN(Secret hash, crypto::nt_hash(Secret(password)));
        return std::optional<auth::AccountRecord>(
            auth::AccountRecord{"alice", std::move(hash), "", true, "alice"});
    }
    bool may_block() const override { return false; }
};

// Made once: keys of RSA take their time.
inline const crypto::SelfSigned& certificate(crypto::KeyKind kind) {
    static const auto ec =
        crypto::make_self_signed({"localhost"}, std::chrono::hours(24), crypto::KeyKind::ec).value();
    static const auto rsa =
        crypto::make_self_signed({"localhost"}, std::chrono::hours(24), crypto::KeyKind::rsa).value();
    return kind == crypto::KeyKind::ec ? ec : rsa;
}

struct Pair {
    std::string user = "LAB\\alice";
    std::string said_password{password};
    crypto::TlsVersions client = crypto::TlsVersions::modern;
    crypto::TlsVersions server = crypto::TlsVersions::modern;
    crypto::KeyKind key = crypto::KeyKind::rsa;
    unsigned minimum_version = oldest_version;
};

inline std::shared_ptr<const crypto::TlsMemoryContext> test_client_tls(crypto::TlsVersions versions) {
    return crypto::TlsMemoryContext::client(versions).value();
}
inline std::shared_ptr<const crypto::TlsMemoryContext> test_server_tls(
    crypto::TlsVersions versions, crypto::KeyKind kind, const crypto::SelfSigned* made = nullptr) {
    if (made == nullptr) made = &certificate(kind);
    return crypto::TlsMemoryContext::server(made->certificate_pem, made->key_pem, versions).value();
}

inline std::unique_ptr<auth::Initiator> inner_client(const auth::Credential& credential) {
    std::vector<spnego::Offer> offers;
    offers.push_back({spnego::ntlm_oid, ntlm::make_initiator(credential, {"localhost", "", {}}).value()});
    return spnego::make_initiator(std::move(offers));
}
inline std::unique_ptr<auth::Acceptor> inner_server(auth::AccountLookup& accounts) {
    std::vector<spnego::Served> served;
    served.push_back(
        {spnego::ntlm_oid, ntlm::make_acceptor(accounts, {{}, auth::CbtHardening::none, "HOST"})});
    return spnego::make_acceptor(std::move(served));
}

struct Exchange {
    explicit Exchange(const Pair& setup = {}) {
        const auth::Credential credential{setup.user, Secret(setup.said_password)};
        InitiatorOptions options{inner_client(credential), test_client_tls(setup.client)};
        options.minimum_version = setup.minimum_version;
        client = make_initiator(credential, std::move(options));
        server = make_acceptor({inner_server(accounts), test_server_tls(setup.server, setup.key)});
    }

    // To the end or the first error, as over HTTP.
    void run() {
        std::string said;
        for (int leg = 0; leg < 12; ++leg) {
            auto step = client->step(said);
            if (!step.ok()) return fail(std::move(step).error(), true);
            client_complete = step->complete;
            tokens.push_back(step->token);
            auto answer = server->step(on_the_way(step->token));
            if (!answer.ok()) {
                fail(std::move(answer).error(), false);
                last_word = server->last_word();
                return;
            }
            identity = std::move(answer->identity);
            if (identity) return;
            EXPECT_FALSE(answer->token.empty()) << "HTTP's request has no answer";
            if (answer->token.empty()) return;
            tokens.push_back(answer->token);
            said = on_the_way(answer->token);
        }
        ADD_FAILURE() << "no end";
    }
    void fail(Error what, bool by_client) {
        error = std::move(what);
        error_is_the_clients = by_client;
    }
    [[nodiscard]] bool done() const { return identity && client_complete && !error; }

    Accounts accounts;
    std::unique_ptr<auth::Initiator> client;
    std::unique_ptr<auth::Acceptor> server;
    std::function<std::string(std::string)> on_the_way = [](std::string token) { return token; };
    std::vector<std::string> tokens;
    bool client_complete = false;
    std::optional<auth::Identity> identity;
    std::optional<Error> error;
    std::string last_word;
    bool error_is_the_clients = false;
};

}  // namespace mullion::credssp::testing
