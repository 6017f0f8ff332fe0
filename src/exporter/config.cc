#include "exporter/config.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "core/nearest.h"
#include "target/option_table.h"
#include "yaml/yaml.h"

namespace mullion::exporter {
namespace {

using yaml::Node;
using Entry = Node::Entry;

constexpr std::size_t most_names = 10'000;  // Of auths, modules and rules.

// What is being read, and where.
class Reader {
public:
    explicit Reader(std::string file)
        : file_(std::move(file)), folder_(std::filesystem::path(file_).parent_path()) {}

    [[nodiscard]] Error at(unsigned line, std::string_view what) const {
        Error error(ErrorId::config_invalid, fmt::format("{}:{}: {}", file_, line, what));
        error.advice.emplace_back("docs/exporter.md has every key, and an example.");
        return error;
    }
    [[nodiscard]] Result<void> map(const Node& node, std::string_view what) const {
        if (node.kind == Node::Kind::map) return {};
        return at(node.line, fmt::format("{} is a map of keys and values", what));
    }
    [[nodiscard]] Result<std::string> text(const Node& node, std::string_view what) const {
        if (node.kind == Node::Kind::scalar && !node.is_null()) return node.scalar;
        return at(node.line, fmt::format("{} takes one value", what));
    }
    // One value, or a list of them.
    [[nodiscard]] Result<std::vector<std::string>> texts(const Node& node, std::string_view what) const {
        std::vector<std::string> all;
        if (node.kind != Node::Kind::list) {
            MULLION_ASSIGN(auto one, text(node, what));
            all.push_back(std::move(one));
            return all;
        }
        if (node.list.size() > most_names) return at(node.line, fmt::format("{} has too many", what));
        for (const auto& item : node.list) {
            MULLION_ASSIGN(auto one, text(item, what));
            all.push_back(std::move(one));
        }
        return all;
    }
    [[nodiscard]] Result<unsigned> number(const Entry& entry, unsigned least, unsigned most) const {
        MULLION_ASSIGN(const std::string words, text(entry.value, entry.key));
        unsigned value = 0;
        const auto [end, problem] = std::from_chars(words.data(), words.data() + words.size(), value);
        if (problem != std::errc() || end != words.data() + words.size() || value < least || value > most)
            return at(entry.line, fmt::format("{} is a number from {} to {}", entry.key, least, most));
        return value;
    }
    [[nodiscard]] Result<Duration> seconds(const Entry& entry, unsigned most) const {
        MULLION_ASSIGN(const unsigned value, number(entry, 1, most));
        return Duration(std::int64_t{value} * 1000);
    }
    // Of the operator's: beside the configuration, where it is not absolute.
    [[nodiscard]] Result<std::string> path(const Entry& entry) const {
        MULLION_ASSIGN(const std::string name, text(entry.value, entry.key));
        return (folder_ / name).string();
    }
    [[nodiscard]] Error unknown(const Entry& entry, std::string_view of,
                                const std::vector<std::string_view>& names) const {
        const auto near = nearest(entry.key, names);
        return at(entry.line,
                  fmt::format("{} is not a key of {}{}", entry.key, of,
                              near.empty() ? std::string() : fmt::format("; did you mean {}?", near)));
    }

private:
    std::string file_;
    std::filesystem::path folder_;
};

template <class T>
struct Key {
    std::string_view name;
    Result<void> (*read)(const Reader& reader, T& into, const Entry& entry);
};

template <class T, std::size_t N>
Result<void> read_map(const Reader& reader, T& into, const Node& node, const Key<T> (&keys)[N],
                      std::string_view what) {
    MULLION_TRY(reader.map(node, what));
    for (const auto& entry : node.map) {
        const Key<T>* found = nullptr;
        std::vector<std::string_view> names;
        for (const auto& key : keys) {
            names.push_back(key.name);
            if (key.name == entry.key) found = &key;
        }
        if (found == nullptr) return reader.unknown(entry, what, names);
        MULLION_TRY(found->read(reader, into, entry));
    }
    return {};
}

// ---- auths: the options of the command line, without their dashes ----

std::string key_of(std::string_view flag) {
    std::string key(flag.substr(flag.find_first_not_of('-')));
    for (char& c : key)
        if (c == '-') c = '_';
    return key;
}

// Lists of the file become the commas of the command line, truth the word of a switch.
Result<std::string> option_value(const Reader& reader, const target::OptionRow& row, const Entry& entry) {
    const bool is_file = row.type == "FILE" || row.flag == "--ca-file";  // A file or a folder.
    if (is_file) return reader.path(entry);
    MULLION_ASSIGN(const auto parts, reader.texts(entry.value, entry.key));
    std::string value;
    for (const auto& part : parts) value += (value.empty() ? "" : ",") + part;
    if (!row.type.empty() && row.type != "yes|no") return value;
    if (value == "true" || value == "yes") return std::string("yes");
    if (value == "false" || value == "no") return std::string("no");
    return reader.at(entry.line, fmt::format("{} is true or false", entry.key));
}

Result<void> read_option(const Reader& reader, Auth& auth, const Entry& entry) {
    std::vector<std::string> keys;
    for (const auto& row : target::option_table()) {
        if (row.flag.empty()) continue;
        keys.push_back(key_of(row.flag));
        if (keys.back() != entry.key) continue;
        MULLION_ASSIGN(const std::string value, option_value(reader, row, entry));
        if (row.type.empty() && value == "no") return {};  // A switch that is not set.
        auto set = row.set(auth.options, value);
        if (!set.ok()) return reader.at(entry.line, fmt::format("{}: {}", entry.key, set.error().detail));
        return {};
    }
    keys.emplace_back("password_file");
    return reader.unknown(entry, "an auth", std::vector<std::string_view>(keys.begin(), keys.end()));
}

Result<Auth> read_auth(const Reader& reader, const Entry& entry) {
    MULLION_TRY(reader.map(entry.value, entry.key));
    Auth auth;
    for (const auto& option : entry.value.map) {
        if (option.key == "password_file") {
            MULLION_ASSIGN(auth.password_file, reader.path(option));
        } else {
            MULLION_TRY(read_option(reader, auth, option));
        }
    }
    // What cannot work at all is said now and not by the first scrape.
    auto trial = auth.options;
    trial.host = trial.name = "host";
    auto settled = target::settle(std::move(trial));
    if (!settled.ok()) return reader.at(entry.line, fmt::format("{}: {}", entry.key, settled.error().detail));
    const bool from_tickets = !auth.options.kerberos.keytab.empty() || !auth.options.kerberos.cache.empty();
    if (auth.password_file.empty() && target::takes_password(*settled) && !from_tickets)
        return reader.at(
            entry.line,
            fmt::format("{}: that way to log on takes a password: password_file is missing", entry.key));
    return auth;
}

Result<void> read_auths(const Reader& reader, Config& config, const Entry& entry) {
    MULLION_TRY(reader.map(entry.value, entry.key));
    if (entry.value.map.size() > most_names) return reader.at(entry.line, "there are too many auths");
    for (const auto& one : entry.value.map) {
        MULLION_ASSIGN(auto auth, read_auth(reader, one));
        config.auths.emplace(one.key, std::move(auth));
    }
    return {};
}

// ---- modules ----

struct NameWords {
    std::string include, exclude;
};

constexpr Key<NameWords> filter_keys[] = {
    {"include",
     [](const Reader& reader, NameWords& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.include, reader.text(entry.value, entry.key));
         return {};
     }},
    {"exclude", [](const Reader& reader, NameWords& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.exclude, reader.text(entry.value, entry.key));
         return {};
     }}};

template <NameFilter Filters::*filter>
Result<void> read_filter(const Reader& reader, Module& module, const Entry& entry) {
    NameWords words;
    MULLION_TRY(read_map(reader, words, entry.value, filter_keys, entry.key));
    auto made = NameFilter::make(words.include, words.exclude);
    if (!made.ok()) return reader.at(entry.line, fmt::format("{}: {}", entry.key, made.error().detail));
    module.filters.*filter = std::move(*made);
    return {};
}

Result<void> read_collectors(const Reader& reader, Module& module, const Entry& entry) {
    MULLION_ASSIGN(const auto names, reader.texts(entry.value, entry.key));
    for (const auto& name : names) {
        const auto* const found = find_collector(name);
        if (found == nullptr) {
            std::string known;
            for (const auto* one : collectors())
                known += (known.empty() ? "" : ", ") + std::string(one->name);
            return reader.at(entry.line, fmt::format("{} is no collector; there are {}", name, known));
        }
        module.collectors.push_back(found);
    }
    return {};
}

constexpr Key<Module> module_keys[] = {
    {"collectors", read_collectors},
    {"timeout",
     [](const Reader& reader, Module& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.timeout, reader.seconds(entry, 3'600));
         return {};
     }},
    {"services", read_filter<&Filters::services>},
    {"processes", read_filter<&Filters::processes>},
    {"volumes", read_filter<&Filters::volumes>},
    {"disks", read_filter<&Filters::disks>},
    {"nics", read_filter<&Filters::nics>}};

Result<void> read_modules(const Reader& reader, Config& config, const Entry& entry) {
    MULLION_TRY(reader.map(entry.value, entry.key));
    if (entry.value.map.size() > most_names) return reader.at(entry.line, "there are too many modules");
    for (const auto& one : entry.value.map) {
        Module module;
        if (!one.value.is_null())
            MULLION_TRY(read_map(reader, module, one.value, module_keys, fmt::format("module {}", one.key)));
        if (module.collectors.empty()) module.collectors = default_collectors();
        config.modules.emplace(one.key, std::move(module));
    }
    return {};
}

// ---- the rest ----

Result<ListenAt> listen_at(const Reader& reader, const Entry& entry, std::string_view text) {
    const auto colon = text.rfind(':');
    const bool bare = colon == std::string_view::npos || text.ends_with(']');
    auto address = bare ? text : text.substr(0, colon);
    ListenAt where;
    where.port = default_port;
    if (!bare) {
        const auto port = text.substr(colon + 1);
        const auto read = std::from_chars(port.data(), port.data() + port.size(), where.port);
        if (port.empty() || read.ec != std::errc() || read.ptr != port.data() + port.size())
            return reader.at(entry.line, fmt::format("listen: \"{}\" is not ADDRESS:PORT", text));
    }
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    where.address = address.empty() ? "*" : std::string(address);  // ":9986", as other exporters have it.
    return where;
}

Result<void> read_listen(const Reader& reader, Config& config, const Entry& entry) {
    MULLION_ASSIGN(const auto all, reader.texts(entry.value, entry.key));
    for (const auto& one : all) {
        MULLION_ASSIGN(auto where, listen_at(reader, entry, one));
        config.listen.push_back(std::move(where));
    }
    return {};
}

Result<void> read_allow(const Reader& reader, Config& config, const Entry& entry) {
    MULLION_ASSIGN(const auto all, reader.texts(entry.value, entry.key));
    for (const auto& one : all) {
        auto rule = AllowRule::parse(one);
        if (!rule.ok()) return reader.at(entry.line, rule.error().detail);
        config.allow.add(std::move(*rule));
    }
    return {};
}

// exporter-toolkit's names.
constexpr Key<Config> tls_keys[] = {
    {"cert_file",
     [](const Reader& reader, Config& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.certificate_file, reader.path(entry));
         return {};
     }},
    {"key_file", [](const Reader& reader, Config& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.key_file, reader.path(entry));
         return {};
     }}};

Result<void> read_tls(const Reader& reader, Config& config, const Entry& entry) {
    MULLION_TRY(read_map(reader, config, entry.value, tls_keys, entry.key));
    if (config.certificate_file.empty() || config.key_file.empty())
        return reader.at(entry.line, "tls_server_config takes cert_file and key_file, both");
    return {};
}

constexpr Key<Config> web_keys[] = {{"tls_server_config", read_tls}};
constexpr Key<Config> target_keys[] = {{"allow", read_allow}};

constexpr Key<Limits> limit_keys[] = {
    {"connections",
     [](const Reader& reader, Limits& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.connections, reader.number(entry, 1, 100'000));
         return {};
     }},
    {"probes",
     [](const Reader& reader, Limits& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.probes, reader.number(entry, 1, 100'000));
         return {};
     }},
    {"sessions",
     [](const Reader& reader, Limits& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.sessions, reader.number(entry, 0, 1'000'000));
         return {};
     }},
    {"idle", [](const Reader& reader, Limits& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.idle, reader.seconds(entry, 86'400));
         return {};
     }}};

constexpr Key<Config> keys[] = {
    {"version",
     [](const Reader& reader, Config&, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(const std::string text, reader.text(entry.value, entry.key));
         if (text != "1") return reader.at(entry.line, "version is 1");
         return {};
     }},
    {"listen", read_listen},
    {"web", [](const Reader& reader, Config& into,
               const Entry& entry) { return read_map(reader, into, entry.value, web_keys, entry.key); }},
    {"targets",
     [](const Reader& reader, Config& into, const Entry& entry) {
         return read_map(reader, into, entry.value, target_keys, entry.key);
     }},
    {"auths", read_auths},
    {"modules", read_modules},
    {"limits", [](const Reader& reader, Config& into, const Entry& entry) {
         return read_map(reader, into.limits, entry.value, limit_keys, entry.key);
     }}};

}  // namespace

std::vector<const Collector*> default_collectors() {
    std::vector<const Collector*> all;
    for (const auto* name :
         {"cpu", "logical_disk", "memory", "net", "os", "physical_disk", "service", "system"})
        all.push_back(find_collector(name));
    return all;
}

Result<Config> read_config(std::string_view text, const std::string& file) {
    yaml::Options options;
    options.file = file;
    MULLION_ASSIGN(const auto root, yaml::read(text, options));
    const Reader reader(file);
    Config config;
    MULLION_TRY(read_map(reader, config, root, keys, "the configuration"));
    const bool has_version =
        root.map.end() != std::find_if(root.map.begin(), root.map.end(),
                                       [](const auto& entry) { return entry.key == "version"; });
    if (!has_version) return reader.at(1, "version: 1 is missing");
    if (config.auths.empty()) return reader.at(1, "auths is missing: how hosts are reached, and as whom");
    if (config.allow.empty())
        return reader.at(1, "targets: allow: is missing: which hosts may be asked with these credentials");
    if (config.listen.empty()) config.listen.push_back({"127.0.0.1", default_port});
    if (!config.modules.contains("default")) config.modules["default"].collectors = default_collectors();
    return config;
}

}  // namespace mullion::exporter
