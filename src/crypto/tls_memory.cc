#include "crypto/tls_memory.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/openssl_owners.h"

namespace mullion::crypto {
namespace {

using ContextOwner = std::unique_ptr<SSL_CTX, Releases<SSL_CTX_free>>;
using SslOwner = std::unique_ptr<SSL, Releases<SSL_free>>;

// Of one call, and of a whole handshake: a chain of certificates is a few KiB.
constexpr std::size_t most_bytes = 256 * 1024;

bool is_about_versions(unsigned long code) {
    if (ERR_GET_LIB(code) != ERR_LIB_SSL) return false;
    constexpr std::array reasons{SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION,
                                 SSL_R_WRONG_SSL_VERSION,    SSL_R_WRONG_VERSION_NUMBER,
                                 SSL_R_VERSION_TOO_LOW,      SSL_R_NO_PROTOCOLS_AVAILABLE};
    return std::find(reasons.begin(), reasons.end(), ERR_GET_REASON(code)) != reasons.end();
}

// Five bytes of header, the last two of which say how much follows (RFC 8446 5.1).
bool are_whole_records(std::string_view bytes) {
    constexpr std::size_t header = 5;
    while (!bytes.empty()) {
        if (bytes.size() < header) return false;
        const std::size_t length =
            static_cast<unsigned char>(bytes[3]) * std::size_t{256} + static_cast<unsigned char>(bytes[4]);
        if (bytes.size() - header < length) return false;
        bytes.remove_prefix(header + length);
    }
    return true;
}

ContextOwner new_context(const SSL_METHOD* method, TlsVersions versions) {
    ContextOwner context(SSL_CTX_new(method));
    if (!context) return context;
    SSL_CTX* const raw = context.get();
    SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    // Resumption is no part of CredSSP ([MS-CSSP] 3.1.5).
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(raw, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_min_proto_version(raw, versions == TlsVersions::legacy ? TLS1_VERSION : TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(raw, versions == TlsVersions::modern  ? TLS1_3_VERSION
                                       : versions == TlsVersions::tls12 ? TLS1_2_VERSION
                                                                        : TLS1_1_VERSION);
    if (versions != TlsVersions::legacy) return context;
    // Their signatures are made over SHA-1 and MD5, which the usual level forbids. Schannel does not
    // understand the empty records that OpenSSL puts before each one of TLS 1.0.
    if (SSL_CTX_set_cipher_list(raw, "DEFAULT:@SECLEVEL=0") != 1) return nullptr;
    SSL_CTX_set_options(raw, SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS);
    return context;
}

// A pass phrase, or OpenSSL would ask on the terminal for that of a key that is encrypted.
int no_phrase(char*, int, int, void*) {
    return 0;
}

bool use_key(SSL_CTX* context, const Secret& key_pem) {
    const auto pem = key_pem.expose();
    const BioOwner in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const KeyOwner key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_phrase, nullptr));
    return key && SSL_CTX_use_PrivateKey(context, key.get()) == 1;
}

bool use_chain(SSL_CTX* context, std::string_view pem) {
    const BioOwner in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const X509Owner leaf(PEM_read_bio_X509(in.get(), nullptr, no_phrase, nullptr));
    if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1) return false;
    for (X509Owner next; next.reset(PEM_read_bio_X509(in.get(), nullptr, no_phrase, nullptr)), next;)
        if (SSL_CTX_add1_chain_cert(context, next.get()) != 1) return false;
    ERR_clear_error();  // The end of the text is told as an error.
    return true;
}

}  // namespace

struct TlsMemoryContext::State {
    ContextOwner context;
    bool is_server = false;
};

struct TlsMemory::State {
    SslOwner ssl;
    BIO* in = nullptr;  // Both are the SSL's.
    BIO* out = nullptr;
    bool broken = false;
    bool version_refused = false;
    std::size_t taken = 0;  // During the handshake.

    [[nodiscard]] std::string take_output() const {
        char* bytes = nullptr;
        const long size = BIO_get_mem_data(out, &bytes);
        std::string written(bytes, size > 0 ? static_cast<std::size_t>(size) : 0);
        (void)BIO_reset(out);
        return written;
    }
    [[nodiscard]] bool put_input(std::string_view bytes) const {
        return bytes.empty() ||
               BIO_write(in, bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size());
    }
    Error fail(ErrorId id, std::string_view what) {
        broken = true;
        version_refused = is_about_versions(ERR_peek_error());
        const char* const reason = ERR_reason_error_string(ERR_peek_error());
        Error error(id, fmt::format("TLS in memory: {}{}{}", what, reason == nullptr ? "" : ": ",
                                    reason == nullptr ? "" : reason));
        ERR_clear_error();
        return error;
    }
};

TlsMemoryContext::TlsMemoryContext(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsMemoryContext::~TlsMemoryContext() = default;

Result<std::shared_ptr<const TlsMemoryContext>> TlsMemoryContext::client(TlsVersions versions) {
    auto context = new_context(TLS_client_method(), versions);
    if (!context) return Error(ErrorId::tls_handshake, "TLS in memory: " + openssl_reason());
    auto state = std::make_unique<State>(State{std::move(context), false});
    return std::shared_ptr<const TlsMemoryContext>(new TlsMemoryContext(std::move(state)));
}

Result<std::shared_ptr<const TlsMemoryContext>> TlsMemoryContext::server(std::string_view certificate_pem,
                                                                         const Secret& key_pem,
                                                                         TlsVersions versions) {
    ERR_clear_error();
    auto context = new_context(TLS_server_method(), versions);
    if (!context || !use_chain(context.get(), certificate_pem) || !use_key(context.get(), key_pem) ||
        SSL_CTX_check_private_key(context.get()) != 1) {
        return Error(ErrorId::tls_files, "certificate and key for TLS in memory: " + openssl_reason());
    }
    // Nobody resumes by it. But each token of CredSSP is answered by one, and in TLS 1.3 a ticket is all that
    // a server has to say to the client's last message of the handshake.
    SSL_CTX_set_num_tickets(context.get(), 1);
    auto state = std::make_unique<State>(State{std::move(context), true});
    return std::shared_ptr<const TlsMemoryContext>(new TlsMemoryContext(std::move(state)));
}

Result<std::unique_ptr<TlsMemory>> TlsMemoryContext::begin() const {
    auto state = std::make_unique<TlsMemory::State>();
    state->ssl.reset(SSL_new(state_->context.get()));
    BioOwner in(BIO_new(BIO_s_mem()));
    BioOwner out(BIO_new(BIO_s_mem()));
    if (!state->ssl || !in || !out) return Error(ErrorId::tls_handshake, "TLS in memory: no memory");
    state->in = in.release();
    state->out = out.release();
    SSL_set_bio(state->ssl.get(), state->in, state->out);
    if (state_->is_server) {
        SSL_set_accept_state(state->ssl.get());
    } else {
        SSL_set_connect_state(state->ssl.get());
    }
    return std::unique_ptr<TlsMemory>(new TlsMemory(std::move(state)));
}

TlsMemory::TlsMemory(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsMemory::~TlsMemory() = default;

Result<std::string> TlsMemory::handshake(std::string_view records) {
    auto& state = *state_;
    ERR_clear_error();
    if (state.broken) return state.fail(ErrorId::tls_handshake, "it failed before");
    state.taken += std::min(records.size(), most_bytes + 1);
    if (state.taken > most_bytes) return state.fail(ErrorId::tls_handshake, "the handshake is too long");
    if (!state.put_input(records)) return state.fail(ErrorId::tls_handshake, "no memory");
    const int done = SSL_do_handshake(state.ssl.get());
    if (done != 1 && SSL_get_error(state.ssl.get(), done) != SSL_ERROR_WANT_READ)
        return state.fail(ErrorId::tls_handshake, "the handshake failed");
    return state.take_output();
}

bool TlsMemory::connected() const {
    return !state_->broken && SSL_is_init_finished(state_->ssl.get()) == 1;
}

bool TlsMemory::version_refused() const {
    return state_->version_refused;
}

Result<std::string> TlsMemory::encrypt(std::string_view clear) {
    auto& state = *state_;
    ERR_clear_error();
    if (!connected() || clear.empty() || clear.size() > tls_record_data)
        return state.fail(ErrorId::seal_broken, fmt::format("cannot seal {} bytes", clear.size()));
    const int written = SSL_write(state.ssl.get(), clear.data(), static_cast<int>(clear.size()));
    if (written != static_cast<int>(clear.size())) return state.fail(ErrorId::seal_broken, "sealing failed");
    return state.take_output();
}

Result<std::string> TlsMemory::decrypt(std::string_view records) {
    auto& state = *state_;
    SSL* const ssl = state.ssl.get();
    ERR_clear_error();
    // OpenSSL would wait for the rest.
    if (!are_whole_records(records)) return state.fail(ErrorId::seal_broken, "a record is cut off");
    if (!connected() || records.size() > most_bytes || !state.put_input(records))
        return state.fail(ErrorId::seal_broken, fmt::format("cannot open {} bytes", records.size()));
    std::string clear;
    for (;;) {
        const std::size_t before = clear.size();
        clear.resize(before + tls_record_data);
        const int got = SSL_read(ssl, clear.data() + before, static_cast<int>(tls_record_data));
        clear.resize(before + static_cast<std::size_t>(std::max(got, 0)));
        if (got > 0) continue;
        const int reason = SSL_get_error(ssl, got);
        if (reason == SSL_ERROR_WANT_READ) break;
        return state.fail(ErrorId::seal_broken, reason == SSL_ERROR_ZERO_RETURN
                                                    ? "the peer ended the inner TLS connection"
                                                    : "a record cannot be opened: it was changed on its way");
    }
    if (SSL_has_pending(ssl) == 1 || BIO_pending(state.in) > 0)  // Of what followed the handshake.
        return state.fail(ErrorId::seal_broken, "a record is cut off");
    return clear;
}

Result<std::string> TlsMemory::server_public_key() const {
    SSL* const ssl = state_->ssl.get();
    X509* const certificate =
        SSL_is_server(ssl) == 1 ? SSL_get_certificate(ssl) : SSL_get0_peer_certificate(ssl);
    const ASN1_BIT_STRING* const bits =
        certificate == nullptr ? nullptr : X509_get0_pubkey_bitstr(certificate);
    if (bits == nullptr) return Error(ErrorId::tls_handshake, "TLS in memory: the server has no certificate");
    return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(bits)),
                       static_cast<std::size_t>(ASN1_STRING_length(bits)));
}

std::size_t TlsMemory::trailer_length(std::size_t clear) const {
    constexpr std::size_t tag = 16;
    const SSL* const ssl = state_->ssl.get();
    const SSL_CIPHER* const cipher = SSL_get_current_cipher(ssl);
    if (SSL_version(ssl) >= TLS1_3_VERSION) return tag + 1;  // The real type stands before it (RFC 8446 5.2).
    if (cipher == nullptr || SSL_CIPHER_is_aead(cipher) == 1) return tag;
    const EVP_MD* const mac = EVP_get_digestbynid(SSL_CIPHER_get_digest_nid(cipher));
    const EVP_CIPHER* const block = EVP_get_cipherbynid(SSL_CIPHER_get_cipher_nid(cipher));
    const std::size_t mac_size = mac == nullptr ? 0 : static_cast<std::size_t>(EVP_MD_get_size(mac));
    const std::size_t block_size =
        block == nullptr ? 1 : static_cast<std::size_t>(EVP_CIPHER_get_block_size(block));
    // RFC 5246 6.2.3.2: at least the byte that says how much padding there is.
    const std::size_t padding = block_size <= 1 ? 0 : block_size - (clear + mac_size) % block_size;
    return mac_size + padding;
}

std::string TlsMemory::description() const {
    const SSL* const ssl = state_->ssl.get();
    return fmt::format("{}, {}", SSL_get_version(ssl), SSL_get_cipher_name(ssl));
}

}  // namespace mullion::crypto
