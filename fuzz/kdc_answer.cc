// What a KDC sends, given to the library: it must never crash us, and no answer is a ticket without the
// password's key. The library itself is not instrumented; its memory is watched.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "check.h"
#include "kerberos/acquisition.h"
#include "kerberos/kdc_answer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion;
    const std::string_view answer(reinterpret_cast<const char*>(data), size);
    if (const auto read = kerberos::read_kdc_answer(answer); read) {
        FUZZ_CHECK(read->client_realm.size() <= size);
        FUZZ_CHECK(read->refusal == read->time.has_value());
    }
    static const bool prepared = ::setenv("KRB5_CONFIG", "/dev/null", 1) == 0;
    FUZZ_CHECK(prepared);
    kerberos::Configuration configuration;
    configuration.realm = "EXAMPLE.TEST";
    const auto acquisition = kerberos::with_password(configuration, "alice", Secret("another password"));
    if (!acquisition) return 0;  // A machine without the library.
    FUZZ_CHECK((*acquisition)->step("").ok());
    for (int i = 0; i < 3; ++i) {
        const auto next = (*acquisition)->step(answer);
        if (!next) {
            FUZZ_CHECK(!next.error().detail.empty());
            break;
        }
        FUZZ_CHECK(next->has_value());
    }
    return 0;
}
