#include "ntlm/sealing.h"

#include <algorithm>
#include <limits>
#include <string>

#include "crypto/weak.h"
#include "ntlm/little_endian.h"
#include "ntlm/messages.h"

namespace mullion::ntlm {
namespace {

// NTLMSSP_MESSAGE_SIGNATURE, 2.2.2.9.2: version, checksum, sequence number.
constexpr std::size_t kSignatureSize = 16;
constexpr std::size_t kChecksumSize = 8;
constexpr std::uint32_t kVersion = 1;

// What is copied is ciphered while it is in the processor's first cache.
constexpr std::size_t kStretch = 16 * 1024;

Error broken(std::string what) {
    return Error(ErrorId::seal_broken, std::move(what));
}

}  // namespace

// One direction's keys and how far it is.
struct Sealing::Direction {
    Direction(const Secret& session_key, std::uint32_t flags, End maker)
        : seal(seal_key(session_key, flags, maker)),
          checksum(sign_key(session_key, maker).expose()),
          cipher(seal.expose()),
          ciphers_checksum((flags & kNtlmKeyExchange) != 0) {}

    [[nodiscard]] bool exhausted() const { return next == std::numeric_limits<std::uint32_t>::max(); }

    void begin_checksum() {
        std::string number;
        append_u32(number, next);
        checksum.add(number);
    }
    std::string encrypted(std::string_view clear) {
        begin_checksum();
        std::string data;
        data.reserve(clear.size());
        for (; !clear.empty(); clear.remove_prefix(std::min(kStretch, clear.size()))) {
            data += clear.substr(0, kStretch);
            const std::size_t size = std::min(kStretch, clear.size());
            crypto::add_and_encrypt(cipher, checksum, data.data() + data.size() - size, size);
        }
        return data;
    }
    std::string decrypted(std::string_view data) {
        begin_checksum();
        std::string clear;
        clear.reserve(data.size());
        for (; !data.empty(); data.remove_prefix(std::min(kStretch, data.size()))) {
            clear += data.substr(0, kStretch);
            const std::size_t size = std::min(kStretch, data.size());
            crypto::decrypt_and_add(cipher, checksum, clear.data() + clear.size() - size, size);
        }
        return clear;
    }
    // The signature of what the checksum went over (3.4.4.2), and on to the next number.
    std::string sign() {
        crypto::WeakDigest digest = checksum.finish();
        if (ciphers_checksum) cipher.apply(digest.data(), kChecksumSize);
        std::string signature;
        signature.reserve(kSignatureSize);
        append_u32(signature, kVersion);
        signature.append(digest.data(), kChecksumSize);
        append_u32(signature, next++);
        return signature;
    }
    std::string sign_list(std::string_view list) {
        begin_checksum();
        checksum.add(list);
        std::string signature = sign();
        // The first message finds the cipher as the list's checksum did; the number goes on.
        cipher.key(seal.expose());
        return signature;
    }

    Secret seal;
    crypto::HmacMd5 checksum;
    crypto::Rc4 cipher;
    std::uint32_t next = 0;
    bool ciphers_checksum;
};

Sealing::Sealing(const Secret& exported_session_key, std::uint32_t flags, End self)
    : out_(std::make_unique<Direction>(exported_session_key, flags, self)),
      in_(std::make_unique<Direction>(exported_session_key, flags,
                                      self == End::client ? End::server : End::client)) {}

Sealing::~Sealing() = default;

Result<auth::SealedMessage> Sealing::seal(std::string_view plaintext) {
    if (broken_) return broken("seal: an earlier message of this connection failed");
    if (plaintext.empty()) return broken("seal: an empty message cannot be sealed");
    if (out_->exhausted()) return broken("seal: the connection has carried all messages it can number");
    auth::SealedMessage message;
    message.data = out_->encrypted(plaintext);
    message.original_length = plaintext.size();
    message.signature = out_->sign();
    return message;
}

Result<std::string> Sealing::unseal(std::string_view signature, std::string_view data) {
    if (broken_) return broken("unseal: an earlier message of this connection failed");
    broken_ = true;  // Until all of it was right.
    if (signature.size() != kSignatureSize || data.empty()) {
        return broken("unseal: signature of " + std::to_string(signature.size()) + " and data of " +
                      std::to_string(data.size()) + " bytes, expected 16 and more than none");
    }
    if (u32(signature, 0) != kVersion) return broken("unseal: the signature is not of version 1");
    const std::uint32_t number = u32(signature, kSignatureSize - 4);
    if (number != in_->next || in_->exhausted()) {
        return broken("unseal: message " + std::to_string(number) + " where " + std::to_string(in_->next) +
                      " is next");
    }
    std::string clear = in_->decrypted(data);
    if (!same_in_constant_time(in_->sign(), signature)) {
        return broken("unseal: the checksum is wrong: the message was changed on its way");
    }
    broken_ = false;
    return clear;
}

std::string Sealing::list_mic(std::string_view list) {
    return out_->sign_list(list);
}

bool Sealing::list_mic_is_right(std::string_view list, std::string_view mic) {
    const bool right = !broken_ && same_in_constant_time(in_->sign_list(list), mic);
    broken_ = !right;
    return right;
}

}  // namespace mullion::ntlm
