// A host's winrm/config: what it is set to, and changing it. Public, as client.h is; names and types of the
// settings are those of wsman/config_table.h.
//
//     mullion::client::Config config(*session);
//     auto basic = config.get("Service/Auth/Basic");
//     auto plan = config.set({{"Service/Auth/Basic", "true"}});
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "wsman/config.h"

namespace mullion::client {

class Session;

// How the host was reached, and what else its options would let be tried: a change may cut it.
struct ConfigRoute {
    bool local = false;                   // This machine's own socket, which no setting closes.
    std::string address;                  // Of the host; empty: not known, as behind a proxy.
    std::string transport;                // That logged on: "basic", "ntlm" …; empty: not known.
    std::vector<std::string> transports;  // That the options allow.
    bool sealed = true;                   // Its messages, or by TLS.
    bool may_seal = true;                 // --message-encryption is not never.
    bool binds = true;                    // --send-cbt.
    bool pinned = false;                  // --cert-pin.
};

// What was read, in the order in which it was asked for. A listener or mapping is a document of its own.
struct ConfigRead {
    std::vector<wsman::ConfigDocument> documents;
    // The listener that is in use.
    bool https = false;
    std::uint16_t port = 0;
    ConfigRoute route = {};
};

// One setting, before and after; for people and programs. Empty: it was not there, or will not be.
struct ConfigDifference {
    std::string path;  // "Service/Auth/Basic", "Listener?Address=*+Transport=HTTPS/Port"
    std::optional<std::string> from, to;
    bool operator==(const ConfigDifference&) const = default;
};

// One message that changes something.
struct ConfigChange {
    enum class Kind { put, create, remove };
    Kind kind = Kind::put;
    wsman::ConfigTarget target;
    wsman::ConfigDocument document;  // Of put and create: what is to be set, and no more.
    std::vector<ConfigDifference> differences;
};

struct ConfigPlan {
    std::vector<ConfigChange> changes;  // In the order in which they are made.
    std::vector<std::string> warnings;  // What the operator should know of them.
};

// What is to be read, and what is to be done about it. The plan is asked on the session's I/O thread and must
// not block; its error ends the visit before anything is changed.
struct ConfigVisit {
    std::vector<const wsman::ConfigResource*> resources;  // One with keys: all that there are of it.
    std::function<Result<ConfigPlan>(const ConfigRead&)> plan = {};
    bool check_only = false;               // Makes the plan and changes nothing.
    std::optional<Duration> timeout = {};  // Wall clock, none by default.
};

// What became of a visit. A change is never sent twice: where its answer was lost the status is unknown.
struct ConfigOutcome {
    Status status = Status::not_started;
    std::optional<Error> error;
    ConfigRead read;
    ConfigPlan plan;
    std::size_t done = 0;  // So many of the plan's changes were answered; those after it were not begun.
    Duration duration{0};
    std::string reason;  // Why a fleet skipped the host.
};

// Names and their values: {"Service/Auth/Basic", "true"}. What names what is in client/config_path.h.
using ConfigSettings = std::vector<std::pair<std::string, std::string>>;

// Blocking and callback forms; callbacks are called on the session's I/O thread. The session must live until
// then, the Config need not.
class Config {
public:
    explicit Config(Session& session) : session_(session) {}

    // The values that a path means: one setting, a section, or the listeners and mappings that it selects.
    // Errors: usage.invalid (no such setting), those of the session, wsman.fault
    [[nodiscard]] Result<std::vector<wsman::ConfigValue>> get(std::string_view path);
    void get_async(std::string_view path, std::function<void(Result<std::vector<wsman::ConfigValue>>)> done);
    // Get, change, Put; a listener or mapping that is not there is created. Only what differs is sent; the
    // outcome's plan tells what did. Refuses what is certain to cut the way by which the host was reached.
    [[nodiscard]] ConfigOutcome set(const ConfigSettings& settings);
    void set_async(const ConfigSettings& settings, std::function<void(ConfigOutcome)> done);
    // Of the listeners or mappings that a path selects. Refuses to remove the last listener.
    [[nodiscard]] ConfigOutcome remove(std::string_view path);
    void remove_async(std::string_view path, std::function<void(ConfigOutcome)> done);
    // Everything at once: winrm/config, listeners and mappings.
    [[nodiscard]] Result<std::vector<wsman::ConfigDocument>> all();

private:
    Session& session_;
};

}  // namespace mullion::client
