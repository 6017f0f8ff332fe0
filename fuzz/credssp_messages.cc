// CredSSP's messages: every view lies within the message, and what is read reads the same when written.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "credssp/messages.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion::credssp;
    const std::string_view message(reinterpret_cast<const char*>(data), size);
    if (const auto request = parse_ts_request(message)) {
        for (const auto& part :
             {request->nego_token, request->auth_info, request->pub_key_auth, request->client_nonce}) {
            if (!part || part->empty()) continue;
            if (part->data() < message.data() ||
                part->data() + part->size() > message.data() + message.size())
                std::abort();
        }
        const auto written = write_ts_request(*request);
        const auto again = parse_ts_request(written);
        if (!again || again->version != request->version || again->nego_token != request->nego_token ||
            again->auth_info != request->auth_info || again->pub_key_auth != request->pub_key_auth ||
            again->error_code != request->error_code || again->client_nonce != request->client_nonce) {
            std::abort();
        }
    }
    if (const auto handed = parse_ts_credentials(message); handed.ok()) {
        const auto written = write_ts_credentials(*handed);
        if (!written.ok() || !parse_ts_credentials(*written).ok()) std::abort();
    }
    return 0;
}
