// The results of `mullion doctor`: for people line by line as they come, for programs one object a host.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "cli/format.h"
#include "cli/report_json.h"
#include "cli/tally.h"
#include "cli/writer.h"
#include "core/clock.h"
#include "doctor/doctor.h"
#include "fleet/fleet.h"

namespace mullion::cli {

// One host, looked at or not.
struct Looked {
    std::string host, url;
    Status status = Status::not_started;
    std::optional<Error> error;  // Why it was not looked at, or the first failure.
    std::string reason;          // Why it was skipped.
    doctor::Diagnosis diagnosis;
    Duration duration{0};
};

// What became of the host, by its first failure: as ping has it.
[[nodiscard]] Looked looked_at(std::string host, std::string url, doctor::Diagnosis diagnosis,
                               Duration duration);

class DoctorReport {
public:
    DoctorReport(Writer& writer, Format format, bool several)
        : writer_(writer), format_(format), several_(several) {}

    void begin(const std::string& host, const std::string& url, const std::string& user);
    void tell(const doctor::Finding& finding);
    void end(const Looked& looked);
    // A host that is not looked at.
    void skip(const std::string& host, const fleet::NotRun& why);
    void finish(Duration elapsed);
    [[nodiscard]] const Tally& tally() const { return tally_; }
    // Of the secret store's, when it was used: for finish().
    void set_audit_head(std::string head) { tally_.audit_head = std::move(head); }

private:
    void result(const Looked& looked);

    Writer& writer_;
    const Format format_;
    const bool several_;
    Tally tally_;
    Document document_;
};

// "  tcp          failed   the connection was refused: … [net.refused]", and below it what to do.
[[nodiscard]] std::string finding_text(const doctor::Finding& finding);
// What is missing for which mode, as a table; empty where no mode was looked at.
[[nodiscard]] std::string modes_text(const std::vector<doctor::ModeRow>& modes);
// "web01: refused: logon ntlm [auth.rejected], in 0.3 s"
[[nodiscard]] std::string doctor_summary(const Looked& looked);
// One line, without its end.
[[nodiscard]] std::string doctor_object(const Looked& looked);

}  // namespace mullion::cli
