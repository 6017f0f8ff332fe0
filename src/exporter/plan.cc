#include "exporter/plan.h"

#include <fmt/core.h>

#include <algorithm>

#include "wql/fold.h"

namespace mullion::exporter {
namespace {

// A question while it is made.
struct Draft {
    const Source* source;
    std::vector<std::string_view> properties;

    [[nodiscard]] bool fits(const Source& other) const {
        return source->class_name == other.class_name && source->cim_namespace == other.cim_namespace &&
               source->known == other.known;
    }
    void want(std::span<const std::string_view> more) {
        for (const auto property : more)
            if (std::none_of(properties.begin(), properties.end(),
                             [&](auto has) { return wql::same_name(has, property); }))
                properties.push_back(property);
    }
};

std::size_t place_for(std::vector<Draft>& drafts, const Source& source) {
    auto found =
        std::find_if(drafts.begin(), drafts.end(), [&](const auto& one) { return one.fits(source); });
    if (found == drafts.end()) found = drafts.insert(drafts.end(), {&source, {}});
    found->want(source.properties);
    return static_cast<std::size_t>(found - drafts.begin());
}

std::string select(const Draft& draft) {
    std::string wql = "SELECT ";
    for (std::size_t at = 0; at < draft.properties.size(); ++at) {
        if (at != 0) wql += ", ";
        wql += draft.properties[at];
    }
    return fmt::format("{} FROM {}", wql, draft.source->class_name);
}

bool is_timeout(ErrorId id) {
    return id == ErrorId::run_timeout || id == ErrorId::net_timeout || id == ErrorId::net_read_timeout ||
           id == ErrorId::wsman_timeout;
}

// A host that does not know a class, a property or a namespace says so by a fault. One that denies access has
// an error of its own, and that is told in any case.
bool is_no_failure(const Source& source, const Error& error) {
    return source.known == Source::Known::somewhere && error.id == ErrorId::wsman_fault;
}

// The first error of a collector is the one that is told; the others are mostly the same.
void fail(Told& told, Error error) {
    told.timed_out = told.timed_out || is_timeout(error.id);
    if (!told.error) told.error = std::move(error);
}

const checks::Rows* rows_of(const Source& source, const std::optional<checks::Answer>& answer, Told& told) {
    if (!answer) {
        fail(told, Error(ErrorId::run_timeout,
                         fmt::format("the time was over before {} was asked for", source.class_name)));
        return nullptr;
    }
    told.took += answer->took;
    if (const auto* error = answer->error()) {
        if (!is_no_failure(source, *error)) fail(told, *error);
        return nullptr;
    }
    const auto* rows = std::get_if<checks::Rows>(&answer->of);
    if (rows == nullptr) {
        fail(told, Error(ErrorId::internal_failure, "an answer that is no rows"));
        return nullptr;
    }
    told.rows += rows->size();
    if (rows->empty() && source.rows == Source::Rows::always)
        told.problems.add(
            fmt::format("{} has no rows, which every host has: the account may lack a right (for counters it "
                        "has to be in "
                        "Performance Monitor Users, for services it is on the service manager), or the "
                        "counters are broken "
                        "(lodctr /R)",
                        source.class_name));
    return rows;
}

}  // namespace

Plan::Plan(std::span<const Collector* const> collectors) {
    std::vector<Draft> drafts;
    for (const auto* collector : collectors) {
        if (std::any_of(parts_.begin(), parts_.end(),
                        [&](const Part& part) { return part.collector == collector; }))
            continue;
        Part part{collector, {}};
        for (const auto& source : collector->sources) part.questions.push_back(place_for(drafts, source));
        parts_.push_back(std::move(part));
    }
    for (const auto& draft : drafts)
        questions_.push_back({{select(draft), std::string(draft.source->cim_namespace)},
                              draft.source->class_name,
                              draft.source->known});
}

Told read_collector(const Plan& plan, std::size_t collector,
                    std::span<const std::optional<checks::Answer>> answers, const Filters& filters,
                    Page& page) {
    Told told;
    told.collector = &plan.collector(collector);
    const auto& questions = plan.questions_of(collector);
    std::vector<Given::Table> tables;
    for (std::size_t at = 0; at < questions.size(); ++at) {
        const auto& source = told.collector->sources[at];
        tables.push_back({&source, rows_of(source, answers[questions[at]], told)});
    }
    told.collector->read(Given(std::move(tables), filters, told.problems), page);
    told.success = !told.error && told.problems.count() == 0;
    return told;
}

}  // namespace mullion::exporter
