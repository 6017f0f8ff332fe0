// Files that are this account's alone: the store, its key, a backup.
#pragma once

#include <string>

#include "core/result.h"

namespace mullion::secrets {

enum class Missing { may_be, is_wrong };

// A regular file with one name, of this account's, that gives group and others nothing, in a folder that only
// its owner or root writes: who could put files beside the store could put a journal there. Errors:
// secrets.store
[[nodiscard]] Result<void> check_private_file(const std::string& path, Missing missing);

// "a/b" of "a/b/c"; "." where there is no slash.
[[nodiscard]] std::string folder_of(const std::string& path);
// What lies whole beside it, under that name, and never in the place of something else. 0, or errno (EEXIST).
[[nodiscard]] int give_name(const std::string& from, const std::string& name);
// Errors: secrets.store
[[nodiscard]] Result<void> sync_folder_of(const std::string& path);

}  // namespace mullion::secrets
