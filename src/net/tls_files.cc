#include "net/tls_files.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <ctime>
#include <filesystem>
#include <optional>

#include "core/clock.h"
#include "crypto/keyed_certificate.h"
#include "crypto/x509.h"

namespace mullion::net {
namespace {

namespace fs = std::filesystem;

// A bundle of all public authorities is 250 KiB; a folder's files are read one by one.
constexpr std::size_t most_bytes = 16 * 1024 * 1024;

Error bad_file(const std::string& path, std::string_view what) {
    return {ErrorId::tls_files, fmt::format("{}: {}", path, what)};
}

Error as_ours(Error error) {
    if (error.id == ErrorId::usage_file) error.id = ErrorId::tls_files;
    return error;
}

// As a Secret, since one of these files is a key.
Result<Secret> read_file(const std::string& path, os::Patience patience) {
    auto file = os::InputFile::open(path, patience);
    if (!file.ok()) return as_ours(std::move(file).error());
    auto content = os::read_secret_input(*file, most_bytes);
    if (!content.ok()) return as_ours(std::move(content).error());
    return content;
}

BioHandle over(std::string_view bytes) {
    return BioHandle(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

// A key file with a password must fail, not ask on the terminal.
int no_password(char*, int, int, void*) {
    return -1;
}

std::vector<std::string> files_at(const std::string& path) {
    std::error_code failure;
    if (!fs::is_directory(path, failure)) return {path};
    std::vector<std::string> files;
    for (fs::directory_iterator item(path, failure), end; !failure && item != end; item.increment(failure)) {
        std::error_code ignored;
        if (item->is_regular_file(ignored)) files.push_back(item->path().string());
    }
    return files;
}

// The first line, as other password files have it.
Result<Secret> read_password(const std::string& path, os::Patience patience) {
    MULLION_ASSIGN(const auto content, read_file(path, patience));
    auto line = content.expose().substr(0, content.expose().find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return Secret(line);
}

std::string day_of(std::chrono::system_clock::time_point time) {
    const auto seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

// The host would only say no, and not why.
Result<void> check_dates(const std::string& chain_pem, const std::string& where) {
    MULLION_ASSIGN(const auto der, crypto::certificate_der(chain_pem));
    MULLION_ASSIGN(const auto info, crypto::describe_certificate(der));
    const auto now = system_clock().wall();
    if (info.not_before <= now && now < info.not_after) return {};
    return Error(ErrorId::tls_client_expired,
                 fmt::format("{} ({}) is valid from {} to {}", where, info.subject, day_of(info.not_before),
                             day_of(info.not_after)));
}

Result<std::vector<CertificateHandle>> read_certificate_file(const std::string& path, os::Patience patience) {
    MULLION_ASSIGN(const auto content, read_file(path, patience));
    return parse_certificates(content.expose(), path);
}

}  // namespace

Result<std::vector<CertificateHandle>> parse_certificates(std::string_view pem, const std::string& where) {
    std::vector<CertificateHandle> found;
    const auto bio = over(pem);
    while (bio) {
        ERR_clear_error();
        CertificateHandle one(PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr));
        if (!one) break;
        found.push_back(std::move(one));
    }
    // The end is that no more begins. Anything else would drop what stands behind it without a word.
    const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    const auto reason = openssl_reason();
    if (!ended)
        return bad_file(where, fmt::format("certificate {} cannot be read: {}", found.size() + 1, reason));
    if (found.empty()) return bad_file(where, "no certificate in PEM form");
    return found;
}

Result<std::vector<CertificateHandle>> read_certificates(const std::string& path, os::Patience patience) {
    std::vector<CertificateHandle> all;
    const auto files = files_at(path);
    for (const auto& file : files) {
        auto found = read_certificate_file(file, patience);
        if (!found && files.size() == 1) return std::move(found).error();
        if (!found) continue;  // One unreadable file of a folder; the rest may be enough.
        for (auto& one : *found) all.push_back(std::move(one));
    }
    if (all.empty()) return bad_file(path, "no certificate in PEM form");
    return all;
}

Result<std::vector<CrlHandle>> read_revocation_lists(const std::string& path, os::Patience patience) {
    MULLION_ASSIGN(const auto content, read_file(path, patience));
    std::vector<CrlHandle> all;
    const auto bio = over(content.expose());
    while (bio) {
        CrlHandle one(PEM_read_bio_X509_CRL(bio.get(), nullptr, no_password, nullptr));
        if (!one) break;
        all.push_back(std::move(one));
    }
    ERR_clear_error();
    if (all.empty()) return bad_file(path, "no revocation list in PEM form");
    return all;
}

Result<void> use_identity(SSL_CTX& context, std::string_view chain_pem, const Secret& key_pem,
                          const std::string& where) {
    MULLION_ASSIGN(const auto chain, parse_certificates(chain_pem, where));
    const auto bio = over(key_pem.expose());
    const KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
    if (!key) return bad_file(where, "no unencrypted private key in PEM form: " + openssl_reason());
    if (SSL_CTX_use_certificate(&context, chain.front().get()) != 1) {
        return bad_file(where, "the certificate cannot be used: " + openssl_reason());
    }
    if (SSL_CTX_use_PrivateKey(&context, key.get()) != 1 || SSL_CTX_check_private_key(&context) != 1) {
        return bad_file(where, "the key does not belong to the certificate: " + openssl_reason());
    }
    for (std::size_t i = 1; i < chain.size(); ++i) {
        if (SSL_CTX_add1_chain_cert(&context, chain[i].get()) != 1) {
            return bad_file(where, "a certificate of the chain cannot be used: " + openssl_reason());
        }
    }
    return {};
}

Result<void> use_client_identity(SSL_CTX& context, const TlsVerification& verification,
                                 os::Patience patience) {
    const auto& certificate_path = verification.client_certificate_file;
    const auto& key_path = verification.client_key_file;
    MULLION_ASSIGN(const auto certificate, read_file(certificate_path, patience));
    Secret key;
    if (!key_path.empty()) {
        MULLION_ASSIGN(key, read_file(key_path, patience));
    }
    std::optional<Secret> password;
    if (!verification.client_key_password_file.empty()) {
        MULLION_ASSIGN(password, read_password(verification.client_key_password_file, patience));
    }
    const std::string where =
        key_path.empty() ? certificate_path : fmt::format("{} and {}", certificate_path, key_path);
    MULLION_ASSIGN(const auto own, crypto::read_keyed_certificate(
                                       {certificate, key, password ? &*password : nullptr, where}));
    MULLION_TRY(check_dates(own.chain_pem, certificate_path));
    return use_identity(context, own.chain_pem, own.key_pem, where);
}

}  // namespace mullion::net
