#include "prepare/report.h"

#include <charconv>

#include "encoding/utf16.h"

namespace mullion::prepare {
namespace {

constexpr std::size_t longest_id = 64;

std::string_view take_field(std::string_view& rest) {
    const auto tab = rest.find('\t');
    const auto field = rest.substr(0, tab);
    rest.remove_prefix(tab == std::string_view::npos ? rest.size() : tab + 1);
    return field;
}

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= longest_id &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

std::optional<StepState> state_of(std::string_view word) {
    for (const auto state : {StepState::ok, StepState::changed, StepState::failed, StepState::skipped})
        if (to_string(state) == word) return state;
    return std::nullopt;
}

}  // namespace

std::string_view to_string(StepState state) {
    switch (state) {
        case StepState::ok:
            return "ok";
        case StepState::changed:
            return "changed";
        case StepState::failed:
            return "failed";
        case StepState::skipped:
            return "skipped";
    }
    return "";
}

std::vector<StepReport> ReportReader::read_piece(std::string_view bytes) {
    std::vector<StepReport> fresh;
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        const auto piece = bytes.substr(0, end);
        if (held_.size() + piece.size() > limits_.line) too_long_ = true;
        if (!too_long_) held_ += piece;
        if (end == std::string_view::npos) break;
        bytes.remove_prefix(end + 1);
        if (!too_long_) take_line(held_, fresh);
        held_.clear();
        too_long_ = false;
    }
    return fresh;
}

// Nothing counts before "mullion-prepare" and after "mullion-end".
void ReportReader::take_line(std::string_view line, std::vector<StepReport>& fresh) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (report_.code) return;
    const auto kind = take_field(line);
    if (kind == "mullion-prepare" && report_.mode.empty() && take_field(line) == "1") {
        report_.journal = encoding::to_valid_utf8(take_field(line));
        report_.mode = encoding::to_valid_utf8(take_field(line));
        return;
    }
    if (report_.mode.empty()) return;
    if (kind == "mullion-step") take_step(line, fresh);
    if (kind == "mullion-error" && report_.error.empty()) report_.error = encoding::to_valid_utf8(line);
    if (kind != "mullion-end") return;
    std::uint32_t code = 0;
    const auto* const end = line.data() + line.size();
    const auto [at, problem] = std::from_chars(line.data(), end, code);
    if (problem == std::errc() && at == end) report_.code = code;
}

void ReportReader::take_step(std::string_view fields, std::vector<StepReport>& fresh) {
    const auto id = take_field(fields);
    const auto state = state_of(take_field(fields));
    if (!is_id(id) || !state || report_.steps.size() == limits_.steps) return;
    report_.steps.push_back({std::string(id), *state, encoding::to_valid_utf8(fields)});
    fresh.push_back(report_.steps.back());
}

}  // namespace mullion::prepare
