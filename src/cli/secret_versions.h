// The versions of a value: which there are, and an older one that is made current again.
#pragma once

#include <cstdint>
#include <vector>

#include "cli/secret_store.h"
#include "core/result.h"
#include "secrets/store/store.h"

namespace mullion::cli {

// Whether it is a text or a file secret: others have none of their own.
[[nodiscard]] bool has_value(const secrets::Entity& entity);

// Newest first; none of what has no value. Errors: those of the store
[[nodiscard]] Result<std::vector<secrets::Version>> versions_of(secrets::Store& store,
                                                                const secrets::Stored& stored);

struct GoBack {
    std::uint32_t version;
    bool alone;  // Nothing else of the secret was to change.
};
// A new value was wrong, or the other side has not got it yet. False: it is the current one already. Errors:
// usage.invalid, secrets.kind, secrets.missing
[[nodiscard]] Result<bool> go_back(SecretStore& opened, const secrets::Purpose& purpose,
                                   const secrets::Stored& before, const GoBack& to);

}  // namespace mullion::cli
