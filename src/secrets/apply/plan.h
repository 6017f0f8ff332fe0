// What applying a file would do, known as a whole before anything is done.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "secrets/apply/default_manager.h"
#include "secrets/entities/entity.h"
#include "secrets/yaml/entities_yaml.h"

namespace mullion::secrets {

struct Change {
    enum class Kind { create, update, unchanged } kind = Kind::create;
    Entity entity;
    unsigned line = 1;
    std::vector<std::string> fields;         // Of an update: what differs.
    [[nodiscard]] bool needs_value() const;  // A new text or file secret: its value is in no file.
};

// What is kept already; nothing: there is none of that identity.
using FindEntity = std::function<Result<std::optional<Entity>>(const Identity&)>;

// In an order in which each can be saved: what is referred to comes first. A secret that names no manager
// keeps the one it has; a new one gets the default one of the nearest scope, as the file leaves it; without
// `find_default` nothing that is kept is a default. Each error names FILE:LINE.
// Errors: secrets.missing (what is referred to), secrets.kind (of a reference, or of what is there under that
// identity), secrets.cycle, secrets.invalid, and those of `find`
[[nodiscard]] Result<std::vector<Change>> plan(std::vector<WrittenEntity> wanted, const std::string& file,
                                               const FindEntity& find, const FindDefault& find_default = {});

}  // namespace mullion::secrets
