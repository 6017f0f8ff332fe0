// Names of keys and roles, endpoints and moments: what is taken is written as it was, and leads nowhere else.
#include <string_view>

#include "aws/arn.h"
#include "aws/endpoints.h"
#include "aws/moment.h"
#include "check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion;
    using namespace mullion::aws;
    const std::string_view text(reinterpret_cast<const char*>(data), size);

    if (const auto key = parse_key_name(text); key.ok()) {
        FUZZ_CHECK(key->text() == text && key->text().size() <= 2048);
        FUZZ_CHECK(same_key(*key, *key));
        if (const auto region = region_of(*key, "", true); region.ok()) {
            const auto endpoint = service_endpoint("kms", *region, "");
            FUZZ_CHECK(endpoint.ok() && endpoint->tls && endpoint->host.find('/') == std::string::npos);
        }
    } else {
        FUZZ_CHECK(key.error().id == ErrorId::secrets_invalid);
    }
    if (const auto role = parse_role_name(text); role.ok()) {
        FUZZ_CHECK(role->text() == text);
    }
    if (const auto endpoint = parse_service_endpoint(text); endpoint.ok()) {
        FUZZ_CHECK(endpoint->tls || is_loopback(endpoint->host));
        const auto again = parse_service_endpoint(endpoint->url());
        FUZZ_CHECK(again.ok() && again->url() == endpoint->url());
    }
    if (const auto location = parse_location(text); location.ok()) {
        FUZZ_CHECK(location->target.starts_with('/') && location->target.find('\n') == std::string::npos);
    }
    if (const auto at = parse_moment(text)) {
        FUZZ_CHECK(plain_moment(*at).size() == 20);
    }
    return 0;
}
