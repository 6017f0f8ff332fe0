// winrm.yaml and policies: whatever the bytes, an error or a layer whose values are within their ranges; and
// a file that can be read can be changed, and says then what was wanted, and nothing else.
#include <cstdlib>
#include <string_view>

#include "state/config_file.h"
#include "state/config_tree.h"
#include "state/listen_url.h"
#include "state/policy_files.h"
#include "state/settings_table.h"

namespace {

using namespace mullion::state;

void check(const ConfigLayer& layer) {
    for (const auto& [path, text] : layer.values) {
        const auto again = setting_text(*find_setting(path), text);
        if (!again.ok() || *again != text) std::abort();
    }
    if (!layer.listeners) return;
    for (const auto& listener : *layer.listeners)
        if (parse_listener_address(listener_address_text(listener.address)) != listener.address) std::abort();
}

void check_edit(std::string_view text, const ConfigLayer& layer) {
    ConfigLayer wanted = layer;
    wanted.values["Service/Auth/Basic"] = layer.values.contains("MaxTimeoutms") ? "true" : "false";
    wanted.values.erase("Winrs/IdleTimeout");
    if (!wanted.listeners) wanted.listeners.emplace();
    if (wanted.listeners->empty())
        wanted.listeners->emplace_back();
    else
        wanted.listeners->erase(wanted.listeners->begin());
    if (!wanted.mappings.empty()) wanted.mappings.front().enabled = !wanted.mappings.front().enabled;
    const auto edited = edit_layer(text, wanted);
    if (!edited.ok()) std::abort();
    const auto again = read_layer(*edited);
    if (!again.ok() || again->values != wanted.values) std::abort();
    if (again->listeners->size() != wanted.listeners->size()) std::abort();
    if (again->mappings.size() != wanted.mappings.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    ConfigLayer policy;
    if (read_policy(policy, text).ok()) check(policy);
    (void)parse_listen_url(text.substr(0, 256));
    const auto layer = read_layer(text);
    if (!layer.ok()) return 0;
    check(*layer);
    check_edit(text, *layer);
    if (read_layer(layer_yaml(*layer)).value().values != layer->values) std::abort();
    return 0;
}
