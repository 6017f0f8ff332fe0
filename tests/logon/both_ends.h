// Client and service in memory, for tests.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/mechanism.h"

namespace mullion::logon {

inline constexpr const char* kPassword = "Sesame-1";
inline constexpr const char* kOddPassword = "pa:ss%20\"w'ord\\ x";
inline constexpr const char* kForeignUser = "Günter";
inline constexpr const char* kForeignPassword = "Gruß:ğ%\"ü€";

// alice, bob (an odd password, no administrator) and Günter. Their NT hashes were made with another program.
class Accounts final : public auth::AccountLookup {
public:
    Accounts();
    Result<std::optional<auth::AccountRecord>> find(std::string_view user) override;
    bool may_block() const override { return blocking; }
    [[nodiscard]] std::vector<std::string> users() const;
    bool broken = false;
    bool blocking = false;

private:
    std::map<std::string, auth::AccountRecord> by_lower_name_;
};

// Whose code an end is; the library is in gss_peer.
enum class Made { ours, library };

// Over what, and between whom.
struct Ends {
    auth::Transport transport = auth::Transport::ntlm;
    Made client = Made::ours;
    Made service = Made::ours;
};
// Ours with ours, and each with the library.
std::vector<Ends> all_ends();
std::vector<Ends> ends_with_our_client();
std::vector<Ends> ends_with_our_service();
std::string name_of(const ::testing::TestParamInfo<Ends>& parameter);

struct Scene {
    Ends ends;
    std::string user = "alice";
    std::string password = kPassword;
    std::string client_binding;
    std::string server_binding;
    auth::CbtHardening hardening = auth::CbtHardening::relaxed;
};

std::unique_ptr<auth::Initiator> client_of(const Scene& scene);
std::unique_ptr<auth::Acceptor> service_of(const Scene& scene, Accounts& accounts);

// A handshake as it went: every token in order, the client's first.
struct Handshake {
    explicit Handshake(const Scene& scene);

    // The messages one by one, for tests that change one: each makes those before it.
    std::string negotiate() { return client->step({})->token; }
    std::string challenge() { return server->step(negotiate())->token; }
    std::string authenticate() { return client->step(challenge())->token; }

    // Takes both ends to completion or to the first error.
    void run();
    [[nodiscard]] bool done() const { return identity.has_value() && client_complete; }

    Accounts accounts;
    std::unique_ptr<auth::Initiator> client;
    std::unique_ptr<auth::Acceptor> server;
    std::vector<std::string> from_client;
    std::vector<std::string> from_server;
    bool client_complete = false;
    std::optional<auth::Identity> identity;
    std::optional<Error> error;
};

class Pairs : public ::testing::TestWithParam<Ends> {
protected:
    [[nodiscard]] static Scene scene() {
        Scene result;
        result.ends = GetParam();
        return result;
    }
};

// The NTLM message in a token of either transport; empty when there is none.
std::string ntlm_inside(const std::string& token);

}  // namespace mullion::logon
