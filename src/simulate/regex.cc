#include "simulate/regex.h"

#include <boost/regex.hpp>

#include <stdexcept>

namespace mullion::simulate {

struct Regex::State {
    boost::regex expression;
};

Result<Regex> Regex::make(const std::string& pattern) {
    try {
        State state{boost::regex(pattern, boost::regex::perl | boost::regex::icase)};
        return Regex(std::make_shared<const State>(std::move(state)));
    } catch (const std::runtime_error& problem) {
        return Error{ErrorId::fleet_file_invalid, problem.what()};
    }
}

std::optional<std::vector<std::string>> Regex::search(std::string_view text) const {
    boost::cmatch found;
    try {
        if (!boost::regex_search(text.data(), text.data() + text.size(), found, state_->expression))
            return std::nullopt;
    } catch (const std::runtime_error&) {  // Boost gives up where an expression backtracks without end.
        return std::nullopt;
    }
    std::vector<std::string> groups;
    for (const auto& group : found) groups.push_back(group.str());
    return groups;
}

}  // namespace mullion::simulate
