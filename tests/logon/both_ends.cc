#include "logon/both_ends.h"

#include "encoding/hex.h"
#include "gss_peer/gss_peer.h"
#include "ntlm/acceptor.h"
#include "ntlm/initiator.h"
#include "ntlm/messages.h"
#include "spnego/messages.h"
#include "spnego/spnego.h"

namespace mullion::logon {
namespace {

using namespace ntlm;
using namespace spnego;

class Prepared final : public ::testing::Environment {
public:
    void SetUp() override { gss_peer::initialise(); }
};
const auto* const prepared = ::testing::AddGlobalTestEnvironment(new Prepared());

Secret nt_hash(std::string_view hex) {
    return Secret(encoding::from_hex(hex).value());
}

// Enough of case folding for the names in these tests.
std::string lower(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i, 2) == "Ü") {
            result += "ü";
            ++i;
        } else {
            result += static_cast<char>(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
        }
    }
    return result;
}

}  // namespace

Accounts::Accounts() {
    by_lower_name_["alice"] = {"Alice", nt_hash("766fa652d0a93e06e87b8ed6b2d54cde"), "", true, "alice"};
    by_lower_name_["bob"] = {"bob", nt_hash("348e0958fc20be48b80878dda7df0e29"), "", false, "nobody"};
    by_lower_name_["günter"] = {kForeignUser, nt_hash("24e9a96f8fd9c30d1bf78a5e641d3f59"), "", true,
                                "gunter"};
}

Result<std::optional<auth::AccountRecord>> Accounts::find(std::string_view user) {
    if (broken) return Error(ErrorId::state_database, "locked");
    const auto found = by_lower_name_.find(lower(user));
    if (found == by_lower_name_.end()) return std::optional<auth::AccountRecord>();
    const auth::AccountRecord& a = found->second;
    return std::optional<auth::AccountRecord>(
        auth::AccountRecord{a.user, a.nt_hash.clone(), a.argon2, a.administrator, a.unix_user});
}

std::vector<std::string> Accounts::users() const {
    std::vector<std::string> names;
    for (const auto& [lower_name, record] : by_lower_name_) names.push_back(record.user);
    return names;
}

namespace {

std::vector<Ends> ends_between(std::initializer_list<std::pair<Made, Made>> pairs) {
    std::vector<Ends> all;
    for (const auto transport : {auth::Transport::ntlm, auth::Transport::negotiate}) {
        for (const auto& [client, service] : pairs) all.push_back({transport, client, service});
    }
    return all;
}

}  // namespace

std::vector<Ends> all_ends() {
    return ends_between({{Made::ours, Made::ours}, {Made::ours, Made::library}, {Made::library, Made::ours}});
}
std::vector<Ends> ends_with_our_client() {
    return ends_between({{Made::ours, Made::ours}, {Made::ours, Made::library}});
}
std::vector<Ends> ends_with_our_service() {
    return ends_between({{Made::ours, Made::ours}, {Made::library, Made::ours}});
}

std::string name_of(const ::testing::TestParamInfo<Ends>& parameter) {
    const auto side = [](Made made) { return made == Made::ours ? "ours" : "library"; };
    const Ends& ends = parameter.param;
    return std::string(auth::to_string(ends.transport)) + "_from_" + side(ends.client) + "_to_" +
           side(ends.service);
}

namespace {

Result<std::unique_ptr<auth::Initiator>> our_client(const Scene& scene) {
    const auth::Credential credential{scene.user, Secret(scene.password)};
    MULLION_ASSIGN(auto initiator,
                   ntlm::make_initiator(credential, {"host.example", "TESTS", {scene.client_binding}}));
    if (scene.ends.transport == auth::Transport::ntlm) return initiator;
    std::vector<spnego::Offer> offers;
    offers.push_back({spnego::ntlm_oid, std::move(initiator)});
    return spnego::make_initiator(std::move(offers));
}

Result<std::unique_ptr<auth::Initiator>> library_client(const Scene& scene) {
    gss_peer::ClientOptions options;
    options.transport = scene.ends.transport;
    options.host = "host.example";
    options.binding.application_data = scene.client_binding;
    return gss_peer::make_client({scene.user, Secret(scene.password)}, options);
}

}  // namespace

std::unique_ptr<auth::Initiator> client_of(const Scene& scene) {
    auto made = scene.ends.client == Made::ours ? our_client(scene) : library_client(scene);
    if (!made.ok()) {
        ADD_FAILURE() << made.error().message();
        return nullptr;
    }
    return std::move(*made);
}

std::unique_ptr<auth::Acceptor> service_of(const Scene& scene, Accounts& accounts) {
    if (scene.ends.service == Made::library) {
        return gss_peer::make_service(accounts, accounts.users(), {{scene.server_binding}, scene.hardening});
    }
    AcceptorOptions options;
    options.binding.application_data = scene.server_binding;
    options.hardening = scene.hardening;
    options.computer = "service.example";
    std::vector<Served> served;
    served.push_back({ntlm_oid, ntlm::make_acceptor(accounts, options)});
    return spnego::make_acceptor(std::move(served));
}

Handshake::Handshake(const Scene& scene) : client(client_of(scene)), server(service_of(scene, accounts)) {}

void Handshake::run() {
    std::string token;
    for (int round = 0; round < 8 && !done(); ++round) {
        auto sent = client->step(token);
        if (!sent.ok()) {
            error = sent.error();
            return;
        }
        client_complete = sent->complete;
        from_client.push_back(sent->token);
        if (identity) return;
        auto answer = server->step(sent->token);
        if (!answer.ok()) {
            error = answer.error();
            return;
        }
        identity = std::move(answer->identity);
        from_server.push_back(answer->token);
        token = answer->token;
        if (client_complete && token.empty()) return;
    }
}

std::string ntlm_inside(const std::string& token) {
    if (ntlm_type(token)) return token;
    if (const auto init = parse_spnego_init(token)) return std::string(init->mech_token);
    if (const auto response = parse_spnego_response(token)) return std::string(response->response_token);
    return {};
}

}  // namespace mullion::logon
