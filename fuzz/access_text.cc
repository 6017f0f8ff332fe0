// Who may what, as lines that a person edits: what was shown and not touched touches nothing, and nothing
// that is read shuts everyone out.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "rights/access_text.h"
#include "rights/sddl.h"

namespace {

using namespace mullion::rights;

void check(const Descriptor& descriptor, std::string_view text, const Names& names) {
    const auto same = apply_access_text(descriptor, write_access_text(descriptor, names), names);
    FUZZ_CHECK(!std::holds_alternative<AccessTextFault>(same));
    if (const auto* edited = std::get_if<Edited>(&same))
        FUZZ_CHECK(!edited->changed && edited->descriptor == descriptor);

    const auto result = apply_access_text(descriptor, text, names);
    if (const auto* wrong = std::get_if<AccessTextFault>(&result))
        FUZZ_CHECK(wrong->line >= 1 && !wrong->what.empty());
    if (const auto* edited = std::get_if<Edited>(&result)) {
        FUZZ_CHECK(someone_has_full_access(edited->descriptor));
        const auto again = apply_access_text(edited->descriptor, text, names);
        FUZZ_CHECK(std::holds_alternative<Edited>(again) && !std::get<Edited>(again).changed);
    }
}

}  // namespace

// A descriptor, a line end, and the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto end = std::min(input.find('\n'), input.size());
    const Names names({Sid(5, {21, 7}), Sid(5, {21, 8}), {}});
    const auto read = parse_sddl(input.substr(0, end), names.domains);
    if (const auto* descriptor = std::get_if<Descriptor>(&read))
        check(*descriptor, input.substr(std::min(end + 1, input.size())), names);
    return 0;
}
