#include "doctor/tests/played_host.h"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "doctor/monitoring/questions.h"

namespace mullion::doctor {

PlayedHost::PlayedHost() {
    TlsSeen seen;
    seen.version = "TLSv1.3";
    seen.cipher = "TLS_AES_256_GCM_SHA384";
    seen.certificate.subject = "CN=web01";
    seen.certificate.issuer = "CN=corp authority";
    seen.certificate.serial = "1000";
    seen.certificate.common_name = "web01";
    seen.certificate.names = {"other.example.test", "third.example.test"};
    seen.certificate.thumbprint = std::string(40, 'A');
    seen.certificate.sha256 = std::string(64, 'b');
    tls_answer = seen;
    unchecked = seen;
    HttpSeen heard;
    heard.status = 401;
    heard.offered = {"Negotiate", "Kerberos", "CredSSP", "Basic"};
    heard.clock = std::chrono::seconds(0);
    answer = heard;
    KdcSeen kdc;
    kdc.realm = "EXAMPLE.TEST";
    kdc.kdcs = {"kdc1:88", "kdc2:88"};
    kdc.answered = "kdc1:88";
    kdc.clock = std::chrono::seconds(1);
    kdc_answer = kdc;
    who.vendor = "Microsoft Corporation";
    who.version = "OS: 10.0.20348";
    who.sealed = true;
    runs.emplace_back(Ran{0, "mullion\r\n", ""});
}

Result<std::vector<std::string>> PlayedHost::addresses(const std::string&) {
    asked.emplace_back("name");
    return found;
}

Result<std::string> PlayedHost::reverse_name(const std::string&) {
    asked.emplace_back("reverse");
    return reverse;
}

Result<std::string> PlayedHost::connect(std::optional<std::uint16_t> other_port) {
    asked.push_back(other_port ? fmt::format("tcp {}", *other_port) : "tcp");
    if (!other_port) return there;
    const auto one = others.find(*other_port);
    if (one == others.end()) return Error(ErrorId::net_refused, "");
    return one->second;
}

Result<TlsSeen> PlayedHost::tls() {
    asked.emplace_back("tls");
    return tls_answer;
}

Result<TlsSeen> PlayedHost::tls_unchecked() {
    asked.emplace_back("tls unchecked");
    return unchecked;
}

Result<HttpSeen> PlayedHost::http() {
    asked.emplace_back("http");
    return answer;
}

Result<KdcSeen> PlayedHost::kdc() {
    asked.emplace_back("kdc");
    return kdc_answer;
}

Result<std::string> PlayedHost::ticket(const std::string& service) {
    asked.push_back("ticket " + service);
    const auto none = no_ticket.find(service);
    if (none != no_ticket.end()) return none->second;
    return service + "/web01.example.test@EXAMPLE.TEST";
}

Result<LoggedOn> PlayedHost::log_on(auth::Transport transport) {
    asked.push_back(fmt::format("log on {}", auth::to_string(transport)));
    const auto refused = no_logon.find(transport);
    if (refused != no_logon.end()) return refused->second;
    return who;
}

Result<Ran> PlayedHost::run(auth::Transport transport, const std::string& command) {
    asked.push_back(fmt::format("run {} {}", auth::to_string(transport), command.substr(0, 12)));
    return runs[std::min(run_++, runs.size() - 1)];
}

Result<std::vector<wsman::ConfigValue>> PlayedHost::config(auth::Transport) {
    asked.emplace_back("config");
    return settings;
}

// A class that was not said answers nothing.
Told PlayedHost::ask(auth::Transport, const checks::Ask& question) {
    auto name = class_of(question);
    if (std::holds_alternative<checks::Command>(question)) name = "command";
    if (std::holds_alternative<checks::Identification>(question)) name = "identify";
    asked.push_back("ask " + name);
    const auto found = told.find(name);
    return found == told.end() ? Told{checks::Answer{checks::Rows()}} : found->second;
}

Result<bool> PlayedHost::takes_clear(auth::Transport transport) {
    asked.push_back(fmt::format("clear {}", auth::to_string(transport)));
    return clear;
}

Subject subject_with(const std::vector<auth::Transport>& transports) {
    Subject subject;
    subject.target.name = subject.target.host = "web01.example.test";
    subject.target.scheme = target::Scheme::http;
    subject.target.port = 5985;
    subject.user = "alice@EXAMPLE.TEST";
    subject.realm = "EXAMPLE.TEST";
    subject.has_password = true;
    subject.services = {"HTTP", "host", "WSMAN"};
    for (const auto transport : transports) {
        subject.routes.push_back(Route{transport});
        subject.tickets = subject.tickets || transport == auth::Transport::kerberos ||
                          transport == auth::Transport::negotiate;
    }
    return subject;
}

Findings::Findings(const Subject& subject, Probes& probes) {
    std::size_t told = 0;
    diagnosis_ = examine(subject, probes, [&told](const Finding&) { ++told; });
    if (told != diagnosis_.findings.size()) throw std::logic_error("a finding was not told");
}

const Finding& Findings::operator[](const std::string& check) const {
    for (const auto& finding : diagnosis_.findings) {
        if (finding.check == check) return finding;
    }
    throw std::out_of_range(check);
}

std::vector<Finding> Findings::all(const std::string& check) const {
    std::vector<Finding> found;
    for (const auto& finding : diagnosis_.findings) {
        if (finding.check == check) found.push_back(finding);
    }
    return found;
}

std::vector<std::string> Findings::outline() const {
    std::vector<std::string> lines;
    for (const auto& finding : diagnosis_.findings)
        lines.push_back(fmt::format("{} {}", finding.check, to_string(finding.state)));
    return lines;
}

std::string text_of(const Finding& finding) {
    auto text = finding.seen;
    for (const auto& lines : {finding.likely(), finding.on_host, finding.here, finding.next()}) {
        for (const auto& line : lines) text += '\n' + line;
    }
    return text;
}

std::string id_of(const Finding& finding) {
    return finding.error ? std::string(finding.error->info().id) : std::string();
}

}  // namespace mullion::doctor
