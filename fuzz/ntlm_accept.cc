// Our acceptor with the tokens of our client that knows the password, changed as the input says. Nobody may
// be accepted whose messages differ from what the client made; nothing may crash.
//
// Input: first byte: bit 0 SPNEGO, bit 1 which of the client's tokens is changed (0: first, 1: second), bit 2
// replaces the token by the rest instead of changing it, bit 3 changes the challenge and neither of the
// client's. The rest otherwise: edits.h.
#include <cstdint>
#include <string>
#include <string_view>

#include "check.h"
#include "edits.h"
#include "encoding/hex.h"
#include "ntlm/acceptor.h"
#include "ntlm/initiator.h"
#include "ntlm/messages.h"
#include "spnego/messages.h"
#include "spnego/spnego.h"

namespace {

using namespace mullion;

class OneAccount final : public auth::AccountLookup {
public:
    Result<std::optional<auth::AccountRecord>> find(std::string_view user) override {
        if (user != "alice") return std::optional<auth::AccountRecord>();
        // Of "Sesame-1".
        const std::string hash = encoding::from_hex("766fa652d0a93e06e87b8ed6b2d54cde").value();
        return std::optional<auth::AccountRecord>(
            auth::AccountRecord{"alice", Secret(hash), "", true, "alice"});
    }
};

std::unique_ptr<auth::Initiator> client(bool spnego, Random& random) {
    ntlm::InitiatorOptions options{"localhost", "FUZZ", {}, system_clock(), random};
    auto made = ntlm::make_initiator({"alice", Secret("Sesame-1")}, options);
    FUZZ_CHECK(made.ok());
    if (!spnego) return std::move(*made);
    std::vector<spnego::Offer> offers;
    offers.push_back({spnego::ntlm_oid, std::move(*made)});
    return spnego::make_initiator(std::move(offers));
}

std::unique_ptr<auth::Acceptor> service(auth::AccountLookup& accounts, Random& random) {
    ntlm::AcceptorOptions options{{}, auth::CbtHardening::relaxed, "fuzz.example", system_clock(), random};
    std::vector<spnego::Served> served;
    served.push_back({spnego::ntlm_oid, ntlm::make_acceptor(accounts, options)});
    return spnego::make_acceptor(std::move(served));
}

// What NTLM's MIC covers of a token.
std::string ntlm_inside(const std::string& token) {
    if (const auto init = spnego::parse_spnego_init(token)) return std::string(init->mech_token);
    if (const auto response = spnego::parse_spnego_response(token))
        return std::string(response->response_token);
    return token;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const bool spnego = (data[0] & 1) != 0;
    const bool second = (data[0] & 2) != 0;
    const bool replace = (data[0] & 4) != 0;
    const bool middle = (data[0] & 8) != 0;
    const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto hostile = [&](const std::string& token) {
        return replace ? std::string(rest) : fuzz::change(token, rest);
    };

    OneAccount accounts;
    CountingRandom random;  // So that an input does the same each time.
    const auto acceptor = service(accounts, random);
    const auto initiator = client(spnego, random);

    const std::string first = initiator->step("")->token;
    const std::string sent_first = second || middle ? first : hostile(first);
    auto challenge = acceptor->step(sent_first);
    if (!challenge.ok()) return 0;
    FUZZ_CHECK(!challenge->identity);
    const std::string sent_challenge = middle ? hostile(challenge->token) : challenge->token;
    auto answer = initiator->step(sent_challenge);
    if (!answer.ok()) return 0;
    const std::string sent_second = second && !middle ? hostile(answer->token) : answer->token;
    auto accepted = acceptor->step(sent_second);
    if (!accepted.ok() || !accepted->identity) return 0;
    // The MIC covers every byte of all three messages; SPNEGO's shell around them may be written otherwise.
    FUZZ_CHECK(ntlm_inside(sent_first) == ntlm_inside(first));
    FUZZ_CHECK(ntlm_inside(sent_challenge) == ntlm_inside(challenge->token));
    FUZZ_CHECK(ntlm_inside(sent_second) == ntlm_inside(answer->token));
    return 0;
}
