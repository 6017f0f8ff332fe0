#include "aws/http.h"

#include <algorithm>

namespace mullion::aws {

HttpRequest HttpRequest::clone() const {
    HttpRequest copy{endpoint,     method,          target,  headers,     {},
                     body.clone(), connect_timeout, timeout, most_answer, direct};
    for (const auto& [name, value] : secret_headers) copy.secret_headers.push_back({name, value.clone()});
    return copy;
}

std::optional<std::string_view> HttpAnswer::header(std::string_view lower_name) const {
    const auto found = std::find_if(headers.begin(), headers.end(),
                                    [&](const Header& one) { return one.name == lower_name; });
    if (found == headers.end()) return std::nullopt;
    return found->value;
}

}  // namespace mullion::aws
