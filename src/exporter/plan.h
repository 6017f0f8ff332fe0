// What is asked of a host for a set of collectors: one question a class, however many want it, since each
// costs the host a query and both sides a round trip.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exporter/collector.h"

namespace mullion::exporter {

struct Question {
    checks::Query query;
    std::string_view class_name;
    Source::Known known = Source::Known::everywhere;
};

class Plan {
public:
    // In the order of the collectors; one that is named twice counts once.
    explicit Plan(std::span<const Collector* const> collectors);

    [[nodiscard]] const std::vector<Question>& questions() const { return questions_; }
    [[nodiscard]] std::size_t collectors() const { return parts_.size(); }
    [[nodiscard]] const Collector& collector(std::size_t at) const { return *parts_.at(at).collector; }
    // Of the collector's sources, in their order: the number of the question.
    [[nodiscard]] const std::vector<std::size_t>& questions_of(std::size_t collector) const {
        return parts_.at(collector).questions;
    }

private:
    struct Part {
        const Collector* collector;
        std::vector<std::size_t> questions;
    };
    std::vector<Part> parts_;
    std::vector<Question> questions_;
};

// What became of one collector.
struct Told {
    const Collector* collector = nullptr;
    bool success = false;
    bool timed_out = false;
    Duration took{0};        // Of its questions together.
    std::size_t rows = 0;    // That it was given.
    Problems problems = {};  // Beside the error, or without one: then they are why it has no success.
    std::optional<Error> error = {};
};

// Reads the answers that one collector is made of. `answers` are in the order of the plan's questions;
// nothing stands for one that was not asked any more, because the time was over.
[[nodiscard]] Told read_collector(const Plan& plan, std::size_t collector,
                                  std::span<const std::optional<checks::Answer>> answers,
                                  const Filters& filters, Page& page);

}  // namespace mullion::exporter
