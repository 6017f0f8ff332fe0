#include "client/config_path.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/nearest.h"
#include "http/message.h"

namespace mullion::client {
namespace {

using http::same_without_case;
using wsman::ConfigResource;

constexpr std::string_view separators = "/\\";
constexpr std::size_t longest_name = 100;  // Nothing longer is near to a name of ours.

Error wrong(std::string_view text, std::string_view why) {
    return {ErrorId::usage_invalid, fmt::format("'{}': {}", text, why)};
}

bool begins(std::string_view text, std::string_view word) {
    return text.size() >= word.size() && same_without_case(text.substr(0, word.size()), word);
}

// True when `text` begins with the word as a whole part; then it and what parts it from the rest are gone.
bool take_part(std::string_view& text, std::string_view word, std::string_view ends) {
    if (!begins(text, word)) return false;
    const auto rest = text.substr(word.size());
    if (!rest.empty() && ends.find(rest.front()) == std::string_view::npos) return false;
    text = rest.empty() ? rest : rest.substr(1);
    return true;
}

const ConfigResource& root() {
    return wsman::config_resources().front();
}

const ConfigResource& resource_of(std::string_view path) {
    return *wsman::find_config_resource(std::string(wsman::resource::config) + "/" + std::string(path));
}

// What is left below winrm/config; `psdrive` when it came as a path of PowerShell's drive.
Result<std::string_view> below_config(std::string_view text, bool& psdrive) {
    auto rest = text;
    if (begins(rest, "WSMan:")) {
        psdrive = true;
        rest.remove_prefix(6);
        while (!rest.empty() && separators.find(rest.front()) != std::string_view::npos)
            rest.remove_prefix(1);
        const auto end = std::min(rest.find_first_of(separators), rest.size());
        if (!same_without_case(rest.substr(0, end), "localhost"))
            return wrong(text, "write WSMan:\\localhost\\…: TARGET says which hosts are meant");
        rest.remove_prefix(std::min(end + 1, rest.size()));
        return rest;
    }
    for (const std::string_view prefix :
         {wsman::resource::config, std::string_view("winrm/config"), std::string_view("wsman/config")})
        if (take_part(rest, prefix, separators)) return rest;
    return rest;
}

// The listeners' or mappings' resource, when the path begins with it; then that part is gone.
const ConfigResource* take_container(std::string_view& rest, bool psdrive) {
    constexpr std::string_view ends = "/\\?";
    if (take_part(rest, "Listener", ends)) return &resource_of("listener");
    for (const std::string_view name : {"service/certmapping", "service\\certmapping", "CertMapping"})
        if (take_part(rest, name, ends)) return &resource_of("service/certmapping");
    if (psdrive && take_part(rest, "ClientCertificate", ends)) return &resource_of("service/certmapping");
    return nullptr;
}

// Where the name of a setting begins behind the keys, and the row; npos and null when there is none. Keys may
// hold separators themselves (URI=http://…), so that only a part that is such a name counts.
struct Tail {
    std::size_t at = std::string_view::npos;
    std::size_t end = std::string_view::npos;
    const wsman::ConfigRow* row = nullptr;
};

Tail find_tail(const ConfigResource& resource, std::string_view text) {
    for (std::size_t begin = 0;;) {
        const auto end = std::min(text.find_first_of("/\\=", begin), text.size());
        for (const auto& row : resource.rows) {
            const bool setting = row.access != wsman::ConfigAccess::key;
            const bool whole = end == text.size() || text[end] == '=';
            if (setting && whole && same_without_case(row.path, text.substr(begin, end - begin)))
                return {begin, end, &row};
        }
        begin = text.find_first_of(separators, begin);
        if (begin == std::string_view::npos) return {};
        ++begin;
    }
}

// "Address=*+Transport=HTTPS": a '+' parts keys only where a key's name follows.
Result<std::vector<wsman::Selector>> parse_keys(const ConfigResource& resource, std::string_view whole,
                                                std::string_view text) {
    std::vector<wsman::Selector> keys;
    if (text.empty() || text == "*") return keys;
    const auto key_at = [&](std::string_view from) -> const std::string_view* {
        const auto equals = from.find('=');
        if (equals == std::string_view::npos) return nullptr;
        for (const auto& name : resource.keys)
            if (same_without_case(name, from.substr(0, equals))) return &name;
        return nullptr;
    };
    while (!text.empty()) {
        const auto* name = key_at(text);
        if (name == nullptr)
            return wrong(whole, fmt::format("'{}' is no key of {}: write {}=…{}", text, resource.root,
                                            fmt::join(resource.keys, "=…+"),
                                            begins(text, "Listener_") || begins(text, "ClientCertificate_")
                                                ? " (that name is known to the host's own PowerShell alone)"
                                                : ""));
        text.remove_prefix(name->size() + 1);
        auto end = text.find('+');
        while (end != std::string_view::npos && key_at(text.substr(end + 1)) == nullptr)
            end = text.find('+', end + 1);
        const auto value = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        auto spelt = wsman::config_text(*find_config_row(resource, *name), value);
        if (!spelt.ok()) return wrong(whole, spelt.error().detail);
        const auto same = [&](const wsman::Selector& key) { return key.name == *name; };
        if (std::any_of(keys.begin(), keys.end(), same))
            return wrong(whole, fmt::format("{} is there twice", *name));
        keys.push_back({std::string(*name), std::move(spelt).value()});
    }
    const auto place = [&](const wsman::Selector& key) {
        return std::find(resource.keys.begin(), resource.keys.end(), key.name) - resource.keys.begin();
    };
    std::sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
    return keys;
}

Result<ConfigAssignment> parse_instances(const ConfigResource& resource, std::string_view whole,
                                         std::string_view rest, bool queries) {
    ConfigAssignment found;
    found.path.resource = &resource;
    found.path.instances = true;
    const auto tail = find_tail(resource, rest);
    // "Listener?Port=1" is no wish for the port of all of them: keys were begun.
    if (tail.row != nullptr && !(queries && tail.at == 0)) {
        found.path.path = tail.row->path;
        if (tail.end < rest.size()) found.value = std::string(rest.substr(tail.end + 1));
        rest = tail.at == 0 ? std::string_view() : rest.substr(0, tail.at - 1);
    }
    while (!rest.empty() && separators.find(rest.back()) != std::string_view::npos) rest.remove_suffix(1);
    MULLION_ASSIGN(found.path.keys, parse_keys(resource, whole, rest));
    return found;
}

// As the table has it: '/' between the parts, Winrs for Shell, nothing for "\*" at the end.
std::string in_the_tree(std::string_view rest, bool psdrive) {
    std::string path(rest);
    std::replace(path.begin(), path.end(), '\\', '/');
    std::replace(path.begin(), path.end(), '.', '/');
    if (path.ends_with("/*")) path.resize(path.size() - 2);
    if (path == "*") path.clear();
    while (path.ends_with('/')) path.pop_back();
    if (psdrive && begins(path, "Shell") && (path.size() == 5 || path[5] == '/')) path.replace(0, 5, "Winrs");
    if (!psdrive && same_without_case(path, "Config")) path.clear();
    return path;
}

std::string suggestion(std::string_view path) {
    if (path.size() > longest_name) return {};
    if (same_without_case(path, "UseLoginShell"))
        return "; a service of Mullion has it in DIR/winrm.yaml alone, since Windows has none";
    std::vector<std::string_view> names;
    for (const auto& row : root().rows) names.push_back(row.path);
    for (const std::string_view name : {"Listener", "service/certmapping"}) names.push_back(name);
    auto near = nearest(path, names);
    // "Basc" is near to nothing; "Basic" is the end of several.
    if (near.empty())
        for (const auto name : names)
            if (name.size() > path.size() && name[name.size() - path.size() - 1] == '/' &&
                same_without_case(name.substr(name.size() - path.size()), path))
                near = name;
    return near.empty() ? std::string() : fmt::format("; did you mean {}?", near);
}

// Of the resources of the tree the one that has that section or setting and least beside it.
const ConfigResource* smallest_with(std::string_view path) {
    const ConfigResource* best = &root();
    for (const auto& resource : wsman::config_resources()) {
        auto section = resource.prefix;
        if (section.empty() || !resource.keys.empty()) continue;
        section.remove_suffix(1);
        const bool inside =
            begins(path, section) && (path.size() == section.size() || path[section.size()] == '/');
        if (inside && resource.prefix.size() > best->prefix.size()) best = &resource;
    }
    return best;
}

Result<ConfigPath> parse_tree(std::string_view whole, std::string_view rest, bool psdrive) {
    const auto text = in_the_tree(rest, psdrive);
    ConfigPath found;
    found.resource = smallest_with(text);
    const bool section = text.empty() || text.size() + 1 == found.resource->prefix.size();
    if (section) return found;
    for (const auto& row : found.resource->rows)
        if (same_without_case(row.path, text)) found.path = row.path;
    if (found.path.empty() && begins(text, "Plugin"))
        return wrong(whole,
                     "settings of plug-ins are not managed; winrm/config, its sections, Listener and "
                     "service/certmapping are");
    if (found.path.empty()) return wrong(whole, "there is no such setting" + suggestion(text));
    return found;
}

std::string keyed(const ConfigResource& resource, const std::vector<wsman::Selector>& keys) {
    std::string text(resource.root);
    for (std::size_t i = 0; i < keys.size(); ++i)
        text += fmt::format("{}{}={}", i == 0 ? '?' : '+', keys[i].name, keys[i].value);
    return text;
}

}  // namespace

bool ConfigPath::selects(const wsman::ConfigDocument& document) const {
    if (document.resource != resource) return false;
    return std::all_of(keys.begin(), keys.end(), [&](const wsman::Selector& key) {
        const auto* value = document.find(key.name);
        return value != nullptr && same_without_case(value->text, key.value);
    });
}

Result<ConfigAssignment> parse_config_assignment(std::string_view text) {
    bool psdrive = false;
    MULLION_ASSIGN(auto rest, below_config(text, psdrive));
    auto inside = rest;
    if (const auto* container = take_container(inside, psdrive)) {
        const auto parted = rest.size() - inside.size();
        return parse_instances(*container, text, inside, rest[parted - 1] == '?');
    }
    ConfigAssignment found;
    const auto equals = rest.find('=');
    MULLION_ASSIGN(found.path, parse_tree(text, rest.substr(0, equals), psdrive));
    if (equals != std::string_view::npos) found.value = std::string(rest.substr(equals + 1));
    return found;
}

Result<ConfigPath> parse_config_path(std::string_view text) {
    MULLION_ASSIGN(auto found, parse_config_assignment(text));
    if (found.value) return wrong(text, "a path is wanted, without =VALUE");
    return std::move(found.path);
}

std::string instance_name(const wsman::ConfigDocument& document) {
    if (document.resource->keys.empty()) return {};
    std::vector<wsman::Selector> keys;
    for (const auto name : document.resource->keys)
        if (const auto* value = document.find(name)) keys.push_back({std::string(name), value->text});
    return keyed(*document.resource, keys);
}

std::string instance_name(const wsman::ConfigTarget& target) {
    return target.keys.empty() ? std::string() : keyed(*target.resource, target.keys);
}

std::string setting_name(const wsman::ConfigDocument& document, std::string_view path) {
    const auto instance = instance_name(document);
    return instance.empty() ? std::string(path) : fmt::format("{}/{}", instance, path);
}

const wsman::ConfigResource& writable_resource(const ConfigPath& path) {
    const auto* best = path.resource;
    if (best->allows(wsman::ConfigVerb::put)) return *best;
    // "Service/DefaultPorts/" without its last part.
    const auto above = best->prefix.substr(0, best->prefix.size() - 1);
    return *smallest_with(above.substr(0, above.rfind('/')));
}

}  // namespace mullion::client
