// `mullion cert create`: a client's, with what its host must be told; or one of this machine's own.
#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <optional>

#include "cli/cert_words.h"
#include "cli/client_setup.h"
#include "cli/printable.h"
#include "crypto/client_certificate.h"
#include "crypto/keyed_certificate.h"
#include "os/file.h"
#include "os/terminal.h"
#include "state/certificate_import.h"

namespace mullion::cli {
namespace {

constexpr std::size_t largest_pfx = 1024 * 1024;
constexpr unsigned client_days = 3650;
constexpr unsigned server_days = 825;

crypto::KeyKind kind_of(const CertWords& words) {
    return words.key == "p256" ? crypto::KeyKind::ec : crypto::KeyKind::rsa;
}

// Both parts in PEM, and the certificate read.
struct Made {
    std::string pem;
    Secret key;
    std::string der;
    crypto::CertificateInfo info;
};

Result<Made> describe(std::string pem, Secret key) {
    MULLION_ASSIGN(std::string der, crypto::certificate_der(pem));
    MULLION_ASSIGN(auto info, crypto::describe_certificate(der));
    return Made{std::move(pem), std::move(key), std::move(der), std::move(info)};
}

Result<Made> make_new(const CertWords& words) {
    MULLION_ASSIGN(auto made, crypto::make_client_certificate(
                                  words.user, words.user + "@localhost", kind_of(words),
                                  std::chrono::hours(24) * (words.days == 0 ? client_days : words.days)));
    return describe(std::move(made.certificate_pem), std::move(made.key_pem));
}

Result<Made> convert(const CertWords& words) {
    MULLION_ASSIGN(std::string bytes, os::read_file(words.pfx, largest_pfx));
    const Secret file(bytes);
    wipe_memory(bytes.data(), bytes.size());
    std::optional<Secret> password;
    if (!words.password_file.empty()) {
        MULLION_ASSIGN(password, os::read_secret_file(words.password_file));
    }
    const Secret none;
    MULLION_ASSIGN(auto read,
                   crypto::read_keyed_certificate({file, none, password ? &*password : nullptr, words.pfx}));
    return describe(std::move(read.chain_pem), std::move(read.key_pem));
}

// What is there stays: somebody may be using it.
Result<void> write_new(const std::string& path, std::string_view text, mode_t mode) {
    if (os::file_exists(path))
        return Error{ErrorId::usage_invalid,
                     fmt::format("{} exists; remove it, or give another --out", path)};
    return os::write_file_atomic(path, text, mode);
}

Result<void> create_client(const CertWords& words) {
    if (words.user.empty() || words.user.find('/') != std::string::npos)
        return Error{ErrorId::usage_invalid, "--user names the local account on the host"};
    auto made = words.pfx.empty() ? make_new(words) : convert(words);
    if (!made.ok()) return std::move(made).error();
    const auto certificate = fmt::format("{}/{}.pem", words.out, words.user);
    const auto key = fmt::format("{}/{}_key.pem", words.out, words.user);
    if (os::file_exists(key))
        return Error{ErrorId::usage_invalid, fmt::format("{} exists; remove it, or give another --out", key)};
    MULLION_TRY(os::make_directory(words.out, 0700));
    MULLION_TRY(write_new(certificate, made->pem, 0644));
    MULLION_TRY(write_new(key, made->key.expose(), 0600));
    fmt::print(stderr, "{} and {}: thumbprint {}, valid until {}\n", certificate, key, made->info.thumbprint,
               utc_text(made->info.not_after));
    const bool signs_itself = made->info.subject == made->info.issuer;
    const auto& upns = made->info.upns;
    fmt::print("{}", powershell_setup({words.user, upns.empty() ? words.user + "@localhost" : upns.front(),
                                       made->der, signs_itself ? "" : printable(made->info.issuer)}));
    return {};
}

Error belongs_to(const char* option, const char* kind) {
    return {ErrorId::usage_invalid, fmt::format("{} goes with --{}", option, kind)};
}

Result<void> create_server(const CertWords& words) {
    if (words.state.empty())
        return Error{ErrorId::usage_invalid, "--state names the directory of the service that it is for"};
    const auto days = std::chrono::hours(24) * (words.days == 0 ? server_days : words.days);
    MULLION_ASSIGN(const auto info,
                   state::create_server_certificate(words.state, words.names, kind_of(words), days));
    fmt::print("{}\n", info.thumbprint);
    fmt::print(stderr, "{} for {}, valid until {}: {}/certs/{}.crt is for clients' --ca-file\n",
               info.thumbprint, printable(info.common_name), utc_text(info.not_after), words.state,
               info.thumbprint);
    return {};
}

}  // namespace

Result<void> create_certificate(const CertWords& words) {
    if (words.client == words.server)
        return Error{ErrorId::usage_invalid, "say --client, or --server: whose certificate it will be"};
    if (words.server) {
        if (!words.user.empty()) return belongs_to("--user", "client");
        if (!words.out.empty()) return belongs_to("--out", "client");
        if (!words.pfx.empty()) return belongs_to("--from-pfx", "client");
        return create_server(words);
    }
    if (!words.names.empty()) return belongs_to("--name", "server");
    if (!words.state.empty()) return belongs_to("--state", "server");
    if (words.out.empty())
        return Error{ErrorId::usage_invalid, "--out names the folder for the certificate and its key"};
    return create_client(words);
}

}  // namespace mullion::cli
