#include "service/access/certificate_mapping.h"

#include <algorithm>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "http/message.h"

namespace mullion::service {
namespace {

constexpr std::size_t longest_logged = 256;

bool covers(const state::CertificateMapping& mapping, const crypto::ProvenCertificate& certificate,
            std::string_view uri) {
    return mapping.enabled && mapping.issuer == certificate.issuer && matches_uri(mapping.uri, uri) &&
           std::any_of(certificate.upns.begin(), certificate.upns.end(),
                       [&](const auto& upn) { return matches_subject(mapping.subject, upn); });
}

// How exact it is.
std::pair<std::size_t, std::size_t> weight(const state::CertificateMapping& mapping) {
    return {mapping.subject.size(), mapping.uri.size()};
}

Error nobody(const crypto::ProvenCertificate& certificate, std::string_view why) {
    return {ErrorId::auth_rejected,
            fmt::format("certificate {} of {} ({}), issuer {}: {}", certificate.thumbprint,
                        certificate.subject, fmt::join(certificate.upns, ", "), certificate.issuer, why)};
}

}  // namespace

bool matches_subject(std::string_view pattern, std::string_view upn) {
    const auto same = [](std::string_view a, std::string_view b) { return http::same_without_case(a, b); };
    if (pattern.empty() || upn.empty()) return false;
    if (pattern.front() == '*') {
        const auto rest = pattern.substr(1);
        return upn.size() >= rest.size() && same(upn.substr(upn.size() - rest.size()), rest);
    }
    if (pattern.back() == '*') {
        const auto rest = pattern.substr(0, pattern.size() - 1);
        return upn.size() >= rest.size() && same(upn.substr(0, rest.size()), rest);
    }
    return same(pattern, upn);
}

bool matches_uri(std::string_view pattern, std::string_view uri) {
    if (!pattern.ends_with('*')) return http::same_without_case(pattern, uri);
    pattern.remove_suffix(1);
    return http::same_without_case(pattern, uri.substr(0, pattern.size()));
}

const state::CertificateMapping* choose_mapping(std::span<const state::CertificateMapping> mappings,
                                                const crypto::ProvenCertificate& certificate,
                                                std::string_view resource_uri) {
    const state::CertificateMapping* best = nullptr;
    bool alone = false;
    for (const auto& mapping : mappings) {
        if (!covers(mapping, certificate, resource_uri)) continue;
        if (best != nullptr && weight(mapping) < weight(*best)) continue;
        alone = best == nullptr || weight(mapping) != weight(*best);
        best = &mapping;
    }
    return alone ? best : nullptr;
}

void CertificateAccounts::set(std::vector<state::CertificateMapping> mappings) {
    auto next = std::make_shared<const Mappings>(std::move(mappings));
    const std::lock_guard lock(mutex_);
    mappings_ = std::move(next);
}

std::shared_ptr<const CertificateAccounts::Mappings> CertificateAccounts::mappings() const {
    const std::lock_guard lock(mutex_);
    return mappings_;
}

net::Task<Result<auth::Identity>> CertificateAccounts::identify(crypto::ProvenCertificate certificate,
                                                                std::string resource_uri) {
    const auto current = mappings();
    const auto* mapping = choose_mapping(*current, certificate, resource_uri);
    if (mapping == nullptr)
        co_return nobody(certificate, fmt::format("no mapping, or more than one, for \"{}\"",
                                                  std::string_view(resource_uri).substr(0, longest_logged)));
    const std::string name = mapping->user;
    auto job = [this, name] { return accounts_.find(name); };
    auto asking = workers_.run(job);
    auto found = co_await std::move(asking);
    if (!found.ok()) co_return std::move(found).error();
    auto& account = found.value();
    if (!account) co_return nobody(certificate, fmt::format("there is no account {}", name));
    co_return auth::Identity(account->user, auth::Transport::certificate, account->administrator,
                             account->unix_user);
}

}  // namespace mullion::service
