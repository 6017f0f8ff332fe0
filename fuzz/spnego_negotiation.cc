// Both ends of SPNEGO around mechanisms that protect nothing but the list, with one token changed on the way.
// Nothing may crash; where both ends are content they use the same mechanism, and saw the same list if the
// client made a checksum of it.
//
// Input: first byte: bits 0 and 1 which token is changed, bit 2 replaces it by the rest, bits 3 to 5 how many
// tokens the mechanism has, bit 6 whether the service lacks the preferred one. The rest: edits.h.
#include <cstdint>
#include <string>
#include <string_view>

#include "check.h"
#include "edits.h"
#include "spnego/messages.h"
#include "spnego/tests/fakes.h"

namespace {

using namespace mullion;
using spnego::testing::Fake;

class Changed final : public spnego::testing::Handshake {
public:
    Changed(unsigned char first, std::string_view rest)
        : Changed(Fake{.oid = spnego::testing::first_oid, .tokens = 1 + (first >> 3 & 7)}, first, rest) {}

    std::string on_the_way(std::string token) override {
        const bool now = count_++ == which_;
        const std::string given = !now ? token : replace_ ? std::string(rest_) : fuzz::change(token, rest_);
        if (const auto sent = spnego::parse_spnego_response(token)) {
            checksum_was_sent = checksum_was_sent || sent->mic.has_value();
        }
        if (const auto seen = spnego::parse_spnego_init(given)) seen_list = seen->mechanism_list;
        return given;
    }

    std::string seen_list;
    bool checksum_was_sent = false;

private:
    Changed(const Fake& fake, unsigned char first, std::string_view rest)
        : Handshake({fake, second(fake)}, (first & 0x40) != 0 ? std::vector<Fake>{second(fake)}
                                                              : std::vector<Fake>{fake, second(fake)}),
          which_(first & 3),
          replace_((first & 4) != 0),
          rest_(rest) {}
    static Fake second(Fake fake) {
        fake.oid = spnego::testing::second_oid;
        return fake;
    }

    int which_;
    bool replace_;
    std::string_view rest_;
    int count_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    Changed handshake(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
    handshake.run();
    if (!handshake.done() || !handshake.checksum_was_sent) return 0;
    const std::vector<std::string_view> oids{spnego::testing::first_oid, spnego::testing::second_oid};
    FUZZ_CHECK(handshake.seen_list == spnego::write_mechanism_list(oids));
    return 0;
}
