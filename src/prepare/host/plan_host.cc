#include "prepare/host/plan_host.h"

#include "prepare/host/host_steps.h"
#include "prepare/values.h"

namespace mullion::prepare {
namespace {

Result<Listening> read_listening(const HostWords& words) {
    Listening made;
    const auto& transport = words.transport;
    made.http = transport == "http" || transport == "both";
    made.https = transport == "https" || transport == "both";
    if (!made.http && !made.https && transport != "none")
        return Error(ErrorId::usage_invalid,
                     "--transport '" + transport + "': write http, https, both or none");
    if (words.port.empty()) return made;
    if (made.http == made.https)
        return Error(ErrorId::usage_invalid, "--port is for one listener: give --transport http or https");
    MULLION_ASSIGN(const auto port, check_port("--port", words.port));
    (made.http ? made.http_port : made.https_port) = port;
    return made;
}

// What is given for a thing that is not made would be taken in silence.
Result<void> check_use(const HostWords& words, const Listening& made) {
    const HostWords plain;
    if (!made.https && words.certificate != plain.certificate)
        return Error(ErrorId::usage_invalid, "--cert is of an HTTPS listener, and none is made here");
    if (!words.days.empty() && (!made.https || words.certificate != plain.certificate))
        return Error(ErrorId::usage_invalid,
                     "--cert-days is of a certificate that is made: --cert self-signed");
    const bool rule = !words.no_firewall && (made.http || made.https);
    if (!rule && (words.allow_from != plain.allow_from || words.profiles != plain.profiles))
        return Error(ErrorId::usage_invalid,
                     "--allow-from and --profiles are of a firewall rule, and none is made here");
    return {};
}

Result<void> add_listeners(const HostWords& words, const Listening& made, Plan& plan) {
    if (made.http) plan.steps.push_back(listener_step(false, made.http_port));
    if (made.https) {
        MULLION_ASSIGN(auto certificate, certificate_step(words));
        plan.steps.push_back(std::move(certificate));
        plan.steps.push_back(listener_step(true, made.https_port));
    }
    if (!words.remove_listeners.empty()) {
        MULLION_ASSIGN(auto removal, removal_step(words.remove_listeners, made));
        plan.steps.push_back(std::move(removal));
    }
    return {};
}

Result<void> add_rules(const HostWords& words, const Listening& made, Plan& plan) {
    if (words.no_firewall) return {};
    if (made.http) {
        MULLION_ASSIGN(auto rule, firewall_step(words, false, made.http_port));
        plan.steps.push_back(std::move(rule));
    }
    if (made.https) {
        MULLION_ASSIGN(auto rule, firewall_step(words, true, made.https_port));
        plan.steps.push_back(std::move(rule));
    }
    return {};
}

}  // namespace

Result<Plan> plan_host(const HostWords& words) {
    MULLION_ASSIGN(const auto made, read_listening(words));
    MULLION_TRY(check_use(words, made));
    Plan plan{"prepare host",
              "host",
              {"service", "wsman", "listener", "certificate", "firewall", "registry"},
              {},
              {}};
    plan.steps.push_back(service_step());
    MULLION_TRY(add_listeners(words, made, plan));
    MULLION_TRY(add_rules(words, made, plan));
    MULLION_TRY(add_auth_steps(words, plan));
    MULLION_TRY(add_credssp_certificate(words, made.https, plan));
    if (words.tls12) add_tls12_steps(plan);
    MULLION_TRY(add_setting_steps(words, plan));
    return plan;
}

}  // namespace mullion::prepare
