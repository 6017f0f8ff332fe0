#include "cli/doctor_report.h"

#include <fmt/core.h>

#include <utility>

#include "cli/masking.h"
#include "cli/printable.h"
#include "cli/report_text.h"

namespace mullion::cli {
namespace {

// A check has found out what it was there for; nothing that it did is in doubt, and no command has failed.
Status status_of(const Error& error) {
    const auto status = error.info().status;
    if (status == Status::ok || status == Status::failed) return Status::refused;
    const bool stopped = error.id == ErrorId::run_interrupted;
    return status == Status::unknown && !stopped ? Status::unreachable : status;
}

}  // namespace

Looked looked_at(std::string host, std::string url, doctor::Diagnosis diagnosis, Duration duration) {
    Looked looked;
    looked.host = std::move(host);
    looked.url = std::move(url);
    looked.duration = duration;
    if (diagnosis.interrupted)
        looked.error = Error(ErrorId::run_interrupted, "");
    else if (const auto* failure = diagnosis.failure())
        looked.error = *failure;
    looked.status = looked.error ? status_of(*looked.error) : Status::ok;
    looked.diagnosis = std::move(diagnosis);
    return looked;
}

void DoctorReport::begin(const std::string& host, const std::string& url, const std::string& user) {
    if (format_ != Format::text) return;
    const auto as_whom = user.empty() ? std::string() : " as " + user;
    writer_.result(false, fmt::format("{}: {}{}\n", printable(host), printable(url), printable(as_whom)));
}

void DoctorReport::tell(const doctor::Finding& finding) {
    if (format_ != Format::text) return;
    auto shown = finding;
    mask(shown);
    writer_.result(false, finding_text(shown));
}

void DoctorReport::end(const Looked& looked) {
    tally_.add(looked.status, looked.error);
    if (format_ == Format::text)
        writer_.result(false, masked(modes_text(looked.diagnosis.modes)) + doctor_summary(looked) +
                                  (several_ ? "\n" : ""));
    else
        result(looked);
}

void DoctorReport::skip(const std::string& host, const fleet::NotRun& why) {
    Looked looked;
    looked.host = host;
    looked.status = why.error ? why.error->info().status : Status::skipped;
    looked.error = why.error;
    looked.reason = why.reason;
    tally_.add(looked.status, looked.error);
    if (format_ != Format::text)
        result(looked);
    else if (why.error)
        writer_.result(true, describe(*why.error));
    else
        writer_.note(fmt::format("{}: skipped: {}\n", printable(host), printable(why.reason)));
}

void DoctorReport::result(const Looked& looked) {
    auto object = doctor_object(looked);
    writer_.result(false, format_ == Format::json ? document_.add(std::move(object)) : object + "\n");
}

void DoctorReport::finish(Duration elapsed) {
    if (format_ == Format::json) writer_.result(false, document_.end(tally_));
    if (format_ == Format::text && several_)
        writer_.note(fmt::format("{} hosts: {} in {}\n", tally_.total(), tally_.text(), seconds(elapsed)));
}

}  // namespace mullion::cli
