#include "crypto/x509.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "crypto/hash.h"
#include "crypto/openssl_owners.h"
#include "encoding/hex.h"

namespace mullion::crypto {
namespace {

using Names = std::unique_ptr<GENERAL_NAMES, Releases<GENERAL_NAMES_free>>;
using Uses = std::unique_ptr<EXTENDED_KEY_USAGE, Releases<EXTENDED_KEY_USAGE_free>>;

constexpr std::size_t certificate_limit = 1024 * 1024;
constexpr std::size_t longest_upn = 1024;
constexpr int most_names_for_upns = 64;
constexpr int most_uses = 64;

// The old trick to look like another host: "bank.example\0.evil.example".
bool has_nul(std::string_view name) {
    return name.find('\0') != std::string_view::npos;
}

Error bad(std::string_view what) {
    return {ErrorId::tls_files, fmt::format("{}: {}", what, openssl_reason())};
}

Result<X509Owner> parse(std::string_view der) {
    if (der.size() > certificate_limit) return Error(ErrorId::tls_files, "certificate too large");
    const auto* cursor = reinterpret_cast<const unsigned char*>(der.data());
    const auto* end = cursor + der.size();
    X509Owner certificate(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
    if (!certificate) return bad("not a certificate");
    // Thumbprint, pin and binding are of all the bytes: they must be the certificate and nothing else.
    if (cursor != end) return Error(ErrorId::tls_files, "bytes follow the certificate");
    return certificate;
}

std::string print_name(const X509_NAME* name) {
    const BioOwner out(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string common_name(X509* certificate) {
    const X509_NAME* name = X509_get_subject_name(certificate);
    const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (index < 0) return {};
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
    if (size < 0) return {};
    std::string value(reinterpret_cast<char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return has_nul(value) ? std::string() : value;
}

std::string address_text(const ASN1_OCTET_STRING* address) {
    const auto* bytes = ASN1_STRING_get0_data(address);
    const int size = ASN1_STRING_length(address);
    if (size == 4) return fmt::format("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]);
    if (size != 16) return {};
    std::string text;
    for (int i = 0; i < 16; i += 2) {
        text += fmt::format("{}{:x}", i == 0 ? "" : ":", bytes[i] * 256 + bytes[i + 1]);
    }
    return text;
}

std::vector<std::string> alternative_names(X509* certificate) {
    std::vector<std::string> names;
    const Names all(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; i < sk_GENERAL_NAME_num(all.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
        if (name->type == GEN_DNS) {
            std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                             static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
            if (!has_nul(text)) names.push_back(std::move(text));
        } else if (name->type == GEN_IPADD) {
            if (auto text = address_text(name->d.iPAddress); !text.empty()) names.push_back(std::move(text));
        }
    }
    return names;
}

std::vector<std::string> upns_of(X509* certificate) {
    std::vector<std::string> found;
    const Names names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    const int count = std::min(sk_GENERAL_NAME_num(names.get()), most_names_for_upns);
    for (int i = 0; i < count; ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_OTHERNAME) continue;
        const OTHERNAME* other = name->d.otherName;
        if (OBJ_obj2nid(other->type_id) != NID_ms_upn || other->value->type != V_ASN1_UTF8STRING) continue;
        const ASN1_STRING* text = other->value->value.utf8string;
        std::string upn(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                        static_cast<std::size_t>(ASN1_STRING_length(text)));
        const bool plain = std::none_of(
            upn.begin(), upn.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
        if (plain && !upn.empty() && upn.size() <= longest_upn) found.push_back(std::move(upn));
    }
    return found;
}

std::vector<std::string> uses_of(X509* certificate) {
    std::vector<std::string> found;
    const Uses uses(
        static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
    const int count = std::min(sk_ASN1_OBJECT_num(uses.get()), most_uses);
    for (int i = 0; i < count; ++i) {
        const ASN1_OBJECT* use = sk_ASN1_OBJECT_value(uses.get(), i);
        const int known = OBJ_obj2nid(use);
        std::array<char, 128> digits{};
        if (known == NID_undef) OBJ_obj2txt(digits.data(), digits.size(), use, 1);
        found.emplace_back(known == NID_undef ? digits.data() : OBJ_nid2sn(known));
    }
    return found;
}

// Without a key usage the key is for everything; X509_check_ca() looks at both extensions.
bool can_sign(X509* certificate) {
    return X509_check_ca(certificate) != 0 && (X509_get_extension_flags(certificate) & EXFLAG_INVALID) == 0;
}

std::chrono::system_clock::time_point time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    // The year 9999 means "no end" (RFC 5280 4.1.2.5), which is beyond a clock of nanoseconds.
    using Clock = std::chrono::system_clock;
    const auto first = std::chrono::ceil<std::chrono::seconds>(Clock::time_point::min());
    const auto last = std::chrono::floor<std::chrono::seconds>(Clock::time_point::max());
    const std::chrono::sys_seconds seconds{std::chrono::seconds(timegm(&parts))};
    return std::clamp(seconds, first, last);
}

std::string serial_of(X509* certificate) {
    const auto* number = X509_get0_serialNumber(certificate);
    const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(number));
    return encoding::to_upper_hex({bytes, static_cast<std::size_t>(ASN1_STRING_length(number))});
}

std::string digest_of(const EVP_MD* algorithm, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, algorithm, nullptr) != 1) return {};
    return {reinterpret_cast<char*>(out.data()), size};
}

// The hash of the certificate's signature; SHA-256 where that is weak, or where there is none of its own
// (Ed25519), as RFC 5929 4.1 leaves open and everyone does.
const EVP_MD* binding_digest(X509* certificate) {
    int digest = NID_undef;
    if (X509_get_signature_info(certificate, &digest, nullptr, nullptr, nullptr) != 1) return EVP_sha256();
    if (digest == NID_undef || digest == NID_md5 || digest == NID_sha1 || digest == NID_md5_sha1)
        return EVP_sha256();
    if (digest == NID_shake256) return EVP_sha256();  // Ed448's: no hash of one length.
    const EVP_MD* algorithm = EVP_get_digestbynid(digest);
    return algorithm == nullptr ? EVP_sha256() : algorithm;
}

}  // namespace

std::string openssl_reason() {
    std::array<char, 256> text{};
    const auto code = ERR_get_error();
    ERR_error_string_n(code, text.data(), text.size());
    ERR_clear_error();
    return code == 0 ? "no reason given" : std::string(text.data());
}

Result<CertificateInfo> describe_certificate(std::string_view der) {
    MULLION_ASSIGN(const X509Owner certificate, parse(der));
    CertificateInfo info;
    info.subject = print_name(X509_get_subject_name(certificate.get()));
    info.issuer = print_name(X509_get_issuer_name(certificate.get()));
    info.serial = serial_of(certificate.get());
    info.common_name = common_name(certificate.get());
    info.names = alternative_names(certificate.get());
    info.upns = upns_of(certificate.get());
    info.not_before = time_of(X509_get0_notBefore(certificate.get()));
    info.not_after = time_of(X509_get0_notAfter(certificate.get()));
    info.thumbprint = encoding::to_upper_hex(sha1(der));
    info.sha256 = encoding::to_hex(sha256(der));
    info.uses = uses_of(certificate.get());
    info.self_signed = X509_self_signed(certificate.get(), 1) == 1;
    info.can_sign = can_sign(certificate.get());
    ERR_clear_error();
    return info;
}

Result<std::string> tls_server_end_point(std::string_view der) {
    MULLION_ASSIGN(const X509Owner certificate, parse(der));
    const std::string hash = digest_of(binding_digest(certificate.get()), der);
    if (hash.empty()) return bad("channel binding");
    return "tls-server-end-point:" + hash;
}

Result<std::string> certificate_der(std::string_view pem) {
    if (pem.size() > certificate_limit) return Error(ErrorId::tls_files, "PEM text too large");
    const BioOwner in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    // A pass phrase, or OpenSSL would ask on the terminal for that of a file that says it is encrypted.
    char no_phrase[] = "";
    const X509Owner certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, no_phrase));
    if (!certificate) return bad("no certificate in the PEM text");
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate.get(), &der);
    if (size < 0) return bad("certificate");
    std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

}  // namespace mullion::crypto
