// The configuration from all that speak of it, and who has the last word on each value: policy over the
// command line over the file over the presets.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "state/config_layer.h"
#include "state/settings.h"
#include "wsman/config_table.h"

namespace mullion::state {

enum class Origin { preset, file, command_line, policy, compatibility };

struct ConfigTree {
    ConfigLayer file;          // DIR/winrm.yaml
    ConfigLayer command_line;  // --set and --listen
    ConfigLayer policy;        // DIR/policy.d

    struct Value {
        std::string_view text;  // Of a layer, or of wsman's table.
        Origin origin = Origin::preset;
    };
    [[nodiscard]] Value value(const wsman::ConfigRow& row) const;

    struct Listener {
        ListenerSettings settings;
        Origin origin = Origin::preset;
    };
    // Each key once: that of the highest layer. --listen takes the place of the preset one, and stands beside
    // those of the file. Last are those of EnableCompatibilityHttpListener and its sister, whatever their
    // key.
    [[nodiscard]] std::vector<Listener> listeners() const;

    struct Security {
        SecurityEntry entry;
        Origin origin = Origin::preset;
    };
    // Each URI once: what policy says of it hides what the file says.
    [[nodiscard]] std::vector<Security> security() const;

    // As the service's code reads it.
    [[nodiscard]] Config config() const;

    bool operator==(const ConfigTree&) const = default;
};

}  // namespace mullion::state
