// What an operator should know before others find it out.
#pragma once

#include <string>
#include <vector>

#include "state/settings.h"

namespace mullion::state {

// One sentence for each setting that is unsafe here.
[[nodiscard]] std::vector<std::string> unsafe_settings(const Config& config, bool keytab);

// One sentence for each issuer that enabled mappings name and nobody trusts: they let nobody in. Both are
// thumbprints; `trusted` are those of DIR/trust.
[[nodiscard]] std::vector<std::string> untrusted_issuers(const std::vector<CertificateMapping>& mappings,
                                                         const std::vector<std::string>& trusted);
// "DIR/trust has …", for people.
[[nodiscard]] std::string who_is_trusted(const std::vector<std::string>& trusted);

}  // namespace mullion::state
