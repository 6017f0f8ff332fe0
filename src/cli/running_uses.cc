#include "cli/running_uses.h"

#include <utility>

#include "client/client.h"
#include "os/lock.h"
#include "state/listen_url.h"
#include "target/target.h"
#include "wsman/config_table.h"

namespace mullion::cli {
namespace {

constexpr Duration patience{10'000};

std::string text_of(const wsman::ConfigDocument& document, std::string_view path) {
    const auto* value = document.find(path);
    return value == nullptr ? std::string() : value->text;
}

state::ListenerSettings listener_of(const wsman::ConfigDocument& document) {
    state::ListenerSettings out;
    out.address = state::parse_listener_address(text_of(document, "Address")).value_or("*");
    out.https = text_of(document, "Transport") == "HTTPS";
    out.port = state::parse_port(text_of(document, "Port"));
    out.enabled = text_of(document, "Enabled") == "true";
    out.thumbprint = text_of(document, "CertificateThumbprint");
    return out;
}

state::CertificateMapping mapping_of(const wsman::ConfigDocument& document) {
    state::CertificateMapping out;
    out.issuer = text_of(document, "Issuer");
    out.subject = text_of(document, "Subject");
    out.user = text_of(document, "UserName");
    return out;
}

// As far as certificates are concerned.
state::Config config_of(const std::vector<wsman::ConfigDocument>& documents) {
    state::Config out;
    out.listeners.clear();
    for (const auto& one : documents) {
        if (one.resource->path == "listener")
            out.listeners.push_back(listener_of(one));
        else if (one.resource->path == "service/certmapping")
            out.mappings.push_back(mapping_of(one));
        else
            out.settings.credssp_thumbprint = text_of(one, "Service/CertificateThumbprint");
    }
    return out;
}

Result<std::vector<wsman::ConfigDocument>> ask(const std::string& state) {
    client::Runtime runtime;
    MULLION_ASSIGN(auto target, target::settle(target::local_target(state)));
    MULLION_ASSIGN(const auto session, client::Session::make(runtime, std::move(target), {}));
    client::ConfigVisit visit;
    visit.timeout = patience;
    for (const auto& resource : wsman::config_resources())
        if (resource.path.empty() || resource.path == "listener" || resource.path == "service/certmapping")
            visit.resources.push_back(&resource);
    auto outcome = session->configure(visit);
    if (outcome.error) return std::move(*outcome.error);
    return std::move(outcome.read.documents);
}

}  // namespace

Result<std::vector<state::CertificateUse>> running_uses(const std::string& state,
                                                        const std::string& thumbprint) {
    MULLION_ASSIGN(const auto process, os::LockFile::holder(state + "/lock"));
    if (!process) return std::vector<state::CertificateUse>();
    MULLION_ASSIGN(const auto documents, ask(state));
    return state::uses_of(config_of(documents), thumbprint);
}

}  // namespace mullion::cli
