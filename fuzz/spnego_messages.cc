// Our look at SPNEGO's tokens: every view lies within the token.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "spnego/messages.h"

namespace {

void within(std::string_view part, std::string_view whole) {
    if (part.empty()) return;
    if (part.data() < whole.data() || part.data() + part.size() > whole.data() + whole.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion::spnego;
    const std::string_view token(reinterpret_cast<const char*>(data), size);
    if (const auto init = parse_spnego_init(token)) {
        if (init->mechanisms.empty() || init->mechanisms.size() > 16) std::abort();
        for (const std::string_view mechanism : init->mechanisms) within(mechanism, token);
        within(init->mechanism_list, token);
        within(init->mech_token, token);
        if (init->mic) within(*init->mic, token);
        for (const std::string_view oid : init->mechanisms) (void)oid_text(oid);
    }
    if (const auto oid = parse_initial_oid(token)) within(*oid, token);
    if (const auto response = parse_spnego_response(token)) {
        within(response->mechanism, token);
        within(response->response_token, token);
        if (response->mic) within(*response->mic, token);
        // What is read can be written, and reads the same.
        const std::string written = write_spnego_response(*response);
        const auto again = parse_spnego_response(written);
        if (!again || again->state != response->state || again->mechanism != response->mechanism ||
            again->response_token != response->response_token || again->mic != response->mic) {
            std::abort();
        }
    }
    return 0;
}
