// A text with %{names} in it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mullion::checks {

class Template {
public:
    using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

    Template() = default;
    // Every text is one: what is no %{name} stays as it is.
    explicit Template(std::string_view text);

    // What a host says is put on one line and without "|", behind which metrics begin. A name that is not
    // known is nothing.
    [[nodiscard]] std::string fill(const Lookup& lookup) const;
    [[nodiscard]] std::vector<std::string> names() const;
    [[nodiscard]] bool empty() const { return parts_.empty(); }

private:
    struct Part {
        bool name;
        std::string text;
    };
    std::vector<Part> parts_;
};

// A text of a host's, fit to stand in a line that programs read.
[[nodiscard]] std::string fit(std::string_view said);

}  // namespace mullion::checks
