// Basic's user:password: what is read must be what the client's end would write again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "auth/account_name.h"
#include "auth/basic.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion;
    const std::string_view token(reinterpret_cast<const char*>(data), size);
    const auto credential = auth::parse_basic_token(token);
    if (!credential) return 0;
    if (credential->user + ":" + std::string(credential->password.expose()) != token) std::abort();
    for (const std::string& name : auth::account_names(credential->user)) {
        if (name.empty() || name.size() > credential->user.size()) std::abort();
    }
    auto initiator = auth::make_basic_initiator(*credential);
    if (initiator.ok() && (*initiator)->step("")->token != token) std::abort();
    return 0;
}
