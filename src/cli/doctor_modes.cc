// What is missing for which mode of `mullion check`: a table for people.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <vector>

#include "cli/doctor_report.h"
#include "cli/printable.h"

namespace mullion::cli {
namespace {

using doctor::ModeRow;
using doctor::Works;

struct Line {
    std::string mode, works, grant, how;
};

std::string identity_of(const doctor::Lack& lack) {
    std::string text;
    for (const auto& cause : lack.causes) text += cause.grant + "\n";
    return text;
}

class Table {
public:
    void add(const ModeRow& row) {
        const auto first = lines_.size();
        for (const auto& lack : row.lacks) add(lack, row.mode);
        // Without a right that would explain it, what was seen says most.
        const bool explained = std::any_of(row.lacks.begin(), row.lacks.end(),
                                           [](const auto& lack) { return !lack.causes.empty(); });
        if (!explained)
            lines_.push_back(
                {"", "", row.works == Works::yes ? "" : "none is known that explains it", row.seen});
        lines_[first].mode = row.mode;
        lines_[first].works = to_string(row.works);
    }

    [[nodiscard]] std::string text() const {
        std::size_t mode = 0, grant = 0;
        for (const auto& line : lines_) {
            mode = std::max(mode, line.mode.size());
            grant = std::max(grant, line.grant.size());
        }
        std::string text;
        for (const auto& line : lines_) {
            auto one = fmt::format("  {:<{}}  {:<7}  {:<{}}  {}", line.mode, mode, line.works, line.grant,
                                   grant, printable(line.how));
            text += one.substr(0, one.find_last_not_of(' ') + 1) + "\n";
        }
        return text;
    }

private:
    void add(const doctor::Lack& lack, const std::string& mode) {
        const auto [known, is_new] = told_.emplace(identity_of(lack), mode);
        bool first = true;
        for (const auto& cause : lack.causes) {
            const auto grant = (first ? "" : "or ") + cause.grant;
            first = false;
            if (!is_new) {
                lines_.push_back({"", "", grant, "as for " + known->second});
                continue;
            }
            lines_.push_back({"", "", grant, cause.how.empty() ? std::string() : cause.how.front()});
            for (std::size_t at = 1; at < cause.how.size(); ++at)
                lines_.push_back({"", "", "", cause.how[at]});
        }
    }

    std::vector<Line> lines_{{"mode", "works", "missing grant", "how to give it, on the host"}};
    std::map<std::string, std::string> told_;  // For which mode it was told first.
};

}  // namespace

std::string modes_text(const std::vector<ModeRow>& modes) {
    if (modes.empty()) return {};
    Table table;
    for (const auto& row : modes) table.add(row);
    return table.text();
}

}  // namespace mullion::cli
