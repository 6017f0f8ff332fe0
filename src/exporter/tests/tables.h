// Answers for tests: rows of text, as the wire has them.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/ask.h"
#include "exporter/plan.h"
#include "exporter/scrape.h"

namespace mullion::exporter::tests {

// Without anything to destroy: g++ takes minutes for long lists of what has.
struct Cell {
    const char* name;
    const char* text;  // Null: null.
};

inline wsman::cim::Instance row(std::initializer_list<Cell> cells) {
    wsman::cim::Instance instance;
    for (const auto& [name, text] : cells) {
        wsman::cim::Value value;
        if (text != nullptr) {
            value.form = wsman::cim::Form::text;
            value.text = text;
        }
        instance.set(name, std::move(value));
    }
    return instance;
}

inline checks::Answer answer(checks::Rows rows) {
    checks::Answer made;
    made.of = std::move(rows);
    made.took = Duration(250);
    return made;
}
inline checks::Answer answer(Error error) {
    checks::Answer made;
    made.of = std::move(error);
    return made;
}

using Answers = std::vector<std::pair<std::string, checks::Answer>>;  // By class.

// What one collector makes of these; a question without one of them was not asked any more.
inline ScrapeResult scrape(std::vector<const Collector*> wanted, const Answers& answers,
                           const Filters& filters = {}, const PageLimits& limits = {}) {
    const Plan plan(wanted);
    Scrape scrape;
    for (const auto& question : plan.questions()) {
        auto& place = scrape.answers.emplace_back();
        for (const auto& [of_class, given] : answers)
            if (of_class == question.class_name && !place) place = given;
    }
    scrape.took = Duration(1'500);
    return read_scrape(plan, scrape, std::vector<const Filters*>(plan.collectors(), &filters), limits);
}

}  // namespace mullion::exporter::tests
