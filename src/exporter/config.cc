#include "exporter/config.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "exporter/config_reader.h"
#include "inventory/inventory.h"
#include "inventory/secret_names.h"
#include "target/credential_rows.h"
#include "target/option_table.h"
#include "yaml/yaml.h"

namespace mullion::exporter {
namespace {

// ---- auths: the options of the command line, without their dashes ----

std::string key_of(std::string_view flag) {
    std::string key(flag.substr(flag.find_first_not_of('-')));
    for (char& c : key)
        if (c == '-') c = '_';
    return key;
}

// Lists of the file become the commas of the command line, truth the word of a switch.
Result<std::string> option_value(const ConfigReader& reader, const target::OptionRow& row,
                                 const Entry& entry) {
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

Result<void> read_option(const ConfigReader& reader, Auth& auth, const Entry& entry) {
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
    for (const auto* const key : {"password_file", "password", "credential"}) keys.emplace_back(key);
    return reader.unknown(entry, "an auth", std::vector<std::string_view>(keys.begin(), keys.end()));
}

// What the file says is read by everybody who may read it.
Result<void> read_password(const ConfigReader& reader, Auth& auth, const Entry& entry) {
    MULLION_ASSIGN(auth.password, reader.text(entry.value, entry.key));
    if (auth.password.find("<+") != std::string::npos) return {};
    return reader.at(entry.line,
                     "password takes an expression of the secret store alone, "
                     "'<+secrets.getValue(\"account.ID\")>'; password_file names a file that has it");
}

// A credential decides who logs on and how, but for port and transport.
Result<void> check_credential(const ConfigReader& reader, const Entry& entry) {
    const auto wrong = [&](std::string_view key) {
        return reader.at(entry.line, fmt::format("{}: {} cannot stand beside a credential, which decides it",
                                                 entry.key, key));
    };
    for (const auto& option : entry.value.map) {
        if (option.key == "password" || option.key == "password_file") return wrong(option.key);
        if (option.key == "transport") continue;
        for (const auto& row : target::option_table())
            if (!row.flag.empty() && key_of(row.flag) == option.key && target::is_of_credential(row))
                return wrong(option.key);
    }
    return {};
}

Result<Auth> read_auth(const ConfigReader& reader, const Entry& entry) {
    MULLION_TRY(reader.map(entry.value, entry.key));
    Auth auth;
    for (const auto& option : entry.value.map) {
        if (option.key == "password_file") {
            MULLION_ASSIGN(auth.password_file, reader.path(option));
        } else if (option.key == "password") {
            MULLION_TRY(read_password(reader, auth, option));
        } else if (option.key == "credential") {
            MULLION_ASSIGN(auth.credential, reader.text(option.value, option.key));
        } else {
            MULLION_TRY(read_option(reader, auth, option));
        }
    }
    if (!auth.credential.empty()) {
        MULLION_TRY(check_credential(reader, entry));
        return auth;
    }
    if (!auth.password.empty() && !auth.password_file.empty())
        return reader.at(
            entry.line,
            fmt::format("{}: password and password_file both give the password: name one", entry.key));
    // What cannot work at all is said now and not by the first scrape.
    auto trial = auth.options;
    trial.host = trial.name = "host";
    auto settled = target::settle(std::move(trial));
    if (!settled.ok()) return reader.at(entry.line, fmt::format("{}: {}", entry.key, settled.error().detail));
    const bool shown = settled->scheme == target::Scheme::http && !settled->allow_unencrypted;
    if (shown && settled->transports == std::vector<std::string>{"basic"})
        return reader.at(entry.line,
                         entry.key + ": basic over http shows the password (allow_unencrypted: true)");
    const bool from_tickets = !auth.options.kerberos.keytab.empty() || !auth.options.kerberos.cache.empty();
    if (auth.password_file.empty() && auth.password.empty() && target::takes_password(*settled) &&
        !from_tickets)
        return reader.at(
            entry.line,
            fmt::format("{}: that way to log on takes a password: password_file is missing", entry.key));
    return auth;
}

Result<void> read_auths(const ConfigReader& reader, Config& config, const Entry& entry) {
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

constexpr ConfigKey<NameWords> filter_keys[] = {{"include", read_text<NameWords, &NameWords::include>},
                                                {"exclude", read_text<NameWords, &NameWords::exclude>}};

template <NameFilter Filters::*filter>
Result<void> read_filter(const ConfigReader& reader, Module& module, const Entry& entry) {
    NameWords words;
    MULLION_TRY(read_map(reader, words, entry.value, filter_keys, entry.key));
    auto made = NameFilter::make(words.include, words.exclude);
    if (!made.ok()) return reader.at(entry.line, fmt::format("{}: {}", entry.key, made.error().detail));
    module.filters.*filter = std::move(*made);
    return {};
}

Result<void> read_collectors(const ConfigReader& reader, Module& module, const Entry& entry) {
    MULLION_ASSIGN(const auto names, reader.texts(entry.value, entry.key));
    if (names.empty()) return reader.at(entry.line, "collectors has none: leave it out for the usual ones");
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

constexpr ConfigKey<Module> module_keys[] = {
    {"collectors", read_collectors},
    {"timeout",
     [](const ConfigReader& reader, Module& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.timeout, reader.seconds(entry, 3'600));
         return {};
     }},
    {"services", read_filter<&Filters::services>},
    {"processes", read_filter<&Filters::processes>},
    {"volumes", read_filter<&Filters::volumes>},
    {"disks", read_filter<&Filters::disks>},
    {"nics", read_filter<&Filters::nics>}};

Result<void> read_modules(const ConfigReader& reader, Config& config, const Entry& entry) {
    MULLION_TRY(reader.map(entry.value, entry.key));
    if (entry.value.map.size() > most_names) return reader.at(entry.line, "there are too many modules");
    for (const auto& one : entry.value.map) {
        if (one.key.empty() || one.key.find(',') != std::string::npos)
            return reader.at(one.line,
                             "the name of a module is empty, or has a comma, which is between them");
        Module module;
        if (!one.value.is_null())
            MULLION_TRY(read_map(reader, module, one.value, module_keys, fmt::format("module {}", one.key)));
        if (module.collectors.empty()) module.collectors = default_collectors();
        config.modules.emplace(one.key, std::move(module));
    }
    return {};
}

// ---- the rest ----

Result<ListenAt> listen_at(const ConfigReader& reader, const Entry& entry, std::string_view text) {
    // A template that was not filled in must not open it to everybody: that is ":9986".
    if (text.empty()) return reader.at(entry.line, "listen: an address is empty; every address is \":PORT\"");
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

Result<void> read_listen(const ConfigReader& reader, Config& config, const Entry& entry) {
    MULLION_ASSIGN(const auto all, reader.texts(entry.value, entry.key));
    for (const auto& one : all) {
        MULLION_ASSIGN(auto where, listen_at(reader, entry, one));
        config.listen.push_back(std::move(where));
    }
    return {};
}

Result<void> read_allow(const ConfigReader& reader, Config& config, const Entry& entry) {
    MULLION_ASSIGN(const auto all, reader.texts(entry.value, entry.key));
    for (const auto& one : all) {
        auto rule = AllowRule::parse(one);
        if (!rule.ok()) return reader.at(entry.line, rule.error().detail);
        config.allow.add(std::move(*rule));
    }
    return {};
}

// exporter-toolkit's names.
constexpr ConfigKey<Config> tls_keys[] = {{"cert_file", read_path<Config, &Config::certificate_file>},
                                          {"key_file", read_path<Config, &Config::key_file>}};

Result<void> read_tls(const ConfigReader& reader, Config& config, const Entry& entry) {
    MULLION_TRY(read_map(reader, config, entry.value, tls_keys, entry.key));
    if (config.certificate_file.empty() || config.key_file.empty())
        return reader.at(entry.line, "tls_server_config takes cert_file and key_file, both");
    return {};
}

Result<void> read_web_users(const ConfigReader& reader, Config& config, const Entry& entry) {
    MULLION_TRY(reader.map(entry.value, entry.key));
    if (entry.value.map.empty()) return reader.at(entry.line, "basic_auth_users has nobody");
    if (entry.value.map.size() > most_names) return reader.at(entry.line, "there are too many users");
    for (const auto& one : entry.value.map) {
        if (one.key.empty() || one.key.find(':') != std::string::npos)
            return reader.at(one.line, "the name of a user is empty, or has a colon");
        MULLION_ASSIGN(auto hash, reader.text(one.value, one.key));
        if (const auto why = wrong_hash(hash); !why.empty())
            return reader.at(one.line, fmt::format("basic_auth_users: {}: {}", one.key, why));
        config.web_users.emplace(one.key, std::move(hash));
    }
    return {};
}

constexpr ConfigKey<Config> web_keys[] = {{"tls_server_config", read_tls},
                                          {"basic_auth_users", read_web_users}};
constexpr ConfigKey<Config> target_keys[] = {{"allow", read_allow}};

// ---- discovery ----

Result<void> read_labels(const ConfigReader& reader, Discovery& discovery, const Entry& entry) {
    MULLION_TRY(reader.map(entry.value, entry.key));
    for (const auto& one : entry.value.map) {
        if (const auto why = wrong_label(one.key); !why.empty())
            return reader.at(one.line, fmt::format("labels: {}: {}", one.key, why));
        MULLION_ASSIGN(auto variable, reader.text(one.value, one.key));
        if (inventory::names_a_secret(variable))
            return reader.at(one.line,
                             fmt::format("labels: {}: {} holds a secret, by its name", one.key, variable));
        discovery.labels[one.key] = std::move(variable);
    }
    return {};
}

constexpr ConfigKey<Discovery> discovery_keys[] = {
    {"inventory",
     [](const ConfigReader& reader, Discovery& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.inventory, reader.paths(entry, inventory::names_connector));
         return {};
     }},
    {"vault_password_file",
     [](const ConfigReader& reader, Discovery& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.vault_password_files, reader.paths(entry));
         return {};
     }},
    {"hosts",
     [](const ConfigReader& reader, Discovery& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.hosts, reader.text(entry.value, entry.key));
         return {};
     }},
    {"labels", read_labels}};

Result<void> read_discovery(const ConfigReader& reader, Config& config, const Entry& entry) {
    Discovery discovery;
    MULLION_TRY(read_map(reader, discovery, entry.value, discovery_keys, entry.key));
    if (discovery.inventory.empty()) return reader.at(entry.line, "discovery takes inventory: at least");
    config.discovery = std::move(discovery);
    return {};
}

constexpr ConfigKey<Limits> limit_keys[] = {
    {"connections",
     [](const ConfigReader& reader, Limits& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.connections, reader.number(entry, 1, 100'000));
         return {};
     }},
    {"probes",
     [](const ConfigReader& reader, Limits& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.probes, reader.number(entry, 1, 100'000));
         return {};
     }},
    {"sessions",
     [](const ConfigReader& reader, Limits& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.sessions, reader.number(entry, 0, 1'000'000));
         return {};
     }},
    {"idle", [](const ConfigReader& reader, Limits& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.idle, reader.seconds(entry, 86'400));
         return {};
     }}};

constexpr ConfigKey<StoreAt> store_keys[] = {
    {"store", read_path<StoreAt, &StoreAt::file>},
    {"passphrase_file", read_path<StoreAt, &StoreAt::passphrase_file>},
    {"scope", read_text<StoreAt, &StoreAt::scope>},
    {"delegate_name", read_text<StoreAt, &StoreAt::delegate_name>},
    {"delegate_tags", [](const ConfigReader& reader, StoreAt& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.delegate_tags, reader.texts(entry.value, entry.key));
         return {};
     }}};

constexpr ConfigKey<Config> keys[] = {
    {"version",
     [](const ConfigReader& reader, Config&, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(const std::string text, reader.text(entry.value, entry.key));
         if (text != "1") return reader.at(entry.line, "version is 1");
         return {};
     }},
    {"listen", read_listen},
    {"web", [](const ConfigReader& reader, Config& into,
               const Entry& entry) { return read_map(reader, into, entry.value, web_keys, entry.key); }},
    {"targets",
     [](const ConfigReader& reader, Config& into, const Entry& entry) {
         return read_map(reader, into, entry.value, target_keys, entry.key);
     }},
    {"auths", read_auths},
    {"modules", read_modules},
    {"discovery", read_discovery},
    {"secrets",
     [](const ConfigReader& reader, Config& into, const Entry& entry) {
         return read_map(reader, into.store, entry.value, store_keys, entry.key);
     }},
    {"limits", [](const ConfigReader& reader, Config& into, const Entry& entry) {
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
    const ConfigReader reader(file);
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
