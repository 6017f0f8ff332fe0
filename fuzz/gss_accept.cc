// The whole acceptor, library and all, with the tokens of a real client that knows the password, changed as
// the input says. Nobody may be accepted whose message differs from what the client made; nothing may crash.
//
// Input: first byte: bit 0 SPNEGO, bit 1 which of the client's tokens is changed (0: first, 1: second), bit 2
// replaces the token by the rest instead of changing it, bit 3 changes the challenge and neither of the
// client's. The rest otherwise: four bytes an edit: offset (2), kind, value.
//
// Run with -detect_leaks=0 when leaks are looked for: libkrb5 1.20.1 leaks about 190 bytes when a SPNEGO
// credential is acquired, once here because credentials are pooled. The suppressions below name it too.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "edits.h"
#include "encoding/hex.h"
#include "gss/gss.h"
#include "ntlm/messages.h"

extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libgssapi_krb5.so\nleak:libkrb5.so\nleak:gssntlmssp.so\n";
}

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

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    gss::initialise();
    return 0;
}

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
    auto acceptor = gss::make_acceptor(accounts, {});
    gss::InitiatorOptions options;
    options.transport = spnego ? auth::Transport::negotiate : auth::Transport::ntlm;
    options.host = "localhost";
    auto client = gss::make_initiator({"alice", Secret("Sesame-1")}, options);
    if (!client.ok()) std::abort();

    const std::string first = (*client)->step("")->token;
    const std::string sent_first = second || middle ? first : hostile(first);
    auto challenge = acceptor->step(sent_first);
    if (!challenge.ok()) return 0;
    if (challenge->identity) std::abort();
    const std::string sent_challenge = middle ? hostile(challenge->token) : challenge->token;
    auto answer = (*client)->step(sent_challenge);
    if (!answer.ok()) return 0;
    const std::string sent_second = second && !middle ? hostile(answer->token) : answer->token;
    auto accepted = acceptor->step(sent_second);
    const bool changed =
        sent_first != first || sent_challenge != challenge->token || sent_second != answer->token;
    // Raw NTLM's MIC covers every byte of all three messages. SPNEGO's shell around them is covered by the
    // checksum of the mechanisms, which may come one step later, but the token inside is NTLM's.
    if (accepted.ok() && accepted->identity && changed && !spnego) std::abort();
    return 0;
}
