// What a scrape of one host comes to: the collectors' metrics, and those about the scrape itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/plan.h"

namespace mullion::exporter {

struct Scrape {
    std::vector<std::optional<checks::Answer>> answers;  // In the order of the plan's questions.
    Duration took{0};
    std::optional<Duration> limit = {};  // How long it might have taken.
};

struct ScrapeResult {
    std::string text;         // For Prometheus.
    std::vector<Told> told;   // For debug=true and the log.
    bool up = false;          // The host answered at least one question.
    bool success = false;     // All collectors have.
    std::size_t dropped = 0;  // Series that came twice, or were too many.
};

// `filters` are one for each of the plan's collectors.
[[nodiscard]] ScrapeResult read_scrape(const Plan& plan, const Scrape& scrape,
                                       std::span<const Filters* const> filters,
                                       const PageLimits& limits = {});

// Of the scrape itself, for documents and tests.
[[nodiscard]] std::span<const Family* const> scrape_families();

// The reason of a failure as a label: the id of an error, "rows" where answers made no sense; empty: none.
[[nodiscard]] std::string_view reason_of(const Told& told);

}  // namespace mullion::exporter
