// Our client before a host that sends anything: it refuses by name, or proves itself with NTLMv2 and a MIC.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ntlm/initiator.h"
#include "ntlm/messages.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion;
    const std::string_view challenge(reinterpret_cast<const char*>(data), size);
    ManualClock clock;
    CountingRandom random;
    auto made = ntlm::make_initiator({"LAB\\alice", Secret("Sesame-1")},
                                     {"web01", "OPS", {"tls-server-end-point:x"}, clock, random});
    if (!made.ok() || !(*made)->step({}).ok()) std::abort();
    const auto answer = (*made)->step(challenge);
    if (!answer.ok()) {
        if (answer.error().id != ErrorId::auth_protocol || (*made)->sealing() != nullptr) std::abort();
        return 0;
    }
    const auto proof = ntlm::parse_ntlm_authenticate(answer->token);
    if (!proof || !proof->is_ntlm_v2() || !proof->mic_at || proof->target_info.channel_binding.size() != 16) {
        std::abort();
    }
    if ((*made)->sealing() == nullptr || !(*made)->sealing()->seal("x").ok()) std::abort();
    return 0;
}
