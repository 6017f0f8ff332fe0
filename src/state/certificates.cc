#include "state/certificates.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <system_error>

#include <fmt/core.h>

#include "crypto/x509.h"
#include "encoding/hex.h"
#include "os/file.h"

namespace mullion::state {
namespace {

constexpr std::size_t largest_file = 256 * 1024;
constexpr std::chrono::hours valid_for{24 * 825};
constexpr std::chrono::hours renew_before{24 * 30};
constexpr std::string_view key_begin = "-----BEGIN PRIVATE KEY-----";

// The file holds the chain and, behind it, the key.
Result<ServerCertificate> split(const std::string& folder, const std::string& thumbprint, std::string text) {
    ServerCertificate out;
    out.thumbprint = thumbprint;
    out.public_file = fmt::format("{}/{}.crt", folder, thumbprint);
    const auto key = text.find(key_begin);
    if (key == std::string::npos) {
        wipe_memory(text.data(), text.size());
        return Error{
            ErrorId::tls_files,
            fmt::format("{}/{}.pem: no PKCS#8 private key behind the certificate", folder, thumbprint)};
    }
    out.chain_pem = text.substr(0, key);
    out.key_pem = Secret(std::string_view(text).substr(key));
    wipe_memory(text.data(), text.size());
    return out;
}

Result<crypto::CertificateInfo> describe(const std::string& chain_pem) {
    MULLION_ASSIGN(const std::string der, crypto::certificate_der(chain_pem));
    return crypto::describe_certificate(der);
}

// Thumbprints of the files in the folder.
std::vector<std::string> thumbprints(const std::string& folder) {
    std::vector<std::string> out;
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
        const auto& path = entry.path();
        const std::string stem = path.stem().string();
        if (path.extension() == ".pem" && stem.size() == 40 && encoding::from_hex(stem)) out.push_back(stem);
    }
    std::sort(out.begin(), out.end());
    return out;
}

// Made by us (it is its own issuer), for this machine, and not about to end.
bool is_usable(const crypto::CertificateInfo& info, const Clock& clock, const std::string& host) {
    const bool names_us =
        info.common_name == host || std::find(info.names.begin(), info.names.end(), host) != info.names.end();
    return info.subject == info.issuer && names_us && info.not_before <= clock.wall() &&
           info.not_after - clock.wall() > renew_before;
}

Result<ServerCertificate> make_certificate(const std::string& folder, const std::vector<std::string>& names,
                                           Logger& log) {
    MULLION_ASSIGN(crypto::SelfSigned made, crypto::make_self_signed(names, valid_for));
    MULLION_ASSIGN(const auto info, describe(made.certificate_pem));
    MULLION_TRY(store_certificate(folder, info.thumbprint, made.certificate_pem, made.key_pem));
    log.info("made the certificate {} for HTTPS, self-signed, for {}", info.thumbprint, names.front());
    return ServerCertificate{info.thumbprint, made.certificate_pem, std::move(made.key_pem),
                             fmt::format("{}/{}.crt", folder, info.thumbprint)};
}

}  // namespace

std::vector<std::string> own_names() {
    std::array<char, 256> host{};
    gethostname(host.data(), host.size() - 1);
    std::vector<std::string> names{host[0] == '\0' ? "localhost" : host.data()};
    if (names.front() != "localhost") names.emplace_back("localhost");
    ifaddrs* list = nullptr;
    if (getifaddrs(&list) != 0) return names;
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, &freeifaddrs);
    for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr == nullptr || (one->ifa_flags & IFF_UP) == 0) continue;
        std::array<char, INET6_ADDRSTRLEN> text{};
        const int family = one->ifa_addr->sa_family;
        const void* address = nullptr;
        if (family == AF_INET) address = &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr;
        if (family == AF_INET6) address = &reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr;
        if (address == nullptr || inet_ntop(family, address, text.data(), text.size()) == nullptr) continue;
        if (std::find(names.begin(), names.end(), text.data()) == names.end() && names.size() < 64)
            names.emplace_back(text.data());
    }
    return names;
}

Result<void> store_certificate(const std::string& folder, const std::string& thumbprint,
                               const std::string& chain_pem, const Secret& key_pem) {
    const std::string base = fmt::format("{}/{}", folder, thumbprint);
    std::string both = chain_pem;
    both += key_pem.expose();
    auto written = os::write_file_atomic(base + ".pem", both, 0600);
    wipe_memory(both.data(), both.size());
    MULLION_TRY(std::move(written));
    return os::write_file_atomic(base + ".crt", chain_pem, 0644);
}

Result<ServerCertificate> load_certificate(const std::string& folder, const std::string& thumbprint) {
    const std::string base = fmt::format("{}/{}", folder, thumbprint);
    MULLION_ASSIGN(std::string text, os::read_file(base + ".pem", largest_file));
    MULLION_ASSIGN(ServerCertificate out, split(folder, thumbprint, std::move(text)));
    MULLION_ASSIGN(const auto info, describe(out.chain_pem));
    if (info.thumbprint != thumbprint)
        return Error{ErrorId::tls_files,
                     fmt::format("{}.pem holds the certificate {}", base, info.thumbprint)};
    if (!std::filesystem::exists(out.public_file))
        MULLION_TRY(os::write_file_atomic(out.public_file, out.chain_pem, 0644));
    return out;
}

Result<ServerCertificate> own_certificate(const std::string& folder, const Clock& clock, Logger& log) {
    const auto names = own_names();
    for (const auto& thumbprint : thumbprints(folder)) {
        auto loaded = load_certificate(folder, thumbprint);
        if (!loaded.ok()) {
            log.warning("{}", loaded.error().message());
            continue;
        }
        const auto info = describe(loaded->chain_pem);
        if (info.ok() && is_usable(*info, clock, names.front())) return loaded;
    }
    return make_certificate(folder, names, log);
}

}  // namespace mullion::state
