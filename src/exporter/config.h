// The exporter's configuration: a YAML file (docs/exporter.md, docs/formats/exporter.schema.json). Reading it
// opens no other file.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/allow_list.h"
#include "exporter/collector.h"
#include "exporter/discovery.h"
#include "exporter/stored_auth.h"
#include "exporter/web_door.h"
#include "target/target.h"

namespace mullion::exporter {

// How hosts are reached, and as whom.
struct Auth {
    target::Target options;     // Without a host.
    std::string password_file;  // Empty: the way to log on takes none.
    // Of the secret store, as they are written: a credential, or an expression in the place of a password.
    std::string credential = {}, password = {};
    std::shared_ptr<StoredAuth> stored = nullptr;  // What opens either; never null where one is written.

    [[nodiscard]] bool is_stored() const { return !credential.empty() || !password.empty(); }
};

// Which secret store auths mean, and as which delegate it is used.
struct StoreAt {
    std::string file, passphrase_file;  // Empty: the account's own; none.
    std::string scope = "account";      // Of references that name none.
    std::string delegate_name;
    std::vector<std::string> delegate_tags;
};

// What is asked for.
struct Module {
    std::vector<const Collector*> collectors;
    Filters filters;
    std::optional<Duration> timeout = {};
};

struct ListenAt {
    std::string address;
    std::uint16_t port = 0;
};

struct Limits {
    unsigned connections = 2'000;  // More than probes, so that a scraper hears of one too many by a 503.
    unsigned probes = 1'000;       // At a time; over it a scrape is refused with 503.
    unsigned sessions = 20'000;    // That wait for the next scrape, with their connections.
    Duration idle{600'000};        // How long one waits.
};

struct Config {
    std::vector<ListenAt> listen;
    std::string certificate_file, key_file;  // Empty: http.
    WebUsers web_users;                      // Empty: whoever reaches the endpoint may scrape.
    AllowList allow;
    std::map<std::string, Auth, std::less<>> auths;
    std::map<std::string, Module, std::less<>> modules;
    Limits limits;
    StoreAt store;
    std::optional<Discovery> discovery;  // None: there is no /sd.
};

inline constexpr std::uint16_t default_port = 9986;

// `file` is the name that errors tell; names of files in it that are not absolute begin at its folder.
// Errors: config.invalid, "FILE:LINE: what"
[[nodiscard]] Result<Config> read_config(std::string_view text, const std::string& file);

// windows_exporter's own choice: what a module has that names no collectors.
[[nodiscard]] std::vector<const Collector*> default_collectors();

}  // namespace mullion::exporter
