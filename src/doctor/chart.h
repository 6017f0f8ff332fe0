// What is known of a host so far, for the checks that come.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "doctor/finding.h"
#include "doctor/monitoring/questions.h"
#include "doctor/probes.h"
#include "doctor/subject.h"

namespace mullion::doctor {

struct Chart {
    Chart(const Subject& whom, Probes& by) : subject(whom), probes(by) {}

    const Subject& subject;
    Probes& probes;

    std::vector<std::string> addresses;
    std::string reverse;  // What DNS calls the first of them.
    std::optional<HttpSeen> http;
    std::optional<Result<KdcSeen>> kdc;   // Once it was asked.
    std::optional<Error> ticket_failure;  // What the ticket check came to.
    // Where a password was refused: it is shown to nobody any more, since the next wrong one may lock the
    // account.
    std::string rejected_at;
    std::optional<auth::Transport> way_in;   // The first that logged on,
    LoggedOn as_whom;                        // and what the host said then.
    std::optional<Error> quota;              // That a shell met.
    std::vector<wsman::ConfigValue> config;  // Of the service; empty: it was not read.
    [[nodiscard]] const wsman::ConfigValue* setting(std::string_view path) const {
        for (const auto& value : config)
            if (value.path == path) return &value;
        return nullptr;
    }

    // The failure that keeps `check` from telling anything; empty: none.
    [[nodiscard]] std::string trouble_of(const std::string& check) const {
        const auto found = troubles.find(check);
        return found == troubles.end() ? std::string() : found->second;
    }
    std::map<std::string, std::string> troubles;

    // Of a host that is looked at for checks.
    Questions questions;
    std::string lost_at;         // The check that the conversation ended in; empty: it has not.
    std::vector<ModeRow> modes;  // What came of each mode.

    // Asked once.
    [[nodiscard]] const Result<KdcSeen>& ask_kdc() {
        if (!kdc) kdc = probes.kdc();
        return *kdc;
    }
};

}  // namespace mullion::doctor
