// Our look at NTLM's messages: every view lies within the message, and what the guard lets through is NTLMv2.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ntlm/guard.h"
#include "ntlm/messages.h"

namespace {

void within(std::string_view part, std::string_view whole) {
    if (part.empty()) return;
    if (part.data() < whole.data() || part.data() + part.size() > whole.data() + whole.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion::ntlm;
    const std::string_view message(reinterpret_cast<const char*>(data), size);
    if (const auto info = parse_ntlm_target_info(message)) within(info->channel_binding, message);
    (void)parse_ntlm_negotiate(message);
    if (const auto challenge = parse_ntlm_challenge(message))
        within(challenge->target_info.channel_binding, message);
    if (const auto authenticate = parse_ntlm_authenticate(message)) {
        within(authenticate->nt_response, message);
        within(authenticate->target_info.channel_binding, message);
        if (authenticate->mic_at && *authenticate->mic_at + 16 > size) std::abort();
    }
    (void)check_negotiate(message);
    const std::uint64_t timestamp = 0x7474747474747474u;  // As in a seed.
    const auto checked = check_authenticate(message, {kNtlmKeyExchange | kNtlmSign, timestamp});
    if (checked.ok()) {
        constexpr std::uint32_t exchanges = kNtlmKeyExchange | kNtlmSign;
        if (checked->nt_response.size() <= 44) std::abort();
        if ((checked->flags & exchanges) == exchanges && checked->session_key.size() != 16) std::abort();
        if (checked->user.empty() || checked->user.find_first_of(":\\\n\r") != std::string::npos)
            std::abort();
    }
    return 0;
}
