// What -i names: files, directories of them, or hosts with commas between.
#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/core.h>

#include "inventory/address.h"
#include "inventory/files.h"
#include "inventory/inventory.h"
#include "inventory/loader.h"
#include "inventory/readers.h"

namespace mullion::inventory {
namespace {

// Ansible's defaults of INVENTORY_IGNORE_EXTS.
constexpr std::array<std::string_view, 13> ignored_ends{
    ".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst", ".orig", ".ini", ".cfg", ".retry"};
constexpr unsigned deepest = 32;

bool is_ignored(std::string_view name) {
    if (name.starts_with('.') || name == "host_vars" || name == "group_vars" || name == "vars_plugins")
        return true;
    return std::any_of(ignored_ends.begin(), ignored_ends.end(),
                       [&](auto end) { return name.ends_with(end); });
}

// False where a YAML reader would find no map whatever follows: spares reading a long INI file as one YAML
// text.
bool may_be_map(std::string_view text) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        const auto first = line.find_first_not_of(" \r");
        if (first != std::string_view::npos && line[first] != '#') {
            const char c = line[first];
            const bool word =
                (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '[';
            return !word || (c != '[' && line.find(':') != std::string_view::npos);
        }
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return true;
}

Error script(const std::string& path) {
    return {
        ErrorId::usage_unsupported,
        fmt::format(
            "{}: it is an inventory script, and scripts are not run. ansible-inventory -i {} --list --export "
            "--yaml writes what it gives as a file",
            path, path)};
}

class SourceLoader {
public:
    SourceLoader(Model& model, const Vault& vault) : model_(model), vault_(vault) {}

    Result<void> source(const std::string& path, unsigned depth) {
        if (!is_directory(path)) return file(path);
        if (depth > deepest)
            return Error{ErrorId::usage_file, path + ": directories in directories go too deep"};
        MULLION_ASSIGN(const auto names, directory(path));
        bool some = false;
        for (const auto& name : names) {
            if (is_ignored(name)) continue;
            some = true;
            MULLION_TRY(source(inside(path, name), depth + 1));
        }
        if (some || depth > 0) return {};
        return Error{ErrorId::inventory_invalid, path + ": the directory has no inventory file"};
    }

    // What whoever loads the inventory was told.
    Result<void> connector(const std::string& path, const std::map<std::string, std::string>& texts) {
        const auto found = texts.find(path);
        if (found == texts.end())
            return Error{ErrorId::usage_unsupported, path + ": hosts of connectors are not read here"};
        const std::uint32_t number = model_.add_file(path);
        model_.reading(number);
        model_.mark_secrets(false);
        return read_yaml(model_, number, found->second);
    }

    // "web01,10.0.0.1:5985"
    Result<void> host_list(std::string_view list) {
        const std::uint32_t number = model_.add_file(fmt::format("-i {}", list));
        model_.reading(number);
        model_.mark_secrets(false);
        while (!list.empty()) {
            const auto end = list.find(',');
            auto word = list.substr(0, end);
            list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
            word.remove_prefix(std::min(word.find_first_not_of(" \t"), word.size()));
            word = word.substr(0, word.find_last_not_of(" \t") + 1);
            if (!word.empty()) listed(word, number);
        }
        return {};
    }

private:
    void listed(std::string_view word, std::uint32_t number) {
        const auto address = parse_address(word);
        const bool plain = address && address->host.find('[') == std::string_view::npos;
        const std::string_view name = plain ? address->host : word;
        if (model_.find_host(name)) return;
        const HostIndex host = model_.host(name);
        model_.put(host, Model::ungrouped);
        if (plain && address->port != 0)
            model_.set(host, "ansible_port", Value{std::int64_t{address->port}, {number, 0}});
    }

    Result<void> file(const std::string& path) {
        MULLION_ASSIGN(const FileText text, load_text(vault_, path));
        const std::string_view view = text.view();
        if (is_executable(path) && (view.starts_with("#!") || view.starts_with("\x7F"
                                                                               "ELF")))
            return script(path);
        const std::string_view extension = extension_of(path);
        if (extension == ".toml")
            return Error{ErrorId::usage_unsupported, path + ": TOML inventories are not read"};
        const std::uint32_t number = model_.add_file(path);
        model_.reading(number);
        model_.mark_secrets(text.secret());
        if (is_yaml_extension(extension) || (extension.empty() && may_be_map(view)))
            return yaml_or_ini(number, view, extension);
        return read_ini(model_, number, view);
    }

    // Ansible tries one after the other. Where the file's name does not say which was meant, what is wrong is
    // told of both.
    Result<void> yaml_or_ini(std::uint32_t number, std::string_view text, std::string_view extension) {
        auto yaml = read_yaml(model_, number, text);
        if (yaml.ok() || yaml.error().id == ErrorId::usage_unsupported) return yaml;
        auto ini = read_ini(model_, number, text);
        if (ini.ok()) return {};
        if (extension.empty())
            return Error{ErrorId::inventory_invalid,
                         fmt::format("{}; nor is it YAML: {}", ini.error().detail, yaml.error().detail)};
        return yaml;
    }

    Model& model_;
    const Vault& vault_;
};

}  // namespace

bool names_connector(std::string_view path) {
    if (!path.starts_with(connector_prefix)) return false;
    const auto comma = path.find(',');
    if (comma == std::string_view::npos) return true;
    const auto first = path.substr(connector_prefix.size(), comma - connector_prefix.size());
    return first.find_first_not_of("0123456789") != std::string_view::npos;
}

Result<std::vector<std::string>> load_sources(Model& model, const Vault& vault,
                                              const std::vector<std::string>& paths,
                                              const std::map<std::string, std::string>& texts) {
    SourceLoader loader(model, vault);
    std::vector<std::string> folders;
    for (const auto& path : paths) {
        if (path.empty()) continue;
        if (names_connector(path)) {
            MULLION_TRY(loader.connector(path, texts));
            continue;
        }
        if (!exists(path) && path.find(',') != std::string::npos) {
            MULLION_TRY(loader.host_list(path));
            continue;
        }
        MULLION_TRY(loader.source(path, 0));
        // The last one wins, and it wins where it was said last.
        std::string folder = is_directory(path) ? path : std::filesystem::path(path).parent_path().string();
        const std::string truly = true_path(folder.empty() ? "." : folder);
        std::erase_if(folders,
                      [&](const auto& known) { return true_path(known.empty() ? "." : known) == truly; });
        folders.push_back(std::move(folder));
    }
    return folders;
}

}  // namespace mullion::inventory
