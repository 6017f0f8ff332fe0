#include "ntlm/messages_write.h"

#include <cassert>
#include <chrono>
#include <ratio>
#include <utility>

#include "encoding/utf16.h"
#include "ntlm/little_endian.h"

namespace mullion::ntlm {
namespace {

// VERSION (2.2.2.10) is for debugging only and nobody may act on it: Windows 7's, NTLM's revision 15.
constexpr std::string_view kVersion{"\x06\x01\xb0\x1d\0\0\0\x0f", 8};

std::string begin(NtlmType type) {
    std::string message("NTLMSSP\0", 8);
    append_u32(message, static_cast<std::uint32_t>(type));
    return message;
}

// The fixed part of a message, and what its fields point at.
class Body {
public:
    Body(NtlmType type, std::size_t fixed_size) : fixed_(begin(type)), fixed_size_(fixed_size) {}

    std::string& fixed() { return fixed_; }
    void field(std::string_view value) {
        assert(value.size() <= 0xffff);
        append_u16(fixed_, static_cast<std::uint16_t>(value.size()));
        append_u16(fixed_, static_cast<std::uint16_t>(value.size()));
        append_u32(fixed_, static_cast<std::uint32_t>(fixed_size_ + payload_.size()));
        payload_ += value;
    }
    std::string finish() {
        assert(fixed_.size() == fixed_size_);
        return std::move(fixed_) + payload_;
    }

private:
    std::string fixed_;
    std::string payload_;
    std::size_t fixed_size_;
};

}  // namespace

std::string write_negotiate(std::uint32_t flags) {
    std::string message = begin(NtlmType::negotiate);
    append_u32(message, flags | kNtlmVersion);
    message.append(16, '\0');  // DomainNameFields, WorkstationFields
    message += kVersion;
    return message;
}

std::string write_challenge(const ChallengeFields& fields) {
    assert(fields.server_challenge.size() == 8);
    Body body(NtlmType::challenge, 56);
    body.field(utf16(fields.target_name));
    append_u32(body.fixed(), fields.flags | kNtlmVersion);
    body.fixed() += fields.server_challenge;
    body.fixed().append(8, '\0');  // Reserved
    body.field(fields.target_info_pairs);
    body.fixed() += kVersion;
    return body.finish();
}

std::string write_authenticate(const AuthenticateFields& fields) {
    Body body(NtlmType::authenticate, kMicAt + 16);
    body.field(fields.lm_response);
    body.field(fields.nt_response);
    body.field(utf16(fields.domain));
    body.field(utf16(fields.user));
    body.field(utf16(fields.workstation));
    body.field(fields.session_key);
    append_u32(body.fixed(), fields.flags | kNtlmVersion);
    body.fixed() += kVersion;
    body.fixed().append(16, '\0');  // MIC
    return body.finish();
}

void append_pair(std::string& pairs, AvId id, std::string_view value) {
    assert(value.size() <= 0xffff);
    append_u16(pairs, static_cast<std::uint16_t>(id));
    append_u16(pairs, static_cast<std::uint16_t>(value.size()));
    pairs += value;
}

std::string utf16(std::string_view utf8) {
    auto text = encoding::utf8_to_utf16(utf8, encoding::ByteOrder::little);
    assert(text);  // Checked where the name came in.
    return text ? std::move(*text) : std::string();
}

std::string le32(std::uint32_t number) {
    std::string bytes;
    append_u32(bytes, number);
    return bytes;
}

std::string le64(std::uint64_t number) {
    std::string bytes;
    append_u64(bytes, number);
    return bytes;
}

std::uint64_t file_time(WallTime time) {
    using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
    constexpr std::int64_t kUnixEpoch = 116'444'736'000'000'000;  // From 1601 to 1970.
    return static_cast<std::uint64_t>(std::chrono::duration_cast<Ticks>(time.time_since_epoch()).count() +
                                      kUnixEpoch);
}

std::string client_blob(std::uint64_t timestamp, std::string_view client_challenge, std::string_view pairs) {
    assert(client_challenge.size() == 8);
    std::string blob("\1\1\0\0\0\0\0\0", 8);  // RespType, HiRespType, Reserved1, Reserved2
    append_u64(blob, timestamp);
    blob += client_challenge;
    blob.append(4, '\0');  // Reserved3
    blob += pairs;
    blob.append(4, '\0');
    return blob;
}

}  // namespace mullion::ntlm
