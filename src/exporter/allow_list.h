// Which hosts may be asked. Whoever reaches the endpoint names the host, and the exporter logs on there with
// the operator's credentials: without a list it would do so anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::exporter {

// What a scrape may name: HOST or HOST:PORT, IPv6 in brackets where a port follows. No scheme, user or path,
// which are the auth's. Nothing: it is something else.
struct TargetName {
    std::string host;  // In small letters, without brackets and without a dot at its end.
    std::optional<std::uint16_t> port;
    // As metrics, the log and the pool have it.
    [[nodiscard]] std::string text() const;
};
[[nodiscard]] std::optional<TargetName> parse_target_name(std::string_view text);

// One line of `allow`:
//   web*.example.com     a name; * is any characters but no dot, ** any, ? one
//   10.1.0.0/16          addresses; fd00::/8
//   db01:5985            with that port alone. Without one: no port in the name, or 5985 or 5986.
//   *.lab:*              any port
class AllowRule {
public:
    // Errors: config.invalid
    [[nodiscard]] static Result<AllowRule> parse(std::string_view text);
    [[nodiscard]] bool allows(const TargetName& target) const;

private:
    struct Network {
        std::vector<std::uint8_t> address;  // Of 4 or 16 bytes.
        unsigned bits = 0;
    };
    [[nodiscard]] static std::optional<Network> parse_network(const std::string& text);
    [[nodiscard]] bool allows_host(const std::string& host) const;
    [[nodiscard]] bool allows_port(const std::optional<std::uint16_t>& port) const;

    std::string pattern_;
    std::optional<Network> network_;
    std::optional<std::uint16_t> port_;
    bool any_port_ = false;
};

class AllowList {
public:
    void add(AllowRule rule) { rules_.push_back(std::move(rule)); }
    [[nodiscard]] bool empty() const { return rules_.empty(); }
    [[nodiscard]] bool allows(const TargetName& target) const;

private:
    std::vector<AllowRule> rules_;
};

}  // namespace mullion::exporter
