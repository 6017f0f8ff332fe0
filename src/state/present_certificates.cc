#include "state/present_certificates.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "encoding/hex.h"
#include "http/message.h"
#include "state/certificates.h"

namespace mullion::state {
namespace {

constexpr std::size_t most_told = 20;

bool matches(std::string_view pattern, std::string_view host) {
    if (http::same_without_case(pattern, host)) return true;
    if (!pattern.starts_with("*.")) return false;
    const auto dot = host.find('.');
    return dot != std::string_view::npos && dot != 0 &&
           http::same_without_case(pattern.substr(1), host.substr(dot));
}

}  // namespace

std::vector<crypto::CertificateInfo> present_certificates(const std::string& folder) {
    std::vector<crypto::CertificateInfo> found;
    std::error_code problem;
    std::filesystem::directory_iterator item(folder, problem);
    for (const std::filesystem::directory_iterator end; !problem && item != end; item.increment(problem)) {
        const std::string stem = item->path().stem().string();
        if (item->path().extension() != ".pem" || stem.size() != 40 || !encoding::from_hex(stem)) continue;
        const auto loaded = load_certificate(folder, stem);
        if (!loaded.ok()) continue;
        const auto der = crypto::certificate_der(loaded->chain_pem);
        if (!der.ok()) continue;
        auto info = crypto::describe_certificate(*der);
        if (info.ok()) found.push_back(std::move(*info));
    }
    std::sort(found.begin(), found.end(), [](auto& a, auto& b) { return a.thumbprint < b.thumbprint; });
    return found;
}

std::string who_is_present(const std::vector<crypto::CertificateInfo>& present) {
    if (present.empty()) return "there is none in DIR/certs";
    std::string out = "in DIR/certs there is ";
    for (std::size_t i = 0; i < std::min(present.size(), most_told); ++i)
        out += fmt::format("{}{} ({})", i == 0 ? "" : ", ", present[i].thumbprint, present[i].subject);
    if (present.size() > most_told) out += fmt::format(" and {} more", present.size() - most_told);
    return out;
}

bool names_host(const crypto::CertificateInfo& certificate, std::string_view host) {
    return matches(certificate.common_name, host) ||
           std::any_of(certificate.names.begin(), certificate.names.end(),
                       [&](const auto& name) { return matches(name, host); });
}

const crypto::CertificateInfo* certificate_of(const std::vector<crypto::CertificateInfo>& present,
                                              std::string_view host, WallTime now) {
    const crypto::CertificateInfo* best = nullptr;
    for (const auto& one : present) {
        if (!names_host(one, host) || one.not_before > now || one.not_after <= now) continue;
        if (best == nullptr || one.not_after > best->not_after) best = &one;
    }
    return best;
}

}  // namespace mullion::state
