// A state file's name and its content.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

#include "checks/state_file.h"
#include "crypto/hash.h"
#include "encoding/hex.h"

namespace mullion::checks {
namespace {

constexpr int version = 1;
constexpr std::size_t most_values = 200'000;
constexpr std::size_t longest_value = 64 * 1024;
constexpr std::size_t longest_host = 80;  // In a name, which may have 255 bytes.

// All of it, in a form in which no two are the same.
std::string identity(const Series& series) {
    std::string text;
    for (const auto& part :
         {series.mode, series.host, fmt::format("{}", series.port), series.rest, series.suffix})
        text += fmt::format("{}:{},", part.size(), part);
    return text;
}

std::string fit_for_a_name(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, longest_host)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '.' || c == '-';
        out += plain ? c : '-';
    }
    return out;
}

Error broken(std::string_view why) {
    return {ErrorId::usage_file, std::string(why)};
}

Result<std::uint64_t> number(const nlohmann::json& text) {
    std::uint64_t value = 0;
    if (!text.is_string()) return broken("'boot' is no number");
    const auto& digits = text.get_ref<const std::string&>();
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (problem != std::errc() || end != digits.data() + digits.size()) return broken("'boot' is no number");
    return value;
}

Result<void> read_values(const nlohmann::json& values, Sample& sample) {
    if (!values.is_object()) return broken("'values' is missing");
    if (values.size() > most_values) return broken("it has too many values");
    for (const auto& [key, value] : values.items()) {
        if (!value.is_string()) return broken("a value is no text");
        const auto& text = value.get_ref<const std::string&>();
        if (text.size() > longest_value || key.size() > longest_value) return broken("a value is too long");
        sample.values.emplace_hint(sample.values.end(), key, text);
    }
    return {};
}

}  // namespace

std::string state_file_name(const Series& series) {
    const auto hash = crypto::sha256(identity(series));
    return fmt::format("{}_{}_{}_{}.json", fit_for_a_name(series.mode), fit_for_a_name(series.host),
                       series.port, encoding::to_hex(hash).substr(0, 16));
}

Result<Sample> parse_state(std::string_view text, const Series& series) {
    // The line's end is written last: without it the file was cut.
    if (!text.ends_with("}\n")) return broken("it was cut off");
    const auto document = nlohmann::json::parse(text, nullptr, false);
    if (!document.is_object()) return broken("it is no state of a check");
    if (const auto said = document.find("mullion-check"); said == document.end() || *said != version)
        return broken("it is of another program or version");
    if (const auto said = document.find("series"); said == document.end() || *said != identity(series))
        return broken("it is of another host or check");
    Sample sample;
    const auto at = document.find("at");
    if (at == document.end() || !at->is_number_integer()) return broken("'at' is missing");
    sample.at = at->get<std::int64_t>();
    if (const auto boot = document.find("boot"); boot != document.end()) {
        MULLION_ASSIGN(sample.boot, number(*boot));
    }
    const auto values = document.find("values");
    if (values == document.end()) return broken("'values' is missing");
    MULLION_TRY(read_values(*values, sample));
    return sample;
}

std::string print_state(const Sample& sample, const Series& series) {
    nlohmann::ordered_json document{
        {"mullion-check", version}, {"series", identity(series)}, {"at", sample.at}};
    if (sample.boot) document["boot"] = fmt::format("{}", *sample.boot);
    document["values"] = nlohmann::ordered_json::object();
    auto& values = document["values"].get_ref<nlohmann::ordered_json::object_t&>();
    values.reserve(sample.values.size());
    for (const auto& [key, value] : sample.values) values.emplace_back(key, value);
    // Names of a host are its own bytes; what is no UTF-8 is kept as a replacement.
    return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace mullion::checks
