// A file of `mullion config apply`. What it asks for is planned against a host that has nothing but a
// listener.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "cli/config_yaml.h"

using namespace mullion;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto wanted = cli::read_config_yaml(input, "file");
    if (!wanted) {
        if (wanted.error().id != ErrorId::config_invalid) std::abort();
        return 0;
    }
    client::ConfigRead now;
    for (const auto& resource : wsman::config_resources()) {
        auto document = wsman::new_config_document(resource);
        for (const auto& row : resource.rows)
            document.values.push_back({std::string(row.path), std::string(row.preset), {}, false});
        now.documents.push_back(std::move(document));
    }
    // What a host is set to is written and read again, whatever it is.
    const auto plan = client::plan_set(*wanted, now);
    if (!plan) return 0;
    for (const auto& change : plan->changes)
        for (const auto& value : change.document.values) {
            const auto* row = wsman::find_config_row(*change.target.resource, value.path);
            if (row == nullptr || !wsman::config_text(*row, value.text)) std::abort();
        }
    (void)cli::read_config_yaml(cli::config_yaml("host", now), "file");
    return 0;
}
