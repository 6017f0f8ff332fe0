#include "cli/closing.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/printable.h"
#include "cli/report_text.h"

namespace mullion::cli {
namespace {

constexpr std::size_t most_not_started = 10;

}  // namespace

bool Closing::add(const std::string& host, const Error& error) {
    if (error.id == ErrorId::run_not_started) {
        if (not_started_.size() < most_not_started) not_started_.push_back(host);
        return false;
    }
    const auto same = [&](const Kind& kind) { return kind.first.id == error.id; };
    auto found = std::find_if(kinds_.begin(), kinds_.end(), same);
    if (found == kinds_.end()) found = kinds_.insert(found, Kind{error, 0});
    ++found->hosts;
    return true;
}

std::string Closing::text(const Tally& tally, Duration duration) const {
    std::string text;
    for (const auto& [error, hosts] : kinds_) {
        const auto lines = causes_and_advice(error);
        if (lines.empty()) continue;
        text += fmt::format("[{}] of {} host{}: {}\n{}", error.info().id, hosts, hosts == 1 ? "" : "s",
                            error.info().text, lines);
    }
    if (!not_started_.empty()) {
        const auto more = tally.count(Status::not_started) - not_started_.size();
        text +=
            fmt::format("not started: {}{}\n", printable(fmt::format("{}", fmt::join(not_started_, ", "))),
                        more == 0 ? "" : fmt::format(" and {} more", more));
    }
    return text + fmt::format("{} hosts: {} in {}\n", tally.total(), tally.text(), seconds(duration));
}

}  // namespace mullion::cli
