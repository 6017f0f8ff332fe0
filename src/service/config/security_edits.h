// What a Put of a descriptor makes of the file, and why not. Rules are those of RootSDDL: what policy says
// stays, and nobody is shut out for good. Errors carry the fault's code.
#pragma once

#include <vector>

#include "core/result.h"
#include "service/config/plugins.h"
#include "state/config_layer.h"
#include "state/config_tree.h"
#include "wsman/config_plugin.h"

namespace mullion::service {

// Whether such a descriptor may be: `what` names it in the error. Text that is no descriptor is let pass: the
// file refuses it.
[[nodiscard]] Result<void> keeps_somebody(std::string_view what, std::string_view sddl);

// Of one resource, in the place of its own or as a new one.
[[nodiscard]] Result<state::ConfigLayer> put_security(const state::ConfigTree& tree,
                                                      const wsman::ResourceSecurity& asked);
// All of a plugin: those that are not in `asked` go.
[[nodiscard]] Result<state::ConfigLayer> put_plugin(const state::ConfigTree& tree, const BuiltIn& plugin,
                                                    const std::vector<wsman::ResourceSecurity>& asked);
// `winrm invoke restore winrm/config/plugin @{}`: no resource has one of its own.
[[nodiscard]] Result<state::ConfigLayer> restore_plugins(const state::ConfigTree& tree);

}  // namespace mullion::service
