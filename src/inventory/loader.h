// What is common to reading an inventory's files: their text, opened where they are vaulted.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"
#include "inventory/model.h"
#include "inventory/vault.h"

namespace mullion::inventory {

class FileText {
public:
    explicit FileText(std::string text) : text_(std::move(text)) {}
    explicit FileText(Secret opened) : opened_(std::move(opened)), secret_(true) {}

    [[nodiscard]] bool secret() const { return secret_; }
    [[nodiscard]] std::string_view view() const;

private:
    std::string text_;
    Secret opened_;
    bool secret_ = false;
};

// Errors: usage.file, inventory.vault, each with the path
[[nodiscard]] Result<FileText> load_text(const Vault& vault, const std::string& path);
// A file of variables. Errors: also inventory.invalid
[[nodiscard]] Result<Variables> load_variables(Model& model, const Vault& vault, const std::string& path);

// Every host and group of the sources, in order, and the folders, as they were given, that their group_vars/
// and host_vars/ are in: one for each source that is a file or directory. `texts` are of connectors.
// Errors: usage.file, usage.unsupported, inventory.…
[[nodiscard]] Result<std::vector<std::string>> load_sources(Model& model, const Vault& vault,
                                                            const std::vector<std::string>& paths,
                                                            const std::map<std::string, std::string>& texts);

// -e. Errors: usage.invalid, usage.file, inventory.…
[[nodiscard]] Result<Variables> load_extra_variables(Model& model, const Vault& vault,
                                                     const std::vector<std::string>& given);

// The file's name without folders from its last dot on, as Python's splitext() has it: ".yml", "".
[[nodiscard]] std::string_view extension_of(std::string_view path);
[[nodiscard]] bool is_yaml_extension(std::string_view extension);

}  // namespace mullion::inventory
