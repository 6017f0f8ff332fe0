// What is configured, as winrm/config shows it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "os/local_addresses.h"
#include "state/config_tree.h"
#include "wsman/config.h"

namespace mullion::service {

[[nodiscard]] const wsman::ConfigResource& listener_resource();
[[nodiscard]] const wsman::ConfigResource& mapping_resource();

// Of the tree, or a part of it.
[[nodiscard]] wsman::ConfigDocument document_of(const state::ConfigTree& tree,
                                                const wsman::ConfigResource& resource);

// What a listener comes to in the running service.
struct ListenerFacts {
    std::uint16_t port = 0;                 // The real one.
    std::string thumbprint;                 // Of the certificate that it shows.
    std::vector<std::string> listening_on;  // After the filters.
};
[[nodiscard]] wsman::ConfigDocument document_of(const state::ConfigTree::Listener& listener,
                                                const ListenerFacts& facts);
[[nodiscard]] wsman::ConfigDocument document_of(const state::CertificateMapping& mapping);

[[nodiscard]] wsman::ConfigTarget target_of(const state::ListenerSettings& listener);
[[nodiscard]] wsman::ConfigTarget target_of(const state::CertificateMapping& mapping);

// Which of this machine's addresses a listener is reached at.
[[nodiscard]] std::vector<std::string> reached_at(const state::ListenerSettings& listener,
                                                  const state::Settings& settings,
                                                  const std::vector<os::LocalAddress>& own);

// The listener or mapping that the selectors name; null: there is none. They point into `all`.
[[nodiscard]] const state::ConfigTree::Listener* find(const std::vector<state::ConfigTree::Listener>& all,
                                                      const wsman::ConfigTarget& target);
[[nodiscard]] const state::CertificateMapping* find(const std::vector<state::CertificateMapping>& all,
                                                    const wsman::ConfigTarget& target);

}  // namespace mullion::service
