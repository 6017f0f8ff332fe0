// Client and service in memory, with tickets of a real KDC.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kdc/kdc.h"
#include "kerberos/acceptor.h"
#include "kerberos/initiator.h"

namespace mullion::kerberos {

// alice is a user here; broken: the database fails.
class Accounts final : public Principals {
public:
    Result<std::optional<auth::AccountRecord>> find(const std::string& principal) override {
        asked.push_back(principal);
        if (broken) return Error(ErrorId::state_database, "locked");
        if (principal != "alice@EXAMPLE.TEST") return std::optional<auth::AccountRecord>();
        return std::optional<auth::AccountRecord>(auth::AccountRecord{"Alice", {}, {}, true, "alice"});
    }
    bool broken = false;
    std::vector<std::string> asked;
};

// A realm for the tests of a suite, with tickets of alice and bob for each service.
class Realm {
public:
    explicit Realm(const std::string& options = "{}");
    ~Realm();
    Realm(const Realm&) = delete;
    Realm& operator=(const Realm&) = delete;

    [[nodiscard]] ServiceTicket ticket(const std::string& service = "HTTP/localhost",
                                       const std::string& user = "alice");
    // The service's keys; its keytab has those of `service` alone.
    [[nodiscard]] std::shared_ptr<ServiceKeys> keys(const std::string& service = "HTTP/localhost");
    // Runs `command` in a shell: it must succeed.
    static void run(const std::string& command);

    kdc::Kdc kdc;
    // Those of the whole program: one for each options.
    static Realm& of(const std::string& options);
    static Realm& usual() { return of("{}"); }
};

struct Scene {
    std::string client_binding, server_binding;
    auth::CbtHardening hardening = auth::CbtHardening::relaxed;
    std::string service = "HTTP/localhost";  // That the ticket is for,
    std::string keytab = "HTTP/localhost";   // and whose keys the service has.
    std::string user = "alice";
    bool delegate = false;
    std::shared_ptr<ServiceKeys> keys;  // Null: new ones.
};

struct Handshake {
    explicit Handshake(Realm& realm, const Scene& scene = {});
    // The client's request; the service's answer to it, or its failure; and what the client makes of the
    // answer.
    std::string request();
    void run();
    [[nodiscard]] bool done() const { return identity.has_value() && client_complete; }

    Accounts accounts;
    std::unique_ptr<auth::Initiator> client;
    std::unique_ptr<auth::Acceptor> server;
    std::string from_client, from_server;
    bool client_complete = false;
    std::optional<auth::Identity> identity;
    std::optional<Error> refused;  // By the service,
    std::optional<Error> failed;   // and what the client says: of the answer, or of the service's last word.
};

}  // namespace mullion::kerberos
