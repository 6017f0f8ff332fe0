// WWW-Authenticate and Authorization: tokens that are read are written again, lists keep their limits.
#include <cstdint>

#include "check.h"
#include "http/challenge.h"

using namespace mullion::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    Headers headers;
    // Each line a field, as in a response.
    for (std::string_view rest = input; !rest.empty();) {
        const auto end = rest.find('\n');
        headers.add("WWW-Authenticate", rest.substr(0, end));
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    const auto offers = parse_challenges(headers);
    FUZZ_CHECK(offers.size() <= 32);
    for (const auto& offer : offers) {
        FUZZ_CHECK(!offer.scheme.empty() && offer.parameters.size() <= 16);
        FUZZ_CHECK(offer.token.empty() || offer.parameters.empty());
        Headers answer;
        answer.add("Authorization", credentials_field(offer.scheme, offer.token));
        const auto credentials = parse_authorization(answer);
        FUZZ_CHECK(credentials && credentials->scheme == offer.scheme && credentials->token == offer.token);
    }
    Headers request;
    request.add("Authorization", input);
    if (const auto credentials = parse_authorization(request)) {
        request.set("Authorization", credentials_field(credentials->scheme, credentials->token));
        const auto again = parse_authorization(request);
        FUZZ_CHECK(again && again->scheme == credentials->scheme && again->token == credentials->token);
    }
    return 0;
}
