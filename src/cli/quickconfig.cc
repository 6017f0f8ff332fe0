#include "cli/quickconfig.h"

#include <fmt/core.h>

#include <algorithm>

namespace mullion::cli {
namespace {

constexpr std::uint16_t http_port = 5985;
constexpr std::uint16_t https_port = 5986;
constexpr const char* changes_follow = "The following changes must be made:";

// Something to be done: how it is announced, how it is done, and what is said then.
struct Change {
    std::string announced;
    std::function<Result<void>()> make;
    std::string done;
    bool optional = false;  // With -force its failure is told, and is no end.
};

class Quickconfig {
public:
    Quickconfig(const QuickconfigOptions& options, const QuickconfigParts& parts)
        : options_(options), parts_(parts) {}

    Result<int> run() {
        MULLION_ASSIGN(const bool started, start_service());
        if (!started) return 1;
        MULLION_ASSIGN(const auto changes, changes_for_access());
        if (changes.empty()) {
            parts_.print("WinRM is already set up for remote management on this computer.");
            tell_of_firewall();
            return 0;
        }
        MULLION_ASSIGN(
            const bool wanted,
            announce("WinRM is not set up to allow remote access to this machine for management.", changes));
        if (!wanted) return 1;
        MULLION_TRY(make(changes, "WinRM has been updated for remote management."));
        tell_of_firewall();
        return 0;
    }

private:
    // Nobody is to take for granted what was not looked at.
    void tell_of_firewall() {
        if (unseen_.empty()) return;
        parts_.print(fmt::format("The firewall could not be looked at, and may hold port {} back: {}", port_,
                                 unseen_));
        parts_.print("Say it again as root, or look yourself.");
    }

    Error cannot_start(const std::string& why) const {
        Error error(ErrorId::usage_unsupported, "start the WinRM service: " + why);
        error.advice.push_back(fmt::format("Start it by hand: mullion serve --state {} --listen {}://*:{}",
                                           options_.state, options_.https ? "https" : "http",
                                           options_.https ? https_port : http_port));
        return error;
    }

    // False: the answer was no.
    Result<bool> start_service() {
        MULLION_ASSIGN(const UnitState unit, parts_.machine.unit());
        MULLION_ASSIGN(const bool running, parts_.running());
        if (!unit.systemd || !unit.known) {
            const char* const why =
                unit.systemd ? "there is no unit mullion.service" : "this machine is not run by systemd";
            if (!running) return cannot_start(why);
            parts_.print("WinRM service is already running on this machine.");
            parts_.print(fmt::format("It will not start by itself: {}.", why));
            return true;
        }
        if (unit.start_type == "masked")
            return cannot_start("mullion.service is masked (systemctl unmask mullion.service)");
        if (running && !unit.active)
            return cannot_start("it runs already, but not as mullion.service: stop that one first");
        std::vector<Change> changes;
        if (!unit.active)
            changes.push_back(by_systemctl("Start the WinRM service.", "start", "WinRM service started."));
        if (!unit.starts_by_itself())
            changes.push_back(by_systemctl("Set the WinRM service type to auto start.", "enable",
                                           "WinRM service type changed successfully."));
        if (changes.empty()) {
            parts_.print("WinRM service is already running on this machine.");
            return true;
        }
        MULLION_ASSIGN(const bool wanted,
                       announce("WinRM is not set up to receive requests on this machine.", changes));
        if (!wanted) return false;
        MULLION_TRY(make(changes, "WinRM has been updated to receive requests."));
        return true;
    }

    Change by_systemctl(const char* announced, const char* verb, const char* done) {
        return {announced,
                [this, verb] {
                    return parts_.machine.change({"systemctl", verb, unit_name});
                },
                done};
    }

    Result<std::vector<Change>> changes_for_access() {
        MULLION_ASSIGN(const auto rows, parts_.listeners());
        const auto row = std::find_if(rows.begin(), rows.end(), [&](const ListenerRow& one) {
            return one.https == options_.https && one.address == "*";
        });
        const std::string transport = options_.https ? "HTTPS" : "HTTP";
        std::vector<Change> changes;
        std::uint16_t port = options_.https ? https_port : http_port;
        if (row == rows.end()) {
            MULLION_TRY(add_listener(changes, transport));
        } else if (!row->enabled) {
            Error error(ErrorId::usage_unsupported,
                        fmt::format("the listener {}://* is there and not enabled", transport));
            error.advice.push_back(fmt::format(
                "winrm set winrm/config/listener?Address=*+Transport={} @{{Enabled=\"true\"}}", transport));
            return error;
        } else if (row->port != 0) {
            port = row->port;
        }
        MULLION_TRY(add_firewall(changes, port));
        return changes;
    }

    Result<void> add_listener(std::vector<Change>& changes, const std::string& transport) {
        ListenerRow wanted;
        wanted.https = options_.https;
        const std::string what = fmt::format(
            "WinRM listener on {}://* to accept WS-Man requests to any IP on this machine.", transport);
        if (!options_.https) {
            changes.push_back({"Create a " + what, [this, wanted] { return parts_.create_listener(wanted); },
                               "Created a " + what});
            return {};
        }
        wanted.host_name = parts_.machine.host_name();
        MULLION_ASSIGN(auto present, parts_.find_certificate(wanted.host_name));
        thumbprint_ = present.value_or("");
        if (!present)
            changes.push_back({fmt::format("Create a self-signed certificate for {}.", wanted.host_name),
                               [this, name = wanted.host_name]() -> Result<void> {
                                   MULLION_ASSIGN(thumbprint_, parts_.create_certificate(name));
                                   return {};
                               },
                               fmt::format("Created a self-signed certificate for {}.", wanted.host_name)});
        const std::string with = present ? fmt::format(" Its certificate is {}.", *present) : "";
        changes.push_back({"Create a " + what + with,
                           [this, wanted]() mutable {
                               wanted.thumbprint = thumbprint_;
                               return parts_.create_listener(wanted);
                           },
                           "Created a " + what});
        return {};
    }

    Result<void> add_firewall(std::vector<Change>& changes, std::uint16_t port) {
        MULLION_ASSIGN(const FirewallState firewall, parts_.machine.firewall(port));
        unseen_ = firewall.unseen;
        port_ = port;
        if (!unseen_.empty()) return {};
        if (firewall.open) return {};
        for (const auto& words : firewall.to_open) {
            const auto command = command_text(words);
            const bool last = &words == &firewall.to_open.back();
            std::string done;
            if (last) done = "WinRM firewall exception enabled.";
            if (last && !firewall.remark.empty()) done += " " + firewall.remark;
            changes.push_back(
                {fmt::format("Enable the WinRM firewall exception ({}: {}).", firewall.name, command),
                 [this, words] { return parts_.machine.change(words); }, std::move(done), true});
        }
        return {};
    }

    Result<bool> announce(std::string_view state, const std::vector<Change>& changes) {
        parts_.print(state);
        parts_.print(changes_follow);
        parts_.print("");
        for (const auto& one : changes) parts_.print(one.announced);
        parts_.print("");
        if (options_.quiet) return true;
        return parts_.ask();
    }

    // All that was announced; the first that fails ends it, and what was done before it is told.
    Result<void> make(const std::vector<Change>& changes, std::string_view updated) {
        std::vector<std::string> done;
        std::optional<Error> failed;
        for (const auto& one : changes) {
            auto made = one.make();
            if (made.ok()) {
                if (!one.done.empty()) done.push_back(one.done);
            } else if (one.optional && options_.force) {
                done.push_back("Not done: " + made.error().detail);
            } else {
                failed = std::move(made).error();
                break;
            }
        }
        if (!failed) {
            parts_.print(updated);
            parts_.print("");
        }
        for (const auto& one : done) parts_.print(one);
        if (failed) return std::move(*failed);
        return {};
    }

    const QuickconfigOptions& options_;
    const QuickconfigParts& parts_;
    std::string thumbprint_;  // Of the listener's certificate, once it is known.
    std::string unseen_;      // Why nobody knows whether the firewall lets port_ in.
    std::uint16_t port_ = 0;
};

}  // namespace

Result<int> quickconfig(const QuickconfigOptions& options, const QuickconfigParts& parts) {
    return Quickconfig(options, parts).run();
}

}  // namespace mullion::cli
