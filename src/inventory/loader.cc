#include "inventory/loader.h"

#include <fmt/core.h>

#include "inventory/files.h"
#include "inventory/readers.h"

namespace mullion::inventory {

std::string_view FileText::view() const {
    return secret_ ? opened_.expose() : std::string_view(text_);
}

Result<FileText> load_text(const Vault& vault, const std::string& path) {
    MULLION_ASSIGN(std::string text, file_text(path));
    if (!is_vaulted(text)) return FileText(std::move(text));
    auto opened = vault.open(text);
    if (opened.ok()) return FileText(std::move(opened).value());
    return Error{opened.error().id, fmt::format("{}: {}", path, opened.error().detail)};
}

Result<Variables> load_variables(Model& model, const Vault& vault, const std::string& path) {
    MULLION_ASSIGN(const FileText text, load_text(vault, path));
    MULLION_ASSIGN(Variables variables, read_variables(model, model.add_file(path), text.view()));
    if (text.secret())
        for (auto& variable : variables) mark_secret(variable.value);
    return variables;
}

std::string_view extension_of(std::string_view path) {
    const auto slash = path.rfind('/');
    std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    name.remove_prefix(std::min(name.find_first_not_of('.'), name.size()));
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(dot);
}

bool is_yaml_extension(std::string_view extension) {
    return extension == ".yml" || extension == ".yaml" || extension == ".json";
}

}  // namespace mullion::inventory
