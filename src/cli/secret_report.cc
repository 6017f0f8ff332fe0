#include "cli/secret_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cli/cert_words.h"
#include "cli/printable.h"
#include "secrets/entities/credential.h"
#include "secrets/entities/references.h"
#include "secrets/entities/validate.h"
#include "secrets/yaml/form.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::ordered_json;
using secrets::Stored;

std::string field(std::string_view name, std::string_view value) {
    return fmt::format("  {}: {}\n", name, printable(value));
}

void add_fields(const std::string& path, const Json& json, std::string& out) {
    if (json.is_object()) {
        for (const auto& [key, value] : json.items())
            add_fields(path.empty() ? key : fmt::format("{}.{}", path, key), value, out);
    } else if (json.is_array()) {
        for (const auto& item : json)
            out += field(path, item.is_string() ? item.get<std::string>() : item.dump());
    } else if (!json.is_string()) {
        out += field(path, json.dump());
    } else if (const auto text = json.get<std::string>(); !text.empty()) {
        out += field(path, text);
    }
}

// The default of its scope is told from the others.
std::string kind_text(const secrets::Spec& spec) {
    const auto* const manager = std::get_if<secrets::AwsKmsConnector>(&spec);
    return fmt::format("{}{}", secrets::kind_of(spec),
                       manager != nullptr && manager->is_default ? " (default)" : "");
}

std::string test_text(const secrets::TestResult& test) {
    auto text = fmt::format("{} at {} by delegate {}", test.passed ? "passed" : "failed", utc_text(test.when),
                            test.delegate);
    if (!test.message.empty()) text += ": " + test.message;
    if (!test.error.empty()) text += fmt::format(" [{}]", test.error);
    return text;
}

Json test_json(const secrets::TestResult& test) {
    return {{"at", utc_text(test.when)},
            {"passed", test.passed},
            {"error", test.error.empty() ? Json() : Json(test.error)},
            {"message", test.message},
            {"delegate", test.delegate}};
}

}  // namespace

Json stored_json(const Stored& stored) {
    auto json = secrets::form_of(stored.entity);
    if (stored.version != 0) json["version"] = stored.version;
    json["created"] = utc_text(stored.created);
    json["changed"] = utc_text(stored.changed);
    json["test"] = stored.test ? test_json(*stored.test) : Json();
    return json;
}

Json versions_json(const std::vector<secrets::Version>& versions) {
    auto all = Json::array();
    for (const auto& one : versions)
        all.push_back(
            {{"version", one.number}, {"created", utc_text(one.created)}, {"current", one.current}});
    return all;
}

std::string versions_text(const std::vector<secrets::Version>& versions) {
    std::string out;
    for (const auto& one : versions)
        out += fmt::format("  version {}: {}{}\n", one.number, utc_text(one.created),
                           one.current ? ", current" : "");
    return out;
}

std::string secret_table(const std::vector<Stored>& all) {
    using Row = std::array<std::string, 5>;
    std::vector<Row> rows{{"SCOPE", "IDENTIFIER", "KIND", "NAME", "VERSION"}};
    for (const auto& one : all)
        rows.push_back({secrets::scope_text(one.entity.identity.scope), one.entity.identity.id,
                        kind_text(one.entity.spec), printable(one.entity.name),
                        one.version == 0 ? "-" : fmt::format("{}", one.version)});
    std::array<std::size_t, 5> widths{};
    for (const auto& row : rows)
        for (std::size_t at = 0; at < row.size(); ++at) widths[at] = std::max(widths[at], row[at].size());
    std::string out;
    for (const auto& row : rows) {
        for (std::size_t at = 0; at + 1 < row.size(); ++at)
            out += fmt::format("{:<{}}  ", row[at], widths[at]);
        out += row.back() + "\n";
    }
    return out;
}

std::string secret_page(const Stored& stored, const std::vector<secrets::Referrer>& referrers) {
    const auto& entity = stored.entity;
    std::string out = secrets::in_words(entity.identity) + "\n";
    add_fields("", *secrets::form_of(entity).begin(), out);
    if (const auto* const credential = std::get_if<secrets::WinRmCredential>(&entity.spec))
        if (!credential->port) out += field("port", fmt::format("{} (follows useSSL)", port_of(*credential)));
    if (stored.version != 0) out += field("version", fmt::format("{}", stored.version));
    out += field("created", utc_text(stored.created)) + field("changed", utc_text(stored.changed));
    if (stored.test) out += field("last test", test_text(*stored.test));
    for (const auto& referrer : referrers)
        out +=
            field("referred to by", fmt::format("{} ({})", secrets::in_words(referrer.who), referrer.field));
    for (const auto& note : secrets::notes_of(entity)) out += field("note", note);
    return out;
}

}  // namespace mullion::cli
