// Who may log on how: Service\Auth, CredSSP, TLS 1.2; and settings by their paths.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "prepare/host/host_steps.h"
#include "prepare/values.h"

namespace mullion::prepare {
namespace {

namespace doc = documents;

struct AuthRow {
    std::string_view word;
    std::string_view name;  // Below Service\Auth.
    Citation cite;
};
constexpr std::array auth_rows{
    AuthRow{"basic",
            "Basic",
            {doc::remote_management, "Basic: Set-Item WSMan:\\localhost\\Service\\Auth\\Basic"}},
    AuthRow{"kerberos", "Kerberos", {doc::setup, "WinRM Service Options: Service\\Auth\\*"}},
    AuthRow{"negotiate", "Negotiate", {doc::setup, "WinRM Service Options: Service\\Auth\\*"}},
    AuthRow{"ntlm", "Negotiate", {doc::setup, "WinRM Service Options: Service\\Auth\\*"}},
    AuthRow{"certificate",
            "Certificate",
            {doc::remote_management, "Certificate: Set-Item WSMan:\\localhost\\Service\\Auth\\Certificate"}},
    AuthRow{"credssp", "CredSSP", {doc::remote_management, "CredSSP: Enable-WSManCredSSP -Role Server"}},
};

std::string lower(std::string_view text) {
    std::string out;
    for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

// By the setting's name: ntlm and negotiate are one.
std::string auth_id(std::string_view name) {
    return "auth-" + lower(name);
}

Step auth_step(const AuthRow& row, bool on) {
    Step step{auth_id(row.name),
              {"service"},
              fmt::format("{} is {} for logging on", row.name, on ? "allowed" : "not allowed"),
              "WsmanValue",
              {{"Path", fmt::format("Service\\Auth\\{}", row.name)}, {"Value", on ? "true" : "false"}},
              {row.cite}};
    if (row.name == "Basic" && on)
        step.cites.push_back({doc::local, "WSMAN configuration: Enable basic authentication"});
    if (row.name == "CredSSP" && on) {
        step.kind = "CredsspServer";
        step.with.clear();
    }
    return step;
}

// What sets the same is the same step: --auth basic and --set Service/Auth/Basic=true.
std::string setting_id(std::string_view path) {
    constexpr std::string_view auth = "Service\\Auth\\";
    if (path.starts_with(auth)) return auth_id(path.substr(auth.size()));
    auto id = "set-" + lower(path);
    std::replace(id.begin(), id.end(), '\\', '-');
    return id;
}

bool has_step(const Plan& plan, std::string_view id) {
    return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const Step& step) { return step.id == id; });
}

std::vector<Citation> citations_of(std::string_view path) {
    std::vector<Citation> cites{{doc::setup, "WinRM Service Options: Set-Item WSMan:\\localhost"}};
    if (path.starts_with("Shell\\"))
        cites.push_back({doc::setup, "WinRM Service Options: Set-Item WSMan:\\localhost\\Shell"});
    if (path == "Service\\AllowUnencrypted")
        cites.push_back({doc::remote_management,
                         "WinRM Encryption: Set-Item WSMan:\\localhost\\Service\\AllowUnencrypted"});
    return cites;
}

}  // namespace

Result<void> add_auth_steps(const HostWords& words, Plan& plan) {
    if (words.auth.empty()) return {};
    std::string_view rest = words.auth;
    for (bool more = true; more;) {
        const auto comma = rest.find(',');
        auto word = rest.substr(0, comma);
        more = comma != std::string_view::npos;
        if (more) rest.remove_prefix(comma + 1);
        const bool off = word.starts_with("no-");
        if (off) word.remove_prefix(3);
        const auto found = std::find_if(auth_rows.begin(), auth_rows.end(),
                                        [&](const AuthRow& row) { return row.word == word; });
        if (found == auth_rows.end())
            return Error(
                ErrorId::usage_invalid,
                fmt::format("--auth '{}': write basic, kerberos, negotiate (ntlm), certificate and credssp, "
                            "with commas between; no-basic and so on forbid",
                            word));
        auto step = auth_step(*found, !off);
        if (has_step(plan, step.id))
            return Error(ErrorId::usage_invalid, fmt::format("--auth names {} twice", found->name));
        plan.steps.push_back(std::move(step));
    }
    return {};
}

Result<void> add_credssp_certificate(const HostWords& words, bool https, Plan& plan) {
    if (words.credssp_certificate.empty()) return {};
    Step step{"credssp-certificate",
              {"service"},
              "CredSSP shows the listener's certificate",
              "CredsspCertificate",
              {},
              {{doc::remote_management,
                "Set CredSSP Certificate: Set-Item WSMan:\\localhost\\Service\\CertificateThumbprint"},
               {doc::setup, "WinRM Service Options: Service\\CertificateThumbprint"}}};
    if (words.credssp_certificate == "listener") {
        if (!https)
            return Error(ErrorId::usage_invalid,
                         "--credssp-cert listener: no HTTPS listener is made here; give a thumbprint");
        step.needs.emplace_back("certificate");
    } else {
        MULLION_ASSIGN(auto thumbprint, check_thumbprint("--credssp-cert", words.credssp_certificate));
        step.title = fmt::format("CredSSP shows the certificate {}", thumbprint);
        step.kind = "WsmanValue";
        step.with = {{"Path", "Service\\CertificateThumbprint"}, {"Value", std::move(thumbprint)}};
    }
    plan.steps.push_back(std::move(step));
    return {};
}

// The document writes SecurityProvider; Windows' key is SecurityProviders.
void add_tls12_steps(Plan& plan) {
    for (const std::string_view role : {"Server", "Client"}) {
        for (const std::string_view name : {"Enabled", "DisabledByDefault"}) {
            const bool enabled = name == "Enabled";
            plan.steps.push_back(
                {fmt::format("tls12-{}-{}", role == "Server" ? "server" : "client",
                             enabled ? "enabled" : "default"),
                 {},
                 fmt::format("TLS 1.2 is {} for the {} role; counts after a restart of the host (2008 R2 "
                             "also needs update "
                             "KB3080079)",
                             enabled ? "enabled" : "not disabled by default",
                             role == "Server" ? "server" : "client"),
                 "RegistryValue",
                 {{"Path", fmt::format("HKLM:"
                                       "\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Pr"
                                       "otocols\\TLS 1.2\\{}",
                                       role)},
                  {"Name", std::string(name)},
                  {"Type", "DWord"},
                  {"Value", std::int64_t{enabled ? 1 : 0}}},
                 {{doc::remote_management, "CredSSP and TLS 1.2: New-Item, New-ItemProperty"}}});
        }
    }
}

Result<void> add_setting_steps(const HostWords& words, Plan& plan) {
    for (const auto& text : words.settings) {
        MULLION_ASSIGN(auto setting, check_setting("--set", text));
        auto id = setting_id(setting.path);
        if (has_step(plan, id))
            return Error(ErrorId::usage_invalid, fmt::format("{} is set twice", setting.path));
        auto title = fmt::format("{} is {}", setting.path, setting.value);
        auto cites = citations_of(setting.path);
        plan.steps.push_back({std::move(id),
                              {"service"},
                              std::move(title),
                              "WsmanValue",
                              {{"Path", std::move(setting.path)}, {"Value", std::move(setting.value)}},
                              std::move(cites)});
    }
    return {};
}

}  // namespace mullion::prepare
