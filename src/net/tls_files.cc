#include "net/tls_files.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <filesystem>

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

Result<void> use_identity_files(SSL_CTX& context, const std::string& certificate, const std::string& key,
                                os::Patience patience) {
    MULLION_ASSIGN(const auto chain_pem, read_file(certificate, patience));
    MULLION_ASSIGN(const auto key_pem, read_file(key, patience));
    return use_identity(context, chain_pem.expose(), key_pem, certificate + " and " + key);
}

}  // namespace mullion::net
