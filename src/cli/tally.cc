#include "cli/tally.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "cli/exit_status.h"

namespace mullion::cli {
namespace {

using enum Status;
constexpr std::array all_statuses{ok, failed, unreachable, refused, timed_out, unknown, skipped, not_started};

}  // namespace

void Tally::add(Status status, const std::optional<Error>& error) {
    ++counts_[static_cast<std::size_t>(status)];
    if (status == skipped) return;
    const int wanted = error          ? error->info().exit_code
                       : status == ok ? exit_status::ok
                                      : exit_status::command_failed;
    if (wanted == exit_status::usage) {
        usage_ = true;
        return;
    }
    spoken_to_ = true;
    if (wanted == exit_status::interrupted) interrupted_ = true;
    if (wanted == exit_status::command_failed) command_failed_ = true;
    if (wanted == exit_status::host_failed) host_failed_ = true;
}

std::size_t Tally::total() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::size_t{0});
}

std::string Tally::text() const {
    std::string text;
    for (const auto status : all_statuses) {
        if (count(status) == 0) continue;
        std::string name(to_string(status));
        std::replace(name.begin(), name.end(), '_', ' ');
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count(status), name);
    }
    return text;
}

std::string Tally::json() const {
    auto json = fmt::format(R"({{"total":{})", total());
    for (const auto status : all_statuses)
        json += fmt::format(R"(,"{}":{})", to_string(status), count(status));
    return json + "}";
}

int Tally::exit_status() const {
    if (interrupted_) return exit_status::interrupted;
    if (usage_ && !spoken_to_) return exit_status::usage;
    // The two are bits: a script sees both.
    return (command_failed_ ? exit_status::command_failed : 0) |
           (host_failed_ || usage_ ? exit_status::host_failed : 0);
}

std::string progress_line(std::size_t hosts, std::size_t running, const Tally& tally) {
    const auto good = tally.count(Status::ok) + tally.count(Status::skipped);
    return fmt::format("{}/{} done, {} running, {} failed", tally.total(), hosts, running,
                       tally.total() - good);
}

}  // namespace mullion::cli
