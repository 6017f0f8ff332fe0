// The parts of plan_host: each adds the steps for one thing. Internal to the room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "prepare/host/plan_host.h"
#include "prepare/step.h"

namespace mullion::prepare {

struct Listening {
    bool http = false;
    bool https = false;
    std::uint16_t http_port = 5985;
    std::uint16_t https_port = 5986;
};

[[nodiscard]] Step service_step();
// The certificate of the HTTPS listener, whatever of the three ways it comes by.
[[nodiscard]] Result<Step> certificate_step(const HostWords& words);
[[nodiscard]] Step listener_step(bool https, std::uint16_t port);
// Errors: usage.invalid
[[nodiscard]] Result<Step> removal_step(std::string_view which, const Listening& made);
[[nodiscard]] Result<Step> firewall_step(const HostWords& words, bool https, std::uint16_t port);
[[nodiscard]] Result<void> add_auth_steps(const HostWords& words, Plan& plan);
[[nodiscard]] Result<void> add_credssp_certificate(const HostWords& words, bool https, Plan& plan);
void add_tls12_steps(Plan& plan);
[[nodiscard]] Result<void> add_setting_steps(const HostWords& words, Plan& plan);

}  // namespace mullion::prepare
