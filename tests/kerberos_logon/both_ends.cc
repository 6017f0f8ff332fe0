#include "kerberos_logon/both_ends.h"

#include <cstdlib>
#include <map>
#include <stdexcept>

namespace mullion::kerberos {
namespace {

std::string cache_of(const kdc::Kdc& kdc, const std::string& user) {
    return "FILE:" + kdc.cache() + "_" + user;
}

class Realms final : public ::testing::Environment {
public:
    void TearDown() override { by_options.clear(); }
    static inline std::map<std::string, std::unique_ptr<Realm>> by_options;
};
const auto* const environment = ::testing::AddGlobalTestEnvironment(new Realms());

template <class T>
T must(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.error().message());
    return std::move(result).value();
}

}  // namespace

void Realm::run(const std::string& command) {
    if (std::system(command.c_str()) != 0) throw std::runtime_error(command);
}

Realm::Realm(const std::string& options) : kdc(options) {
    for (const std::string user : {"alice", "bob"}) {
        const std::string cache = cache_of(kdc, user);
        run("kinit -f -k -t " + kdc.user_keytab(user) + " -c " + cache + " " + user + " >/dev/null");
        run("kvno -q -c " + cache + " HTTP/localhost host/localhost WSMAN/localhost >/dev/null");
    }
}

Realm::~Realm() = default;

Realm& Realm::of(const std::string& options) {
    auto& realm = Realms::by_options[options];
    if (!realm) realm = std::make_unique<Realm>(options);
    realm->kdc.use();
    return *realm;
}

ServiceTicket Realm::ticket(const std::string& service, const std::string& user) {
    return {must(import_tickets({}, cache_of(kdc, user), user)), service + "@" + kdc::kRealm};
}

std::shared_ptr<ServiceKeys> Realm::keys(const std::string& service) {
    return must(ServiceKeys::open(kdc.keytab_of(service)));
}

Handshake::Handshake(Realm& realm, const Scene& scene) {
    InitiatorOptions options;
    options.binding.application_data = scene.client_binding;
    options.delegate = scene.delegate;
    client = must(make_initiator(realm.ticket(scene.service, scene.user), options));
    server = make_acceptor(scene.keys ? scene.keys : realm.keys(scene.keytab), accounts,
                           {{scene.server_binding}, scene.hardening});
}

std::string Handshake::request() {
    return must(client->step({})).token;
}

void Handshake::run() {
    from_client = request();
    auto answer = server->step(from_client);
    if (answer.ok()) {
        identity = std::move(answer->identity);
        from_server = answer->token;
    } else {
        refused = answer.error();
        from_server = server->last_word();
        if (from_server.empty()) return;
    }
    auto last = client->step(from_server);
    if (last.ok()) {
        client_complete = last->complete;
    } else {
        failed = last.error();
    }
}

}  // namespace mullion::kerberos
