#include "simulate/certificates.h"

#include <algorithm>

namespace mullion::simulate {
namespace {

constexpr std::chrono::hours valid_for{24 * 30};
constexpr std::size_t hosts_of_one = 16;

// What a certificate can carry; other names are reached by their address.
bool is_host_name(const std::string& name) {
    const auto fine = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-' || c == '_';
    };
    return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), fine);
}

}  // namespace

Result<Certificates> Certificates::make(const Fleet& fleet) {
    MULLION_ASSIGN(auto authority, crypto::make_authority("mullion-simulate", valid_for));
    return Certificates(fleet, std::move(authority));
}

Result<std::shared_ptr<const net::TlsServer>> Certificates::of_host(std::size_t index) {
    const std::size_t group = index / hosts_of_one;
    auto& known = by_group_[group];
    if (known) return known;
    std::vector<std::string> names;
    const auto end = std::min((group + 1) * hosts_of_one, fleet_->hosts.size());
    bool anywhere = false;
    for (std::size_t i = group * hosts_of_one; i < end; ++i) {
        const HostSpec& host = fleet_->hosts[i];
        if (is_host_name(host.name)) names.push_back(host.name);
        if (!host.address.empty()) names.push_back(host.address);
        anywhere = anywhere || host.address.empty();
    }
    for (const auto& listener : fleet_->listeners) anywhere = anywhere || listener.host.has_value();
    if (anywhere) names.insert(names.end(), {"localhost", "127.0.0.1", "::1"});
    MULLION_ASSIGN(const auto issued, crypto::issue_certificate(authority_, names, valid_for));
    MULLION_ASSIGN(known, net::TlsServer::make(issued.certificate_pem, issued.key_pem));
    return known;
}

}  // namespace mullion::simulate
