// What hosts answer to checks beside CIM: certificates of the registry, JSON of scripts, the table of
// qwinsta.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "checks/json_text.h"
#include "checks/modes/certificate_store.h"
#include "checks/modes/qwinsta.h"

namespace {

using namespace mullion::checks;

void check_certificate(std::string_view bytes) {
    const auto stored = read_stored_certificate(bytes);
    if (stored) FUZZ_CHECK(!stored->der.empty() && stored->der.size() < bytes.size());
    // A quote may be put around each part, and each quote doubled.
    FUZZ_CHECK(windows_name(bytes).size() <= 4 * bytes.size() + 16);
}

void check_json(std::string_view text) {
    const auto objects = json_objects(text);
    if (objects) FUZZ_CHECK(objects->size() <= text.size());
}

void check_qwinsta(std::string_view text) {
    static const auto english = Qwinsta::with(*qwinsta_words("en"));
    FUZZ_CHECK(english.ok());
    const auto said = english->sort_out(text);
    if (!said.ok() || !*said) return;
    FUZZ_CHECK((*said)->sessions.size() <= 10'000);
    for (const auto& session : (*said)->sessions) {
        (void)english->is_active(session);
        (void)english->is_disconnected(session);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_certificate(text);
    check_json(text);
    check_qwinsta(text);
    (void)read_qwinsta_words(text, "en");
    return 0;
}
