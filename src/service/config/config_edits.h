// What Put, Create and Delete of winrm/config make of the file, and why not. On worker threads: certificates
// are looked for on disk. Errors carry the fault's code where it is not the general one.
#pragma once

#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "service/config/config_documents.h"
#include "state/config_layer.h"
#include "state/config_tree.h"
#include "wsman/config.h"

namespace mullion::service {

// Settings of the tree, in whole or in part.
[[nodiscard]] Result<state::ConfigLayer> put_values(const state::ConfigTree& tree,
                                                    const wsman::ConfigDocument& asked);
// Every setting as it was at the beginning. Listeners and mappings stay: a machine that was reached is
// reached.
[[nodiscard]] Result<state::ConfigLayer> restore_values(const state::ConfigTree& tree);

// Where certificates are.
struct CertificatePlaces {
    std::string own;      // DIR/certs
    std::string trusted;  // DIR/trust
    const Clock* clock = nullptr;
    std::string machine;  // The name that a certificate is looked for by, where no Hostname is given.
};

[[nodiscard]] Result<state::ConfigLayer> create_listener(const state::ConfigTree& tree,
                                                         const wsman::ConfigTarget& target,
                                                         const wsman::ConfigDocument& asked,
                                                         const CertificatePlaces& places);
// `facts` are those of the listener before.
[[nodiscard]] Result<state::ConfigLayer> put_listener(const state::ConfigTree& tree,
                                                      const wsman::ConfigTarget& target,
                                                      const wsman::ConfigDocument& asked,
                                                      const ListenerFacts& facts,
                                                      const CertificatePlaces& places);
[[nodiscard]] Result<state::ConfigLayer> delete_listener(const state::ConfigTree& tree,
                                                         const wsman::ConfigTarget& target);

// That user name and password are right was seen before.
[[nodiscard]] Result<state::ConfigLayer> create_mapping(const state::ConfigTree& tree,
                                                        const wsman::ConfigTarget& target,
                                                        const wsman::ConfigDocument& asked,
                                                        const CertificatePlaces& places);
[[nodiscard]] Result<state::ConfigLayer> put_mapping(const state::ConfigTree& tree,
                                                     const wsman::ConfigTarget& target,
                                                     const wsman::ConfigDocument& asked);
[[nodiscard]] Result<state::ConfigLayer> delete_mapping(const state::ConfigTree& tree,
                                                        const wsman::ConfigTarget& target);

// There is none that the selectors name.
[[nodiscard]] Error instance_missing(const wsman::ConfigTarget& target);

}  // namespace mullion::service
