// Where the services of a region answer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace mullion::aws {

// A part of AWS with accounts and names of its own.
struct Partition {
    std::string_view name, dns_suffix;
};
// By the beginnings of its regions' names; what is in no other is in `aws`.
[[nodiscard]] const Partition& partition_of(std::string_view region);

// "eu-central-1": lower-case letters, digits and dashes, as it becomes part of a host's name.
[[nodiscard]] bool is_region(std::string_view text);

struct Endpoint {
    bool tls = true;
    std::string host;        // A name, or an address without brackets.
    std::uint16_t port = 0;  // 0: the scheme's own.

    [[nodiscard]] std::string host_field() const;  // What the Host field says.
    [[nodiscard]] std::string url() const;         // Without a path.
    bool operator==(const Endpoint&) const = default;
};

// "https://HOST[:PORT]". Plain http only for this machine itself: keys travel in the answers. Errors:
// secrets.invalid
[[nodiscard]] Result<Endpoint> parse_service_endpoint(std::string_view text);

// 127.0.0.0/8, ::1 and localhost.
[[nodiscard]] bool is_loopback(std::string_view host);

// "https://169.254.170.2/path" into its endpoint and its path with query, for what stands in the environment.
// Any host, either scheme: who calls says which are allowed. Errors: aws.credentials
struct Location {
    Endpoint endpoint;
    std::string target = "/";
};
[[nodiscard]] Result<Location> parse_location(std::string_view text);

// The regional endpoint of "kms" or "sts", or the one that was given instead. Errors: secrets.invalid
[[nodiscard]] Result<Endpoint> service_endpoint(std::string_view service, std::string_view region,
                                                std::string_view given);

}  // namespace mullion::aws
