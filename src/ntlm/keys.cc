#include "ntlm/keys.h"

#include "crypto/weak.h"
#include "encoding/letter_case.h"
#include "ntlm/little_endian.h"
#include "ntlm/messages_write.h"

namespace mullion::ntlm {
namespace {

using crypto::hmac_md5;
using crypto::md5;
using crypto::view;

// The magic constants of 3.4.5.2 and 3.4.5.3; each has its NUL at the end.
constexpr std::string_view kClientSigning{"session key to client-to-server signing key magic constant\0", 59};
constexpr std::string_view kServerSigning{"session key to server-to-client signing key magic constant\0", 59};
constexpr std::string_view kClientSealing{"session key to client-to-server sealing key magic constant\0", 59};
constexpr std::string_view kServerSealing{"session key to server-to-client sealing key magic constant\0", 59};

Secret kept(crypto::WeakDigest digest) {
    Secret secret(view(digest));
    wipe_memory(digest.data(), digest.size());
    return secret;
}

}  // namespace

Secret response_key(const Secret& nt_hash, std::string_view user, std::string_view domain) {
    std::string upper_user = utf16(user);
    encoding::to_upper_case(upper_user);
    return kept(hmac_md5(nt_hash.expose(), {upper_user, utf16(domain)}));
}

std::string proof(const Secret& response_key, std::string_view server_challenge, std::string_view blob) {
    return std::string(view(hmac_md5(response_key.expose(), {server_challenge, blob})));
}

Secret session_base_key(const Secret& response_key, std::string_view proof) {
    return kept(hmac_md5(response_key.expose(), {proof}));
}

std::string exchange_key(const Secret& key_exchange_key, std::string_view session_key) {
    std::string exchanged(session_key);
    crypto::Rc4(key_exchange_key.expose()).apply(exchanged.data(), exchanged.size());
    return exchanged;
}

Secret sign_key(const Secret& exported_session_key, End maker) {
    return kept(md5({exported_session_key.expose(), maker == End::client ? kClientSigning : kServerSigning}));
}

Secret seal_key(const Secret& exported_session_key, std::uint32_t flags, End maker) {
    std::string_view strength = exported_session_key.expose();
    if ((flags & kNtlm128) == 0) strength = strength.substr(0, (flags & kNtlm56) != 0 ? 7 : 5);
    return kept(md5({strength, maker == End::client ? kClientSealing : kServerSealing}));
}

std::string message_integrity(const Secret& exported_session_key, std::string_view negotiate,
                              std::string_view challenge, std::string_view authenticate) {
    return std::string(view(hmac_md5(exported_session_key.expose(), {negotiate, challenge, authenticate})));
}

std::string binding_hash(std::string_view application_data) {
    // Initiator's and acceptor's address: type and length, all zero. Then the length of what follows.
    std::string structure(16, '\0');
    append_u32(structure, static_cast<std::uint32_t>(application_data.size()));
    return std::string(view(md5({structure, application_data})));
}

}  // namespace mullion::ntlm
