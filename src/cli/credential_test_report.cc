// Tests of credentials, told.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/cert_words.h"
#include "cli/credential_test.h"
#include "cli/error_json.h"
#include "cli/log_on_cause.h"
#include "cli/printable.h"
#include "cli/report_text.h"
#include "cli/tally.h"
#include "secrets/entities/references.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string answer_of(const HostTest& test) {
    auto text = test.transport;
    if (test.sealed) text += ", sealed";
    if (!test.vendor.empty()) text += fmt::format("; {} {}", test.vendor, test.version);
    return printable(text);
}

std::string lines_of(const Error& error) {
    const auto cause = log_on_cause(error);
    auto text = fmt::format("{}: {}\n", cause.word, printable(cause.text));
    text += fmt::format("          {} [{}]\n", printable(error.message()), error.info().id);
    for (const auto& advice : error.all_advice())
        text += fmt::format("          next: {}\n", printable(advice));
    return text;
}

std::string line_of(const HostTest& test) {
    const auto host = printable(test.host);
    if (test.passed())
        return fmt::format("ok        {}  {}; a command ran, in {}\n", host, answer_of(test),
                           seconds(test.duration));
    if (!test.error) return fmt::format("{:<9} {}\n", to_string(test.status), host);
    const char* const mark = test.status == Status::not_started ? "not tried" : "FAILED   ";
    const auto until = test.logged_on
                           ? fmt::format("  logged on by {}, and then\n          ", answer_of(test))
                           : std::string("  ");
    return fmt::format("{} {}{}{}", mark, host, until, lines_of(*test.error));
}

Json failure_json(const Error& error) {
    const auto cause = log_on_cause(error);
    auto json = error_json(error);
    json["cause"] = cause.word;
    json["text"] = cause.text;
    return json;
}

Json step(const char* name, const char* result) {
    return {{"name", name}, {"result", result}};
}

Json host_json(const HostTest& test) {
    const auto text_or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
    return {
        {"host", test.host},
        {"result", test.passed() ? "ok" : "failed"},
        {"status", to_string(test.status)},
        {"steps",
         {step("log-on", test.logged_on ? "ok" : "failed"), step("command", test.passed()    ? "ok"
                                                                            : test.logged_on ? "failed"
                                                                                             : "skipped")}},
        {"transport", text_or_null(test.transport)},
        {"sealed", test.logged_on ? Json(test.sealed) : Json()},
        {"vendor", text_or_null(test.vendor)},
        {"version", text_or_null(test.version)},
        {"duration_ms", test.duration.count()},
        {"error", test.error ? failure_json(*test.error) : Json()}};
}

Json identity_json(const secrets::Identity& identity) {
    return {{"identifier", identity.id}, {"scope", secrets::scope_text(identity.scope)}};
}

std::size_t count_passed(const std::vector<HostTest>& hosts) {
    return static_cast<std::size_t>(
        std::count_if(hosts.begin(), hosts.end(), [](const HostTest& test) { return test.passed(); }));
}

}  // namespace

bool CredentialTest::passed() const {
    return !error && !hosts.empty() && count_passed(hosts) == hosts.size();
}

int CredentialTest::exit_status() const {
    if (error) return error->info().exit_code;
    Tally tally;
    for (const auto& host : hosts) tally.add(host.status, host.error);
    return tally.exit_status();
}

std::string CredentialTest::text() const {
    const auto tags =
        delegate.tags.empty() ? std::string() : fmt::format(" ({})", fmt::join(delegate.tags, ", "));
    auto out = fmt::format("delegate {}{}, {}\n", delegate.name, tags, utc_text(at));
    if (error) out += "FAILED    " + lines_of(*error);
    for (const auto& host : hosts) out += line_of(host);
    for (const auto& note : notes) out += fmt::format("note: {}\n", printable(note));
    const auto name = secrets::in_words(credential);
    if (error) return out + fmt::format("{}: no host was tried\n", name);
    return out + fmt::format("{} works on {} of {} host{}\n", name, count_passed(hosts), hosts.size(),
                             hosts.size() == 1 ? "" : "s");
}

std::string CredentialTest::json() const {
    Json all = Json::array();
    for (const auto& host : hosts) all.push_back(host_json(host));
    const Json page{{"schema", 1},
                    {"credential", identity_json(credential)},
                    {"connector", connector ? identity_json(*connector) : Json()},
                    {"delegate", delegate.name},
                    {"delegate_tags", delegate.tags},
                    {"at", utc_text(at)},
                    {"result", passed() ? "ok" : "failed"},
                    {"error", error ? failure_json(*error) : Json()},
                    {"hosts", std::move(all)},
                    {"notes", notes}};
    return escaped_json(page.dump(-1, ' ', false, Json::error_handler_t::replace));
}

// Of the hosts the first that failed, and how many did not.
secrets::TestResult CredentialTest::kept() const {
    secrets::TestResult result{at, passed(), {}, {}, delegate.name};
    const auto first =
        std::find_if(hosts.begin(), hosts.end(), [](const HostTest& test) { return !test.passed(); });
    const auto& why = first == hosts.end() ? error : first->error;
    if (why) result.error = why->info().id;
    if (first != hosts.end()) {
        result.message = kept_message(fmt::format("{} of {} hosts; {}", count_passed(hosts), hosts.size(),
                                                  why ? why->message() : first->host));
    } else if (error) {
        result.message = kept_message(error->message());
    } else {
        result.message =
            kept_message(hosts.size() == 1 ? hosts.front().host : fmt::format("{} hosts", hosts.size()));
    }
    return result;
}

}  // namespace mullion::cli
