#include "inventory/vars_folder.h"

#include <array>
#include <set>

#include <fmt/core.h>

#include "inventory/files.h"
#include "inventory/loader.h"

namespace mullion::inventory {
namespace {

// The first of these that exists is read, and no other one.
constexpr std::array<std::string_view, 4> extensions{"", ".yml", ".yaml", ".json"};
constexpr unsigned deepest = 32;

class FolderLoader {
public:
    FolderLoader(Model& model, const Vault& vault) : model_(model), vault_(vault) {}

    // `find` gives the number of a name, or nothing; `things` are what has the numbers.
    template <class Things, class Find>
    Result<void> load(const std::string& folder, const Things& things, Find find,
                      std::unordered_map<std::uint32_t, Variables>& into) {
        if (!is_directory(folder)) {
            if (exists(folder))
                model_.notice({model_.add_file(folder), 0}, "it is no directory, and is not read");
            return {};
        }
        MULLION_ASSIGN(const auto names, directory(folder));
        // Hosts are many and files few: start from the files.
        std::set<std::string> entities;
        for (const std::string_view name : names)
            for (const auto extension : extensions)
                if (name.ends_with(extension))
                    entities.emplace(name.substr(0, name.size() - extension.size()));
        for (const auto& entity : entities) {
            const auto number = find(entity);
            if (!number) continue;
            MULLION_TRY(load_entity(inside(folder, entity), into[*number]));
        }
        // A name may be that of a file in a folder; one that is a path from the root has no variables.
        for (std::uint32_t number = 0; number < things.size(); ++number) {
            const std::string& name = things[number].name;
            if (name.find('/') == std::string::npos || name.starts_with('/')) continue;
            MULLION_TRY(load_entity(inside(folder, name), into[number]));
        }
        return {};
    }

private:
    Result<void> load_entity(const std::string& path, Variables& into) {
        for (const auto extension : extensions) {
            const std::string candidate = path + std::string(extension);
            if (!exists(candidate)) continue;
            if (is_directory(candidate)) return load_directory(candidate, into, 0);
            return load_file(candidate, into);
        }
        return {};
    }

    Result<void> load_directory(const std::string& path, Variables& into, unsigned depth) {
        if (depth > deepest)
            return Error{ErrorId::usage_file, path + ": directories in directories go too deep"};
        MULLION_ASSIGN(const auto names, directory(path));
        for (const auto& name : names) {
            if (name.starts_with('.') || name.ends_with('~')) continue;
            const std::string inner = inside(path, name);
            const auto extension = extension_of(name);
            if (is_directory(inner)) {
                if (!extension.empty()) continue;
                MULLION_TRY(load_directory(inner, into, depth + 1));
            } else if (extension.empty() || is_yaml_extension(extension)) {
                MULLION_TRY(load_file(inner, into));
            }
        }
        return {};
    }

    Result<void> load_file(const std::string& path, Variables& into) {
        MULLION_ASSIGN(Variables variables, load_variables(model_, vault_, path));
        if (into.empty()) {
            into = std::move(variables);
            return {};
        }
        for (auto& variable : variables) assign(into, variable.name, std::move(variable.value));
        return {};
    }

    Model& model_;
    const Vault& vault_;
};

}  // namespace

Result<VarsFolder> load_vars_folder(Model& model, const Vault& vault, const std::string& folder) {
    VarsFolder out;
    FolderLoader loader(model, vault);
    const auto group = [&](const auto& name) { return model.find_group(name); };
    const auto host = [&](const auto& name) { return model.find_host(name); };
    MULLION_TRY(loader.load(inside(folder, "group_vars"), model.groups(), group, out.groups));
    MULLION_TRY(loader.load(inside(folder, "host_vars"), model.hosts(), host, out.hosts));
    return out;
}

}  // namespace mullion::inventory
