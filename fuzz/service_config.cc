// winrm.yaml: whatever the bytes, an error or a configuration whose values are within their ranges.
#include <cstdlib>
#include <string_view>

#include "service/config_file.h"
#include "service/listen_url.h"
#include "service/settings_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion::service;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto config = read_config(text);
    if (!config.ok()) return 0;
    for (const Setting& setting : settings_table()) {
        Settings again;
        if (!assign(again, setting, value_text(config->settings, setting)).ok()) std::abort();
    }
    (void)parse_listen_url(text.substr(0, 256));
    for (const auto& listener : config->listeners)
        if (!parse_listener_address(listener.address)) std::abort();
    return 0;
}
