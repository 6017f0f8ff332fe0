// How people name a part of winrm/config, by either of its two trees:
//
//     Service/Auth/Basic    winrm/config/service/auth    Winrs    MaxTimeoutms
//     Listener?Address=*+Transport=HTTPS/Port            service/certmapping?Subject=u@x/Enabled
//     WSMan:\localhost\Service\Auth\Basic                 WSMan:\localhost\Shell\MaxShellRunTime
//     WSMan:\localhost\Listener\Transport=HTTPS\Port      WSMan:\localhost\Listener\*
//
// Case does not matter, and parts may be parted by / or \. Of a listener or mapping keys may be left out:
// those that have the others are meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "wsman/config.h"

namespace mullion::client {

struct ConfigPath {
    const wsman::ConfigResource* resource = nullptr;  // Never null. Of the tree: the smallest that has it.
    bool instances = false;                           // Listeners or mappings: those that have `keys`.
    std::vector<wsman::Selector> keys;  // As the table names and spells them; none: all there are.
    std::string path;                   // Of the one setting, as in the table; empty: all of them.

    [[nodiscard]] bool has_all_keys() const { return instances && keys.size() == resource->keys.size(); }
    [[nodiscard]] const wsman::ConfigRow* row() const { return find_config_row(*resource, path); }
    // Whether this document is one of those that are meant.
    [[nodiscard]] bool selects(const wsman::ConfigDocument& document) const;
};

// What stands before and behind the '=' of "PATH=VALUE"; keys of a listener have others.
struct ConfigAssignment {
    ConfigPath path;
    std::optional<std::string> value;
};

// Errors: usage.invalid, with the nearest known name
[[nodiscard]] Result<ConfigPath> parse_config_path(std::string_view text);
[[nodiscard]] Result<ConfigAssignment> parse_config_assignment(std::string_view text);

// "Listener?Address=*+Transport=HTTPS", of the keys that the document has; empty for the tree.
[[nodiscard]] std::string instance_name(const wsman::ConfigDocument& document);
[[nodiscard]] std::string instance_name(const wsman::ConfigTarget& target);
// What a value of that document is called: "Service/Auth/Basic", "Listener?Address=*+Transport=HTTPS/Port"
[[nodiscard]] std::string setting_name(const wsman::ConfigDocument& document, std::string_view path);
// The smallest resource that can be put and has this setting: DefaultPorts are put by what they are in.
[[nodiscard]] const wsman::ConfigResource& writable_resource(const ConfigPath& path);

}  // namespace mullion::client
