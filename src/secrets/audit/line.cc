#include "secrets/audit/line.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "crypto/hash.h"
#include "encoding/hex.h"

namespace mullion::secrets {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view before_hash = R"({"hash":")";
constexpr std::string_view before_entry = R"(","entry":)";
// Of each text in an entry. What is longer says so, and keeps its beginning.
constexpr std::size_t longest_text = 1024;
// Of the hosts of one line, as JSON. A command may be as much again, as each of its bytes may be six letters;
// who asked and what for are names.
constexpr std::size_t longest_hosts = 6 * 1024;
constexpr std::size_t longest_host = 255;

std::string bounded(std::string_view text) {
    if (text.size() <= longest_text) return std::string(text);
    return fmt::format("{} (and {} bytes more)", text.substr(0, longest_text), text.size() - longest_text);
}

// ASCII alone: what steers a terminal, or turns lines around, is in letters. What is no UTF-8 is replaced.
std::string dump(const Json& json) {
    return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string time_text(WallTime when) {
    const auto whole = std::chrono::floor<std::chrono::milliseconds>(when);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(whole);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), (whole - seconds).count());
}

std::string_view kind_text(AuditEntry::Kind kind) {
    switch (kind) {
        case AuditEntry::Kind::used:
            return "used";
        case AuditEntry::Kind::changed:
            return "changed";
        case AuditEntry::Kind::refused:
            return "refused";
        case AuditEntry::Kind::tampered:
            break;
    }
    return "tampered";
}

}  // namespace

bool is_audit_hash(std::string_view text) {
    return text.size() == no_audit_hash.size() && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

std::string audit_hash(std::string_view previous, std::string_view entry) {
    return encoding::to_hex(crypto::sha256(fmt::format("mullion audit 1\n{}\n{}", previous, entry)));
}

std::string audit_line(std::string_view previous, std::string_view entry) {
    return fmt::format("{}{}{}{}}}\n", before_hash, audit_hash(previous, entry), before_entry, entry);
}

std::string entry_text(std::uint64_t number, WallTime when, const Principal& who, const Purpose& purpose,
                       const AuditEntry& entry) {
    Json json{{"n", number},
              {"time", time_text(when)},
              {"kind", kind_text(entry.kind)},
              {"who", bounded(who.name)},
              {"action", bounded(purpose.action)}};
    if (entry.hosts.size() > 1)
        json["hosts"] = entry.hosts;
    else if (const auto& host = entry.hosts.empty() ? purpose.host : entry.hosts.front(); !host.empty())
        json["host"] = bounded(host);
    if (!purpose.command.empty()) json["command"] = bounded(purpose.command);
    if (!entry.what.id.empty()) {
        json["space"] = entry.what.space == Space::secret ? "secret" : "connector";
        json["scope"] = bounded(scope_text(entry.what.scope));
        json["id"] = bounded(entry.what.id);
    }
    if (entry.version != 0) json["version"] = entry.version;
    if (!entry.detail.empty()) json["detail"] = bounded(entry.detail);
    return dump(json);
}

std::vector<AuditEntry> in_lines(const AuditEntry& entry) {
    std::vector<AuditEntry> lines{{entry.kind, entry.what, entry.version, entry.detail}};
    std::size_t used = 0;
    for (const auto& host : entry.hosts) {
        auto name = host.substr(0, longest_host);
        const auto size = dump(name).size() + 1;
        if (used + size > longest_hosts) {
            lines.push_back({entry.kind, entry.what, entry.version, entry.detail});
            used = 0;
        }
        used += size;
        lines.back().hosts.push_back(std::move(name));
    }
    return lines;
}

std::string unfinished_text(std::uint64_t number, WallTime when, const Unfinished& what) {
    return dump({{"n", number},
                 {"time", time_text(when)},
                 {"kind", "unfinished"},
                 {"size", what.size},
                 {"sha256", what.sha256}});
}

std::optional<AuditLine> parse_audit_line(std::string_view line) {
    if (line.size() > longest_audit_line || !line.starts_with(before_hash) || !line.ends_with('}'))
        return std::nullopt;
    line.remove_prefix(before_hash.size());
    AuditLine parsed{line.substr(0, no_audit_hash.size()), {}};
    if (!is_audit_hash(parsed.hash)) return std::nullopt;
    line.remove_prefix(parsed.hash.size());
    if (!line.starts_with(before_entry)) return std::nullopt;
    line.remove_prefix(before_entry.size());
    parsed.entry = line.substr(0, line.size() - 1);
    if (!parsed.entry.starts_with('{') || !parsed.entry.ends_with('}')) return std::nullopt;
    return parsed;
}

std::optional<EntryFacts> parse_entry(std::string_view entry) {
    if (entry.size() > longest_audit_line) return std::nullopt;
    // An entry is flat: what is deeper is not taken apart.
    const auto shallow = [](int depth, Json::parse_event_t, Json&) { return depth <= 1; };
    const auto json = Json::parse(entry, shallow, false);
    if (!json.is_object()) return std::nullopt;
    const auto number = json.find("n"), kind = json.find("kind");
    if (number == json.end() || !number->is_number_unsigned() || kind == json.end() || !kind->is_string())
        return std::nullopt;
    EntryFacts facts{number->get<std::uint64_t>(), std::nullopt};
    if (*kind == "unfinished") {
        const auto size = json.find("size"), sum = json.find("sha256");
        if (size == json.end() || !size->is_number_unsigned() || sum == json.end() || !sum->is_string())
            return std::nullopt;
        facts.unfinished = Unfinished{size->get<std::uint64_t>(), sum->get<std::string>()};
    }
    return facts;
}

}  // namespace mullion::secrets
