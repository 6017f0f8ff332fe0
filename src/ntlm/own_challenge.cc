#include "ntlm/own_challenge.h"

#include "encoding/utf16.h"
#include "ntlm/computer_name.h"
#include "ntlm/messages_write.h"

namespace mullion::ntlm {
namespace {

constexpr std::size_t kMaxDnsName = 255;

// All that we know of; what else a client wants is not agreed on.
constexpr std::uint32_t kKnown = kNtlmUnicode | kNtlmRequestTarget | kNtlmSign | kNtlmSeal | kNtlmAlwaysSign |
                                 kNtlmExtendedSessionSecurity | kNtlm128 | kNtlmKeyExchange | kNtlm56;

// A machine in no domain gives its own name in place of the domain's. The order is Windows'.
std::string target_info(const std::string& netbios, std::string_view dns, std::uint64_t timestamp) {
    std::string pairs;
    append_pair(pairs, AvId::netbios_domain, utf16(netbios));
    append_pair(pairs, AvId::netbios_computer, utf16(netbios));
    append_pair(pairs, AvId::dns_domain, utf16(dns));
    append_pair(pairs, AvId::dns_computer, utf16(dns));
    append_pair(pairs, AvId::timestamp, le64(timestamp));
    append_pair(pairs, AvId::end, {});
    return pairs;
}

}  // namespace

std::string write_own_challenge(const OwnChallenge& challenge) {
    const std::string netbios = service_netbios_name(challenge.computer);
    const bool usable = !challenge.computer.empty() && challenge.computer.size() <= kMaxDnsName &&
                        encoding::is_utf8(challenge.computer);
    const std::string_view dns = usable ? challenge.computer : std::string_view(netbios);
    const std::string pairs = target_info(netbios, dns, challenge.timestamp);

    ChallengeFields fields;
    fields.flags = (challenge.client_flags & kKnown) | kNtlmNtlm | kNtlmTargetInfo;
    if ((fields.flags & kNtlmRequestTarget) != 0) {
        fields.flags |= kNtlmTargetTypeServer;
        fields.target_name = netbios;
    }
    fields.server_challenge = challenge.server_challenge;
    fields.target_info_pairs = pairs;
    return write_challenge(fields);
}

}  // namespace mullion::ntlm
