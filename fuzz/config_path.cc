// Names of settings, as they are typed or as a file has them. What was read once is read again by its own
// name.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "client/config_plan.h"

using namespace mullion;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    auto read = client::parse_config_assignment(input);
    if (!read) return 0;
    if (read->path.resource == nullptr) std::abort();
    if (!read->path.path.empty() && read->path.row() == nullptr) std::abort();
    if (read->path.has_all_keys()) {
        const auto name = client::instance_name(wsman::ConfigTarget{read->path.resource, read->path.keys});
        const auto again = client::parse_config_assignment(name);
        // A key may hold what looks like the name of a setting behind a separator.
        if (again && again->path.path.empty() && !again->path.has_all_keys()) std::abort();
    }
    if (!client::check_assignment(*read)) return 0;
    const client::ConfigRead nothing;
    (void)client::plan_set({*read}, nothing).ok();
    return 0;
}
