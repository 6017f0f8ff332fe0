// A world that is played: everything works until a test says otherwise.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "doctor/doctor.h"

namespace mullion::doctor {

class PlayedHost : public Probes {
public:
    PlayedHost();

    Result<std::vector<std::string>> found = std::vector<std::string>{"10.0.0.1"};
    Result<std::string> reverse = std::string("web01.example.test");
    Result<std::string> there = std::string("10.0.0.1");
    std::map<std::uint16_t, std::string> others;  // Ports that answer, and who does.
    Result<TlsSeen> tls_answer = TlsSeen{};
    Result<TlsSeen> unchecked = TlsSeen{};
    Result<HttpSeen> answer = HttpSeen{};
    Result<KdcSeen> kdc_answer = KdcSeen{};
    std::map<std::string, Error> no_ticket;     // By service; the others have one.
    std::map<auth::Transport, Error> no_logon;  // By transport; the others log on.
    LoggedOn who;
    std::vector<Result<Ran>> runs;  // One after the other; then the last again.
    Result<std::vector<wsman::ConfigValue>> settings =
        std::vector<wsman::ConfigValue>{{"Service/AllowUnencrypted", "false", "", false}};
    Result<bool> clear = false;
    // What questions of checks are answered, by their class, "identify" or "command".
    std::map<std::string, Told> told;

    std::vector<std::string> asked;  // "tcp", "log on ntlm", "run echo mullion"

    Result<std::vector<std::string>> addresses(const std::string& host) override;
    Result<std::string> reverse_name(const std::string& address) override;
    Result<std::string> connect(std::optional<std::uint16_t> other_port) override;
    Result<TlsSeen> tls() override;
    Result<TlsSeen> tls_unchecked() override;
    Result<HttpSeen> http() override;
    Result<KdcSeen> kdc() override;
    Result<std::string> ticket(const std::string& service) override;
    Result<LoggedOn> log_on(auth::Transport transport) override;
    Result<Ran> run(auth::Transport transport, const std::string& command) override;
    Result<std::vector<wsman::ConfigValue>> config(auth::Transport transport) override;
    Told ask(auth::Transport transport, const checks::Ask& question) override;
    Result<bool> takes_clear(auth::Transport transport) override;

private:
    std::size_t run_ = 0;
};

// Over http as alice@EXAMPLE.TEST to web01.example.test, by these transports.
[[nodiscard]] Subject subject_with(const std::vector<auth::Transport>& transports);

// What was found, by the check's name.
class Findings {
public:
    Findings(const Subject& subject, Probes& probes);
    [[nodiscard]] const Finding& operator[](const std::string& check) const;
    [[nodiscard]] std::vector<Finding> all(const std::string& check) const;
    // Of all checks in their order: "name ok", "tcp failed".
    [[nodiscard]] std::vector<std::string> outline() const;
    [[nodiscard]] const Diagnosis& diagnosis() const { return diagnosis_; }

private:
    Diagnosis diagnosis_;
};

// All that an operator reads of it.
[[nodiscard]] std::string text_of(const Finding& finding);
// "net.refused"; empty without an error.
[[nodiscard]] std::string id_of(const Finding& finding);

}  // namespace mullion::doctor
